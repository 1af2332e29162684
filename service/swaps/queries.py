"""Every SELECT of swaps."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from service.accounts.models import Organisation
from service.allocation.offer_queries import offers_in_force
from service.compliance.models import Veto
from service.errors import NotFoundError
from service.green_score.models import Score
from service.green_score.published import Disclosure, published_score
from service.products.models import ProductInput
from service.suppliers.flows import FLOWS
from service.suppliers.models import Purchase, Supplier
from service.swaps.models import FootprintLimit, SwapRun


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What an input costs from a supplier, with freight as far as the source has it, without VAT.

    Attributes
    ----------
    priced_on
        Day of the offer, or last day of the purchase's period.
    defect_share
        0 to 1; None where only a purchase is known.

    """

    cny_per_t: float
    priced_on: date
    is_offer: bool
    defect_share: float | None


Prices = Mapping[tuple[str, uuid.UUID], Price]


def prices(session: Session, *, on: date) -> Prices:
    """Return the price by flow and supplier: of the offer in force, else of the last purchase; absent where there is none."""
    statement = (
        select(Purchase)
        .where(col(Purchase.price_cny_per_t).is_not(None), col(Purchase.period_start) <= on)
        .order_by(col(Purchase.period_end), col(Purchase.id))
    )
    bought = {
        (one.flow, one.supplier_id): Price(
            cny_per_t=one.price_cny_per_t, priced_on=min(one.period_end, on), is_offer=False, defect_share=None
        )
        for one in session.exec(statement)
        if one.price_cny_per_t is not None
    }
    offered = {
        (one.flow, one.supplier_id): Price(
            cny_per_t=one.price_cny_per_t, priced_on=one.priced_on, is_offer=True, defect_share=one.defect_share
        )
        for one in offers_in_force(session, on=on)
    }
    return {**bought, **offered}


def deliverers(session: Session, flow: str, *, priced: Collection[uuid.UUID], today: Collection[uuid.UUID]) -> Sequence[Supplier]:
    """Return who could deliver a flow: today's suppliers, and active ones of a fitting type that deliver it or nothing else known.

    Parameters
    ----------
    priced
        Suppliers with an offer or a purchase of the flow.

    """
    types = FLOWS[flow].supplier_types
    known = select(Purchase.supplier_id).union(select(ProductInput.supplier_id))
    named = select(ProductInput.supplier_id).where(ProductInput.flow == flow)
    fits = or_(col(Supplier.id).in_([*priced]), col(Supplier.id).in_(named), col(Supplier.id).not_in(known))
    statement = (
        select(Supplier)
        .join(Organisation, col(Supplier.organisation_id) == col(Organisation.id))
        .where(or_(col(Supplier.id).in_([*today]), col(Supplier.is_active) & col(Supplier.supplier_type).in_(types) & fits))
        .order_by(col(Organisation.name_zh), col(Supplier.id))
    )
    return session.exec(statement).all()


def get_run(session: Session, swap_run_id: uuid.UUID) -> SwapRun:
    """Return a run."""
    run = session.get(SwapRun, swap_run_id)
    if run is None:
        raise NotFoundError
    return run


def runs_of(session: Session, product_id: uuid.UUID, *, with_exact: bool, limit: int = 10) -> Sequence[SwapRun]:
    """Return the latest runs of a product, newest first; exact ones only for those who may see answers."""
    statement = select(SwapRun).where(SwapRun.product_id == product_id)
    if not with_exact:
        statement = statement.where(col(SwapRun.is_exact).is_(False))
    return session.exec(statement.order_by(col(SwapRun.id).desc()).limit(limit)).all()


def excluded_suppliers(session: Session, *, on: date) -> frozenset[uuid.UUID]:
    """Return the suppliers with an exclusion that nobody has cleared."""
    return frozenset(session.exec(select(Veto.supplier_id).where(col(Veto.cleared_at).is_(None), Veto.since <= on)))


def limits_of(session: Session, *, product_id: uuid.UUID | None = None, on: date | None = None) -> Sequence[FootprintLimit]:
    """Return customers' limits that nobody has withdrawn, those in force on a day where one is given, the strictest first."""
    statement = select(FootprintLimit).where(col(FootprintLimit.withdrawn_at).is_(None))
    if product_id is not None:
        statement = statement.where(FootprintLimit.product_id == product_id)
    if on is not None:
        statement = statement.where(FootprintLimit.valid_from <= on)
    return session.exec(statement.order_by(col(FootprintLimit.limit_kg_co2e_per_kg), col(FootprintLimit.id))).all()


def get_limit(session: Session, footprint_limit_id: uuid.UUID) -> FootprintLimit:
    """Return a limit."""
    limit = session.get(FootprintLimit, footprint_limit_id)
    if limit is None:
        raise NotFoundError
    return limit


def scores(session: Session, flows: Collection[str], *, disclosure: Disclosure) -> Mapping[tuple[str, uuid.UUID], float]:
    """Return the latest green score, 0 to 100, by flow and supplier, as whoever asks may see it; open periods don't count."""
    statement = (
        select(Score)
        .where(col(Score.flow).in_([*flows]), col(Score.is_open).is_(False))
        .order_by(col(Score.calculated_at), col(Score.id))
    )
    return {(one.flow, one.supplier_id): published_score(one, disclosure).total for one in session.exec(statement)}
