from datetime import date

import pytest

from lca_models import load_model
from lca_models.calculation import calculate_footprint
from lca_models.methods.data_quality import DeliveredPart, rate_contributions
from lca_models.methods.ratings import Rated, Rating, data_quality, primary_data_share

MODEL = load_model()
FOOTPRINT = calculate_footprint(MODEL, check=False)
END = date(2025, 12, 31)
BEST = Rating(technology=1.0, geography=1.0, time=1.0)
KWH = "graphitization_electricity_kwh_per_kg"
FACTOR = "graphitization_electricity_kg_co2e_per_kwh"


def part(weight: float = 1.0, *, primary: float = 1.0, rating: Rating | None = BEST) -> DeliveredPart:
    return DeliveredPart(weight=weight, primary_share=primary, rating=rating)


def rated(**delivered: tuple[DeliveredPart, ...]) -> list[Rated]:
    return [one for _, one in rate_contributions(MODEL, FOOTPRINT, delivered, reference_end=END)]


def test_a_result_without_suppliers_has_no_primary_data() -> None:
    found = rated()

    assert primary_data_share(found) == 0.0
    assert sum(one.kg_co2e for one in found) == pytest.approx(FOOTPRINT.total_kg_co2e, rel=1e-12)


def test_an_input_is_primary_only_if_amount_and_factor_are() -> None:
    furnace = FOOTPRINT.by_process_and_flow_kg_co2e["P3_graphitisation:acheson_crucible"]["electricity_cn_grid"]

    assert primary_data_share(rated(**{KWH: (part(),)})) == 0.0
    assert primary_data_share(rated(**{FACTOR: (part(),)})) == 0.0
    both = primary_data_share(rated(**{KWH: (part(),), FACTOR: (part(),)}))
    assert both == pytest.approx(furnace / FOOTPRINT.total_kg_co2e)


def test_shares_of_suppliers_multiply() -> None:
    amount = (part(0.6), part(0.4, primary=0.0, rating=None))
    factor = (part(0.5, primary=0.8), part(0.5, primary=0.0, rating=None))
    furnace = FOOTPRINT.by_process_and_flow_kg_co2e["P3_graphitisation:acheson_crucible"]["electricity_cn_grid"]

    found = primary_data_share(rated(**{KWH: amount, FACTOR: factor}))

    # 60 % of the kWh, 50 % of the factor with a primary share of 80 %
    assert found == pytest.approx(0.6 * 0.5 * 0.8 * furnace / FOOTPRINT.total_kg_co2e)


def test_a_measured_direct_emission_is_primary_by_its_amount_alone() -> None:
    found = primary_data_share(rated(packing_coke_net_kg_per_kg=(part(),)))

    # 0.72 kg CO2 burnt packing coke per kg graphitized powder; its upstream factor is not primary.
    burnt = 0.72 * FOOTPRINT.scaling["P3_graphitisation:acheson_crucible"]
    assert found == pytest.approx(burnt / FOOTPRINT.total_kg_co2e)


def test_the_national_electricity_factor_is_an_average_of_the_country() -> None:
    view = FOOTPRINT.electricity_view.factor
    electricity = [
        one
        for one, contribution in zip(rated(), FOOTPRINT.contributions, strict=True)
        if contribution.burden.exchange.flow == "electricity_cn_grid"
    ]

    # Official average (technology 3), same country (2), data of 2024 one year before the end of 2025 (1).
    assert view.year == "2024"
    assert {(one.rating.technology, one.rating.geography, one.rating.time) for one in electricity} == {(3.0, 2.0, 1.0)}


def test_a_proxy_of_another_country_scores_as_global() -> None:
    by_flow = {
        contribution.burden.exchange.flow: one.rating for one, contribution in zip(rated(), FOOTPRINT.contributions, strict=True)
    }

    assert by_flow["green_petroleum_coke"].geography == 4.0
    assert by_flow["coal_tar_pitch"].technology == 4.0  # low confidence: a proxy
    assert by_flow["tap_water"].time == 5.0  # data of 2015


def test_delivered_data_mend_the_ratings() -> None:
    before, after = data_quality(rated()), data_quality(rated(**{FACTOR: (part(),)}))

    assert after.technology < before.technology
    assert after.geography < before.geography
