import pytest

from lca_models import load_model
from lca_models.calculation import calculate_footprint
from lca_models.emissions import Category, GwpSet
from lca_models.errors import ParameterError
from lca_models.linking import UNSPLIT
from lca_models.methods.gwp import characterization, gwp_set

MODEL = load_model()


@pytest.mark.parametrize(
    ("flow", "ar4", "ar5", "ar6"),
    [
        ("CO2_fossil", 1, 1, 1),
        ("CH4_fossil", 25, 30, 29.8),
        ("CH4_biogenic", 25, 28, 27.0),
        ("N2O", 298, 265, 273),
        ("SF6", 22_800, 23_500, 25_200),
        ("NF3", 17_200, 16_100, 17_400),
        ("CF4", 7_390, 6_630, 7_380),
        ("C2F6", 12_200, 11_100, 12_400),
        ("HFC-134a", 1_430, 1_300, 1_530),
        ("HCFC-22", 1_810, 1_760, 1_960),
        ("CO_fossil", 1.571, 1.571, 1.571),
    ],
)
def test_each_gas_has_the_gwp100_of_the_three_reports(flow: str, ar4: float, ar5: float, ar6: float) -> None:
    found = [characterization(MODEL, gwp)[flow] for gwp in (GwpSet.AR4, GwpSet.AR5, GwpSet.AR6)]

    assert found == [ar4, ar5, ar6]


def test_a_refrigerant_blend_weighs_its_components() -> None:
    for gwp in GwpSet:
        values = characterization(MODEL, gwp)
        # R-410A is half HFC-32, half HFC-125.
        assert values["R-410A"] == pytest.approx((values["HFC-32"] + values["HFC-125"]) / 2, abs=0.1)
        # R-404A: 44 % HFC-125, 52 % HFC-143a, 4 % HFC-134a.
        expected = 0.44 * values["HFC-125"] + 0.52 * values["HFC-143a"] + 0.04 * values["HFC-134a"]
        assert values["R-404A"] == pytest.approx(expected, abs=0.1)


def test_flows_without_climate_effect_are_not_characterised() -> None:
    assert {"SO2", "NOx", "PM10"}.isdisjoint(characterization(MODEL))


def test_uptake_weighs_minus_one_in_every_set() -> None:
    assert {characterization(MODEL, gwp)["CO2_biogenic_uptake"] for gwp in GwpSet} == {-1.0}


def test_an_unknown_set_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ParameterError, match=r"gwp can't be “AR7”\. Use one of: AR6, AR5, AR4"):
        gwp_set("AR7")


def test_another_set_changes_only_what_is_known_by_gas() -> None:
    ar6 = calculate_footprint(MODEL, check=False)
    ar4 = calculate_footprint(MODEL, gwp=GwpSet.AR4, check=False)
    n2o, ch4 = ar6.by_gas_kg_co2e["N2O"], ar6.by_gas_kg_co2e["CH4"]

    assert ar4.by_gas_kg_co2e[UNSPLIT] == pytest.approx(ar6.by_gas_kg_co2e[UNSPLIT], rel=1e-12)
    assert ar4.total_kg_co2e - ar6.total_kg_co2e == pytest.approx(n2o * (298 / 273 - 1) + ch4 * (25 / 29.8 - 1), rel=1e-9)


def test_burnt_gas_and_its_upstream_part_add_up_to_the_factor() -> None:
    """2.768 kg CO2e/Nm3: 2.16 burnt (CO2, CH4, N2O with AR6) and 0.608 upstream, which stays unsplit."""
    values = characterization(MODEL)
    burnt = sum(kg * values[gas] for gas, kg in MODEL.background_splits["natural_gas"].items())

    assert burnt == pytest.approx(2.16, abs=1e-5)
    assert MODEL.factors.life_cycle["natural_gas"].value - burnt == pytest.approx(0.608, abs=1e-5)


def test_air_freight_is_reported_as_aircraft() -> None:
    gases = MODEL.background_splits["air_freight"]

    assert {MODEL.emission_flows[gas].category for gas in gases} == {Category.AIRCRAFT}
