"""The shipped route: hand calculation, published scenario rows, invariants."""

import json
import math
from collections.abc import Mapping

import pytest
from hypothesis import given, reject
from hypothesis import strategies as st

from lca_models import load_model
from lca_models.calculation import Footprint, calculate_footprint
from lca_models.errors import DirectCo2FactorError, ParameterError
from lca_models.inventory import DirectCo2Factor
from lca_models.parameters import ParameterDefinition

MODEL = load_model()
COAL_AT_USER = 0.9240 + 0.0327


def footprint(*, electricity: str = "national", check: bool = False, **parameters: float | str) -> Footprint:
    return calculate_footprint(MODEL, parameters, electricity=electricity, check=check)


def test_default_equals_the_hand_calculation() -> None:
    """Amounts per kg from the chain of inputs, times their factors, as a table by hand gives them."""
    coated = 1.015
    graphitised = 0.985 * coated
    granulate = 1.05 * graphitised
    shaped = 1.026 * granulate
    kwh = 0.15 + 0.30 + 1.2 * coated + 13.0 * graphitised + 0.8 * granulate + 0.9 * shaped
    by_hand = {
        "electricity": kwh * 0.5777,
        "direct CO2": 0.77 * graphitised + 0.165 * granulate + 0.046 * coated,
        "coke": 1.14 * shaped * 0.60,
        "packing coke": 0.25 * graphitised * 1.59,
        "gas": (0.02 * coated + 0.05 * granulate + 0.01 * shaped) * 2.768,
        "crucible": 0.06 * graphitised * 3.03,
        "pitch": (0.03 * coated + 0.08 * granulate) * 1.20,
        "nitrogen": (0.6 * coated + 0.5 * granulate) * 0.0908,
        "truck": 1.05 * 0.0978,
        "CO": 0.0197 * graphitised * 1.571,
        "tar": 0.01 * granulate * 2.5,
        "packing": 0.005 * 2.3 + 0.001 * 2.6 + 0.02 * 0.52,
        "water": (1.0 + 2.0 * graphitised) * 0.00031,
        "diesel": 0.0006 * 3.81,
    }

    found = footprint(check=True)

    assert found.electricity_kwh == pytest.approx(kwh, rel=1e-12)
    assert found.direct_co2_kg == pytest.approx(by_hand["direct CO2"], rel=1e-12)
    assert found.total_kg_co2e == pytest.approx(math.fsum(by_hand.values()), rel=1e-12)
    assert found.total_kg_co2e == pytest.approx(12.48, abs=0.02)


def test_default_by_stage_matches_the_published_table() -> None:
    expected = {"P1": 1.33, "P2": 0.98, "P3": 8.89, "P4": 0.90, "P5": 0.11, "P6": 0.18, "P7": 0.10}

    assert dict(footprint().by_stage_kg_co2e) == pytest.approx(expected, abs=0.005)


@pytest.mark.parametrize(
    ("parameters", "kwh", "expected"),
    [
        ({}, 16.5, 12.5),
        ({"electricity_kg_co2e_per_kwh": 0.6205}, 16.5, 13.2),
        ({"electricity_kg_co2e_per_kwh": 0.758}, 16.5, 15.5),
        ({"electricity_kg_co2e_per_kwh": COAL_AT_USER}, 16.5, 18.7),
        ({"electricity_kg_co2e_per_kwh": 0.183}, 16.5, 6.0),
        ({"electricity_kg_co2e_per_kwh": 0.156}, 16.5, 5.5),
        ({"electricity_kg_co2e_per_kwh": 0.0651}, 16.5, 4.0),
        ({"furnace": "box"}, 12.9, 9.8),
        ({"furnace": "box", "electricity_kg_co2e_per_kwh": 0.758}, 12.9, 12.2),
        ({"furnace": "inner_string"}, 13.0, 10.2),
        ({"furnace": "continuous"}, 9.4, 7.4),
        ({"toll_share": 1.0, "toll_distance_km": 1000.0}, 16.5, 12.7),
    ],
)
def test_published_scenarios_are_reproduced(parameters: Mapping[str, float | str], kwh: float, expected: float) -> None:
    found = calculate_footprint(MODEL, parameters)

    assert found.total_kg_co2e == pytest.approx(expected, rel=0.01)
    assert found.electricity_kwh == pytest.approx(kwh, rel=0.01)


def test_toll_transport_stands_in_the_transport_stage() -> None:
    """0.999775 kg graphitised x (1.05 + 1.00) kg x 1000 km x 0.0978 kg/tkm."""
    toll = footprint(toll_share=1.0, toll_distance_km=1000.0)

    extra = 0.999775 * 2.05 * 0.0978
    assert toll.by_stage_kg_co2e["P7"] - footprint().by_stage_kg_co2e["P7"] == pytest.approx(extra, rel=1e-9)
    assert toll.by_stage_kg_co2e["P3"] == pytest.approx(footprint().by_stage_kg_co2e["P3"])


