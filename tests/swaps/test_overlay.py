"""Swapping suppliers as an overlay equals building the product anew with these suppliers."""

import itertools
import uuid
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lca_models.calculation import calculate_footprint
from service.swaps.evaluation import evaluate
from service.swaps.overlay import Combination, Mix, choices_of, halves, key_of, overlays_of, whole
from tests.swaps.builders import (
    CANDIDATES,
    COKE_A,
    COKE_B,
    COKE_SILENT,
    GAS_B,
    PACKING_B,
    PITCH_B,
    TODAY,
    TOLL_A,
    TOLL_B,
    TOLL_SILENT,
    a_workbench,
)

BENCH = a_workbench()
OVERLAYS = overlays_of(BENCH)


def rebuilt_kg_co2e_per_kg(combination: Combination) -> float:
    """The footprint of a product whose suppliers are these, from their answers on, checked by Brightway."""
    parameters, _ = BENCH.rebuild(combination)
    return calculate_footprint(BENCH.model, parameters).total_kg_co2e


def percentages(suppliers: tuple[uuid.UUID, ...]) -> st.SearchStrategy[Mix]:
    """Mixes in whole percent."""
    first = st.integers(0, 100)
    if len(suppliers) == 1:
        return st.just(whole(suppliers[0]))
    return first.map(lambda percent: {suppliers[0]: percent / 100, suppliers[-1]: 1 - percent / 100})


COMBINATIONS = st.fixed_dictionaries({}, optional={flow: percentages(those) for flow, those in CANDIDATES.items()})


@settings(max_examples=12)
@given(combination=COMBINATIONS)
def test_a_combination_equals_a_full_rebuild(combination: Mapping[str, Mix]) -> None:
    found = evaluate(OVERLAYS, [combination]).kg_co2e_per_kg[0]

    assert found == pytest.approx(rebuilt_kg_co2e_per_kg(combination), rel=1e-9)


def test_every_combination_of_candidates_equals_its_own_rebuild() -> None:
    every = [dict(zip(CANDIDATES, map(whole, suppliers), strict=True)) for suppliers in itertools.product(*CANDIDATES.values())]

    found = evaluate(OVERLAYS, every)

    assert len(every) == 3 * 3 * 2 * 2 * 2 * 2
    some = every[::12]
    assert found.kg_co2e_per_kg[::12] == pytest.approx([rebuilt_kg_co2e_per_kg(one) for one in some], rel=1e-9)


def test_what_stands_together_in_a_batch_does_not_change_a_result() -> None:
    one, other = {"coal_tar_pitch": whole(PITCH_B)}, {"graphitised_powder": whole(TOLL_B), "nitrogen": whole(GAS_B)}

    together = evaluate(OVERLAYS, [one, other, {}]).kg_co2e_per_kg

    assert together.tolist() == [evaluate(OVERLAYS, [single]).kg_co2e_per_kg[0] for single in (one, other, {})]


def test_today_is_the_product_as_it_is() -> None:
    assert evaluate(OVERLAYS, [{}, TODAY]).kg_co2e_per_kg == pytest.approx([rebuilt_kg_co2e_per_kg({})] * 2, rel=1e-12)


def test_a_supplier_without_answers_counts_with_its_stand_in() -> None:
    silent = evaluate(OVERLAYS, [{"green_petroleum_coke": whole(COKE_SILENT)}, {"green_petroleum_coke": whole(COKE_A)}])

    coke = silent.kg_per_kg["green_petroleum_coke"][0]
    # 1.2 kg CO2e per kg is the stand-in, 500 kg per t what COKE_A answered; the way of the coke is the haulier's answer.
    assert silent.kg_co2e_per_kg[0] - silent.kg_co2e_per_kg[1] == pytest.approx(coke * (1.2 - 0.5), rel=1e-9)


def test_a_silent_toll_plant_never_beats_one_that_answers() -> None:
    plants = [{"graphitised_powder": whole(plant)} for plant in (TOLL_A, TOLL_B, TOLL_SILENT)]

    assert np.argmax(evaluate(OVERLAYS, plants).kg_co2e_per_kg) == 2


def test_shares_of_a_supplier_count_as_its_part() -> None:
    """Factors mix linearly, so that half and half lies in the middle."""
    mixes = [{"coal_tar_pitch": mix} for mix in ({**TODAY["coal_tar_pitch"]}, whole(PITCH_B))]
    first, second = evaluate(OVERLAYS, mixes).kg_co2e_per_kg
    both = [*TODAY["coal_tar_pitch"], PITCH_B]

    middle = evaluate(OVERLAYS, [{"coal_tar_pitch": halves(both)}]).kg_co2e_per_kg[0]

    assert middle == pytest.approx((first + second) / 2, rel=1e-12)


def test_the_amounts_are_those_of_the_solved_product() -> None:
    found = evaluate(OVERLAYS, [{}]).kg_per_kg
    parameters, _ = BENCH.rebuild({})
    footprint = calculate_footprint(BENCH.model, parameters)
    levels = footprint.scaling

    assert found["graphitised_powder"][0] == pytest.approx(levels["P3_graphitisation:acheson_crucible"])  # all of it by toll plants
    pitch = levels["P2_granulation_precarbonisation"] * float(footprint.parameters["granulation_pitch_kg_per_kg"]) + levels[
        "P4_coating_carbonisation"
    ] * float(footprint.parameters["coating_pitch_kg_per_kg"])
    assert found["coal_tar_pitch"][0] == pytest.approx(pitch)
    nitrogen_nm3 = levels["P2_granulation_precarbonisation"] * float(
        footprint.parameters["granulation_nitrogen_nm3_per_kg"]
    ) + levels["P4_coating_carbonisation"] * float(footprint.parameters["carbonization_nitrogen_nm3_per_kg"])
    assert found["nitrogen"][0] == pytest.approx(nitrogen_nm3 * 28.0134 / 22.414, rel=1e-5)
    assert "truck_diesel_heavy" not in found  # bought by the tonne-kilometre


def test_a_part_of_the_work_by_toll_plants_is_bought_in_part() -> None:
    half = overlays_of(a_workbench(toll_share=0.5))

    found = evaluate(half, [{}]).kg_per_kg["graphitised_powder"][0]

    parameters, _ = half.workbench.rebuild({})
    made = calculate_footprint(half.workbench.model, parameters).scaling["P3_graphitisation:acheson_crucible"]
    assert found == pytest.approx(0.5 * made)


def test_inputs_that_set_the_same_parameters_stay_together() -> None:
    combination = {
        "packing_coke_net": whole(PACKING_B),
        "coal_tar_pitch": whole(PITCH_B),
        "graphitised_powder": whole(TOLL_B),
        "green_petroleum_coke": whole(COKE_B),
    }

    assert sorted(sorted(choice) for choice in choices_of(combination)) == [
        ["coal_tar_pitch"],
        ["graphitised_powder", "packing_coke_net"],
        ["green_petroleum_coke"],
    ]


def test_a_share_of_nothing_is_no_other_choice() -> None:
    assert key_of({"nitrogen": {GAS_B: 1.0, PITCH_B: 0.0}}) == key_of({"nitrogen": whole(GAS_B)})
