"""Every SELECT on award memos."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from service.allocation.effects import PlannedOrder
from service.errors import NotFoundError
from service.procurement.models import AwardMemo


def get_memo(session: Session, award_id: uuid.UUID) -> AwardMemo:
    """Return a memo."""
    found = session.get(AwardMemo, award_id)
    if found is None:
        raise NotFoundError
    return found


def find_memos(session: Session, *, flow: str | None = None, limit: int = 100) -> Sequence[AwardMemo]:
    """Return the latest memos."""
    statement = select(AwardMemo).order_by(col(AwardMemo.decided_at).desc(), col(AwardMemo.id).desc())
    return session.exec((statement.where(AwardMemo.flow == flow) if flow else statement).limit(limit)).all()


def memos_in_force(session: Session) -> Sequence[AwardMemo]:
    """Return the latest memo of each material: what is bought by now."""
    statement = select(AwardMemo).order_by(col(AwardMemo.decided_at), col(AwardMemo.id))
    return list({one.flow: one for one in session.exec(statement)}.values())


def last_number(session: Session, prefix: str) -> str | None:
    """Return the highest number that begins like this."""
    statement = select(AwardMemo.number).where(col(AwardMemo.number).startswith(prefix))
    return session.exec(statement.order_by(col(AwardMemo.number).desc())).first()


def orders_of(memo: AwardMemo) -> Sequence[PlannedOrder]:
    """Return what a memo awarded, with price and grade as they were."""
    candidates = {one["supplier"]: one for one in memo.snapshot["candidates"]}
    return [
        PlannedOrder(
            supplier_id=uuid.UUID(order["supplier"]),
            material=memo.flow,
            share=order["share"],
            price_per_t=candidates[order["supplier"]]["price_per_t"],
            grade=candidates[order["supplier"]]["grade"],
        )
        for order in memo.snapshot["orders"]
    ]


def offered_on(memo: AwardMemo) -> date:
    """Return the day on which offers and scores were looked at."""
    return date.fromisoformat(memo.snapshot["judged_on"])
