"""The shipped model alone: one footprint explained, a Monte Carlo simulation, thousands of scenarios."""

import itertools
import time
from collections.abc import Callable
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from lca_models.batch import BatchResult, Case, calculate_batch, calculate_cases
from lca_models.calculation import Footprint, calculate_footprint
from lca_models.electricity import NATIONAL, SCOPES
from lca_models.explanations import explain
from lca_models.explanations.attribution import OWN_PLANT, Origin
from lca_models.explanations.tornado import swing_parameters
from lca_models.linking import Nature
from lca_models.matrices import Matrices, compile_matrices, datapackage
from lca_models.model import Model
from lca_models.oracle import import_bw2calc
from lca_models.parameters import FURNACE
from service.bench.comparisons import Comparison, Reach, largest_relative_difference
from service.bench.replay import DEMAND, replay_batch

Amounts = NDArray[np.float64]
RUNS: Final = 5
"""The best one counts: other work on the machine only ever takes away."""
VIEWS: Final = (NATIONAL, "province:CN-NM", "province:CN-SC")
SCENARIO_PARAMETERS: Final = (
    "milling_yield",
    "coating_yield",
    "graphitization_electricity_kwh_per_kg",
    "carbonization_electricity_kwh_per_kg",
    "finishing_electricity_kwh_per_kg",
    "green_petroleum_coke_kg_co2e_per_kg",
    "coal_tar_pitch_kg_co2e_per_kg",
    "coke_transport_distance_km",
)
ORIGINS: Final = {
    "graphitization_electricity_kwh_per_kg": Origin(parties={"toller 1": 0.6, "toller 2": 0.4}, kinds={"primary": 1.0}),
    "graphitization_feed_kg_per_kg": Origin(parties={"toller 1": 0.6, "toller 2": 0.4}, kinds={"primary": 0.6, "default": 0.4}),
    "green_petroleum_coke_kg_co2e_per_kg": Origin(parties={"refiner": 1.0}, kinds={"primary": 1.0}),
    "milling_electricity_kwh_per_kg": Origin(parties={OWN_PLANT: 1.0}, kinds={"primary": 1.0}),
}
"""What stands behind some parameters, as suppliers' answers would say."""
CUT_OFF: Final = 0.001
"""Of Brightway's graph traversal, relative to the total."""


def best_seconds(work: Callable[[int], object], *, runs: int = RUNS) -> float:
    """Return the shortest time of `work`, which gets the number of the run."""
    work(-1)  # imports and whatever is kept from the first time on
    return min(_seconds(work, run) for run in range(runs))


def _seconds(work: Callable[[int], object], run: int) -> float:
    began = time.perf_counter()
    work(run)
    return time.perf_counter() - began


def draw_parameters(model: Model, *, draws: int, seed: int) -> dict[str, Amounts]:
    """Return (K,) values for every parameter of the default route that has a range, uniform over it, each from its own stream."""
    furnace = str(model.parameter(FURNACE).default)
    headline = {name for name, prefix in SCOPES.items() if not prefix}
    ranges = {
        one.name: (default.low, default.high)
        for one in model.parameters
        if one.name not in headline and (default := one.default_for(furnace)) is not None
    }
    kept = {name: (low, high) for name, (low, high) in ranges.items() if low is not None and high is not None and low < high}
    streams = np.random.SeedSequence(seed).spawn(len(kept))
    return {
        name: np.random.default_rng(stream).uniform(low, high, draws)
        for stream, (name, (low, high)) in zip(streams, kept.items(), strict=True)
    }


def one_footprint(model: Model, *, runs: int = 20) -> Comparison:
    """Calculate and explain one footprint, each time with another power demand, so that nothing can be remembered."""
    name = "graphitization_electricity_kwh_per_kg"
    start = float(model.parameter(name).default)

    def ours(run: int) -> Footprint:
        footprint = calculate_footprint(model, {name: start * (1 + run / 1000)}, check=False)
        explain(model, footprint, origins=ORIGINS)
        return footprint

    def theirs(run: int) -> tuple[Any, Matrices]:
        matrices = compile_matrices(calculate_batch(model, {name: start * (1 + run / 1000)}))
        return _explained_by_brightway(matrices), matrices

    batch, (lca, matrices) = ours(0).batch, theirs(0)
    return Comparison(
        case="one_footprint",
        n=1,
        ours_s=best_seconds(ours, runs=runs),
        theirs_s=best_seconds(theirs, runs=runs),
        theirs_n=1,
        theirs="a new bw2calc.LCA, its contributions, bw_graph_tools traversal",
        max_relative_difference=largest_relative_difference(*_contributions(batch, lca, matrices)),
        reach=Reach(ours_s=0.003),
        further_s={"ours, tornado of every parameter": best_seconds(lambda _: swing_parameters(model), runs=runs)},
    )


