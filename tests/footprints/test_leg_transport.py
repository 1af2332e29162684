"""What the maker's own transport legs make of the transport parameters of a footprint."""

from datetime import date
from typing import Any

import pytest
from sqlmodel import Session

from service.footprints.models import FootprintRecord
from service.footprints.operations import calculate
from service.logistics.operations import add_leg
from service.logistics.schemas import LegInput
from service.products.models import Product
from tests.builders import NOW, PERIOD, a_product
from tests.footprints.builders import CALCULATOR, TOLL_ANSWERS, a_toll_product, a_toll_supplier, an_accepted_submission


def a_leg(session: Session, product: Product, **details: Any) -> None:
    """Bring 1,000 t of petroleum coke 500 km by truck."""
    fields = {
        "waybill": f"W-{details.get('number', 1)}",
        "plant_id": product.plant_id,
        "direction": "inbound",
        "flow": "green_petroleum_coke",
        "vehicle_class": "road_diesel_heavy",
        "month": date(2025, 3, 1),
        "load_t": 25.0,
        "trips": 40,
        "distance_km": 500.0,
        "distance_kind": "actual",
        "payer": "supplier",
        "source": "waybills of March",
        **details,
    }
    fields.pop("number", None)
    add_leg(session, LegInput.model_validate(fields), by=CALCULATOR, at=NOW)


def a_record(session: Session, product: Product) -> FootprintRecord:
    return calculate(session, product, period_start=PERIOD[0], period_end=PERIOD[1], by=CALCULATOR, at=NOW)


def value(record: FootprintRecord, parameter: str) -> float:
    return float(record.provenance[parameter]["value"])


def test_legs_give_the_distance_of_coke_and_its_emissions_follow(session: Session) -> None:
    product = a_product(session)
    before = a_record(session, product).total_kg_co2e_per_kg
    a_leg(session, product)

    record = a_record(session, product)

    assert value(record, "coke_transport_distance_km") == 500.0
    assert record.provenance["coke_transport_distance_km"]["parts"][0]["source"] == "legs"
    # 1.2 kg of coke per kg by the model, 300 km less than its default of 800 km, 0.0978 kg CO2e/tkm
    assert before - record.total_kg_co2e_per_kg == pytest.approx(1.2 * 300 / 1000 * 0.0978, rel=1e-9)


def test_a_chain_of_rail_and_truck_is_one_way_with_a_share_by_rail(session: Session) -> None:
    product = a_product(session)
    a_leg(session, product, number=1, vehicle_class="rail", distance_km=900.0)
    a_leg(session, product, number=2, part=2, distance_km=100.0)

    record = a_record(session, product)

    # the same 1,000 t on both parts: 900 km by rail and 100 km by road
    assert value(record, "coke_transport_distance_km") == 1000.0
    # coke 1.2 kg x 1,000 km, 90 % by rail; the model's auxiliaries 0.45 kg x 200 km all by road
    assert value(record, "inbound_rail_share") == pytest.approx(1.2 * 1000 * 0.9 / (1.2 * 1000 + 0.45 * 200))
    assert value(record, "truck_kg_co2e_per_tkm") == pytest.approx(0.0978)


def test_changing_the_mode_changes_the_footprint(session: Session) -> None:
    by_road, by_rail = a_product(session, grade="by road"), a_product(session, grade="by rail")
    a_leg(session, by_road, number=1)
    a_leg(session, by_rail, number=2, vehicle_class="rail")

    difference = a_record(session, by_road).total_kg_co2e_per_kg - a_record(session, by_rail).total_kg_co2e_per_kg

    # 1.2 kg x 500 km; road 0.0978, rail 0.010 kg CO2e/tkm
    assert difference == pytest.approx(1.2 * 500 / 1000 * (0.0978 - 0.010), rel=1e-9)


def test_legs_stand_for_the_way_to_the_toll_plant_in_place_of_its_answer(session: Session) -> None:
    supplier = a_toll_supplier(session)
    product = a_toll_product(session, a_product(session), supplier)
    an_accepted_submission(session, supplier, values={**TOLL_ANSWERS, "toll_distance": 1500.0})
    answered = a_record(session, product)
    a_leg(session, product, direction="internal", flow="graphitised_powder", distance_km=1200.0, payer="maker")

    record = a_record(session, product)

    assert value(answered, "toll_distance_km") == 1500.0
    assert value(record, "toll_distance_km") == 1200.0
    assert len(record.provenance["toll_distance_km"]["parts"]) == 1, "never both"


def test_a_ship_on_the_way_in_leaves_the_truck_to_the_toll_plant_as_it_was(session: Session) -> None:
    product = a_toll_product(session, a_product(session), a_toll_supplier(session))
    a_leg(session, product, vehicle_class="sea_bulk", distance_km=1500.0)

    record = a_record(session, product)

    assert value(record, "toll_transport_kg_co2e_per_tkm") == pytest.approx(0.0978)
    # coke 1.2 x 1,500 km by ship at 0.0043, auxiliaries 0.45 x 200 km by truck at 0.0978
    expected = (1.2 * 1500 * 0.0043 + 0.45 * 200 * 0.0978) / (1.2 * 1500 + 0.45 * 200)
    assert value(record, "truck_kg_co2e_per_tkm") == pytest.approx(expected)


def test_legs_of_another_year_or_another_site_say_nothing(session: Session) -> None:
    product, elsewhere = a_product(session, grade="here"), a_product(session, grade="elsewhere")
    a_leg(session, product, number=1, month=date(2024, 3, 1))
    a_leg(session, elsewhere, number=2)

    assert value(a_record(session, product), "coke_transport_distance_km") == 800.0
