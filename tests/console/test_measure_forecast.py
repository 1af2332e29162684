"""The line “with measures” on the page of targets."""

from fastapi import FastAPI
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.measures.effects import MOST_ON_ONE_PRODUCT
from service.measures.models import MeasureStatus
from service.measures.operations import move_measure
from service.settings import Settings
from tests.builders import NOW
from tests.conftest import SignIn
from tests.measures.builders import COMMITTEE, ENGINEER, a_measure
from tests.targets.company import a_plan, a_settled_company

LINE = "Expected with measures"


def test_only_approved_measures_lower_what_is_expected(
    app: FastAPI, client: TestClient, sign_in: SignIn, settings: Settings
) -> None:
    with app.state.database.writing() as session:
        product = a_settled_company(session, settings)
        a_plan(session, product, 2030, (1_800, 2_000, 2_400))
        session.flush()
        measure = a_measure(session, product, begins=2027, parameters={"furnace": "continuous"}, lever="furnace")
        move_measure(session, measure.id, MeasureStatus.ASSESSED, version=1, by=ENGINEER, at=NOW)
    sign_in(Role.AUDITOR)
    assessed = client.get("/console/plan/targets").text
    with app.state.database.writing() as session:
        move_measure(session, measure.id, MeasureStatus.APPROVED, version=1, by=COMMITTEE, at=NOW)

    approved = client.get("/console/plan/targets").text

    assert LINE not in assessed
    assert LINE in approved


def test_what_keeps_the_measures_from_being_shown_is_said(
    app: FastAPI, client: TestClient, sign_in: SignIn, settings: Settings
) -> None:
    with app.state.database.writing() as session:
        product = a_settled_company(session, settings)
        a_plan(session, product, 2030, (1_800, 2_000, 2_400))
        session.flush()
        for _ in range(MOST_ON_ONE_PRODUCT + 1):
            one = a_measure(session, product, begins=2027)
            move_measure(session, one.id, MeasureStatus.ASSESSED, version=1, by=ENGINEER, at=NOW)
            move_measure(session, one.id, MeasureStatus.APPROVED, version=1, by=COMMITTEE, at=NOW)
    sign_in(Role.AUDITOR)

    shown = client.get("/console/plan/targets").text

    assert LINE not in shown
    assert f"{MOST_ON_ONE_PRODUCT + 1} measures act on" in shown
