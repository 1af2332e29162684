"""The registers that look outside."""

import pytest
from starlette.testclient import TestClient

from service.accounts.models import Role
from tests.conftest import SignIn
from tests.console.browsing import submit, words

LOG = "/console/plan/stakeholders"


@pytest.fixture(autouse=True)
def engineer(sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)


def test_an_exchange_is_logged_with_what_follows(client: TestClient) -> None:
    typed = {
        "organisation": "Energy bureau",
        "kind": "authority",
        "on_day": "2026-10-12",
        "topic": "Carbon evaluation of the new furnace hall",
        "follow_up": "Send the assessment",
        "follow_up_by": "2026-12-01",
    }
    assert submit(client, f"{LOG}/new", typed, action=LOG).status_code == 303
    shown = words(client.get(LOG))
    assert "Carbon evaluation of the new furnace hall" in shown
    assert "2026-12-01" in shown


def test_buyers_do_not_read_the_log(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.PROCUREMENT)
    assert client.get(LOG).status_code == 403
