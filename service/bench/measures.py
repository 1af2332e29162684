"""Measures beside plain Brightway: every combination of eight of them on one product, in one solve."""

from typing import Final

import numpy as np

from lca_models.batch import Case, calculate_batch
from lca_models.model import Model, load_model
from service.bench.comparisons import Comparison, LcaReport, Reach, largest_relative_difference
from service.bench.foreground import SCENARIO_PARAMETERS, best_seconds
from service.bench.replay import brightway_folder, replay_batch
from service.measures.product_flows import Flow, flows_of, mixed

_BETTER: Final = {name: 1.02 if name.endswith("_yield") else 0.9 for name in SCENARIO_PARAMETERS}
"""What each measure does to its parameter: yields rise, all else falls."""


def measure() -> LcaReport:
    """Run the case."""
    with brightway_folder():
        return LcaReport(cases=[every_combination(load_model())])


def every_combination(model: Model) -> Comparison:
    """Solve all combinations, read footprints and the company's flows from them, and mix them by how far each has spread."""
    names = tuple(_BETTER)
    rows = np.arange(2 ** len(names))
    values = {
        name: float(model.parameter(name).default) * np.where(rows >> place & 1, _BETTER[name], 1.0)
        for place, name in enumerate(names)
    }
    cases = [Case(parameters={name: float(found[row]) for name, found in values.items()}) for row in rows]
    batch = calculate_batch(model, values, replaced=frozenset(names))
    theirs = replay_batch(batch)
    ours = flows_of(model, cases)[:, Flow.FOOTPRINT_KG_CO2E]
    return Comparison(
        case="combinations of 8 measures",
        n=len(cases),
        ours_s=best_seconds(lambda _: mixed(flows_of(model, cases), [0.5] * len(names))),
        theirs_s=theirs.seconds_for(len(cases)),
        theirs_n=len(cases),
        theirs="bw2calc.LCA(use_arrays=True), footprints only",
        max_relative_difference=largest_relative_difference(ours, theirs.scores - batch.uptake_kg_co2e),
        reach=Reach(ratio=20),
    )
