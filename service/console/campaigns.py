"""Pages on campaigns: list, plan, letter, start, and how far everybody has come."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Literal, TypeVar

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role, User
from service.accounts.pages import render_page, see_other
from service.campaigns import operations, queries
from service.campaigns.funnel import SIDE_EXITS, STEPS, Stage, StageCount, stage_now
from service.campaigns.mails import NOTICE_SUBJECT, notice_text
from service.campaigns.models import Campaign, CampaignStatus, DigestRhythm
from service.campaigns.queries import CampaignRow
from service.campaigns.rules import NextAction
from service.campaigns.schemas import CampaignInput, DeadlineInput, NoticeInput
from service.campaigns.words import ACTION_WORDS, CAMPAIGN_STATUS_WORDS, DEPTH_WORDS, DIGEST_WORDS, STAGE_WORDS
from service.clock import day_at
from service.console.campaign_rows import CampaignLine, look_at, uncovered_years
from service.console.choices import Options, read_filter
from service.errors import N_, InvalidInputError, ServiceError
from service.i18n import LOCALES, translate
from service.submissions.models import Depth
from service.suppliers.queries import find_owners
from service.suppliers.rules import find_deadline_problem, find_request_problems, last_full_year
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

READERS = roles(Role.ENGINEER, Role.PROCUREMENT, Role.REVIEWER, Role.AUDITOR)
WRITERS = roles(Role.ENGINEER, Role.PROCUREMENT)
Key = TypeVar("Key", bound=StrEnum)
TIME_TO_ANSWER = timedelta(days=28)
"""Deadline offered for a new campaign; own choice: the letter goes out some days before the link."""


class CampaignChange(CampaignInput):
    """The form of an existing campaign: with the version it was read at."""

    version: int


class NoticeChange(NoticeInput):
    """The letter's form, with the version of the campaign it was read at."""

    version: int


class LineFilter(FormInput):
    """What the address of a campaign's page may hold."""

    stage: Stage | None = None
    action: NextAction | None = None
    show: Literal["all", "todo"] = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignsPage:
    """The list; `rows` are (campaign, status in words)."""

    rows: Sequence[tuple[CampaignRow, str]]
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignFormPage:
    """The form, for a new campaign if `campaign` is None; what is asked can't be changed once it runs."""

    campaign: Campaign | None
    form: FormState
    owners: Options
    depths: Options
    rhythms: Options
    is_fixed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignPage:
    """One campaign.

    Attributes
    ----------
    lines
        Those that the filter lets through.
    steps, exits
        Counts of the funnel, and of what leaves it; each with its name.
    figures
        (label, value, definition).
    uncovered
        Years in which reminders may go out whose public holidays are not known.

    """

    campaign: Campaign
    status_text: str
    depth_text: str
    digest_text: str
    owner: User
    members: int
    waiting: int
    lines: Sequence[CampaignLine]
    steps: Sequence[tuple[str, StageCount]]
    exits: Sequence[tuple[str, StageCount]]
    figures: Sequence[tuple[str, str, str]]
    filter: LineFilter
    stages: Options
    actions: Options
    uncovered: Sequence[int]
    has_mail_server: bool
    form: FormState
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NoticePage:
    """The letter: its form, and how it looks to the suppliers."""

    campaign: Campaign
    form: FormState
    subject: str
    addresses: int
    without_address: Sequence[str]
    has_mail_server: bool


@router.get("/console/campaigns")
@endpoint(READERS)
def show_campaigns(context: Context) -> Response:
    """List campaigns, newest first."""
    rows = queries.find_campaigns(context.session)
    words = {status: translate(context.locale, text) for status, text in CAMPAIGN_STATUS_WORDS.items()}
    page = CampaignsPage(rows=[(row, words[row.status]) for row in rows], may_write=may_write(context))
    return render_page(context, "console/campaigns.html", page)


@router.get("/console/campaigns/new")
@endpoint(WRITERS)
def new_campaign(context: Context) -> Response:
    """Show the form, with last year as the period."""
    today = context.today
    start, end = last_full_year(today)
    values = {
        "name": translate(context.locale, N_("Production data %(year)s"), year=end.year),
        "period_start": str(start),
        "period_end": str(end),
        "deadline": str(today + TIME_TO_ANSWER),
        "depth": Depth.FIRST.value,
        "digest": DigestRhythm.WEEKLY.value,
        "owner_id": str(context.asking.user_id),
    }
    return _show_form(context, None, FormState(values=values))


