from dataclasses import replace

import pytest

from lca_models import load_model
from lca_models.calculation import Footprint, calculate_footprint
from lca_models.guard import find_obstacles, memory_shares
from lca_models.methods.exemption import Exemption
from lca_models.model import Model, read_model, shipped_tables

MODEL = load_model()
DEFAULT = calculate_footprint(MODEL)


def changed(file: str, old: str, new: str) -> Model:
    """Return the shipped model with one text replaced."""
    tables = dict(shipped_tables())
    text = tables[file].decode()
    assert old in text
    return read_model({**tables, file: text.replace(old, new, 1).encode()}, version="test")


def obstacles(model: Model, footprint: Footprint | None = None) -> list[str]:
    return [str(one) for one in find_obstacles(model, footprint)]


def test_nothing_stands_in_the_way_of_the_shipped_model() -> None:
    assert obstacles(MODEL) == []
    assert obstacles(MODEL, DEFAULT) == []


def test_the_whole_chain_has_the_carbon_of_the_published_balance() -> None:
    balance = DEFAULT.carbon_balance

    assert sum(balance.inputs_kg_c.values()) == pytest.approx(1.233, abs=5e-4)
    assert sum(balance.outputs_kg_c.values()) == pytest.approx(1.232, abs=1e-3)


def test_factors_from_memory_above_five_percent_are_refused_by_name_and_share() -> None:
    doubted = changed(
        "upstream_factors.csv",
        '(DESNZ 2025 WTT, fuel petcoke, see alternatives.csv) lowers the default PCF from 12.48 to 12.16",medium',
        '",memory',
    )
    footprint = calculate_footprint(doubted)
    share = footprint.by_activity_kg_co2e["green_petroleum_coke"] / footprint.total_kg_co2e

    assert memory_shares(MODEL, DEFAULT) == {}
    assert memory_shares(doubted, footprint) == {"green_petroleum_coke_kg_co2e_per_kg": pytest.approx(share)}
    # 1.2278 kg x 0.60 / 12.4819 = 5.90 %
    (found,) = obstacles(doubted, footprint)
    assert found == (
        "Emission factors from memory make 5.9 % of the result, more than 5 %: green_petroleum_coke_kg_co2e_per_kg 5.9 %. "
        "Replace them by a supplier's data or a published source."
    )


def test_a_factor_from_memory_may_make_less_than_five_percent() -> None:
    model = changed("upstream_factors.csv", 'default between",low', 'default between",memory')
    footprint = calculate_footprint(model)

    # Pitch: 0.1144 kg x 1.20 / 12.4819 = 1.1 %
    assert 0.0 < sum(memory_shares(model, footprint).values()) < 0.05
    assert obstacles(model, footprint) == []


def test_a_factor_that_somebody_gave_is_not_from_memory() -> None:
    model = changed("upstream_factors.csv", 'default between",low', 'default between",memory')
    footprint = calculate_footprint(model, {"coal_tar_pitch_kg_co2e_per_kg": 1.1, "coating_pitch_kg_co2e_per_kg": 1.1})

    assert memory_shares(model, footprint) == {}


def test_an_open_carbon_balance_is_refused_with_its_figures() -> None:
    footprint = calculate_footprint(MODEL, {"granulation_forming_carbon_kg_per_kg": 1.1})

    assert any(one.startswith("The carbon balance of the chain is open: 1.4") for one in obstacles(MODEL, footprint))


def test_an_open_mass_balance_names_its_process() -> None:
    footprint = calculate_footprint(MODEL, {"milling_fines_recovered_share": 0.2})

    # 0.112 kg of 1.14 kg are missing, of which 8.2 % may be gas: 9.02 %
    (found,) = (one for one in obstacles(MODEL, footprint) if "mass balance" in one)
    assert found == (
        "The mass balance of P1_milling_shaping is open: 1.140 kg in, 1.037 kg out per kg of its product, "
        "9.02 % apart (limit 5 %). Check its yield and its by-products."
    )


def test_an_emission_that_nothing_characterises_is_refused() -> None:
    model = changed("unit_processes.csv", "P1_milling_shaping,PM10,emission_air", "P1_milling_shaping,C7F16,emission_air")

    (found,) = obstacles(model)

    assert "C7F16 in P1_milling_shaping" in found


def test_a_result_that_brightway_has_not_checked_is_refused() -> None:
    unchecked = calculate_footprint(MODEL, check=False)

    assert obstacles(MODEL, unchecked) == ["Brightway has not checked this result. Calculate it with the check."]


def test_flows_left_out_above_three_percent_are_refused() -> None:
    ledger = [replace(one, share_of_total=0.04, kg_co2e_per_kg=None) for one in list(MODEL.exemptions.values())[:1]]

    (found,) = find_obstacles(MODEL, DEFAULT, exemptions=ledger)

    assert str(found).startswith("Flows left out make 4.00 % of the result, more than 3 %")
    assert isinstance(ledger[0], Exemption)


def test_all_obstacles_are_listed_at_once() -> None:
    footprint = calculate_footprint(MODEL, {"milling_fines_recovered_share": 0.0}, check=False)

    assert len(obstacles(MODEL, footprint)) == 3  # carbon, mass of milling, unchecked
