import pytest

from lca_models.calculation import calculate_footprint
from lca_models.explanations.tornado import Swing, swing_parameters
from lca_models.model import load_model

MODEL = load_model()


def swing_of(parameter: str, **options: object) -> Swing:
    found = swing_parameters(MODEL, **options)  # type: ignore[arg-type]
    return next(one for one in found.swings if one.parameter == parameter)


@pytest.mark.parametrize(
    ("parameter", "least", "greatest"),
    [
        ("graphitization_electricity_kwh_per_kg", 10.8, 14.5),
        ("carbonization_electricity_kwh_per_kg", 12.0, 13.2),
        ("milling_electricity_kwh_per_kg", 12.2, 13.2),
        ("granulation_electricity_kwh_per_kg", 12.2, 13.1),
        ("green_petroleum_coke_kg_co2e_per_kg", 12.0, 12.9),
        ("graphite_crucible_kg_per_kg", 12.4, 13.1),
        ("coating_yield", 12.2, 12.9),
        ("carbonization_natural_gas_nm3_per_kg", 12.4, 13.0),
        ("milling_yield", 12.4, 12.7),
    ],
)
def test_the_reference_tornado_of_the_inventory_is_reproduced(parameter: str, least: float, greatest: float) -> None:
    swing = swing_of(parameter)

    ends = sorted([swing.at_low_kg_co2e or 0.0, swing.at_high_kg_co2e or 0.0])
    assert ends == pytest.approx([least, greatest], abs=0.06)  # printed with one decimal


@pytest.mark.parametrize("electricity", ["national", "market", "province:CN-SC"])
def test_each_end_is_the_footprint_with_that_value(electricity: str) -> None:
    given = {"granulation_pitch_kg_per_kg": 0.1, "coal_tar_pitch_kg_co2e_per_kg": 1.5}
    found = swing_parameters(MODEL, given, electricity=electricity)

    for name in ("milling_yield", "coal_tar_pitch_kg_co2e_per_kg", "graphitization_electricity_kwh_per_kg"):
        swing = next(one for one in found.swings if one.parameter == name)
        alone = calculate_footprint(MODEL, {**given, name: swing.high}, electricity=electricity, check=False)
        assert swing.at_high_kg_co2e == pytest.approx(alone.total_kg_co2e, rel=1e-12)


def test_what_follows_a_parameter_by_default_follows_it_here() -> None:
    swing = swing_of("electricity_kg_co2e_per_kwh")

    alone = calculate_footprint(MODEL, {"electricity_kg_co2e_per_kwh": swing.low}, check=False)
    assert alone.parameters["graphitization_electricity_kg_co2e_per_kwh"] == swing.low
    assert swing.at_low_kg_co2e == pytest.approx(alone.total_kg_co2e, rel=1e-12)


def test_what_was_given_does_not_follow() -> None:
    given = {"graphitization_electricity_kg_co2e_per_kwh": 0.3}
    swing = swing_of("electricity_kg_co2e_per_kwh", parameters=given)

    alone = calculate_footprint(MODEL, {**given, "electricity_kg_co2e_per_kwh": swing.high}, check=False)
    assert swing.at_high_kg_co2e == pytest.approx(alone.total_kg_co2e, rel=1e-12)


def test_the_greatest_reach_comes_first() -> None:
    found = swing_parameters(MODEL)

    spans = [one.span_kg_co2e for one in found.swings]
    assert spans == sorted(spans, reverse=True)
    assert spans[0] > 0


def test_a_choice_is_told_from_an_uncertainty() -> None:
    assert swing_of("coated_share").is_choice
    assert not swing_of("milling_electricity_kwh_per_kg").is_choice
