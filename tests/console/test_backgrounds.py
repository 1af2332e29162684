import uuid
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.accounts.models import Role, User
from service.backgrounds.files import delete_files
from service.backgrounds.queries import active_constants
from tests.backgrounds.builders import BAR, PITCH, a_background
from tests.console.browsing import submit, words

SignIn = Callable[..., User]
LIST = "/console/backgrounds"


@pytest.fixture
def background_id(app: FastAPI) -> uuid.UUID:
    with app.state.database.writing() as session:
        return a_background(session, data_dir=app.state.settings.data_dir).id


def given(app: FastAPI) -> dict[str, float]:
    with app.state.database.reading() as session:
        return {name: one.kg_co2e_per_unit for name, one in active_constants(session).items()}


def test_without_backgrounds_the_page_says_how_to_import_one(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    assert "anodeprint background import" in words(client.get(LIST))


def test_an_engineer_finds_an_activity_chooses_it_and_puts_the_background_into_use(
    app: FastAPI, client: TestClient, sign_in: SignIn, background_id: uuid.UUID
) -> None:
    sign_in(Role.ENGINEER)
    page = f"{LIST}/{background_id}"

    found = client.get(f"{page}?q=bar&parameter={PITCH}")
    assert "1.90 / kilogram" in words(found)
    submit(client, f"{page}?q=bar&parameter={PITCH}", {"parameter": PITCH, "activity": BAR}, action=f"{page}/factors")
    assert given(app) == {}
    answer = submit(client, LIST, {}, action=f"{page}/enable")

    assert answer.status_code == 303
    assert given(app) == {PITCH: pytest.approx(1.896)}
    assert "In use" in words(client.get(LIST))
    submit(client, LIST, {}, action=f"{page}/disable")
    assert given(app) == {}


def test_a_background_that_gives_nothing_is_refused_in_words(client: TestClient, sign_in: SignIn, background_id: uuid.UUID) -> None:
    sign_in(Role.ENGINEER)

    answer = submit(client, LIST, {}, action=f"{LIST}/{background_id}/enable")

    assert answer.status_code == 409
    assert "Choose an activity for at least one parameter first" in words(answer)


def test_a_unit_that_does_not_fit_is_refused_beside_the_search(
    client: TestClient, sign_in: SignIn, background_id: uuid.UUID
) -> None:
    sign_in(Role.ENGINEER)

    answer = submit(
        client, f"{LIST}/{background_id}", {"parameter": PITCH, "activity": 0}, action=f"{LIST}/{background_id}/factors"
    )

    assert answer.status_code == 409
    assert "does not convert exactly" in words(answer)


def test_a_choice_is_taken_out_again(client: TestClient, sign_in: SignIn, background_id: uuid.UUID) -> None:
    sign_in(Role.ENGINEER)
    page = f"{LIST}/{background_id}"
    submit(client, page, {"parameter": PITCH, "activity": BAR}, action=f"{page}/factors")

    submit(client, page, {}, action=f"{page}/factors/remove")

    assert "No parameter takes a value from it yet" in words(client.get(page))


@pytest.mark.parametrize(("role", "status"), [(Role.REVIEWER, 200), (Role.AUDITOR, 200), (Role.ADMIN, 403), (Role.SALES, 403)])
def test_only_those_who_work_on_the_figures_see_derived_scores(
    client: TestClient, sign_in: SignIn, background_id: uuid.UUID, role: Role, status: int
) -> None:
    sign_in(role)

    answer = client.get(f"{LIST}/{background_id}?q=bar")

    assert answer.status_code == status
    assert ("1.90 / kilogram" in answer.text) == (status == 200)


def test_the_inventory_itself_is_shown_nowhere(client: TestClient, sign_in: SignIn, background_id: uuid.UUID) -> None:
    sign_in(Role.ENGINEER)

    shown = words(client.get(f"{LIST}/{background_id}?q=production"))

    # The bar's own biogenic emission is 0.3, its input 2 kWh; only the sums may appear.
    assert "0.3" not in shown
    assert "Methane" not in shown


def test_lost_files_are_said_in_words_and_break_nothing_else(
    app: FastAPI, client: TestClient, sign_in: SignIn, background_id: uuid.UUID
) -> None:
    sign_in(Role.ENGINEER)
    delete_files(background_id, data_dir=app.state.settings.data_dir)

    assert client.get(f"{LIST}/{background_id}").status_code == 409
    assert client.get(LIST).status_code == 200
