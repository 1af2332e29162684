"""Reading material accounts and their flows."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlmodel import Session, col, select

from service.errors import NotFoundError
from service.material_flows.models import MaterialAccount, MaterialFlow


def get_account(session: Session, account_id: uuid.UUID) -> MaterialAccount:
    """Return an account."""
    account = session.get(MaterialAccount, account_id)
    if account is None:
        raise NotFoundError
    return account


def find_accounts(session: Session, *, plant_id: uuid.UUID | None = None) -> Sequence[MaterialAccount]:
    """Return accounts, the latest period first."""
    query = select(MaterialAccount)
    if plant_id is not None:
        query = query.where(MaterialAccount.plant_id == plant_id)
    order = (col(MaterialAccount.period_end).desc(), col(MaterialAccount.plant_id), col(MaterialAccount.id))
    return session.exec(query.order_by(*order)).all()


def overlapping_account(session: Session, plant_id: uuid.UUID, *, start: date, end: date) -> MaterialAccount | None:
    """Return an account of a plant that shares a day with a period."""
    query = select(MaterialAccount).where(
        MaterialAccount.plant_id == plant_id, MaterialAccount.period_start <= end, MaterialAccount.period_end >= start
    )
    return session.exec(query).first()


def flows_of(session: Session, account_id: uuid.UUID) -> Sequence[MaterialFlow]:
    """Return the flows of an account, the largest first."""
    query = select(MaterialFlow).where(MaterialFlow.account_id == account_id, col(MaterialFlow.ended_at).is_(None))
    return session.exec(query.order_by(col(MaterialFlow.amount_t).desc(), col(MaterialFlow.id))).all()
