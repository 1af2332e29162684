import math

import pytest

from lca_models import load_model
from lca_models.builds import calculate_build
from lca_models.calculation import calculate_footprint
from lca_models.errors import ParameterError

MODEL = load_model()


def test_calcined_coke_without_answers_is_near_its_factor() -> None:
    """1.346 x 0.60 + 0.04277 x 0.0924 + 0.03965 x 1.3039 + 0.00206 x 1.2 + 0.98833 x 0.00031 + 0.72338."""
    built = calculate_build(MODEL, "U1_calcined_petroleum_coke", {})

    by_hand = 1.346 * 0.60 + 0.04277 * 0.0924 + 0.03965 * 1.3039 + 0.00206 * 1.2 + 0.98833 * 0.00031 + 0.72338
    assert built.kg_co2e_per_unit == pytest.approx(by_hand, rel=1e-12)
    assert built.kg_co2e_per_unit == pytest.approx(1.59, abs=0.01)
    assert built.given_share == 0.0
    assert (built.product, built.unit) == ("calcined_petroleum_coke", "kg")


def test_a_calciners_yield_and_co2_replace_the_published_ones() -> None:
    """Yield 80 % takes 1.25 kg green coke; 0.55 kg CO2; 40 kWh/t are added."""
    answers = {"green_petroleum_coke": 1.25, "CO2_fossil": 0.55, "electricity_cn_grid": 0.04}

    built = calculate_build(MODEL, "U1_calcined_petroleum_coke", answers)

    kept = 0.04277 * 0.0924 + 0.03965 * 1.3039 + 0.00206 * 1.2 + 0.98833 * 0.00031
    given = 1.25 * 0.60 + 0.55 + 0.04 * 0.5777
    assert built.kg_co2e_per_unit == pytest.approx(kept + given, rel=1e-12)
    assert built.given_share == pytest.approx(given / (kept + given), rel=1e-12)


def test_nitrogen_is_its_electricity_under_the_suppliers_view() -> None:
    built = calculate_build(MODEL, "U5_nitrogen_on_site", {"electricity_cn_grid": 0.25}, factors={"electricity_cn_grid": 0.7507})

    assert built.kg_co2e_per_unit == pytest.approx(0.25 * 0.7507)
    assert built.unit == "Nm3"
    assert built.given_share == 1.0


def test_the_alternatives_swapped_all_through_the_crucible_give_11_94() -> None:
    """Coke 0.403, packing coke 0.84, pitch 0.6, and the crucible rebuilt with them."""
    swapped = {"green_petroleum_coke": 0.403, "calcined_petroleum_coke": 0.84, "coal_tar_pitch": 0.6}
    crucible = calculate_build(MODEL, "U3_graphite_crucible_block", {}, factors=swapped).kg_co2e_per_unit

    found = calculate_footprint(
        MODEL,
        {
            "green_petroleum_coke_kg_co2e_per_kg": 0.403,
            "packing_coke_kg_co2e_per_kg": 0.84,
            "coal_tar_pitch_kg_co2e_per_kg": 0.6,
            "graphite_crucible_kg_co2e_per_kg": crucible,
        },
    )

    assert found.total_kg_co2e == pytest.approx(11.94, abs=0.005)


@pytest.mark.parametrize("build", MODEL.builds)
def test_every_build_lies_near_the_factor_it_may_replace(build: str) -> None:
    built = calculate_build(MODEL, build, {})

    assert built.kg_co2e_per_unit == pytest.approx(
        MODEL.factors.life_cycle[built.product].value, rel=0.35 if "U4" in build else 0.15, abs=0.1
    )


@pytest.mark.parametrize(
    ("build", "amounts", "message"),
    [
        ("U9", {}, "no build “U9”. Use one of: U1_calcined"),
        ("U4_coal_tar_pitch", {"steam": 1.0}, "U4_coal_tar_pitch has no flow “steam” and there is no life-cycle factor"),
        ("U4_coal_tar_pitch", {"CO2_fossil": -0.1}, "CO2_fossil = -0.1 in U4_coal_tar_pitch must be a finite amount"),
        ("U4_coal_tar_pitch", {"CO2_fossil": math.nan}, "CO2_fossil = nan in U4_coal_tar_pitch must be a finite amount"),
    ],
)
def test_an_answer_that_fits_nowhere_is_an_error(build: str, amounts: dict[str, float], message: str) -> None:
    with pytest.raises(ParameterError, match=message):
        calculate_build(MODEL, build, amounts)


def test_an_unknown_factor_is_an_error() -> None:
    with pytest.raises(ParameterError, match="no life-cycle factor “electricity_co2_山东” to replace"):
        calculate_build(MODEL, "U4_coal_tar_pitch", {}, factors={"electricity_co2_山东": 0.6})
