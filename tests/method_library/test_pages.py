"""The method library in the browser."""

import re
from collections.abc import Callable

from fastapi import FastAPI
from starlette.testclient import TestClient

from service.accounts.models import Role
from tests.certificates.builders import a_record
from tests.method_library.builders import a_method, method_input

METHODS = "/console/plan/methods"
SignIn = Callable[..., object]
FormData = Callable[..., dict[str, str]]


def test_the_comparison_names_choices_and_goes_to_excel(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    with app.state.database.writing() as session:
        record, first, second = a_record(session), a_method(session), a_method(session, gwp="AR5", fines_allocation="economic")
        path = f"{METHODS}/compare?footprint={record.id}&before={first.id}&after={second.id}"
        method_path = f"{METHODS}/{second.id}"
    sign_in(Role.ENGINEER)

    page = client.get(path)
    file = client.get(path.replace("/compare?", "/compare.xlsx?"))

    assert page.status_code == 200
    assert "Sold fines of milling" in page.text
    assert "GWP values" in page.text
    assert file.content.startswith(b"PK")
    assert file.headers["content-disposition"].startswith("attachment")
    assert "/compare?footprint=" in client.get(method_path).text


def test_the_committee_sees_methods_but_no_footprint_s_breakdown(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    with app.state.database.writing() as session:
        method_id = a_method(session).id
    sign_in(Role.COMMITTEE)

    assert client.get(f"{METHODS}/{method_id}").status_code == 200
    assert client.get(f"{METHODS}/compare").status_code == 403
    assert client.get(f"{METHODS}/gap").status_code == 403


def test_a_method_is_made_by_form_and_released_by_another_person(client: TestClient, sign_in: SignIn, form: FormData) -> None:
    sign_in(Role.ENGINEER, Role.REVIEWER)
    typed = {name: str(value) for name, value in method_input(label="AP-PCF 9.9") if value is not None}

    assert client.post(METHODS, data=form(**typed)).status_code == 303
    page = client.get(METHODS).text
    found = re.search(rf'href="({METHODS}/[0-9a-f-]{{36}})"', page)
    assert found
    path = found[1]
    refused = client.post(f"{path}/release", data=form(version="1"))
    sign_in(Role.REVIEWER)
    released = client.post(f"{path}/release", data=form(version="1"))

    assert refused.status_code == 409
    assert "another person must release it" in refused.text
    assert released.status_code == 303


def test_a_finding_of_a_person_stands_beside_the_rule(app: FastAPI, client: TestClient, sign_in: SignIn, form: FormData) -> None:
    with app.state.database.writing() as session:
        record_id = a_record(session).id
    sign_in(Role.ENGINEER)
    typed = {"rule": "review", "is_fulfilled": "false", "evidence": "no critical review so far"}

    answer = client.post(f"{METHODS}/gap/{record_id}/findings", data=form(**typed))

    assert answer.status_code == 303
    page = client.get(f"{METHODS}/gap?footprint={record_id}").text
    assert "no critical review so far" in page
    assert "Not fulfilled" in page
