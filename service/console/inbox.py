from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import STAFF, Context, endpoint
from service.accounts.pages import render_page
from service.accounts.queries import get_user
from service.accounts.rules import requires_totp
from service.clock import day_at
from service.console.waiting import what_waits
from service.console.waiting_kinds import Asked, Counted, Waiting
from service.errors import N_
from service.i18n import translate

router = APIRouter()

END = N_("the first ends on %(day)s, in %(days)s days")
NEAR_ENDS = (N_("the first ends today"), N_("the first ends tomorrow"))
BEGINNING = N_("the oldest since %(day)s, for %(days)s days")
NEAR_BEGINNINGS = (N_("the oldest since today"), N_("the oldest since yesterday"))


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxLine:
    """One kind of work, how much of it waits, and its next step."""

    title: str
    why: str
    count: int
    age: str
    next_step: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxPage:
    """Context of the work queue.

    Attributes
    ----------
    without_second_factor
        Whether this is a sample log-in that is let in without the second factor its roles need.

    """

    name: str
    lines: Sequence[InboxLine]
    without_second_factor: bool


@router.get("/console")
@endpoint(STAFF)
def show_inbox(context: Context) -> Response:
    """Show what waits for whoever asks."""
    asked = Asked(session=context.session, principal=context.asking, at=context.at, today=context.today)
    page = InboxPage(
        name=context.asking.name,
        lines=[_line(context, kind, counted, today=asked.today) for kind, counted in what_waits(asked)],
        without_second_factor=_is_let_off(context),
    )
    return render_page(context, "console/inbox.html", page)


def _line(context: Context, kind: Waiting, counted: Counted, *, today: date) -> InboxLine:
    return InboxLine(
        title=translate(context.locale, kind.title),
        why=translate(context.locale, kind.why),
        count=counted.count,
        age=_age(context, kind, counted.first, today=today),
        next_step=translate(context.locale, kind.next_step),
        href=kind.href,
    )


def _age(context: Context, kind: Waiting, first: datetime | date | None, *, today: date) -> str:
    if first is None:
        return ""
    day = day_at(first, context.settings.timezone) if isinstance(first, datetime) else first
    days = abs((day - today).days)
    if days < len(NEAR_ENDS):
        return translate(context.locale, (NEAR_ENDS if kind.ends else NEAR_BEGINNINGS)[days])
    return translate(context.locale, END if kind.ends else BEGINNING, day=day, days=days)


def _is_let_off(context: Context) -> bool:
    asking = context.asking
    user = get_user(context.session, asking.user_id) if asking.user_id else None
    needs = requires_totp(asking.roles, is_sample=False, required=context.settings.require_totp)
    return needs and user is not None and user.is_sample and user.totp_secret is None
