"""Task 19: carbon accounts of employees."""

import json
import re
import uuid
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select
from starlette.testclient import TestClient

from service.accounts.models import Role, User
from service.audit.models import AuditEvent
from service.carbon_accounts.ledger import balance, totals
from service.carbon_accounts.models import BehaviourEntry, CarbonAccount, LedgerAccount, PointsPosting, Redemption
from service.carbon_accounts.operations import ask_for_reward, close_account, publish_board
from service.carbon_accounts.queries import board_lines, find_account
from service.company_inventory.inventories import inventory_of
from service.database import Database
from service.personal_data.export import personal_data
from service.personal_data.operations import erase
from service.personal_data.subjects import get_subject
from service.plan.models import OrgUnit
from service.plan.operations import add_unit
from service.plan.schemas import OrgUnitInput
from tests import builders
from tests.builders import NOW
from tests.carbon_accounts.builders import TODAY, a_behaviour, a_reward, an_account, an_entry
from tests.conftest import SignIn

Form = Callable[..., dict[str, str]]
OCTOBER = date(2026, 10, 1)
ENTERED = date(2026, 10, 31)


def a_unit(session: Session, name: str = "能源部") -> OrgUnit:
    return add_unit(session, OrgUnitInput(name_zh=name, name_en=name), by="user:1", at=NOW)


def test_opt_out_deletes(session: Session) -> None:
    person = builders.a_user(session, roles=(Role.EMPLOYEE,))
    account = an_account(session, user=person)
    holder_id = account.holder_id
    an_entry(session, account, a_behaviour(session))
    ask_for_reward(session, account, a_reward(session), on=TODAY, at=NOW)

    close_account(session, account, on=TODAY, at=NOW)

    for table in (CarbonAccount, BehaviourEntry, Redemption):
        assert session.exec(select(table)).all() == []
    # The ledger keeps its sums, under a number that leads to nobody.
    assert balance(session, holder_id) == 0
    assert totals(session) == {
        LedgerAccount.ISSUED: -30,
        LedgerAccount.HELD: 0,
        LedgerAccount.REDEEMED: 20,
        LedgerAccount.EXPIRED: 10,
    }
    assert find_account(session, person.id) is None


def test_the_audit_trail_names_nobody_and_no_holder(session: Session) -> None:
    person = builders.a_user(session, roles=(Role.EMPLOYEE,))
    account = an_account(session, user=person)
    an_entry(session, account, a_behaviour(session))
    holder_id = account.holder_id
    close_account(session, account, on=TODAY, at=NOW)

    events = session.exec(select(AuditEvent).where(AuditEvent.object_type == "carbonaccount")).all()
    kept = " ".join(f"{one.actor} {one.object_id} {one.details}" for one in events)

    assert [one.action for one in events] == ["carbon_account_opened", "carbon_account_closed"]
    assert str(person.id) not in kept
    assert str(holder_id) not in kept
    assert {one.holder_id for one in session.exec(select(PointsPosting)) if one.holder_id} == {holder_id}


@pytest.mark.parametrize(("people", "shown"), [(4, []), (5, [150.0])])
def test_department_view_hidden_when_fewer_than_5_people(session: Session, people: int, shown: list[float]) -> None:
    unit, behaviour = a_unit(session), a_behaviour(session, points_per_kg=0.0, baseline_kg_per_unit=1.0)
    for _ in range(people):
        an_entry(session, an_account(session, unit), behaviour, 30.4, day=ENTERED, on=TODAY)

    publish_board(session, OCTOBER, on=TODAY, at=NOW)

    # 5 x 30.4 km x 1 kg/km = 152 kg, to tens
    assert [line.avoided_kg_co2e for line in board_lines(session)] == shown


def test_somebody_with_an_account_who_did_nothing_makes_no_fifth(session: Session) -> None:
    unit, behaviour = a_unit(session), a_behaviour(session)
    for number in range(5):
        account = an_account(session, unit)
        if number:
            an_entry(session, account, behaviour, day=ENTERED, on=TODAY)

    assert publish_board(session, OCTOBER, on=TODAY, at=NOW) == 0


def test_a_board_comes_two_weeks_after_its_month_and_is_never_counted_again(session: Session) -> None:
    unit, behaviour = a_unit(session), a_behaviour(session, baseline_kg_per_unit=1.0)
    accounts = [an_account(session, unit) for _ in range(6)]
    for account in accounts[:5]:
        an_entry(session, account, behaviour, 30.0, day=ENTERED, on=TODAY)

    early = publish_board(session, OCTOBER, on=date(2026, 11, 14), at=NOW)
    due = publish_board(session, OCTOBER, on=date(2026, 11, 15), at=NOW)
    an_entry(session, accounts[5], behaviour, 30.0, day=ENTERED, on=TODAY)
    again = publish_board(session, OCTOBER, on=TODAY, at=NOW)

    assert (early, due, again) == (0, 1, 0)
    assert [line.avoided_kg_co2e for line in board_lines(session)] == [150.0]  # who came later changes nothing


