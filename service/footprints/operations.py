"""Every write of footprints: calculate, release, recalculate all products."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col

from lca_models.calculation import Footprint, calculate_footprint
from lca_models.errors import ModelError, Notice
from lca_models.model import Model
from lca_models.parameters import FURNACE
from service.audit.operations import record as record_event
from service.backgrounds.queries import active_constants
from service.backgrounds.rules import licence_notices
from service.errors import N_, ConflictError, ServiceError, StaleVersionError
from service.footprints import guarding, queries, rules
from service.footprints.data_quality import quality_of
from service.footprints.models import FootprintBatch, FootprintRecord, FootprintSource, FootprintStatus
from service.footprints.parameter_setting import Answers, Background
from service.footprints.parameters import parameters_from, used_constants
from service.footprints.provenance import Provenance, with_expired
from service.footprints.views import HEADLINE, Locations, View, calculate_views
from service.green_power.queries import evidenced_supplies, shares_of
from service.jobs.operations import enqueue
from service.logistics.queries import hauls
from service.logistics.rules import Carriage, Haul, carriages_by_flow, hauls_of_product
from service.modelling.operations import keep_model
from service.modelling.queries import active_model
from service.products.models import Product
from service.products.queries import get_plant, supplier_weights
from service.submissions.queries import accepted_answers, expired_answers
from service.submissions.usage import mark_used

RECALCULATE_TASK: Final = "recalculate_product"
_NUMBER_TRIES: Final = 5


class ModelRefusedError(ConflictError):
    """The model can't calculate with what it was given; its own words say why."""

    code = "model-refused"


class UnforeseenError(ServiceError):
    """A calculation broke in a way that nobody foresaw."""

    code = "calculation-failed"


class NothingToRecalculateError(ConflictError):
    """A batch was asked for while no product is in use."""

    code = "nothing-to-recalculate"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calculation:
    """All numbers of a record before it is stored."""

    model: Model
    provenance: Mapping[str, Provenance]
    views: tuple[View, ...]
    default: Footprint
    licences: tuple[Notice, ...]
    claims: tuple[str, ...]

    @property
    def headline(self) -> Footprint:
        """The result under the national electricity view."""
        return self.views[0].footprint


def calculate(
    session: Session, product: Product, *, period_start: date, period_end: date, by: str, at: datetime, is_sample: bool = False
) -> FootprintRecord:
    """Calculate a product's footprint from the answers accepted for a period, and keep it with all that led to it.

    If nothing has changed since a record in use was calculated, that record is returned and nothing is stored: the same inputs are
    never two records.

    Raises
    ------
    ServiceError
        If the period, the product's set-up, the suppliers' shares or the accepted answers can't make a footprint.

    """
    record, model, sources = _present(
        session, product, period_start=period_start, period_end=period_end, by=by, at=at, is_sample=is_sample
    )
    keep_model(session, model, at=at)
    return _store(session, record, sources=sources, at=at)


def preview(
    session: Session,
    product: Product,
    *,
    period_start: date,
    period_end: date,
    by: str,
    at: datetime,
    carriages: Mapping[str, Carriage] | None = None,
) -> FootprintRecord:
    """Calculate a product's footprint from present data without keeping anything.

    Parameters
    ----------
    carriages
        Other ways of the goods than those of the legs; None: as the legs are.

    Raises
    ------
    ServiceError
        As `calculate`.

    """
    return _present(
        session, product, period_start=period_start, period_end=period_end, by=by, at=at, is_sample=False, carriages=carriages
    )[0]


def _present(
    session: Session,
    product: Product,
    *,
    period_start: date,
    period_end: date,
    by: str,
    at: datetime,
    is_sample: bool,
    carriages: Mapping[str, Carriage] | None = None,
) -> tuple[FootprintRecord, Model, set[uuid.UUID]]:
    """Return the record that present data make, the model it rests on, and the questionnaires."""
    rules.check_period(period_start, period_end)
    weights = supplier_weights(session, product, period_start=period_start, period_end=period_end)
    supplier_ids = {supplier_id for shares in weights.values() for supplier_id in shares}
    answers = accepted_answers(session, supplier_ids, period_start=period_start, period_end=period_end)
    locations = locations_of(session, product, supplier_ids, answers, period_start=period_start, period_end=period_end)
    if carriages is None:
        carriages = carriages_by_flow(_hauls(session, product, weights, period_start=period_start, period_end=period_end))
    expired = expired_answers(session, supplier_ids - answers.keys(), period_start=period_start, period_end=period_end)
    model = active_model(session)
    background = active_constants(session)
    try:
        found = _calculated(
            model, product, weights, answers, locations=locations, background=background, expired=expired, carriages=carriages
        )
    except ModelError as error:
        raise ModelRefusedError(error.template, **error.values) from error
    record = _record(found, product, period_start=period_start, period_end=period_end, by=by, at=at, is_sample=is_sample)
    return record, model, _sources(answers)


