import pytest

from lca_models import load_model
from lca_models.calculation import calculate_footprint
from lca_models.composition import read_composition
from lca_models.errors import TableError
from lca_models.mass import MassBalance, balance_masses

MODEL = load_model()


def balances(**parameters: float | str) -> dict[str, MassBalance]:
    footprint = calculate_footprint(MODEL, parameters, check=False)
    return {one.process: one for one in balance_masses(footprint.batch, MODEL.composition)}


@pytest.mark.parametrize("furnace", MODEL.parameter("furnace").choices)
def test_every_step_of_every_route_closes_within_three_percent(furnace: str) -> None:
    found = balances(furnace=furnace)

    assert [name[:2] for name in sorted(found)] == ["P1", "P2", "P3", "P4", "P5"]
    assert all(abs(one.closure - 1.0) < 0.03 for one in found.values())


def test_milling_by_hand() -> None:
    found = balances()["P1_milling_shaping"]

    # 1.14 kg coke in; 1 kg powder and 0.135 kg fines out; of 1.14 x 8.2 % that is not carbon, 1.135 x 8.2 % is still there.
    assert found.inputs_kg == pytest.approx(1.14)
    assert found.outputs_kg == pytest.approx(1.135)
    assert found.gases_kg == pytest.approx(0.005 * 0.082)


def test_granulation_by_hand() -> None:
    found = balances()["P2_granulation_precarbonisation"]

    assert found.inputs_kg == pytest.approx(1.026 + 0.080)
    assert found.outputs_kg == pytest.approx(1.0 + 0.010)  # granulate and tar
    # 0.165 kg CO2 hold 0.045 kg C; not carbon: 1.026 x 0.082 + 0.080 x 0.075 - 1.0 x 0.038 - 0.010 x 0.10
    assert found.gases_kg == pytest.approx(0.165 * 0.27273 + 0.084132 + 0.006 - 0.038 - 0.001, abs=1e-6)


def test_packing_coke_and_packaging_are_no_part_of_the_chain() -> None:
    base, more = balances(), balances(packing_coke_net_kg_per_kg=0.4, pallet_kg_per_kg=0.04)

    assert {name: one.closure for name, one in more.items()} == pytest.approx({name: one.closure for name, one in base.items()})


def test_lost_fines_open_the_balance_of_milling() -> None:
    found = balances(milling_fines_recovered_share=0.2)["P1_milling_shaping"]

    # 0.14 kg are lost, 0.028 kg are caught: 0.112 kg are missing, 8.2 % of which may leave as gas.
    assert found.closure == pytest.approx(1.0 - (0.112 * 0.918) / 1.14)


@pytest.mark.parametrize("choice", MODEL.parameter("packing_coke_allocation").choices)
def test_an_allocation_changes_no_balance(choice: str) -> None:
    found = balances(packing_coke_allocation=choice, fines_allocation="economic")

    assert {name: one.closure for name, one in found.items()} == pytest.approx(
        {name: one.closure for name, one in balances().items()}, rel=1e-12
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("coke,1.2,kg/kg,chain,fossil,expert,", "1.2 kg C per kg is not between 0 and 1"),
        ("coke,0.9,kg/kg,nowhere,fossil,expert,", "column balance: “nowhere” is not allowed"),
        ("coke,0.9,kg/kg,chain,atomic,expert,", "column origin: “atomic” is not allowed"),
    ],
)
def test_a_mistake_in_the_compositions_is_named(row: str, message: str) -> None:
    header = "flow,carbon,unit,balance,origin,source,note\n"

    with pytest.raises(TableError, match=message):
        read_composition((header + row).encode(), file="carbon_contents.csv", sources=["expert"])
