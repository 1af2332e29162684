"""Every SELECT on whose answers a score may rest on."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, select

from service.submissions.models import Submission
from service.submissions.queries import AcceptedAnswers, understood_answers
from service.submissions.rules import USABLE
from service.suppliers.models import Purchase, Supplier


def latest_answers(session: Session, supplier_id: uuid.UUID, *, period_end: date) -> AcceptedAnswers | None:
    """Return the supplier's accepted answers of the latest period that ends by a day; None where none may be used any more."""
    found = _latest(session, supplier_id, col(Submission.period_end) <= period_end)
    return None if found is None else understood_answers(session, found)


def earlier_answers(session: Session, answers: AcceptedAnswers) -> AcceptedAnswers | None:
    """Return the same supplier's accepted answers of the latest period before these."""
    found = _latest(session, answers.supplier_id, col(Submission.period_end) < answers.period_start)
    return None if found is None else understood_answers(session, found)


def suppliers_of_flow(session: Session, flow: str) -> Sequence[Supplier]:
    """Return who has delivered a flow, in a stable order."""
    bought = select(Purchase.supplier_id).where(Purchase.flow == flow)
    return session.exec(select(Supplier).where(col(Supplier.id).in_(bought)).order_by(col(Supplier.id))).all()


def _latest(session: Session, supplier_id: uuid.UUID, ended: ColumnElement[bool]) -> Submission | None:
    statement = (
        select(Submission)
        .where(Submission.supplier_id == supplier_id, col(Submission.status).in_(USABLE), ended)
        .order_by(col(Submission.period_end).desc(), col(Submission.decided_at).desc())
    )
    return session.exec(statement).first()