@router.post("/console/campaigns")
@endpoint(WRITERS)
def create_campaign(context: Context) -> Response:
    """Begin a campaign with a letter that is ready to be changed."""
    try:
        fields = parse_form(CampaignInput, context.form)
        _check_dates(context, fields)
        notice = _offered_notice(context, fields)
        campaign = operations.create_campaign(context.session, fields, notice, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_form(context, None, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/campaigns/{campaign.id}/suppliers", N_("The campaign is ready for its suppliers."))


@router.get("/console/campaigns/{campaign_id}")
@endpoint(READERS)
def show_campaign(context: Context, campaign_id: uuid.UUID) -> Response:
    """Show how far everybody has come, or what is left to prepare."""
    return _show_campaign(context, queries.get_campaign(context.session, campaign_id), FormState())


@router.get("/console/campaigns/{campaign_id}/edit")
@endpoint(WRITERS)
def edit_campaign(context: Context, campaign_id: uuid.UUID) -> Response:
    """Show the form with what is known."""
    campaign = queries.get_campaign(context.session, campaign_id)
    names = (*CampaignInput.model_fields, "version")
    return _show_form(context, campaign, FormState(values={name: str(getattr(campaign, name)) for name in names}))


@router.post("/console/campaigns/{campaign_id}")
@endpoint(WRITERS)
def change_campaign(context: Context, campaign_id: uuid.UUID) -> Response:
    """Change a campaign."""
    campaign = queries.get_campaign(context.session, campaign_id)
    try:
        typed = parse_form(CampaignChange, context.form)
        fields = CampaignInput(**typed.model_dump(exclude={"version"}))
        if campaign.status is CampaignStatus.DRAFT:
            _check_dates(context, fields)
        operations.change_campaign(context.session, campaign, fields, version=typed.version, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_form(context, campaign, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/campaigns/{campaign_id}", N_("Saved."))


@router.get("/console/campaigns/{campaign_id}/notice")
@endpoint(WRITERS)
def show_notice(context: Context, campaign_id: uuid.UUID) -> Response:
    """Show the letter."""
    campaign = queries.get_campaign(context.session, campaign_id)
    values = {"notice_zh": campaign.notice_zh, "notice_en": campaign.notice_en, "version": str(campaign.version)}
    return _show_notice(context, campaign, FormState(values=values))


@router.post("/console/campaigns/{campaign_id}/notice")
@endpoint(WRITERS)
def change_notice(context: Context, campaign_id: uuid.UUID) -> Response:
    """Change the letter."""
    campaign = queries.get_campaign(context.session, campaign_id)
    try:
        typed = parse_form(NoticeChange, context.form)
        notice = NoticeInput(notice_zh=typed.notice_zh, notice_en=typed.notice_en)
        operations.change_notice(context.session, campaign, notice, version=typed.version, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_notice(context, campaign, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/campaigns/{campaign_id}/notice", N_("Saved."))


@router.post("/console/campaigns/{campaign_id}/notice/send")
@endpoint(WRITERS)
def send_notice(context: Context, campaign_id: uuid.UUID) -> Response:
    """Mail the letter to the suppliers."""
    campaign = queries.get_campaign(context.session, campaign_id)
    by, at = context.asking.actor, context.at
    count = operations.send_notice(context.session, campaign, settings=context.settings, by=by, at=at)
    return see_other(context, f"/console/campaigns/{campaign_id}", N_("The letter goes to %(count)s addresses."), count=count)


@router.post("/console/campaigns/{campaign_id}/notice/handed-on")
@endpoint(WRITERS)
def note_notice(context: Context, campaign_id: uuid.UUID) -> Response:
    """Note that somebody has handed the letter on."""
    campaign = queries.get_campaign(context.session, campaign_id)
    operations.note_notice(context.session, campaign, by=context.asking.actor, at=context.at)
    return see_other(context, f"/console/campaigns/{campaign_id}", N_("Noted: the suppliers have been told."))


@router.post("/console/campaigns/{campaign_id}/start")
@endpoint(WRITERS)
def start_campaign(context: Context, campaign_id: uuid.UUID) -> Response:
    """Ask everybody who has not been asked."""
    campaign = queries.get_campaign(context.session, campaign_id)
    by, at = context.asking.actor, context.at
    is_done = operations.start(context.session, campaign, settings=context.settings, by=by, at=at)
    message = (
        N_("All suppliers have their request and link.")
        if is_done
        else N_("The requests are being made; reload this page in a moment.")
    )
    return see_other(context, f"/console/campaigns/{campaign_id}", message)


@router.post("/console/campaigns/{campaign_id}/deadline")
@endpoint(WRITERS)
def extend_deadline(context: Context, campaign_id: uuid.UUID) -> Response:
    """Give everybody more time who has not handed in."""
    campaign = queries.get_campaign(context.session, campaign_id)
    zone = context.settings.timezone
    try:
        deadline = parse_form(DeadlineInput, context.form).deadline
        problem = find_deadline_problem(deadline, today=day_at(context.at, zone))
        if problem is not None:
            raise InvalidInputError({"deadline": problem})
        count = operations.extend_deadline(
            context.session, campaign, deadline=deadline, timezone=zone, by=context.asking.actor, at=context.at
        )
    except ServiceError as error:
        return _show_campaign(context, campaign, rejected(context.form, error, context.locale), status=error.status)
    message = N_("%(count)s requests are now due on %(deadline)s.")
    return see_other(context, f"/console/campaigns/{campaign_id}", message, count=count, deadline=deadline)


@router.post("/console/campaigns/{campaign_id}/close")
@endpoint(WRITERS)
def close_campaign(context: Context, campaign_id: uuid.UUID) -> Response:
    """End a campaign."""
    campaign = queries.get_campaign(context.session, campaign_id)
    operations.close(context.session, campaign, by=context.asking.actor, at=context.at)
    return see_other(context, f"/console/campaigns/{campaign_id}", N_("The campaign is closed."))


def may_write(context: Context) -> bool:
    """Tell whether whoever asks may run campaigns."""
    return context.asking.has(Role.ENGINEER, Role.PROCUREMENT)


def _check_dates(context: Context, fields: CampaignInput) -> None:
    problems = find_request_problems(
        period_start=fields.period_start,
        period_end=fields.period_end,
        deadline=fields.deadline,
        today=context.today,
    )
    if problems:
        raise InvalidInputError(problems)


def _offered_notice(context: Context, fields: CampaignInput) -> NoticeInput:
    owner = context.session.get(User, fields.owner_id)
    texts = {
        locale: notice_text(
            locale,
            period=(fields.period_start, fields.period_end),
            deadline=fields.deadline,
            owner_name=owner.name if owner else "",
            owner_email=owner.email if owner else "",
            settings=context.settings,
        )
        for locale in LOCALES
    }
    return NoticeInput(notice_zh=texts["zh-CN"], notice_en=texts["en"])


def _options(words: Mapping[Key, str], context: Context) -> Options:
    return [(str(key), translate(context.locale, text)) for key, text in words.items()]


def _show_form(context: Context, campaign: Campaign | None, form: FormState, *, status: int = 200) -> Response:
    page = CampaignFormPage(
        campaign=campaign,
        form=form,
        owners=[(str(user_id), name) for user_id, name in find_owners(context.session)],
        depths=_options(DEPTH_WORDS, context),
        rhythms=_options(DIGEST_WORDS, context),
        is_fixed=campaign is not None and campaign.status is not CampaignStatus.DRAFT,
    )
    return render_page(context, "console/campaign_form.html", page, status=status)


def _show_campaign(context: Context, campaign: Campaign, form: FormState, *, status: int = 200) -> Response:
    wanted, filter_form = read_filter(LineFilter, context.request, context.locale)
    view = look_at(context, campaign)
    counts = {count.stage: count for count in view.counts}
    named = [(translate(context.locale, STAGE_WORDS[stage]), counts[stage]) for stage in Stage]
    page = CampaignPage(
        campaign=campaign,
        status_text=translate(context.locale, CAMPAIGN_STATUS_WORDS[campaign.status]),
        depth_text=translate(context.locale, DEPTH_WORDS[campaign.depth]),
        digest_text=translate(context.locale, DIGEST_WORDS[campaign.digest]),
        owner=context.session.get_one(User, campaign.owner_id),
        members=len(view.lines),
        waiting=sum(line.member.submission_id is None for line in view.lines),
        lines=[line for line in view.lines if _is_wanted(line, wanted)],
        steps=[(name, count) for name, count in named if count.stage in STEPS],
        exits=[(name, count) for name, count in named if count.stage in SIDE_EXITS],
        figures=view.figures,
        filter=wanted,
        stages=_options(STAGE_WORDS, context),
        actions=_options(ACTION_WORDS, context),
        uncovered=uncovered_years(context, campaign),
        has_mail_server=context.settings.smtp_host is not None,
        form=form if form.errors else filter_form,
        may_write=may_write(context),
    )
    template = "console/campaign_draft.html" if campaign.status is CampaignStatus.DRAFT else "console/campaign.html"
    return render_page(context, template, page, status=status)


def _is_wanted(line: CampaignLine, wanted: LineFilter) -> bool:
    stage = stage_now(line.member.status) if line.member.status else None
    is_todo = line.action not in {NextAction.WAIT, NextAction.NOTHING}
    return (
        (wanted.stage is None or stage is wanted.stage)
        and (wanted.action is None or line.action is wanted.action)
        and (wanted.show == "all" or is_todo)
    )


def _show_notice(context: Context, campaign: Campaign, form: FormState, *, status: int = 200) -> Response:
    members = queries.members_of(context.session, campaign.id)
    subjects = (translate(locale, NOTICE_SUBJECT, company=context.settings.company_name(locale)) for locale in LOCALES)
    page = NoticePage(
        campaign=campaign,
        form=form,
        subject=" / ".join(subjects),
        addresses=len({row.contact_email for row in members if row.contact_email}),
        without_address=[row.name(context.locale) for row in members if not row.contact_email],
        has_mail_server=context.settings.smtp_host is not None,
    )
    return render_page(context, "console/campaign_notice.html", page, status=status)
