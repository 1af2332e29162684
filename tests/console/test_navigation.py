import re

import pytest
from starlette.testclient import TestClient

from service.accounts.models import STAFF_ROLES, Role
from service.console.navigation import AREAS
from tests.conftest import SignIn

LINK = re.compile(r'<a href="(/console[^"]*)"( aria-current="page")?>')


def links_of(client: TestClient, path: str) -> list[tuple[str, str]]:
    page = client.get(path)
    assert page.status_code == 200, path
    return LINK.findall(page.text.partition('<nav class="console-nav"')[2].partition("</nav>")[0])


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
def test_every_entry_of_a_role_opens_and_marks_itself(client: TestClient, sign_in: SignIn, role: Role) -> None:
    sign_in(role)
    entries = [path for path, _ in links_of(client, "/console")]

    assert entries == [area.path for area in AREAS if role in area.roles]
    for path in entries:
        assert [entry for entry, current in links_of(client, path) if current] == [path]


def test_a_page_below_an_area_marks_the_area(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ADMIN)

    assert [entry for entry, current in links_of(client, "/console/people/new") if current] == ["/console/people"]
