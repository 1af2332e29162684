"""Every write on campaigns, from the plan to the last reminder."""

import uuid
from collections.abc import Collection, Iterable
from datetime import date, datetime

from sqlmodel import Session, col, select

from service.accounts.models import OrganisationKind, User
from service.accounts.queries import get_organisation
from service.audit.operations import record
from service.campaigns import queries
from service.campaigns.mails import notice_mail
from service.campaigns.models import Campaign, CampaignMember, CampaignStatus, ReminderOptOut
from service.campaigns.rules import CampaignStateError, check_draft, check_open
from service.campaigns.schemas import CampaignInput, ListedSupplier, NoticeInput
from service.clock import day_at
from service.errors import N_, FieldError, InvalidInputError, StaleVersionError
from service.jobs.operations import enqueue
from service.mail.operations import queue
from service.settings import Settings
from service.submissions import operations as submissions
from service.submissions.models import Depth, Submission, SubmissionStatus
from service.submissions.queries import find_accepted, find_same_request
from service.submissions.rules import EDITABLE
from service.suppliers.models import Supplier
from service.suppliers.operations import create_supplier
from service.suppliers.schemas import SupplierInput

MANY = 20
"""Above so many suppliers the requests are made by a background job, so that nobody waits for a page."""


def create_campaign(
    session: Session, fields: CampaignInput, notice: NoticeInput, *, by: str, at: datetime, is_sample: bool = False
) -> Campaign:
    """Begin a campaign; nobody is asked yet."""
    _check_owner(session, fields.owner_id)
    campaign = Campaign(**fields.model_dump(), **notice.model_dump(), created_by=by, created_at=at, is_sample=is_sample)
    session.add(campaign)
    session.flush()  # its members refer to it
    record(session, "campaign_created", of=campaign, by=by, at=at)
    return campaign


def change_campaign(session: Session, campaign: Campaign, fields: CampaignInput, *, version: int, by: str, at: datetime) -> None:
    """Change what a campaign asks before it starts; afterwards only name, owner and digest may change."""
    check_open(campaign.status)
    _check_version(campaign, version)
    _check_owner(session, fields.owner_id)
    if campaign.status is not CampaignStatus.DRAFT:
        asked = ("period_start", "period_end", "depth", "deadline")
        if any(getattr(fields, name) != getattr(campaign, name) for name in asked):
            check_draft(campaign.status)
    for name, value in fields.model_dump().items():
        setattr(campaign, name, value)
    _touch(session, campaign, "campaign_changed", by=by, at=at)


def change_notice(session: Session, campaign: Campaign, notice: NoticeInput, *, version: int, by: str, at: datetime) -> None:
    """Change the letter; what has been sent stays as it was."""
    check_draft(campaign.status)
    _check_version(campaign, version)
    campaign.notice_zh, campaign.notice_en = notice.notice_zh, notice.notice_en
    _touch(session, campaign, "campaign_changed", by=by, at=at)


def add_members(session: Session, campaign: Campaign, supplier_ids: Iterable[uuid.UUID], *, by: str, at: datetime) -> int:
    """Add suppliers, each once, and return how many are new; of a running campaign they are asked with the next start."""
    check_open(campaign.status)
    wanted = set(supplier_ids)
    known = set(session.exec(select(Supplier.id).where(col(Supplier.id).in_(wanted), col(Supplier.is_active).is_(True))))
    if wanted - known:
        raise InvalidInputError(
            {"supplier_ids": FieldError(N_("A supplier chosen does not exist or is switched off; choose again."))}
        )
    present = set(session.exec(select(CampaignMember.supplier_id).where(CampaignMember.campaign_id == campaign.id)))
    for supplier_id in sorted(wanted - present):
        session.add(CampaignMember(campaign_id=campaign.id, supplier_id=supplier_id, added_at=at))
    if wanted - present:
        _touch(session, campaign, "campaign_members_added", by=by, at=at, count=len(wanted - present))
    return len(wanted - present)


