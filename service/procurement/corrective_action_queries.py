"""Every SELECT on corrective actions."""

import uuid
from collections.abc import Sequence

from sqlalchemy import func
from sqlmodel import Session, col, select

from service.accounts.access import Principal, visible_to
from service.errors import NotFoundError
from service.green_score.models import Score
from service.green_score.queries import latest_scores
from service.procurement.corrective_action_rules import SUGGESTING_GRADES
from service.procurement.models import ActionStatus, CorrectiveAction

WAITING = (ActionStatus.OPEN, ActionStatus.DONE)


def get_action(session: Session, action_id: uuid.UUID, *, asking: Principal) -> CorrectiveAction:
    """Return an action that the principal may see."""
    statement = select(CorrectiveAction).where(
        CorrectiveAction.id == action_id, visible_to(asking, CorrectiveAction.organisation_id)
    )
    found = session.exec(statement).first()
    if found is None:
        raise NotFoundError
    return found


def find_actions(
    session: Session,
    *,
    supplier_id: uuid.UUID | None = None,
    status: ActionStatus | None = None,
    owner_id: uuid.UUID | None = None,
) -> Sequence[CorrectiveAction]:
    """Return actions, those that wait first, the first due first."""
    conditions = []
    if supplier_id is not None:
        conditions.append(CorrectiveAction.supplier_id == supplier_id)
    if status is not None:
        conditions.append(CorrectiveAction.status == status)
    if owner_id is not None:
        conditions.append(CorrectiveAction.owner_id == owner_id)
    waits = col(CorrectiveAction.status).in_(WAITING)
    statement = (
        select(CorrectiveAction).where(*conditions).order_by(waits.desc(), col(CorrectiveAction.due), col(CorrectiveAction.number))
    )
    return session.exec(statement).all()


def actions_of(session: Session, organisation_id: uuid.UUID) -> Sequence[CorrectiveAction]:
    """Return a supplier's actions, the first due first."""
    statement = (
        select(CorrectiveAction)
        .where(CorrectiveAction.organisation_id == organisation_id)
        .order_by(col(CorrectiveAction.due), col(CorrectiveAction.number))
    )
    return session.exec(statement).all()


def suggested_scores(session: Session) -> Sequence[Score]:
    """Return the latest scores whose grade asks for an action while the supplier has none that waits, the worst first."""
    busy = set(session.exec(select(CorrectiveAction.supplier_id).where(col(CorrectiveAction.status).in_(WAITING))))
    wanting = [
        one for one in latest_scores(session) if one.grade in SUGGESTING_GRADES and not one.is_open and one.supplier_id not in busy
    ]
    return sorted(wanting, key=lambda one: (one.total, str(one.id)))


def last_number(session: Session, prefix: str) -> str | None:
    """Return the highest number that begins with a prefix; the longer of two numbers is the higher."""
    number = col(CorrectiveAction.number)
    statement = select(CorrectiveAction.number).where(number.startswith(prefix)).order_by(func.length(number).desc(), number.desc())
    return session.exec(statement).first()
