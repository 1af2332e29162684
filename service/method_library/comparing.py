"""The same record under two method versions: totals, stages, and which choice makes which part of the difference."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session

from lca_models.calculation import Footprint
from lca_models.errors import ModelError
from lca_models.explanations.comparison import Grouping, Rule, Side, compare_footprints
from lca_models.model import Model
from service.errors import ConflictError
from service.footprints.models import FootprintRecord
from service.method_library.choices import footprint_by, reported_total
from service.method_library.models import AccountingMethod
from service.modelling.queries import model_of

UPTAKE: Final = "uptake"
"""Key of the step that biogenic uptake makes."""
ROUNDING: Final = 1e-12
"""kg CO2e per kg: a choice that makes less than this makes nothing."""


class MethodNotApplicableError(ConflictError):
    """A record can't be calculated by a method."""

    code = "method-not-applicable"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageDifference:
    """A life-cycle stage under both methods, kg CO2e per kg; uptake is left out of stages."""

    stage: str
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodComparison:
    """One record under two methods, kg CO2e per kg.

    Attributes
    ----------
    recorded
        Total of the record as it stands.
    steps
        By choice (parameter, `gwp`, `electricity_view` or `UPTAKE`): its part of the difference. They sum to it exactly.
    rule
        How joint effects are shared out.

    """

    record: FootprintRecord
    before: AccountingMethod
    after: AccountingMethod
    recorded: float
    before_total: float
    after_total: float
    stages: tuple[StageDifference, ...]
    steps: Mapping[str, float]
    rule: Rule

    @property
    def difference(self) -> float:
        """Second total less first."""
        return self.after_total - self.before_total


def compare_methods(
    session: Session, record: FootprintRecord, before: AccountingMethod, after: AccountingMethod
) -> MethodComparison:
    """Calculate a record under two methods, on the model version it rests on, and share the difference out among the choices.

    Raises
    ------
    MethodNotApplicableError
        If the record's parameters contradict a method's choice.

    """
    model = model_of(session, record.result["content_hash"])
    first, second = (_footprint(model, record, method) for method in (before, after))
    found = compare_footprints(Side(model=model, footprint=first), Side(model=model, footprint=second), grouping=Grouping.PARAMETER)
    before_total, after_total = reported_total(first, before), reported_total(second, after)
    uptake = (after_total - second.total_kg_co2e) - (before_total - first.total_kg_co2e)
    steps = {step.key: step.kg_co2e if abs(step.kg_co2e) > ROUNDING else 0.0 for step in found.steps}
    if abs(uptake) > ROUNDING:
        steps[UPTAKE] = uptake
    return MethodComparison(
        record=record,
        before=before,
        after=after,
        recorded=record.total_kg_co2e_per_kg,
        before_total=before_total,
        after_total=after_total,
        stages=_stages(first, second),
        steps=steps,
        rule=found.rule,
    )


def _footprint(model: Model, record: FootprintRecord, method: AccountingMethod) -> Footprint:
    result = record.result
    given = {name: result["parameters"][name] for name in result["given"]}
    try:
        return footprint_by(model, given, method, view=result["electricity_view"]["key"])
    except ModelError as error:
        raise MethodNotApplicableError(error.template, **error.values) from error


def _stages(first: Footprint, second: Footprint) -> tuple[StageDifference, ...]:
    return tuple(
        StageDifference(stage=stage, before=before, after=second.by_stage_kg_co2e[stage])
        for stage, before in first.by_stage_kg_co2e.items()
    )


def follows(session: Session, record: FootprintRecord, method: AccountingMethod) -> bool:
    """Tell whether a record is what a method gives, so that the method may be cited for it."""
    model = model_of(session, record.result["content_hash"])
    try:
        found = reported_total(_footprint(model, record, method), method)
    except MethodNotApplicableError:
        return False
    return record.result["gwp"] == method.gwp and math.isclose(found, record.total_kg_co2e_per_kg, rel_tol=1e-9)
