"""Comparison of two products with common draws."""

import dataclasses

import numpy as np
import pytest

from lca_models.errors import UncertaintyError
from lca_models.model import load_model
from lca_models.uncertainty.comparison import compare
from lca_models.uncertainty.distributions import Lognormal
from lca_models.uncertainty.inputs import Basis, Term, UncertainParameter, uncertain_parameters
from lca_models.uncertainty.monte_carlo import Simulation, simulate, simulate_parameters
from lca_models.uncertainty.sampling import Design

MODEL = load_model()
DESIGN = Design(draws=2048, seed=1)
KWH = "graphitization_electricity_kwh_per_kg"


def test_a_product_compared_with_itself_differs_by_nothing() -> None:
    one = simulate(MODEL, design=DESIGN)

    found = compare(one, simulate(MODEL, design=DESIGN))

    assert np.all(found.difference_kg_co2e == 0.0)
    assert found.probability_first_lower == 0.5
    assert found.sd_if_independent_kg_co2e == pytest.approx(one.sd_kg_co2e * np.sqrt(2.0))


def test_what_both_share_cancels_out_of_the_difference() -> None:
    # Half a kWh less in the furnace, all else common: the difference is 0.5 x factor x 1, so only the factor's spread is left.
    shape = Lognormal(median=13.0, sigma=0.1)
    first = simulate(MODEL, design=DESIGN, distributions={KWH: shape.scaled(12.5 / 13.0)})
    second = simulate(MODEL, design=DESIGN, distributions={KWH: shape})

    found = compare(first, second)

    assert found.point_difference_kg_co2e == pytest.approx(-0.5 * 0.5777 * 0.985 * 1.015)
    assert found.probability_first_lower == 1.0
    assert found.median_kg_co2e == pytest.approx(-0.5 * 0.5959, abs=0.01)
    assert found.sd_kg_co2e < 0.1 * found.sd_if_independent_kg_co2e


def test_a_furnace_that_needs_less_is_lower_in_nearly_every_draw() -> None:
    box, acheson = simulate(MODEL, {"furnace": "box"}, design=DESIGN), simulate(MODEL, design=DESIGN)

    found = compare(box, acheson)

    assert found.probability_first_lower > 0.99
    assert found.percentile(5.0) < found.median_kg_co2e < found.percentile(95.0) < 0.0
    assert compare(acheson, box).probability_first_lower == pytest.approx(1.0 - found.probability_first_lower)


def _metered_by(submission: str, kwh: float) -> Simulation:
    kept = tuple(one for one in uncertain_parameters(MODEL) if one.name != KWH)
    term = Term(distribution=Lognormal(median=kwh, sigma=0.05), stream=f"{KWH}@{submission}", basis=Basis.EVIDENCE)
    metered = UncertainParameter(name=KWH, unit="kWh/kg", terms=(term,))
    return simulate_parameters(MODEL, {KWH: kwh}, (*kept, metered), design=DESIGN)


def test_values_of_two_submissions_are_drawn_apart_and_of_one_together() -> None:
    # Two meters, each known to 5 %: the difference of 13 - 13 kWh has a spread of 13 x 0.05 x root 2 x 0.596 = 0.548 kg
    apart, together = (
        compare(_metered_by("S-1", 13.0), _metered_by("S-2", 13.0)),
        compare(_metered_by("S-1", 13.0), _metered_by("S-1", 13.0)),
    )

    assert apart.sd_kg_co2e == pytest.approx(13.0 * 0.05 * np.sqrt(2.0) * 0.596, rel=0.05)
    assert apart.probability_first_lower == pytest.approx(0.5, abs=0.03)
    assert np.all(together.difference_kg_co2e == 0.0)
    assert f"{KWH}@S-1" not in apart.common_streams
    assert "milling_yield" in apart.common_streams


def test_draws_left_out_of_one_are_left_out_of_the_difference() -> None:
    first, second = simulate(MODEL, design=DESIGN), simulate(MODEL, {"granulation_pitch_kg_per_kg": 0.2}, design=DESIGN)

    found = compare(first, second)

    assert len(found.difference_kg_co2e) == int((first.is_kept & second.is_kept).sum())


def test_simulations_of_different_draws_are_not_compared() -> None:
    first = simulate(MODEL, design=DESIGN)
    second = simulate(MODEL, design=dataclasses.replace(DESIGN, seed=2))

    with pytest.raises(UncertaintyError, match=r"2048 latin-hypercube seed 1 is not 2048 latin-hypercube seed 2"):
        compare(first, second)


def test_the_ranges_of_two_furnaces_are_drawn_apart() -> None:
    # What a box furnace needs says nothing about what an Acheson furnace needs; the mill before them is the same.
    box, acheson = (simulate(MODEL, {"furnace": furnace}, design=DESIGN) for furnace in ("box", "acheson_crucible"))

    assert np.corrcoef(box.values[KWH], acheson.values[KWH])[0, 1] == pytest.approx(0.0, abs=0.06)
    assert np.array_equal(box.values["milling_yield"], acheson.values["milling_yield"])
