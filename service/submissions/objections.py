"""A supplier stands by a figure that was returned: its objection stays beside the field for whoever reviews it next."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from service.errors import N_, ConflictError, FieldError, InvalidInputError
from service.submissions import queries
from service.submissions.models import FieldComment, Submission, SubmissionStatus
from service.submissions.parsing import clean_text
from service.submissions.transitions import record_event

TIME_TO_OBJECT: Final = timedelta(days=7)
"""ESG·Chain gives seven days to appeal a finding."""
LONGEST: Final = 1000


def returned_fields(session: Session, submission: Submission, *, at: datetime) -> Sequence[str]:
    """Return the fields to whose return the supplier may object now; the empty one stands for the whole."""
    decided = submission.decided_at
    if submission.status is not SubmissionStatus.RETURNED or decided is None or at > decided + TIME_TO_OBJECT:
        return ()
    comments = queries.comments_of(session, submission.id)
    return tuple(dict.fromkeys(one.field for one in comments if one.is_open and not one.from_supplier))


def object_to_return(session: Session, submission: Submission, words: Mapping[str, str], *, by: str, at: datetime) -> None:
    """Keep the supplier's objections, by field, for the next review; the answers stay and can be handed in again as they are.

    Raises
    ------
    ConflictError
        Nothing was returned, or more than seven days ago.
    InvalidInputError
        By field: no words, too many, or a field that was not returned.

    """
    returned = returned_fields(session, submission, at=at)
    if not returned:
        raise ConflictError(N_("An objection is possible for seven days after answers were returned."))
    said = {field: clean_text(text) for field, text in words.items() if clean_text(text)}
    problems = {field: problem for field, text in said.items() if (problem := _problem(field, text, returned)) is not None}
    if problems or not said:
        raise InvalidInputError(problems or {"": FieldError(N_("Write something first."))})
    for field, text in said.items():
        session.add(
            FieldComment(submission_id=submission.id, field=field, text=text, by=by, at=at, from_supplier=True, is_objection=True)
        )
    record_event(session, submission, "submission_objected", by=by, at=at, fields=", ".join(sorted(said)))


def _problem(field: str, text: str, returned: Sequence[str]) -> FieldError | None:
    if field not in returned:
        return FieldError(N_("This field was not returned; there is nothing to object to."))
    return FieldError(N_("At most %(max)s characters; shorten this."), max=LONGEST) if len(text) > LONGEST else None
