"""Questions of a case with their answers, as both sides read them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session

from service.accounts.queries import names_of_actors
from service.errors import N_
from service.footprints.queries import RecordRow
from service.i18n import Locale, translate
from service.verification import queries
from service.verification.models import CaseComment
from service.verification.rules import Part, subject_of
from service.verification.words import PART_LABELS


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """What somebody wrote."""

    text: str
    author: str
    at: datetime
    is_from_verifier: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """A question with its answers, the oldest first.

    Attributes
    ----------
    record_id, part
        The page that it is about; None is the whole case.
    settled_by
        None while it is open.

    """

    id: uuid.UUID
    subject: str
    record_id: uuid.UUID | None
    part: Part | None
    words: Sequence[Words]
    is_from_verifier: bool
    settled_by: str | None
    settled_at: datetime | None


def threads_of(session: Session, case_id: uuid.UUID, *, locale: Locale) -> list[Thread]:
    """Return the questions of a case, open ones first, then the newest first."""
    comments = queries.comments_of(session, case_id)
    rows = {row.id: row for row in queries.rows_of(session, case_id)}
    people = names_of_actors(session, [one.author for one in comments] + [one.settled_by for one in comments if one.settled_by])
    replies: dict[uuid.UUID, list[CaseComment]] = {}
    for one in comments:
        replies.setdefault(one.reply_to or one.id, []).append(one)
    found = [
        _thread(one, replies[one.id], subject=subject_words(one.about, rows, locale), people=people)
        for one in comments
        if one.reply_to is None
    ]
    found.reverse()
    return sorted(found, key=lambda thread: thread.settled_at is not None)


def subject_words(about: str, rows: Mapping[uuid.UUID, RecordRow], locale: Locale) -> str:
    """Return what a question is about."""
    subject = subject_of(about)
    if subject is None or subject.record_id is None or subject.record_id not in rows:
        return translate(locale, N_("The whole verification"))
    row = rows[subject.record_id]
    return f"{row.grade} {row.number} · {translate(locale, PART_LABELS[subject.part or Part.RESULT])}"


def _thread(question: CaseComment, comments: Sequence[CaseComment], *, subject: str, people: Mapping[str, str]) -> Thread:
    about = subject_of(question.about)
    return Thread(
        id=question.id,
        subject=subject,
        record_id=about.record_id if about else None,
        part=about.part if about else None,
        words=[
            Words(text=one.text, author=people.get(one.author, ""), at=one.written_at, is_from_verifier=one.is_from_verifier)
            for one in comments
        ],
        is_from_verifier=question.is_from_verifier,
        settled_by=people.get(question.settled_by, "") if question.settled_by else None,
        settled_at=question.settled_at,
    )
