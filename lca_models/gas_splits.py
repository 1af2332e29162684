"""Gases inside the life-cycle factors of supplies, where their sources tell them apart."""

from collections.abc import Iterable, Mapping
from typing import Final

from lca_models.emissions import EmissionFlow
from lca_models.errors import N_
from lca_models.inventory import FactorTable, check_sources
from lca_models.tables import Row, read_table

_COLUMNS: Final = ("flow", "elementary_flow", "amount", "unit", "source", "note")
_FILE: Final = "background_splits.csv"
# Sources round factor and parts on their own.
_ROUNDING: Final = 0.005


def read_splits(
    content: bytes, *, factors: FactorTable, emission_flows: Mapping[str, EmissionFlow], sources: Iterable[str]
) -> Mapping[str, Mapping[str, float]]:
    """Return, by flow with a life-cycle factor, kg of each elementary flow per unit of the flow.

    The parts of a factor, weighted with GWP100 of IPCC AR6, may not exceed it; what they leave of it stays unsplit.
    """
    known = frozenset(sources)
    found: dict[str, dict[str, float]] = {}
    weighed: dict[str, float] = {}
    for row in read_table(content, file=_FILE, required=_COLUMNS, optional=()):
        check_sources(row, known)
        flow, gas = row.text("flow"), row.text("elementary_flow")
        limit = _factor(row, factors)
        gwp100 = _gwp100(row, emission_flows)
        found.setdefault(flow, {})[gas] = row.number("amount")
        weighed[flow] = weighed.get(flow, 0.0) + row.number("amount") * max(gwp100, 0.0)
        if weighed[flow] > limit * (1.0 + _ROUNDING):
            raise row.error(
                "amount",
                N_(
                    "%(file)s, line %(line)s: the gases of “%(flow)s” weigh %(weighed)s kg CO2e, more than its factor %(factor)s. "
                    "Correct the amounts."
                ),
                flow=flow,
                weighed=f"{weighed[flow]:g}",
                factor=f"{limit:g}",
            )
    return found


def _factor(row: Row, factors: FactorTable) -> float:
    factor = factors.life_cycle.get(row.text("flow"))
    if factor is None:
        raise row.error("flow", N_("%(file)s, line %(line)s: “%(value)s” has no life-cycle factor to split. Correct the flow."))
    row.choice("unit", (f"kg/{factor.unit}",))
    return factor.value


def _gwp100(row: Row, emission_flows: Mapping[str, EmissionFlow]) -> float:
    flow = emission_flows.get(row.text("elementary_flow"))
    if flow is None or flow.gwp100 is None:
        raise row.error(
            "elementary_flow",
            N_("%(file)s, line %(line)s: “%(value)s” is not an elementary flow with a GWP100. Use one of emission_flows.csv."),
        )
    return flow.gwp100
