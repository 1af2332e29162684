"""Streams of random numbers: independent for every seed, the same for every set of parameters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lca_models.errors import UncertaintyError
from lca_models.uncertainty.distributions import Lognormal
from lca_models.uncertainty.sampling import Design, Sampling

EVERY = list(Sampling)


@pytest.mark.parametrize("sampling", EVERY)
@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**63))
def test_two_independent_lognormals_multiply_to_a_spread_of_0_424_for_any_seed(sampling: Sampling, seed: int) -> None:
    # sd(ln(a b)) = 0.3 x root 2 = 0.4243; draws that are alike would give 0.3 x 2 = 0.6. 16,384 draws know it to 0.0023.
    shares = Design(draws=16_384, seed=seed, sampling=sampling).shares(["technosphere", "biosphere"])
    first, second = (Lognormal(median=2.0, sigma=0.3).quantile(shares[name]) for name in ("technosphere", "biosphere"))

    assert np.log(first * second).std() == pytest.approx(0.424, abs=0.02)
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.05


@pytest.mark.parametrize("sampling", [Sampling.RANDOM, Sampling.LATIN_HYPERCUBE])
def test_adding_or_moving_a_stream_changes_no_other(sampling: Sampling) -> None:
    design = Design(draws=64, seed=7, sampling=sampling)

    alone, among = design.shares(["yield"]), design.shares(["new", "pitch", "yield"])

    assert np.array_equal(alone["yield"], among["yield"])


def test_adding_a_stream_at_the_end_changes_no_sobol_point_before_it() -> None:
    design = Design(draws=64, seed=7, sampling=Sampling.SOBOL)

    assert np.array_equal(design.shares(["yield"])["yield"], design.shares(["yield", "new"])["yield"])


@pytest.mark.parametrize("sampling", EVERY)
def test_the_same_seed_gives_the_same_points_and_another_seed_others(sampling: Sampling) -> None:
    first, again, other = (Design(draws=32, seed=seed, sampling=sampling).shares(["a"])["a"] for seed in (1, 1, 2))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_the_points_of_a_stream_never_change_between_releases() -> None:
    # A page shows the same figures today and in a year; so these are written down.
    points = Design(draws=4, seed=1, sampling=Sampling.RANDOM).shares(["milling_yield"])["milling_yield"]

    assert points == pytest.approx(FIRST_POINTS, rel=1e-15)


FIRST_POINTS = [0.5552916564265175, 0.7112884375371894, 0.5684873129516006, 0.3756115976193839]


@pytest.mark.parametrize("sampling", [Sampling.LATIN_HYPERCUBE, Sampling.SOBOL])
@settings(deadline=None)
@given(seed=st.integers(0, 1000))
def test_each_of_64_equal_strata_holds_one_of_64_points(sampling: Sampling, seed: int) -> None:
    shares = Design(draws=64, seed=seed, sampling=sampling).shares(["a", "b", "c"])

    for points in shares.values():
        assert sorted((points * 64).astype(int)) == list(range(64))


def test_sobol_points_fill_the_square_of_two_streams_evenly() -> None:
    # of 256 points, each of 16 x 16 squares holds exactly one; random points leave about a third of the squares empty
    shares = Design(draws=256, seed=3, sampling=Sampling.SOBOL).shares(["a", "b"])

    squares = {(int(16 * a), int(16 * b)) for a, b in zip(shares["a"], shares["b"], strict=True)}

    assert len(squares) == 256


@pytest.mark.parametrize("sampling", EVERY)
def test_points_stay_off_zero_and_one(sampling: Sampling) -> None:
    points = Design(draws=4096, seed=0, sampling=sampling).shares(["a"])["a"]

    assert points.min() > 0.0
    assert points.max() < 1.0


@pytest.mark.parametrize(
    ("draws", "seed", "sampling", "words"),
    [
        (0, 1, Sampling.RANDOM, "0 draws are not possible"),
        (1, 1, Sampling.RANDOM, "1 draws are not possible"),
        (100_001, 1, Sampling.RANDOM, "Ask for 2 to 100000"),
        (1000, -1, Sampling.RANDOM, "The seed -1 is negative"),
        (1000, 1, Sampling.SOBOL, "power of two, not 1000. Use 1024 draws"),
        (99_999, 1, Sampling.SOBOL, "Use 65536 draws"),
    ],
)
def test_an_impossible_design_is_refused_with_what_is_possible(draws: int, seed: int, sampling: Sampling, words: str) -> None:
    with pytest.raises(UncertaintyError) as caught:
        Design(draws=draws, seed=seed, sampling=sampling)

    assert words in str(caught.value)
