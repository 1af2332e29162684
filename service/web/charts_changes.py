"""Geometry of charts of changes: what steps lead from one total to another, and how far parameters move a total.

The axis spans what changes and does not begin at zero: totals are lines on it, never bars; only changes have a length.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from service.web.charts import Tick, round_ticks


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One step; its value is in the unit of the chart."""

    label: str
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedChange:
    """A change with its bar in per cent of the drawing's width.

    Attributes
    ----------
    end_percent
        Where the total stands after it.

    """

    change: Change
    start_percent: float
    width_percent: float
    end_percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """Steps from one total to another."""

    before: float
    after: float
    before_percent: float
    after_percent: float
    rows: tuple[PlacedChange, ...]
    ticks: tuple[Tick, ...]
    unit: str


def waterfall(before: float, changes: Sequence[Change], *, unit: str) -> Waterfall:
    """Let each change begin where the one before it ends."""
    levels = list(accumulate((one.value for one in changes), initial=before))
    axis = _Axis(levels)
    return Waterfall(
        before=before,
        after=levels[-1],
        before_percent=axis.place(before),
        after_percent=axis.place(levels[-1]),
        rows=tuple(
            PlacedChange(
                change=one,
                start_percent=axis.place(min(start, end)),
                width_percent=axis.length(abs(end - start)),
                end_percent=axis.place(end),
            )
            for one, start, end in zip(changes, levels[:-1], levels[1:], strict=True)
        ),
        ticks=axis.ticks,
        unit=unit,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The results at both ends of a parameter's range.

    Attributes
    ----------
    low, high
        The ends of the range as text.
    at_low, at_high
        In the unit of the chart; None for an end that can't be.

    """

    label: str
    low: str
    high: str
    unit: str
    at_low: float | None
    at_high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedReach:
    """A reach with its bar in per cent of the drawing's width."""

    reach: Reach
    start_percent: float
    width_percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TornadoChart:
    """Reaches on one axis with the total as a line."""

    base: float
    base_percent: float
    rows: tuple[PlacedReach, ...]
    ticks: tuple[Tick, ...]
    unit: str


def tornado_chart(base: float, reaches: Sequence[Reach], *, unit: str) -> TornadoChart:
    """Place the reaches in the order given; an end that can't be counts as the base."""
    ends = [(base if one.at_low is None else one.at_low, base if one.at_high is None else one.at_high) for one in reaches]
    axis = _Axis([base, *(end for pair in ends for end in pair)])
    return TornadoChart(
        base=base,
        base_percent=axis.place(base),
        rows=tuple(
            PlacedReach(reach=one, start_percent=axis.place(min(pair)), width_percent=axis.length(abs(pair[1] - pair[0])))
            for one, pair in zip(reaches, ends, strict=True)
        ),
        ticks=axis.ticks,
        unit=unit,
    )


class _Axis:
    """Round numbers that enclose all values."""

    def __init__(self, values: Sequence[float]) -> None:
        marks = round_ticks(min(values), max(values), wanted=4)
        self._first, self._span = marks[0], marks[-1] - marks[0]
        self.ticks = tuple(Tick(value=mark, percent=self.place(mark)) for mark in marks)

    def place(self, value: float) -> float:
        """Return where a value lies, in per cent."""
        return 100 * (value - self._first) / self._span

    def length(self, value: float) -> float:
        """Return the length of a difference, in per cent."""
        return 100 * value / self._span