def import_members(session: Session, campaign: Campaign, rows: Iterable[ListedSupplier], *, by: str, at: datetime) -> int:
    """Add the suppliers of a list, those that are not known yet as new suppliers; return how many are new to the campaign."""
    chosen = [row.supplier_id or _add_supplier(session, campaign, row, by=by, at=at).id for row in rows]
    return add_members(session, campaign, chosen, by=by, at=at)


def remove_member(session: Session, campaign: Campaign, member_id: uuid.UUID, *, by: str, at: datetime) -> None:
    """Take a supplier out that has not been asked yet."""
    member = session.get(CampaignMember, member_id)
    if member is None or member.campaign_id != campaign.id:
        return
    if member.submission_id is not None:
        raise CampaignStateError(N_("This supplier has been asked already; withdraw its request instead."))
    session.delete(member)
    _touch(session, campaign, "campaign_member_removed", by=by, at=at)


def send_notice(session: Session, campaign: Campaign, *, settings: Settings, by: str, at: datetime) -> int:
    """Mail the letter to every supplier with an address, and return to how many."""
    check_draft(campaign.status)
    mail = notice_mail(notice_zh=campaign.notice_zh, notice_en=campaign.notice_en, settings=settings)
    addresses = {row.contact_email for row in queries.members_of(session, campaign.id) if row.contact_email}
    if not addresses:
        raise CampaignStateError(N_("No supplier of this campaign has an e-mail address; copy the letter and send it yourself."))
    for address in sorted(addresses):
        queue(session, to=address, subject=mail.subject, body=mail.body, about=f"campaign:{campaign.id}", at=at)
    note_notice(session, campaign, by=by, at=at, mails=len(addresses))
    return len(addresses)


def note_notice(session: Session, campaign: Campaign, *, by: str, at: datetime, mails: int = 0) -> None:
    """Note that the suppliers have been told; `mails` by us, the others by people."""
    check_draft(campaign.status)
    campaign.noticed_at = at
    _touch(session, campaign, "campaign_notice_sent", by=by, at=at, mails=mails)


def start(session: Session, campaign: Campaign, *, settings: Settings, by: str, at: datetime) -> bool:
    """Ask every supplier that has not been asked; return whether that is done already, or left to a background job.

    Starting again asks those who were added since; nobody is asked twice.
    """
    check_open(campaign.status)
    waiting = queries.waiting_members(session, campaign.id)
    _check_ready(campaign, waiting, today=day_at(at, settings.timezone))
    if campaign.status is CampaignStatus.DRAFT:
        campaign.status, campaign.started_at, campaign.last_digest_on = CampaignStatus.RUNNING, at, day_at(at, settings.timezone)
    _touch(session, campaign, "campaign_started", by=by, at=at, suppliers=len(waiting))
    if len(waiting) > MANY:
        payload = {"campaign_id": str(campaign.id), "by": by}
        enqueue(session, "start_campaign", payload, key=f"start_campaign:{campaign.id}:{campaign.version}", run_at=at)
        return False
    for member_id in waiting:
        ask_member(session, campaign, member_id, settings=settings, by=by, at=at)
    return True


def ask_member(session: Session, campaign: Campaign, member_id: uuid.UUID, *, settings: Settings, by: str, at: datetime) -> None:
    """Give a member its request and link; one that it has already for the same period is taken instead of a second one."""
    member = session.get_one(CampaignMember, member_id, with_for_update=True)
    supplier = session.get_one(Supplier, member.supplier_id)
    if member.submission_id is not None or not supplier.is_active:
        return
    submission = _find_suitable(session, campaign, supplier) or submissions.plan(
        session,
        supplier,
        period_start=campaign.period_start,
        period_end=campaign.period_end,
        deadline=campaign.deadline,
        message=None,
        depth=campaign.depth,
        by=by,
        at=at,
    )
    member.submission_id = submission.id
    session.add(member)
    if submission.status is SubmissionStatus.PLANNED:
        submissions.invite(session, submission, settings=settings, by=by, at=at)


