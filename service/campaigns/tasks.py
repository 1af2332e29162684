"""Background work of campaigns: asking many suppliers, reminding them, telling the owner."""

import uuid
from datetime import timedelta

from sqlmodel import Session

from service.campaigns import queries
from service.campaigns.digests import send_due_digests
from service.campaigns.mails import ReminderFacts, reminder_mail
from service.campaigns.models import Reminder
from service.campaigns.operations import ask_member
from service.campaigns.opting_out import opt_out_token
from service.campaigns.reminding import Step, find_due_step
from service.campaigns.working_days import chinese_working_days, next_sending_time, sending_hours
from service.clock import day_at
from service.i18n import LOCALES
from service.jobs.work import Work
from service.keys import load_secret
from service.mail.operations import queue
from service.settings import Settings
from service.submissions.link_tokens import live_link_of

LOOK_AHEAD = timedelta(days=15)
LOOK_BACK = timedelta(days=30)
"""Deadlines around today for which a reminder may be due; holidays move one by at most ten days."""


def start_campaign(work: Work) -> None:
    """Ask the suppliers of a campaign, each in a transaction of its own, so that others can work meanwhile."""
    campaign_id, by = uuid.UUID(work.payload["campaign_id"]), str(work.payload["by"])
    with work.database.reading() as session:
        waiting = queries.waiting_members(session, campaign_id)
    for done, member_id in enumerate(waiting):
        with work.database.writing() as session:
            campaign = queries.get_campaign(session, campaign_id)
            ask_member(session, campaign, member_id, settings=work.settings, by=by, at=work.at)
        work.report_progress(done / len(waiting))
    with work.finishing():
        pass


def send_reminders(work: Work) -> None:
    """Once an hour, on working days outside of quiet hours: remind who has not answered, and tell owners how it goes."""
    hours, days = sending_hours(work.settings), chinese_working_days()
    with work.finishing() as session:
        if next_sending_time(work.at, hours=hours, days=days) != work.at:
            return
        today = day_at(work.at, work.settings.timezone)
        found = queries.find_remindable(session, deadline_from=today - LOOK_BACK, deadline_until=today + LOOK_AHEAD)
        for one in found:
            step = find_due_step(
                deadline=one.submission.deadline,
                invited_at=one.invitation.created_at,
                sent=one.sent,
                at=work.at,
                hours=hours,
                days=days,
            )
            if step is not None:
                _remind(session, one, step, work=work)
        send_due_digests(session, settings=work.settings, at=work.at)


def _remind(session: Session, one: queries.Remindable, step: Step, *, work: Work) -> None:
    link = live_link_of(one.invitation, settings=work.settings, at=work.at)
    if link is None:
        return
    mail = reminder_mail(_facts(one, link=link, work=work), settings=work.settings)
    queue(
        session,
        to=one.contact_email,
        subject=mail.subject,
        body=mail.body,
        about=f"submission:{one.submission.id}",
        organisation_id=one.submission.organisation_id,
        at=work.at,
    )
    session.add(Reminder(submission_id=one.submission.id, step=step, sent_at=work.at))


def _facts(one: queries.Remindable, *, link: str, work: Work) -> ReminderFacts:
    submission, settings = one.submission, work.settings
    today = day_at(work.at, settings.timezone)
    return ReminderFacts(
        contact_name=one.contact_name or "",
        number=submission.number,
        period_start=submission.period_start,
        period_end=submission.period_end,
        deadline=submission.deadline,
        days_left=(submission.deadline - today).days,
        link=link,
        owner=f"{one.owner.name} <{one.owner.email}>" if one.owner else settings.company_contact_email,
        opt_out_address=_opt_out_address(submission.id, settings),
        locale=next((locale for locale in LOCALES if locale == one.invitation.locale), None),
    )


def _opt_out_address(submission_id: uuid.UUID, settings: Settings) -> str:
    return f"{settings.base_url}/reminders/{opt_out_token(load_secret(settings), submission_id)}"
