"""Ranks of a thousand suppliers under ten thousand weights, and with uncertain data, beside pymcdm on a slice."""

import resource
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Final

import numpy as np

from service.bench.report import Figure, Goal, Report
from service.scoring.decision_table import Matrix
from service.scoring.rank_counts import RankCounts
from service.scoring.robustness import QUANTILES, Performance, Robustness, UncertainQuantity, robustness
from service.scoring.weight_draws import WeightScheme, draw_by_scheme

SEED: Final = 1
ROUNDS: Final = 3
"""The best counts: the ranks are the same each time, and other work on the machine only takes away."""
WEIGHTS_ONLY: Final = Goal(floor=2.0, target=2.0, more_is_better=False)
WITH_DATA: Final = Goal(floor=6.0, target=6.0, more_is_better=False)
MEMORY: Final = Goal(floor=500, target=500, more_is_better=False)
SLICE: Final = 20
"""Weights that pymcdm gets: all ten thousand would take minutes."""


def measure(*, suppliers: int = 1000, criteria: int = 25, samples: int = 10_000) -> Report:
    """Count the ranks of random suppliers; the errors are cells of the rank acceptability that pymcdm's scores don't give."""
    values = np.random.default_rng(SEED).uniform(0.0, 100.0, size=(suppliers, criteria))
    weights = draw_by_scheme(WeightScheme.BOX, np.full(criteria, 1.0 / criteria), samples=samples, seed=SEED)
    certain = Performance(values=values, relative=np.ones_like(values))
    only, only_errors = _best_of(lambda: robustness(certain, weights, seed=SEED))
    uncertain = Performance(values=values, relative=certain.relative, uncertain=[*_quantities(values)])
    with_data, data_errors = _best_of(lambda: robustness(uncertain, weights, seed=SEED))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    figures = [
        Figure(name="weights alone", value=only, unit="s", goal=WEIGHTS_ONLY, errors=only_errors),
        Figure(name="weights and all values", value=with_data, unit="s", goal=WITH_DATA, errors=data_errors),
        Figure(name="peak memory of the process", value=memory, unit="MiB", goal=MEMORY),
        *_beside_pymcdm(values, weights, seconds=only),
    ]
    case = f"{suppliers:,} suppliers x {criteria} criteria x {samples:,} draws, full rank acceptability; best of {ROUNDS}"
    note = "errors: alternatives and ranks whose shares don't sum to 1; beside pymcdm, cells of the slice that differ"
    return Report(figures=figures, notes=[case, note])


def _best_of(run: Callable[[], Robustness]) -> tuple[float, int]:
    """Return seconds and errors; the time is that of the one thread that calculates, whatever else the machine does."""
    seconds, errors = [], 0
    for _ in range(ROUNDS):
        began = time.process_time()
        found = run()
        seconds.append(time.process_time() - began)
        errors += _unshared(found)
    return min(seconds), errors


def _quantities(values: Matrix) -> Iterator[UncertainQuantity]:
    """Yield every value as a quantity of its own, anywhere within 10 of itself."""
    around = np.linspace(-10.0, 10.0, QUANTILES, dtype=np.float32)
    for (row, column), value in np.ndenumerate(values.astype(np.float32)):
        at_quantiles = np.clip(value + around, 0.0, 100.0)
        yield UncertainQuantity(key=f"{row:05}-{column:03}", alternative=row, values={column: at_quantiles})


def _unshared(found: Robustness) -> int:
    sums = [found.rank_acceptability.sum(axis=axis) for axis in (0, 1)]
    return sum(int(np.count_nonzero(np.abs(one - 1.0) > 1e-9)) for one in sums)  # noqa: PLR2004 - rounding


def _as_given(column: Matrix, **_is_cost: object) -> Matrix:
    """Leave values from 0 to 100 as they are."""
    return column


def _beside_pymcdm(values: Matrix, weights: Matrix, *, seconds: float) -> Iterator[Figure]:
    """Yield what pymcdm takes for a slice of the weights, scaled to all of them, if it is installed."""
    if find_spec("pymcdm") is None:
        return
    from pymcdm.methods import WSM  # noqa: PLC0415 - only developers have it

    part, types = weights[:SLICE], np.ones(values.shape[1])
    method = WSM(normalization_function=_as_given)
    began = time.process_time()
    ranks = np.array([method.rank(method(values, one, types, validation=False)) for one in part])
    theirs = (time.process_time() - began) * len(weights) / len(part)
    counts = RankCounts.of_size(len(values))
    counts.add(-ranks)
    ours = robustness(Performance(values=values, relative=np.ones_like(values)), part, seed=SEED)
    differing = int(np.count_nonzero(np.abs(counts.shared() / len(part) - ours.rank_acceptability) > 1 / len(part) + 1e-9))
    yield Figure(name=f"pymcdm's weighted sum, scaled from {len(part)} draws", value=theirs, unit="s", errors=differing)
    yield Figure(name="the same over ours", value=theirs / seconds, unit="x")
