"""Every SELECT on whose answers a score may rest on."""

import uuid
from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement
from sqlmodel import Session, and_, col, or_, select

from service.compliance.models import Veto, VetoKind
from service.submissions.models import Submission, SubmissionStatus
from service.submissions.queries import AcceptedAnswers, understood_answers
from service.submissions.rules import USABLE
from service.suppliers.flows import FLOWS
from service.suppliers.models import Supplier


def latest_answers(session: Session, supplier_id: uuid.UUID, *, period_end: date) -> AcceptedAnswers | None:
    """Return the supplier's accepted answers of the latest period that ends by a day; None where none may be used any more."""
    usable = col(Submission.status).in_(USABLE)
    found = _latest(session, supplier_id, usable, col(Submission.period_end) <= period_end)
    return None if found is None else understood_answers(session, found)


def earlier_answers(session: Session, answers: AcceptedAnswers) -> AcceptedAnswers | None:
    """Return the same supplier's accepted answers of the latest period before these.

    A trend may rest on answers that have become too old to be calculated with since.
    """
    was_accepted = and_(Submission.status == SubmissionStatus.EXPIRED, col(Submission.decided_at).is_not(None))
    usable = or_(col(Submission.status).in_(USABLE), was_accepted)
    found = _latest(session, answers.supplier_id, usable, col(Submission.period_end) < answers.period_start)
    return None if found is None else understood_answers(session, found)


def peers_of_flow(session: Session, flow: str) -> Sequence[Supplier]:
    """Return the suppliers whose type delivers a flow, in a stable order; whose figures were falsified, nobody is held against."""
    falsified = select(Veto.supplier_id).where(Veto.kind == VetoKind.FALSIFICATION, col(Veto.cleared_at).is_(None))
    statement = select(Supplier).where(
        col(Supplier.is_active),
        col(Supplier.supplier_type).in_(FLOWS[flow].supplier_types),
        col(Supplier.id).not_in(falsified),
    )
    return session.exec(statement.order_by(col(Supplier.id))).all()


def _latest(session: Session, supplier_id: uuid.UUID, *conditions: ColumnElement[bool]) -> Submission | None:
    statement = (
        select(Submission)
        .where(Submission.supplier_id == supplier_id, *conditions)
        .order_by(col(Submission.period_end).desc(), col(Submission.decided_at).desc())
    )
    return session.exec(statement).first()
