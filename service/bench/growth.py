"""How the time of calculations grows: with draws, with scenarios, with the size of the background."""

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from lca_models.batch import calculate_batch, calculate_cases
from lca_models.model import Model
from service.bench.comparisons import Growth
from service.bench.foreground import best_seconds, draw_parameters, scenario_cases
from service.bench.large_background import on_constants, plain_seconds_per_draw, prepare

DRAWS: Final = (100, 1_000, 10_000, 30_000, 100_000)
SCENARIOS: Final = (100, 1_000, 10_000, 30_000, 100_000)
BACKGROUNDS: Final = (200, 1_000, 5_000, 20_000)
ON_BACKGROUND: Final = 1_000
"""Draws of the foreground on each background."""
RUNS: Final = 3


def measure_growth(
    model: Model,
    *,
    draws: Sequence[int] = DRAWS,
    scenarios: Sequence[int] = SCENARIOS,
    backgrounds: Sequence[int] = BACKGROUNDS,
    on_background: int = ON_BACKGROUND,
) -> Iterator[Growth]:
    """Measure each at several sizes, everything else alike."""
    yield Growth(name="draws", sizes=tuple(draws), seconds=tuple(_draws(model, count) for count in draws))
    yield Growth(name="scenarios", sizes=tuple(scenarios), seconds=tuple(_scenarios(model, count) for count in scenarios))
    pairs = [_background(model, size, draws=on_background) for size in backgrounds]
    ours, theirs = zip(*pairs, strict=True)
    yield Growth(name=f"{on_background:,} draws, by activities of the background", sizes=tuple(backgrounds), seconds=ours)
    yield Growth(name="one draw of plain Brightway, by activities of the background", sizes=tuple(backgrounds), seconds=theirs)


def exponent(growth: Growth) -> float:
    """Return the power of the size that time grows with over the upper half of the sizes; 1 is linear, 0 is flat.

    Below, what a calculation takes whatever its size is most of the time.
    """
    kept = min(len(growth.sizes) // 2, len(growth.sizes) - 2)
    slope = np.polyfit(np.log(growth.sizes[kept:]), np.log(growth.seconds[kept:]), 1)[0]
    return float(slope)


def _draws(model: Model, count: int) -> float:
    drawn = draw_parameters(model, draws=count, seed=1)
    return best_seconds(lambda _: calculate_batch(model, drawn, allow_contradictions=True).score_kg_co2e, runs=RUNS)


def _scenarios(model: Model, count: int) -> float:
    cases = scenario_cases(model, count=count, seed=2)
    return best_seconds(lambda _: calculate_cases(model, cases), runs=RUNS)


def _background(model: Model, size: int, *, draws: int) -> tuple[float, float]:
    prepared = prepare(model, size=size, draws=draws)
    ours = best_seconds(lambda _: on_constants(model, prepared, draws=draws).score_kg_co2e, runs=RUNS)
    return ours, plain_seconds_per_draw(model, prepared)
