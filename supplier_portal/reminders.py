"""Stopping reminders: opened from a mail, so it works without log-in, and a scanner that opens the link changes nothing."""

from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import PUBLIC, Context, endpoint
from service.accounts.limits import Limit
from service.accounts.pages import render_page, see_other
from service.campaigns.operations import opt_in, opt_out
from service.campaigns.opting_out import read_opt_out_token
from service.campaigns.queries import find_opt_out
from service.errors import N_, NotFoundError
from service.submissions.models import Submission
from service.web.forms import FormInput, parse_form

router = APIRouter()

GUESSES = Limit(name="reminders", tries=60, per_s=900)


class WishForm(FormInput):
    """Whether reminders are wanted."""

    wish: Literal["stop", "resume"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemindersPage:
    """Context of the page; it names the request by its number only, because anybody with the mail may open it."""

    token: str
    number: str
    is_stopped: bool


@router.get("/reminders/{reminder_token}")
@endpoint(PUBLIC)
def show_reminders(context: Context, reminder_token: str) -> Response:
    """Ask whether reminders about a request should stop."""
    submission = _submission(context, reminder_token)
    is_stopped = find_opt_out(context.session, submission.id) is not None
    page = RemindersPage(token=reminder_token, number=submission.number, is_stopped=is_stopped)
    return render_page(context, "portal/reminders.html", page)


@router.post("/reminders/{reminder_token}")
@endpoint(PUBLIC, limited=(GUESSES,))
def change_reminders(context: Context, reminder_token: str) -> Response:
    """Stop reminders about a request, or send them again."""
    submission = _submission(context, reminder_token)
    change = opt_out if parse_form(WishForm, context.form).wish == "stop" else opt_in
    change(context.session, submission, at=context.at)
    return see_other(context, f"/reminders/{reminder_token}", N_("Saved."))


def _submission(context: Context, token: str) -> Submission:
    submission_id = read_opt_out_token(context.secret, token)
    submission = context.session.get(Submission, submission_id) if submission_id else None
    if submission is None:
        raise NotFoundError
    return submission
