"""Geometry of a cost curve: steps as wide as their tonnes and as high as their cost, above and below zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.web.charts import Tick, round_ticks

HEIGHT: Final = 240.0
"""Of the drawing's field, in pixels; its width is the page's."""
_WHOLE: Final = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class CostStep:
    """A step to draw.

    Attributes
    ----------
    tone
        Selects the colour: the status of the measure.

    """

    label: str
    width: float
    height: float
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedStep:
    """A step with its place: per cent of the width, pixels from the top."""

    step: CostStep
    number: int
    x_percent: float
    width_percent: float
    y: float
    height: float

    @property
    def middle_percent(self) -> float:
        """Where its number stands."""
        return self.x_percent + self.width_percent / 2


@dataclass(frozen=True, slots=True, kw_only=True)
class StepChart:
    """Steps from left to right; `zero` and the cost ticks are pixels from the top."""

    steps: tuple[PlacedStep, ...]
    zero: float
    width_ticks: tuple[Tick, ...]
    height_ticks: tuple[tuple[float, float], ...]
    width_unit: str
    height_unit: str
    height: float = HEIGHT


def step_chart(steps: Sequence[CostStep], *, width_unit: str, height_unit: str) -> StepChart | None:
    """Place steps beside each other; None where none of them has a width."""
    drawn = [one for one in steps if one.width > 0.0]
    total = sum(one.width for one in drawn)
    if not drawn:
        return None
    ticks = round_ticks(min(0.0, *(one.height for one in drawn)), max(0.0, *(one.height for one in drawn)))
    low, high = min(ticks), max(ticks)

    def down(value: float) -> float:
        return HEIGHT * (high - value) / ((high - low) or 1.0)

    placed: list[PlacedStep] = []
    reached = 0.0
    for number, one in enumerate(drawn, start=1):
        top, bottom = down(max(one.height, 0.0)), down(min(one.height, 0.0))
        x, width = _WHOLE * reached / total, _WHOLE * one.width / total
        placed.append(PlacedStep(step=one, number=number, x_percent=x, width_percent=width, y=top, height=bottom - top))
        reached += one.width
    return StepChart(
        steps=tuple(placed),
        zero=down(0.0),
        width_ticks=tuple(Tick(value=t, percent=_WHOLE * t / total) for t in round_ticks(0.0, total) if t <= total),
        height_ticks=tuple((value, down(value)) for value in ticks),
        width_unit=width_unit,
        height_unit=height_unit,
    )
