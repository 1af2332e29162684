"""CO2 of the process: the standard's test vector and balances worked by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.company_inventory.process_equations import (
    baking_t_co2,
    calcining_t_co2,
    desulphurising_t_co2,
    fumes_t_co2,
    graphitising_t_co2,
)


def test_graphitising_gives_the_vector_of_the_standard() -> None:
    # [10·0.005 + 100·0.007 − (0.05 + 95·0.006)]·44/12 + 10·0.10·0.35·44/16 = 0.13·44/12 + 0.35·44/16 = 0.476667 + 0.9625
    result = graphitising_t_co2(
        packing_t=10,
        packing_carbon=0.005,
        packing_volatiles=0.10,
        charge_t=100,
        charge_carbon=0.007,
        carbon_out_t=0.05,
        product_t=95,
        product_carbon=0.006,
    )
    assert result == pytest.approx(1.439167, abs=1e-6)


def test_calcining_counts_lost_carbon_and_volatiles_burnt() -> None:
    # carbon: 100·0.88 − (78 + 1 + 1)·0.98 = 9.6 t -> 35.2; volatiles: (100·0.10 − 78·0.005)·0.35·2.75 = 9.249625
    result = calcining_t_co2(
        feed_t=100,
        feed_carbon=0.88,
        feed_volatiles=0.10,
        product_t=78,
        product_carbon=0.98,
        product_volatiles=0.005,
        underburnt_t=1,
        dust_t=1,
    )
    assert result == pytest.approx(35.2 + 9.249625)


def test_baking_counts_packing_and_green_product() -> None:
    # carbon: 5·0.9 + 100·0.85 − (0.5 + 90·0.97) = 1.7 t -> 6.233333; volatiles: (5·0.02 + 100·0.08)·0.35·2.75 = 7.79625
    result = baking_t_co2(
        packing_t=5,
        packing_carbon=0.9,
        packing_volatiles=0.02,
        green_t=100,
        green_carbon=0.85,
        green_volatiles=0.08,
        carbon_out_t=0.5,
        product_t=90,
        product_carbon=0.97,
    )
    assert result == pytest.approx(1.7 * 44 / 12 + 7.79625)


def test_limestone_and_tar_by_hand() -> None:
    assert desulphurising_t_co2(agent_t=100) == pytest.approx(100 * 0.9 * 0.44)
    assert fumes_t_co2(tar_t=3, tar_carbon=0.9) == pytest.approx(9.9)


@given(charge=st.floats(0, 1e5), carbon=st.floats(0.5, 1))
def test_graphitising_without_loss_and_packing_emits_nothing(charge: float, carbon: float) -> None:
    result = graphitising_t_co2(
        packing_t=0,
        packing_carbon=0.9,
        packing_volatiles=0.1,
        charge_t=charge,
        charge_carbon=carbon,
        carbon_out_t=0,
        product_t=charge,
        product_carbon=carbon,
    )
    assert result == pytest.approx(0, abs=1e-6)
