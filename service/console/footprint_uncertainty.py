"""Pages on how sure a footprint is, and whether one is surely lower than another."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from lca_models.uncertainty.comparison import Comparison
from lca_models.uncertainty.monte_carlo import Simulation
from lca_models.uncertainty.sensitivity import shift_contributions, variance_contributions
from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console import footprint_words as words
from service.console.choices import Options, read_filter
from service.console.footprint_tabs import FootprintHead, FootprintTab, footprint_head
from service.console.uncertain_parameters import UncertainLine, short_meaning, uncertain_lines
from service.errors import N_
from service.footprints import queries
from service.footprints.disclosure import INSIDERS
from service.footprints.models import FootprintRecord
from service.footprints.queries import RecordFilter
from service.footprints.uncertainty import compare_uncertainty, simulate_record
from service.footprints.views import HEADLINE
from service.i18n import Locale, translate
from service.web.charts import BarChart, Estimate, IntervalChart, Part, dots_and_intervals, horizontal_bars
from service.web.charts_uncertainty import Histogram, histogram
from service.web.formatting import format_date
from service.web.forms import FormInput, FormState

router = APIRouter()

UNIT: Final = "kg CO₂e/kg"
_SHOWN: Final = 10
_SHOWN_MOVES: Final = 4
_OTHERS: Final = 50
_BINS: Final = 30
# A median this near to the point value, relatively, is the same number to a reader.
_SAME: Final = 0.005
# Conventional level of a significant difference; between this and its mirror two footprints can't be told apart.
_SURE: Final = 0.95


class OtherFootprint(FormInput):
    """Which footprint to compare with."""

    other: uuid.UUID | None = Field(default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewLine:
    """The distribution under one electricity view, kg CO2e per kg."""

    name: str
    is_headline: bool
    point: float
    median: float
    sd: float
    low: float
    p90: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertaintyPage:
    """How sure one footprint is.

    Attributes
    ----------
    reason
        Message id: how point value and median lie to each other.
    moves
        What moves the mean away from the point value; None where they are the same to a reader.
    explained
        Share of the variance that the parameters explain one by one, 0 to 1.
    lines, other_lines
        Uncertain parameters: those that bring most of the variance, and the rest.

    """

    record: FootprintRecord
    head: FootprintHead
    headline: ViewLine
    mean: float
    reason: str
    moves: BarChart | None
    results: Histogram
    views: Sequence[ViewLine]
    view_chart: IntervalChart
    variance: BarChart | None
    explained: float
    lines: Sequence[UncertainLine]
    other_lines: Sequence[UncertainLine]
    certain: Sequence[UncertainLine]
    certain_exchanges: Sequence[str]
    draws: int
    seed: int
    left_out: int
    others: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertainComparisonPage:
    """Two footprints with common draws; `found` is None until another one is chosen.

    Attributes
    ----------
    verdict
        Message id: what the comparison says.

    """

    record: FootprintRecord
    head: FootprintHead
    form: FormState
    others: Options
    other: FootprintRecord | None
    found: Comparison | None
    verdict: str
    differences: Histogram | None
    both: IntervalChart | None


@router.get("/console/footprints/{record_id:uuid}/uncertainty")
@endpoint(INSIDERS)
def show_uncertainty(context: Context, record_id: uuid.UUID) -> Response:
    """Show how sure a footprint is; the draws are the same each time."""
    head = footprint_head(context, record_id, FootprintTab.UNCERTAINTY)
    page = uncertainty_page(context, queries.get_record(context.session, record_id), head)
    return render_page(context, "console/footprint_uncertainty.html", page)


def uncertainty_page(context: Context, record: FootprintRecord, head: FootprintHead) -> UncertaintyPage:
    """Put together how sure a footprint is."""
    found = simulate_record(context.session, record)
    headline, locale = found.headline, context.locale
    shares = variance_contributions(headline)
    lines = uncertain_lines(found, record, shares, locale)
    uncertain = [line for line in lines if not line.is_certain]
    views = [_view_line(key, one, locale) for key, one in found.by_view.items()]
    return UncertaintyPage(
        record=record,
        head=head,
        headline=views[0],
        mean=headline.mean_kg_co2e,
        reason=_reason(headline),
        moves=_moves(headline, locale),
        results=_results(headline, locale),
        views=views,
        view_chart=_view_chart(views),
        variance=_variance(shares, locale),
        explained=sum(shares.values()),
        lines=uncertain[:_SHOWN],
        other_lines=uncertain[_SHOWN:],
        certain=[line for line in lines if line.is_certain],
        certain_exchanges=[f"{one.process} / {words.flow_name(one.flow, locale)}" for one in found.fixed],
        draws=headline.design.draws,
        seed=headline.design.seed,
        left_out=headline.left_out,
        others=_other_records(context, record) if head.ask_href is None else (),
    )


@router.get("/console/footprints/{record_id:uuid}/uncertainty/compare")
@endpoint(INSIDERS)
def compare_uncertain_footprints(context: Context, record_id: uuid.UUID) -> Response:
    """Show how surely a footprint is lower than another one, which stands in the address."""
    record = queries.get_record(context.session, record_id)
    wanted, form = read_filter(OtherFootprint, context.request, context.locale)
    other = queries.get_record(context.session, wanted.other) if wanted.other else None
    found = compare_uncertainty(context.session, record, other) if other else None
    page = UncertainComparisonPage(
        record=record,
        head=footprint_head(context, record_id, FootprintTab.UNCERTAINTY),
        form=form,
        others=_other_records(context, record),
        other=other,
        found=found,
        verdict=_verdict(found) if found else "",
        differences=_differences(found, context.locale) if found else None,
        both=_both(record, other, found) if found and other else None,
    )
    return render_page(context, "console/footprint_uncertainty_compare.html", page)


def _other_records(context: Context, record: FootprintRecord) -> Options:
    """Return the latest other footprints by product and period."""
    rows = queries.find_records(context.session, RecordFilter(), limit=_OTHERS).rows
    return [
        (str(row.id), f"{row.grade} · {format_date(row.period_start)} – {format_date(row.period_end)} · {row.number}")
        for row in rows
        if row.id != record.id
    ]


def _view_line(key: str, found: Simulation, locale: Locale) -> ViewLine:
    return ViewLine(
        name=translate(locale, words.VIEWS[key][0]),
        is_headline=key == HEADLINE,
        point=found.point_kg_co2e,
        median=found.median_kg_co2e,
        sd=found.sd_kg_co2e,
        low=found.percentile(5.0),
        p90=found.percentile(90.0),
        high=found.percentile(95.0),
    )


def _reason(found: Simulation) -> str:
    point, median = found.point_kg_co2e, found.median_kg_co2e
    if found.is_certain:
        return N_("Nothing in this footprint is uncertain by what its parameters rest on, so that all results are the point value.")
    if abs(median - point) <= _SAME * abs(point):
        return N_(
            "Point value and median agree: the ranges reach about as far up as down. The point value is what certificates state."
        )
    if median > point:
        return N_(
            "The point value takes the most likely or middle value of every parameter at once. Most ranges reach farther up than "
            "down, so that more than half of the simulated results lie above it; the median says where the middle is. Certificates "
            "state the point value."
        )
    return N_(
        "The point value takes the most likely or middle value of every parameter at once. Most ranges reach farther down than up, "
        "so that more than half of the simulated results lie below it; the median says where the middle is. Certificates state the "
        "point value."
    )


def _moves(found: Simulation, locale: Locale) -> BarChart | None:
    """Return what moves the mean most, the rest as one bar."""
    if found.is_certain or abs(found.median_kg_co2e - found.point_kg_co2e) <= _SAME * abs(found.point_kg_co2e):
        return None
    moves = list(shift_contributions(found).items())
    parts = [Part(code="move", label=short_meaning(name, locale), value=kg) for name, kg in moves[:_SHOWN_MOVES]]
    rest = sum(kg for _, kg in moves[_SHOWN_MOVES:])
    return horizontal_bars([*parts, Part(code="move", label=translate(locale, N_("All others")), value=rest)], unit=UNIT)


def _results(found: Simulation, locale: Locale) -> Histogram:
    counted = found.histogram(_BINS)
    marks = [(translate(locale, N_("Point value")), found.point_kg_co2e), (translate(locale, N_("Median")), found.median_kg_co2e)]
    return histogram(
        counted.edges_kg_co2e.tolist(),
        counted.counts.tolist(),
        central=(found.percentile(5.0), found.percentile(95.0)),
        marks=marks,
        unit=UNIT,
    )


def _view_chart(views: Sequence[ViewLine]) -> IntervalChart:
    return dots_and_intervals(
        [Estimate(label=view.name, value=view.median, low=view.low, high=view.high) for view in views], unit=UNIT
    )


def _variance(shares: dict[str, float], locale: Locale) -> BarChart | None:
    if not shares:
        return None
    ordered = list(shares.items())
    parts = [Part(code="share", label=short_meaning(name, locale), value=100 * share) for name, share in ordered[:_SHOWN]]
    rest = 100 * sum(share for _, share in ordered[_SHOWN:])
    return horizontal_bars([*parts, Part(code="share", label=translate(locale, N_("All others")), value=rest)], unit="%")


def _verdict(found: Comparison) -> str:
    probability = found.probability_first_lower
    if probability >= _SURE:
        return N_("The first is lower, as far as what is known of both goes.")
    if probability <= 1.0 - _SURE:
        return N_("The second is lower, as far as what is known of both goes.")
    return N_("The two can't be told apart: which one is lower is not sure enough (below 95 in 100 cases).")


def _differences(found: Comparison, locale: Locale) -> Histogram:
    counted = found.histogram(_BINS)
    return histogram(
        counted.edges_kg_co2e.tolist(),
        counted.counts.tolist(),
        central=(found.percentile(5.0), found.percentile(95.0)),
        marks=[(translate(locale, N_("No difference")), 0.0), (translate(locale, N_("Median")), found.median_kg_co2e)],
        unit=UNIT,
    )


def _both(record: FootprintRecord, other: FootprintRecord, found: Comparison) -> IntervalChart:
    pairs = ((record, found.first), (other, found.second))
    return dots_and_intervals(
        [
            Estimate(
                label=one.number,
                value=simulation.median_kg_co2e,
                low=simulation.percentile(5.0),
                high=simulation.percentile(95.0),
                href=f"/console/footprints/{one.id}/uncertainty",
            )
            for one, simulation in pairs
        ],
        unit=UNIT,
    )
