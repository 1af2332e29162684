"""Writing down how good answers are: what the reviewer judged, and on acceptance what was suggested for the rest."""

from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from service.errors import N_, ConflictError, FieldError, InvalidInputError
from service.submissions import queries
from service.submissions.answers import Given, read_all
from service.submissions.models import AnswerReview, Submission, SubmissionStatus
from service.submissions.questionnaire import questions_for
from service.submissions.ratings import INDICATORS, Rating, find_problem, rating_of, suggestions
from service.submissions.transitions import record_event

RATABLE = frozenset({SubmissionStatus.SUBMITTED, SubmissionStatus.IN_REVIEW})


def rate(session: Session, submission: Submission, ratings: Mapping[str, Rating], *, by: str, at: datetime) -> None:
    """Keep the reviewer's ratings, by field; other fields stay as they are.

    Raises
    ------
    ConflictError
        The questionnaire is not under review.
    InvalidInputError
        By `rating.<field>`: not an answered number, or a rating that can't be.

    """
    if submission.status not in RATABLE:
        raise ConflictError(N_("Only answers under review are rated."))
    expected = suggested_ratings(session, submission)
    problems = {f"rating.{field}": _problem(field, one, expected) for field, one in ratings.items()}
    found = {key: problem for key, problem in problems.items() if problem is not None}
    if found:
        raise InvalidInputError(found)
    stored = queries.ratings_of(session, submission.id)
    changed = {field: one for field, one in ratings.items() if one != _present(stored.get(field), expected[field])}
    _store(session, submission, changed, stored, expected, by=by, at=at)
    if changed:
        record_event(session, submission, "submission_rated", by=by, at=at, fields=", ".join(sorted(changed)))


def settle(session: Session, submission: Submission, *, by: str, at: datetime) -> None:
    """Keep the suggested rating of every number that the reviewer left as suggested, so that what was shown is what counts."""
    stored = queries.ratings_of(session, submission.id)
    expected = suggested_ratings(session, submission)
    unrated = {field: one for field, one in expected.items() if field not in stored}
    _store(session, submission, unrated, stored, expected, by=by, at=at)


def suggested_ratings(session: Session, submission: Submission) -> Mapping[str, Rating]:
    """Return the suggested rating of every number answered, by field."""
    files = queries.evidence_of(session, submission.id)
    return suggestions(_given(session, submission), files, period_end=submission.period_end)


def _given(session: Session, submission: Submission) -> Mapping[str, Given]:
    questions = questions_for(submission.supplier_type, submission.depth)
    return read_all(questions, queries.entries_of(session, submission.id))


def _problem(field: str, rating: Rating, expected: Mapping[str, Rating]) -> FieldError | None:
    if field not in expected:
        return FieldError(N_("Only numbers that were answered are rated."))
    return find_problem(rating)


def _present(stored: AnswerReview | None, suggested: Rating) -> Rating:
    return suggested if stored is None else rating_of(stored)


def _store(
    session: Session,
    submission: Submission,
    ratings: Mapping[str, Rating],
    stored: Mapping[str, AnswerReview],
    expected: Mapping[str, Rating],
    *,
    by: str,
    at: datetime,
) -> None:
    for field, one in ratings.items():
        values = {name: getattr(one, name) for name in INDICATORS}
        review = stored.get(field) or AnswerReview(
            submission_id=submission.id, field=field, grade=one.grade, is_suggested=True, by=by, at=at, **values
        )
        review.grade, review.is_suggested, review.by, review.at = one.grade, one == expected[field], by, at
        for name, score in values.items():
            setattr(review, name, score)
        session.add(review)
    session.flush()
