"""Loops solved exactly, by hand and beside the model's own engine."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lca_models.engine import Pattern, solve_levels
from service.material_flows.loops import EndlessLoopError, solve_throughput, throughputs
from service.material_flows.models import FlowKind
from tests.material_flows.builders import PlainFlow


def test_ten_per_cent_return_makes_100_into_111() -> None:
    assert solve_throughput({"P1": 100.0}, {("P1", "P1"): 0.1})["P1"] == pytest.approx(100.0 / 0.9, rel=1e-15)


def test_two_loops_agree_with_the_elimination_by_hand() -> None:
    # P1 = 100 + 0.2 P3; P2 = 0.9 P1 + 0.1 P2; P3 = 0.8 P2
    # P2 = P1, P3 = 0.8 P1, P1 = 100 + 0.16 P1 = 100 / 0.84
    through = solve_throughput({"P1": 100.0}, {("P1", "P2"): 0.9, ("P2", "P2"): 0.1, ("P2", "P3"): 0.8, ("P3", "P1"): 0.2})

    assert through == pytest.approx({"P1": 100 / 0.84, "P2": 100 / 0.84, "P3": 80 / 0.84}, rel=1e-14)


def test_a_loop_that_nothing_leaves_is_refused_and_named() -> None:
    with pytest.raises(EndlessLoopError, match="P3, packing"):
        solve_throughput({"P3": 10.0}, {("P3", "packing"): 1.0, ("packing", "P3"): 1.0})


def a_flow(source: str, target: str, amount: float, kind: FlowKind) -> PlainFlow:
    return PlainFlow(from_node=source, to_node=target, amount_t=amount, kind=kind, material="packing_coke")


def test_an_account_gives_throughput_and_passes() -> None:
    flows = [
        a_flow("supply", "P3", 20.0, FlowKind.INPUT),
        a_flow("P3", "packing", 80.0, FlowKind.LOOP),
        a_flow("packing", "P3", 80.0, FlowKind.LOOP),
        a_flow("P3", "air", 20.0, FlowKind.LOSS),
    ]

    furnace, packing = throughputs(flows)

    # 20 t fresh, four fifths return: 20 / (1 - 0.8) = 100 t through the furnace, each tonne five times
    assert furnace.node == "P3"
    assert [furnace.through_t, furnace.returned_t] == pytest.approx([100.0, 80.0])
    assert furnace.passes == pytest.approx(5.0)
    assert packing.through_t == pytest.approx(80.0)


@given(
    shares=st.lists(st.lists(st.floats(0.0, 1.0), min_size=4, max_size=4), min_size=4, max_size=4),
    kept=st.floats(0.05, 0.95),
)
def test_loops_are_solved_as_the_engine_of_the_model_solves_them(shares: list[list[float]], kept: float) -> None:
    """The last process makes the demand; each takes from the others what a tonne of its throughput sends back."""
    matrix = np.array(shares)
    sums = np.maximum(matrix.sum(axis=1, keepdims=True), 1.0)
    matrix = matrix / sums * kept  # what leaves a process and stays inside is always less than all
    names = ("P1", "P2", "P3", "P4")
    ours = solve_throughput({"P1": 100.0}, {(names[i], names[j]): float(matrix[i, j]) for i in range(4) for j in range(4)})

    # In the engine a unit of process j consumes matrix[i, j] of what i makes: the throughput system read from its demand's side.
    places = [(j, i) for i in range(4) for j in range(4)]
    pattern = Pattern(size=4, rows=np.array([j for j, _ in places]), columns=np.array([i for _, i in places]), names=names)
    levels = solve_levels(pattern, np.ones((1, 4))[0], np.array([[matrix[i, j] for j, i in places]]))

    np.testing.assert_allclose([ours[name] for name in names], 100.0 * levels[0], rtol=1e-9, atol=1e-12)
