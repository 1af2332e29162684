"""The talk about a field between supplier and maker: what one side says stays open until the other has seen to it."""

from datetime import datetime

from sqlalchemy import update
from sqlmodel import Session, col

from service.audit.operations import record
from service.errors import N_, ConflictError, FieldError, InvalidInputError
from service.submissions import queries
from service.submissions.models import FieldComment, Submission
from service.submissions.models import SubmissionStatus as Status
from service.submissions.parsing import clean_text
from service.submissions.questionnaire import find_question
from service.submissions.rules import EDITABLE

LONGEST_COMMENT = 1000
TALKING = EDITABLE | {Status.SUBMITTED, Status.IN_REVIEW}


def comment(
    session: Session, submission: Submission, *, field: str, text: str, from_supplier: bool, by: str, at: datetime
) -> FieldComment:
    """Say something about a field; what the other side had said about it is thereby seen to.

    The same words once more by the same person are the same comment: a form may be sent twice.

    Raises
    ------
    ConflictError
        The questionnaire is closed.
    InvalidInputError
        For `comment`: empty, too long, or about a field that is not asked.

    """
    words = clean_text(text)
    _check(submission, field, words)
    earlier = [one for one in queries.comments_of(session, submission.id) if one.field == field]
    if earlier and (earlier[-1].text, earlier[-1].by) == (words, by):
        return earlier[-1]
    close(session, submission, field=field, from_supplier=not from_supplier)
    said = FieldComment(submission_id=submission.id, field=field, text=words, from_supplier=from_supplier, by=by, at=at)
    session.add(said)
    session.flush()
    organisation_id = submission.organisation_id
    record(session, "submission_commented", of=submission, by=by, at=at, organisation_id=organisation_id, field=field)
    return said


def close(session: Session, submission: Submission, *, field: str, from_supplier: bool) -> None:
    """Note that one side's words about a field have been seen to."""
    theirs = (
        col(FieldComment.submission_id) == submission.id,
        col(FieldComment.field) == field,
        col(FieldComment.from_supplier).is_(from_supplier),
    )
    session.exec(update(FieldComment).where(*theirs).values(is_open=False))


def _check(submission: Submission, field: str, words: str) -> None:
    if submission.status not in TALKING:
        raise ConflictError(N_("This questionnaire is closed; write to your contact instead."))
    if find_question(submission.supplier_type, field) is None:
        raise InvalidInputError({"comment": FieldError(N_("This is not a question for this type of supplier."))})
    if not words:
        raise InvalidInputError({"comment": FieldError(N_("Write something first."))})
    if len(words) > LONGEST_COMMENT:
        raise InvalidInputError({"comment": FieldError(N_("At most %(max)s characters; shorten this."), max=LONGEST_COMMENT)})
