"""Every SELECT on campaigns; lists read columns, not objects."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, select

from service.accounts.models import Organisation, User
from service.audit.models import AuditEvent
from service.campaigns.funnel import History
from service.campaigns.models import Campaign, CampaignMember, CampaignStatus, Reminder, ReminderOptOut
from service.campaigns.reminding import Step
from service.errors import NotFoundError
from service.i18n import Locale
from service.submissions.models import Answer, Depth, Door, Invitation, Submission, SubmissionStatus
from service.submissions.questionnaire import questions_for
from service.suppliers.models import Supplier

REMINDED = (
    SubmissionStatus.INVITED,
    SubmissionStatus.DELIVERED,
    SubmissionStatus.OPENED,
    SubmissionStatus.IN_PROGRESS,
)
"""Reminders go to who has not handed in yet; a bounced address would only bounce again."""
TOUCHES = frozenset({"answers_saved", "submission_opened", "submission_in_progress", "submission_submitted"})


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignRow:
    """A campaign with its owner's name and how many suppliers it asks."""

    id: uuid.UUID
    name: str
    period_start: date
    period_end: date
    deadline: date
    status: CampaignStatus
    owner_name: str
    is_sample: bool
    members: int
    accepted: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """A supplier of a campaign; what belongs to its request is None before there is one."""

    id: uuid.UUID
    supplier_id: uuid.UUID
    name_zh: str
    name_en: str
    supplier_type: str
    contact_name: str | None
    contact_email: str | None
    is_active: bool
    submission_id: uuid.UUID | None
    number: str | None
    status: SubmissionStatus | None
    deadline: date | None

    def name(self, locale: Locale) -> str:
        """Return the supplier's name in a language."""
        return self.name_zh if locale == "zh-CN" else self.name_en


@dataclass(frozen=True, slots=True, kw_only=True)
class Remindable:
    """A request that may be reminded of, with its live invitation and the supplier's address."""

    submission: Submission
    invitation: Invitation
    contact_name: str | None
    contact_email: str
    owner: User | None
    sent: frozenset[Step]


MEMBER_COLUMNS: Mapping[str, Any] = {
    "id": CampaignMember.id,
    "supplier_id": Supplier.id,
    "name_zh": Organisation.name_zh,
    "name_en": Organisation.name_en,
    "supplier_type": Supplier.supplier_type,
    "contact_name": Supplier.contact_name,
    "contact_email": Supplier.contact_email,
    "is_active": Supplier.is_active,
    "submission_id": Submission.id,
    "number": Submission.number,
    "status": Submission.status,
    "deadline": Submission.deadline,
}


def get_campaign(session: Session, campaign_id: uuid.UUID) -> Campaign:
    """Return a campaign."""
    campaign = session.get(Campaign, campaign_id)
    if campaign is None:
        raise NotFoundError
    return campaign


def find_campaigns(session: Session, *, limit: int = 200) -> Sequence[CampaignRow]:
    """Return campaigns, newest first."""
    usable = col(Submission.status).in_((SubmissionStatus.ACCEPTED, SubmissionStatus.IN_USE))
    counts = (
        select_columns(
            col(CampaignMember.campaign_id).label("campaign_id"),
            func.count(col(CampaignMember.id)).label("members"),
            func.count(col(Submission.id)).filter(usable).label("accepted"),
        )
        .join(Submission, col(Submission.id) == col(CampaignMember.submission_id), isouter=True)
        .group_by(col(CampaignMember.campaign_id))
        .subquery()
    )
    names = ("id", "name", "period_start", "period_end", "deadline", "status", "is_sample")
    statement = (
        select_columns(
            *(getattr(Campaign, name) for name in names),
            col(User.name).label("owner_name"),
            func.coalesce(counts.c.members, 0).label("members"),
            func.coalesce(counts.c.accepted, 0).label("accepted"),
        )
        .join(User, col(User.id) == col(Campaign.owner_id))
        .join(counts, counts.c.campaign_id == col(Campaign.id), isouter=True)
        .order_by(col(Campaign.id).desc())
        .limit(limit)
    )
    return [CampaignRow(**row) for row in session.execute(statement).mappings()]


def running_campaigns(session: Session) -> Sequence[Campaign]:
    """Return the campaigns that run."""
    return session.exec(select(Campaign).where(Campaign.status == CampaignStatus.RUNNING).order_by(col(Campaign.id))).all()


def members_of(session: Session, campaign_id: uuid.UUID) -> Sequence[MemberRow]:
    """Return the suppliers of a campaign by Chinese name."""
    statement: Select[Any] = (
        select_columns(*(column.label(name) for name, column in MEMBER_COLUMNS.items()))
        .select_from(CampaignMember)
        .join(Supplier, col(Supplier.id) == col(CampaignMember.supplier_id))
        .join(Organisation, col(Organisation.id) == col(Supplier.organisation_id))
        .join(Submission, col(Submission.id) == col(CampaignMember.submission_id), isouter=True)
        .where(col(CampaignMember.campaign_id) == campaign_id)
        .order_by(col(Organisation.name_zh), col(CampaignMember.id))
    )
    return [MemberRow(**row) for row in session.execute(statement).mappings()]


def waiting_members(session: Session, campaign_id: uuid.UUID) -> Sequence[uuid.UUID]:
    """Return the members that have no request yet, in the order in which they were added."""
    waits = (CampaignMember.campaign_id == campaign_id, col(CampaignMember.submission_id).is_(None))
    return session.exec(select(CampaignMember.id).where(*waits).order_by(col(CampaignMember.id))).all()


