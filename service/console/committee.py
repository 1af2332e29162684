"""The committee's page: where the plan stands on each target, what moved, what comes next, what is late."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.committee.gathering import Board, gather_board
from service.committee.paper import make_paper
from service.committee.presented import Chart, Presented
from service.committee.slides import make_slides
from service.console.committee_board import present
from service.console.exports import attachment
from service.errors import N_
from service.i18n import translate
from service.plan.policies import PLAN_READERS
from service.targets.catalogue import Basis
from service.web.charts_changes import Change, Waterfall, waterfall
from service.web.charts_paths import PathChart, Series, path_chart
from service.web.formatting import format_date

router = APIRouter()

PAGE: Final = "/console/plan"
PPTX: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_LOOKS: Final[Mapping[Basis, str]] = {
    Basis.CURRENT_PRICE: "actual",
    Basis.CONSTANT_PRICE: "forecast",
    Basis.PER_TONNE: "measures",
    Basis.ABSOLUTE: "required",
}
"""Which line of a path chart each basis is drawn as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardPage:
    """The page; charts are None without what they need."""

    shown: Presented
    paths: PathChart | None
    moved: Waterfall | None
    moved_labels: Sequence[str]


@router.get(PAGE)
@endpoint(PLAN_READERS)
def show_board(context: Context) -> Response:
    """Show the state of the plan."""
    board = _board(context)
    shown = _presented(context, board)
    chart = next((section.chart for section in shown.sections if section.key == "targets"), None)
    page = BoardPage(
        shown=shown,
        paths=None if chart is None else _paths(chart),
        moved=_waterfall(board, shown),
        moved_labels=() if board.moved is None else (str(board.moved.first), str(board.moved.last)),
    )
    return render_page(context, "console/plan_board.html", page)


@router.get(f"{PAGE}/board.pdf")
@endpoint(PLAN_READERS)
def download_paper(context: Context) -> Response:
    """Send the page on paper, in the reader's language."""
    content = make_paper(_presented(context, _board(context)), locale=context.locale)
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


def _paths(chart: Chart) -> PathChart | None:
    years = [int(one) for one in chart.categories]
    series = [
        Series(
            kind=look,
            label=label,
            values={year: value for year, value in zip(years, values, strict=True) if value is not None},
        )
        for (label, values), look in zip(chart.series.items(), _LOOKS.values(), strict=True)
    ]
    return path_chart(series, None, unit=chart.unit)


def _waterfall(board: Board, shown: Presented) -> Waterfall | None:
    chart = next((section.chart for section in shown.sections if section.key == "moved"), None)
    if board.moved is None or chart is None:
        return None
    (values,) = chart.series.values()
    changes = [Change(label=label, value=value or 0.0) for label, value in zip(chart.categories, values, strict=True)]
    return waterfall(board.moved.before, changes, unit=chart.unit)
