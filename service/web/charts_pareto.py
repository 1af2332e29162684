"""Cost against carbon as dots: places in per cent across and pixels down, so that letters keep their size on every screen."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.web.charts import Tick, round_ticks

HEIGHT: Final = 280.0
_TOP: Final = 12.0
_BOTTOM: Final = 250.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A point to place.

    Attributes
    ----------
    number
        What it is called in the table beside the chart; empty for a point outside of it.
    tone
        `front`, `today` or `best`.

    """

    number: str
    label: str
    cny_per_t: float
    kg_co2e_per_kg: float
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A limit across the chart."""

    label: str
    kg_co2e_per_kg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedSpot:
    """A point with its place."""

    spot: Spot
    x_percent: float
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLine:
    """A limit with its place."""

    line: Line
    y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ParetoChart:
    """Dots, the axis of cost (in per cent) and that of carbon (`percent` holds pixels down)."""

    spots: tuple[PlacedSpot, ...]
    lines: tuple[PlacedLine, ...]
    cost_ticks: tuple[Tick, ...]
    carbon_ticks: tuple[Tick, ...]
    height: float


def pareto_chart(spots: Sequence[Spot], lines: Sequence[Line]) -> ParetoChart | None:
    """Place points; the axes need not begin at zero, because dots show differences and no lengths. None without points."""
    if not spots:
        return None
    carbons = [one.kg_co2e_per_kg for one in spots] + [one.kg_co2e_per_kg for one in lines]
    costs = [one.cny_per_t for one in spots]
    across, down = round_ticks(min(costs), max(costs)), round_ticks(min(carbons), max(carbons))

    def x(value: float) -> float:
        return 100.0 * (value - across[0]) / (across[-1] - across[0])

    def y(value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * (value - down[0]) / (down[-1] - down[0])

    return ParetoChart(
        spots=tuple(PlacedSpot(spot=one, x_percent=x(one.cny_per_t), y=y(one.kg_co2e_per_kg)) for one in spots),
        lines=tuple(PlacedLine(line=one, y=y(one.kg_co2e_per_kg)) for one in lines),
        cost_ticks=tuple(Tick(value=one, percent=x(one)) for one in across),
        carbon_ticks=tuple(Tick(value=one, percent=y(one)) for one in down),
        height=HEIGHT,
    )
