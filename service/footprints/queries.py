"""Every SELECT on footprints and their batches."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlalchemy import Select, Text, bindparam, cast
from sqlalchemy import select as select_columns
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col, select

from service.accounts.models import Organisation
from service.accounts.queries import names_of_actors
from service.database import read_columns
from service.errors import NotFoundError
from service.footprints.models import FootprintBatch, FootprintRecord, FootprintSource, FootprintStatus
from service.footprints.staleness import is_out_of_date
from service.i18n import Locale
from service.products.models import Plant, Product
from service.submissions.models import Submission
from service.suppliers.models import Supplier
from service.suppliers.paging import Cursor, Page, read_page

_JSON_COLUMNS: Final = ("parameters", "provenance", "drivers", "result", "views")
_WHOSE: Final = ("inputs_sha256", "calculated_by", "released_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordRow:
    """A record as lists show it; nothing here tells a single supplier's answers."""

    id: uuid.UUID
    number: str
    product_id: uuid.UUID
    grade: str
    name_zh: str
    name_en: str
    plant_name_zh: str
    plant_name_en: str
    period_start: date
    period_end: date
    status: FootprintStatus
    version: int
    total_kg_co2e_per_kg: float
    default_total_kg_co2e_per_kg: float
    shares: Mapping[str, float]
    model_version: str
    calculated_at: datetime
    released_at: datetime | None
    is_sample: bool
    is_stale: bool

    def name(self, locale: Locale) -> str:
        """Return the product's name in a language."""
        return self.name_zh if locale == "zh-CN" else self.name_en

    def plant_name(self, locale: Locale) -> str:
        """Return the plant's name in a language."""
        return self.plant_name_zh if locale == "zh-CN" else self.plant_name_en


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRecord:
    """A record with its JSON columns as they are stored.

    Attributes
    ----------
    json_texts
        By column, in the order of `InputsOut`.

    """

    row: RecordRow
    inputs_sha256: str
    calculated_by: str
    released_by: str | None
    json_texts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFilter:
    """Which records a list shows; None shows all."""

    product_id: uuid.UUID | None = None
    period: tuple[date, date] | None = None
    status: FootprintStatus | None = None
    is_stale: bool | None = None


def get_record(session: Session, record_id: uuid.UUID) -> FootprintRecord:
    """Return a record with all that led to it."""
    record = session.get(FootprintRecord, record_id)
    if record is None:
        raise NotFoundError
    return record


def get_records(session: Session, record_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, FootprintRecord]:
    """Return records by id."""
    statement = select(FootprintRecord).where(col(FootprintRecord.id).in_(record_ids))
    return {record.id: record for record in session.exec(statement)}


def get_row(session: Session, record_id: uuid.UUID) -> RecordRow:
    """Return a record as lists show it."""
    found = read_columns(session, _one_row(), {"record_id": record_id}).mappings().first()
    if found is None:
        raise NotFoundError
    return RecordRow(**found)


def get_stored(session: Session, record_id: uuid.UUID) -> StoredRecord:
    """Return a record with its JSON columns as text."""
    found = read_columns(session, _one_stored(), {"record_id": record_id}).mappings().first()
    if found is None:
        raise NotFoundError
    rest = dict(found)
    texts = {name: rest.pop(f"{name}_text") for name in _JSON_COLUMNS}
    whose = {name: rest.pop(name) for name in _WHOSE}
    return StoredRecord(row=RecordRow(**rest), json_texts=texts, **whose)


def find_records(
    session: Session,
    wanted: RecordFilter | None = None,
    *,
    after: uuid.UUID | None = None,
    before: uuid.UUID | None = None,
    limit: int = 50,
) -> Page[RecordRow]:
    """Return records, the latest calculation first.

    Parameters
    ----------
    after, before
        Id of the record that the page follows or precedes.

    """
    return read_page(
        session,
        _rows().where(*_conditions(wanted or RecordFilter())),
        order=(col(FootprintRecord.calculated_at), col(FootprintRecord.id)),
        make=RecordRow,
        cursor=_cursor(session, after=after, before=before),
        limit=limit,
        descending=True,
    )


