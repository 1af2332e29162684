"""Every write on measures, the price ladder, and runs of the plan."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, SQLModel, col, select

from service.accounts.models import User
from service.audit.operations import record
from service.errors import N_, FieldError, InvalidInputError, NotFoundError, ServiceError, StaleVersionError
from service.jobs.operations import enqueue
from service.measures.levers import levers
from service.measures.models import CarbonPriceLadder, Measure, MeasureStatus, MeasureVersion, PlanRun
from service.measures.overlays import check_overlay, overlay_of
from service.measures.queries import get_measure
from service.measures.schemas import MeasureContent, MeasureInput, PlanQuestion, PriceLadderInput
from service.measures.transitions import check_move
from service.modelling.queries import active_model
from service.plan.models import OrgUnit
from service.products.models import Plant, Product

PLAN_TASK: Final = "choose_measures"
_CONTENT: Final = frozenset(MeasureContent.model_fields)


def create_measure(session: Session, fields: MeasureInput, *, by: str, at: datetime, is_sample: bool = False) -> Measure:
    """Propose a measure.

    Raises
    ------
    InvalidInputError
        By field: what the lever needs and does not have, what the model can't take, what is not there.

    """
    _check(session, fields)
    measure = Measure(
        owner_unit_id=fields.owner_unit_id, owner_id=fields.owner_id, created_by=by, created_at=at, is_sample=is_sample
    )
    session.add(measure)
    session.flush()  # its version refers to it
    session.add(_version(measure, fields, by=by, at=at))
    record(session, "measure_created", of=measure, by=by, at=at)
    return measure


def change_measure(
    session: Session, measure_id: uuid.UUID, fields: MeasureInput, *, version: int, by: str, at: datetime
) -> Measure:
    """Let a measure say something else; an approved one must be approved again, because another thing was approved."""
    measure = _lock(session, measure_id, version=version)
    _check(session, fields)
    measure.version += 1
    measure.owner_unit_id, measure.owner_id = fields.owner_unit_id, fields.owner_id
    if measure.status is MeasureStatus.APPROVED:
        measure.status, measure.approved_by, measure.approved_at = MeasureStatus.ASSESSED, None, None
    session.add(_version(measure, fields, by=by, at=at))
    record(session, "measure_changed", of=measure, by=by, at=at, version=measure.version)
    return measure


def move_measure(session: Session, measure_id: uuid.UUID, wanted: MeasureStatus, *, version: int, by: str, at: datetime) -> Measure:
    """Move a measure on; who wrote what it says now never approves it."""
    measure = _lock(session, measure_id, version=version)
    check_move(measure.status, wanted, author=get_measure(session, measure_id).written_by, by=by)
    before, measure.status = measure.status, wanted
    if wanted is MeasureStatus.APPROVED:
        measure.approved_by, measure.approved_at = by, at
    record(session, "measure_moved", of=measure, by=by, at=at, was=before.value, now=wanted.value)
    return measure


def set_price_ladder(
    session: Session, fields: PriceLadderInput, *, by: str, at: datetime, is_sample: bool = False
) -> CarbonPriceLadder:
    """Set the internal carbon price; the ladders before it are kept."""
    ladder = CarbonPriceLadder(
        steps={str(year): price for year, price in sorted(fields.steps.items())},
        discount_rate=fields.discount_rate,
        source=fields.source,
        set_by=by,
        set_at=at,
        is_sample=is_sample,
    )
    session.add(ladder)
    session.flush()  # the event names it
    record(session, "carbon_price_set", of=ladder, by=by, at=at)
    return ladder


def start_run(
    session: Session, question: PlanQuestion, measures: Mapping[uuid.UUID, int], *, by: str, at: datetime, is_sample: bool = False
) -> PlanRun:
    """Ask for the plan of least cost; the work is a background job.

    Parameters
    ----------
    measures
        Candidates with the versions that were seen.

    """
    if not measures:
        raise InvalidInputError({"": FieldError(N_("There is no measure to choose from; enter and assess measures first."))})
    run = PlanRun(
        question={
            **question.model_dump(mode="json"),
            "measures": {str(measure_id): version for measure_id, version in measures.items()},
        },
        started_by=by,
        started_at=at,
        is_sample=is_sample,
    )
    session.add(run)
    session.flush()  # the job names it
    enqueue(session, PLAN_TASK, {"plan_run_id": str(run.id)}, key=f"{PLAN_TASK}:{run.id}", run_at=at)
    record(session, "plan_run_started", of=run, by=by, at=at, measures=len(measures))
    return run


def finish_run(session: Session, plan_run_id: uuid.UUID, answer: Mapping[str, Any], *, at: datetime) -> None:
    """Keep the answer of a run for good."""
    run = session.get_one(PlanRun, plan_run_id)
    run.answer, run.finished_at = dict(answer), at


def end_run(session: Session, plan_run_id: uuid.UUID, problem: ServiceError, *, at: datetime) -> None:
    """End a run that something stood in the way of."""
    run = session.get_one(PlanRun, plan_run_id)
    run.finished_at = at
    run.problem = {"template": problem.template, "values": {name: str(value) for name, value in problem.values.items()}}


def _lock(session: Session, measure_id: uuid.UUID, *, version: int) -> Measure:
    measure = session.get(Measure, measure_id, with_for_update=True)
    if measure is None:
        raise NotFoundError
    if measure.version != version:
        raise StaleVersionError
    return measure


def _version(measure: Measure, fields: MeasureInput, *, by: str, at: datetime) -> MeasureVersion:
    return MeasureVersion(
        measure_id=measure.id,
        version=measure.version,
        **fields.model_dump(include={"name_zh", "name_en", "reasoning", "evidence"}),
        content=fields.model_dump(mode="json", include=set(_CONTENT)),
        written_by=by,
        written_at=at,
    )


def _check(session: Session, fields: MeasureInput) -> None:
    errors = _missing_rows(session, fields) | _lever_errors(fields)
    if errors:
        raise InvalidInputError(errors)
    if levers()[fields.lever].is_on_products:
        overlay = overlay_of("measure", fields.parameters, fields.electricity)
        check_overlay(active_model(session), overlay, field="parameters")


def _lever_errors(fields: MeasureInput) -> dict[str, FieldError]:
    errors: dict[str, FieldError] = {}
    if levers()[fields.lever].is_on_products:
        if not fields.product_ids:
            errors["product_ids"] = FieldError(N_("This lever changes products; pick at least one."))
        if not fields.parameters and fields.electricity is None:
            errors["parameters"] = FieldError(N_("Say what changes: a parameter of the model, or the electricity view."))
        return errors
    if fields.plant_id is None:
        errors["plant_id"] = FieldError(N_("This lever works at one site; pick it."))
    if fields.amount_per_year is None:
        errors["amount_per_year"] = FieldError(N_("Give the yearly amount of this lever."))
    return errors


def _missing_rows(session: Session, fields: MeasureInput) -> dict[str, FieldError]:
    gone = FieldError(N_("This is not there any more; pick from the list."))
    found = set(session.exec(select(Product.id).where(col(Product.id).in_(fields.product_ids))).all())
    errors = {} if found == set(fields.product_ids) else {"product_ids": gone}
    tables: tuple[tuple[str, type[SQLModel]], ...] = (("plant_id", Plant), ("owner_unit_id", OrgUnit), ("owner_id", User))
    for name, table in tables:
        row_id = getattr(fields, name)
        if row_id is not None and session.get(table, row_id) is None:
            errors[name] = gone
    return errors
