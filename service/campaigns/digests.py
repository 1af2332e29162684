"""The owner's digest: how many have come how far, and what to do next."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlmodel import Session

from service.accounts.models import User
from service.campaigns import queries
from service.campaigns.funnel import History, count_stages
from service.campaigns.mails import digest_mail
from service.campaigns.models import Campaign, DigestRhythm
from service.campaigns.queries import MemberRow
from service.campaigns.rules import NextAction, next_action
from service.campaigns.words import ACTION_WORDS, STAGE_WORDS
from service.clock import day_at
from service.i18n import LOCALES, Locale, translate
from service.mail.operations import queue
from service.settings import Settings
from service.submissions.models import SubmissionStatus

LEFT_TO_OTHERS = frozenset({NextAction.WAIT, NextAction.NOTHING})


def send_due_digests(session: Session, *, settings: Settings, at: datetime) -> None:
    """Queue the digest of each running campaign whose owner has not had it today, or this week."""
    today = day_at(at, settings.timezone)
    for campaign in queries.running_campaigns(session):
        owner = session.get_one(User, campaign.owner_id)
        if owner.is_active and not campaign.is_sample and is_digest_due(campaign.digest, campaign.last_digest_on, today=today):
            _send(session, campaign, owner, today=today, settings=settings, at=at)
            campaign.last_digest_on = today
            session.add(campaign)


def is_digest_due(rhythm: DigestRhythm, last_on: date | None, *, today: date) -> bool:
    """Tell whether a digest is due: on another day than the last, or in another week (ISO 8601, from Monday)."""
    if rhythm is DigestRhythm.OFF or (last_on is not None and last_on >= today):
        return False
    if rhythm is DigestRhythm.DAILY or last_on is None:
        return True
    return last_on.isocalendar()[:2] != today.isocalendar()[:2]


def _send(session: Session, campaign: Campaign, owner: User, *, today: date, settings: Settings, at: datetime) -> None:
    locale: Locale = next((one for one in LOCALES if one == owner.locale), settings.default_locale)
    members = queries.members_of(session, campaign.id)
    histories = queries.histories_of(session, [row.submission_id for row in members if row.submission_id])
    statuses = [row.status for row in members if row.status]
    counts = count_stages(list(histories.values()), statuses)
    mail = digest_mail(
        locale,
        campaign=campaign.name,
        deadline=campaign.deadline,
        counts=[(translate(locale, STAGE_WORDS[count.stage]), count.reached) for count in counts],
        asked=len(members),
        accepted=sum(status in {SubmissionStatus.ACCEPTED, SubmissionStatus.IN_USE} for status in statuses),
        actions=_lines(
            members,
            [histories.get(row.submission_id) if row.submission_id else None for row in members],
            today=today,
            at=at,
            locale=locale,
        ),
        address=f"{settings.base_url}/console/campaigns/{campaign.id}",
    )
    queue(session, to=owner.email, subject=mail.subject, body=mail.body, about=f"campaign:{campaign.id}", at=at)


def _lines(
    members: Sequence[MemberRow], histories: Sequence[History | None], *, today: date, at: datetime, locale: Locale
) -> Sequence[str]:
    lines = []
    for row, history in zip(members, histories, strict=True):
        since = history.since if history else None
        days_left = ((row.deadline or today) - today).days
        action = next_action(row.status, days_left=days_left, in_stage=at - since if since else None)
        if action not in LEFT_TO_OTHERS:
            lines.append(f"{row.name(locale)}: {translate(locale, ACTION_WORDS[action])}")
    return lines
