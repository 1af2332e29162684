"""How green the supply chain is, in figures that the committee follows: each with its definition and what it is counted from.

Figures count suppliers of the whole house, so they stay within it; none tells a supplier's own figure.
"""

import uuid
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from service.footprints.queries import get_records
from service.procurement.kpi_queries import answering_of, bought_in
from service.procurement.kpis import NOT_CATEGORY_1, Answering, Bought, Engagement, engagement
from service.procurement.models import ActionStatus, CorrectiveAction
from service.product_footprints.queries import all_active
from service.submissions.models import Submission
from service.submissions.rules import USABLE

GRADES = ("A+", "A", "B", "C", "D", "V")
"""Best first; V is excluded by a veto."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """How many questionnaires were handed in, and how many accepted, in a quarter."""

    name: str
    handed_in: int
    accepted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyChain:
    """The figures of a year; None where nothing can be said.

    Attributes
    ----------
    by_spend, by_tonnes
        Share of what was bought from suppliers with accepted figures; spend counts where a price is recorded.
    primary_share
        Part of our declared footprints that rests on primary data, the plain mean over products.
    actions_closed, actions
        Corrective actions of the whole time.

    """

    year: int
    engagement: Engagement
    by_spend: float | None
    by_tonnes: float | None
    primary_share: float | None
    products: int
    actions_closed: int
    actions_overdue: int
    actions: int
    quarters: Sequence[Quarter]
    is_sample: bool


def supply_chain(session: Session, year: int, *, on: date) -> SupplyChain:
    """Return the figures of the purchases of a year; scores, footprints and actions are those of today."""
    bought = bought_in(session, year, on=on)
    answering = answering_of(session, {one.supplier_id for one in bought}, year)
    counted = [one for one in bought if one.flow not in NOT_CATEGORY_1]
    shares = _primary_shares(session)
    actions = session.exec(select(CorrectiveAction)).all()
    return SupplyChain(
        year=year,
        engagement=engagement(bought, answering, grades=GRADES),
        by_spend=accepted_share(counted, answering, lambda one: one.cny),
        by_tonnes=accepted_share(counted, answering, lambda one: one.t),
        primary_share=sum(shares) / len(shares) if shares else None,
        products=len(shares),
        actions_closed=sum(one.status is ActionStatus.CLOSED for one in actions),
        actions_overdue=sum(one.status is not ActionStatus.CLOSED and one.due < on for one in actions),
        actions=len(actions),
        quarters=quarters(_handed_in(session)),
        is_sample=any(one.is_sample for one in actions),
    )


def accepted_share(
    bought: Sequence[Bought], answering: Mapping[uuid.UUID, Answering], weight: Callable[[Bought], float | None]
) -> float | None:
    """Return the part of purchases from suppliers with accepted figures, by a weight; None where nothing is weighed."""
    weighed = [(one, value) for one in bought if (value := weight(one)) is not None]
    whole = sum(value for _, value in weighed)
    part = sum(value for one, value in weighed if answering.get(one.supplier_id, Answering()).is_accepted)
    return part / whole if whole > 0 else None


def quarters(handed_in: Sequence[tuple[date, bool]]) -> list[Quarter]:
    """Return the last eight quarters in which something was handed in, each with how much of it was accepted."""
    all_of = Counter(_quarter(day) for day, _ in handed_in)
    accepted = Counter(_quarter(day) for day, is_accepted in handed_in if is_accepted)
    return [Quarter(name=name, handed_in=count, accepted=accepted[name]) for name, count in sorted(all_of.items())[-8:]]


def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"


def _handed_in(session: Session) -> list[tuple[date, bool]]:
    rows = session.exec(select(Submission).where(col(Submission.submitted_at).is_not(None)))
    return [(one.submitted_at.date(), one.status in USABLE) for one in rows if one.submitted_at is not None]


def _primary_shares(session: Session) -> list[float]:
    records = get_records(session, [one.record_id for one in all_active(session)]).values()
    return [float(one.shares.get("primary", 0.0)) for one in records]
