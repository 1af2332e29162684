"""A supplier's own footprint from its answers, by hand and by the model's own step."""

import pytest

from lca_models import load_model
from service.feedback.improvements import BY_FLOW, BY_PARAMETER, SHOWN, Effort, improvements, target_of
from service.feedback.own_footprint import location_total, own_footprint, process_total
from service.feedback.own_steps import NoOwnFootprintError, own_step
from tests.footprints.builders import TOLL_ANSWERS, accepted

MODEL = load_model()
NITROGEN: dict[str, float | str] = {
    "site_province": "CN-SX",
    "nitrogen_electricity": 0.4,
    "grid_electricity": 1000.0,
    "green_electricity": 500.0,
    "evidence_source": "metered",
}


def test_a_toll_plants_own_footprint_is_its_furnace_under_its_province() -> None:
    found = own_footprint(accepted(TOLL_ANSWERS), MODEL)

    # (12,350,000 + 285,000) kWh / 950 t = 13.3 kWh/kg x 0.7507 (Inner Mongolia) = 9.98431; coke 190 / 950 = 0.2 kg/kg x 1.59
    assert found.found.by_flow_kg_co2e["electricity_cn_grid"] == pytest.approx(9.98431)
    assert found.found.by_flow_kg_co2e["packing_coke_net"] == pytest.approx(0.318)
    assert "precarbonised_granulate" not in found.found.by_flow_kg_co2e
    assert found.low_kg_co2e < found.found.total_kg_co2e < found.high_kg_co2e


def test_green_power_counts_in_the_market_figure_at_the_factor_of_photovoltaics() -> None:
    found = own_footprint(accepted(TOLL_ANSWERS), MODEL)
    electricity = found.found.by_flow_kg_co2e["electricity_cn_grid"]

    # 6 of 30 GWh green: 13.3 x (0.2 x 0.0592 + 0.8 x 0.7082) = 7.6927
    assert found.own.green_share == 0.2
    assert found.market_kg_co2e == pytest.approx(found.found.total_kg_co2e - electricity + 7.692720, rel=1e-6)


def test_nitrogen_is_its_electricity_alone() -> None:
    found = own_footprint(accepted(NITROGEN, supplier_type="GAS"), MODEL)
    shanxi = MODEL.electricity.view("province:CN-SX").kg_co2e_per_kwh

    assert found.found.total_kg_co2e == pytest.approx(0.4 * shanxi)
    assert found.market_kg_co2e == pytest.approx(0.4 * (0.5 * 0.0592 + 0.5 * 0.7082))
    assert found.found.unit == "Nm3"


def test_calcined_coke_counts_feed_burn_off_and_what_the_build_adds() -> None:
    answers: dict[str, float | str] = {
        "coke_type": "petroleum_calcined",
        "calcination_yield": 80.0,
        "calcination_co2": 0.7,
        "evidence_source": "metered",
    }
    found = own_footprint(accepted(answers, supplier_type="COKE"), MODEL)

    # 1 / 0.8 kg green coke x 0.6; 0.7 kg CO2 metered
    assert found.found.by_flow_kg_co2e["green_petroleum_coke"] == pytest.approx(0.75)
    assert found.found.by_flow_kg_co2e["CO2_fossil"] == pytest.approx(0.7)


def test_machining_loss_is_carried_by_what_is_left() -> None:
    block: dict[str, float | str] = {"crucible_material": "graphite", "block_electricity": 3000.0, "block_gas": 80.0}
    whole = own_footprint(accepted(block, supplier_type="CRUCIBLE"), MODEL)
    machined = own_footprint(accepted({**block, "machining_loss": 20.0}, supplier_type="CRUCIBLE"), MODEL)

    assert machined.found.total_kg_co2e == pytest.approx(whole.found.total_kg_co2e / 0.8)


def test_pitch_takes_the_fuel_heat_instead_of_the_builds_own_gas() -> None:
    answers: dict[str, float | str] = {"pitch_type": "coal_tar", "distillation_fuel": 2.9, "electricity_per_t": 60.0}
    found = own_footprint(accepted(answers, supplier_type="PITCH"), MODEL)

    # 2.9 GJ/t = 2.9 MJ/kg x 0.0711 kg/MJ
    assert found.found.by_flow_kg_co2e["heat_natural_gas"] == pytest.approx(2.9 * 0.0711)
    assert "natural_gas" not in found.found.by_flow_kg_co2e