def hauls_to(session: Session, product: Product, *, period_start: date, period_end: date) -> Sequence[Haul]:
    """Return the legs that a product's goods take in a period, with their work."""
    weights = supplier_weights(session, product, period_start=period_start, period_end=period_end)
    return _hauls(session, product, weights, period_start=period_start, period_end=period_end)


def _hauls(
    session: Session,
    product: Product,
    weights: Mapping[str, Mapping[uuid.UUID, float]],
    *,
    period_start: date,
    period_end: date,
) -> Sequence[Haul]:
    listed = hauls(session, start=period_start, end=period_end, plant_id=product.plant_id)
    return hauls_of_product(listed, product.id, suppliers={flow: tuple(shares) for flow, shares in weights.items()})


def release(session: Session, record: FootprintRecord, *, version: int, by: str, at: datetime) -> FootprintRecord:
    """Let a second person stand for a record; the one released before for this product and period becomes replaced.

    Parameters
    ----------
    version
        Of the record as the person saw it.

    Raises
    ------
    StaleVersionError
        Somebody else was quicker.
    GuardRefusedError
        With the list of what speaks against the numbers.

    """
    released = queries.find_released(session, record.product_id, period_start=record.period_start, period_end=record.period_end)
    rules.check_release(record, released=released, is_stale=queries.is_stale(session, record.id), by=by)
    guarding.check_release(session, record)
    if released is not None:
        _move(session, released, version=released.version, status=FootprintStatus.REPLACED)
        record_event(session, "footprint_replaced", of=released, by=by, at=at, number=released.number, by_number=record.number)
    _move(session, record, version=version, status=FootprintStatus.RELEASED, released_by=by, released_at=at)
    mark_used(session, set(queries.sources_of(session, record.id).values()), by=by, at=at)
    record_event(session, "footprint_released", of=record, by=by, at=at, number=record.number, inputs_sha256=record.inputs_sha256)
    return record


def start_batch(session: Session, *, period_start: date, period_end: date, by: str, at: datetime) -> FootprintBatch:
    """Ask for the recalculation of all products in use; each is one background job."""
    rules.check_period(period_start, period_end)
    product_ids = queries.active_product_ids(session)
    if not product_ids:
        raise NothingToRecalculateError(N_("There is no product in use. Set up a product first, then recalculate."))
    batch = FootprintBatch(period_start=period_start, period_end=period_end, total=len(product_ids), started_by=by, started_at=at)
    session.add(batch)
    session.flush()
    for product_id in product_ids:
        payload = {"batch_id": str(batch.id), "product_id": str(product_id)}
        enqueue(session, RECALCULATE_TASK, payload, key=f"{RECALCULATE_TASK}:{batch.id}:{product_id}", run_at=at)
    record_event(session, "footprint_batch_started", of=batch, by=by, at=at, products=len(product_ids))
    return batch


def recalculate_one(session: Session, batch_id: uuid.UUID, product_id: uuid.UUID, *, at: datetime) -> None:
    """Do one product of a batch; what stands in its way is listed with the product and stops no other."""
    batch = session.get_one(FootprintBatch, batch_id)
    product = session.get_one(Product, product_id)
    try:
        with session.begin_nested():
            calculate(session, product, period_start=batch.period_start, period_end=batch.period_end, by=batch.started_by, at=at)
    except ServiceError as error:
        count_one(session, batch_id, at=at, problem=_problem(product, error))
    else:
        count_one(session, batch_id, at=at, problem=None)


def count_one(session: Session, batch_id: uuid.UUID, *, at: datetime, problem: Mapping[str, Any] | None) -> None:
    """Count one product of a batch as done, with its problem if it had one."""
    # The row is locked, so that workers which finish at the same time both count.
    batch = session.get_one(FootprintBatch, batch_id, with_for_update=True, populate_existing=True)
    batch.done += 1
    if problem is not None:
        batch.problems = [*batch.problems, dict(problem)]
    if batch.done == batch.total:
        batch.finished_at = at
        record_event(session, "footprint_batch_finished", of=batch, by=batch.started_by, at=at, problems=len(batch.problems))


def count_failed(session: Session, batch_id: uuid.UUID, product_id: uuid.UUID, *, at: datetime) -> None:
    """Count a product that failed for a reason nobody foresaw; the log has it under the job."""
    product = session.get_one(Product, product_id)
    problem = UnforeseenError(
        N_("%(product)s could not be calculated because of an unexpected error on our side."), product=product.grade
    )
    count_one(session, batch_id, at=at, problem=_problem(product, problem))


def _problem(product: Product, error: ServiceError) -> dict[str, Any]:
    values = {name: value if isinstance(value, int | float) else str(value) for name, value in error.values.items()}
    return {"product_id": str(product.id), "grade": product.grade, "template": error.template, "values": values}


