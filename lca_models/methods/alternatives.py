"""The same footprint under every other choice of method, beside each other."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from lca_models.batch import Case, calculate_cases
from lca_models.calculation import Footprint
from lca_models.electricity import EXPLICIT, NATIONAL
from lca_models.emissions import GwpSet
from lca_models.errors import ModelError
from lca_models.methods.decisions import RecordedDecision
from lca_models.model import Model

GWP: Final = "gwp"
"""Topic of the sets of GWP100."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A footprint under one other choice.

    Attributes
    ----------
    topic
        Key of an allocation case, or `GWP`.
    choice
        Word of the choice, name of an alternative factor (empty for the model's default), or the set of GWP100.
    total_kg_co2e
        None where the choice can't be calculated with the footprint's parameters.

    """

    topic: str
    choice: str
    total_kg_co2e: float | None
    is_chosen: bool


def alternatives_of(model: Model, footprint: Footprint, decisions: Sequence[RecordedDecision]) -> tuple[Alternative, ...]:
    """Return what each choice of each allocation and each set of GWP100 gives, the chosen ones included."""
    return (*_allocations(model, footprint, decisions), *_gwp_sets(model, footprint))


def _allocations(model: Model, footprint: Footprint, decisions: Sequence[RecordedDecision]) -> Iterable[Alternative]:
    """Return what each choice of each case gives; a factor that a supplier gave has no alternatives of the model's."""
    base = _base(footprint)
    wanted = [(one, choice) for one in decisions for choice in _choices(one, footprint)]
    cases = [_case(model, base, one.case.parameter, choice) for one, choice in wanted]
    for (one, choice), total in zip(wanted, _totals(model, cases), strict=True):
        yield Alternative(topic=one.case.case, choice=choice, total_kg_co2e=total, is_chosen=_is_chosen(one, choice))


def _is_chosen(decision: RecordedDecision, choice: str) -> bool:
    """Tell whether the footprint follows a choice; an empty one stands for the model's default factor."""
    return choice == decision.chosen if choice else decision.is_default


def _choices(decision: RecordedDecision, footprint: Footprint) -> tuple[str, ...]:
    parameter = decision.case.parameter
    if isinstance(footprint.parameters.get(parameter), str):
        return decision.choices
    is_given_by_others = parameter in footprint.given and not decision.chosen
    return ("", *decision.choices) if decision.choices and not is_given_by_others else ()


def _case(model: Model, base: Case, parameter: str, choice: str) -> Case:
    definition = model.parameter(parameter)
    value = choice if definition.choices else definition.alternatives[choice].value if choice else definition.default
    return Case(parameters={**base.parameters, parameter: value}, electricity=base.electricity)


def _totals(model: Model, cases: Sequence[Case]) -> list[float | None]:
    """Return the total of each case; of one that contradicts the footprint's parameters, nothing."""
    try:
        return list(calculate_cases(model, cases).total_kg_co2e.tolist())
    except ModelError:
        return [_total(model, case) for case in cases]


def _total(model: Model, case: Case) -> float | None:
    try:
        return float(calculate_cases(model, [case]).total_kg_co2e[0])
    except ModelError:
        return None


def _gwp_sets(model: Model, footprint: Footprint) -> Iterable[Alternative]:
    base = _base(footprint)
    for gwp in GwpSet:
        total = float(calculate_cases(model, [base], gwp=gwp).total_kg_co2e[0])
        yield Alternative(topic=GWP, choice=gwp.value, total_kg_co2e=total, is_chosen=gwp is footprint.gwp)


def _base(footprint: Footprint) -> Case:
    view = footprint.electricity_view.key
    return Case(
        parameters={name: footprint.parameters[name] for name in footprint.given},
        electricity=NATIONAL if view == EXPLICIT else view,
    )
