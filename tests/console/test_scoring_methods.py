from collections.abc import Callable

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.accounts.models import Role, User
from service.green_score import method_operations as operations
from service.green_score.method_cells import cells_of
from service.green_score.method_queries import find_version, shipped_table
from service.green_score.stored_facts import facts_as_stored
from tests.console.browsing import submit, words
from tests.green_score.builders import NOW, a_score
from tests.green_score.facts_builders import EXAMPLE
from tests.green_score.test_methods import a_proposal

SignIn = Callable[..., User]
LIST = "/console/scoring-methods"
HEAD = {"effective_from": "2027-01-01", "notes": "Committee of 20 November, CR 0.06"}


def typed(**changed: str) -> dict[str, str]:
    """Return the whole form with some cells changed; `penalties__fine_small` is the cell `penalties/fine_small`."""
    cells = {path: str(cell.value) for path, cell in cells_of(shipped_table()).items()}
    return cells | HEAD | {name.replace("__", "/"): value for name, value in changed.items()}


def proposed(app: FastAPI) -> str:
    with app.state.database.writing() as session:
        return a_proposal(session).label


def test_staff_read_how_we_score_in_both_languages(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.AUDITOR)

    shown = words(client.get(f"{LIST}/2026.1"))
    chinese = words(client.get(f"{LIST}/2026.1?lang=zh-CN&category=toll_graphitization"))

    assert "A Product carbon footprint · 35 points" in shown
    assert "Unchanged earns 40; 4 % less a year earns 100" in shown
    assert "B 能源 · 22 分" in chinese  # of the profile for toll graphitization


def test_nobody_outside_procurement_and_footprints_reads_it(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SALES)

    assert client.get(LIST).status_code == 403


def test_a_buyer_drafts_changes_and_proposes_and_another_person_releases(client: TestClient, sign_in: SignIn, app: FastAPI) -> None:
    sign_in(Role.PROCUREMENT)
    begun = submit(client, LIST, HEAD)
    assert begun.headers["location"] == f"{LIST}/2027.1/edit"
    saved = submit(client, f"{LIST}/2027.1/edit", typed(penalties__fine_small="30"))
    assert saved.status_code == 303
    assert "What violations cost · Fine below 100,000 yuan 20 30" in words(client.get(f"{LIST}/2027.1"))
    submit(client, f"{LIST}/2027.1", {}, action=f"{LIST}/2027.1/propose")

    refused = submit(client, f"{LIST}/2027.1", {}, action=f"{LIST}/2027.1/release")
    assert refused.status_code == 409
    assert "Another person must look at it" in words(refused)

    sign_in(Role.REVIEWER)
    released = submit(client, f"{LIST}/2027.1", {}, action=f"{LIST}/2027.1/release")
    assert released.status_code == 303
    with app.state.database.reading() as session:
        found = find_version(session, "2027.1")
        assert found is not None
        assert found.status == "released"
        assert found.content["penalties"]["fine_small"] == 30


def test_a_table_that_is_not_right_comes_back_as_typed_with_each_problem_beside_its_box(
    client: TestClient, sign_in: SignIn
) -> None:
    sign_in(Role.ENGINEER)
    submit(client, LIST, HEAD)

    answer = submit(client, f"{LIST}/2027.1/edit", typed(profiles__default__A="36", evidence_credits__verified="1.5"))

    assert answer.status_code == 422
    shown = words(answer)
    assert "These points sum to 101. Change them so that they sum to 100." in shown
    assert "What evidence is worth · Verified by a third party: 1.5 must lie between 0 and 1." in shown
    assert 'name="profiles/default/A" inputmode="decimal" value="36"' in answer.text
    assert 'href="#field-profiles/default/A"' in answer.text


def test_a_draft_without_a_reason_or_day_is_refused_beside_the_field(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    answer = submit(client, LIST, {"effective_from": "soon", "notes": ""})

    assert answer.status_code == 422
    assert "“soon” is not a date" in words(answer)


def test_the_effect_on_grades_is_shown_to_engineers_and_never_to_buyers(client: TestClient, sign_in: SignIn, app: FastAPI) -> None:
    with app.state.database.writing() as session:
        a_score(session, inputs=facts_as_stored(EXAMPLE), category="default", flow="coating_resin")
        draft = operations.create_draft(session, notes="stricter", effective_from=NOW.date(), by="lin", at=NOW)
        changed = {"grades/B/least_score": "70"}
        operations.change_draft(
            session, draft.label, changed, notes="stricter", effective_from=NOW.date(), version=1, by="lin", at=NOW
        )
        label = draft.label

    sign_in(Role.ENGINEER)
    assert "1 of 1 latest scores would have another green grade" in words(client.get(f"{LIST}/{label}"))
    sign_in(Role.PROCUREMENT)
    assert "latest scores" not in words(client.get(f"{LIST}/{label}"))


@pytest.mark.parametrize(("suffix", "kind"), [("xlsx", "spreadsheetml"), ("json", "application/json")])
def test_the_table_can_be_taken_along_as_an_attachment(client: TestClient, sign_in: SignIn, suffix: str, kind: str) -> None:
    sign_in(Role.PROCUREMENT)

    answer = client.get(f"{LIST}/2026.1/table.{suffix}")

    assert kind in answer.headers["content-type"]
    assert answer.headers["content-disposition"] == f'attachment; filename="scoring-method-2026.1.{suffix}"'
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_version_that_does_not_exist_is_not_found(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.ENGINEER)

    assert client.get(f"{LIST}/2031.7").status_code == 404


def test_a_proposal_is_sent_back_and_thrown_away(client: TestClient, sign_in: SignIn, app: FastAPI) -> None:
    label = proposed(app)
    sign_in(Role.ENGINEER)

    submit(client, f"{LIST}/{label}", {}, action=f"{LIST}/{label}/send-back")
    gone = submit(client, f"{LIST}/{label}", {}, action=f"{LIST}/{label}/discard")

    assert gone.headers["location"] == LIST
    assert client.get(f"{LIST}/{label}").status_code == 404


def test_a_proposal_waits_in_the_work_queue_of_those_who_may_release_it(client: TestClient, sign_in: SignIn, app: FastAPI) -> None:
    proposed(app)

    sign_in(Role.REVIEWER)
    assert "Scoring methods to release" in words(client.get("/console"))
    sign_in(Role.SALES)
    assert "Scoring methods to release" not in words(client.get("/console"))