def test_alternative_factors_have_names_and_lower_the_result() -> None:
    """Coke 0.60 to 0.40262 and packing coke 1.59 to 0.835 and pitch 1.2 to 0.6, by the amounts of the default route."""
    swapped = footprint(
        green_petroleum_coke_kg_co2e_per_kg="desnz_2025",
        packing_coke_kg_co2e_per_kg="calcined_without_process_co2",
        coal_tar_pitch_kg_co2e_per_kg="screening_low",
    )

    shaped, granulate, graphitised, coated = 1.0770576075, 1.04976375, 0.999775, 1.015
    lower = 1.14 * shaped * (0.60 - 0.40262) + 0.25 * graphitised * (1.59 - 0.835) + (0.03 * coated + 0.08 * granulate) * 0.6
    assert footprint().total_kg_co2e - swapped.total_kg_co2e == pytest.approx(lower, rel=1e-9)


def test_more_pitch_takes_less_coke_and_burns_more_volatiles() -> None:
    """Shaped powder (0.95121 - 0.54 p)/0.885; volatile C 0.385 per kg pitch and 0.033 x 0.6852 per kg shaped powder."""
    more = footprint(granulation_pitch_kg_per_kg=0.15)

    granulate = 1.04976375
    shaped = (0.95121 - 0.15 * 0.54) / 0.885
    released = (0.054 - 0.0308) / (1.026 * 0.033)
    co2 = (shaped * 0.033 * released + 0.15 * 0.385 - 0.009) * 44 / 12
    assert more.scaling["P1_milling_shaping"] == pytest.approx(shaped * granulate, rel=1e-12)
    assert more.by_process_and_flow_kg_co2e["P2_granulation_precarbonisation"]["CO2_fossil"] == pytest.approx(
        co2 * granulate, rel=1e-12
    )
    assert more.carbon_balance.closure == pytest.approx(1.0, abs=0.01)


def test_packing_coke_use_sets_its_burn_off() -> None:
    """Twice the net packing coke: 0.72 kg CO2 more, and the coke's own factor again, per kg graphitised."""
    more = footprint(packing_coke_net_kg_per_kg=0.50)

    graphitised = 0.999775
    assert more.total_kg_co2e - footprint().total_kg_co2e == pytest.approx(graphitised * (0.72 + 0.25 * 1.59), rel=1e-9)


def test_milling_loss_becomes_fines() -> None:
    """A yield of 0.8 loses 0.25 kg per kg, of which 0.135/0.14 are collected; their carbon is 0.918."""
    poor = footprint(milling_yield=0.8)

    assert poor.carbon_balance.outputs_kg_c["coke_fines"] == pytest.approx(1.0770576075 * 0.25 * 0.135 / 0.14 * 0.918, rel=1e-9)


def test_carbon_of_the_default_route_closes() -> None:
    """In 1.233 kg C; out 1.000 product, 0.015 rejects, 0.134 fines, 0.009 tar, 0.074 CO2."""
    balance = footprint().carbon_balance

    assert sum(balance.inputs_kg_c.values()) == pytest.approx(1.233, abs=0.0005)
    assert dict(balance.outputs_kg_c) == pytest.approx(
        {
            "anode_graphite_packed": 1.0,
            "finishing_rejects": 0.015,
            "coke_fines": 0.134,
            "tar_hazardous_waste_HW11": 0.009,
            "CO2_fossil": 0.074,
        },
        abs=0.0006,
    )
    assert balance.closure == pytest.approx(1.232 / 1.233, abs=0.0005)


@pytest.mark.parametrize("furnace", MODEL.parameter("furnace").choices)
def test_carbon_closes_with_every_furnace(furnace: str) -> None:
    assert footprint(furnace=furnace).carbon_balance.closure == pytest.approx(1.0, abs=0.05)


def test_an_uncoated_grade_leaves_coating_out() -> None:
    uncoated = footprint(coated_share=0.0)

    assert uncoated.by_stage_kg_co2e["P4"] == 0.0
    assert uncoated.scaling["P3_graphitisation:acheson_crucible"] == pytest.approx(1.015)
    assert uncoated.total_kg_co2e == pytest.approx(11.6, rel=0.02)


def test_needle_coke_replaces_petroleum_coke() -> None:
    """1.2278 kg coke x (0.75 - 0.60)."""
    assert footprint(needle_coke_share=1.0).total_kg_co2e - footprint().total_kg_co2e == pytest.approx(1.2278 * 0.15, abs=1e-4)


def test_graphitization_electricity_may_have_its_own_factor() -> None:
    other = footprint(graphitization_electricity_kg_co2e_per_kwh=0.7507)

    assert other.total_kg_co2e - footprint().total_kg_co2e == pytest.approx(13.0 * 0.999775 * (0.7507 - 0.5777), rel=1e-9)