def extend_deadline(session: Session, campaign: Campaign, *, deadline: date, timezone: str, by: str, at: datetime) -> int:
    """Give everybody more time who has not handed in and whose deadline is earlier; return how many."""
    check_open(campaign.status)
    if deadline <= campaign.deadline:
        problem = FieldError(
            N_("%(deadline)s is not after the present deadline %(present)s."), deadline=deadline, present=campaign.deadline
        )
        raise InvalidInputError({"deadline": problem})
    late = [
        one
        for one in queries.submissions_of(session, campaign.id)
        if one.status in EDITABLE | {SubmissionStatus.PLANNED} and one.deadline < deadline
    ]
    for submission in late:
        submissions.extend_deadline(session, submission, deadline=deadline, timezone=timezone, by=by, at=at)
    campaign.deadline = deadline
    _touch(session, campaign, "campaign_deadline_extended", by=by, at=at, deadline=deadline)
    return len(late)


def close(session: Session, campaign: Campaign, *, by: str, at: datetime) -> None:
    """End a campaign: no more digests, nobody is added; open requests and their links stay as they are."""
    check_open(campaign.status)
    campaign.status, campaign.closed_at = CampaignStatus.CLOSED, at
    _touch(session, campaign, "campaign_closed", by=by, at=at)


def opt_out(session: Session, submission: Submission, *, at: datetime) -> None:
    """Send no more reminders about a request; asking again changes nothing."""
    if queries.find_opt_out(session, submission.id) is None:
        session.add(ReminderOptOut(submission_id=submission.id, at=at))
        record(session, "reminders_stopped", of=submission, by="anonymous", at=at, organisation_id=submission.organisation_id)


def opt_in(session: Session, submission: Submission, *, at: datetime) -> None:
    """Send reminders about a request again."""
    stopped = queries.find_opt_out(session, submission.id)
    if stopped is not None:
        session.delete(stopped)
        record(session, "reminders_resumed", of=submission, by="anonymous", at=at, organisation_id=submission.organisation_id)


def _check_ready(campaign: Campaign, waiting: Collection[uuid.UUID], *, today: date) -> None:
    if not waiting:
        raise CampaignStateError(N_("There is nobody to ask: add suppliers first."))
    if campaign.noticed_at is None:
        raise CampaignStateError(N_("Tell the suppliers first: send the letter, or say that you have handed it on yourself."))
    if campaign.deadline < today:
        raise CampaignStateError(
            N_("The deadline %(deadline)s has passed; choose today, %(today)s, or later."), deadline=campaign.deadline, today=today
        )


def _find_suitable(session: Session, campaign: Campaign, supplier: Supplier) -> Submission | None:
    """Return the open or accepted request of the same period; an accepted short one does not answer a full campaign."""
    period = {"period_start": campaign.period_start, "period_end": campaign.period_end}
    accepted = find_accepted(session, supplier.id, **period)
    asked_enough = accepted is not None and accepted.depth in {campaign.depth, Depth.FULL}
    return find_same_request(session, supplier.id, **period) or (accepted if asked_enough else None)


def _add_supplier(session: Session, campaign: Campaign, row: ListedSupplier, *, by: str, at: datetime) -> Supplier:
    fields = SupplierInput(**row.model_dump(exclude={"supplier_id"}), owner_id=campaign.owner_id)
    return create_supplier(session, fields, by=by, at=at)


def _check_owner(session: Session, owner_id: uuid.UUID) -> None:
    owner = session.get(User, owner_id)
    if owner is None or get_organisation(session, owner.organisation_id).kind is not OrganisationKind.MAKER:
        raise InvalidInputError({"owner_id": FieldError(N_("This person is not of your company; pick one from the list."))})


def _check_version(campaign: Campaign, version: int) -> None:
    if campaign.version != version:
        raise StaleVersionError


def _touch(session: Session, campaign: Campaign, action: str, *, by: str, at: datetime, **facts: object) -> None:
    campaign.version += 1
    session.add(campaign)
    session.flush()
    record(session, action, of=campaign, by=by, at=at, organisation_id=None, **facts)