@pytest.mark.parametrize("supplier_type", ["MAKER", "RESIN", "PACKAGING", "LOGISTICS", "EQUIPMENT", "RECYCLED", "WASTE"])
def test_what_the_model_has_no_process_for_is_said_plainly(supplier_type: str) -> None:
    with pytest.raises(NoOwnFootprintError, match="no process of its own"):
        own_footprint(accepted({}, supplier_type=supplier_type), MODEL)


def test_green_coke_is_another_material_than_the_model_knows() -> None:
    with pytest.raises(NoOwnFootprintError, match="not this kind of material"):
        own_footprint(accepted({"coke_type": "petroleum_green"}, supplier_type="COKE"), MODEL)


def test_missing_answers_are_named() -> None:
    answers = {key: value for key, value in TOLL_ANSWERS.items() if key != "furnace_electricity"}

    with pytest.raises(NoOwnFootprintError) as refusal:
        own_footprint(accepted(answers), MODEL)

    assert refusal.value.missing == ("furnace_electricity",)


def test_what_the_model_can_not_calculate_with_is_refused_in_words() -> None:
    with pytest.raises(NoOwnFootprintError, match="outside what the model"):
        own_footprint(accepted({**TOLL_ANSWERS, "furnace_electricity": 1e12}), MODEL)


def test_comparisons_leave_out_where_a_plant_stands() -> None:
    here, there = (accepted({**TOLL_ANSWERS, "site_province": place}) for place in ("CN-NM", "CN-SC"))

    assert process_total(here, MODEL) == process_total(there, MODEL)
    assert location_total(here, MODEL) > location_total(there, MODEL)


def test_improvements_begin_with_what_needs_no_investment_and_save_what_the_engine_says() -> None:
    own = own_footprint(accepted(TOLL_ANSWERS), MODEL)
    first, second, third = improvements(own, MODEL)

    # 13.3 is above the usual 13.0 kWh/kg of the furnace: 0.3 x 0.7507. Coke 0.2 lies below the usual 0.25, half way to 0.15.
    assert (first.present, first.target) == (13.3, 13.0)
    assert first.saved_kg_co2e == pytest.approx(0.3 * 0.7507)
    assert (second.present, second.target) == pytest.approx((0.2, 0.175))
    assert [one.advice.effort for one in (first, second, third)] == [Effort.OPERATION, Effort.OPERATION, Effort.CONTRACT]
    # The other 80 % of 13.3 kWh from the residual mix to photovoltaics.
    assert third.saved_kg_co2e == pytest.approx(13.3 * 0.8 * (0.7082 - 0.0592))


def test_a_wasteful_old_furnace_is_told_of_another_type_if_nothing_cheaper_is_left() -> None:
    best: dict[str, float | str] = {
        **TOLL_ANSWERS,
        "furnace_electricity": 9_215_000.0,
        "packing_coke_net": 142.5,
        "green_electricity": 30_000_000.0,
    }
    own = own_footprint(accepted(best), MODEL)

    found = improvements(own, MODEL)

    assert [one.advice.effort for one in found] == [Effort.EQUIPMENT]
    assert found[0].furnace == "continuous"
    assert found[0].saved_kg_co2e > 0


@pytest.mark.parametrize(
    ("present", "target"),
    [(15.0, 13.0), (13.1, 11.55), (13.0, 11.5), (11.0, 10.5), (10.0, None), (9.0, None)],
)
def test_targets_are_the_usual_figure_and_then_half_the_way_to_the_best(present: float, target: float | None) -> None:
    assert target_of(present, usual=13.0, low=10.0) == (None if target is None else pytest.approx(target))


def test_every_figure_that_advice_is_for_exists_in_the_model() -> None:
    flows = {one.flow for build in MODEL.builds.values() for one in build.exchanges} | set(MODEL.factors.life_cycle)

    assert set(BY_PARAMETER) <= set(MODEL.definitions)
    assert set(BY_FLOW) <= flows
    assert SHOWN == 3


def test_green_power_is_a_share_of_what_was_bought_and_never_more_than_all() -> None:
    assert own_step(accepted({**TOLL_ANSWERS, "green_electricity": 60_000_000.0}), MODEL).green_share == 1.0
    assert (
        own_step(accepted({key: value for key, value in TOLL_ANSWERS.items() if key != "green_electricity"}), MODEL).green_share
        == 0
    )
