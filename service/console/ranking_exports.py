"""A ranking as a table to take along."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from service.console.ranking_rows import RankingLine
from service.errors import N_
from service.green_score.indicator_names import DIMENSION_NAMES
from service.green_score.method import DIMENSIONS
from service.green_score.published import Range
from service.i18n import Locale, translate
from service.procurement.ranking import Standing
from service.suppliers.workbook import Column, Value

COLUMNS: Final = (
    Column(key="material", header="物料 / Material", hint="", width=24),
    Column(key="supplier", header="供应商 / Supplier", hint="", width=40),
    Column(key="province", header="省份 / Province", hint="", width=16),
    Column(key="standing", header="是否排名 / Standing", hint="", width=18),
    Column(key="rank", header="名次 / Rank", hint="", width=10),
    Column(key="first_rank", header="名次 P5 / Rank P5", hint="", width=12),
    Column(key="last_rank", header="名次 P95 / Rank P95", hint="", width=12),
    Column(key="grade", header="等级 / Rating", hint="", width=10),
    Column(key="reasons", header="等级说明 / Reasons", hint="", width=60),
    Column(key="score", header="得分 / Score (0-100)", hint="", width=16),
    Column(key="low", header="得分 P5 / Score P5", hint="", width=14),
    Column(key="high", header="得分 P95 / Score P95", hint="", width=14),
    *(Column(key=one, header=f"{one} (0-100)", hint="", width=12) for one in DIMENSIONS),
    Column(key="footprint", header="碳足迹 / Footprint (kg CO2e/kg)", hint="", width=20),
    Column(key="benchmark", header="基准 / Benchmark (kg CO2e/kg)", hint="", width=20),
    Column(key="change", header="较上期 / Change (points)", hint="", width=16),
    Column(key="price", header="价格 / Price (CNY/t)", hint="", width=16),
    Column(key="period", header="数据截至 / Period end", hint="", width=16),
    Column(key="updated", header="更新 / Updated", hint="", width=14),
)
STANDING_WORDS: Final[Mapping[Standing, str]] = {
    Standing.RANKED: N_("Ranked"),
    Standing.OPEN: N_("Not ranked yet"),
    Standing.EXCLUDED: N_("Excluded"),
}


def export_rows(lines: Sequence[RankingLine], material: str, locale: Locale) -> Iterator[Sequence[Value]]:
    """Return one row for each line, in the order of the columns; what its reader sees as a range is a text."""
    for one in lines:
        shown = one.score
        yield (
            material,
            one.name,
            one.province,
            translate(locale, STANDING_WORDS[one.standing]),
            one.rank,
            one.spread.low if one.spread else None,
            one.spread.high if one.spread else None,
            shown.grade,
            " ".join(reason.in_words(locale) for reason in shown.grade_reasons),
            shown.total,
            shown.interval.low if shown.interval else None,
            shown.interval.high if shown.interval else None,
            *(_cell(shown.dimensions.get(dimension)) for dimension in DIMENSIONS),
            one.footprint.kg_co2e_per_kg,
            one.footprint.benchmark_kg_co2e_per_kg,
            one.change,
            one.price.cny_per_t if one.price else None,
            one.period_end.isoformat(),
            one.updated.date().isoformat(),
        )


def notes(locale: Locale) -> Mapping[str, Sequence[str]]:
    """Return what the columns mean, for the second sheet."""
    meanings = (
        N_("The order is that of the score between fixed anchors, 0 to 100; no supplier's score depends on who else is ranked."),
        N_("P5 and P95: nine in ten draws of uncertain data and weights lie between them."),
        N_("Ranges and rounded figures rest on a supplier's own answers, which are not shown."),
        N_("An empty footprint: the supplier has none of its own."),
    )
    return {
        "说明 / Meaning": [translate(locale, one) for one in meanings],
        "维度 / Dimension": [f"{key} {translate(locale, name)}" for key, name in DIMENSION_NAMES.items()],
    }


def _cell(value: Range | None) -> Value:
    if value is None or value.is_exact:
        return None if value is None else value.low
    return f"{value.low:g}\u2013{value.high:g}"
