"""What is known around a questionnaire, gathered for the checks in a handful of queries."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import func
from sqlmodel import Session, col, select

from service.submissions import queries
from service.submissions.models import Answer, Submission
from service.submissions.peers import may_be_shown, peers_of
from service.submissions.plausibility import Surroundings
from service.submissions.plausibility.cases import Answers, Period
from service.submissions.questions import Question
from service.submissions.rules import USABLE
from service.suppliers.models import Purchase


def surroundings_of(session: Session, submission: Submission, questions: Sequence[Question], answers: Answers) -> Surroundings:
    """Return what is known besides the answers; of other suppliers only what tells nobody's own figure."""
    previous = queries.find_previous_answers(session, submission)
    return Surroundings(
        supplier_type=submission.supplier_type,
        today=_last_typed(session, submission),
        period=(submission.period_start, submission.period_end),
        other_periods=_other_periods(session, submission),
        earlier=previous.values if previous else {},
        peers=_peers(session, submission, questions, answers),
        delivered_t=_delivered(session, submission),
    )


def _last_typed(session: Session, submission: Submission) -> date | None:
    """Return the day of the last answer: the checks say the same until something is typed again."""
    last = session.exec(select(func.max(Answer.typed_at)).where(Answer.submission_id == submission.id)).one()
    return last.date() if isinstance(last, datetime) else None


def _other_periods(session: Session, submission: Submission) -> Sequence[Period]:
    statement = select(col(Submission.period_start), col(Submission.period_end)).where(
        Submission.supplier_id == submission.supplier_id, Submission.id != submission.id, col(Submission.status).in_(USABLE)
    )
    return [(start, end) for start, end in session.exec(statement)]


def _peers(
    session: Session, submission: Submission, questions: Sequence[Question], answers: Answers
) -> Mapping[str, Sequence[float]]:
    read = {key: given.reading for key, given in answers.items()}
    own = {key: value for key, one in read.items() if (value := one.value if one.value is not None else one.choice) is not None}
    peers = peers_of(session, submission, questions, own)
    return {key: [one.value for one in values] for key, values in peers.items() if may_be_shown(values)}


def _delivered(session: Session, submission: Submission) -> float | None:
    """Return what the purchase ledger has from the supplier for the very same period, t; None where it has nothing."""
    statement = select(func.sum(Purchase.amount_t)).where(
        Purchase.supplier_id == submission.supplier_id,
        Purchase.period_start == submission.period_start,
        Purchase.period_end == submission.period_end,
    )
    return session.exec(statement).one()
