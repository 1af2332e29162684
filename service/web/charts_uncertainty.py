"""Geometry of histograms: how often each result comes out, with a few values marked on the axis."""

from collections.abc import Sequence
from dataclasses import dataclass

from service.web.charts import Tick, round_ticks


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Results between two values.

    Attributes
    ----------
    low, high
        In the unit of the chart.
    share
        Share of all results, 0 to 1.
    start_percent, width_percent
        In per cent of the drawing's width.
    height_percent
        100 for the tallest column.
    is_central
        Whether it lies in the interval that is pointed out.

    """

    low: float
    high: float
    share: float
    start_percent: float
    width_percent: float
    height_percent: float
    is_central: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A value pointed out on the axis; its label goes to the side where there is more room."""

    label: str
    value: float
    percent: float

    @property
    def anchor(self) -> str:
        """Where the label ends or begins."""
        return "start" if self.percent < 50 else "end"  # noqa: PLR2004 -- the middle of the drawing


@dataclass(frozen=True, slots=True, kw_only=True)
class Histogram:
    """Columns on an axis of round numbers, which need not begin at zero: the columns' areas count, not the axis."""

    columns: tuple[Column, ...]
    marks: tuple[Mark, ...]
    ticks: tuple[Tick, ...]
    unit: str


def histogram(
    edges: Sequence[float], counts: Sequence[int], *, central: tuple[float, float], marks: Sequence[tuple[str, float]], unit: str
) -> Histogram:
    """Place a histogram.

    Parameters
    ----------
    edges, counts
        n + 1 ascending edges in the chart's unit, and n counts between them.
    central
        Interval to point out.
    marks
        Labels and values to point out.

    """
    values = [edges[0], edges[-1], *(value for _, value in marks)]
    steps = round_ticks(min(values), max(values))
    first, last = steps[0], steps[-1]

    def place(value: float) -> float:
        return 100 * (value - first) / (last - first)

    total, tallest = sum(counts), max(counts)
    return Histogram(
        columns=tuple(
            Column(
                low=low,
                high=high,
                share=count / total,
                start_percent=place(low),
                width_percent=place(high) - place(low),
                height_percent=100 * count / tallest,
                is_central=central[0] <= (low + high) / 2 <= central[1],
            )
            for low, high, count in zip(edges[:-1], edges[1:], counts, strict=True)
        ),
        marks=tuple(Mark(label=label, value=value, percent=place(value)) for label, value in marks),
        ticks=tuple(Tick(value=step, percent=place(step)) for step in steps),
        unit=unit,
    )
