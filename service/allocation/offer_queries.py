"""Every SELECT on offers, demands and waivers."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from service.accounts.models import Organisation
from service.allocation.models import Demand, Offer, SoleSourceWaiver
from service.errors import NotFoundError
from service.i18n import Locale
from service.suppliers.models import Supplier
from service.suppliers.paging import Cursor, Page, read_page


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferRow:
    """An offer with its supplier's names."""

    id: uuid.UUID
    supplier_id: uuid.UUID
    supplier_name_zh: str
    supplier_name_en: str
    flow: str
    price_cny_per_t: float
    priced_on: date
    valid_until: date
    capacity_t: float
    moq_t: float
    fixed_cost_cny: float
    max_share: float
    defect_share: float
    is_qualified: bool
    version: int
    is_sample: bool

    def supplier_name(self, locale: Locale) -> str:
        """Return the supplier's name in a language."""
        return self.supplier_name_zh if locale == "zh-CN" else self.supplier_name_en

    def is_valid(self, on: date) -> bool:
        """Whether the offer stands on a day."""
        return self.priced_on <= on <= self.valid_until


_OWN = (
    *("id", "supplier_id", "flow", "price_cny_per_t", "priced_on", "valid_until", "capacity_t", "moq_t", "fixed_cost_cny"),
    *("max_share", "defect_share", "is_qualified", "version", "is_sample"),
)
OFFER_COLUMNS: Mapping[str, Any] = {
    **{name: getattr(Offer, name) for name in _OWN},
    "supplier_name_zh": Organisation.name_zh,
    "supplier_name_en": Organisation.name_en,
}


def get_offer(session: Session, offer_id: uuid.UUID) -> OfferRow:
    """Return an offer."""
    found = session.execute(_offers().where(col(Offer.id) == offer_id)).mappings().first()
    if found is None:
        raise NotFoundError
    return OfferRow(**found)


def find_offers(
    session: Session,
    *,
    flow: str | None = None,
    supplier_id: uuid.UUID | None = None,
    valid_on: date | None = None,
    after: uuid.UUID | None = None,
    before: uuid.UUID | None = None,
    limit: int = 50,
) -> Page[OfferRow]:
    """Return offers in the order of entry, newest first, from one cursor on.

    Parameters
    ----------
    valid_on
        Only those that stand on this day.

    """
    conditions = []
    if flow:
        conditions.append(col(Offer.flow) == flow)
    if supplier_id:
        conditions.append(col(Offer.supplier_id) == supplier_id)
    if valid_on:
        conditions += [col(Offer.priced_on) <= valid_on, col(Offer.valid_until) >= valid_on]
    cursor = Cursor(place=(before,), backwards=True) if before else Cursor(place=(after,)) if after else None
    statement = _offers().where(*conditions)
    return read_page(session, statement, order=(col(Offer.id),), make=OfferRow, cursor=cursor, limit=limit, descending=True)


def all_offers(session: Session) -> Sequence[OfferRow]:
    """Return every offer, for checks across all of them."""
    return [OfferRow(**row) for row in session.execute(_offers()).mappings()]


def offers_in_force(session: Session, *, on: date) -> Sequence[OfferRow]:
    """Return what suppliers in use offer on a day; of several for one material, the one priced last."""
    statement = (
        _offers()
        .where(col(Offer.priced_on) <= on, col(Offer.valid_until) >= on, col(Supplier.is_active).is_(True))
        .order_by(col(Offer.priced_on), col(Offer.id))
    )
    latest = {(row["supplier_id"], row["flow"]): OfferRow(**row) for row in session.execute(statement).mappings()}
    return sorted(latest.values(), key=lambda one: (one.flow, one.supplier_name_zh, str(one.supplier_id)))


def find_same_offer(session: Session, *, supplier_id: uuid.UUID, flow: str, priced_on: date) -> Offer | None:
    """Return the offer of a supplier for a material that was priced on a day."""
    same = (Offer.supplier_id == supplier_id, Offer.flow == flow, Offer.priced_on == priced_on)
    return session.exec(select(Offer).where(*same)).first()


def get_demand(session: Session, demand_id: uuid.UUID) -> Demand:
    """Return a demand."""
    found = session.get(Demand, demand_id)
    if found is None:
        raise NotFoundError
    return found


def find_demands(session: Session, *, year: int | None = None) -> Sequence[Demand]:
    """Return the demands, latest year first."""
    statement = select(Demand).order_by(col(Demand.year).desc(), col(Demand.flow))
    return session.exec(statement.where(Demand.year == year) if year is not None else statement).all()


def find_same_demand(session: Session, *, flow: str, year: int) -> Demand | None:
    """Return the demand for a material in a year."""
    return session.exec(select(Demand).where(Demand.flow == flow, Demand.year == year)).first()


def demand_years(session: Session) -> Sequence[int]:
    """Return the years that have demands, latest first."""
    return session.exec(select(Demand.year).distinct().order_by(col(Demand.year).desc())).all()


def get_waiver(session: Session, waiver_id: uuid.UUID) -> SoleSourceWaiver:
    """Return a waiver."""
    found = session.get(SoleSourceWaiver, waiver_id)
    if found is None:
        raise NotFoundError
    return found


def find_waivers(session: Session) -> Sequence[SoleSourceWaiver]:
    """Return all waivers, the latest first."""
    return session.exec(select(SoleSourceWaiver).order_by(col(SoleSourceWaiver.asked_at).desc())).all()


def waived_pairs(session: Session, *, on: date) -> frozenset[tuple[uuid.UUID, str]]:
    """Return the suppliers and materials with an approved waiver on a day."""
    statement = select(SoleSourceWaiver.supplier_id, SoleSourceWaiver.flow).where(
        col(SoleSourceWaiver.approved_at).is_not(None),
        col(SoleSourceWaiver.ended_at).is_(None),
        col(SoleSourceWaiver.valid_until) >= on,
    )
    return frozenset((supplier_id, flow) for supplier_id, flow in session.exec(statement))


def _offers() -> Select[Any]:
    columns: list[Any] = [column.label(name) for name, column in OFFER_COLUMNS.items()]
    return (
        select_columns(*columns)
        .select_from(Offer)
        .join(Supplier, col(Offer.supplier_id) == col(Supplier.id))
        .join(Organisation, col(Supplier.organisation_id) == col(Organisation.id))
    )
