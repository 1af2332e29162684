"""Every SELECT on submissions; lists read columns, not objects."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, and_, bindparam, cast, func, true
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from service.accounts import access
from service.accounts.models import Organisation, User
from service.database import read_columns
from service.errors import NotFoundError
from service.evidence.models import Scan
from service.i18n import Locale
from service.submissions.answers import Entry, read_entry
from service.submissions.models import (
    Absence,
    Answer,
    AnswerReview,
    Depth,
    EarlierAnswer,
    Evidence,
    EvidenceKind,
    FieldComment,
    Finding,
    Submission,
    SubmissionStatus,
)
from service.submissions.questionnaire import find_question
from service.submissions.ratings import rating_of
from service.submissions.rules import NEVER_SUBMITTED, OPEN, SEEN_BY_SUPPLIER, USABLE
from service.submissions.upstream_queries import UpstreamFootprint, upstream_of
from service.suppliers.models import Supplier


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionRow:
    """A submission with its supplier's names."""

    id: uuid.UUID
    number: str
    supplier_id: uuid.UUID
    supplier_name_zh: str
    supplier_name_en: str
    supplier_type: str
    period_start: date
    period_end: date
    deadline: date
    status: SubmissionStatus
    version: int
    submitted_at: datetime | None
    receipt_no: str | None
    created_at: datetime
    is_sample: bool

    def supplier_name(self, locale: Locale) -> str:
        """Return the supplier's name in a language."""
        return self.supplier_name_zh if locale == "zh-CN" else self.supplier_name_en


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedAnswers:
    """What a supplier's accepted questionnaire says.

    Attributes
    ----------
    values
        By field: a number in `units`, the key of a choice, a text or a day. What was not answered is not there.
    evidence_kinds
        By field; the reviewer's judgement, else the field's own kind, else what the supplier says of most of its figures.
    scores
        By field that was rated: the five scores of the pedigree matrix in the order of `ratings.INDICATORS`, 1 is best.
    upstream
        By flow that the supplier buys, where its own supplier was asked and has answered.
    depth
        How much was asked.

    """

    submission_id: uuid.UUID
    supplier_id: uuid.UUID
    number: str
    supplier_type: str
    period_start: date
    period_end: date
    values: Mapping[str, float | str]
    units: Mapping[str, str]
    evidence_kinds: Mapping[str, str]
    scores: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    upstream: Mapping[str, UpstreamFootprint] = field(default_factory=dict)
    depth: Depth = Depth.FIRST


ROW_COLUMNS: Mapping[str, Any] = {
    "id": Submission.id,
    "number": Submission.number,
    "supplier_id": Submission.supplier_id,
    "supplier_name_zh": Organisation.name_zh,
    "supplier_name_en": Organisation.name_en,
    "supplier_type": Submission.supplier_type,
    "period_start": Submission.period_start,
    "period_end": Submission.period_end,
    "deadline": Submission.deadline,
    "status": Submission.status,
    "version": Submission.version,
    "submitted_at": Submission.submitted_at,
    "receipt_no": Submission.receipt_no,
    "created_at": Submission.created_at,
    "is_sample": Submission.is_sample,
}


def seen_by(principal: access.Principal) -> ColumnElement[bool]:
    """Return the condition on submissions that a principal may know of: staff all, suppliers their own, a link its one."""
    if principal.is_staff:
        return true()
    own = and_(access.visible_to(principal, Submission.organisation_id), col(Submission.status).in_(SEEN_BY_SUPPLIER))
    return own if principal.submission_id is None else and_(own, col(Submission.id) == principal.submission_id)


def get_submission(session: Session, submission_id: uuid.UUID, *, visible_to: access.Principal) -> Submission:
    """Return a submission that the principal may see."""
    if visible_to.is_staff:
        found = session.get(Submission, submission_id)
    else:
        found = session.exec(select(Submission).where(Submission.id == submission_id, seen_by(visible_to))).first()
    if found is None:
        raise NotFoundError
    return found


def find_submissions(
    session: Session,
    *,
    statuses: Collection[SubmissionStatus] | None = None,
    supplier_id: uuid.UUID | None = None,
    visible_to: access.Principal | None = None,
    oldest_first: bool = False,
    after: uuid.UUID | None = None,
    limit: int = 100,
) -> Sequence[SubmissionRow]:
    """Return submissions in the order of their creation, newest first unless said otherwise.

    Parameters
    ----------
    visible_to
        Whose view it is; None where only staff can ask.
    after
        Id of the last row of the page before.

    """
    names = None if statuses is None else [str(status) for status in statuses]
    given = {"statuses": names, "supplier_id": supplier_id, "after": after}
    wanted = {name: value for name, value in given.items() if value is not None}
    statement = _listing(frozenset(wanted), oldest_first=oldest_first)
    if visible_to is not None and not visible_to.is_staff:
        statement = statement.where(seen_by(visible_to))
    rows = read_columns(session, statement, {**wanted, "limit": limit})
    return [SubmissionRow(**row) for row in rows.mappings()]


