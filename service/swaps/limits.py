"""Customers' limits held against footprints: headroom, and what lies above."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, select

from service.accounts.access import Principal
from service.footprints.answering import published_result
from service.footprints.disclosure import may_see_inputs
from service.footprints.models import FootprintRecord, FootprintStatus
from service.footprints.views import HEADLINE
from service.swaps.models import FootprintLimit
from service.swaps.queries import limits_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitState:
    """A limit beside the product's latest footprint.

    Attributes
    ----------
    record
        Id of the footprint; None where there is none.
    kg_co2e_per_kg
        In the limit's electricity view, as whoever asks may see it; None where it may not, or there is none.
    before_kg_co2e_per_kg
        The same of the footprint before it.

    """

    limit: FootprintLimit
    record: uuid.UUID | None
    number: str
    calculated_at: datetime | None
    kg_co2e_per_kg: float | None
    before_kg_co2e_per_kg: float | None

    @property
    def headroom_kg_co2e_per_kg(self) -> float | None:
        """How far below the limit the footprint is; negative above it."""
        return None if self.kg_co2e_per_kg is None else self.limit.limit_kg_co2e_per_kg - self.kg_co2e_per_kg

    @property
    def is_over(self) -> bool:
        """Whether the footprint is above the limit."""
        return self.headroom_kg_co2e_per_kg is not None and self.headroom_kg_co2e_per_kg < 0

    @property
    def has_crossed(self) -> bool:
        """Whether the footprint before was within the limit, so that a change has crossed it."""
        before = self.before_kg_co2e_per_kg
        return self.is_over and before is not None and before <= self.limit.limit_kg_co2e_per_kg


def limit_states(session: Session, *, on: date, to: Principal) -> Sequence[LimitState]:
    """Return the limits in force beside each product's latest calculated footprint, the least headroom first.

    Who sees results only gets the rounded ones of decision 0017, also in the comparison: otherwise a limit that somebody types
    could be moved until it tells the exact figure.
    """
    limits = limits_of(session, on=on)
    records = {product_id: _latest_two(session, product_id) for product_id in {one.product_id for one in limits}}
    states = [_state(session, one, records[one.product_id], to=to) for one in limits]
    return sorted(
        states, key=lambda one: (not one.is_over, one.headroom_kg_co2e_per_kg is None, one.headroom_kg_co2e_per_kg or 0.0)
    )


def _latest_two(session: Session, product_id: uuid.UUID) -> Sequence[FootprintRecord]:
    """Return the latest record in use of the latest period, and the one that was calculated before it for any period."""
    statement = (
        select(FootprintRecord)
        .where(FootprintRecord.product_id == product_id)
        .order_by(
            col(FootprintRecord.period_end).desc(),
            (col(FootprintRecord.status) == FootprintStatus.REPLACED),
            col(FootprintRecord.calculated_at).desc(),
            col(FootprintRecord.id).desc(),
        )
        .limit(2)
    )
    return session.exec(statement).all()


def _state(session: Session, limit: FootprintLimit, records: Sequence[FootprintRecord], *, to: Principal) -> LimitState:
    latest = records[0] if records else None
    return LimitState(
        limit=limit,
        record=None if latest is None else latest.id,
        number="" if latest is None else latest.number,
        calculated_at=None if latest is None else latest.calculated_at,
        kg_co2e_per_kg=None if latest is None else _figure(session, latest, limit.electricity_view, to=to),
        before_kg_co2e_per_kg=_figure(session, records[1], limit.electricity_view, to=to) if len(records) > 1 else None,
    )


def _figure(session: Session, record: FootprintRecord, view: str, *, to: Principal) -> float | None:
    if may_see_inputs(to):
        return next((float(one["total_kg_co2e"]) for one in record.views if one["view"] == view), None)
    return float(published_result(session, record, to=to).total_kg_co2e) if view == HEADLINE else None
