"""The alternatives of the route: what another allocation of packing coke, fines or petroleum coke does to the result."""

import numpy as np
import pytest

from lca_models import load_model
from lca_models.batch import calculate_batch
from lca_models.calculation import Footprint, calculate_footprint
from lca_models.errors import ParameterError

MODEL = load_model()
DEFAULT = calculate_footprint(MODEL, check=False)
# The furnace makes 0.9998 kg graphitized powder per kg of product.
POWDER = DEFAULT.scaling["P3_graphitisation:acheson_crucible"]
SOLD = 0.85 * 1.59


def footprint(**parameters: float | str) -> Footprint:
    return calculate_footprint(MODEL, parameters, check=True)


@pytest.mark.parametrize(
    ("parameters", "published"),
    [
        ({"packing_coke_allocation": "subdivision"}, 12.48),
        ({"packing_coke_allocation": "substitution"}, 12.48),
        ({"packing_coke_allocation": "economic"}, 12.51),
        ({"packing_coke_allocation": "economic", "graphitized_powder_price_cny_per_t": 12_000.0}, 11.80),
        ({"packing_coke_allocation": "mass"}, 9.13),
        ({"packing_coke_allocation": "none"}, 13.83),
        ({"green_petroleum_coke_kg_co2e_per_kg": "energy_allocation"}, 12.3),
        ({"green_petroleum_coke_kg_co2e_per_kg": "economic_allocation"}, 12.1),
    ],
)
def test_the_alternatives_of_the_method_table_are_reproduced(parameters: dict[str, float | str], published: float) -> None:
    decimals = len(str(published).partition(".")[2])

    assert round(footprint(**parameters).total_kg_co2e, decimals) == pytest.approx(published, abs=1e-9)


def test_without_allocation_the_anode_carries_the_packing_coke_that_is_sold() -> None:
    # 12.4819 + 0.9998 kg x 0.85 kg/kg x 1.59 kg CO2e/kg = 13.8331
    assert footprint(packing_coke_allocation="none").total_kg_co2e == pytest.approx(DEFAULT.total_kg_co2e + POWDER * SOLD)


@pytest.mark.parametrize(
    ("parameters", "share"),
    [
        ({"packing_coke_allocation": "mass"}, 1 / 1.85),
        ({"packing_coke_allocation": "economic"}, 20_000 / (20_000 + 0.85 * 3_500)),
        (
            {"packing_coke_allocation": "economic", "graphitized_packing_coke_price_cny_per_t": 0.0},
            1.0,
        ),
    ],
)
def test_a_key_shares_the_furnace_and_its_packing_coke_but_not_the_charge(parameters: dict[str, float | str], share: float) -> None:
    own = DEFAULT.by_process_kg_co2e["P3_graphitisation:acheson_crucible"]
    found = footprint(**parameters).by_process_kg_co2e

    assert found["P3_graphitisation:acheson_crucible"] == pytest.approx((own + POWDER * SOLD) * share)
    others = {name: kg for name, kg in DEFAULT.by_process_kg_co2e.items() if not name.startswith("P3")}
    assert {name: kg for name, kg in found.items() if not name.startswith("P3")} == pytest.approx(others)


def test_a_furnace_that_sells_nothing_carries_all_under_every_key() -> None:
    totals = {
        choice: footprint(furnace="continuous", packing_coke_allocation=choice).total_kg_co2e
        for choice in MODEL.parameter("packing_coke_allocation").choices
    }

    assert list(totals.values()) == pytest.approx([totals["subdivision"]] * len(totals), rel=1e-12)


def test_fines_share_milling_by_revenue() -> None:
    milling = DEFAULT.by_process_kg_co2e["P1_milling_shaping"]
    # 0.135 kg fines at 1500 beside 1 kg powder at 5000 yuan/t
    share = 5_000 / (5_000 + 0.135 * 1_500)

    assert footprint(fines_allocation="economic").total_kg_co2e == pytest.approx(DEFAULT.total_kg_co2e - milling * (1 - share))


def test_fines_that_replace_fuel_coke_give_a_credit() -> None:
    shaped = DEFAULT.scaling["P1_milling_shaping"]

    credited = footprint(fines_allocation="substitution").total_kg_co2e

    assert credited == pytest.approx(DEFAULT.total_kg_co2e - shaped * 0.135 * 0.40262)


def test_balances_are_physical_whatever_is_chosen() -> None:
    for choice in MODEL.parameter("packing_coke_allocation").choices:
        found = footprint(packing_coke_allocation=choice, fines_allocation="economic").carbon_balance
        assert found.closure == pytest.approx(DEFAULT.carbon_balance.closure, rel=1e-12)


def test_the_choice_is_recorded_with_the_parameters() -> None:
    assert DEFAULT.parameters["packing_coke_allocation"] == "subdivision"
    assert footprint(packing_coke_allocation="mass").parameters["packing_coke_allocation"] == "mass"


def test_prices_may_differ_from_draw_to_draw() -> None:
    prices = np.array([12_000.0, 20_000.0, 40_000.0])
    given = {"packing_coke_allocation": "economic", "graphitized_powder_price_cny_per_t": prices}

    batch = calculate_batch(MODEL, given).total_kg_co2e
    alone = [
        footprint(packing_coke_allocation="economic", graphitized_powder_price_cny_per_t=price).total_kg_co2e for price in prices
    ]

    assert batch == pytest.approx(alone, rel=1e-12)


def test_an_unknown_allocation_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ParameterError, match=r"packing_coke_allocation can't be “volume”\. Use one of: subdivision, substitution"):
        footprint(packing_coke_allocation="volume")


@pytest.mark.parametrize(
    ("choice", "prices"),
    [
        ("packing_coke_allocation", ("graphitized_powder_price_cny_per_t", "graphitized_packing_coke_price_cny_per_t")),
        ("fines_allocation", ("shaped_powder_price_cny_per_t", "coke_fines_price_cny_per_t")),
    ],
)
def test_without_any_price_revenue_is_no_key(choice: str, prices: tuple[str, str]) -> None:
    with pytest.raises(ParameterError, match=f"{prices[0]}: all outputs together earn nothing") as caught:
        footprint(**{choice: "economic", **dict.fromkeys(prices, 0.0)})
    assert caught.value.parameter == prices[0]
