"""What is kept of suppliers' people, where, how long, and who sees it: for everybody to read."""

from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import PUBLIC, Context, endpoint
from service.accounts.pages import render_page

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyPage:
    """Context of the page."""

    contact: str
    keep_mails_days: int
    keep_ended_links_days: int


@router.get("/privacy")
@endpoint(PUBLIC)
def show_privacy(context: Context) -> Response:
    """Say it in plain words."""
    settings = context.settings
    page = PrivacyPage(
        contact=settings.company_contact_email,
        keep_mails_days=settings.keep_mails_days,
        keep_ended_links_days=settings.keep_ended_links_days,
    )
    return render_page(context, "public/privacy.html", page)
