"""Plain Brightway at work: the arrays that ours has drawn, replayed by `bw2calc`, and timed."""

import importlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np
import structlog
from numpy.typing import NDArray

from lca_models.batch import BatchResult
from lca_models.matrices import compile_matrices, datapackage
from lca_models.oracle import import_bw2calc

if TYPE_CHECKING:
    from bw_processing import DatapackageBase

Amounts = NDArray[np.float64]
DEMAND = {1: 1.0}
"""One unit of the product of the first process; identifiers are positions plus one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What Brightway made of the same arrays.

    Attributes
    ----------
    scores
        kg CO2e, draw by draw.
    seconds_per_draw
        Of the quickest iteration: other work on the machine only ever takes away.
    set_up_s
        Matrices built, solved for the first draw.

    """

    scores: Amounts
    seconds_per_draw: float
    set_up_s: float

    def seconds_for(self, draws: int) -> float:
        """Return how long so many draws take."""
        return self.seconds_per_draw * draws


@contextmanager
def brightway_folder() -> Iterator[None]:
    """Import Brightway whole, as its graph traversal needs it: it makes a folder for projects, here where it is thrown away."""
    with TemporaryDirectory(prefix="anodeprint-bench-") as folder:
        before = os.environ.get("BRIGHTWAY2_DIR")
        os.environ["BRIGHTWAY2_DIR"] = folder
        logs = structlog.get_config()
        try:
            with redirect_stdout(sys.stderr):  # where its import sends log lines of its own
                importlib.import_module("bw2data")
            structlog.configure(**logs)
            yield
        finally:
            os.environ.pop("BRIGHTWAY2_DIR")
            if before is not None:
                os.environ["BRIGHTWAY2_DIR"] = before


def replay_batch(batch: BatchResult) -> Replay:
    """Let `bw2calc.LCA` calculate the same draws from the same matrices, one after the other."""
    return replay([datapackage(compile_matrices(batch))], draws=len(batch.levels))


def replay(packages: "Sequence[DatapackageBase]", *, draws: int, kind: str = "LCA", **options: object) -> Replay:
    """Let one of `bw2calc`'s classes go through packages of arrays in their order.

    Parameters
    ----------
    draws
        At least two.
    kind
        Name of the class.

    """
    began = time.perf_counter()
    lca = getattr(import_bw2calc(), kind)(DEMAND, data_objs=[*packages], use_arrays=True, **options)
    lca.lci()
    lca.lcia()
    return iterate(lca, draws=draws, began=began)


def iterate(lca: Any, *, draws: int, began: float) -> Replay:  # noqa: ANN401 - Brightway's classes are untyped
    """Go through all draws of something that has the first one solved."""
    scores = [lca.score]
    ready = time.perf_counter()
    ends = [ready]
    for _ in range(draws - 1):
        next(lca)
        scores.append(lca.score)
        ends.append(time.perf_counter())
    return Replay(scores=np.array(scores), seconds_per_draw=float(np.diff(ends).min()), set_up_s=ready - began)
