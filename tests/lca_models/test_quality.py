import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lca_models import load_model
from lca_models.calculation import calculate_footprint
from lca_models.errors import ParameterError
from lca_models.quality import KINDS, Kind, contribution_by_parameter_source

FOOTPRINT = calculate_footprint(load_model(), check=False)


def test_without_answers_all_is_default() -> None:
    assert contribution_by_parameter_source(FOOTPRINT, {}) == {"primary": 0.0, "secondary": 0.0, "default": 1.0}


def test_metered_furnace_electricity_is_primary_by_its_contribution() -> None:
    """13 kWh x 0.999775 x 0.5777 of 12.4819 kg."""
    shares = contribution_by_parameter_source(FOOTPRINT, {"graphitization_electricity_kwh_per_kg": "primary"})

    assert shares["primary"] == pytest.approx(13 * 0.999775 * 0.5777 / 12.481928176465573, rel=1e-9)


def test_a_suppliers_own_footprint_makes_its_material_primary() -> None:
    """Coke: 1.2278 kg x 0.60 of 12.4819 kg."""
    shares = contribution_by_parameter_source(FOOTPRINT, {"green_petroleum_coke_kg_co2e_per_kg": "primary"})

    assert shares["primary"] == pytest.approx(1.2278456725 * 0.60 / 12.481928176465573, rel=1e-9)


def test_mixed_kinds_count_by_their_shares() -> None:
    whole = contribution_by_parameter_source(FOOTPRINT, {"graphitization_electricity_kwh_per_kg": "primary"})
    mixed = contribution_by_parameter_source(
        FOOTPRINT, {"graphitization_electricity_kwh_per_kg": {"primary": 0.6, "secondary": 0.4}}
    )

    assert mixed["primary"] == pytest.approx(0.6 * whole["primary"])
    assert mixed["secondary"] == pytest.approx(0.4 * whole["primary"])
    assert mixed["default"] == pytest.approx(whole["default"])


@pytest.mark.parametrize("kind", ["guessed", {"primary": 0.5}, {"primary": 1.5, "default": -0.5}])
def test_kinds_that_do_not_add_up_are_an_error(kind: Kind) -> None:
    with pytest.raises(ParameterError, match="data kinds of milling_yield"):
        contribution_by_parameter_source(FOOTPRINT, {"milling_yield": kind})


@given(kinds=st.dictionaries(st.sampled_from(sorted(FOOTPRINT.parameters)), st.sampled_from(KINDS)))
def test_shares_sum_to_one(kinds: dict[str, Kind]) -> None:
    assert math.fsum(contribution_by_parameter_source(FOOTPRINT, kinds).values()) == pytest.approx(1.0, rel=1e-12)