@lru_cache
def _listing(wanted: frozenset[str], *, oldest_first: bool) -> Select[Any]:
    """Return the statement of `find_submissions` for the conditions named, each built once."""
    identity, status = col(Submission.id), col(Submission.status)
    # Newest first the primary key gives the page after a few rows; on the bare column SQLite would sort all of a status instead.
    matched = status if oldest_first else cast(status, String)
    conditions = {
        "statuses": matched.in_(bindparam("statuses", expanding=True)),
        "supplier_id": col(Submission.supplier_id) == bindparam("supplier_id"),
        "after": identity > bindparam("after") if oldest_first else identity < bindparam("after"),
    }
    return (
        select_columns(*(column.label(name) for name, column in ROW_COLUMNS.items()))
        .join(Organisation, col(Organisation.id) == col(Submission.organisation_id))
        .where(*(conditions[name] for name in sorted(wanted)))
        .order_by(identity.asc() if oldest_first else identity.desc())
        .limit(bindparam("limit"))
    )


def lock_overdue(session: Session, *, deadline_before: date) -> Sequence[Submission]:
    """Return requests never handed in with an earlier deadline, locked, so that none is handed in meanwhile."""
    is_overdue = (col(Submission.status).in_(NEVER_SUBMITTED), col(Submission.deadline) < deadline_before)
    return session.exec(select(Submission).where(*is_overdue).order_by(col(Submission.id)).with_for_update()).all()


def answers_of(session: Session, submission_id: uuid.UUID) -> Mapping[str, Answer]:
    """Return the answers by field."""
    return {answer.field: answer for answer in session.exec(select(Answer).where(Answer.submission_id == submission_id))}


def entries_of(session: Session, submission_id: uuid.UUID) -> Mapping[str, Entry]:
    """Return the answers by field as they were typed."""
    return {row.field: entry_of(row) for row in read_columns(session, ENTRIES, {"submission_id": submission_id})}


ENTRIES = select_columns(
    *(getattr(Answer, name) for name in ("field", "entered", "entered_unit", "evidence_kind", "note", "absent"))
).where(col(Answer.submission_id) == bindparam("submission_id"))


def entry_of(answer: Answer | EarlierAnswer | Row[Any]) -> Entry:
    """Return a stored answer as it was typed."""
    return Entry(
        entered=answer.entered,
        unit=answer.entered_unit,
        evidence_kind=EvidenceKind(answer.evidence_kind) if answer.evidence_kind else None,
        note=answer.note,
        absent=Absence(answer.absent) if answer.absent else None,
    )


def earlier_answers_of(session: Session, submission_id: uuid.UUID) -> Sequence[EarlierAnswer]:
    """Return answers that were typed over, newest first."""
    statement = (
        select(EarlierAnswer).where(EarlierAnswer.submission_id == submission_id).order_by(col(EarlierAnswer.replaced_at).desc())
    )
    return session.exec(statement).all()


def findings_of(session: Session, submission_id: uuid.UUID) -> Sequence[Finding]:
    """Return what the checks found when the answers were handed in; `plausibility.explain_observation` puts it into words."""
    return session.exec(FINDINGS, params={"submission_id": submission_id}).all()


FINDINGS = select(Finding).where(Finding.submission_id == bindparam("submission_id")).order_by(col(Finding.id))


def comments_of(session: Session, submission_id: uuid.UUID) -> Sequence[FieldComment]:
    """Return the comments on fields, oldest first."""
    return session.exec(
        select(FieldComment).where(FieldComment.submission_id == submission_id).order_by(col(FieldComment.id))
    ).all()


def evidence_of(session: Session, submission_id: uuid.UUID) -> Sequence[Evidence]:
    """Return the files attached, oldest first."""
    return session.exec(select(Evidence).where(Evidence.submission_id == submission_id).order_by(col(Evidence.id))).all()


def ratings_of(session: Session, submission_id: uuid.UUID) -> Mapping[str, AnswerReview]:
    """Return how the reviewer rated the answers, by field."""
    return {one.field: one for one in session.exec(RATINGS, params={"submission_id": submission_id})}


RATINGS = select(AnswerReview).where(AnswerReview.submission_id == bindparam("submission_id"))


def unscanned_evidence(session: Session, *, limit: int) -> Sequence[tuple[uuid.UUID, str]]:
    """Return id and SHA-256 of files that no virus scanner has seen, oldest first."""
    statement = select(Evidence.id, Evidence.sha256).where(Evidence.scan == Scan.UNSCANNED).order_by(col(Evidence.id)).limit(limit)
    return [(key, sha256) for key, sha256 in session.exec(statement)]


def get_evidence(session: Session, evidence_id: uuid.UUID, *, visible_to: access.Principal) -> Evidence:
    """Return a file's row that the principal may see."""
    statement = (
        select(Evidence)
        .join(Submission, col(Submission.id) == col(Evidence.submission_id))
        .where(Evidence.id == evidence_id, seen_by(visible_to))
    )
    found = session.exec(statement).first()
    if found is None:
        raise NotFoundError
    return found


