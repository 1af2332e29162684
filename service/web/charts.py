"""Geometry of the charts: plain numbers in, positions in per cent of the drawing's width out.

The templates (`charts.html`, `certificates/charts.html`) only place what is computed here, so that pages and
certificates draw the same chart.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

LABEL_SHARE = 0.06
"""Least share of the width (1 = all of it) on which a two-character label stays readable at 360 px; own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One summand of a total, or one bar.

    Attributes
    ----------
    code
        Fixed key which selects the colour or pattern: a stage `P1` to `P7`, or a data kind `primary`, `secondary`,
        `default`.
    value
        In the unit of the chart; may be negative (an uptake, a credit).

    """

    code: str
    label: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A part with its place.

    Attributes
    ----------
    share
        Part of the sum of all parts, 1 = all; None where the sum is zero.
    start_percent, width_percent, middle_percent
        Left edge, width and middle in per cent of the drawing's width.
    labelled
        Whether the code fits into the bar.

    """

    code: str
    label: str
    value: float
    share: float | None
    start_percent: float
    width_percent: float
    labelled: bool

    @property
    def middle_percent(self) -> float:
        """Where a label goes."""
        return self.start_percent + self.width_percent / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class BarChart:
    """Bars on one axis that contains zero.

    Attributes
    ----------
    zero_percent
        Where zero lies; 0 unless a part is negative.

    """

    bars: tuple[Bar, ...]
    total: float
    unit: str
    zero_percent: float


def stacked_bar(parts: Sequence[Part], *, unit: str) -> BarChart:
    """Lay the parts end to end: positive ones to the right of zero, negative ones to the left, in the order given."""
    low = math.fsum(part.value for part in parts if part.value < 0)
    high = math.fsum(part.value for part in parts if part.value > 0)
    span = _span(low, high)
    bars = []
    left, right = 0.0, 0.0
    for part in parts:
        left, right = left + min(part.value, 0.0), right + max(part.value, 0.0)
        start = left if part.value < 0 else right - part.value
        bars.append((part, start))
    total = math.fsum(part.value for part in parts)
    return BarChart(
        bars=tuple(_bar(part, start=start, low=low, span=span, total=total) for part, start in bars),
        total=total,
        unit=unit,
        zero_percent=-100 * low / span,
    )


def horizontal_bars(parts: Sequence[Part], *, unit: str) -> BarChart:
    """Start every part at zero, one below the other."""
    low = min(0.0, *(part.value for part in parts)) if parts else 0.0
    high = max(0.0, *(part.value for part in parts)) if parts else 0.0
    span = _span(low, high)
    total = math.fsum(part.value for part in parts)
    return BarChart(
        bars=tuple(_bar(part, start=min(part.value, 0.0), low=low, span=span, total=total) for part in parts),
        total=total,
        unit=unit,
        zero_percent=-100 * low / span,
    )


def _span(low: float, high: float) -> float:
    # All parts zero: any positive span draws the empty axis.
    return (high - low) or 1.0


def _bar(part: Part, *, start: float, low: float, span: float, total: float) -> Bar:
    width = abs(part.value) / span
    return Bar(
        code=part.code,
        label=part.label,
        value=part.value,
        share=part.value / total if total else None,
        start_percent=100 * (start - low) / span,
        width_percent=100 * width,
        labelled=width >= LABEL_SHARE,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A value with its interval, `low <= value <= high`, in the unit of the chart.

    Attributes
    ----------
    href
        Page which explains the value, if any.
    note
        A few words beside the name: the grade, the kind of data.

    """

    label: str
    value: float
    low: float
    high: float
    href: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedEstimate:
    """An estimate with its places in per cent of the drawing's width."""

    estimate: Estimate
    value_percent: float
    low_percent: float
    high_percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """A mark of the axis: its value in the unit of the chart, its place in per cent."""

    value: float
    percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class IntervalChart:
    """Dots with intervals on a common axis which starts at zero."""

    rows: tuple[PlacedEstimate, ...]
    ticks: tuple[Tick, ...]
    unit: str


def dots_and_intervals(estimates: Sequence[Estimate], *, unit: str) -> IntervalChart:
    """Place estimates on an axis from zero (or the least low) to the next round number above the greatest high."""
    low = min(0.0, *(e.low for e in estimates)) if estimates else 0.0
    high = max(0.0, *(e.high for e in estimates)) if estimates else 0.0
    marks = round_ticks(low, high)
    first, last = marks[0], marks[-1]

    def place(value: float) -> float:
        return 100 * (value - first) / (last - first)

    return IntervalChart(
        rows=tuple(
            PlacedEstimate(estimate=e, value_percent=place(e.value), low_percent=place(e.low), high_percent=place(e.high))
            for e in estimates
        ),
        ticks=tuple(Tick(value=mark, percent=place(mark)) for mark in marks),
        unit=unit,
    )


def round_ticks(low: float, high: float, *, wanted: int = 5) -> tuple[float, ...]:
    """Round numbers (1, 2 or 5 times a power of ten apart) which enclose `low` and `high`; at least two."""
    step = _round_up((high - low or 1.0) / wanted)
    first = math.floor(low / step)
    last = max(math.ceil(high / step), first + 1)
    return tuple(float(f"{step * index:.12g}") for index in range(first, last + 1))  # 0.6, not 0.6000000000000001


def _round_up(value: float) -> float:
    power = 10.0 ** math.floor(math.log10(value))
    return next(factor * power for factor in (1.0, 2.0, 5.0, 10.0) if value <= factor * power * (1 + 1e-9))


@dataclass(frozen=True, slots=True, kw_only=True)
class Sparkline:
    """A line through the values of a series, for a view box of 100 by 24.

    Attributes
    ----------
    points
        The `points` attribute of an SVG polyline, y downwards.

    """

    points: str
    last_x: float
    last_y: float


def sparkline(values: Sequence[float]) -> Sparkline | None:
    """Draw at least two values, left to right, from the least (bottom) to the greatest (top); None for fewer."""
    if len(values) < 2:  # noqa: PLR2004 -- a line needs two points
        return None
    low, span = min(values), (max(values) - min(values)) or 1.0
    places = [
        (round(3 + 94 * index / (len(values) - 1), 2), round(21 - 18 * (value - low) / span, 2))
        for index, value in enumerate(values)
    ]
    return Sparkline(points=" ".join(f"{x},{y}" for x, y in places), last_x=places[-1][0], last_y=places[-1][1])
