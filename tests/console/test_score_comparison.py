"""Suppliers side by side: who is better, how surely, and from which carbon price on."""

import re
import uuid
from dataclasses import replace

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from tests import builders
from tests.conftest import SignIn
from tests.console.browsing import words
from tests.green_score.builders import FLOW, a_benchmark, a_calculated_score, a_purchase
from tests.green_score.facts_builders import FOOTPRINT, changed


@pytest.fixture
def database(app: FastAPI) -> Database:
    found: Database = app.state.database
    return found


def offering(database: Database, name: str, *, kg: float | None, price: float | None) -> uuid.UUID:
    footprint = None if kg is None else replace(FOOTPRINT, kg_co2e_per_kg=kg)
    with database.writing() as session:
        supplier = builders.a_supplier(session, name_en=name)
        a_purchase(session, supplier, price_cny_per_t=price)
        a_calculated_score(session, supplier=supplier, facts=changed(footprint=footprint))
        return supplier.id


def address(*suppliers: uuid.UUID) -> str:
    return f"/console/ranking/compare?flow={FLOW}" + "".join(f"&suppliers={one}" for one in suppliers)


def test_a_dearer_and_cleaner_supplier_has_a_break_even_carbon_price(
    client: TestClient, sign_in: SignIn, database: Database
) -> None:
    sign_in(Role.ENGINEER)
    clean = offering(database, "Clean", kg=3.0, price=9600.0)
    cheap = offering(database, "Cheap", kg=5.0, price=9000.0)
    page = words(client.get(address(clean, cheap)))

    # (9600 - 9000) yuan/t over (5 - 3) t/t
    assert "From a carbon price of 300 CNY per t CO₂e on, the cleaner one is the better one." in page
    ahead = re.search(r"Clean is ahead in (\d+) % of draws", page)
    assert ahead is not None
    assert int(ahead[1]) > 90
    assert "9,600" in page


def test_who_is_cheaper_and_cleaner_is_better_at_every_price(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)
    good = offering(database, "Good", kg=3.0, price=9000.0)
    bad = offering(database, "Bad", kg=5.0, price=9600.0)

    assert "Good is better at every carbon price." in words(client.get(address(bad, good)))


def test_silence_counts_as_the_cautious_stand_in_and_never_as_the_benchmark(
    client: TestClient, sign_in: SignIn, database: Database
) -> None:
    sign_in(Role.ENGINEER)
    with database.writing() as session:
        a_benchmark(session, kg_co2e_per_kg=5.0)
    told = offering(database, "Told", kg=6.0, price=9000.0)
    silent = offering(database, "Silent", kg=None, price=8700.0)
    page = words(client.get(address(told, silent)))

    # 1.5 x 5 = 7.5; (9000 - 8700) / (7.5 - 6) = 200
    assert "7.5 cautious stand-in" in page
    assert "From a carbon price of 200 CNY" in page


def test_without_a_price_no_carbon_price_is_made_up(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)
    one = offering(database, "One", kg=3.0, price=None)
    two = offering(database, "Two", kg=5.0, price=9000.0)

    assert "A price or a footprint is missing." in words(client.get(address(one, two)))


def test_a_buyer_compares_by_rounded_footprints(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.PROCUREMENT)
    clean = offering(database, "Clean", kg=3.0, price=9600.0)
    cheap = offering(database, "Cheap", kg=5.2, price=9000.0)
    page = words(client.get(address(clean, cheap)))

    # 3.0 is shown as 3.2 and 5.2 as 5: 600 / 1.8 = 333, where exact figures would give 273.
    assert "From a carbon price of 333 CNY" in page
    assert "5.20" not in page


def test_fewer_than_two_or_more_than_five_are_refused_with_their_number(
    client: TestClient, sign_in: SignIn, database: Database
) -> None:
    sign_in(Role.ENGINEER)
    one = offering(database, "One", kg=3.0, price=None)
    few = client.get(address(one, one))
    many = client.get(address(*(uuid.uuid4() for _ in range(6))))

    assert (few.status_code, many.status_code) == (422, 422)
    assert "Choose two to five suppliers of one material in the ranking; 1 are chosen." in words(few)
    assert "6 are chosen" in words(many)


def test_who_has_no_score_for_the_material_is_not_found(client: TestClient, sign_in: SignIn, database: Database) -> None:
    sign_in(Role.ENGINEER)
    one = offering(database, "One", kg=3.0, price=None)

    assert client.get(address(one, uuid.uuid4())).status_code == 404
