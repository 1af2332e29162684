"""The aggregated model in a certificate: small systems whose solution is the printed total, stages and blocks.

Everything in it is a printed figure, or a cell of stage by block that passes the rule of `footprints.protection` by itself; the
reasons are in docs/decisions, 0010 and 0026. Figures are decimal strings, so that whoever solves it gets them digit for digit.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import rfc8785

from lca_models.emissions import GwpSet
from lca_models.factor_sets import LifeCycleSet
from lca_models.inventory import Factor
from lca_models.methods.gwp import characterization
from lca_models.model import Model
from service.certificates.controlled_rounding import round_table
from service.footprints import protection
from service.footprints.models import FootprintRecord
from service.footprints.ownership import parts_of
from service.footprints.protection import Part

SCHEMA: Final = "urn:anodeprint:bundle:1"
PRODUCT: Final = "product"
ALL_INPUTS: Final = "all_inputs"
ROUNDING: Final = "rounding_difference"
"""Flow of the product itself: what the total has more than its parts, which are rounded one digit earlier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _System:
    """A life-cycle model of one kilogram of product.

    Attributes
    ----------
    activities, flows
        With the keys of the printed groups that they stand for. The product is the last activity, the rounding the last flow.
    chained
        Whether each activity supplies the next one, as stages do, or all supply the product, as blocks of inputs do.
    interventions
        kg CO2e by flow and activity, per kilogram of product.

    """

    activities: Sequence[Mapping[str, Any]]
    flows: Sequence[Mapping[str, Any]]
    chained: bool
    interventions: Sequence[Sequence[Decimal]]

    def as_json(self) -> dict[str, Any]:
        count = len(self.activities)
        return {
            "activities": list(self.activities),
            "flows": list(self.flows),
            "technosphere": [[_link(row, column, count, chained=self.chained) for column in range(count)] for row in range(count)],
            "interventions": [[str(amount) for amount in row] for row in self.interventions],
            "characterization": ["1"] * len(self.flows),
            "demand": ["0"] * (count - 1) + ["1"],
        }


def build_bundle(record: FootprintRecord, model: Model, *, snapshot: Mapping[str, Any]) -> dict[str, Any]:
    """Return the aggregated model of a certificate.

    Parameters
    ----------
    model
        The version that the record rests on.
    snapshot
        The content of the certificate: the groups it prints are the activities and flows of the systems.

    Returns
    -------
    Systems `A s = f` with impact `c · B s`. One system has stages as activities and blocks as flows, where each of its cells
    is protected; else stages and blocks have a system each, without their cells.

    """
    stages, blocks = snapshot["stages"], snapshot["blocks"]
    total = Decimal(snapshot["result"]["total"])
    step = protection.rounding_step(record.total_kg_co2e_per_kg)
    cells = _cells(parts_of(record, model), stages, blocks, step=step)
    return {
        "schema": SCHEMA,
        "certificate": {
            "number": snapshot["certificate"]["number"],
            "public_id": snapshot["certificate"]["public_id"],
            "snapshot_sha256": hashlib.sha256(rfc8785.dumps(dict(snapshot))).hexdigest(),
        },
        "unit": "kg CO2e",
        "demand": {"amount": "1", "unit": "kg"},
        "rounding": {"total": str(step / 10), "parts": str(step), "printed": str(step), "rule": "half-even"},
        "systems": [one.as_json() for one in _systems(stages, blocks, cells, total=total, step=step)],
        "model": _model(record, model),
    }


def _link(row: int, column: int, count: int, *, chained: bool) -> str:
    """Return what activity `column` makes (1) or needs (-1) of product `row`."""
    if row == column:
        return "1"
    takes = column == row + 1 if chained else column == count - 1 and row < column
    return "-1" if takes else "0"


def _systems(
    stages: Sequence[Mapping[str, Any]],
    blocks: Sequence[Mapping[str, Any]],
    cells: Sequence[Sequence[Decimal]] | None,
    *,
    total: Decimal,
    step: Decimal,
) -> list[_System]:
    if cells is None:
        return [_one_flow(groups, chained=groups is stages, total=total, step=step) for groups in (stages, blocks)]
    rounding = total - sum(map(_kg, stages), Decimal())
    by_flow = [*([*column, Decimal()] for column in zip(*cells, strict=True)), [Decimal()] * len(stages) + [rounding]]
    return [_System(activities=_activities("stages", stages), flows=_flows(blocks), chained=True, interventions=by_flow)]


def _one_flow(groups: Sequence[Mapping[str, Any]], *, chained: bool, total: Decimal, step: Decimal) -> _System:
    """Return a system whose activities have one intervention each; without printed groups the product has all of it."""
    values = [*map(_kg, groups), Decimal() if groups else (total / step).to_integral_value() * step]
    difference = [Decimal()] * len(groups) + [total - sum(values)]
    return _System(
        activities=_activities("stages" if chained else "blocks", groups),
        flows=[{"id": ALL_INPUTS, "split": None, "keys": []}, {"id": ROUNDING, "split": None, "keys": []}],
        chained=chained,
        interventions=[values, difference],
    )


def _kg(group: Mapping[str, Any]) -> Decimal:
    return Decimal(group["kg_co2e"])


def _activities(split: str, groups: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [*(_named(split, group) for group in groups), {"id": PRODUCT, "split": None, "keys": []}]


def _flows(blocks: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    return [*(_named("blocks", group) for group in blocks), {"id": ROUNDING, "split": None, "keys": []}]


def _named(split: str, group: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"id": "+".join(group["keys"]), "split": split, "keys": list(group["keys"])}


def _cells(
    parts: Sequence[Part], stages: Sequence[Mapping[str, Any]], blocks: Sequence[Mapping[str, Any]], *, step: Decimal
) -> list[list[Decimal]] | None:
    """Return kg CO2e by stage and block, with the printed sums; None where a cell would give a supplier's input away."""
    table = [
        [[part for part in parts if part.stage in stage["keys"] and part.block in block["keys"]] for block in blocks]
        for stage in stages
    ]
    if not stages or not blocks or not all(protection.is_protected(cell, step=float(step)) for row in table for cell in row):
        return None
    return round_table(
        [[sum(map(protection.by_kg, cell)) if cell else None for cell in row] for row in table],
        rows=[_kg(stage) for stage in stages],
        columns=[_kg(block) for block in blocks],
        step=step,
    )


def _model(record: FootprintRecord, model: Model) -> dict[str, Any]:
    gwp = GwpSet(record.result["gwp"])
    sets = {key: model.electricity.sets[key] for key in sorted(model.electricity.in_force.values())}
    return {
        "version": record.model_version,
        "content_sha256": record.result["content_hash"],
        "life_cycle_factors_sha256": _hash_of(_values(model.factors.life_cycle)),
        "electricity_factor_sets": [
            {"set": key, "sha256": _hash_of(_values({":".join(place): factor for place, factor in one.factors.items()}))}
            for key, one in sets.items()
            if isinstance(one, LifeCycleSet)
        ],
        "gwp_set": gwp.value,
        "gwp_sha256": _hash_of(dict(characterization(model, gwp))),
    }


def _values(factors: Mapping[str, Factor]) -> dict[str, Any]:
    return {flow: [factor.value, factor.unit] for flow, factor in factors.items()}


def _hash_of(content: Any) -> str:  # noqa: ANN401 - JSON
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()
