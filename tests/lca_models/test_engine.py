"""Batched solution of systems against NumPy's, and by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from lca_models import engine
from lca_models.elimination import plan_elimination
from lca_models.engine import Pattern, condition_numbers, solve_levels, solve_multipliers
from lca_models.errors import SingularSystemError

Amounts = NDArray[np.float64]


def a_pattern(*pairs: tuple[int, int], size: int) -> Pattern:
    """Return a pattern of (producer, consumer) pairs."""
    places = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    names = tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"[:size])
    return Pattern(size=size, rows=places[:, 0], columns=places[:, 1], names=names)


def dense(pattern: Pattern, outputs: Amounts, supplies: Amounts) -> Amounts:
    """Return the technosphere matrix of one draw, written down anew."""
    matrix = np.diag(outputs)
    for row, column, amount in zip(pattern.rows, pattern.columns, supplies, strict=True):
        matrix[row, column] -= amount
    return matrix


@st.composite
def productive_systems(draw: st.DrawFn) -> tuple[Pattern, Amounts, Amounts]:
    """Draw systems, with loops and repeated pairs, in which each process passes on at most 90 % of what it makes."""
    size = draw(st.integers(1, 9))
    place = st.integers(0, size - 1)
    pairs = draw(st.lists(st.tuples(place, place), max_size=3 * size))
    random = np.random.default_rng(draw(st.integers(0, 2**32)))
    outputs = random.uniform(0.01, 100.0, size)
    shares = random.uniform(0.0, 1.0, (draw(st.integers(1, 4)), len(pairs)))
    shares *= 0.9 / max(1, max((sum(row == one for row, _ in pairs) for one in range(size)), default=1))
    supplies = shares * np.array([outputs[row] for row, _ in pairs])
    return a_pattern(*pairs, size=size), outputs, supplies


@settings(max_examples=300, deadline=None)
@given(system=productive_systems())
def test_levels_equal_those_of_numpy(system: tuple[Pattern, Amounts, Amounts]) -> None:
    pattern, outputs, supplies = system

    levels = solve_levels(pattern, outputs, supplies)

    demand = np.eye(pattern.size)[0]
    expected = [np.linalg.solve(dense(pattern, outputs, one), demand) for one in supplies]
    np.testing.assert_allclose(levels, expected, rtol=1e-12, atol=1e-12 * np.abs(expected).max())


@settings(max_examples=300, deadline=None)
@given(system=productive_systems(), seed=st.integers(0, 2**32))
def test_multipliers_equal_those_of_numpy(system: tuple[Pattern, Amounts, Amounts], seed: int) -> None:
    pattern, outputs, supplies = system
    burdens = np.random.default_rng(seed).uniform(-1.0, 10.0, (len(supplies), pattern.size))

    multipliers = solve_multipliers(pattern, outputs, supplies, burdens)

    expected = [np.linalg.solve(dense(pattern, outputs, one).T, load) for one, load in zip(supplies, burdens, strict=True)]
    np.testing.assert_allclose(multipliers, expected, rtol=1e-12, atol=1e-12 * np.abs(expected).max())


@settings(max_examples=100, deadline=None)
@given(system=productive_systems(), seed=st.integers(0, 2**32))
def test_levels_times_burdens_are_the_multiplier_of_the_product(system: tuple[Pattern, Amounts, Amounts], seed: int) -> None:
    pattern, outputs, supplies = system
    burdens = np.random.default_rng(seed).uniform(0.0, 10.0, (len(supplies), pattern.size))

    forward = (solve_levels(pattern, outputs, supplies) * burdens).sum(axis=1)

    np.testing.assert_allclose(forward, solve_multipliers(pattern, outputs, supplies, burdens)[:, 0], rtol=1e-12)


@settings(max_examples=100, deadline=None)
@given(system=productive_systems())
def test_a_draw_does_not_depend_on_the_draws_beside_it(system: tuple[Pattern, Amounts, Amounts]) -> None:
    pattern, outputs, supplies = system

    together = solve_levels(pattern, outputs, supplies)

    alone = [solve_levels(pattern, outputs, supplies[[one]])[0] for one in range(len(supplies))]
    assert np.array_equal(together, alone)


def test_a_chain_is_solved_by_hand() -> None:
    # A makes 2 per activity and takes 3 of B, which makes 4 and takes 5 of C, which makes 10.
    # One unit: A runs 1/2, B 3 x 0.5 / 4 = 0.375, C 5 x 0.375 / 10 = 0.1875.
    chain = a_pattern((1, 0), (2, 1), size=3)

    levels = solve_levels(chain, np.array([2.0, 4.0, 10.0]), np.array([[3.0, 5.0]]))

    assert levels.tolist() == [[0.5, 0.375, 0.1875]]


def test_a_loop_is_solved_by_hand() -> None:
    # A takes 0.5 B per unit, B takes 0.4 A: A runs 1 / (1 - 0.2) = 1.25, B 0.625. Their burdens 1 and 2 give
    # multipliers a = 1 + 0.5 b and b = 2 + 0.4 a: a = 2 / 0.8 = 2.5, b = 3.
    loop, ones, supplies = a_pattern((1, 0), (0, 1), size=2), np.ones(2), np.array([[0.5, 0.4]])

    assert solve_levels(loop, ones, supplies)[0] == pytest.approx([1.25, 0.625], rel=1e-15)
    assert solve_multipliers(loop, ones, supplies, np.array([[1.0, 2.0]]))[0] == pytest.approx([2.5, 3.0], rel=1e-15)


def test_a_process_may_take_of_its_own_product() -> None:
    itself = a_pattern((0, 0), size=1)

    assert solve_levels(itself, np.array([1.0]), np.array([[0.2]]))[0] == pytest.approx([1 / 0.8])


def test_a_system_without_loops_needs_no_elimination() -> None:
    tree = a_pattern((1, 0), (2, 0), (3, 1), (3, 2), (4, 3), (4, 0), size=5)

    plan = plan_elimination(tree.size, tree.rows, tree.columns)

    assert plan is not None
    assert plan.width == 5 + 6
    assert not any(step.updates for step in plan.steps)


def test_a_long_chain_with_a_loop_at_its_end_is_solved() -> None:
    # Process i takes 0.5 of process i + 1; the last takes 0.5 of the one before it: its level has 1 / (1 - 0.25) of the loop.
    size = 400
    pairs = [(position + 1, position) for position in range(size - 1)] + [(size - 2, size - 1)]
    chain = replace(a_pattern(*pairs, size=26), size=size, names=("x",) * size)

    levels = solve_levels(chain, np.ones(size), np.full((2, size), 0.5))

    assert levels[1, 10] == pytest.approx(0.5**10, rel=1e-15)
    assert levels[0, -2] == pytest.approx(0.5 ** (size - 2) / 0.75, rel=1e-13)


def test_where_everything_takes_from_everything_lapack_solves_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_DENSE_ENTRIES", 2 * 80**2)  # two draws at a time
    size = 80
    pairs = [(row, column) for row in range(size) for column in range(size) if row != column]
    full = replace(a_pattern(*pairs, size=26), size=size, names=("x",) * size)
    random = np.random.default_rng(7)
    supplies, burdens = random.uniform(0, 0.9 / size, (3, len(pairs))), random.uniform(0, 1, (3, size))
    assert plan_elimination(size, full.rows, full.columns) is None

    levels, multipliers = (
        solve_levels(full, np.ones(size), supplies),
        solve_multipliers(full, np.ones(size), supplies, burdens),
    )

    matrices = [dense(full, np.ones(size), one) for one in supplies]
    np.testing.assert_allclose(levels, [np.linalg.solve(one, np.eye(size)[0]) for one in matrices], rtol=1e-12)
    expected = [np.linalg.solve(one.T, load) for one, load in zip(matrices, burdens, strict=True)]
    np.testing.assert_allclose(multipliers, expected, rtol=1e-12)
    assert condition_numbers(full, np.ones(size), supplies)[2] == pytest.approx(np.linalg.cond(matrices[2], 1))


def test_a_credit_in_a_loop_may_make_a_level_negative() -> None:
    # A takes 0.5 B and gives back 1 C; C takes 0.2 A. x_C = -1, x_A = 1 / (1 + 0.2), all scaled: A 1/1.2, B 0.5/1.2, C -1/1.2.
    credit = a_pattern((1, 0), (2, 0), (0, 2), size=3)

    levels = solve_levels(credit, np.ones(3), np.array([[0.5, -1.0, 0.2]]))

    assert levels[0] == pytest.approx([1 / 1.2, 0.5 / 1.2, -1 / 1.2], rel=1e-14)


@settings(max_examples=100, deadline=None)
@given(gap=st.floats(1e-12, 1e-7), healthy=st.floats(0.0, 0.9))
def test_a_draw_close_to_singular_is_solved_without_harm_to_its_neighbours(gap: float, healthy: float) -> None:
    loop = a_pattern((1, 0), (0, 1), size=2)
    supplies = np.array([[healthy, 1.0], [1.0 - gap, 1.0]])

    levels = solve_levels(loop, np.ones(2), supplies)

    assert levels[0, 0] == pytest.approx(1 / (1 - healthy), rel=1e-13)
    assert levels[1, 0] == pytest.approx(1 / (1 - supplies[1, 0]), rel=1e-13)


@pytest.mark.parametrize(("taken", "consumed"), [(1.0, "1"), (1.5, "1.225"), (1e300, "1e\\+150")])
def test_a_loop_that_eats_its_own_product_is_refused_and_named(taken: float, consumed: str) -> None:
    # A (not in the loop) takes from B; B and C take from each other: together sqrt(taken x 1) of what they make.
    system = a_pattern((1, 0), (2, 1), (1, 2), size=3)
    supplies = np.array([[1.0, 0.5, 0.5], [1.0, taken, 1.0]])

    with pytest.raises(SingularSystemError, match=f"consume {consumed} of what they make .* comes out: B, C. Lower"):
        solve_levels(system, np.ones(3), supplies)


def test_amounts_beyond_all_numbers_are_refused_like_a_loop_without_output() -> None:
    loop = a_pattern((1, 0), (0, 1), size=2)

    with pytest.raises(SingularSystemError, match="consume inf of what they make"):
        solve_levels(loop, np.ones(2), np.array([[np.inf, 0.5]]))


def test_no_draws_give_no_levels() -> None:
    assert solve_levels(a_pattern((1, 0), size=2), np.ones(2), np.zeros((0, 1))).shape == (0, 2)


def test_multipliers_of_a_singular_system_are_refused() -> None:
    with pytest.raises(SingularSystemError):
        solve_multipliers(a_pattern((1, 0), (0, 1), size=2), np.ones(2), np.ones((1, 2)), np.ones((1, 2)))


def test_the_condition_number_is_that_of_the_matrix() -> None:
    # [[1, -0.4], [-0.5, 1]]: columns sum to 1.5 and 1.4; the inverse is [[1, 0.4], [0.5, 1]] / 0.8, columns 1.875 and 1.75.
    loop = a_pattern((1, 0), (0, 1), size=2)

    assert condition_numbers(loop, np.ones(2), np.array([[0.5, 0.4]]))[0] == pytest.approx(1.5 * 1.875)
