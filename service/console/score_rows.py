"""A score laid open: dimensions, indicators with what would raise them, and where each figure comes from."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from service.accounts.access import Principal
from service.errors import N_
from service.footprints.disclosure import may_see_inputs
from service.green_score.anchor_table import AnchorRow, AnchorTable
from service.green_score.indicator_names import DIMENSION_NAMES
from service.green_score.published import PublishedIndicator, PublishedScore, Range, Visibility
from service.i18n import Locale, translate
from service.web.charts_scores import Axis, Gain, PointSteps, Radar, point_steps, radar

STANDING_KINDS: Final = ("held_certificate", "compliance_record", "record_search", "declaration", "not_applicable", "veto")
SOURCE_WORDS: Final = {
    "submission": N_("Answers"),
    "evidence": N_("Evidence"),
    "held_certificate": N_("Certificate on file"),
    "compliance_record": N_("Violation on record"),
    "record_search": N_("Look into a register"),
    "declaration": N_("Paper on file"),
    "not_applicable": N_("Approval to leave it out"),
    "veto": N_("Exclusion"),
    "benchmark": N_("Benchmark"),
}
FULL: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a figure comes from; without an address for those who may not open it."""

    words: str
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorRow:
    """An indicator as its reader may see it.

    Attributes
    ----------
    left
        Points that could still be earned; None where its reader does not see its own points.
    anchor
        What earns how much; None for an indicator that the method has dropped since.

    """

    id: str
    name: str
    shown: PublishedIndicator
    reasons: Sequence[str]
    left: float | None
    anchor: AnchorRow | None
    sources: Sequence[Source]


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionRows:
    """A dimension with its indicators; `possible` points are those of the score."""

    code: str
    name: str
    possible: float
    rows: Sequence[IndicatorRow]


def dimension_rows(
    score: PublishedScore, anchors: AnchorTable, *, supplier_id: uuid.UUID, asking: Principal, locale: Locale
) -> list[DimensionRows]:
    """Return the indicators by dimension, in the order of the method."""
    return [
        DimensionRows(
            code=dimension.letter,
            name=dimension.name,
            possible=_possible(score, dimension.letter),
            rows=[
                _row(row, score.indicators[row.indicator], supplier_id=supplier_id, asking=asking, locale=locale)
                for row in dimension.rows
                if row.indicator in score.indicators
            ],
        )
        for dimension in anchors.dimensions
    ]


def dimension_radar(score: PublishedScore, locale: Locale) -> Radar:
    """Return the radar of a score's dimensions; a range is drawn at its middle."""
    return radar(
        [
            Axis(code=key, label=translate(locale, DIMENSION_NAMES[key]), value=one.middle, spread=_spread(one))
            for key, one in score.dimensions.items()
        ]
    )


def dimension_steps(score: PublishedScore, locale: Locale) -> PointSteps:
    """Return what each dimension earns of what it could; of a range, its middle."""
    return point_steps(
        [
            Gain(
                code=key,
                label=translate(locale, DIMENSION_NAMES[key]),
                points=one.middle / FULL * _possible(score, key),
                possible=_possible(score, key),
                spread=_spread(one, of=_possible(score, key)),
            )
            for key, one in score.dimensions.items()
        ],
        total=score.total,
    )


def _spread(value: Range, *, of: float = FULL) -> tuple[float, float] | None:
    return None if value.is_exact else (value.low / FULL * of, value.high / FULL * of)


def _possible(score: PublishedScore, dimension: str) -> float:
    return sum(one.possible for name, one in score.indicators.items() if name.startswith(dimension))


def _row(
    anchor: AnchorRow, shown: PublishedIndicator, *, supplier_id: uuid.UUID, asking: Principal, locale: Locale
) -> IndicatorRow:
    earned = 0.0 if shown.visibility is Visibility.MISSING else None if shown.points is None else shown.points.middle
    return IndicatorRow(
        id=anchor.indicator,
        name=anchor.name,
        shown=shown,
        reasons=[one.in_words(locale) for one in shown.reasons],
        left=None if earned is None or shown.visibility is Visibility.LEFT_OUT else shown.possible - earned,
        anchor=anchor,
        sources=_sources(shown.sources, supplier_id=supplier_id, asking=asking, locale=locale),
    )


def _sources(named: Iterable[str], *, supplier_id: uuid.UUID, asking: Principal, locale: Locale) -> list[Source]:
    """Return each place once; records of one kind open on one page, a file below the answers that it stands behind."""
    found: dict[str, Source] = {}
    answers = ""
    for one in named:
        kind, _, key = one.partition(":")
        answers = key if kind == "submission" else answers
        words = translate(locale, SOURCE_WORDS.get(kind, N_("Observed by the platform")))
        source = Source(words=words, href=_href(kind, key, answers=answers, supplier_id=supplier_id, asking=asking))
        found.setdefault(source.href or words, source)
    return list(found.values())


def _href(kind: str, key: str, *, answers: str, supplier_id: uuid.UUID, asking: Principal) -> str | None:
    if kind in STANDING_KINDS:
        return f"/console/suppliers/{supplier_id}/standing"
    if not may_see_inputs(asking):
        return None
    if kind == "submission":
        return f"/console/review/{key}"
    return f"/console/review/{answers}/evidence/{key}" if kind == "evidence" and answers else None
