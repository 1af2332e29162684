from lca_models import load_model
from lca_models.calculation import calculate_footprint
from lca_models.methods.allocation import Procedure
from lca_models.methods.decisions import RecordedDecision, recorded_decisions

MODEL = load_model()


def decisions(**parameters: float | str) -> dict[str, RecordedDecision]:
    values = calculate_footprint(MODEL, parameters, check=False).parameters
    return {one.case.case: one for one in recorded_decisions(MODEL.allocation_cases, MODEL.definitions, values)}


def test_the_rules_recommend_what_the_model_does_by_default() -> None:
    found = decisions()

    assert {name: one.recommended.procedure for name, one in found.items()} == {
        "packing_coke": Procedure.SUBDIVISION,
        "fines": Procedure.CUT_OFF,
        "rejects": Procedure.CUT_OFF,
        "tar": Procedure.WASTE,
        "petroleum_coke": Procedure.MASS,
        "coal_tar_pitch": Procedure.MASS,
    }
    assert all(one.is_default for one in found.values())


def test_the_ratio_of_prices_is_recorded() -> None:
    assert decisions()["packing_coke"].recommended.value_ratio == 20_000 / 3_500
    assert decisions(graphitized_powder_price_cny_per_t=12_000.0)["packing_coke"].recommended.value_ratio == 12_000 / 3_500


def test_a_choice_is_recorded_with_what_could_be_chosen_instead() -> None:
    chosen = decisions(packing_coke_allocation="mass", green_petroleum_coke_kg_co2e_per_kg="energy_allocation")

    assert (chosen["packing_coke"].chosen, chosen["packing_coke"].is_default) == ("mass", False)
    assert "subdivision" in chosen["packing_coke"].choices
    assert (chosen["petroleum_coke"].chosen, chosen["petroleum_coke"].is_default) == ("energy_allocation", False)
    assert "economic_allocation" in chosen["petroleum_coke"].choices


def test_a_factor_of_somebody_elses_is_no_named_choice() -> None:
    found = decisions(green_petroleum_coke_kg_co2e_per_kg=0.55)["petroleum_coke"]

    assert (found.chosen, found.is_default) == ("", False)
