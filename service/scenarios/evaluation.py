"""Scenarios laid over a footprint or the model's default: from the library to one batch of cases."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from sqlmodel import Session

from lca_models.batch import Case, calculate_cases
from lca_models.errors import ModelError
from lca_models.model import Model
from lca_models.scenarios import Axis, Combination, Comparison, GridResult, combine, evaluate_grid
from service.backgrounds.queries import active_constants
from service.errors import N_, ConflictError, FieldError, InvalidInputError
from service.footprints.models import FootprintRecord
from service.footprints.operations import ModelRefusedError
from service.footprints.parameters import parameters_from
from service.footprints.queries import get_record
from service.modelling.queries import active_model
from service.products.queries import get_product, supplier_weights
from service.products.rules import InputShare, by_flow, normalised
from service.scenarios.queries import LibraryEntry
from service.submissions.queries import accepted_answers


class ScenarioBaseError(ConflictError):
    """A scenario needs another base than the one chosen."""

    code = "scenario-base"


@dataclass(frozen=True, slots=True, kw_only=True)
class Base:
    """What scenarios are laid over.

    Attributes
    ----------
    record
        The footprint whose parameters the case has; None for the model's default.

    """

    case: Case
    record: FootprintRecord | None = None


def base_of_record(session: Session, record_id: UUID) -> Base:
    """Return a footprint as a base: the parameters that were given to it, under its own electricity view.

    Everything is calculated with the model in use, also the base: scenarios change nothing but what they name.
    """
    record = get_record(session, record_id)
    given = {name: record.parameters[name] for name in record.result["given"]}
    return Base(case=Case(parameters=given, electricity=record.electricity_view), record=record)


def pick(library: Mapping[str, LibraryEntry], keys: Iterable[str], *, field: str) -> list[LibraryEntry]:
    """Return scenarios by key; one that is not there is an error of `field`."""
    wanted = list(keys)
    missing = [key for key in wanted if key not in library]
    if missing:
        error = FieldError(N_("There is no scenario “%(scenario)s”. Pick one from the list."), scenario=missing[0])
        raise InvalidInputError({field: error})
    return [library[key] for key in wanted]


def compare_over(session: Session, base: Base, combinations: Sequence[Sequence[LibraryEntry]]) -> Comparison:
    """Calculate the base and all combinations with the model in use, in one go.

    Raises
    ------
    ModelRefusedError
        In the model's words, which name parameter, value and fix.
    ScenarioBaseError
        A mix of suppliers without a footprint that it could change.

    """
    model = active_model(session)
    try:
        laid = [_laid_over(session, model, base, entries) for entries in combinations]
        every = (Combination(keys=(), case=base.case), *laid)
        return Comparison(combinations=every, results=calculate_cases(model, [one.case for one in every]))
    except ModelError as error:
        raise ModelRefusedError(error.template, **error.values) from error


def grid_over(session: Session, base: Base, entries: Sequence[LibraryEntry], axes: Sequence[Axis]) -> GridResult:
    """Calculate a grid over a base with scenarios laid over it; errors as in `compare_over`."""
    model = active_model(session)
    try:
        return evaluate_grid(model, _laid_over(session, model, base, entries).case, axes)
    except ModelError as error:
        raise ModelRefusedError(error.template, **error.values) from error


def _laid_over(session: Session, model: Model, base: Base, entries: Sequence[LibraryEntry]) -> Combination:
    shares = {flow: items for entry in entries for flow, items in by_flow(entry.supplier_shares).items()}
    case = _with_suppliers(session, model, base, shares) if shares else base.case
    return combine(model, case, [entry.scenario for entry in entries])


def _with_suppliers(session: Session, model: Model, base: Base, shares: Mapping[str, Sequence[InputShare]]) -> Case:
    """Return the base with another mix of suppliers, whose accepted answers of the base's period count."""
    record = base.record
    if record is None:
        raise ScenarioBaseError(
            N_("A scenario with a mix of suppliers needs a footprint as its base, because their answers are for its period.")
        )
    period = {"period_start": record.period_start, "period_end": record.period_end}
    product = get_product(session, record.product_id)
    weights = {**supplier_weights(session, product, **period), **{flow: _weights(items) for flow, items in shares.items()}}
    answers = accepted_answers(session, {one for flow in weights.values() for one in flow}, **period)
    parameters, _ = parameters_from(product, weights, answers, model, background=active_constants(session))
    return replace(base.case, parameters=parameters)


def _weights(items: Sequence[InputShare]) -> Mapping[UUID, float]:
    """Suppliers without share take equal parts; scenarios do not ask what was bought."""
    given = {item.supplier_id: item.share for item in items}
    return normalised({supplier_id: 1.0 if share is None else share for supplier_id, share in given.items()})
