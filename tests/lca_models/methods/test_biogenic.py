import pytest

from lca_models import load_model
from lca_models.calculation import calculate_footprint
from lca_models.methods.biogenic import CarbonContent, carbon_content, two_results, uptake_of

MODEL = load_model()
DEFAULT = calculate_footprint(MODEL, check=False)


def test_the_product_is_fossil_carbon_and_its_pallet_biogenic() -> None:
    found = carbon_content(MODEL, DEFAULT)

    assert (found.fossil, found.biogenic, found.recycled) == (1.0, 0.0, 0.0)
    assert found.packaging_biogenic == pytest.approx(0.02 * 0.446)  # 0.02 kg pallet
    assert found.oxidised_kg_co2 == pytest.approx(3.667, abs=5e-4)


def test_the_two_results_differ_by_what_the_pallet_took_up() -> None:
    found = two_results(DEFAULT, carbon_content(MODEL, DEFAULT))

    assert found.excluding_uptake == pytest.approx(12.4819, abs=1e-4)
    assert found.uptake == pytest.approx(uptake_of(0.02 * 0.446)) == pytest.approx(-0.02 * 0.446 * 44 / 12)
    assert found.including_uptake == pytest.approx(found.excluding_uptake + found.uptake)


def test_without_a_pallet_nothing_is_taken_up() -> None:
    bare = calculate_footprint(MODEL, {"pallet_kg_per_kg": 0.0}, check=False)
    found = two_results(bare, carbon_content(MODEL, bare))

    assert (found.uptake, found.including_uptake) == (0.0, bare.total_kg_co2e)


def test_parts_never_hold_the_uptake() -> None:
    assert sum(DEFAULT.by_stage_kg_co2e.values()) == pytest.approx(DEFAULT.total_kg_co2e, rel=1e-12)
    assert sum(DEFAULT.by_gas_kg_co2e.values()) == pytest.approx(DEFAULT.total_kg_co2e, rel=1e-12)


def test_biogenic_figures_are_due_above_three_percent_of_the_result_or_five_of_the_mass() -> None:
    # 0.03 x 12.48 = 0.374 kg CO2; the pallet takes up 1.635 kg CO2 per kg, so 0.25 kg of it passes the limit.
    heavy = calculate_footprint(MODEL, {"pallet_kg_per_kg": 0.25}, check=False)

    assert not two_results(DEFAULT, carbon_content(MODEL, DEFAULT)).is_due
    assert two_results(heavy, carbon_content(MODEL, heavy)).is_due
    wooden = CarbonContent(fossil=0.9, biogenic=0.06, recycled=0.0, packaging_biogenic=0.0, oxidised_kg_co2=3.5)
    assert two_results(DEFAULT, wooden).is_due


def test_recycled_feed_is_recycled_carbon() -> None:
    half = calculate_footprint(MODEL, {"recycled_graphite_share": 0.5}, check=False)

    # Half of the graphitized powder, of which 0.9998 kg go into 1 kg of product.
    assert carbon_content(MODEL, half).recycled == pytest.approx(0.5 * half.scaling["P3_graphitisation:acheson_crucible"])