def _explained_by_brightway(matrices: Matrices) -> Any:  # noqa: ANN401 - Brightway's classes are untyped
    from bw_graph_tools.graph_traversal import (  # noqa: PLC0415 - imports bw2data, which makes a folder
        GraphTraversalSettings,
        NewNodeEachVisitGraphTraversal,
    )

    lca = import_bw2calc().LCA(DEMAND, data_objs=[datapackage(matrices)])
    lca.lci()
    lca.lcia()
    traversal = NewNodeEachVisitGraphTraversal(lca, GraphTraversalSettings(cutoff=CUT_OFF))
    traversal.traverse()
    return lca


def _contributions(batch: BatchResult, lca: Any, matrices: Matrices) -> tuple[Amounts, Amounts]:  # noqa: ANN401 - as above
    """Return the total and the contribution of every activity, ours and theirs: processes emit, supplies have their factor."""
    system = batch.system
    owner = [system.names[one.process] if one.nature is Nature.EMISSION else one.key for one in system.burdens]
    ours = dict.fromkeys(matrices.activities, 0.0)
    for name, kg_co2e in zip(owner, batch.contributions_kg_co2e[0].tolist(), strict=True):
        ours[name] += kg_co2e
    found = np.asarray(lca.characterized_inventory.sum(axis=0)).ravel()
    theirs = [float(found[lca.dicts.activity[position + 1]]) for position in range(len(matrices.activities))]
    return np.array([float(batch.score_kg_co2e[0]), *ours.values()]), np.array([float(lca.score), *theirs])


def monte_carlo_foreground(model: Model, *, draws: int, seed: int = 1) -> Comparison:
    """Calculate draws of all parameters; both sides get the drawn parameters or arrays for nothing."""
    drawn = draw_parameters(model, draws=draws, seed=seed)

    def ours(_: int) -> BatchResult:
        return calculate_batch(model, drawn, allow_contradictions=True)

    batch = ours(0)
    theirs = replay_batch(batch)
    return Comparison(
        case="monte_carlo_foreground",
        n=draws,
        ours_s=best_seconds(lambda run: ours(run).score_kg_co2e),
        theirs_s=theirs.seconds_for(draws),
        theirs_n=draws,
        theirs="bw2calc.LCA(use_arrays=True)",
        max_relative_difference=largest_relative_difference(batch.score_kg_co2e, theirs.scores),
        reach=Reach(ratio=100),
        further_s={"theirs, first draw": theirs.set_up_s},
    )


def scenarios(model: Model, *, count: int, replayed: int, seed: int = 2) -> Comparison:
    """Calculate scenarios of every furnace under three electricity views, with drawn yields, transport and factors.

    Parameters
    ----------
    replayed
        How many of them Brightway calculates.

    """
    groups = _scenario_groups(model, count=count, seed=seed)
    cases = scenario_cases(model, count=count, seed=seed)
    total = calculate_cases(model, cases).total_kg_co2e
    per_group = max(2, replayed // len(groups))
    seconds: list[float] = []
    differences: list[float] = []
    place = 0
    for group in groups:
        batch = _as_batch(model, group[:per_group])
        theirs = replay_batch(batch)
        scores = theirs.scores - batch.uptake_kg_co2e
        differences.append(largest_relative_difference(total[place : place + len(scores)], scores))
        seconds.append(theirs.seconds_per_draw)
        place += len(group)
    return Comparison(
        case="scenarios",
        n=len(cases),
        ours_s=best_seconds(lambda _: calculate_cases(model, cases), runs=3),
        theirs_s=float(np.mean(seconds)) * len(cases),
        theirs_n=per_group * len(groups),
        theirs="bw2calc.LCA(use_arrays=True), one for each furnace and view",
        max_relative_difference=max(differences),
        reach=Reach(ours_s=0.5),
    )


def scenario_cases(model: Model, *, count: int, seed: int) -> list[Case]:
    """Return at least `count` scenarios of every furnace under three electricity views."""
    return [case for group in _scenario_groups(model, count=count, seed=seed) for case in group]


def _scenario_groups(model: Model, *, count: int, seed: int) -> list[list[Case]]:
    furnaces = model.parameter(FURNACE).choices
    each = -(-count // (len(VIEWS) * len(furnaces)))
    drawn = draw_parameters(model, draws=each, seed=seed)
    rows = [{name: float(drawn[name][row]) for name in SCENARIO_PARAMETERS} for row in range(each)]
    return [
        [Case(parameters={FURNACE: furnace, **row}, electricity=view) for row in rows]
        for furnace, view in itertools.product(furnaces, VIEWS)
    ]


def _as_batch(model: Model, cases: list[Case]) -> BatchResult:
    first = cases[0].parameters
    parameters = {
        name: value if isinstance(value, str) else np.array([case.parameters[name] for case in cases], dtype=np.float64)
        for name, value in first.items()
    }
    return calculate_batch(model, parameters, electricity=cases[0].electricity, replaced=frozenset(first))
