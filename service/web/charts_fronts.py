"""Geometry of fronts: cost against carbon, plans as dots, the relaxed front as a line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.web.charts import Tick, round_ticks

HEIGHT: Final = 220.0
"""Of the drawing's field, in pixels; its width is the page's."""

SAME: Final = 1e-7
"""Relative difference below which two values are one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPoint:
    """A plan.

    Attributes
    ----------
    kind
        Selects the mark: `chosen`, `exact` or `relaxed`; only the last ones are joined by a line.

    """

    label: str
    carbon: float
    cost: float
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedPoint:
    """A plan with its place: per cent of the width, pixels from the top."""

    point: FrontPoint
    x_percent: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontChart:
    """Carbon to the right, cost upwards; neither axis begins at zero, because differences count.

    Attributes
    ----------
    line
        The `points` attribute of an SVG polyline in a field of 100 by 100.

    """

    dots: tuple[PlacedPoint, ...]
    line: str
    carbon_ticks: tuple[Tick, ...]
    cost_ticks: tuple[tuple[float, float], ...]
    carbon_unit: str
    cost_unit: str
    height: float = HEIGHT


def front_chart(points: Sequence[FrontPoint], *, carbon_unit: str, cost_unit: str) -> FrontChart | None:
    """Place plans; None where there are none."""
    if not points:
        return None
    across, upwards = _ticks([one.carbon for one in points], wanted=3), _ticks([one.cost for one in points], wanted=4)
    placed = [_placed(one, across, upwards) for one in points]
    joined = sorted((one for one in placed if one.point.kind == "relaxed"), key=lambda one: one.x_percent)
    return FrontChart(
        dots=tuple(one for one in placed if one.point.kind != "relaxed"),
        line=" ".join(f"{one.x_percent:.2f},{100 * one.y / HEIGHT:.2f}" for one in joined),
        carbon_ticks=tuple(Tick(value=value, percent=_share(value, across) * 100) for value in across),
        cost_ticks=tuple((value, HEIGHT * (1 - _share(value, upwards))) for value in upwards),
        carbon_unit=carbon_unit,
        cost_unit=cost_unit,
    )


def _ticks(values: Sequence[float], *, wanted: int) -> tuple[float, ...]:
    """Return round numbers around values; what differs by the solver's rounding only is one value."""
    low, high = min(values), max(values)
    return round_ticks(high if high - low <= SAME * abs(high) else low, high, wanted=wanted)


def _placed(point: FrontPoint, across: Sequence[float], upwards: Sequence[float]) -> PlacedPoint:
    return PlacedPoint(point=point, x_percent=100 * _share(point.carbon, across), y=HEIGHT * (1 - _share(point.cost, upwards)))


def _share(value: float, ticks: Sequence[float]) -> float:
    return (value - ticks[0]) / (ticks[-1] - ticks[0])
