"""Geometry of paths over years: lines of what was and what is required, a band of what is expected."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.web.charts import Tick, round_ticks

HEIGHT: Final = 240.0
"""Of the drawing's field, in pixels; its width is the page's."""
_MANY_YEARS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A line.

    Attributes
    ----------
    kind
        Selects its look: `actual`, `required`, `forecast`, `measures`.

    """

    kind: str
    label: str
    values: Mapping[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """A band: low and high by year."""

    label: str
    values: Mapping[int, tuple[float, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSeries:
    """A line with its places.

    Attributes
    ----------
    points
        The `points` attribute of an SVG polyline in a field of 100 by 100.
    dots
        Per cent of the width, pixels from the top, year and value of each point.

    """

    series: Series
    points: str
    dots: tuple[tuple[float, float, int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PathChart:
    """Years to the right, values upwards from zero.

    Attributes
    ----------
    band
        The `points` attribute of an SVG polygon in a field of 100 by 100; empty without one.

    """

    series: tuple[PlacedSeries, ...]
    band: str
    band_label: str
    years: tuple[Tick, ...]
    values: tuple[tuple[float, float], ...]
    unit: str
    height: float = HEIGHT


def path_chart(series: Sequence[Series], spread: Spread | None, *, unit: str) -> PathChart | None:
    """Place lines and a band on common axes; None where there is nothing to draw."""
    known = [one for one in series if one.values]
    years = sorted({year for one in known for year in one.values} | set(spread.values if spread else ()))
    if not years:
        return None
    highest = max(
        *(value for one in known for value in one.values.values()),
        *(high for _, high in (spread.values.values() if spread else ())),
        0.0,
        0.0,
    )
    marks = round_ticks(0.0, highest, wanted=4)
    axes = _Axes(years[0], years[-1], marks[-1])
    return PathChart(
        series=tuple(axes.line(one) for one in known),
        band=axes.polygon(spread.values) if spread and spread.values else "",
        band_label=spread.label if spread else "",
        years=tuple(Tick(value=year, percent=axes.across(year)) for year in _marked(years)),
        values=tuple((mark, HEIGHT * (1 - mark / marks[-1])) for mark in marks),
        unit=unit,
    )


def _marked(years: Sequence[int]) -> Sequence[int]:
    """Return the years that the axis names: all of a few, else those that end a five, or of very many, a ten."""
    first, last = years[0], years[-1]
    if last - first <= _MANY_YEARS:
        return range(first, last + 1)
    step = 10 if last - first > 4 * _MANY_YEARS else 5
    return [year for year in range(first, last + 1) if not year % step]


class _Axes:
    def __init__(self, first: int, last: int, highest: float) -> None:
        self._first, self._span, self._highest = first, (last - first) or 1, highest

    def across(self, year: int) -> float:
        return 100 * (year - self._first) / self._span

    def down(self, value: float) -> float:
        return 1 - value / self._highest

    def line(self, one: Series) -> PlacedSeries:
        places = [(self.across(year), self.down(value), year, value) for year, value in sorted(one.values.items())]
        return PlacedSeries(
            series=one,
            points=" ".join(f"{x:.2f},{100 * y:.2f}" for x, y, _, _ in places),
            dots=tuple((x, HEIGHT * y, year, value) for x, y, year, value in places),
        )

    def polygon(self, values: Mapping[int, tuple[float, float]]) -> str:
        lower = [(self.across(year), self.down(low)) for year, (low, _) in sorted(values.items())]
        upper = [(self.across(year), self.down(high)) for year, (_, high) in sorted(values.items(), reverse=True)]
        return " ".join(f"{x:.2f},{100 * y:.2f}" for x, y in (*lower, *upper))
