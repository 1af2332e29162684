"""The gate in the browser: intake, assessment, documents, verdicts."""

from collections.abc import Callable
from datetime import date

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.project_gate.models import ProjectAssessment, ProjectProposal, ProjectStatus
from tests.project_gate.builders import project_input

GATE = "/console/plan/project-gate"
SignIn = Callable[..., object]
FormData = Callable[..., dict[str, str]]


@pytest.fixture
def project_path(app: FastAPI, client: TestClient, sign_in: SignIn, form: FormData) -> str:
    """Address of a project that an engineer has proposed by form."""
    sign_in(Role.ENGINEER)
    typed = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in project_input()}
    answer = client.post(GATE, data=form(**typed))
    assert answer.status_code == 303, answer.text
    with app.state.database.reading() as session:
        project = session.exec(select(ProjectProposal)).one()
        return f"{GATE}/{project.id}"


def test_a_project_passes_by_documents_and_two_roles(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: FormData, project_path: str
) -> None:
    assert client.post(f"{project_path}/assess", data=form(version="1")).status_code == 303
    page = client.get(project_path).text
    assert "Approval of the energy-saving review" in page
    assert "Not verified" in page
    assessment_id = page.partition('name="assessment_id"')  # only approvers have the form
    assert not assessment_id[1]

    sign_in(Role.REVIEWER)
    page = client.get(project_path).text
    value = page.partition('name="assessment_id" value="')[2].partition('"')[0]
    refused = client.post(f"{project_path}/decide", data=form(assessment_id=value, verdict="conditions", reason="heat recovery"))

    assert refused.status_code == 409
    assert "may not pass yet" in refused.text
    assert "heat recovery" in refused.text  # nothing typed is lost
    with app.state.database.reading() as session:
        assert session.exec(select(ProjectProposal)).one().status is ProjectStatus.ASSESSED


def test_an_engineer_decides_nothing_and_buyers_see_nothing(
    client: TestClient, sign_in: SignIn, form: FormData, project_path: str
) -> None:
    assert client.post(f"{project_path}/decide", data=form(verdict="approve")).status_code == 403

    sign_in(Role.PROCUREMENT)
    assert client.get(project_path).status_code == 403


def test_figures_that_contradict_come_back_with_all_that_was_typed(client: TestClient, sign_in: SignIn, form: FormData) -> None:
    sign_in(Role.ENGINEER)
    typed = {name: str(value).lower() if isinstance(value, bool) else str(value) for name, value in project_input()}

    answer = client.post(GATE, data=form(**{**typed, "energy_equal_value_tce": "10"}))

    assert answer.status_code == 422
    assert "check whether the two are exchanged" in answer.text
    assert "Box furnaces, second line" in answer.text


def test_the_rules_of_a_province_and_day_name_their_sources(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.COMMITTEE)

    before = client.get(f"{GATE}/rules?province=CN-GD&on=2025-08-31").text
    after = client.get(f"{GATE}/rules?province=CN-GD&on=2025-09-01").text

    assert "order 31 of 2025" not in before
    assert "order 31 of 2025" in after
    assert "Guangdong catalogue" in after


@pytest.mark.parametrize(("timezone", "day"), [("Asia/Shanghai", date(2026, 11, 22)), ("America/Lima", date(2026, 11, 21))])
def test_a_project_is_assessed_by_the_rules_of_the_day_where_the_deployment_is(
    app: FastAPI, client: TestClient, form: FormData, project_path: str, *, timezone: str, day: date
) -> None:
    app.state.settings = app.state.settings.model_copy(update={"timezone": timezone})  # it is 02:00 UTC on the 22nd

    assert client.post(f"{project_path}/assess", data=form(version="1")).status_code == 303

    with app.state.database.reading() as session:
        assert session.exec(select(ProjectAssessment.assessed_on)).one() == day