def locations_of(
    session: Session, product: Product, supplier_ids: set[uuid.UUID], answers: Answers, *, period_start: date, period_end: date
) -> Locations:
    """Return where electricity is used and what the plant has evidence for.

    A supplier's answer comes before what procurement noted.
    """
    answered = {
        supplier_id: str(one.values["site_province"]) for supplier_id, one in answers.items() if one.values.get("site_province")
    }
    supplies = evidenced_supplies(session, product, period_start=period_start, period_end=period_end)
    return Locations(
        plant=get_plant(session, product.plant_id).province_code,
        suppliers={**queries.supplier_provinces(session, supplier_ids), **answered},
        plant_shares=shares_of(supplies),
        plant_claims=tuple(sorted(str(one.claim_id) for one in supplies)),
    )


def _sources(answers: Answers) -> set[uuid.UUID]:
    """Return the questionnaires that a record rests on, those of suppliers' own suppliers too."""
    upstream = {bought.submission_id for one in answers.values() for bought in one.upstream.values()}
    return upstream | {one.submission_id for one in answers.values()}


def _calculated(
    model: Model,
    product: Product,
    weights: Mapping[str, Mapping[uuid.UUID, float]],
    answers: Answers,
    *,
    locations: Locations,
    background: Background,
    expired: Mapping[uuid.UUID, str],
    carriages: Mapping[str, Carriage],
) -> _Calculation:
    parameters, provenance = parameters_from(product, weights, answers, model, background=background, carriages=carriages)
    return _Calculation(
        model=model,
        provenance=with_expired(provenance, expired),
        views=calculate_views(model, parameters, provenance, answers=answers, locations=locations),
        default=calculate_footprint(model, {FURNACE: product.furnace, "toll_share": product.toll_share}),
        licences=licence_notices(used_constants(provenance, background)),
        claims=locations.plant_claims,
    )


def _record(
    found: _Calculation, product: Product, *, period_start: date, period_end: date, by: str, at: datetime, is_sample: bool
) -> FootprintRecord:
    headline = found.headline
    provenance = {name: one.as_dict() for name, one in found.provenance.items()}
    views = [view.as_dict() for view in found.views]
    return FootprintRecord(
        number="",
        product_id=product.id,
        product_version=product.version,
        period_start=period_start,
        period_end=period_end,
        total_kg_co2e_per_kg=headline.total_kg_co2e,
        electricity_view=HEADLINE,
        model_version=headline.model_version,
        result={
            **headline.as_dict(),
            "notices": [one.as_dict() for one in (*headline.notices, *found.licences)],
            "data_quality": quality_of(found.model, headline, found.provenance, period_end=period_end),
        },
        views=views,
        parameters=dict(headline.parameters),
        provenance=provenance,
        shares=rules.shares_by_kind(headline, found.provenance),
        default_total_kg_co2e_per_kg=found.default.total_kg_co2e,
        drivers=rules.drivers_of_difference(headline, found.default),
        inputs_sha256=rules.fingerprint(
            model_version=headline.model_version,
            parameters=headline.parameters,
            provenance=provenance,
            views=views,
            claims=found.claims,
        ),
        calculated_by=by,
        calculated_at=at,
        is_sample=is_sample or product.is_sample,
    )


def _store(session: Session, record: FootprintRecord, *, sources: set[uuid.UUID], at: datetime) -> FootprintRecord:
    """Store a record under the next number of the year; another transaction may take the same number or the same inputs first."""
    prefix = f"F-{at.year}-"
    for _ in range(_NUMBER_TRIES):
        present = queries.find_same_inputs(
            session,
            record.product_id,
            period_start=record.period_start,
            period_end=record.period_end,
            inputs_sha256=record.inputs_sha256,
        )
        if present is not None:
            return present
        record.number = _next_number(queries.last_number(session, prefix), prefix)
        try:
            with session.begin_nested():
                session.add(record)
        except IntegrityError:
            continue
        session.add_all(FootprintSource(footprint_id=record.id, submission_id=submission_id) for submission_id in sources)
        record_event(session, "footprint_calculated", of=record, by=record.calculated_by, at=at, number=record.number)
        return record
    raise ConflictError(N_("Too many footprints are being calculated at once; try again in a moment."))


def _next_number(last: str | None, prefix: str) -> str:
    count = int(last.removeprefix(prefix)) if last else 0
    return f"{prefix}{count + 1:04}"


def _move(session: Session, record: FootprintRecord, *, version: int, **changes: object) -> None:
    """Change a record's status if it is still as it was seen."""
    seen = update(FootprintRecord).where(
        col(FootprintRecord.id) == record.id, col(FootprintRecord.version) == version, col(FootprintRecord.status) == record.status
    )
    try:
        with session.begin_nested():
            moved = session.connection().execute(seen.values(version=version + 1, **changes))
    except IntegrityError as error:  # another record of this product and period was released in the meantime
        raise StaleVersionError from error
    if moved.rowcount != 1:
        raise StaleVersionError
    session.refresh(record)
