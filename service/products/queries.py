"""Every SELECT on plants and products."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, or_, select

from service.errors import NotFoundError
from service.i18n import Locale
from service.products.models import Plant, Product, ProductInput, Production
from service.products.rules import InputShare, by_flow, normalised, weights_from_purchases
from service.suppliers import queries as suppliers
from service.suppliers.paging import Cursor, Page, read_page


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductRow:
    """A product with its plant's names; without recipe and suppliers, so that every role of the maker may see it."""

    id: uuid.UUID
    grade: str
    name_zh: str
    name_en: str
    plant_id: uuid.UUID
    plant_name_zh: str
    plant_name_en: str
    province_code: str
    cas: str
    is_active: bool
    is_sample: bool
    version: int

    def name(self, locale: Locale) -> str:
        """Return the name in a language."""
        return self.name_zh if locale == "zh-CN" else self.name_en

    def plant_name(self, locale: Locale) -> str:
        """Return the plant's name in a language."""
        return self.plant_name_zh if locale == "zh-CN" else self.plant_name_en


PRODUCT_COLUMNS: Mapping[str, Any] = {
    "id": Product.id,
    "grade": Product.grade,
    "name_zh": Product.name_zh,
    "name_en": Product.name_en,
    "plant_id": Product.plant_id,
    "plant_name_zh": Plant.name_zh,
    "plant_name_en": Plant.name_en,
    "province_code": Plant.province_code,
    "cas": Product.cas,
    "is_active": Product.is_active,
    "is_sample": Product.is_sample,
    "version": Product.version,
}


def get_product(session: Session, product_id: uuid.UUID) -> Product:
    """Return a product."""
    product = session.get(Product, product_id)
    if product is None:
        raise NotFoundError
    return product


def get_plant(session: Session, plant_id: uuid.UUID, *, lock: bool = False) -> Plant:
    """Return a plant; locked, nobody else changes what belongs to it until the end of the transaction."""
    plant = session.get(Plant, plant_id, with_for_update=lock or None)
    if plant is None:
        raise NotFoundError
    return plant


def all_plants(session: Session) -> Sequence[Plant]:
    """Return all plants by Chinese name; a maker has few."""
    return session.exec(select(Plant).order_by(Plant.name_zh, col(Plant.id))).all()


def find_products(
    session: Session,
    *,
    words: str | None = None,
    plant_id: uuid.UUID | None = None,
    inactive: bool = False,
    after: uuid.UUID | None = None,
    before: uuid.UUID | None = None,
    limit: int = 50,
) -> Page[ProductRow]:
    """Return products by grade, from one cursor on.

    Parameters
    ----------
    words
        Part of the grade or of a name in either language.
    after, before
        Id of the product that the page follows or precedes.

    """
    conditions = [col(Product.is_active) != inactive]
    if words:
        searched = (Product.grade, Product.name_zh, Product.name_en)
        conditions.append(or_(*(col(part).icontains(words, autoescape=True) for part in searched)))
    if plant_id:
        conditions.append(col(Product.plant_id) == plant_id)
    return read_page(
        session,
        _products().where(*conditions),
        order=(col(Product.grade), col(Product.id)),
        make=ProductRow,
        cursor=_cursor(session, after=after, before=before),
        limit=limit,
    )


def get_product_row(session: Session, product_id: uuid.UUID) -> ProductRow:
    """Return a product with its plant's names."""
    found = session.execute(_products().where(col(Product.id) == product_id)).mappings().first()
    if found is None:
        raise NotFoundError
    return ProductRow(**found)


def inputs_of(session: Session, product_id: uuid.UUID) -> Sequence[InputShare]:
    """Return the suppliers of each flow of a product, with their shares."""
    statement = select(ProductInput).where(ProductInput.product_id == product_id).order_by(ProductInput.flow, col(ProductInput.id))
    return [InputShare(flow=row.flow, supplier_id=row.supplier_id, share=row.share) for row in session.exec(statement)]


def supplier_weights(
    session: Session, product: Product, *, period_start: date, period_end: date
) -> Mapping[str, Mapping[uuid.UUID, float]]:
    """Return how much of each flow comes from each supplier in a period; the weights of a flow add up to 1.

    Shares typed in the product count first. Where there are none, purchases whose own period lies inside the period decide.
    A flow's only supplier has weight 1. A flow that names no supplier is absent: the model's default stands for it.

    Raises
    ------
    WeightsError
        If shares are left to purchases and one of several suppliers has none recorded; names product, flow, supplier and fix.

    """
    return {
        flow: _weights_of(session, product, flow, shares, period_start=period_start, period_end=period_end)
        for flow, shares in by_flow(inputs_of(session, product.id)).items()
    }


def productions_of(session: Session, product_id: uuid.UUID) -> Sequence[Production]:
    """Return what was made of a product, latest period first."""
    statement = select(Production).where(Production.product_id == product_id).order_by(col(Production.period_end).desc())
    return session.exec(statement).all()


def find_production(session: Session, product_id: uuid.UUID, *, period_start: date, period_end: date) -> Production | None:
    """Return a production that shares a day with the period."""
    statement = select(Production).where(
        Production.product_id == product_id, Production.period_start <= period_end, Production.period_end >= period_start
    )
    return session.exec(statement).first()


def products_supplied_by(session: Session, supplier_id: uuid.UUID) -> Sequence[ProductRow]:
    """Return the products that name a supplier."""
    named = select(ProductInput.product_id).where(ProductInput.supplier_id == supplier_id)
    statement = _products().where(col(Product.id).in_(named)).order_by(col(Product.grade))
    return [ProductRow(**row) for row in session.execute(statement).mappings()]


def _products() -> Select[Any]:
    columns: list[Any] = [column.label(name) for name, column in PRODUCT_COLUMNS.items()]
    return select_columns(*columns).select_from(Product).join(Plant, col(Product.plant_id) == col(Plant.id))


def _cursor(session: Session, *, after: uuid.UUID | None, before: uuid.UUID | None) -> Cursor | None:
    neighbour = before or after
    if neighbour is None:
        return None
    return Cursor(place=(get_product(session, neighbour).grade, neighbour), backwards=before is not None)


def _weights_of(
    session: Session, product: Product, flow: str, shares: Sequence[InputShare], *, period_start: date, period_end: date
) -> Mapping[uuid.UUID, float]:
    typed = {item.supplier_id: item.share for item in shares if item.share is not None}
    if len(typed) == len(shares):
        return normalised(typed)
    supplier_ids = [item.supplier_id for item in shares]
    amounts = suppliers.purchased_amounts(session, supplier_ids, flow=flow, period_start=period_start, period_end=period_end)
    return weights_from_purchases(
        supplier_ids,
        amounts,
        names=suppliers.names_of(session, supplier_ids),
        product=product.grade,
        flow=flow,
        start=period_start,
        end=period_end,
    )
