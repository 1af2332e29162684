from collections.abc import Mapping

import pytest

from lca_models.calculation import Footprint, calculate_footprint
from lca_models.explanations import Explanations, explain
from lca_models.explanations.attribution import GRID, OWN_PLANT, UNNAMED, Origin
from lca_models.model import load_model

MODEL = load_model()
BURNING_GAS = 2.16  # kg CO2e per Nm3: what `background_splits.csv` takes out of CPCD's 2.768 as burning


def footprint(parameters: Mapping[str, float | str] | None = None) -> Footprint:
    return calculate_footprint(MODEL, parameters, check=False)


def an_origin(parties: Mapping[str, float], *, primary: float = 0.0) -> Origin:
    return Origin(parties=parties, kinds={"primary": primary, "default": 1.0 - primary})


def explained(parameters: Mapping[str, float | str], origins: Mapping[str, Origin] | None = None) -> Explanations:
    return explain(MODEL, footprint(parameters), origins=origins)


def test_scope_2_is_the_electricity_of_the_own_plant() -> None:
    found = explained({})

    assert found.by_scope_kg_co2e["scope_2"] == pytest.approx(found.by_flow_kg_co2e["electricity_cn_grid"], rel=1e-12)


def test_scope_1_is_what_the_processes_emit_and_the_fuels_that_they_burn() -> None:
    found = explained({})

    emitted = found.by_flow_kg_co2e["CO2_fossil"] + found.by_flow_kg_co2e["CO_fossil"]
    burnt_gas = found.by_flow_kg_co2e["natural_gas"] * BURNING_GAS / 2.768
    burnt_diesel = found.by_flow_kg_co2e["diesel_burned"] * 3.159 / 3.81
    assert found.by_scope_kg_co2e["scope_1"] == pytest.approx(emitted + burnt_gas + burnt_diesel, rel=1e-5)


def test_the_gas_burnt_does_not_change_with_the_factor_of_its_supply() -> None:
    usual, other = explained({}), explained({"natural_gas_kg_co2e_per_nm3": 3.5})

    assert other.total_kg_co2e > usual.total_kg_co2e
    assert other.by_scope_kg_co2e["scope_1"] == pytest.approx(usual.by_scope_kg_co2e["scope_1"], rel=1e-6)


def test_toll_graphitization_moves_its_share_to_scope_3() -> None:
    own, half = explained({}), explained({"toll_share": 0.5, "toll_distance_km": 0.0})

    graphitization = own.tree.children[0].children[0]
    kwh = next(one.kg_co2e for one in graphitization.children if one.key == "electricity_cn_grid")
    assert half.total_kg_co2e == pytest.approx(own.total_kg_co2e, rel=1e-12)
    assert half.by_scope_kg_co2e["scope_2"] == pytest.approx(own.by_scope_kg_co2e["scope_2"] - kwh / 2, rel=1e-12)
    assert half.by_party_kg_co2e[UNNAMED] > own.by_party_kg_co2e[UNNAMED]


def test_electricity_belongs_to_those_behind_its_amount() -> None:
    # 10 kWh in the own furnace with 60 % of the powder, 15 in the toll plant with 40 %: 6 and 6 of 12 kWh, half each.
    origins = {"graphitization_electricity_kwh_per_kg": an_origin({OWN_PLANT: 0.5, "toll": 0.5}, primary=0.5)}
    found = explained({"toll_share": 0.4, "graphitization_electricity_kwh_per_kg": 12.0}, origins)

    graphitization = found.tree.children[0].children[0]
    kwh = next(one.kg_co2e for one in graphitization.children if one.key == "electricity_cn_grid")
    assert found.by_party_kg_co2e["toll"] == pytest.approx(kwh / 2, rel=1e-12)
    assert found.by_party_kg_co2e[GRID] == pytest.approx(found.by_flow_kg_co2e["electricity_cn_grid"] - kwh / 2, rel=1e-12)
    assert found.by_kind_kg_co2e["primary"] == pytest.approx(kwh / 2, rel=1e-12)


def test_a_supply_belongs_to_the_suppliers_behind_its_factor() -> None:
    # A gives 1.2 for 25 % and B 0.4 for 75 % of the coke: 0.3 of 0.6 each.
    origins = {"green_petroleum_coke_kg_co2e_per_kg": an_origin({"A": 0.5, "B": 0.5}, primary=1.0)}
    found = explained({"green_petroleum_coke_kg_co2e_per_kg": 0.6}, origins)

    coke = found.by_flow_kg_co2e["green_petroleum_coke"]
    assert (found.by_party_kg_co2e["A"], found.by_party_kg_co2e["B"]) == pytest.approx((coke / 2, coke / 2), rel=1e-12)
    assert found.by_kind_kg_co2e["primary"] == pytest.approx(coke, rel=1e-12)


def test_a_supply_that_the_maker_itself_describes_has_no_supplier() -> None:
    found = explained({}, {"green_petroleum_coke_kg_co2e_per_kg": an_origin({OWN_PLANT: 1.0})})

    assert set(found.by_party_kg_co2e) == {OWN_PLANT, GRID, UNNAMED}
