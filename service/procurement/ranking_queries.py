"""What stands beside scores in a ranking: earlier scores and prices."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from service.allocation.offer_queries import offers_in_force
from service.green_score.models import Score
from service.suppliers.models import Purchase


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierScore:
    """The last score of a period."""

    period_end: date
    total: float
    grade: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a tonne costs, in yuan without VAT: offered, or else paid in the period that ended on `since`."""

    cny_per_t: float
    is_offer: bool
    since: date


def earlier_scores(session: Session, flow: str) -> Mapping[uuid.UUID, EarlierScore]:
    """Return by supplier the last score of the period before its latest one; those with one period only are absent."""
    statement = (
        select(col(Score.supplier_id), col(Score.period_end), col(Score.total), col(Score.grade))
        .where(Score.flow == flow)
        .order_by(col(Score.calculated_at), col(Score.id))
    )
    by_period: dict[uuid.UUID, dict[date, EarlierScore]] = {}
    for supplier_id, period_end, total, grade in session.exec(statement):
        by_period.setdefault(supplier_id, {})[period_end] = EarlierScore(period_end=period_end, total=total, grade=grade)
    return {supplier: periods[sorted(periods)[-2]] for supplier, periods in by_period.items() if len(periods) > 1}


def prices(session: Session, flow: str, *, on: date) -> Mapping[uuid.UUID, Price]:
    """Return by supplier the price of a material: the offer that stands on a day, else the price last paid."""
    statement = (
        select(col(Purchase.supplier_id), col(Purchase.price_cny_per_t), col(Purchase.period_end))
        .where(Purchase.flow == flow, col(Purchase.price_cny_per_t).is_not(None), Purchase.period_end <= on)
        .order_by(col(Purchase.period_end))
    )
    paid = {
        supplier_id: Price(cny_per_t=price, is_offer=False, since=end)
        for supplier_id, price, end in session.exec(statement)
        if price is not None
    }
    offered = {
        one.supplier_id: Price(cny_per_t=one.price_cny_per_t, is_offer=True, since=one.priced_on)
        for one in offers_in_force(session, on=on)
        if one.flow == flow
    }
    return paid | offered
