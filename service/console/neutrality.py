"""Neutrality before 2060: what will be left, what is removed against it; side by side, never netted."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console.target_charts import View, target_chart
from service.console.target_words import ASSETS, FORECAST_GAPS, target_tabs
from service.i18n import translate
from service.plan.items import plan_items
from service.plan.policies import EDITOR_ROLES, PLAN_READERS
from service.strategy.trajectories import TrajectoryKind
from service.targets.assets import NeutralYear, neutral_years, used_removals
from service.targets.catalogue import TARGETS, Basis, Indicator
from service.targets.forecasting_rules import Band
from service.targets.models import AssetUse, CarbonAsset
from service.targets.standing import Record, record_of
from service.web.charts_paths import PathChart

router = APIRouter()

HORIZON = max(TARGETS)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResidualLine:
    """One year: expected without measures, planned to be left, planned to be removed, removed."""

    year: int
    expected: Band | None
    planned: NeutralYear | None


@dataclass(frozen=True, slots=True, kw_only=True)
class NeutralityPage:
    """What is left and what is removed, apart from each other."""

    tabs: Sequence[tuple[str, str, bool]]
    name: str
    chart: PathChart | None
    lines: Sequence[ResidualLine]
    removals: Sequence[tuple[str, CarbonAsset, AssetUse]]
    forecast_gaps: Sequence[str]
    latest: tuple[int, float | None] | None
    may_write: bool
    is_sample: bool


@router.get("/console/plan/neutrality")
@endpoint(PLAN_READERS)
def show_neutrality(context: Context) -> Response:
    """Show residual emissions by year to 2060, and the removals against them."""
    record = record_of(context.session, at=context.at)
    view = View(indicator=Indicator.CO2, basis=Basis.ABSOLUTE, path=TrajectoryKind.LINEAR, with_toll=False)
    planned = {one.year: one for one in neutral_years(context.session)}
    lines = _lines(record, planned)
    page = NeutralityPage(
        tabs=target_tabs(context),
        name=plan_items()["target_2060"].name(context.locale),
        chart=target_chart(
            record,
            view,
            until=HORIZON,
            locale=context.locale,
            planned={year: one.planned_residual_t_co2 for year, one in planned.items() if one.planned_residual_t_co2 is not None},
        ),
        lines=lines,
        removals=[(translate(context.locale, ASSETS[asset.kind]), asset, use) for asset, use in used_removals(context.session)],
        forecast_gaps=[
            translate(context.locale, FORECAST_GAPS[one])
            for one in FORECAST_GAPS
            if record.forecast is not None and one in record.forecast.gaps
        ],
        latest=(record.years[-1].year, record.years[-1].amount(Indicator.CO2)) if record.years else None,
        may_write=context.asking.has(*EDITOR_ROLES),
        is_sample=any(one.is_sample for one in record.years),
    )
    return render_page(context, "console/neutrality.html", page)


def _lines(record: Record, planned: dict[int, NeutralYear]) -> Sequence[ResidualLine]:
    """Return every planned year, and of the forecast each fifth year and those of targets."""
    expected = {} if record.forecast is None else record.forecast.t_co2
    shown = {year for year in expected if not year % 5 or year in TARGETS}
    return [ResidualLine(year=year, expected=expected.get(year), planned=planned.get(year)) for year in sorted({*planned, *shown})]
