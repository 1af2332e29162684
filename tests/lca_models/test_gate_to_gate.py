from datetime import date

import numpy as np
import pytest

from lca_models import load_model
from lca_models.builds import calculate_build
from lca_models.gate_to_gate import BuildStep, ChainStep, Step
from lca_models.uncertainty.sampling import Design

MODEL = load_model()
PERIOD_END = date(2025, 12, 31)
DESIGN = Design(draws=500, seed=1)
GIVEN: dict[str, float | str] = {
    "furnace": "acheson_crucible",
    "graphitization_electricity_kwh_per_kg": 13.3,
    "packing_coke_net_kg_per_kg": 0.2,
}
METERED = {"graphitization_electricity_kwh_per_kg": "metered", "packing_coke_net_kg_per_kg": "metered"}
FURNACE = ChainStep(process="P3_graphitisation:acheson_crucible", given=GIVEN, evidence=METERED)
CALCINER = BuildStep(
    build="U1_calcined_petroleum_coke",
    amounts={"green_petroleum_coke": 1.3, "CO2_fossil": 0.7},
    evidence={"green_petroleum_coke": "billed", "CO2_fossil": "metered"},
)


def test_toll_work_counts_what_the_furnace_takes_and_emits_but_not_the_material_brought_to_it() -> None:
    found = FURNACE.calculate(MODEL, "national", reference_end=PERIOD_END, design=DESIGN)

    # 13.3 kWh x 0.5777; 0.2 kg coke x 1.59; burnt coke 0.2 x 0.8 oxidised x 0.98 carbon x 44/12, and 0.05 from the charge;
    # crucible 0.06 kg x 3.03; CO 0.0197 kg x 1.571; water 2 kg x 0.00031.
    assert found.by_flow_kg_co2e == pytest.approx(
        {
            "electricity_cn_grid": 7.68341,
            "CO2_fossil": 0.576 + 0.05,
            "packing_coke_net": 0.318,
            "graphite_crucible": 0.1818,
            "CO_fossil": 0.0309487,
            "tap_water": 0.00062,
        },
        rel=0.003,
    )
    assert found.product == "graphitised_powder"
    assert found.total_kg_co2e == pytest.approx(sum(found.by_flow_kg_co2e.values()))


def test_one_kwh_more_costs_the_factor_of_the_view() -> None:
    more = ChainStep(process=FURNACE.process, given={**GIVEN, "graphitization_electricity_kwh_per_kg": 14.3}, evidence=METERED)
    inner_mongolia = MODEL.electricity.view("province:CN-NM")

    difference = more.total_kg_co2e(MODEL, inner_mongolia) - FURNACE.total_kg_co2e(MODEL, inner_mongolia)

    assert difference == pytest.approx(inner_mongolia.kg_co2e_per_kwh)


def test_green_power_counts_under_the_market_view_only() -> None:
    green = ChainStep(process=FURNACE.process, given={**GIVEN, "graphitization_contract_solar_pv_share": 1.0}, evidence=METERED)

    # 13.3 kWh x (0.7082 residual - 0.0592 photovoltaics over the grid) = 8.63
    assert FURNACE.total_kg_co2e(MODEL, "market") - green.total_kg_co2e(MODEL, "market") == pytest.approx(8.6317)
    assert green.total_kg_co2e(MODEL, "national") == pytest.approx(FURNACE.total_kg_co2e(MODEL, "national"))


def test_a_build_has_the_factor_of_the_shipped_calculation() -> None:
    inner_mongolia = MODEL.electricity.view("province:CN-NM")
    expected = calculate_build(
        MODEL, CALCINER.build, CALCINER.amounts, factors={"electricity_cn_grid": inner_mongolia.kg_co2e_per_kwh}
    )

    found = CALCINER.calculate(MODEL, inner_mongolia, reference_end=PERIOD_END, design=DESIGN)

    assert found.total_kg_co2e == pytest.approx(expected.kg_co2e_per_unit)
    assert found.given_share == pytest.approx(expected.given_share)


def test_what_is_left_after_machining_carries_all() -> None:
    block = BuildStep(build="U3_graphite_crucible_block", amounts={"electricity_cn_grid": 3.0}, evidence={})
    machined = BuildStep(build=block.build, amounts=block.amounts, evidence={}, kept_share=0.8)

    assert machined.total_kg_co2e(MODEL, "national") == pytest.approx(block.total_kg_co2e(MODEL, "national") / 0.8)


@pytest.mark.parametrize("step", [FURNACE, CALCINER])
def test_draws_lie_around_the_figure_and_are_the_same_each_time(step: Step) -> None:
    first = step.calculate(MODEL, "province:CN-NM", reference_end=PERIOD_END, design=DESIGN)
    again = step.calculate(MODEL, "province:CN-NM", reference_end=PERIOD_END, design=DESIGN)

    assert first.percentile(5) < first.total_kg_co2e < first.percentile(95)
    assert np.array_equal(first.draws_kg_co2e, again.draws_kg_co2e)
    assert step.total_kg_co2e(MODEL, "province:CN-NM") == pytest.approx(first.total_kg_co2e)


def test_metered_electricity_makes_the_figure_surer_than_an_estimate() -> None:
    estimated = ChainStep(process=FURNACE.process, given=GIVEN, evidence={})
    sure, unsure = (one.calculate(MODEL, "national", reference_end=PERIOD_END, design=DESIGN) for one in (FURNACE, estimated))

    assert sure.draws_kg_co2e.std() < unsure.draws_kg_co2e.std()
    assert unsure.primary_data_share == 0.0


def test_only_measured_emissions_are_primary_because_factors_of_supplies_never_are() -> None:
    found = CALCINER.calculate(MODEL, "national", reference_end=PERIOD_END, design=DESIGN)

    assert found.primary_data_share == pytest.approx(0.7 / found.total_kg_co2e)