def records_in_use(session: Session, *, limit: int) -> Sequence[tuple[FootprintRecord, RecordRow]]:
    """Return records that nothing has replaced, the latest calculation first, as they are and as lists show them."""
    in_use = _rows().where(col(FootprintRecord.status) != FootprintStatus.REPLACED)
    latest = in_use.order_by(col(FootprintRecord.calculated_at).desc(), col(FootprintRecord.id).desc()).limit(limit)
    rows = [RecordRow(**row) for row in session.execute(latest).mappings()]
    statement = select(FootprintRecord).where(col(FootprintRecord.id).in_([row.id for row in rows]))
    records = {record.id: record for record in session.exec(statement)}
    return [(records[row.id], row) for row in rows]


def stale_footprints(session: Session) -> set[uuid.UUID]:
    """Return the records in use that no longer rest on what is accepted now.

    A record is stale when one of its submissions is no longer the accepted one, when a supplier of the product has newer accepted
    answers for the period, when the product's set-up has changed, or when a claim of green power that it counts was withdrawn.
    """
    statement = _rows().with_only_columns(col(FootprintRecord.id), maintain_column_froms=True)
    return {row[0] for row in session.execute(statement.where(is_out_of_date()))}


def is_stale(session: Session, record_id: uuid.UUID) -> bool:
    """Tell whether one record is stale."""
    return get_row(session, record_id).is_stale


def find_released(session: Session, product_id: uuid.UUID, *, period_start: date, period_end: date) -> FootprintRecord | None:
    """Return the released record of a product and period, if there is one."""
    statement = select(FootprintRecord).where(
        FootprintRecord.product_id == product_id,
        FootprintRecord.period_start == period_start,
        FootprintRecord.period_end == period_end,
        FootprintRecord.status == FootprintStatus.RELEASED,
    )
    return session.exec(statement).first()


def find_same_inputs(
    session: Session, product_id: uuid.UUID, *, period_start: date, period_end: date, inputs_sha256: str
) -> FootprintRecord | None:
    """Return the record in use that was calculated from exactly these inputs, if there is one."""
    statement = select(FootprintRecord).where(
        FootprintRecord.product_id == product_id,
        FootprintRecord.period_start == period_start,
        FootprintRecord.period_end == period_end,
        FootprintRecord.inputs_sha256 == inputs_sha256,
        FootprintRecord.status != FootprintStatus.REPLACED,
    )
    return session.exec(statement).first()


def last_number(session: Session, prefix: str) -> str | None:
    """Return the highest number that begins with a prefix, or None."""
    statement = (
        select(FootprintRecord.number)
        .where(col(FootprintRecord.number).startswith(prefix))
        .order_by(col(FootprintRecord.number).desc())
        .limit(1)
    )
    return session.exec(statement).first()


def sources_of(session: Session, record_id: uuid.UUID) -> Mapping[str, uuid.UUID]:
    """Return the submissions that a record rests on, by number."""
    return {row.number: row.id for row in read_columns(session, _sources(), {"record_id": record_id})}


def supplier_provinces(session: Session, supplier_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, str]:
    """Return the province of each supplier that has one."""
    statement = select(col(Supplier.id), col(Supplier.province_code)).where(col(Supplier.id).in_(supplier_ids))
    return {supplier_id: province for supplier_id, province in session.exec(statement) if province}


def supplier_names(session: Session, supplier_ids: Collection[uuid.UUID], *, locale: Locale) -> Mapping[uuid.UUID, str]:
    """Return suppliers' names in a language."""
    name = Organisation.name_zh if locale == "zh-CN" else Organisation.name_en
    statement = (
        select(col(Supplier.id), col(name))
        .join(Organisation, col(Supplier.organisation_id) == col(Organisation.id))
        .where(col(Supplier.id).in_(supplier_ids))
    )
    return dict(session.exec(statement).all())


