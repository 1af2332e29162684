"""Links to hand on: the message for WeChat, the text of the mail, and codes to print and cut out."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import segno
from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.campaigns import queries
from service.campaigns.models import Campaign
from service.console.campaigns import WRITERS
from service.errors import N_, ConflictError
from service.mail.queries import MailRow, find_latest
from service.submissions.invitation_queries import invitation_of
from service.submissions.link_tokens import live_link_of
from service.submissions.mails import chat_messages, invitation_mail
from service.submissions.models import Submission
from service.submissions.queries import get_submission
from service.submissions.rules import EDITABLE
from service.suppliers.models import Supplier
from service.suppliers.queries import SupplierRow, get_supplier

router = APIRouter()

QR_SCALE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkPage:
    """A live link with everything to hand it on; `messages` are (language, text) ready to copy, `code` an image address."""

    submission: Submission
    supplier: SupplierRow
    link: str
    messages: Sequence[tuple[str, str]]
    subject: str
    body: str
    code: str
    mail: MailRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One supplier on the sheet."""

    name_zh: str
    name_en: str
    number: str
    deadline: date
    code: str
    link: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetsPage:
    """The cards of a campaign, and the suppliers for which no link is live."""

    campaign: Campaign
    cards: Sequence[Card]
    without_link: Sequence[str]


@router.get("/console/requests/{submission_id}/link")
@endpoint(WRITERS)
def show_link(context: Context, submission_id: uuid.UUID) -> Response:
    """Show the live link of a request again; nobody who may not make a new one may see it."""
    submission = get_submission(context.session, submission_id, visible_to=context.asking)
    invitation = invitation_of(context.session, submission.id)
    link = live_link_of(invitation, settings=context.settings, at=context.at)
    if link is None:
        raise ConflictError(N_("No link opens this request now; make a new one."))
    supplier = context.session.get_one(Supplier, submission.supplier_id)
    mail = invitation_mail(submission, supplier, link=link, settings=context.settings)
    page = LinkPage(
        submission=submission,
        supplier=get_supplier(context.session, submission.supplier_id, asking=context.asking),
        link=link,
        messages=chat_messages(submission, link=link, settings=context.settings),
        subject=mail.subject,
        body=mail.body,
        code=_code(link),
        mail=find_latest(context.session, about=f"submission:{submission.id}"),
    )
    return _secret(render_page(context, "console/request_link.html", page))


@router.get("/console/campaigns/{campaign_id}/sheets")
@endpoint(WRITERS)
def show_sheets(context: Context, campaign_id: uuid.UUID) -> Response:
    """Show a card with a code for each supplier whose link is live, ready to print."""
    campaign = queries.get_campaign(context.session, campaign_id)
    members = queries.members_of(context.session, campaign_id)
    ids = [row.submission_id for row in members if row.submission_id]
    invitations = queries.live_invitations(context.session, ids)
    open_to = [row for row in members if row.submission_id and row.status in EDITABLE]
    links = {
        row.id: live_link_of(invitations.get(row.submission_id), settings=context.settings, at=context.at)
        for row in open_to
        if row.submission_id
    }
    page = SheetsPage(
        campaign=campaign,
        cards=[
            Card(
                name_zh=row.name_zh,
                name_en=row.name_en,
                number=row.number or "",
                deadline=row.deadline or campaign.deadline,
                code=_code(link),
                link=link,
            )
            for row in members
            if (link := links.get(row.id)) is not None
        ],
        without_link=[row.name(context.locale) for row in members if links.get(row.id) is None],
    )
    return _secret(render_page(context, "console/campaign_sheets.html", page))


def _code(link: str) -> str:
    return str(segno.make(link, error="m", micro=False).svg_data_uri(scale=QR_SCALE, border=4, light="#fff"))


def _secret(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"  # links open questionnaires
    return response
