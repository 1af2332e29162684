"""Office: indicators such as paper and travel with their trend. They enter no inventory and no footprint."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console.monitoring_words import month_words
from service.console.registers import Column, Kind, Register, add_register
from service.errors import N_
from service.i18n import translate
from service.monitoring.months import month_before, month_of
from service.plan.policies import EDITOR_ROLES, PLAN_EDITORS, PLAN_READERS
from service.premises.models import OfficeFigure
from service.premises.queries import Trend, trends
from service.premises.schemas import OfficeFigureInput
from service.web.charts import Sparkline, sparkline

router = APIRouter()

PATH: Final = "/console/plan/office"
MONTHS_SHOWN: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendLine:
    """One indicator: twelve months, the twelve before, and the line of the last two years."""

    indicator: str
    unit: str
    total: float | None
    before: float | None
    change: float | None
    latest: str
    line: Sparkline | None
    href: str
    is_sample: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficePage:
    """All indicators."""

    tabs: Sequence[tuple[str, str, bool]]
    lines: Sequence[TrendLine]
    until: str
    may_write: bool


def office_tabs(context: Context) -> Sequence[tuple[str, str, bool]]:
    """Return the pages on office work, the one that is open marked."""
    pages = ((N_("Trend"), PATH), (N_("Figures"), f"{PATH}/figures"))
    return [(translate(context.locale, text), path, path == context.request.url.path) for text, path in pages]


@router.get(PATH)
@endpoint(PLAN_READERS)
def show_office(context: Context) -> Response:
    """Show each indicator's trend."""
    until = month_before(month_of(context.today))
    page = OfficePage(
        tabs=office_tabs(context),
        lines=[_line(one, until) for one in trends(context.session)],
        until=month_words(until),
        may_write=bool(context.asking.roles & EDITOR_ROLES),
    )
    return render_page(context, "console/plan_office.html", page)


def _line(trend: Trend, until: date) -> TrendLine:
    total, before = trend.total(until=until), trend.total(until=date(until.year - 1, until.month, 1))
    values = [value for month, value in trend.months if month <= until][-MONTHS_SHOWN:]
    return TrendLine(
        indicator=trend.indicator,
        unit=trend.unit,
        total=total,
        before=before,
        change=total / before - 1 if total is not None and before else None,
        latest=month_words(trend.months[-1][0]),
        line=sparkline(values),
        href=f"{PATH}/figures?{urlencode({'indicator': trend.indicator})}",
        is_sample=trend.is_sample,
    )


add_register(
    router,
    Register(
        key="office_figure",
        path=f"{PATH}/figures",
        title=N_("Figures of the office"),
        lead=N_("Paper, travel, devices: one row per indicator and month"),
        empty=N_("Add the first figure, or import a table with indicator, unit, month and value."),
        add_label=N_("Add a figure"),
        table=OfficeFigure,
        fields=OfficeFigureInput,
        columns=(
            Column(key="indicator", label=N_("Indicator"), filtered=True),
            Column(key="unit", label=N_("Unit")),
            Column(key="month", label=N_("Month"), kind=Kind.DATE, hint=N_("Any day of the month")),
            Column(key="value", label=N_("Value"), kind=Kind.NUMBER),
        ),
        identity=("indicator", "unit", "month"),
        sort=("indicator", "unit", "-month"),
        readers=PLAN_READERS,
        writers=PLAN_EDITORS,
        above=(N_("Office"), PATH),
        tabs=office_tabs,
    ),
)
