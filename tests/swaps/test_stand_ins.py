"""From a footprint per kilogram to the model's parameters."""

import pytest

from lca_models import load_model
from lca_models.calculation import calculate_footprint
from service.swaps.stand_ins import as_parameter, at_national_factor, deciding_parameter, default_kg_co2e_per_kg

MODEL = load_model()
FURNACE = "acheson_crucible"


@pytest.mark.parametrize(
    ("flow", "process", "kg"),
    [
        ("graphitised_powder", "P3_graphitisation:acheson_crucible", 12.0),
        ("coated_powder", "P4_coating_carbonisation", 1.5),
    ],
)
def test_work_counts_what_the_stand_in_says(flow: str, process: str, kg: float) -> None:
    kwh = as_parameter(MODEL, flow, kg, furnace=FURNACE)

    footprint = calculate_footprint(MODEL, {deciding_parameter(MODEL, flow): kwh})

    assert footprint.by_process_kg_co2e[process] / footprint.scaling[process] == pytest.approx(kg)
    assert as_parameter(MODEL, flow, default_kg_co2e_per_kg(MODEL, flow, furnace=FURNACE), furnace=FURNACE) == pytest.approx(
        calculate_footprint(MODEL, {}).parameters[deciding_parameter(MODEL, flow)]
    )


def test_a_material_counts_its_factor_and_a_gas_by_its_density() -> None:
    assert as_parameter(MODEL, "coal_tar_pitch", 1.8, furnace=FURNACE) == 1.8
    assert as_parameter(MODEL, "nitrogen", 0.1, furnace=FURNACE) == pytest.approx(0.1 * 28.0134 / 22.414, rel=1e-5)
    assert as_parameter(MODEL, "coating_resin", 2.5, furnace=FURNACE) == 2.5
    assert deciding_parameter(MODEL, "coating_resin") == "coating_pitch_kg_co2e_per_kg"


def test_a_stand_in_stays_within_what_the_model_allows() -> None:
    assert as_parameter(MODEL, "graphitised_powder", 1000.0, furnace=FURNACE) == 40.0
    assert as_parameter(MODEL, "graphitised_powder", 0.0, furnace=FURNACE) == 0.0


def test_nitrogen_of_a_province_is_scaled_by_the_two_factors() -> None:
    """Nitrogen is all electricity, so 0.1 kg by the factor of a province are 0.1 times national over province."""
    views = MODEL.electricity.views
    national, province = views["national"].kg_co2e_per_kwh, views["province:CN-YN"].kg_co2e_per_kwh

    found = at_national_factor(MODEL, "nitrogen", 0.1, province="CN-YN", furnace=FURNACE)

    assert found == pytest.approx(0.1 * national / province)


def test_work_in_a_hydropower_province_counts_more_with_the_national_factor_and_pitch_the_same() -> None:
    kg = at_national_factor(MODEL, "graphitised_powder", 3.0, province="CN-YN", furnace=FURNACE)

    assert kg > 3.0
    assert at_national_factor(MODEL, "coal_tar_pitch", 0.8, province="CN-YN", furnace=FURNACE) == 0.8
    assert at_national_factor(MODEL, "graphitised_powder", 3.0, province=None, furnace=FURNACE) == 3.0
