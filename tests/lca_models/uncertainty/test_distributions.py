"""Shapes, what low, high and the point value mean in each, and refusals."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from stats_arrays import UncertaintyBase, uncertainty_choices

from lca_models.errors import UncertaintyError
from lca_models.uncertainty.distributions import Distribution, Fixed, Lognormal, Normal, Triangular, Uniform
from lca_models.uncertainty.fitting import lognormal_by_gsd, lognormal_by_mean, lognormal_by_range, normal_by_range

SHARES = np.linspace(0.0005, 0.9995, 1999)
SHAPES: list[Distribution] = [
    Fixed(value=3.0),
    Uniform(value=2.0, low=1.0, high=4.0),
    Triangular(low=1.0, mode=1.5, high=4.0),
    Normal(mean=2.0, sd=0.3),
    Lognormal(median=2.0, sigma=0.3),
]


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Uniform(value=2.0, low=1.0, high=4.0), stats.uniform(1.0, 3.0)),
        (Triangular(low=10.0, mode=13.0, high=16.5), stats.triang(3.0 / 6.5, 10.0, 6.5)),
        (Triangular(low=0.0, mode=0.0, high=2.0), stats.triang(0.0, 0.0, 2.0)),
        (Triangular(low=0.0, mode=2.0, high=2.0), stats.triang(1.0, 0.0, 2.0)),
        (Normal(mean=-1.0, sd=2.0), stats.norm(-1.0, 2.0)),
        (Lognormal(median=2.0, sigma=0.4), stats.lognorm(0.4, scale=2.0)),
        (Normal(mean=1.0, sd=1.0, minimum=0.0, maximum=2.5), stats.truncnorm(-1.0, 1.5, 1.0, 1.0)),
    ],
)
def test_quantiles_equal_those_of_scipy(ours: Distribution, theirs: stats.rv_continuous) -> None:
    assert ours.quantile(SHARES) == pytest.approx(theirs.ppf(SHARES), rel=1e-12)


def test_a_lognormal_cut_off_at_its_bounds_has_the_quantiles_of_the_part_between_them() -> None:
    whole, cut = Lognormal(median=1.0, sigma=0.5), Lognormal(median=1.0, sigma=0.5, minimum=0.8, maximum=1.5)
    theirs = stats.lognorm(0.5)
    low, high = theirs.cdf(0.8), theirs.cdf(1.5)

    assert cut.quantile(SHARES) == pytest.approx(whole.quantile(low + SHARES * (high - low)), rel=1e-12)
    assert cut.quantile(np.array([1e-12, 1 - 1e-12])) == pytest.approx([0.8, 1.5], rel=1e-6)


@pytest.mark.parametrize("shape", SHAPES)
def test_quantiles_rise(shape: Distribution) -> None:
    assert np.all(np.diff(shape.quantile(SHARES)) >= 0)


@pytest.mark.parametrize("shape", SHAPES)
@settings(deadline=None)
@given(factor=st.floats(0.01, 100))
def test_scaling_a_distribution_scales_every_quantile_and_the_point(shape: Distribution, factor: float) -> None:
    assert shape.scaled(factor).quantile(SHARES) == pytest.approx(factor * shape.quantile(SHARES))
    assert shape.scaled(factor).point == pytest.approx(factor * shape.point)


def test_the_point_value_of_a_lognormal_is_its_median_and_its_mean_is_above() -> None:
    # mean = median x exp(sigma^2 / 2) = 2 x exp(0.08) = 2.16657
    shape = Lognormal(median=2.0, sigma=0.4)

    assert shape.point == 2.0
    assert shape.quantile(np.array([0.5]))[0] == pytest.approx(2.0)
    assert shape.mean == pytest.approx(2.1665741)


def test_a_lognormal_can_be_given_by_its_mean() -> None:
    # GSD 1.5: sigma = ln 1.5 = 0.405465; median = 2.16 / exp(0.082201) = 1.98955
    shape = lognormal_by_mean(2.16, 1.5)

    assert shape.mean == pytest.approx(2.16)
    assert shape.median == pytest.approx(1.98955, abs=1e-5)
    assert shape.gsd == pytest.approx(1.5)


def test_the_farther_side_of_a_range_sets_the_spread_of_a_lognormal() -> None:
    # crucible: 0.06, from 0.02 to 0.27 kg: ln(0.27 / 0.06) = 1.504077 is farther than ln(0.06 / 0.02) = 1.098612
    shape = lognormal_by_range(0.06, 0.02, 0.27)

    assert shape.sigma == pytest.approx(1.504077 / 1.959964, rel=1e-6)
    assert shape.quantile(np.array([0.975]))[0] == pytest.approx(0.27)
    assert shape.quantile(np.array([0.025]))[0] < 0.02


def test_the_farther_side_of_a_range_sets_the_spread_of_a_normal() -> None:
    shape = normal_by_range(10.0, 8.0, 11.0)

    assert shape.quantile(np.array([0.025]))[0] == pytest.approx(8.0)
    assert shape.quantile(np.array([0.975]))[0] == pytest.approx(12.0)


REFUSED: list[tuple[Callable[[], object], str]] = [
    (lambda: lognormal_by_gsd(2.0, -1.2), "geometric standard deviation of -1.2 is not possible"),
    (lambda: lognormal_by_gsd(2.0, 0.9), "above 1, not 0.9"),
    (lambda: lognormal_by_gsd(2.0, 1.0), "above 1, not 1"),
    (lambda: lognormal_by_gsd(2.0, math.nan), "of nan is not possible"),
    (lambda: lognormal_by_gsd(0.0, 1.2), "value above zero, not 0"),
    (lambda: lognormal_by_gsd(-3.0, 1.2), "value above zero, not -3"),
    (lambda: lognormal_by_range(1.0, 0.0, 2.0), "range above zero, not from 0"),
    (lambda: Triangular(low=3.0, mode=2.0, high=1.0), "from 3 to 1 is empty"),
    (lambda: Triangular(low=1.0, mode=1.0, high=1.0), "Use fixed for a certain value"),
    (lambda: Triangular(low=1.0, mode=5.0, high=4.0), "The value 5 lies outside its own range 1 to 4"),
    (lambda: Uniform(value=0.0, low=1.0, high=2.0), "The value 0 lies outside its own range 1 to 2"),
    (lambda: Triangular(low=0.0, mode=1.0, high=math.inf), "high of a distribution must be a finite number, not inf"),
    (lambda: Normal(mean=1.0, sd=0.0), "standard deviation above zero, not 0"),
    (lambda: Normal(mean=1.0, sd=-0.1), "standard deviation above zero, not -0.1"),
    (lambda: Normal(mean=math.nan, sd=1.0), "mean of a distribution must be a finite number, not nan"),
    (
        lambda: Triangular(low=0.5, mode=0.9, high=1.2).bounded(0.0, 1.0),
        "0.5 to 1.2 reaches beyond what the parameter can be, 0 to 1",
    ),
    (lambda: Uniform(value=0.0, low=-1.0, high=1.0).bounded(0.0, None), "what the parameter can be, 0 to ∞"),
    (lambda: Normal(mean=5.0, sd=0.1).bounded(0.0, 1.0), "Only 0 % of normal sd 0.1 around 5 lie within"),
    (lambda: Lognormal(median=30.0, sigma=0.5).bounded(0.0, 10.0), "lie within the parameter's bounds"),
]


@pytest.mark.parametrize(("wrong", "words"), REFUSED)
def test_an_impossible_distribution_is_refused_with_value_and_fix(wrong: Callable[[], object], words: str) -> None:
    with pytest.raises(UncertaintyError) as caught:
        wrong()

    assert words in str(caught.value)


@pytest.mark.parametrize("shape", SHAPES)
def test_brightways_own_sampler_agrees_with_the_fields_for_brightway(shape: Distribution) -> None:
    fields = shape.as_stats_arrays()
    kind = uncertainty_choices[fields["uncertainty type"]]
    renamed = {"uncertainty_type" if name == "uncertainty type" else name: value for name, value in fields.items()}
    params = UncertaintyBase.from_dicts(renamed)
    if fields["uncertainty type"] == 1:
        assert params["loc"][0] == shape.point
        return
    shares = SHARES[None, ::100]

    assert kind.ppf(params, shares).ravel() == pytest.approx(shape.quantile(shares).ravel(), rel=1e-6)
