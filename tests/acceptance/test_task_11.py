"""Plan, task 11: green logistics by legs, vehicles and warehouses."""

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.footprints.operations import hauls_to, preview
from service.logistics.queries import leg_emissions
from service.logistics.reconciling import reconcile
from service.logistics.rules import carriages_by_flow, delivery_kg_co2e_per_kg
from service.logistics.what_if import Shift, effect_of, shifted
from service.modelling.queries import active_model
from service.products.models import Plant, Production
from service.suppliers.models import Purchase
from tests.builders import NOW, PERIOD, a_product, a_supplier
from tests.conftest import SignIn
from tests.logistics.builders import BY, a_leg

BY_RAIL = Shift(direction=None, flow=None, from_class="road_diesel_heavy", to_class="rail", share=1.0, cny_per_tkm=0.2)


def test_changing_mode_changes_inbound_and_delivered_pcf(session: Session) -> None:
    product = a_product(session)
    plant = session.get_one(Plant, product.plant_id)
    a_leg(session, plant)
    a_leg(session, plant, direction="outbound", flow=None, product_id=product.id, distance_km=1000.0, payer="maker")
    period = {"period_start": PERIOD[0], "period_end": PERIOD[1]}

    today = hauls_to(session, product, **period)
    then = shifted(today, BY_RAIL, active_model(session))
    gates = [
        preview(session, product, **period, by=BY, at=NOW, carriages=carriages_by_flow(one)).total_kg_co2e_per_kg
        for one in (today, then)
    ]
    deliveries = [delivery_kg_co2e_per_kg(one, product.id) for one in (today, then)]

    # 1.2 kg of coke over 500 km; road 0.0978, rail 0.010 kg CO2e/tkm
    assert gates[0] - gates[1] == pytest.approx(1.2 * 0.5 * (0.0978 - 0.010), rel=1e-9)
    # a kilogram over 1,000 km
    assert deliveries == [pytest.approx(0.0978), pytest.approx(0.010)]


def test_tkm_reconcile_with_deliveries(session: Session) -> None:
    product = a_product(session)
    plant = session.get_one(Plant, product.plant_id)
    supplier = a_supplier(session)
    period = {"period_start": PERIOD[0], "period_end": PERIOD[1]}
    session.add(Purchase(supplier_id=supplier.id, flow="green_petroleum_coke", **period, amount_t=1010.0, created_at=NOW))
    session.add(Production(product_id=product.id, **period, output_t=900.0))
    a_leg(session, plant, vehicle_class="rail", distance_km=900.0)
    a_leg(session, plant, part=2, distance_km=100.0)
    a_leg(session, plant, direction="outbound", flow=None, product_id=product.id, load_t=20.0)

    coke, sold = reconcile(session, year=2025)

    # 1,000 t on two parts of one way: carried once, moved 1,000 km
    assert (coke.legs_t, coke.recorded_t, coke.difference_t, coke.agrees) == (1000.0, 1010.0, -10.0, True)
    assert coke.tkm == 1000.0 * 1000.0
    # 800 t of legs against 900 t made: named, not smoothed
    assert (sold.legs_t, sold.difference_t, sold.agrees) == (800.0, -100.0, False)


def test_electrifying_a_share_of_the_fleet_changes_emissions_and_freight(session: Session) -> None:
    plant = session.get_one(Plant, a_product(session).plant_id)
    a_leg(session, plant, freight_cny=300_000.0)
    shift = Shift(direction=None, flow=None, from_class="road_diesel_heavy", to_class="road_fcev_solar", share=0.4, cny_per_tkm=0.7)
    listed = hauls_to(session, a_product(session, plant=plant, grade="other"), period_start=PERIOD[0], period_end=PERIOD[1])

    effect = effect_of(listed, shift, active_model(session))

    # 40 % of 500,000 tkm from 0.0978 to 0.0131 kg CO2e/tkm
    assert effect.moved_tkm == pytest.approx(200_000.0)
    assert effect.saved_t_co2e == pytest.approx(200_000 * (0.0978 - 0.0131) / 1000)
    # 200,000 tkm at 0.7 yuan instead of 40 % of 300,000 yuan
    assert effect.cost_cny == pytest.approx(140_000 - 120_000)


def test_a_leg_is_in_the_footprint_and_in_scope_3_once_each(session: Session) -> None:
    product = a_product(session)
    a_leg(session, session.get_one(Plant, product.plant_id))

    record = preview(session, product, period_start=PERIOD[0], period_end=PERIOD[1], by=BY, at=NOW)
    emissions = leg_emissions(session, start=PERIOD[0], end=PERIOD[1])

    (part,) = record.provenance["coke_transport_distance_km"]["parts"]
    assert (part["source"], part["value"]) == ("legs", 500.0)
    assert [one.category for one in emissions] == [4]


def test_the_pages_show_legs_reconciliation_and_what_if(client: TestClient, sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        product = a_product(session)
        a_leg(session, session.get_one(Plant, product.plant_id))
        product_id = product.id
    sign_in(Role.ENGINEER)

    overview = client.get("/console/plan/logistics?year=2025").text
    asked = f"year=2025&from_class=road_diesel_heavy&to_class=rail&percent=100&product_id={product_id}"
    answer = client.get(f"/console/plan/logistics/what-if?{asked}").text

    assert "Nothing recorded for this year" in overview
    # 500,000 tkm from 0.0978 to 0.010: 48.9 t become 5 t, 43.9 t less
    assert "48.9" in overview
    assert "43.9" in answer
    assert "At our gate, with inbound transport" in answer
    assert '<option value="rail" selected>' in answer, "the question stays with its answer"
