"""Every SELECT behind what a supplier is given back."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from lca_models.model import Model
from service.feedback.own_footprint import process_total
from service.feedback.own_steps import NoOwnFootprintError, own_step
from service.feedback.peers import MOST_PEERS, Peer
from service.footprints.models import FootprintRecord, FootprintSource, FootprintStatus
from service.submissions.models import Submission, SubmissionStatus
from service.submissions.queries import AcceptedAnswers, understood_answers
from service.submissions.rules import USABLE

EVER_ACCEPTED: Final = USABLE | {SubmissionStatus.SUPERSEDED}
_OUTPUTS: Final = ("product_out", "product_output")
_READ_AT_MOST: Final = 3 * MOST_PEERS
"""Others whose answers are read to find those that have a footprint of their own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What accepted answers were used for."""

    calculated: bool
    released: bool


def accepted_history(session: Session, supplier_id: uuid.UUID) -> Sequence[AcceptedAnswers]:
    """Return the supplier's accepted answers, the earliest period first; of one period those that count now."""
    statement = (
        select(Submission)
        .where(Submission.supplier_id == supplier_id, col(Submission.status).in_(USABLE))
        .order_by(col(Submission.period_end), col(Submission.decided_at))
    )
    return [understood_answers(session, one) for one in session.exec(statement)]


def first_accepted(session: Session, submission: Submission) -> AcceptedAnswers:
    """Return what the supplier's first accepted questionnaire of the same period says."""
    found = session.exec(_accepted_of_period(submission).where(Submission.supplier_id == submission.supplier_id)).first()
    return understood_answers(session, found or submission)


def find_peers(session: Session, submission: Submission, model: Model, *, product: str) -> Sequence[Peer]:
    """Return what others of the same type said for the same period, in the order in which they were first accepted.

    Parameters
    ----------
    product
        Flow that the step makes: others that make something else are left out, as are those without a footprint or an output.

    """
    statement = _accepted_of_period(submission).where(
        Submission.supplier_id != submission.supplier_id,
        Submission.supplier_type == submission.supplier_type,
        Submission.is_sample == submission.is_sample,
    )
    firsts: dict[uuid.UUID, Submission] = {}
    for one in session.exec(statement):
        firsts.setdefault(one.supplier_id, one)
    found = (_peer(understood_answers(session, one), model, product) for one in list(firsts.values())[:_READ_AT_MOST])
    return [one for one in found if one is not None][:MOST_PEERS]


def usage_of(session: Session, submission_id: uuid.UUID) -> Usage:
    """Return whether footprints rest on a submission, and whether one of them is released."""
    statuses = session.exec(
        select(FootprintRecord.status)
        .join(FootprintSource, col(FootprintSource.footprint_id) == col(FootprintRecord.id))
        .where(FootprintSource.submission_id == submission_id)
        .distinct()
    ).all()
    return Usage(calculated=bool(statuses), released=FootprintStatus.RELEASED in statuses)


def latest_records(session: Session, submission_id: uuid.UUID) -> Sequence[FootprintRecord]:
    """Return the latest record of each product that rests on a submission."""
    statement = (
        select(FootprintRecord)
        .join(FootprintSource, col(FootprintSource.footprint_id) == col(FootprintRecord.id))
        .where(FootprintSource.submission_id == submission_id)
        .order_by(col(FootprintRecord.calculated_at), col(FootprintRecord.id))
    )
    return list({one.product_id: one for one in session.exec(statement)}.values())


def find_year_before(session: Session, submission: Submission) -> Submission | None:
    """Return the supplier's accepted submission of the latest period before this one."""
    return session.exec(
        select(Submission)
        .where(
            Submission.supplier_id == submission.supplier_id,
            col(Submission.status).in_(EVER_ACCEPTED),
            Submission.period_end < submission.period_start,
        )
        .order_by(col(Submission.period_end).desc(), col(Submission.decided_at).desc())
    ).first()


def output_of(answers: AcceptedAnswers) -> float | None:
    """Return how much was made in the period, in the questionnaire's unit."""
    amounts = (answers.values.get(field) for field in _OUTPUTS)
    return next((one for one in amounts if isinstance(one, float)), None)


def _accepted_of_period(submission: Submission) -> SelectOfScalar[Submission]:
    """Select what was ever accepted for the same period, the earliest acceptance first."""
    return (
        select(Submission)
        .where(
            col(Submission.status).in_(EVER_ACCEPTED),
            Submission.period_start == submission.period_start,
            Submission.period_end == submission.period_end,
        )
        .order_by(col(Submission.decided_at), col(Submission.id))
    )


def _peer(answers: AcceptedAnswers, model: Model, product: str) -> Peer | None:
    output = output_of(answers)
    if output is None:
        return None
    try:
        own = own_step(answers, model)
        total = process_total(answers, model)
    except NoOwnFootprintError:
        return None
    return Peer(kg_co2e=total, output=output) if own.step.product(model) == product else None
