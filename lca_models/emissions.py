"""Elementary flows to air: which have a climate effect, which gas they are and where ISO 14067 reports them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lca_models.inventory import check_sources
from lca_models.tables import Row, read_table


class Category(StrEnum):
    """Where an emission is reported (ISO 14067:2018, 6.4.9): all but fossil have lines of their own."""

    FOSSIL = "fossil"
    AIRCRAFT = "aircraft"
    BIOGENIC = "biogenic"
    BIOGENIC_UPTAKE = "biogenic_uptake"
    LAND_USE = "land_use"
    NONE = "none"


class GwpSet(StrEnum):
    """Assessment report of the IPCC whose GWP100 characterises the gases."""

    AR6 = "AR6"
    AR5 = "AR5"
    AR4 = "AR4"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionFlow:
    """One flow.

    Attributes
    ----------
    gwp100_by_set
        kg CO2e per kg; negative for uptake; empty where no climate effect is counted.

    """

    flow: str
    name_en: str
    name_zh: str
    gas: str
    category: Category
    gwp100_by_set: Mapping[GwpSet, float]

    @property
    def gwp100(self) -> float | None:
        """IPCC AR6; None where no climate effect is counted."""
        return self.gwp100_by_set.get(GwpSet.AR6)


_SETS: Final = {GwpSet.AR6: "gwp100", GwpSet.AR5: "gwp100_ar5", GwpSet.AR4: "gwp100_ar4"}
_COLUMNS: Final = ("flow", "name_en", "name_zh", "gas", "category", *_SETS.values(), "unit", "source", "note")


def read_emission_flows(content: bytes, *, file: str, sources: Iterable[str]) -> Mapping[str, EmissionFlow]:
    """Read the flows by name; a flow without climate effect has category none and no GWP, any other has all three sets."""
    known = frozenset(sources)
    rows = read_table(content, file=file, required=_COLUMNS, optional=())
    return {flow.flow: flow for flow in (_flow(row, known) for row in rows)}


def _flow(row: Row, sources: frozenset[str]) -> EmissionFlow:
    check_sources(row, sources)
    row.choice("unit", ("kgCO2e/kg",))
    category = Category(row.choice("category", [one.value for one in Category]))
    return EmissionFlow(
        flow=row.text("flow"),
        name_en=row.text("name_en"),
        name_zh=row.text("name_zh"),
        gas=row.text("gas"),
        category=category,
        gwp100_by_set={} if category is Category.NONE else {gwp: row.number(column) for gwp, column in _SETS.items()},
    )
