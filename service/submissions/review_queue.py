"""What waits for a reviewer, narrowed down as the reviewer likes, and what may be accepted together."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select
from sqlmodel import Session, col

from service.accounts.models import Organisation
from service.i18n import Locale
from service.submissions import queries
from service.submissions.models import Finding, Submission, SubmissionStatus
from service.submissions.questionnaire import questions_for
from service.submissions.rules import USABLE
from service.submissions.unchanged import changed_fields

WAITING: Final = frozenset({SubmissionStatus.SUBMITTED, SubmissionStatus.IN_REVIEW})
DECIDED: Final = USABLE | {SubmissionStatus.RETURNED, SubmissionStatus.SUPERSEDED}
REVIEW_TIME: Final = timedelta(days=7)
"""Longer than this nobody should wait for an answer to what they handed in; own choice."""
WARNING: Final = "warning"
OWN_COLUMNS: Final = (
    *("id", "number", "supplier_type", "period_start", "period_end"),
    *("status", "version", "submitted_at", "reviewer", "is_sample"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueFilter:
    """Which questionnaires a reviewer wants to see; None and False show all.

    Attributes
    ----------
    year
        In which the reporting period ends.
    waits_since
        Handed in before this moment.
    reviewer
        Actor who has taken them into review.

    """

    statuses: frozenset[SubmissionStatus]
    supplier_type: str | None = None
    year: int | None = None
    waits_since: datetime | None = None
    with_warnings: bool = False
    reviewer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueRow:
    """A questionnaire in the queue; `warnings` counts what the checks doubt."""

    id: uuid.UUID
    number: str
    supplier_name_zh: str
    supplier_name_en: str
    supplier_type: str
    period_start: date
    period_end: date
    status: SubmissionStatus
    version: int
    submitted_at: datetime | None
    reviewer: str | None
    is_sample: bool
    warnings: int

    def supplier_name(self, locale: Locale) -> str:
        """Return the supplier's name in a language."""
        return self.supplier_name_zh if locale == "zh-CN" else self.supplier_name_en


def review_queue(session: Session, wanted: QueueFilter, *, newest_first: bool = False, limit: int = 200) -> Sequence[QueueRow]:
    """Return questionnaires that match, who waits longest first unless said otherwise."""
    handed_in = col(Submission.submitted_at)
    order = (handed_in.desc(), col(Submission.id).desc()) if newest_first else (handed_in, col(Submission.id))
    statement = (
        select(*_columns())
        .join(Organisation, col(Organisation.id) == col(Submission.organisation_id))
        .where(*_conditions(wanted))
        .order_by(*order)
        .limit(limit)
    )
    return [QueueRow(**row) for row in session.execute(statement).mappings()]


def periods_in_queue(session: Session) -> Sequence[int]:
    """Return the years in which periods of questionnaires end that wait for a decision, latest first."""
    ends = session.execute(select(col(Submission.period_end)).where(col(Submission.status).in_(WAITING)).distinct())
    return sorted({end.year for (end,) in ends}, reverse=True)


def unchanged_in_queue(session: Session) -> Sequence[QueueRow]:
    """Return what waits without a doubt of the checks and says the same as the accepted answers before, but for totals."""
    rows = review_queue(session, QueueFilter(statuses=WAITING))
    return [row for row in rows if not row.warnings and _is_unchanged(session, row.id)]


def _is_unchanged(session: Session, submission_id: uuid.UUID) -> bool:
    submission = session.get_one(Submission, submission_id)
    before = queries.find_previous_answers(session, submission)
    if before is None or any(one.is_open and one.from_supplier for one in queries.comments_of(session, submission_id)):
        return False
    now = queries.understood_answers(session, submission)
    return not changed_fields(questions_for(submission.supplier_type, submission.depth), now.values, before.values)


def _columns() -> Sequence[ColumnElement[Any]]:
    return [
        *(col(getattr(Submission, name)).label(name) for name in OWN_COLUMNS),
        col(Organisation.name_zh).label("supplier_name_zh"),
        col(Organisation.name_en).label("supplier_name_en"),
        _warnings().label("warnings"),
    ]


def _warnings() -> Any:  # noqa: ANN401 - a scalar subquery
    doubts = (col(Finding.submission_id) == col(Submission.id), col(Finding.level) == WARNING)
    return select(func.count(col(Finding.id))).where(*doubts).correlate(Submission).scalar_subquery()


def _conditions(wanted: QueueFilter) -> Sequence[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [col(Submission.status).in_(wanted.statuses)]
    if wanted.supplier_type is not None:
        found.append(col(Submission.supplier_type) == wanted.supplier_type)
    if wanted.year is not None:
        found.append(col(Submission.period_end).between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    if wanted.waits_since is not None:
        found.append(col(Submission.submitted_at) < wanted.waits_since)
    if wanted.with_warnings:
        found.append(_warnings() > 0)
    if wanted.reviewer is not None:
        found.append(col(Submission.reviewer) == wanted.reviewer)
    return found