def submissions_of(session: Session, campaign_id: uuid.UUID) -> Sequence[Submission]:
    """Return the requests of a campaign."""
    statement = (
        select(Submission)
        .join(CampaignMember, col(CampaignMember.submission_id) == col(Submission.id))
        .where(CampaignMember.campaign_id == campaign_id)
        .order_by(col(Submission.id))
    )
    return session.exec(statement).all()


def histories_of(session: Session, submission_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, History]:
    """Return what the audit trail tells of each request."""
    statement = (
        select_columns(col(AuditEvent.object_id), col(AuditEvent.action), col(AuditEvent.at))
        .where(
            col(AuditEvent.object_id).in_([str(one) for one in submission_ids]),
            col(AuditEvent.object_type) == "submission",
        )
        .order_by(col(AuditEvent.id))
    )
    events: dict[str, list[tuple[str, datetime]]] = {str(one): [] for one in submission_ids}
    for object_id, action, at in session.execute(statement):
        events[object_id].append((action, at))
    return {one: _history(events[str(one)]) for one in submission_ids}


def reminders_of(session: Session, submission_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, frozenset[Step]]:
    """Return the reminders sent, by request; without any it is not there."""
    found: dict[uuid.UUID, set[Step]] = {}
    statement = select(Reminder.submission_id, Reminder.step).where(col(Reminder.submission_id).in_(submission_ids))
    for submission_id, step in session.exec(statement):
        found.setdefault(submission_id, set()).add(Step(step))
    return {submission_id: frozenset(steps) for submission_id, steps in found.items()}


def opted_out(session: Session, submission_ids: Collection[uuid.UUID]) -> frozenset[uuid.UUID]:
    """Return which of the requests want no more reminders."""
    statement = select(ReminderOptOut.submission_id).where(col(ReminderOptOut.submission_id).in_(submission_ids))
    return frozenset(session.exec(statement))


def find_opt_out(session: Session, submission_id: uuid.UUID) -> ReminderOptOut | None:
    """Return whether, and since when, a supplier wants no more reminders about a request."""
    return session.get(ReminderOptOut, submission_id)


def find_remindable(session: Session, *, deadline_from: date, deadline_until: date) -> Sequence[Remindable]:
    """Return requests with a deadline in a range that are not handed in and whose supplier has not opted out.

    Samples are left out: their addresses belong to nobody.
    """
    statement = (
        select_columns(Submission, Invitation, Supplier, User)
        .join(Invitation, col(Invitation.submission_id) == col(Submission.id))
        .join(Supplier, col(Supplier.id) == col(Submission.supplier_id))
        .join(User, col(User.id) == col(Supplier.owner_id), isouter=True)
        .where(
            col(Submission.status).in_(REMINDED),
            col(Submission.deadline).between(deadline_from, deadline_until),
            col(Submission.is_sample).is_(False),
            col(Invitation.revoked_at).is_(None),
            col(Supplier.is_active).is_(True),
            col(Supplier.contact_email).is_not(None),
            col(Submission.id).not_in(select(ReminderOptOut.submission_id)),
        )
        .order_by(col(Submission.id))
    )
    rows = session.execute(statement).all()
    sent = reminders_of(session, [row[0].id for row in rows])
    return [
        Remindable(
            submission=submission,
            invitation=invitation,
            contact_name=supplier.contact_name,
            contact_email=supplier.contact_email,
            owner=owner,
            sent=sent.get(submission.id, frozenset()),
        )
        for submission, invitation, supplier, owner in rows
    ]


def first_unanswered(session: Session, submissions: Collection[Submission]) -> Mapping[uuid.UUID, str]:
    """Return, by request, the key of the first question without an answer; one that is complete is not there."""
    statement = select(Answer.submission_id, Answer.field).where(
        col(Answer.submission_id).in_([one.id for one in submissions]),
        (col(Answer.entered) != "") | col(Answer.absent).is_not(None),
    )
    answered: dict[uuid.UUID, set[str]] = {}
    for submission_id, field in session.exec(statement):
        answered.setdefault(submission_id, set()).add(field)
    found = {
        one.id: next(
            (
                question.key
                for question in questions_for(one.supplier_type, Depth(one.depth))
                if question.key not in answered.get(one.id, ())
            ),
            None,
        )
        for one in submissions
    }
    return {submission_id: key for submission_id, key in found.items() if key is not None}


def live_invitations(session: Session, submission_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, Invitation]:
    """Return the invitations that are not revoked, by request."""
    live = (col(Invitation.submission_id).in_(submission_ids), col(Invitation.revoked_at).is_(None))
    return {one.submission_id: one for one in session.exec(select(Invitation).where(*live))}


def doors_of(session: Session, submission_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, frozenset[Door]]:
    """Return by which doors the answers of each request came; without answers it is not there."""
    found: dict[uuid.UUID, set[Door]] = {}
    statement = select(Answer.submission_id, Answer.door).where(col(Answer.submission_id).in_(submission_ids)).distinct()
    for submission_id, door in session.exec(statement):
        found.setdefault(submission_id, set()).add(Door(door))
    return {submission_id: frozenset(doors) for submission_id, doors in found.items()}


def _history(events: Sequence[tuple[str, datetime]]) -> History:
    statuses = {f"submission_{status}": status for status in SubmissionStatus}
    return History(
        statuses=[(statuses[action], at) for action, at in events if action in statuses],
        touches=[at for action, at in events if action in TOUCHES],
    )
