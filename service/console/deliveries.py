"""Mails and background work: what failed and why, what people must hand on themselves, and trying again."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import ADMIN, Context, endpoint
from service.accounts.pages import render_page, see_other
from service.audit.operations import record
from service.errors import N_, ConflictError, NotFoundError
from service.jobs.models import Job, JobState
from service.jobs.operations import retry
from service.jobs.queries import JobRow, count_unfinished, find_failed
from service.mail.queries import MailRow, find_undelivered

router = APIRouter(prefix="/console/deliveries")


ABOUT_PAGES = {"user": "/console/people/", "submission": "/console/requests/", "campaign": "/console/campaigns/"}


@dataclass(frozen=True, slots=True, kw_only=True)
class MailLine:
    """A message that did not go out, and the page of what it is about, where there is one; its text is shown nowhere here."""

    mail: MailRow
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliveriesPage:
    """Context of the page on mails and jobs."""

    jobs: Sequence[JobRow]
    mails: Sequence[MailLine]
    unfinished: int
    has_mail_server: bool


@router.get("")
@endpoint(ADMIN)
def show_deliveries(context: Context) -> Response:
    """Show failed jobs and mails that did not go out."""
    page = DeliveriesPage(
        jobs=find_failed(context.session),
        mails=[MailLine(mail=mail, href=_page_of(mail.about)) for mail in find_undelivered(context.session)],
        unfinished=count_unfinished(context.session),
        has_mail_server=context.settings.smtp_host is not None,
    )
    return render_page(context, "console/deliveries.html", page)


@router.post("/jobs/{job_id}/retry")
@endpoint(ADMIN)
def retry_job(context: Context, job_id: uuid.UUID) -> Response:
    """Give a failed job all its tries again."""
    job = context.session.get(Job, job_id)
    if job is None:
        raise NotFoundError
    if job.state is not JobState.FAILED:
        raise ConflictError(N_("This job has not failed; nothing to try again."))
    retry(context.session, job, at=context.at)
    record(context.session, "job_retried", of=job, by=context.asking.actor, at=context.at, name=job.name)
    return see_other(context, "/console/deliveries", N_("The job is tried again."))


def _page_of(about: str) -> str | None:
    kind, _, identifier = about.partition(":")
    return ABOUT_PAGES[kind] + identifier if kind in ABOUT_PAGES else None