def accepted_answers(
    session: Session, supplier_ids: Collection[uuid.UUID], *, period_start: date, period_end: date
) -> Mapping[uuid.UUID, AcceptedAnswers]:
    """Return the accepted answers by supplier; of several questionnaires that cover the period, the one that started last."""
    statement = (
        select(Submission)
        .where(
            col(Submission.supplier_id).in_(supplier_ids),
            col(Submission.status).in_(USABLE),
            Submission.period_start <= period_start,
            Submission.period_end >= period_end,
        )
        .order_by(col(Submission.period_start), col(Submission.decided_at))
    )
    return {submission.supplier_id: understood_answers(session, submission) for submission in session.exec(statement)}


def expired_answers(
    session: Session, supplier_ids: Collection[uuid.UUID], *, period_start: date, period_end: date
) -> Mapping[uuid.UUID, str]:
    """Return the numbers of questionnaires that were accepted for the period and have become too old, by supplier."""
    statement = (
        select(Submission.supplier_id, Submission.number)
        .where(
            col(Submission.supplier_id).in_(supplier_ids),
            Submission.status == SubmissionStatus.EXPIRED,
            col(Submission.decided_at).is_not(None),
            Submission.period_start <= period_start,
            Submission.period_end >= period_end,
        )
        .order_by(col(Submission.decided_at))
    )
    return dict(session.exec(statement).all())


def find_previous_answers(session: Session, submission: Submission) -> AcceptedAnswers | None:
    """Return what the same supplier's accepted questionnaire says for the latest period before this one."""
    previous = find_previous_submission(session, submission)
    return understood_answers(session, previous) if previous else None


def find_previous_submission(session: Session, submission: Submission) -> Submission | None:
    """Return the same supplier's accepted questionnaire of the latest period before this one."""
    statement = (
        select(Submission)
        .where(
            Submission.supplier_id == submission.supplier_id,
            col(Submission.status).in_(USABLE),
            Submission.period_end < submission.period_start,
        )
        .order_by(col(Submission.period_end).desc())
    )
    return session.exec(statement).first()


def understood_answers(session: Session, submission: Submission) -> AcceptedAnswers:
    """Return a submission's answers as numbers in canonical units and keys of choices."""
    values: dict[str, float | str] = {}
    units: dict[str, str] = {}
    kinds: dict[str, str] = {}
    entries = entries_of(session, submission.id)
    overall = entries.get("evidence_source", Entry()).entered
    rated = {key: rating_of(one) for key, one in ratings_of(session, submission.id).items()}
    for key, entry in entries.items():
        question = find_question(submission.supplier_type, key)
        reading = read_entry(question, entry) if question else None
        if reading is None or reading.meaning is None:
            continue
        values[key] = reading.meaning
        kinds[key] = entry.evidence_kind or overall
        if reading.unit is not None:
            units[key] = reading.unit
    return AcceptedAnswers(
        submission_id=submission.id,
        supplier_id=submission.supplier_id,
        number=submission.number,
        supplier_type=submission.supplier_type,
        period_start=submission.period_start,
        period_end=submission.period_end,
        values=values,
        units=units,
        evidence_kinds=kinds | {key: one.grade for key, one in rated.items()},
        scores={key: one.scores for key, one in rated.items()},
        upstream=upstream_of(session, submission.id),
        depth=submission.depth,
    )


def find_same_request(session: Session, supplier_id: uuid.UUID, *, period_start: date, period_end: date) -> Submission | None:
    """Return an open submission of the same supplier and period."""
    return _of_period(session, supplier_id, period_start, period_end, OPEN)


def find_accepted(session: Session, supplier_id: uuid.UUID, *, period_start: date, period_end: date) -> Submission | None:
    """Return the accepted submission of a supplier and period."""
    return _of_period(session, supplier_id, period_start, period_end, USABLE)


def last_number(session: Session, prefix: str) -> str | None:
    """Return the highest submission number that starts with a prefix; the longer of two numbers is the higher."""
    number = col(Submission.number)
    statement = select(Submission.number).where(number.startswith(prefix)).order_by(func.length(number).desc(), number.desc())
    return session.exec(statement).first()


def find_owner(session: Session, submission: Submission) -> User | None:
    """Return who of the maker looks after the supplier."""
    statement = select(User).join(Supplier, col(Supplier.owner_id) == col(User.id)).where(Supplier.id == submission.supplier_id)
    return session.exec(statement).first()


def _of_period(
    session: Session, supplier_id: uuid.UUID, period_start: date, period_end: date, statuses: Collection[SubmissionStatus]
) -> Submission | None:
    statement = select(Submission).where(
        Submission.supplier_id == supplier_id,
        Submission.period_start == period_start,
        Submission.period_end == period_end,
        col(Submission.status).in_(statuses),
    )
    return session.exec(statement).first()
