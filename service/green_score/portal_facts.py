"""What the platform itself has observed of a supplier: what it answered, how late, with which evidence."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import func
from sqlmodel import Session, col, select

from service.campaigns.models import Reminder
from service.campaigns.working_days import DAY, chinese_working_days
from service.green_score.backing import Backing
from service.green_score.facts import PortalFacts
from service.submissions.models import Absence, FieldComment, Receipt, Submission, SubmissionStatus
from service.submissions.queries import entries_of
from service.submissions.questionnaire import questions_for
from service.submissions.rules import OPEN, USABLE

REQUESTS: Final = 4
REFUSED_AFTER: Final = timedelta(days=90)
REMINDERS: Final = 3
GRACE_WORKING_DAYS: Final = 10
_NOT_ASKED: Final = frozenset({SubmissionStatus.PLANNED, SubmissionStatus.WITHDRAWN})
_WITH_US: Final = frozenset({SubmissionStatus.SUBMITTED, SubmissionStatus.IN_REVIEW})
_ANSWERED: Final = USABLE | _WITH_US | {SubmissionStatus.SUPERSEDED}


def requests_to(session: Session, supplier_id: uuid.UUID, *, period_end: date) -> Sequence[Submission]:
    """Return what a supplier was asked for periods that end by a day, the latest period and request last."""
    statement = (
        select(Submission)
        .where(
            Submission.supplier_id == supplier_id,
            Submission.period_end <= period_end,
            col(Submission.status).not_in(_NOT_ASKED),
        )
        .order_by(col(Submission.period_end), col(Submission.created_at), col(Submission.id))
    )
    return session.exec(statement).all()


def is_period_open(requests: Sequence[Submission], period_end: date, *, on: date) -> bool:
    """Tell whether a period still waits: for answers until ten working days after the due date, or for our review of them."""
    latest = next((one for one in reversed(requests) if one.period_end == period_end), None)
    return latest is not None and _waits(latest, on=on)


def portal_facts(session: Session, requests: Sequence[Submission], backing: Backing | None, *, on: date) -> PortalFacts:
    """Return what was observed by a day.

    Parameters
    ----------
    requests
        As `requests_to` returns them.
    backing
        Of the answers that the score rests on; None where there are none.

    """
    firsts = _first_handed_in(session, [one.id for one in requests])
    return PortalFacts(
        accepted_share=_accepted_share(session, requests, backing, on=on),
        days_late=_days_late(requests, firsts, on=on),
        evidence_share=None if backing is None else _evidence_share(backing),
        corrected_share=None if backing is None else _corrected_share(session, backing),
        refuses_data=_refuses(session, requests, on=on),
    )


def grace_ends(deadline: date) -> date:
    """Return the tenth working day after a due date."""
    days, day, left = chinese_working_days(), deadline, GRACE_WORKING_DAYS
    while left:
        day += DAY
        left -= days.is_working_day(day)
    return day


def _waits(request: Submission, *, on: date) -> bool:
    if request.status in _WITH_US:
        return True
    return request.status in OPEN and on <= grace_ends(request.deadline)


def _accepted_share(session: Session, requests: Sequence[Submission], backing: Backing | None, *, on: date) -> float | None:
    """Return accepted over required fields; nothing of a request that was due and has no accepted answers."""
    latest = next((one for one in reversed(requests) if not _waits(one, on=on)), None)
    if latest is None:
        return None
    if backing is None or latest.status not in USABLE:
        return 0.0
    request = session.get_one(Submission, backing.answers.submission_id)
    required = [one.key for one in questions_for(request.supplier_type, request.depth) if one.required]
    entries = entries_of(session, request.id)
    given = [key for key in required if key in backing.answers.values or _does_not_apply(entries.get(key))]
    return len(given) / len(required) if required else 1.0


def _does_not_apply(entry: object) -> bool:
    return getattr(entry, "absent", None) is Absence.NOT_APPLICABLE


def _first_handed_in(session: Session, submission_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, datetime]:
    statement = (
        select(Receipt.submission_id, func.min(Receipt.submitted_at))
        .where(col(Receipt.submission_id).in_(submission_ids))
        .group_by(col(Receipt.submission_id))
    )
    return dict(session.exec(statement).all())


def _days_late(requests: Sequence[Submission], firsts: Mapping[uuid.UUID, datetime], *, on: date) -> tuple[float, ...]:
    """Return the days late of the last four requests, by due date; what is not due yet and not answered does not count."""
    counted: list[float] = []
    for one in sorted(requests, key=lambda each: each.deadline):
        handed_in = firsts.get(one.id) or one.submitted_at
        if handed_in is None and (on <= one.deadline or one.status is SubmissionStatus.SUPERSEDED):
            continue
        day = on if handed_in is None else min(handed_in.date(), on)
        counted.append(float(max((day - one.deadline).days, 0)))
    return tuple(counted[-REQUESTS:])


def _evidence_share(backing: Backing) -> float | None:
    figures = _figures(backing)
    return sum(backing.shows(field) for field in figures) / len(figures) if figures else None


def _corrected_share(session: Session, backing: Backing) -> float | None:
    """Return the share of figures that a reviewer sent back."""
    figures = _figures(backing)
    statement = select(FieldComment.field).where(
        FieldComment.submission_id == backing.answers.submission_id, col(FieldComment.from_supplier).is_(False)
    )
    returned = set(session.exec(statement))
    return len(returned & set(figures)) / len(figures) if figures else None


def _figures(backing: Backing) -> list[str]:
    return sorted(field for field, value in backing.answers.values.items() if isinstance(value, float))


def _refuses(session: Session, requests: Sequence[Submission], *, on: date) -> bool:
    """Tell whether the latest request has been refused for too long, or left unanswered through three reminders."""
    latest = next(iter(reversed(requests)), None)
    if latest is None or latest.status in _ANSWERED:
        return False
    if on - latest.deadline > REFUSED_AFTER:
        return True
    reminded = session.exec(select(func.count(col(Reminder.id))).where(Reminder.submission_id == latest.id)).one()
    return latest.status is not SubmissionStatus.RETURNED and reminded >= REMINDERS and on > latest.deadline
