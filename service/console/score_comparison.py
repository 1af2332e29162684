"""Two to five suppliers of a material side by side: scores, footprints, prices, and from which carbon price one beats another."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console.choices import flow_label, read_filter
from service.console.ranking import READERS
from service.console.ranking_rows import RankingLine, material_ranking
from service.console.score_rows import dimension_radar
from service.errors import N_, FieldError, NotFoundError
from service.green_score.benchmarks import benchmark_for
from service.green_score.indicator_names import DIMENSION_NAMES, INDICATOR_NAMES
from service.green_score.method import DIMENSIONS
from service.green_score.method_queries import method_of
from service.green_score.models import Score
from service.green_score.published import PROBABILITY_STEPS, Disclosure, disclosure_for
from service.green_score.queries import latest_scores, method_version_of
from service.green_score.robustness import rank_robustness
from service.green_score.supplier_footprint import stand_in_kg_co2e_per_kg
from service.i18n import translate
from service.suppliers.schemas import FlowKey
from service.swaps.pareto import BreakEven, break_even
from service.web.charts_scores import Radar
from service.web.forms import FormInput

router = APIRouter()

FEWEST, MOST = 2, 5
SAMPLES: Final = 2_000
"""Draws of a comparison of five: a standard error of 0.011, and still shown at once."""


class ComparisonQuery(FormInput):
    """What the address names."""

    flow: FlowKey | None = None
    suppliers: tuple[uuid.UUID, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One supplier of the comparison.

    Attributes
    ----------
    counted_kg_co2e_per_kg
        Its footprint, or the cautious stand-in; None for a material without a benchmark.

    """

    line: RankingLine
    radar: Radar
    counted_kg_co2e_per_kg: float | None
    is_stand_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two of them.

    Attributes
    ----------
    wins
        Share of draws of weights and data in which the first has the higher score; ties counted half.
    break_even
        None where a price or a footprint is missing.

    """

    first: RankingLine
    second: RankingLine
    wins: float | None
    break_even: BreakEven | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPage:
    """The comparison; `dimensions` and `indicators` are (code, name)."""

    flow: str
    material: str
    compared: Sequence[Compared]
    pairs: Sequence[Pair]
    dimensions: Sequence[tuple[str, str]]
    indicators: Sequence[tuple[str, str]]


@router.get("/console/ranking/compare")
@endpoint(READERS)
def compare(context: Context) -> Response:
    """Show two to five suppliers side by side."""
    wanted, form = read_filter(ComparisonQuery, context.request, context.locale, many=frozenset({"suppliers"}))
    chosen = tuple(dict.fromkeys(wanted.suppliers))
    if wanted.flow is None or form.errors or not FEWEST <= len(chosen) <= MOST:
        message = N_("Choose two to five suppliers of one material in the ranking; %(count)s are chosen.")
        raise FieldError(message, count=len(chosen))
    return render_page(context, "console/score_comparison.html", _page(context, wanted.flow, chosen))


def _page(context: Context, flow: str, chosen: Sequence[uuid.UUID]) -> ComparisonPage:
    locale = context.locale
    lines = {one.supplier.id: one for one in material_ranking(context, flow).lines}
    if not set(chosen) <= set(lines):
        raise NotFoundError
    stand_in = _stand_in(context, flow)
    compared = [_compared(context, lines[one], stand_in) for one in chosen]
    return ComparisonPage(
        flow=flow,
        material=flow_label(flow, locale),
        compared=compared,
        pairs=_pairs(context, compared, latest_scores(context.session, flow=flow, supplier_ids=chosen)),
        dimensions=[(code, translate(locale, DIMENSION_NAMES[code])) for code in DIMENSIONS],
        indicators=[(code, translate(locale, name)) for code, name in INDICATOR_NAMES.items()],
    )


def _stand_in(context: Context, flow: str) -> float | None:
    benchmark = benchmark_for(context.session, flow, on=context.today)
    return None if benchmark is None else stand_in_kg_co2e_per_kg(benchmark.kg_co2e_per_kg, benchmark.p90_kg_co2e_per_kg)


def _compared(context: Context, line: RankingLine, stand_in: float | None) -> Compared:
    own = line.footprint.kg_co2e_per_kg
    return Compared(
        line=line,
        radar=dimension_radar(line.score, context.locale),
        counted_kg_co2e_per_kg=stand_in if own is None else own,
        is_stand_in=own is None,
    )


def _pairs(context: Context, compared: Sequence[Compared], scores: Sequence[Score]) -> list[Pair]:
    wins = _wins(context, scores)
    return [
        Pair(
            first=one.line,
            second=other.line,
            wins=wins.get((one.line.score_id, other.line.score_id)),
            break_even=_break_even(one, other),
        )
        for one, other in combinations(compared, 2)
    ]


def _wins(context: Context, scores: Sequence[Score]) -> dict[tuple[uuid.UUID, uuid.UUID], float]:
    """Return by pair how often the first is ahead; in steps of a tenth for those who see rounded figures."""
    newest = max(scores, key=lambda one: one.calculated_at)
    drawn = rank_robustness(scores, method_of(method_version_of(context.session, newest)), samples=SAMPLES)
    is_rounded = disclosure_for(context.asking) is Disclosure.ROUNDED
    return {
        (one.score_id, other): round(share * PROBABILITY_STEPS) / PROBABILITY_STEPS if is_rounded else share
        for one in drawn
        for other, share in one.wins_against.items()
    }


def _break_even(one: Compared, other: Compared) -> BreakEven | None:
    first, second = _point(one), _point(other)
    return None if first is None or second is None else break_even(first, second)


def _point(one: Compared) -> tuple[float, float] | None:
    if one.line.price is None or one.counted_kg_co2e_per_kg is None:
        return None
    return one.line.price.cny_per_t, one.counted_kg_co2e_per_kg
