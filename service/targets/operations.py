"""Every write on output, plans and paths. What the plan leaves open, statements and carbon assets have operations of their own."""

import uuid
from datetime import datetime
from typing import Final, TypeVar

from pydantic import BaseModel
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from service.audit.operations import record
from service.errors import N_, FieldError, InvalidInputError, NotFoundError, StaleVersionError
from service.targets.models import ActivityPlan, CarbonAsset, ForecastPath, OutputValue, ProductOutput, ResidualPlan

Row = TypeVar("Row", OutputValue, ProductOutput, ActivityPlan, ForecastPath, ResidualPlan, CarbonAsset)

_EVENTS: Final[dict[type[SQLModel], str]] = {
    OutputValue: "output_value",
    ProductOutput: "product_output",
    ActivityPlan: "activity_plan",
    ForecastPath: "forecast_path",
    ResidualPlan: "residual_plan",
    CarbonAsset: "carbon_asset",
}


def add_row(session: Session, kind: type[Row], fields: BaseModel, *, by: str, at: datetime, is_sample: bool = False) -> Row:
    """Enter a row; a second one for the same year (and product, kind or serial number) is refused."""
    row = kind(**fields.model_dump(), recorded_by=by, recorded_at=at, is_sample=is_sample)
    session.add(row)
    _keep(session, fields)
    record(session, f"{_EVENTS[kind]}_entered", of=row, by=by, at=at)
    return row


def change_row(
    session: Session, kind: type[Row], row_id: uuid.UUID, fields: BaseModel, *, version: int, by: str, at: datetime
) -> Row:
    """Correct a row; who corrected it last stands in it, its figures before in the audit trail."""
    row = row_for_change(session, kind, row_id, version=version)
    typed = fields.model_dump()
    before = {f"was_{name}": was for name in typed if (was := getattr(row, name)) != typed[name] and isinstance(was, int | float)}
    for name, value in typed.items():
        setattr(row, name, value)
    row.recorded_by, row.recorded_at, row.version = by, at, row.version + 1
    _keep(session, fields)
    record(session, f"{_EVENTS[kind]}_changed", of=row, by=by, at=at, **before)
    return row


def remove_row(session: Session, kind: type[Row], row_id: uuid.UUID, *, version: int, by: str, at: datetime) -> None:
    """Take a row out again; the audit trail keeps that it was there."""
    row = row_for_change(session, kind, row_id, version=version)
    record(session, f"{_EVENTS[kind]}_removed", of=row, by=by, at=at)
    session.delete(row)


def row_for_change(session: Session, kind: type[Row], row_id: uuid.UUID, *, version: int) -> Row:
    """Return a row as it was seen by who wants to change it."""
    row = session.get(kind, row_id)
    if row is None:
        raise NotFoundError
    if row.version != version:
        raise StaleVersionError
    return row


def _keep(session: Session, fields: BaseModel) -> None:
    try:
        session.flush()  # a second row of the same kind and year is an error of the field, not of the commit
    except IntegrityError as error:
        field = "serial" if "serial" in type(fields).model_fields else "year"
        there = FieldError(N_("%(value)s is entered already; change that entry instead."), value=str(getattr(fields, field)))
        raise InvalidInputError({field: there}) from error
