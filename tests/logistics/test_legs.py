"""What legs come to, where their emissions belong, and what is refused."""

from datetime import date

import pytest
from sqlmodel import Session

from service.errors import InvalidInputError
from service.logistics.models import HubOperation
from service.logistics.queries import LegEmission, hub_emissions, leg_emissions
from service.logistics.schemas import HubInput
from service.products.models import Plant
from service.registers.operations import add_row, end_row
from tests.builders import NOW, a_plant, a_product
from tests.logistics.builders import BY, a_leg, a_vehicle

YEAR = {"start": date(2025, 1, 1), "end": date(2025, 12, 31)}


def only(session: Session) -> LegEmission:
    (found,) = leg_emissions(session, **YEAR)
    return found


def test_a_leg_is_tonnes_times_km_times_the_factor(session: Session) -> None:
    a_leg(session, a_plant(session))

    found = only(session)

    # 40 trips x 25 t x 500 km = 500,000 tkm; at 0.0978 kg CO2e/tkm 48.9 t
    assert (found.tkm, found.t_co2e) == (500_000.0, pytest.approx(48.9))


@pytest.mark.parametrize(
    ("vehicle_class", "km"), [("road_diesel_heavy", 525.0), ("sea_bulk", 575.0), ("rail", 500.0), ("inland_bulk", 500.0)]
)
def test_a_distance_from_a_map_is_lengthened_by_mode(session: Session, vehicle_class: str, km: float) -> None:
    a_leg(session, a_plant(session), vehicle_class=vehicle_class, distance_kind="shortest_feasible")

    # 500 km and 5 % by road, 15 % by sea
    assert only(session).tkm == pytest.approx(1000 * km)


def test_a_vehicle_s_own_energy_use_comes_before_the_factor_and_counts_empty_trips(session: Session) -> None:
    vehicle = a_vehicle(session, owner="carrier")
    a_leg(session, a_plant(session), vehicle_id=vehicle.id, empty_trip_factor=0.5)

    # 40 x 500 km x 1.5 = 30,000 km at 36 L/100 km = 10,800 L; 0.8275 kg/L and 3.81 kg CO2e/kg
    assert only(session).t_co2e == pytest.approx(10_800 * 0.8275 * 3.81 / 1000)


def test_an_electric_vehicle_takes_the_national_grid_s_life_cycle_factor(session: Session) -> None:
    vehicle = a_vehicle(session, owner="carrier", vehicle_class="road_bev_heavy", energy_use_per_100km=160.0)
    a_leg(session, a_plant(session), vehicle_class="road_bev_heavy", vehicle_id=vehicle.id)

    # 20,000 km x 1.6 kWh/km x 0.5777 kg CO2e/kWh
    assert only(session).t_co2e == pytest.approx(20_000 * 1.6 * 0.5777 / 1000)


@pytest.mark.parametrize(
    ("direction", "payer", "category"),
    [
        ("inbound", "supplier", 4),
        ("inbound", "maker", 4),
        ("internal", "maker", 4),
        ("outbound", "maker", 4),
        ("outbound", "customer", 9),
    ],
)
def test_the_category_follows_from_direction_and_payer(session: Session, direction: str, payer: str, category: int) -> None:
    product = a_product(session)
    plant = session.get_one(Plant, product.plant_id)
    a_leg(session, plant, direction=direction, payer=payer, product_id=product.id if direction == "outbound" else None)

    assert only(session).category == category


def test_the_maker_s_own_vehicles_are_in_no_category_because_its_meters_have_their_fuel(session: Session) -> None:
    a_leg(session, a_plant(session), vehicle_id=a_vehicle(session).id)

    assert only(session).category is None


def test_a_leg_that_was_taken_back_counts_nowhere(session: Session) -> None:
    leg = a_leg(session, a_plant(session))

    end_row(session, type(leg), leg.id, reason="typed twice", version=1, by=BY, at=NOW)

    assert leg_emissions(session, **YEAR) == []


def test_a_waybill_is_entered_once(session: Session) -> None:
    plant = a_plant(session)
    a_leg(session, plant, waybill="W-77")

    with pytest.raises(InvalidInputError) as refused:
        a_leg(session, plant, waybill="W-77")

    assert "Waybill W-77 is entered already" in str(refused.value.fields["waybill"])


def test_a_load_is_not_more_than_the_vehicle_carries(session: Session) -> None:
    vehicle = a_vehicle(session, payload_t=20.0)

    with pytest.raises(InvalidInputError) as refused:
        a_leg(session, a_plant(session), vehicle_id=vehicle.id)

    assert "25 t on one trip is more than the 20 t" in str(refused.value.fields["load_t"])


def test_a_warehouse_s_energy_counts_unless_the_site_s_meters_have_it(session: Session) -> None:
    plant = a_plant(session)
    for hub, in_site_meters in (("rented", False), ("own", True)):
        fields = HubInput(
            plant_id=plant.id,
            hub=hub,
            month=date(2025, 4, 9),
            throughput_t=900.0,
            electricity_kwh=10_000.0,
            diesel_l=100.0,
            in_site_meters=in_site_meters,
            source="bill",
        )
        add_row(session, HubOperation, fields, by=BY, at=NOW)

    found = {one.hub: (one.t_co2e, one.is_counted_elsewhere) for one in hub_emissions(session, **YEAR)}

    # 10,000 kWh x 0.5777 + 100 L x 0.8275 kg/L x 3.81
    expected = (10_000 * 0.5777 + 100 * 0.8275 * 3.81) / 1000
    assert found == {"rented": (pytest.approx(expected), False), "own": (pytest.approx(expected), True)}
