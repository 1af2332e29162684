"""The lines of a ranking as its reader may see them: page, export and comparison show the same figures."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from service.accounts.access import Context
from service.green_score.models import Score
from service.green_score.published import (
    PROBABILITY_STEPS,
    Disclosure,
    PublishedScore,
    Range,
    disclosure_for,
    published_kg_co2e,
    published_score,
)
from service.green_score.queries import latest_scores
from service.green_score.robustness import ROBUST_FROM
from service.procurement.rank_runs import RankSpread, find_run, set_of, spreads_of
from service.procurement.ranking import Standing, official_ranks, standing_of
from service.procurement.ranking_queries import EarlierScore, Price, earlier_scores, prices
from service.suppliers.provinces import province_name
from service.suppliers.queries import SupplierRow, all_active_suppliers

GRADE_ORDER: Final = ("A+", "A", "B", "C", "D", "V")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFootprint:
    """A footprint of what is delivered, as its reader may see it, held against the benchmark that the score rests on.

    Attributes
    ----------
    kg_co2e_per_kg
        None where the supplier has none of its own.
    benchmark_kg_co2e_per_kg
        None where the material has none.

    """

    kg_co2e_per_kg: float | None
    benchmark_kg_co2e_per_kg: float | None
    period_end: date | None

    @property
    def ratio(self) -> float | None:
        """Footprint over benchmark."""
        if self.kg_co2e_per_kg is None or not self.benchmark_kg_co2e_per_kg:
            return None
        return self.kg_co2e_per_kg / self.benchmark_kg_co2e_per_kg


@dataclass(frozen=True, slots=True, kw_only=True)
class RankingLine:
    """A supplier in the ranking of one material.

    Attributes
    ----------
    rank
        In the official order; None for who is not ranked.
    spread
        How firmly the rank stands; None where that is not calculated yet.
    is_robust
        None where it was not calculated.
    own_figures
        Value of the share of own figures, 0 to 100; None where it is missing.
    change
        Points since the period before; None with one period only.

    """

    supplier: SupplierRow
    name: str
    province: str
    score_id: uuid.UUID
    score: PublishedScore
    standing: Standing
    rank: int | None
    spread: RankSpread | None
    is_robust: bool | None
    footprint: ShownFootprint
    own_figures: Range | None
    earlier: EarlierScore | None
    change: float | None
    price: Price | None
    period_end: date
    updated: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialRanking:
    """Everybody with a score for a material.

    Attributes
    ----------
    ranked_scores
        Rows of the ranked ones, for second opinions and robustness; never shown as they are.

    """

    flow: str
    lines: Sequence[RankingLine]
    ranked_scores: Sequence[Score]


def material_ranking(context: Context, flow: str) -> MaterialRanking:
    """Rank the active suppliers that have a score for a material."""
    suppliers = {one.id: one for one in all_active_suppliers(context.session)}
    scores = [one for one in latest_scores(context.session, flow=flow) if one.supplier_id in suppliers]
    ranked = [one for one in scores if standing_of(one) is Standing.RANKED]
    drawn = set_of(context.session, flow, ranked)
    run = None if drawn is None else find_run(context.session, drawn)
    view = _View(
        context=context,
        suppliers=suppliers,
        spreads={} if run is None else spreads_of(run),
        ranks=official_ranks({one.supplier_id: one.total for one in ranked}),
        earlier=earlier_scores(context.session, flow),
        prices=prices(context.session, flow, on=context.today),
    )
    return MaterialRanking(flow=flow, lines=[_line(view, one) for one in scores], ranked_scores=ranked)


@dataclass(frozen=True, slots=True, kw_only=True)
class _View:
    """What every line is made with."""

    context: Context
    suppliers: Mapping[uuid.UUID, SupplierRow]
    ranks: Mapping[uuid.UUID, int]
    spreads: Mapping[uuid.UUID, RankSpread]
    earlier: Mapping[uuid.UUID, EarlierScore]
    prices: Mapping[uuid.UUID, Price]


def _line(view: _View, score: Score) -> RankingLine:
    locale, disclosure = view.context.locale, disclosure_for(view.context.asking)
    supplier, earlier = view.suppliers[score.supplier_id], view.earlier.get(score.supplier_id)
    shown = published_score(score, disclosure)
    return RankingLine(
        supplier=supplier,
        name=supplier.name(locale),
        province=province_name(supplier.province_code, locale),
        score_id=score.id,
        score=shown,
        standing=standing_of(score),
        rank=view.ranks.get(score.supplier_id),
        spread=_shown_spread(view.spreads.get(score.supplier_id), disclosure),
        is_robust=is_robust(score),
        footprint=shown_footprint(score, disclosure),
        own_figures=shown.indicators["A3"].value if "A3" in shown.indicators else None,
        earlier=earlier,
        change=None if earlier is None else shown.total - _shown_total(earlier.total, disclosure),
        price=view.prices.get(score.supplier_id),
        period_end=score.period_end,
        updated=score.calculated_at,
    )


def is_robust(score: Score) -> bool | None:
    """Tell whether the shown grade or a better one is all but certain; None where it was not calculated."""
    probability = score.robustness.get("grade_probability")
    return None if probability is None else probability >= ROBUST_FROM


def shown_footprint(score: Score, disclosure: Disclosure) -> ShownFootprint:
    """Return the footprint that a score rests on, as somebody may see it."""
    footprint, anchors = score.inputs.get("footprint"), score.inputs.get("anchors")
    return ShownFootprint(
        kg_co2e_per_kg=None if footprint is None else published_kg_co2e(footprint["kg_co2e_per_kg"], disclosure),
        benchmark_kg_co2e_per_kg=None if anchors is None else anchors["kg_co2e_per_kg"],
        period_end=None if footprint is None else date.fromisoformat(footprint["period_end"]),
    )


def _shown_spread(spread: RankSpread | None, disclosure: Disclosure) -> RankSpread | None:
    """Return a spread as somebody may see it: shares of draws in steps of a tenth, the ranks themselves as they are."""
    if spread is None or disclosure is Disclosure.EXACT:
        return spread
    rough = tuple(round(share * PROBABILITY_STEPS) / PROBABILITY_STEPS for share in spread.acceptability)
    return replace(spread, acceptability=rough, expected=float(round(spread.expected)))


def _shown_total(total: float, disclosure: Disclosure) -> float:
    return total if disclosure is Disclosure.EXACT else float(round(total))


Sorter = Callable[[RankingLine], float | str | None]
SORTERS: Final[Mapping[str, Sorter]] = {
    "rank": lambda one: one.rank,
    "name": lambda one: one.name,
    "grade": lambda one: GRADE_ORDER.index(one.score.grade),
    "province": lambda one: one.province or None,
    "footprint": lambda one: one.footprint.kg_co2e_per_kg,
    "own_figures": lambda one: None if one.own_figures is None else one.own_figures.middle,
    "trend": lambda one: one.change,
    "price": lambda one: None if one.price is None else one.price.cny_per_t,
    "updated": lambda one: one.updated.timestamp(),
}
"""By column: what it is sorted by; only what its reader is shown, or the order would tell more."""


def sorted_lines(lines: Sequence[RankingLine], key: str, *, descending: bool) -> list[RankingLine]:
    """Return lines by a column; those without a value come last either way, equal ones by rank."""
    sorter = SORTERS.get(key) or _by_dimension(key)
    by_rank = sorted(lines, key=lambda one: (one.rank or 0, one.name))
    known = [one for one in by_rank if sorter(one) is not None]
    unknown = [one for one in by_rank if sorter(one) is None]
    return sorted(known, key=sorter, reverse=descending) + unknown  # type: ignore[arg-type] # no None is left


def _by_dimension(dimension: str) -> Sorter:
    def value(line: RankingLine) -> float | None:
        found = line.score.dimensions.get(dimension)
        return None if found is None else found.middle

    return value