def plant_of(session: Session, product_id: uuid.UUID) -> uuid.UUID:
    """Return the plant that makes a product."""
    return session.get_one(Product, product_id).plant_id


def actor_name(session: Session, actor: str | None) -> str | None:
    """Return the name of a person by actor (`user:<id>`); other actors name themselves."""
    return names_of_actors(session, [actor]).get(actor, actor) if actor else None


def recorded_periods(session: Session) -> Sequence[tuple[date, date]]:
    """Return the periods of all records, the latest first."""
    statement = (
        select(col(FootprintRecord.period_start), col(FootprintRecord.period_end))
        .distinct()
        .order_by(col(FootprintRecord.period_end).desc(), col(FootprintRecord.period_start).desc())
    )
    return session.exec(statement).all()


def active_product_ids(session: Session) -> Sequence[uuid.UUID]:
    """Return the products in use, by grade."""
    return session.exec(select(Product.id).where(Product.is_active).order_by(Product.grade, col(Product.id))).all()


def get_batch(session: Session, batch_id: uuid.UUID) -> FootprintBatch:
    """Return a batch."""
    batch = session.get(FootprintBatch, batch_id)
    if batch is None:
        raise NotFoundError
    return batch


def find_batches(session: Session, *, limit: int = 20) -> Sequence[FootprintBatch]:
    """Return the latest batches, newest first."""
    return session.exec(select(FootprintBatch).order_by(col(FootprintBatch.id).desc()).limit(limit)).all()


@cache
def _one_row() -> Select[Any]:
    """Return the statement of `get_row`; building and compiling it takes longer than running it, so both happen once."""
    return _rows().where(col(FootprintRecord.id) == bindparam("record_id"))


@cache
def _one_stored() -> Select[Any]:
    texts = [cast(getattr(FootprintRecord, name), Text).label(f"{name}_text") for name in _JSON_COLUMNS]
    return _one_row().add_columns(*(getattr(FootprintRecord, name) for name in _WHOSE), *texts)


@cache
def _sources() -> Select[str, uuid.UUID]:
    return (
        select_columns(col(Submission.number), col(Submission.id))
        .join(FootprintSource, col(FootprintSource.submission_id) == col(Submission.id))
        .where(col(FootprintSource.footprint_id) == bindparam("record_id"))
        .order_by(col(Submission.number))
    )


def _rows() -> Select[Any]:
    plain = ("id", "number", "product_id", "period_start", "period_end", "status", "version", "total_kg_co2e_per_kg")
    more = ("default_total_kg_co2e_per_kg", "shares", "model_version", "calculated_at", "released_at", "is_sample")
    columns: list[Any] = [
        *(getattr(FootprintRecord, name).label(name) for name in (*plain, *more)),
        *(getattr(Product, name).label(name) for name in ("grade", "name_zh", "name_en")),
        *(getattr(Plant, name).label(f"plant_{name}") for name in ("name_zh", "name_en")),
        is_out_of_date().label("is_stale"),
    ]
    return (
        select_columns(*columns)
        .select_from(FootprintRecord)
        .join(Product, col(FootprintRecord.product_id) == col(Product.id))
        .join(Plant, col(Product.plant_id) == col(Plant.id))
    )


def _conditions(wanted: RecordFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.product_id:
        conditions.append(col(FootprintRecord.product_id) == wanted.product_id)
    if wanted.period:
        conditions.append(col(FootprintRecord.period_start) == wanted.period[0])
        conditions.append(col(FootprintRecord.period_end) == wanted.period[1])
    if wanted.status:
        conditions.append(col(FootprintRecord.status) == wanted.status)
    if wanted.is_stale is not None:
        conditions.append(is_out_of_date() if wanted.is_stale else ~is_out_of_date())
    return conditions


def _cursor(session: Session, *, after: uuid.UUID | None, before: uuid.UUID | None) -> Cursor | None:
    neighbour = before or after
    if neighbour is None:
        return None
    record = get_record(session, neighbour)
    return Cursor(place=(record.calculated_at, record.id), backwards=before is not None)