def test_carbon_monoxide_is_a_method_switch() -> None:
    assert footprint().total_kg_co2e - footprint(carbon_monoxide_kg_co2e_per_kg=0.0).total_kg_co2e == pytest.approx(
        0.0197 * 0.999775 * 1.571
    )


def test_the_result_is_json_ready_in_full_precision() -> None:
    found = footprint(check=True)

    again = json.loads(json.dumps(found.as_dict(), allow_nan=False))

    assert again["total_kg_co2e"] == found.total_kg_co2e
    assert again["by_process"] == dict(found.by_process_kg_co2e)
    assert again["parameters"]["furnace"] == "acheson_crucible"
    assert again["model_version"] == MODEL.model_version
    assert again["electricity_view"]["status"] == "official"


def _usual(definition: ParameterDefinition) -> st.SearchStrategy[float]:
    assert definition.low is not None
    assert definition.high is not None
    return st.floats(definition.low, definition.high)


def _free(definition: ParameterDefinition) -> bool:
    """Whether a parameter may take any usual value without contradicting the others."""
    return not definition.choices and definition.low is not None and "contract" not in definition.name


ANY_PARAMETERS = st.fixed_dictionaries(
    {"furnace": st.sampled_from(MODEL.parameter("furnace").choices)},
    optional={
        one.name: _usual(one)
        for one in MODEL.parameters
        if _free(one) and set(one.defaults) in ({""}, set(MODEL.parameter("furnace").choices))
    },
)


def _possible(parameters: Mapping[str, float | str], *, check: bool) -> Footprint:
    """Calculate; usual values may still contradict each other, such as much tar out of little pitch with a high coking value."""
    try:
        return calculate_footprint(MODEL, parameters, check=check)
    except ParameterError as error:
        if "contradict each other" not in str(error):
            raise
        reject()


@given(parameters=ANY_PARAMETERS)
def test_parts_sum_to_the_total_and_brightway_agrees(parameters: Mapping[str, float | str]) -> None:
    found = _possible(parameters, check=True)

    total = found.total_kg_co2e
    for parts in (found.by_stage_kg_co2e, found.by_process_kg_co2e, found.by_activity_kg_co2e, found.by_gas_kg_co2e):
        assert math.fsum(parts.values()) == pytest.approx(total, rel=1e-12)
    for nested in (found.by_stage_and_flow_kg_co2e, found.by_process_and_flow_kg_co2e):
        assert math.fsum(value for flows in nested.values() for value in flows.values()) == pytest.approx(total, rel=1e-12)
    split = found.split_kg_co2e
    assert split.fossil + split.biogenic + split.land_use == pytest.approx(total, rel=1e-12)
    assert sum(found.electricity_kwh_by_process.values()) == pytest.approx(found.electricity_kwh, rel=1e-12)
    assert found.oracle_relative_difference is not None
    assert found.oracle_relative_difference <= 1e-12
    assert found.carbon_balance.closure is not None


@given(parameters=ANY_PARAMETERS, step=st.floats(0.01, 1.0))
def test_the_result_is_linear_in_the_electricity_factor(parameters: Mapping[str, float | str], step: float) -> None:
    base = dict(parameters) | {"electricity_kg_co2e_per_kwh": 0.2}
    for scope in ("graphitization", "carbonization"):
        base.pop(f"{scope}_electricity_kg_co2e_per_kwh", None)
    low = _possible(base, check=False)
    high = _possible(base | {"electricity_kg_co2e_per_kwh": 0.2 + step}, check=False)

    assert high.total_kg_co2e - low.total_kg_co2e == pytest.approx(step * low.electricity_kwh, rel=1e-9)


def test_parameters_that_contradict_each_other_are_an_error() -> None:
    with pytest.raises(
        ParameterError, match=r"P2_granulation_precarbonisation would take or emit -.* kg of CO2_fossil.*contradict"
    ):
        footprint(granulation_tar_kg_per_kg=0.2)


@pytest.mark.parametrize("factor", MODEL.factors.direct_co2.values(), ids=lambda factor: factor.flow)
def test_no_direct_co2_factor_can_be_used(factor: DirectCo2Factor) -> None:
    with pytest.raises(DirectCo2FactorError, match="A product footprint needs a life-cycle factor"):
        calculate_footprint(MODEL, electricity=factor)  # type: ignore[arg-type]
    with pytest.raises(DirectCo2FactorError):
        calculate_footprint(MODEL, {"electricity_kg_co2e_per_kwh": factor})  # type: ignore[dict-item]


def test_a_life_cycle_factor_may_be_given_as_the_electricity() -> None:
    coal = MODEL.factors.life_cycle["electricity_gen_coal"]

    found = calculate_footprint(MODEL, electricity=coal, check=False)

    assert found.electricity_view.status == "explicit"
    assert found.total_kg_co2e == pytest.approx(footprint(electricity_kg_co2e_per_kwh=0.924).total_kg_co2e)