def test_never_netted_from_the_inventory(session: Session) -> None:
    before = inventory_of(session, 2026, at=NOW)
    account, behaviour = an_account(session), a_behaviour(session, baseline_kg_per_unit=1000.0)
    an_entry(session, account, behaviour, 40.0)

    assert inventory_of(session, 2026, at=NOW) == before


def test_an_erased_person_has_no_account_and_an_asked_one_gets_all_of_it(session: Session) -> None:
    person = builders.a_user(session, roles=(Role.EMPLOYEE,))
    account = an_account(session, user=person)
    an_entry(session, account, a_behaviour(session))
    subject = get_subject(session, person.email)

    sections = personal_data(session, subject)
    erase(session, subject, by="user:1", at=NOW)

    assert [row.get("amount") for row in sections["carbon_account"]] == [None, 20.0]
    assert session.exec(select(CarbonAccount)).all() == []


def opened(client: TestClient, sign_in: SignIn, form: Form, *, user: User | None = None) -> User:
    person = sign_in(Role.EMPLOYEE) if user is None else sign_in(user=user)
    assert client.post("/me/carbon/open", data=form(agree="yes")).status_code == 303
    return person


def test_an_account_takes_consent_and_the_whole_way_through_the_pages(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    with database.writing() as session:
        behaviour_id = str(a_behaviour(session).id)
        reward_id = str(a_reward(session).id)
    sign_in(Role.EMPLOYEE)
    without = client.post("/me/carbon/open", data=form())
    opening = client.post("/me/carbon/open", data=form(agree="yes"))
    wrong = client.post("/me/carbon/entries", data=form(behaviour_id=behaviour_id, day="2026-11-22", amount="twenty"))
    entered = client.post("/me/carbon/entries", data=form(behaviour_id=behaviour_id, day="2026-11-22", amount="20"))
    asked = client.post(f"/me/carbon/rewards/{reward_id}/redeem", data=form())
    codes = client.get("/me/carbon/rewards").text
    exported = json.loads(client.get("/me/carbon/export.json").content)
    unsure = client.post("/me/carbon/close", data=form())
    closed = client.post("/me/carbon/close", data=form(sure="yes"))

    assert [one.status_code for one in (without, opening, wrong, entered, asked, unsure, closed)] == [
        *(422, 303, 422, 303),
        *(303, 422, 303),
    ]
    assert 'value="twenty"' in wrong.text
    assert re.search(r"<strong>[2-9A-Z]{8}</strong>", codes)
    assert [one["amount"] for one in exported["entries"]] == [20.0]
    assert sorted(one["points"] for one in exported["points"]) == [-20, 30]
    assert "I agree to this" in client.get("/me/carbon").text


def test_an_employee_finds_nothing_but_their_own_account(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.EMPLOYEE)

    found = {path: client.get(path).status_code for path in ("/console", "/console/plan/people", "/console/products", "/portal")}

    assert client.get("/me/carbon").status_code == 200
    assert found == dict.fromkeys(found, 404)


def test_nobody_takes_back_an_entry_of_somebody_else(client: TestClient, sign_in: SignIn, form: Form, database: Database) -> None:
    with database.writing() as session:
        entry_id = an_entry(session, an_account(session), a_behaviour(session)).id
    opened(client, sign_in, form)

    foreign = client.post(f"/me/carbon/entries/{entry_id}/reverse", data=form())
    nothing = client.post(f"/me/carbon/entries/{uuid.uuid4()}/reverse", data=form())

    assert foreign.status_code == nothing.status_code == 404
    with database.reading() as session:
        assert session.get_one(BehaviourEntry, entry_id).reversed_at is None


def test_whoever_keeps_the_accounts_sees_no_person(client: TestClient, sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        people = [builders.a_user(session, roles=(Role.EMPLOYEE,)) for _ in range(2)]
        accounts = [an_account(session, user=person) for person in people]
        an_entry(session, accounts[0], a_behaviour(session))
        hidden = [text for one, person in zip(accounts, people, strict=True) for text in (one.pseudonym, person.email)]
    sign_in(Role.ENGINEER)

    shown = client.get("/console/plan/people").text + client.get("/console/plan/people/accounts").text

    assert "fewer than 5" in shown
    assert [text for text in hidden if text in shown] == []


def test_a_day_of_the_last_month_still_counts(session: Session) -> None:
    account, behaviour = an_account(session), a_behaviour(session)

    assert an_entry(session, account, behaviour, day=TODAY - timedelta(days=31)).points == 30
