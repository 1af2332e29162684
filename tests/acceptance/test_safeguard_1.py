"""Safeguard 1: organisation."""

import html
from collections.abc import Callable
from datetime import date

from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.governance.queries import overdue_actions, responsibilities
from service.plan.items import plan_items
from service.plan.operations import add_unit
from service.plan.schemas import OrgUnitInput
from tests.builders import NOW
from tests.conftest import SignIn

Form = Callable[..., dict[str, str]]
GOVERNANCE = "/console/plan/governance"


def test_every_task_and_target_has_an_accountable_unit(client: TestClient, sign_in: SignIn, form: Form, database: Database) -> None:
    person = sign_in(Role.ENGINEER)
    with database.writing() as session:
        unit = add_unit(session, OrgUnitInput(name_zh="能源部", name_en="Energy"), by="system", at=NOW)
        unit_id = str(unit.id)
    given = [key for key in plan_items() if key != "task_05"]
    for key in given:
        answer = client.post(
            f"{GOVERNANCE}/responsibilities",
            data=form(item=key, unit_id=unit_id, person_id=str(person.id), since="2026-01-01"),
        )
        assert answer.status_code == 303

    with database.reading() as session:
        listed = [one.item for one in responsibilities(session)]
        missing = [one.item for one in responsibilities(session) if one.is_missing]
    shown = html.unescape(client.get(GOVERNANCE).text)

    assert listed == list(plan_items())
    assert missing == ["task_05"]
    assert "Nobody answers for these lines of the plan" in shown
    assert f'href="{GOVERNANCE}/responsibilities/new?item=task_05"' in shown


def test_overdue_list(client: TestClient, sign_in: SignIn, form: Form, database: Database) -> None:
    person = sign_in(Role.ENGINEER)
    with database.writing() as session:
        unit = add_unit(session, OrgUnitInput(name_zh="能源部", name_en="Energy"), by="system", at=NOW)
        unit_id = str(unit.id)
    today = date(2026, 11, 22)
    for what, due, status in (
        ("Sign the wind contract", "2026-11-21", "open"),
        ("Measure the furnace", "2026-11-22", "doing"),
        ("Train the shifts", "2026-10-01", "done"),
    ):
        answer = client.post(
            f"{GOVERNANCE}/actions",
            data=form(
                item="task_05",
                what=what,
                unit_id=unit_id,
                person_id=str(person.id),
                due=due,
                status=status,
                evidence="list of attendance 12" if status == "done" else "",
            ),
        )
        assert answer.status_code == 303

    board = client.get(f"{GOVERNANCE}/board").text

    with database.reading() as session:
        assert [one.what for one in overdue_actions(session, on=today)] == ["Sign the wind contract"]
    late = board[board.index('id="late"') : board.index('<div class="grid">')]
    assert "Sign the wind contract" in late
    assert "Measure the furnace" not in late
