"""How good the figures are: tonnes by grade, primary data by product, missing months, and what to improve first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.company_inventory.data_quality import Improvement, InventoryQuality, quality_of
from service.company_inventory.inventories import inventory_of, inventory_years
from service.console.monitoring_words import TONES, entry_href, monitoring_tabs, month_href, month_words, name_of, source_href
from service.footprints.queries import records_in_use
from service.i18n import translate
from service.monitoring.grades import FAULT_TEXTS, Grade
from service.monitoring.models import EmissionSource
from service.monitoring.months import month_before, month_of
from service.monitoring.queries import find_sources, missing_months
from service.plan.policies import PLAN_READERS
from service.web.charts import BarChart, Part, horizontal_bars

router = APIRouter()

Year = Annotated[int, Query(ge=2000, le=2100)]
RECORDS_MAX = 200
GRADES_GOOD = (Grade.A, Grade.B)


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeLine:
    """Tonnes of one grade."""

    grade: str
    tone: str
    t_co2: float
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementLine:
    """One source to improve."""

    name: str
    href: str
    entry_href: str
    grade: str
    tone: str
    t_co2: float
    share: float | None
    faults: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductLine:
    """Share of one product's footprint that rests on primary data."""

    name: str
    href: str
    number: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DataQualityPage:
    """The board of data quality."""

    tabs: Sequence[tuple[str, str, bool]]
    year: int
    years: Sequence[tuple[int, bool]]
    day: date
    good_share: float | None
    total_t_co2: float
    grades: Sequence[GradeLine]
    chart: BarChart
    ungraded_t_co2: float
    improvements: Sequence[ImprovementLine]
    products: Sequence[ProductLine]
    missing: Sequence[tuple[str, str, str]]
    is_sample: bool


@router.get("/console/plan/monitoring/data-quality")
@endpoint(PLAN_READERS)
def show_data_quality(context: Context, *, year: Year | None = None) -> Response:
    """Show how well the emissions of a year are known, as of today."""
    today = context.today
    last = month_before(month_of(today))
    year = year or last.year
    inventory = inventory_of(context.session, year, at=context.at)
    quality = quality_of(context.session, inventory, on=today)
    end = min(last, date(year, 12, 1))
    gaps = missing_months(context.session, start=date(year, 1, 1), end=end) if end.year == year else ()
    good = [share for grade in GRADES_GOOD if (share := quality.share(grade)) is not None]
    page = DataQualityPage(
        tabs=monitoring_tabs(context),
        year=year,
        years=[(one, one == year) for one in inventory_years(context.session)],
        day=today,
        good_share=sum(good) if good else None,
        total_t_co2=quality.total_t_co2,
        grades=[_grade_line(quality, grade) for grade in Grade],
        chart=horizontal_bars(
            [Part(code=one.value, label=one.value, value=quality.by_grade_t_co2[one]) for one in Grade], unit="t CO₂"
        ),
        ungraded_t_co2=quality.ungraded_t_co2,
        improvements=_improvements(context, quality),
        products=_products(context),
        missing=[
            (name_of(one.source, context), month_words(one.month), month_href(one.source.plant_id, one.month)) for one in gaps
        ],
        is_sample=inventory.is_sample,
    )
    return render_page(context, "console/plan_data_quality.html", page)


def _grade_line(quality: InventoryQuality, grade: Grade) -> GradeLine:
    return GradeLine(grade=grade.value, tone=TONES[grade.value], t_co2=quality.by_grade_t_co2[grade], share=quality.share(grade))


def _improvements(context: Context, quality: InventoryQuality) -> Sequence[ImprovementLine]:
    sources = {one.id: one for one in find_sources(context.session)}
    return [_improvement(context, one, sources[one.source_id], quality.total_t_co2) for one in quality.improvements]


def _improvement(context: Context, one: Improvement, source: EmissionSource, total_t_co2: float) -> ImprovementLine:
    return ImprovementLine(
        name=name_of(source, context),
        href=source_href(source),
        entry_href=entry_href(one.entry_id),
        grade=one.grade.value,
        tone=TONES[one.grade.value],
        t_co2=one.t_co2,
        share=one.t_co2 / total_t_co2 if total_t_co2 else None,
        faults=[translate(context.locale, FAULT_TEXTS[fault]) for fault in one.faults],
    )


def _products(context: Context) -> Sequence[ProductLine]:
    """Return the latest footprint in use of each product."""
    found: dict[object, ProductLine] = {}
    for record, row in records_in_use(context.session, limit=RECORDS_MAX):
        if record.product_id not in found:
            href = f"/console/footprints/{record.id}"
            found[record.product_id] = ProductLine(
                name=row.grade, href=href, number=row.number, share=row.shares.get("primary", 0.0)
            )
    return sorted(found.values(), key=lambda one: one.name)
