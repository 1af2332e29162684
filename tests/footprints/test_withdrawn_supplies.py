"""A withdrawn claim of green power puts the footprints that count it out of date, from the operation to the page."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from service.accounts.models import Role
from service.database import Database
from service.footprints.operations import release
from service.footprints.queries import is_stale, stale_footprints
from service.footprints.rules import StaleFootprintError
from service.footprints.staleness import withdrawn_supplies
from service.green_power.claims import withdraw_claim
from service.green_power.models import SupplyClaim
from service.products.models import Plant
from tests.builders import NOW, a_product
from tests.conftest import MovableClock
from tests.footprints.builders import RELEASER, a_record, a_supply

SignIn = Callable[..., object]
Form = Callable[..., dict[str, str]]
LATER = NOW + timedelta(days=1)
REASON = "the certificates were cancelled for another company"


def withdrawn(session: Session, claim: SupplyClaim) -> SupplyClaim:
    """Return a claim after it was withdrawn."""
    return withdraw_claim(session, claim.id, version=claim.version, reason=REASON, by=RELEASER, at=LATER)


def test_a_footprint_is_out_of_date_once_a_claim_that_it_counts_is_withdrawn(session: Session) -> None:
    product = a_product(session)
    claim = a_supply(session, product)
    record = a_record(session, product)
    before = is_stale(session, record.id)

    withdrawn(session, claim)

    assert not before
    assert stale_footprints(session) == {record.id}
    assert [one.id for one in withdrawn_supplies(session, record.id)] == [claim.id]
    assert (claim.decided_at, claim.withdrawn_at, claim.withdrawn_by) == (NOW, LATER, RELEASER)
    with pytest.raises(StaleFootprintError, match="green power"):
        release(session, record, version=record.version, by=RELEASER, at=LATER)


def test_what_was_calculated_without_the_claim_stays_up_to_date(session: Session) -> None:
    product = a_product(session)
    a_record(session, a_product(session))  # of another site
    a_record(session, product, at=NOW - timedelta(days=1))  # before the approval
    other_year = a_supply(session, product, period=(date(2024, 1, 1), date(2024, 12, 31)))
    claim = a_supply(session, product, technology="hydro")

    withdrawn(session, other_year)
    withdrawn(session, claim)
    a_record(session, a_product(session, plant=session.get_one(Plant, product.plant_id)), at=LATER)  # of the same site

    assert stale_footprints(session) == set()


def test_a_claim_for_one_product_puts_only_that_product_out_of_date(session: Session) -> None:
    product = a_product(session)
    neighbour = a_product(session, plant=session.get_one(Plant, product.plant_id))
    claim = a_supply(session, product, product_id=product.id)
    records = [a_record(session, one) for one in (product, neighbour)]

    withdrawn(session, claim)

    assert stale_footprints(session) == {records[0].id}


def test_a_claim_in_its_place_with_the_same_share_makes_a_record_that_is_up_to_date(session: Session) -> None:
    product = a_product(session)
    first = a_supply(session, product)
    old = a_record(session, product)
    withdrawn(session, first)
    a_supply(session, product)

    new = a_record(session, product, at=LATER)

    assert new.id != old.id
    assert new.total_kg_co2e_per_kg == old.total_kg_co2e_per_kg
    assert stale_footprints(session) == {old.id}
    assert a_record(session, product, at=LATER).id == new.id  # nothing has changed since


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["This footprint is out of date", "from 2025-01-01 to 2025-12-31 that it counts was withdrawn on 2026-11-23"]),
        ("zh-CN", ["2025-01-01 至 2025-12-31", "已于 2026-11-23 撤回"]),
    ],
)
def test_the_page_says_which_claim_was_withdrawn_and_why(
    client: TestClient, sign_in: SignIn, form: Form, database: Database, clock: MovableClock, *, language: str, words: list[str]
) -> None:
    with database.writing() as session:
        product = a_product(session)
        claim, record = a_supply(session, product), a_record(session, product)
    clock.move(timedelta(days=1))
    sign_in(Role.REVIEWER)
    address = f"/console/plan/green-power/claims/{claim.id}"

    answer = client.post(f"{address}/withdraw", data=form(version=str(claim.version), reason=REASON))

    assert answer.status_code == 303, answer.text
    page = client.get(f"/console/footprints/{record.id}", headers={"accept-language": language}).text
    assert [one for one in [*words, REASON, address] if one not in page] == []
    sign_in(Role.SALES)
    theirs = client.get(f"/console/footprints/{record.id}", headers={"accept-language": language}).text
    assert [one for one in words if one not in theirs] == []
    assert REASON not in theirs
    assert address not in theirs
