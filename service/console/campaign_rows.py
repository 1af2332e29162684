"""A campaign as its page, its exports and its sheets show it: one line per supplier, and the figures over all."""

import uuid
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.accounts.access import Context
from service.accounts.models import Role
from service.campaigns import queries
from service.campaigns.funnel import Figures, StageCount, calculate_figures, count_stages
from service.campaigns.models import Campaign
from service.campaigns.queries import MemberRow
from service.campaigns.reminding import Step, next_planned
from service.campaigns.rules import NextAction, next_action
from service.campaigns.words import ACTION_WORDS, DOOR_WORDS, STATUS_NAMES
from service.campaigns.working_days import chinese_working_days, sending_hours
from service.clock import day_at
from service.errors import N_
from service.i18n import Locale, translate
from service.submissions.models import Door, SubmissionStatus
from service.submissions.questionnaire import find_question
from service.web.formatting import format_number, format_percent

BEGUN = frozenset({SubmissionStatus.OPENED, SubmissionStatus.IN_PROGRESS})
DEFINITIONS: Mapping[str, tuple[str, str]] = {
    "delivered": (
        N_("Delivered"),
        N_("Of all invited: the supplier's mail server took the mail, or the link was opened in another way."),
    ),
    "opened": (N_("Opened"), N_("Of all invited: somebody opened the link and chose a PIN.")),
    "started": (N_("Filling in begun"), N_("Of all invited: at least one answer was typed.")),
    "submitted": (N_("Submitted"), N_("Of all invited: the answers were handed in at least once.")),
    "first_time_right": (
        N_("Right the first time"),
        N_("Of all that were accepted or returned: accepted without ever having been returned."),
    ),
    "median_minutes": (
        N_("Time at work, median"),
        N_("Between opening and the first handing in, breaks of more than 15 minutes left out; half needed less."),
    ),
    "returns_per_submission": (
        N_("Returns per questionnaire"),
        N_("How often a questionnaire that was handed in was returned, on average."),
    ),
    "doors": (N_("Way of answering"), N_("By which way answers came; a questionnaire may count for several.")),
    "drop_off": (
        N_("Where people stop"),
        N_("The first question without an answer in questionnaires opened and not handed in; the most frequent one."),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignLine:
    """One supplier of a campaign.

    Attributes
    ----------
    days_in_stage
        Full days since its request came to its present status; None if that is not known.
    days_left
        Until its deadline, negative if it has passed; None without a request or when nothing is due.
    href
        Where its next action is done.
    next_reminder
        Local day of the next reminder; None if no more is planned.

    """

    member: MemberRow
    name: str
    status_text: str | None
    days_in_stage: int | None
    days_left: int | None
    action: NextAction
    action_text: str
    href: str | None
    reminders: Sequence[Step]
    next_reminder: date | None
    is_opted_out: bool
    doors: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignView:
    """Everything that is known of a campaign; `figures` are (label, value, definition) ready to show."""

    lines: Sequence[CampaignLine]
    counts: Sequence[StageCount]
    figures: Sequence[tuple[str, str, str]]


def look_at(context: Context, campaign: Campaign) -> CampaignView:
    """Return lines, counts and figures of a campaign."""
    session = context.session
    members = queries.members_of(session, campaign.id)
    ids = [row.submission_id for row in members if row.submission_id]
    histories, doors = queries.histories_of(session, ids), queries.doors_of(session, ids)
    begun = [one for one in queries.submissions_of(session, campaign.id) if one.status in BEGUN]
    stopped = queries.first_unanswered(session, begun)
    types = {row.submission_id: row.supplier_type for row in members}
    labels = [_label(types[submission_id], key, context.locale) for submission_id, key in stopped.items()]
    figures = calculate_figures(list(histories.values()), stopped_at=labels)
    since = {submission_id: history.since for submission_id, history in histories.items()}
    lines = _lines(context, members, since=since, doors=doors)
    return CampaignView(
        lines=lines,
        counts=count_stages(list(histories.values()), [row.status for row in members if row.status]),
        figures=_figures(figures, doors.values(), context.locale),
    )


def uncovered_years(context: Context, campaign: Campaign) -> Sequence[int]:
    """Return the years in which reminders may go out whose public holidays are not known here."""
    today = context.today
    last = max(campaign.deadline + Step.DAYS_3_AFTER.offset, today)
    days = chinese_working_days()
    return [year for year in range(today.year, last.year + 1) if not days.is_covered(year)]


def _lines(
    context: Context,
    members: Sequence[MemberRow],
    *,
    since: Mapping[uuid.UUID, datetime | None],
    doors: Mapping[uuid.UUID, frozenset[Door]],
) -> Sequence[CampaignLine]:
    ids = [row.submission_id for row in members if row.submission_id]
    sent, stopped = queries.reminders_of(context.session, ids), queries.opted_out(context.session, ids)
    return [
        _line(
            context,
            row,
            since=since.get(row.submission_id) if row.submission_id else None,
            sent=sent.get(row.submission_id, frozenset()) if row.submission_id else frozenset(),
            is_opted_out=row.submission_id in stopped,
            doors=[_door(door, context.locale) for door in Door if row.submission_id and door in doors.get(row.submission_id, ())],
        )
        for row in members
    ]


def _line(
    context: Context,
    row: MemberRow,
    *,
    since: datetime | None,
    sent: frozenset[Step],
    is_opted_out: bool,
    doors: Sequence[str],
) -> CampaignLine:
    today = context.today
    in_stage = context.at - since if since else None
    days_left = (row.deadline - today).days if row.deadline else None
    action = next_action(row.status, days_left=days_left or 0, in_stage=in_stage)
    may_remind = row.status in queries.REMINDED and not is_opted_out and row.contact_email is not None
    return CampaignLine(
        member=row,
        name=row.name(context.locale),
        status_text=translate(context.locale, STATUS_NAMES[row.status]) if row.status else None,
        days_in_stage=in_stage // timedelta(days=1) if in_stage is not None else None,
        days_left=days_left if row.status in {*queries.REMINDED, SubmissionStatus.BOUNCED, SubmissionStatus.RETURNED} else None,
        action=action,
        action_text=translate(context.locale, ACTION_WORDS[action]),
        href=_href(context, row, action),
        reminders=[step for step in Step if step in sent],
        next_reminder=_next_reminder(context, row, sent) if may_remind else None,
        is_opted_out=is_opted_out,
        doors=doors,
    )


def _href(context: Context, row: MemberRow, action: NextAction) -> str | None:
    if row.submission_id is None:
        return None
    is_reader = context.asking.has(Role.REVIEWER, Role.ENGINEER, Role.AUDITOR)
    if action is NextAction.REVIEW and is_reader:
        return f"/console/review/{row.submission_id}"
    is_writer = context.asking.has(Role.ENGINEER, Role.PROCUREMENT)
    if action is NextAction.HAND_ON and is_writer:
        return f"/console/requests/{row.submission_id}/link"
    return f"/console/requests/{row.submission_id}"


def _next_reminder(context: Context, row: MemberRow, sent: Collection[Step]) -> date | None:
    if row.deadline is None:
        return None
    hours = sending_hours(context.settings)
    planned = next_planned(deadline=row.deadline, sent=sent, after=context.at, hours=hours, days=chinese_working_days())
    return day_at(planned[1], context.settings.timezone) if planned else None


def _figures(figures: Figures, doors: Collection[frozenset[Door]], locale: Locale) -> Sequence[tuple[str, str, str]]:
    used = Counter(door for one in doors for door in one)
    minutes = figures.median_minutes
    values = {
        "delivered": format_percent(figures.delivered, locale),
        "opened": format_percent(figures.opened, locale),
        "started": format_percent(figures.started, locale),
        "submitted": format_percent(figures.submitted, locale),
        "first_time_right": format_percent(figures.first_time_right, locale),
        "median_minutes": "–" if minutes is None else f"{format_number(minutes, locale, 2)} min",
        "returns_per_submission": format_number(figures.returns_per_submission, locale, 2),
        "doors": ", ".join(f"{_door(door, locale)} {used[door]}" for door in Door if used[door]) or "–",
        "drop_off": f"{figures.drop_off[0]} ({figures.drop_off[1]})" if figures.drop_off else "–",
    }
    return [(translate(locale, label), values[key], translate(locale, text)) for key, (label, text) in DEFINITIONS.items()]


def _label(supplier_type: str, key: str, locale: Locale) -> str:
    question = find_question(supplier_type, key)
    return translate(locale, question.label) if question else key


def _door(door: Door, locale: Locale) -> str:
    return translate(locale, DOOR_WORDS[door])
