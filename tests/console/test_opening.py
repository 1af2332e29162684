from starlette.testclient import TestClient

from service.accounts.models import Role
from tests.conftest import SignIn

PEOPLE = 'href="/me/carbon"'


def test_a_step_above_that_is_not_for_the_reader_is_a_word_and_no_link(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ADMIN)
    for_admin = client.get("/console/plan/green-power/duties").text
    sign_in(Role.ENGINEER)
    for_engineer = client.get("/console/plan/green-power/duties").text

    assert "<li>Green power</li>" in for_admin
    assert '<li><a href="/console/plan/green-power">Green power</a></li>' in for_engineer


def test_tabs_that_are_not_for_the_reader_are_left_out(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ADMIN)

    assert '"/console/plan/green-power/contracts"' not in client.get("/console/plan/green-power/duties").text


def test_a_verifier_from_outside_is_not_led_to_an_account_for_employees(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.VERIFIER)
    for_verifier = client.get("/account").text
    sign_in(Role.REVIEWER)

    assert PEOPLE not in for_verifier
    assert PEOPLE in client.get("/account").text
