"""How far our suppliers are engaged, weighed by purchased emissions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console.choices import Options, flow_label, read_filter
from service.console.exports import XLSX, attachment
from service.console.ranking import READERS
from service.console.ranking_rows import GRADE_ORDER
from service.errors import N_
from service.i18n import Locale, translate
from service.procurement.kpi_queries import answering_of, bought_in, purchase_years
from service.procurement.kpis import COVERAGE_LINE, Coverage, Engagement, engagement
from service.suppliers.workbook import Column, write_workbook
from service.web.formatting import format_percent
from service.web.forms import FormInput, FormState

router = APIRouter()

ADDRESS: Final = "/console/engagement"
STEPS: Final[Mapping[str, tuple[str, str]]] = {
    "asked": (N_("Asked"), N_("A request for figures of the year was sent to the supplier.")),
    "answered": (N_("Answered"), N_("The supplier has handed its figures in.")),
    "accepted": (N_("Accepted"), N_("Its figures were reviewed and accepted, and may be used.")),
    "own_footprint": (N_("Own footprint"), N_("Its latest score rests on a footprint from its own figures.")),
    "target": (N_("Target with a number"), N_("A paper on file shows a climate target with a number.")),
}
COLUMNS: Final = (
    Column(key="material", header="物料 / Material", hint="", width=30),
    Column(key="suppliers", header="供应商数 / Suppliers", hint="", width=16),
    Column(key="t", header="采购量 / Bought (t)", hint="", width=16),
    Column(key="t_co2e", header="基准排放 / At benchmark (t CO2e)", hint="", width=24),
    Column(key="asked", header="已询问 / Asked (0-1)", hint="", width=16),
    Column(key="answered", header="已填报 / Answered (0-1)", hint="", width=16),
    Column(key="accepted", header="已接受 / Accepted (0-1)", hint="", width=16),
    Column(key="own_footprint", header="自有碳足迹 / Own footprint (0-1)", hint="", width=20),
    Column(key="target", header="量化目标 / Target (0-1)", hint="", width=16),
)


class YearQuery(FormInput):
    """What the address may hold."""

    year: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One share with what it means."""

    label: str
    meaning: str
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EngagementPage:
    """The figures of a year; None where nothing was bought yet.

    Attributes
    ----------
    materials
        (material, its coverage).
    line
        Share of emissions that targets should cover.

    """

    year: int | None
    years: Options
    form: FormState
    found: Engagement | None
    bars: Sequence[Bar]
    materials: Sequence[tuple[str, Coverage]]
    without_benchmark: Sequence[str]
    line: float


@router.get(ADDRESS)
@endpoint(READERS)
def show_engagement(context: Context) -> Response:
    """Show how far suppliers are engaged."""
    years = purchase_years(context.session)
    wanted, form = read_filter(YearQuery, context.request, context.locale)
    year = wanted.year if wanted.year in years else next(iter(years), None)
    found = None if year is None else _figures(context, year)
    page = EngagementPage(
        year=year,
        years=[(str(one), str(one)) for one in years],
        form=form,
        found=found,
        bars=[] if found is None else _bars(found, context.locale),
        materials=[] if found is None else [(flow_label(flow, context.locale), one) for flow, one in found.by_flow.items()],
        without_benchmark=[] if found is None else [flow_label(one, context.locale) for one in found.without_benchmark],
        line=COVERAGE_LINE,
    )
    return render_page(context, "console/engagement.html", page)


@router.get(ADDRESS + "/export.xlsx")
@endpoint(READERS)
def export(context: Context) -> Response:
    """Send the figures of a year by material, with their meaning on a second sheet."""
    years, locale = purchase_years(context.session), context.locale
    wanted, _ = read_filter(YearQuery, context.request, locale)
    year = wanted.year if wanted.year in years else next(iter(years), None)
    found = _figures(context, year) if year is not None else engagement([], {}, grades=GRADE_ORDER)
    lines = [
        *((flow_label(flow, locale), one) for flow, one in found.by_flow.items()),
        (translate(locale, N_("Total")), found.overall),
    ]
    content = write_workbook(
        sheet="参与度 Engagement",
        columns=COLUMNS,
        rows=[(name, one.suppliers, one.t, one.t_co2e, *(getattr(one, step) for step in STEPS)) for name, one in lines],
        choices={
            "指标 / Figure": [translate(locale, name) for name, _ in STEPS.values()],
            "说明 / Meaning": [translate(locale, meaning) for _, meaning in STEPS.values()],
            "全部 / Overall": [format_percent(getattr(found.overall, step), locale) for step in STEPS],
        },
        choices_sheet="说明 Notes",
    )
    return attachment(content, XLSX, f"engagement-{year or 'none'}.xlsx")


def _figures(context: Context, year: int) -> Engagement:
    bought = bought_in(context.session, year, on=context.today)
    suppliers = {one.supplier_id for one in bought}
    return engagement(bought, answering_of(context.session, suppliers, year), grades=GRADE_ORDER)


def _bars(found: Engagement, locale: Locale) -> list[Bar]:
    return [
        Bar(label=translate(locale, name), meaning=translate(locale, meaning), share=getattr(found.overall, step))
        for step, (name, meaning) in STEPS.items()
    ]
