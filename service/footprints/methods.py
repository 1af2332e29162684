"""The method choices behind a record: what was decided, what the alternatives give, what is left out, how good the data are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from lca_models.batch import Case, calculate_cases
from lca_models.calculation import Footprint
from lca_models.electricity import EXPLICIT, NATIONAL
from lca_models.emissions import GwpSet
from lca_models.errors import ModelError, Notice
from lca_models.guard import find_obstacles, memory_shares
from lca_models.linking import UNSPLIT
from lca_models.mass import MassBalance, balance_masses
from lca_models.methods.biogenic import CarbonContent, TwoResults, carbon_content, two_results
from lca_models.methods.decisions import RecordedDecision, recorded_decisions
from lca_models.methods.exemption import LIMIT, exempted_share
from lca_models.model import Model
from service.exemptions.queries import LedgerEntry, ledger
from service.footprints.models import FootprintRecord
from service.footprints.rechecking import rebuild
from service.modelling.queries import model_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """The record's result under one other choice.

    Attributes
    ----------
    topic
        Key of an allocation case, or ``gwp``.
    choice
        Word of the choice, name of an alternative factor, or the set of GWP100.
    total_kg_co2e
        None where the choice can't be calculated with the record's parameters.

    """

    topic: str
    choice: str
    total_kg_co2e: float | None
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Methods:
    """Everything about method that a reviewer asks of one footprint.

    Attributes
    ----------
    unsplit_share
        Of the total: what another set of GWP100 can't change, because its gases are not known.
    exempted_share
        Of the total, by estimate; `exemption_limit` is the most there may be.
    memory_shares
        By factor parameter: share of the gross result that rests on factors from memory.
    obstacles
        What the guard has against a release.

    """

    total_kg_co2e: float
    decisions: tuple[RecordedDecision, ...]
    alternatives: tuple[Alternative, ...]
    two_results: TwoResults
    carbon_content: CarbonContent
    aircraft_kg_co2e: float
    unsplit_share: float
    carbon_closure: float | None
    mass_balances: tuple[MassBalance, ...]
    ledger: tuple[LedgerEntry, ...]
    exempted_share: float
    exemption_limit: float
    data_quality: Mapping[str, Any]
    memory_shares: Mapping[str, float]
    obstacles: tuple[Notice, ...]


def methods_of(session: Session, record: FootprintRecord) -> Methods:
    """Return the methods of a record; everything but its data quality is calculated anew, on its own model version."""
    model = model_of(session, record.result["content_hash"])
    footprint = rebuild(session, record, check=True)
    entries = ledger(session, model)
    exemptions = [entry.exemption for entry in entries]
    content = carbon_content(model, footprint)
    decisions = recorded_decisions(model.allocation_cases, model.definitions, footprint.parameters)
    total = footprint.total_kg_co2e
    return Methods(
        total_kg_co2e=total,
        decisions=decisions,
        alternatives=(*_allocations(model, footprint, decisions), *_gwp_sets(model, footprint)),
        two_results=two_results(footprint, content),
        carbon_content=content,
        aircraft_kg_co2e=footprint.split_kg_co2e.aircraft,
        unsplit_share=footprint.by_gas_kg_co2e.get(UNSPLIT, 0.0) / total if total else 0.0,
        carbon_closure=footprint.carbon_balance.closure,
        mass_balances=balance_masses(footprint.batch, model.composition),
        ledger=entries,
        exempted_share=exempted_share(exemptions, total_kg_co2e=total),
        exemption_limit=LIMIT,
        data_quality=record.result["data_quality"],
        memory_shares=memory_shares(model, footprint),
        obstacles=find_obstacles(model, footprint, exemptions=exemptions),
    )


def _allocations(model: Model, footprint: Footprint, decisions: Sequence[RecordedDecision]) -> Iterable[Alternative]:
    """Return what each choice of each case gives; a factor that a supplier gave has no alternatives of the model's."""
    base = _base(footprint)
    wanted = [(one, choice) for one in decisions for choice in _choices(one, footprint)]
    cases = [_case(model, base, one.case.parameter, choice) for one, choice in wanted]
    for (one, choice), total in zip(wanted, _totals(model, cases), strict=True):
        yield Alternative(topic=one.case.case, choice=choice, total_kg_co2e=total, is_chosen=_is_chosen(one, choice))


def _is_chosen(decision: RecordedDecision, choice: str) -> bool:
    """Tell whether the record follows a choice; an empty one stands for the model's default factor."""
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
    """Return the total of each case; of one that contradicts the record's parameters, nothing."""
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
        yield Alternative(topic="gwp", choice=gwp.value, total_kg_co2e=total, is_chosen=gwp is footprint.gwp)


def _base(footprint: Footprint) -> Case:
    view = footprint.electricity_view.key
    return Case(
        parameters={name: footprint.parameters[name] for name in footprint.given},
        electricity=NATIONAL if view == EXPLICIT else view,
    )
