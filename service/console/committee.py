"""The committee's page: where the plan stands on each target, what moved, what comes next, what is late."""

from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.committee.drawings import Drawings, draw
from service.committee.gathering import Board, gather_board
from service.committee.paper import make_paper
from service.committee.presented import Presented
from service.committee.slides import make_slides
from service.console.committee_board import present
from service.console.exports import attachment
from service.errors import N_
from service.i18n import translate
from service.plan.policies import PLAN_READERS
from service.web.formatting import format_date

router = APIRouter()

PAGE: Final = "/console/plan"
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """What is said, and what is drawn."""

    shown: Presented
    drawn: Drawings


@router.get(PAGE)
@endpoint(PLAN_READERS)
def show_board(context: Context) -> Response:
    """Show the state of the plan."""
    board = _board(context)
    shown = _presented(context, board)
    return render_page(context, "console/plan_board.html", BoardPage(shown=shown, drawn=draw(board, shown)))


@router.get(f"{PAGE}/board.pdf")
@endpoint(PLAN_READERS)
def download_paper(context: Context) -> Response:
    """Send the page on paper, in the reader's language."""
    board = _board(context)
    shown = _presented(context, board)
    content = make_paper(shown, draw(board, shown), locale=context.locale, timezone=context.settings.timezone)
    return attachment(content, "application/pdf", _name(context, "pdf"))


@router.get(f"{PAGE}/board.pptx")
@endpoint(PLAN_READERS)
def download_slides(context: Context) -> Response:
    """Send the page as slides with charts that can be edited, in the reader's language."""
    return attachment(make_slides(_presented(context, _board(context))), PPTX, _name(context, "pptx"))


def _board(context: Context) -> Board:
    return gather_board(context.session, at=context.at, on=context.today)


def _presented(context: Context, board: Board) -> Presented:
    day = format_date(context.today)
    as_of = translate(context.locale, N_("As of %(day)s"), day=day)
    return present(board, company=context.settings.company_name(context.locale), as_of=as_of, locale=context.locale)


def _name(context: Context, ending: str) -> str:
    return f"carbon-plan-{context.today:%Y-%m-%d}-{context.locale[:2]}.{ending}"
