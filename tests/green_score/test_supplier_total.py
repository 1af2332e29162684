"""A supplier's score over its materials."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.green_score.scoring import MaterialScore, supplier_total

ROUNDING = 1e-9
shares = st.floats(0.0, 1.0)


@given(total=shares, other=shares, weight=st.floats(0, 1000), raised=shares)
def test_a_supplier_is_never_worse_for_a_better_material(total: float, other: float, weight: float, raised: float) -> None:
    before, after = (
        supplier_total([MaterialScore(total=one, benchmark_t_co2e=weight), MaterialScore(total=100 * other, benchmark_t_co2e=1.0)])
        for one in (100 * min(total, raised), 100 * max(total, raised))
    )

    assert before is not None
    assert after is not None
    assert before <= after + ROUNDING


def test_a_supplier_weighs_its_materials_by_tonnes_times_benchmark() -> None:
    # 1 000 t at 5 kg/kg weigh 5 000, 200 t at 0.5 weigh 100: (5 000 x 70 + 100 x 20) / 5 100
    powder = MaterialScore(total=70.0, benchmark_t_co2e=5000.0)
    film = MaterialScore(total=20.0, benchmark_t_co2e=100.0)

    assert supplier_total([powder, film]) == pytest.approx(352000 / 5100)
    assert supplier_total([]) is None
