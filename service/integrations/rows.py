"""Rows of purchases and production as other systems push them: recorded, corrected, left as they are, or refused by themselves."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from sqlmodel import Session, col, select

from service.accounts.models import Organisation
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.i18n import Locale, explain
from service.integrations.schemas import ProductionRowIn, PurchaseRowIn, RowOut, RowProblem
from service.products import operations as products
from service.products.models import Product, Production
from service.products.schemas import ProductionInput
from service.suppliers import operations as suppliers
from service.suppliers.models import Purchase, Supplier
from service.suppliers.schemas import PurchaseInput
from service.web.forms import field_error, field_name

Row = TypeVar("Row", bound=BaseModel)
Taken = tuple[str, uuid.UUID]
"""`recorded`, `changed` or `unchanged`, and the id of the row."""


def take_rows(
    session: Session, rows: Sequence[dict[str, Any]], *, kind: type[Row], take: Callable[[Row], Taken], locale: Locale
) -> list[RowOut]:
    """Take each row in a savepoint of its own."""
    return [_taken(session, index, row, kind=kind, take=take, locale=locale) for index, row in enumerate(rows)]


def _taken(
    session: Session, index: int, row: dict[str, Any], *, kind: type[Row], take: Callable[[Row], Taken], locale: Locale
) -> RowOut:
    problems: Mapping[str, ServiceError]
    try:
        with session.begin_nested():
            status, row_id = take(kind.model_validate(row))
    except ValidationError as error:
        problems = {field_name(one): field_error(one) for one in error.errors()}
    except InvalidInputError as error:
        problems = dict(error.fields)
    except ServiceError as error:
        problems = {"": error}
    else:
        return RowOut.model_validate({"index": index, "status": status, "id": row_id, "problems": []})
    told = [RowProblem(field=name, detail=explain(locale, one)) for name, one in problems.items()]
    return RowOut(index=index, status="refused", id=None, problems=told)


def take_purchase(session: Session, row: PurchaseRowIn, *, by: str, at: datetime) -> Taken:
    """Record a purchase, or correct the one of the same supplier, material and period."""
    content = row.model_dump(exclude={"supplier_id", "supplier_registration_no"})
    fields = PurchaseInput(supplier_id=row.supplier_id or _supplier_of(session, row), **content)
    same = ("supplier_id", "flow", "period_start", "period_end")
    present = session.exec(select(Purchase).where(*(getattr(Purchase, name) == getattr(fields, name) for name in same))).first()
    if present is None:
        return "recorded", suppliers.record_purchase(session, fields, by=by, at=at).id
    if (present.amount_t, present.price_cny_per_t) == (fields.amount_t, fields.price_cny_per_t):
        return "unchanged", present.id
    suppliers.change_purchase(session, present.id, fields, version=present.version, by=by, at=at)
    return "changed", present.id


def take_production(session: Session, row: ProductionRowIn, *, by: str, at: datetime) -> Taken:
    """Record what was made, or correct what stands for the same product and period."""
    product_id = row.product_id or _product_of(session, row)
    fields = ProductionInput(period_start=row.period_start, period_end=row.period_end, output_t=row.output_t)
    present = session.exec(
        select(Production).where(
            Production.product_id == product_id,
            Production.period_start == fields.period_start,
            Production.period_end == fields.period_end,
        )
    ).first()
    if present is not None and present.output_t == fields.output_t:
        return "unchanged", present.id
    if present is not None:
        products.delete_production(session, present.id, by=by, at=at)
        session.flush()  # the new one takes its place
    made = products.record_production(session, product_id, fields, by=by, at=at)
    return "changed" if present else "recorded", made.id


def _supplier_of(session: Session, row: PurchaseRowIn) -> uuid.UUID:
    statement = (
        select(Supplier.id)
        .join(Organisation, col(Supplier.organisation_id) == col(Organisation.id))
        .where(Organisation.registration_no == row.supplier_registration_no)
    )
    found = session.exec(statement).all()
    if len(found) != 1:
        words = N_("%(count)s suppliers have this registration number; name the supplier by supplier_id.")
        raise InvalidInputError({"supplier_registration_no": FieldError(words, count=len(found))})
    return found[0]


def _product_of(session: Session, row: ProductionRowIn) -> uuid.UUID:
    found = session.exec(select(Product.id).where(Product.grade == row.grade, col(Product.is_active))).all()
    if len(found) != 1:
        words = N_("%(count)s products in use have this grade; name the product by product_id.")
        raise InvalidInputError({"grade": FieldError(words, count=len(found))})
    return found[0]
