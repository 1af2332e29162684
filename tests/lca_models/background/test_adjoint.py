import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csc_array

from lca_models.background.adjoint import adjoint_vectors, factorise, total_burdens, total_of
from lca_models.background.categories import CATEGORIES
from lca_models.background.synthetic import synthetic_background
from lca_models.background.system import SparseBackground
from lca_models.errors import SingularSystemError
from tests.lca_models.background.systems import NAMES, loop, three_activities


def test_vectors_equal_the_hand_calculation_by_category() -> None:
    background = three_activities()

    vectors = adjoint_vectors(background, factorise(background))

    # Power 0.8; steel 2 x 0.8 = 1.6; machine 5 + 3 x 1.6 + 0.8 = 10.6. A machine needs 7 power: biogenic 0.7, uptake -2.1.
    assert vectors[CATEGORIES.index("fossil")] == pytest.approx([0.8, 1.6, 10.6])
    assert vectors[CATEGORIES.index("biogenic")] == pytest.approx([0.1, 0.2, 0.7])
    assert vectors[CATEGORIES.index("biogenic_uptake")] == pytest.approx([-0.3, -0.6, -2.1])
    assert vectors[CATEGORIES.index("land_use")] == pytest.approx([0.0, 0.0, 0.0])


def test_total_leaves_biogenic_uptake_out() -> None:
    background = three_activities()

    total = total_of(adjoint_vectors(background, factorise(background)))

    assert total == pytest.approx([0.9, 1.8, 11.3])


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32), product=st.integers(0, 399))
def test_multiplier_is_the_score_of_one_unit(seed: int, product: int) -> None:
    background = synthetic_background(400, seed=seed)
    demand = np.zeros(400)
    demand[product] = 1.0

    multiplier = total_of(adjoint_vectors(background, factorise(background)))[product]

    levels = np.linalg.solve(background.technosphere.toarray(), demand)
    assert multiplier == pytest.approx(total_burdens(background) @ levels, rel=1e-11)


def test_twenty_thousand_activities_balance_to_rounding() -> None:
    background = synthetic_background(20_000, seed=1)

    vectors = adjoint_vectors(background, factorise(background))

    assert background.technosphere.nnz == 242_646
    assert background.biosphere.nnz == 274_694
    residual = background.technosphere.T @ vectors.T - background.burdens.T
    assert np.abs(residual).max() <= 1e-12 * np.abs(background.burdens).max()


def test_synthetic_background_is_the_same_for_the_same_seed() -> None:
    first, second, other = (synthetic_background(500, seed=seed) for seed in (1, 1, 2))

    assert (first.technosphere != second.technosphere).nnz == 0
    assert (first.biosphere != second.biosphere).nnz == 0
    assert (first.technosphere != other.technosphere).nnz > 0


def test_synthetic_background_refuses_what_is_too_small() -> None:
    with pytest.raises(ValueError, match="at least 200"):
        synthetic_background(20, seed=1)


@pytest.mark.parametrize("amount", [1.0, 1.5])
def test_loop_that_delivers_nothing_is_refused_by_name(amount: float) -> None:
    with pytest.raises(SingularSystemError, match="power, steel"):
        factorise(loop(amount), names=NAMES)


def test_loop_with_a_net_output_is_solved() -> None:
    background = loop(0.5)

    vectors = adjoint_vectors(background, factorise(background))

    # x = 1 + 0.5 x, so each unit needs two runs in all.
    assert vectors[0] == pytest.approx([2.0, 2.0])


def test_activity_without_output_is_refused_by_name() -> None:
    background = three_activities()
    technosphere = background.technosphere.toarray()
    technosphere[1, 1] = 0.0

    with pytest.raises(SingularSystemError, match=r"no output .*: steel\. Give each one unit"):
        factorise(
            SparseBackground(
                technosphere=csc_array(technosphere), biosphere=background.biosphere, characterization=background.characterization
            ),
            names=NAMES,
        )


def test_activities_are_numbered_where_nobody_named_them_and_long_loops_are_cut() -> None:
    ring = np.eye(20) - np.roll(np.eye(20), 1, axis=0)
    characterization = np.zeros((len(CATEGORIES), 1))

    with pytest.raises(SingularSystemError, match=r"#9 \(\+10\)\. Check"):
        factorise(
            SparseBackground(technosphere=csc_array(ring), biosphere=csc_array(np.ones((1, 20))), characterization=characterization)
        )


def test_treatment_of_waste_may_have_a_negative_output() -> None:
    """A factory emits nothing and gives off 2 kg of waste; treating 1 kg (output -1) emits 3 kg CO2."""
    background = SparseBackground(
        technosphere=csc_array(np.array([[1.0, 0.0], [-2.0, -1.0]])),
        biosphere=csc_array(np.array([[0.0, 3.0]])),
        characterization=np.vstack([[1.0], np.zeros((len(CATEGORIES) - 1, 1))]),
    )

    vectors = adjoint_vectors(background, factorise(background))

    # The waste is an input of -(-2) in Brightway's signs: -2 kg of supply from an output of -1 kg is +2 treatments.
    assert vectors[0] == pytest.approx([-6.0, -3.0])
