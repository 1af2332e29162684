import numpy as np
import pytest
from scipy.sparse import csc_array

from lca_models.background.adjoint import factorise, total_burdens
from lca_models.background.bank import BankError, build_bank, drawn_background
from lca_models.background.categories import CATEGORIES
from lca_models.background.synthetic import synthetic_background
from lca_models.background.system import SparseBackground, Spread
from tests.lca_models.background.systems import three_activities


def one_input_one_emission() -> SparseBackground:
    """A product takes 1 of an activity that emits 1 kg; both numbers are lognormal with sigma 0.3 and independent."""
    return SparseBackground(
        technosphere=csc_array(np.array([[1.0, -1.0], [0.0, 1.0]])),
        biosphere=csc_array(np.array([[1.0, 0.0]])),
        characterization=np.vstack([[1.0], np.zeros((len(CATEGORIES) - 1, 1))]),
        spread=Spread(technosphere=np.array([0.0, 0.3, 0.0]), biosphere=np.array([0.3])),
    )


@pytest.mark.parametrize("seed", [0, 1, 42, 20_261_122])
def test_two_lognormals_stay_independent_for_any_seed(seed: int) -> None:
    background = one_input_one_emission()

    bank = build_bank(background, factorise(background), products=np.array([1]), draws=4_000, seed=seed)

    # sqrt(0.3^2 + 0.3^2) = 0.424; one stream for both matrices would give 0.6. The sampling error of 4 000 draws is 0.005.
    assert np.log(bank.kg_co2e_per_unit[:, 0]).std() == pytest.approx(0.424, abs=0.02)


def test_every_draw_equals_the_direct_solution_of_that_draw() -> None:
    background = synthetic_background(1_000, seed=5)
    products = np.array([3, 500, 999])

    bank = build_bank(background, factorise(background), products=products, draws=8, seed=11)

    for draw in range(8):
        replayed = drawn_background(background, seed=11, draw=draw)
        direct = np.linalg.solve(replayed.technosphere.toarray().T, total_burdens(replayed))[products]
        assert bank.kg_co2e_per_unit[draw] == pytest.approx(direct, rel=1e-11)


def test_a_longer_bank_begins_with_the_shorter_one() -> None:
    background = three_activities(spread=True)
    factorisation = factorise(background)

    short = build_bank(background, factorisation, products=np.arange(3), draws=3, seed=7)
    long = build_bank(background, factorisation, products=np.arange(3), draws=9, seed=7)

    assert (long.kg_co2e_per_unit[:3] == short.kg_co2e_per_unit).all()
    assert len(np.unique(long.kg_co2e_per_unit[:, 2])) == 9


def test_slow_draws_fall_back_to_better_solutions_with_the_same_result() -> None:
    """A chain of 200 activities needs 200 plain steps, more than are tried; the preconditioner and then the factors take over."""
    size = 200
    technosphere = csc_array(np.eye(size) - 3.0 * np.eye(size, k=-1))
    background = SparseBackground(
        technosphere=technosphere,
        biosphere=csc_array(np.ones((1, size))),
        characterization=np.vstack([[1.0], np.zeros((len(CATEGORIES) - 1, 1))]),
        spread=Spread(technosphere=np.where(technosphere.data < 0, 0.5, 0.0), biosphere=np.zeros(size)),
    )
    near_end = np.array([size - 20])

    bank = build_bank(background, factorise(background), products=near_end, draws=2, seed=1)

    for draw in range(2):
        replayed = drawn_background(background, seed=1, draw=draw)
        direct = np.linalg.solve(replayed.technosphere.toarray().T, total_burdens(replayed))[near_end]
        assert bank.kg_co2e_per_unit[draw] == pytest.approx(direct, rel=1e-9)


def test_draws_of_a_background_without_emissions_are_zero() -> None:
    background = three_activities(spread=True)
    silent = SparseBackground(
        technosphere=background.technosphere,
        biosphere=background.biosphere,
        characterization=np.zeros_like(background.characterization),
        spread=background.spread,
    )

    bank = build_bank(silent, factorise(silent), products=np.arange(3), draws=2, seed=1)

    assert (bank.kg_co2e_per_unit == 0).all()


def test_a_background_without_uncertainty_is_refused() -> None:
    background = three_activities()

    with pytest.raises(BankError, match="states no uncertainty"):
        build_bank(background, factorise(background), products=np.arange(3), draws=10, seed=1)


@pytest.mark.parametrize("draws", [0, -1, 100_001])
def test_a_number_of_draws_out_of_range_is_refused(draws: int) -> None:
    background = three_activities(spread=True)

    with pytest.raises(BankError, match=f"{draws} draws are outside 1 to 100000"):
        build_bank(background, factorise(background), products=np.arange(3), draws=draws, seed=1)


def test_progress_is_reported_draw_by_draw() -> None:
    background = three_activities(spread=True)
    seen: list[int] = []

    build_bank(background, factorise(background), products=np.arange(3), draws=3, seed=1, progress=seen.append)

    assert seen == [1, 2, 3]
