"""Where the company stands on the targets of its plan: the chart, the table of gaps, each target on every basis."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console.choices import Options, read_filter
from service.console.measure_forecast import expected_with_measures
from service.console.target_charts import View, YearLine, target_chart, year_lines
from service.console.target_words import (
    FORECAST_GAPS,
    PATHS,
    STATUS,
    TARGETS_PATH,
    target_tabs,
)
from service.i18n import Locale, explain, translate
from service.plan.items import plan_items
from service.plan.policies import PLAN_READERS
from service.strategy.trajectories import TrajectoryKind, peak_growth, required_ratio, yearly_rate
from service.targets.catalogue import DEFINITIONS, TARGETS, Basis, DefinitionKey, Indicator
from service.targets.forecasting import ForecastGap
from service.targets.standing import Record, Standing, hidden_by_price, record_of, standings_of
from service.targets.words import BASES, INDICATORS
from service.web.charts_paths import PathChart
from service.web.forms import FormInput, FormState

router = APIRouter()

SOON: Final = 2040
"""Last year of the chart unless the years to 2060 are asked for."""


class TargetFilter(FormInput):
    """What the address of the page may hold."""

    indicator: Indicator = Indicator.CO2
    basis: Basis = Basis.CURRENT_PRICE
    path: TrajectoryKind | None = None
    toll: bool = False
    until: int | None = Field(default=None, ge=2000, le=2100)


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingLine:
    """One target on one basis, in words."""

    standing: Standing
    basis: str
    status: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetCard:
    """One target; `headline` is the figure as the plan words it, `per_tonne` the same per tonne."""

    year: int
    name: str
    href: str
    indicator: str
    headline: StandingLine
    per_tonne: StandingLine


@dataclass(frozen=True, slots=True, kw_only=True)
class PeakLine:
    """A stretch of the plan: the yearly change it asks for, and the growth of output above which emissions rise all the same."""

    first: int
    last: int
    rate: float | None
    growth: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interim:
    """What the path asks of the year after the last closed one."""

    year: int
    ratio: float
    required: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetsPage:
    """All targets, and one of them over the years."""

    tabs: Sequence[tuple[str, str, bool]]
    cards: Sequence[TargetCard]
    hidden: Sequence[tuple[int, str, bool]]
    view: View
    form: FormState
    choices: Mapping[str, Options]
    chart: PathChart | None
    measures_problem: str
    lines: Sequence[YearLine]
    gap_unit: str
    interim: Interim | None
    peaks: Sequence[PeakLine]
    undefined: Sequence[str]
    forecast_gaps: Sequence[str]
    forecast_base: int | None
    forecast_sources: Sequence[str]
    has_base: bool
    path_is_set: bool
    toll_is_missing: bool
    is_sample: bool


@router.get(TARGETS_PATH)
@endpoint(PLAN_READERS)
def show_targets(context: Context) -> Response:
    """Show where the company stands, and one indicator on one basis over the years."""
    wanted, form = read_filter(TargetFilter, context.request, context.locale)
    record = record_of(context.session, at=context.at)
    view = View(
        indicator=wanted.indicator,
        basis=wanted.basis,
        path=wanted.path or record.reading.trajectory,
        with_toll=wanted.toll and wanted.indicator is Indicator.CO2,
    )
    until = max(TARGETS) if wanted.until == max(TARGETS) else SOON
    return render_page(context, "console/targets.html", _page(context, record, view, until, form))


def _page(context: Context, record: Record, view: View, until: int, form: FormState) -> TargetsPage:
    locale = context.locale
    found = standings_of(record)
    expected = expected_with_measures(context, record, view, until=until)
    return TargetsPage(
        tabs=target_tabs(context),
        cards=_cards(found, locale),
        hidden=[
            (one.target.year, translate(locale, INDICATORS[one.indicator]), one.actual is not None and is_good(one))
            for one, _ in hidden_by_price(found)
        ],
        view=view,
        form=form,
        choices=_choices(locale, until),
        chart=target_chart(record, view, until=until, locale=locale, with_measures=expected.by_year),
        measures_problem=explain(locale, expected.problem) if expected.problem else "",
        lines=year_lines(record, view, until=until),
        gap_unit="tce" if view.indicator is Indicator.ENERGY else "t CO2",
        interim=_interim(record, view),
        peaks=_peaks(record, view.indicator),
        undefined=[translate(locale, DEFINITIONS[key].label) for key in DEFINITIONS if key in record.reading.undefined],
        forecast_gaps=_gaps(record, locale),
        forecast_base=record.forecast.base_year if record.forecast else None,
        forecast_sources=record.forecast.sources if record.forecast else (),
        has_base=record.base is not None,
        toll_is_missing=view.with_toll and not all(one.toll_known for one in record.years),
        path_is_set=DefinitionKey.TRAJECTORY not in record.reading.undefined,
        is_sample=any(one.is_sample for one in record.years),
    )


def is_good(one: Standing) -> bool:
    """Tell whether a target is met or on its path."""
    return STATUS[one.status][1] == "good"


def standing_line(one: Standing, locale: Locale) -> StandingLine:
    """Return a standing in words."""
    words, tone = STATUS[one.status]
    return StandingLine(standing=one, basis=translate(locale, BASES[one.basis]), status=translate(locale, words), tone=tone)


def _cards(found: Sequence[Standing], locale: Locale) -> Sequence[TargetCard]:
    lines = {(one.target.year, one.indicator, one.basis): standing_line(one, locale) for one in found if not one.with_toll}
    return [
        TargetCard(
            year=target.year,
            name=plan_items()[target.item].name(locale),
            href=plan_items()[target.item].path if target.year == max(TARGETS) else f"{TARGETS_PATH}/{target.year}",
            indicator=translate(locale, INDICATORS[indicator]),
            headline=lines[target.year, indicator, Basis.CURRENT_PRICE],
            per_tonne=lines[target.year, indicator, Basis.PER_TONNE],
        )
        for target in TARGETS.values()
        for indicator in target.ratios
    ]


def _choices(locale: Locale, until: int) -> Mapping[str, Options]:
    years = [(str(SOON), str(SOON)), (str(max(TARGETS)), str(max(TARGETS)))]
    return {
        "indicator": [(key.value, translate(locale, text)) for key, text in INDICATORS.items()],
        "basis": [(key.value, translate(locale, text)) for key, text in BASES.items()],
        "path": [(key.value, translate(locale, text)) for key, text in PATHS.items()],
        "until": years if until == SOON else years[::-1],
    }


def _interim(record: Record, view: View) -> Interim | None:
    points = record.milestones(view.indicator)
    year = record.years[-1].year + 1 if record.years else points[0].year + 1
    if year >= points[-1].year or record.base is None:
        return None
    ratio = required_ratio(points, view.path, year)
    base = record.base.figure(view.indicator, view.basis, with_toll=view.with_toll)
    return Interim(year=year, ratio=ratio, required=None if base is None else base * ratio)


def _peaks(record: Record, indicator: Indicator) -> Sequence[PeakLine]:
    points = record.milestones(indicator)
    return [
        PeakLine(first=first.year, last=last.year, rate=yearly_rate(first, last), growth=peak_growth(first, last))
        for first, last in pairwise(points)
    ]


def _gaps(record: Record, locale: Locale) -> Sequence[str]:
    if record.forecast is None:
        return [translate(locale, FORECAST_GAPS[ForecastGap.NO_CLOSED_YEAR])]
    return [translate(locale, FORECAST_GAPS[one]) for one in FORECAST_GAPS if one in record.forecast.gaps]
