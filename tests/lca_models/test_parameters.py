import math

import pytest

from lca_models import load_model
from lca_models.calculation import calculate_footprint, evaluate_processes
from lca_models.errors import ParameterError
from lca_models.parameters import resolve_parameters

MODEL = load_model()
FURNACES = MODEL.parameter("furnace").choices


@pytest.mark.parametrize("furnace", FURNACES)
def test_formulas_at_default_parameters_reproduce_the_inventory_amounts(furnace: str) -> None:
    values = resolve_parameters(
        MODEL.definitions, {"furnace": furnace}, electricity=MODEL.electricity, view=MODEL.electricity.views["national"]
    )

    for process in evaluate_processes(MODEL, values):
        for shipped in MODEL.processes[process.name].exchanges:
            parts = [one.amount for one in process.exchanges if (one.flow, one.direction) == (shipped.flow, shipped.direction)]
            # The table of the toll haul is for a feed of 1.05; the box and continuous furnaces are charged with less.
            is_lighter = (process.name[:3], shipped.flow) == ("P7b", "truck_diesel_heavy") and furnace in ("box", "continuous")
            expected = 1.03 + 1.0 if is_lighter else shipped.amount
            assert math.fsum(parts) == pytest.approx(expected, rel=1e-12, abs=1e-12), (process.name, shipped.flow)


def test_every_exchange_with_a_climate_effect_follows_a_parameter() -> None:
    missing = [
        (name, exchange.flow)
        for name, process in MODEL.processes.items()
        for exchange in process.exchanges
        if exchange.direction in ("input", "waste", "emission_air")
        and exchange.flow not in ("SO2", "NOx", "PM10", "NMVOC", "site_utilities_per_kg", "inbound_transport_per_kg")
        and (exchange.flow, exchange.direction) not in MODEL.formulas[name]
    ]

    assert missing == []


def test_every_parameter_has_meaning_range_and_source_in_both_languages() -> None:
    for one in MODEL.parameters:
        assert one.meaning_en
        assert any("\u4e00" <= letter <= "\u9fff" for letter in one.meaning_zh)
        if one.choices:
            assert one.default in one.choices
            continue
        assert isinstance(one.default, float)
        assert one.low is not None
        assert one.high is not None
        assert one.low <= one.default <= one.high
        assert one.minimum is not None
        assert one.minimum <= one.low
        assert one.maximum is None or one.high <= one.maximum
        assert one.source


def test_every_parameter_moves_something() -> None:
    """A parameter that changes neither result nor balance would mislead whoever sets it."""
    furnace_of = {"graphitization_nitrogen_nm3_per_kg": "continuous"}
    # Prices, fuel coke and packing coke sold count where the burden is shared by revenue or substitution; contract shares in the
    # market view, direct lines in those that know the supply.
    silent = {name for name, one in MODEL.definitions.items() if one.choices}
    for one in MODEL.parameters:
        if one.name in silent:
            continue
        base: dict[str, float | str] = {
            "furnace": furnace_of.get(one.name, "acheson_crucible"),
            "toll_share": 0.5,
            "needle_coke_share": 0.5,
            "recycled_graphite_share": 0.2,
            "inbound_rail_share": 0.5,
            "packing_coke_allocation": "economic",
            "fines_allocation": "substitution" if one.name == "fuel_coke_kg_co2e_per_kg" else "economic",
        }
        view = "market" if "contract" in one.name else "eu_draft" if "direct_line" in one.name else "national"
        assert one.high is not None
        assert one.low is not None
        default = MODEL.parameter(one.name).default
        assert isinstance(default, float)
        target = one.high if one.high != base.get(one.name, default) else one.low
        before = calculate_footprint(MODEL, base, electricity=view, check=False).as_dict()
        after = calculate_footprint(MODEL, base | {one.name: target}, electricity=view, check=False).as_dict()
        assert (before["total_kg_co2e"], before["carbon_balance"]) != (after["total_kg_co2e"], after["carbon_balance"]), one.name


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"furnac": "box"}, "no parameter “furnac”. Near it: furnace"),
        ({"furnace": "kiln"}, "furnace can't be “kiln”. Use one of: acheson_crucible, box, inner_string, continuous"),
        ({"milling_yield": 1.01}, r"milling_yield = 1.01 kg/kg is outside 0.3 to 1\."),
        ({"milling_yield": 88.0}, "milling_yield = 88 kg/kg is outside 0.3 to 1"),
        ({"milling_yield": "88 %"}, "milling_yield = “88 %” is not a finite number. Give it in kg/kg"),
        ({"milling_yield": math.nan}, "“nan” is not a finite number"),
        ({"milling_yield": "inf"}, "“inf” is not a finite number"),
        ({"milling_yield": True}, "“True” is not a finite number"),
        ({"coal_tar_pitch_kg_co2e_per_kg": "cheap"}, "Give it in kgCO2e/kg .screening_low, mass_allocation, economic_allocation"),
        ({"graphitization_nitrogen_nm3_per_kg": 3.0}, "does not exist with the furnace acheson_crucible"),
        ({"furnace": "continuous", "graphitization_co_kg_per_kg": 0.01}, "does not exist with the furnace continuous"),
        ({"toll_share": -0.1}, "toll_share = -0.1 1 is outside 0 to 1"),
    ],
)
def test_a_value_that_cannot_be_is_an_error_naming_parameter_value_and_fix(given: dict[str, float | str], message: str) -> None:
    with pytest.raises(ParameterError, match=message) as caught:
        calculate_footprint(MODEL, given, check=False)
    assert caught.value.parameter in {*given, "furnace"}


def test_a_value_outside_the_usual_range_is_noted_and_used() -> None:
    found = calculate_footprint(MODEL, {"graphitization_electricity_kwh_per_kg": 18.0}, check=False)

    assert [str(notice) for notice in found.notices] == [
        "graphitization_electricity_kwh_per_kg = 18 kWh/kg is outside its usual range 10 to 16.5."
    ]
    assert found.notices[0].parameter == "graphitization_electricity_kwh_per_kg"


def test_the_usual_range_is_that_of_the_chosen_furnace() -> None:
    """9.5 kWh/kg is usual for a box furnace (7.5 to 11.5) and not for Acheson (10 to 16.5)."""
    value: dict[str, float | str] = {"graphitization_electricity_kwh_per_kg": 9.5}

    assert calculate_footprint(MODEL, value | {"furnace": "box"}, check=False).notices == ()
    assert len(calculate_footprint(MODEL, value, check=False).notices) == 1


def test_given_parameters_are_told_from_defaults() -> None:
    found = calculate_footprint(MODEL, {"furnace": "box", "milling_yield": "0.9"}, check=False)

    assert found.given == {"furnace", "milling_yield"}
    assert found.parameters["milling_yield"] == 0.9
    assert found.parameters["graphitization_electricity_kwh_per_kg"] == 9.5
