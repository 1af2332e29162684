"""Geometry of the charts of scores: dimensions as a radar, points as steps, a footprint among its peers."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from service.web.charts import Tick, round_ticks

SIZE: Final = 360.0
RADIUS: Final = 120.0
LABEL_RADIUS: Final = 142.0
RINGS: Final = (25.0, 50.0, 75.0, 100.0)
_SIDEWAYS: Final = 0.35
"""Cosine beyond which a label stands beside its axis instead of above or below it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """One axis of a radar.

    Attributes
    ----------
    value
        From 0 to 100, or None where the dimension has none.
    spread
        Between what the value lies, where its reader sees no more; it is drawn at its middle.

    """

    code: str
    label: str
    value: float | None
    spread: tuple[float, float] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedAxis:
    """An axis with its places in the drawing's units."""

    axis: Axis
    end_x: float
    end_y: float
    label_x: float
    label_y: float
    anchor: str
    dot_x: float
    dot_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Radar:
    """Axes around a centre, the first one upwards, clockwise.

    Attributes
    ----------
    outline, rings
        The `points` attribute of SVG polygons: of the values, and of the grid at 25, 50, 75 and 100.

    """

    size: float
    centre: float
    axes: tuple[PlacedAxis, ...]
    outline: str
    rings: tuple[str, ...]


def radar(axes: Sequence[Axis]) -> Radar:
    """Place at least three axes; a value of None is drawn at the centre and said in words beside it."""
    count = len(axes)
    return Radar(
        size=SIZE,
        centre=SIZE / 2,
        axes=tuple(_placed(axis, place, count) for place, axis in enumerate(axes)),
        outline=_polygon([axis.value or 0.0 for axis in axes]),
        rings=tuple(_polygon([ring] * count) for ring in RINGS),
    )


def _placed(axis: Axis, place: int, count: int) -> PlacedAxis:
    end_x, end_y = _point(place, count, RADIUS)
    label_x, label_y = _point(place, count, LABEL_RADIUS)
    dot_x, dot_y = _point(place, count, RADIUS * (axis.value or 0.0) / 100.0)
    across = math.sin(2 * math.pi * place / count)
    anchor = "middle" if abs(across) < _SIDEWAYS else ("start" if across > 0 else "end")
    return PlacedAxis(
        axis=axis,
        end_x=end_x,
        end_y=end_y,
        label_x=round(label_x - (12 * math.copysign(1, across) if anchor != "middle" else 0), 2),
        label_y=round(label_y + 5, 2),
        anchor=anchor,
        dot_x=dot_x,
        dot_y=dot_y,
    )


def _polygon(values: Sequence[float]) -> str:
    corners = [_point(place, len(values), RADIUS * value / 100.0) for place, value in enumerate(values)]
    return " ".join(f"{x},{y}" for x, y in corners)


def _point(place: int, count: int, radius: float) -> tuple[float, float]:
    angle = 2 * math.pi * place / count
    return round(SIZE / 2 + radius * math.sin(angle), 2), round(SIZE / 2 - radius * math.cos(angle), 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gain:
    """Points earned of those possible; both in points of the score.

    Attributes
    ----------
    spread
        Between what the points lie, where their reader sees no more; they are drawn at their middle.

    """

    code: str
    label: str
    points: float
    possible: float
    spread: tuple[float, float] | None = None

    @property
    def lost(self) -> float:
        """Points that were possible and not earned."""
        return self.possible - self.points


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedGain:
    """A gain with its bars in per cent of the drawing's width."""

    gain: Gain
    start_percent: float
    width_percent: float
    lost_percent: float

    @property
    def end_percent(self) -> float:
        """Where the sum stands after it."""
        return self.start_percent + self.width_percent


@dataclass(frozen=True, slots=True, kw_only=True)
class PointSteps:
    """Gains one after the other from 0 to the score, on an axis of all points."""

    rows: tuple[PlacedGain, ...]
    total: float
    total_percent: float
    ticks: tuple[Tick, ...]


def point_steps(gains: Sequence[Gain], *, total: float | None = None, full: float = 100.0) -> PointSteps:
    """Let each gain begin where the one before it ends; what it lost is drawn hollow behind it.

    Parameters
    ----------
    total
        The score, where gains that are drawn at their middle do not sum to it.

    """
    starts = list(accumulate((one.points for one in gains), initial=0.0))
    rows = tuple(
        PlacedGain(
            gain=one,
            start_percent=100 * start / full,
            width_percent=100 * one.points / full,
            lost_percent=100 * one.lost / full,
        )
        for one, start in zip(gains, starts[:-1], strict=True)
    )
    marks = tuple(Tick(value=full * part / 4, percent=25.0 * part) for part in range(5))
    end = starts[-1] if total is None else total
    return PointSteps(rows=rows, total=end, total_percent=100 * end / full, ticks=marks)


@dataclass(frozen=True, slots=True, kw_only=True)
class PeerStrip:
    """One value among its peers, in per cent of the drawing's width.

    Attributes
    ----------
    band
        From the peers' lower to their upper mark; None with too few peers to stay anonymous.

    """

    value_percent: float | None
    benchmark_percent: float
    band: tuple[float, float] | None
    ticks: tuple[Tick, ...]


def peer_strip(value: float | None, benchmark: float, band: tuple[float, float] | None) -> PeerStrip:
    """Place a value, the benchmark and the band of the peers on an axis from zero."""
    highest = max(benchmark, value or 0.0, band[1] if band else 0.0)
    marks = round_ticks(0.0, highest)
    last = marks[-1]
    return PeerStrip(
        value_percent=None if value is None else 100 * value / last,
        benchmark_percent=100 * benchmark / last,
        band=None if band is None else (100 * band[0] / last, 100 * band[1] / last),
        ticks=tuple(Tick(value=mark, percent=100 * mark / last) for mark in marks),
    )
