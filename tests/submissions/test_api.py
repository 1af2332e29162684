from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.accounts.models import Organisation, Role, User
from service.submissions.models import Submission
from tests import builders
from tests.submissions.builders import TOLL_ANSWERS, a_draft, a_review, an_invited_submission

ANSWERS = {field: {"entered": entry.entered, "unit": entry.unit} for field, entry in TOLL_ANSWERS.items()}
SignIn = Callable[..., User]


def stored(app: FastAPI, make: Callable[..., Submission], **changes: Any) -> Submission:
    with app.state.database.writing() as session:
        submission = make(session, **changes)
        session.refresh(submission)
        session.expunge(submission)
        return submission


def as_supplier_of(app: FastAPI, submission: Submission, sign_in: SignIn) -> None:
    with app.state.database.writing() as session:
        organisation = session.get_one(Organisation, submission.organisation_id)
        person = builders.a_user(session, roles=[Role.SUPPLIER], organisation=organisation)
    sign_in(user=person)


def call(client: TestClient, method: str, path: str, body: dict[str, Any] | None = None) -> httpx.Response:
    return client.request(method, f"/api/v1/submissions{path}", json=body, headers={"accept": "application/json"})


def test_a_supplier_saves_and_hands_in_its_answers(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    submission = stored(app, an_invited_submission)
    as_supplier_of(app, submission, sign_in)

    saved = call(client, "PUT", f"/{submission.id}/answers", {"answers": ANSWERS})
    handed_in = call(client, "POST", f"/{submission.id}/submit", {"reasons": {}})

    assert saved.json()["answers"]["furnace_electricity"] == {
        "entered": "912",
        "unit": "万kWh",
        "value": 9_120_000.0,
        "canonical_unit": "kWh",
        "evidence_kind": None,
        "note": None,
        "absent": None,
    }
    assert saved.json()["findings"] == []
    assert handed_in.json()["status"] == "submitted"
    assert handed_in.json()["receipt_no"] == f"R{submission.number[1:]}-1"


def test_missing_answers_are_a_problem_document_by_field(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    submission = stored(app, a_draft)
    as_supplier_of(app, submission, sign_in)
    call(client, "PUT", f"/{submission.id}/answers", {"answers": {"charge_in": {"entered": "x"}}})

    response = call(client, "POST", f"/{submission.id}/submit", {})

    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in response.json()["errors"]] == ["charge_in"]


@pytest.mark.parametrize(
    "body",
    [
        {"answers": {"charge_in": {"entered": "1", "value": 5}}},
        {"answers": {"charge_in": {"entered": 1}}},
        {"answers": {"charge_in": {"entered": "1", "evidence_kind": "rumour"}}},
        {"answers": {}, "status": "accepted"},
        {},
        {"answers": {"no_such_field": {"entered": "1"}}},
    ],
)
def test_anything_the_schema_does_not_know_is_refused(
    app: FastAPI, client: TestClient, sign_in: SignIn, body: dict[str, Any]
) -> None:
    submission = stored(app, an_invited_submission)
    as_supplier_of(app, submission, sign_in)

    assert call(client, "PUT", f"/{submission.id}/answers", body).status_code == 422


def test_a_reviewer_accepts_the_version_looked_at(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    submission = stored(app, a_review)
    sign_in(Role.REVIEWER)

    stale = call(client, "POST", f"/{submission.id}/accept", {"version": submission.version - 1})
    accepted = call(client, "POST", f"/{submission.id}/accept", {"version": submission.version})

    assert (stale.status_code, stale.json()["type"]) == (409, "urn:anodeprint:problem:stale-version")
    assert accepted.json()["status"] == "accepted"


def test_a_reviewer_returns_with_words_on_a_field(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    submission = stored(app, a_review)
    sign_in(Role.REVIEWER)

    body = {"version": submission.version, "comments": {"charge_in": "Dry?"}}

    assert call(client, "POST", f"/{submission.id}/return", body).json()["status"] == "returned"


def test_a_review_is_started_once(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    submission = stored(app, a_draft)
    as_supplier_of(app, submission, sign_in)
    call(client, "POST", f"/{submission.id}/submit", {})
    sign_in(Role.REVIEWER)

    assert call(client, "POST", f"/{submission.id}/start-review").json()["status"] == "in_review"
    assert call(client, "POST", f"/{submission.id}/start-review").status_code == 409


def test_raw_answers_are_not_for_buyers_and_sales(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    submission = stored(app, a_review)

    for role, status in ((Role.PROCUREMENT, 403), (Role.SALES, 403), (Role.ENGINEER, 200), (Role.AUDITOR, 200)):
        sign_in(role)
        assert call(client, "GET", f"/{submission.id}").status_code == status


def test_only_a_reviewer_decides_and_only_the_supplier_answers(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    submission = stored(app, a_review)
    sign_in(Role.ENGINEER)

    assert call(client, "POST", f"/{submission.id}/accept", {"version": submission.version}).status_code == 403
    assert call(client, "PUT", f"/{submission.id}/answers", {"answers": {}}).status_code == 403


def test_another_suppliers_submission_does_not_exist(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    own, other = stored(app, an_invited_submission), stored(app, an_invited_submission)
    as_supplier_of(app, own, sign_in)

    assert call(client, "GET", f"/{own.id}").status_code == 200
    for method, path, body in (
        ("GET", "", None),
        ("PUT", "/answers", {"answers": {}}),
        ("POST", "/submit", {}),
        ("POST", "/accept", {"version": 1}),
    ):
        assert call(client, method, f"/{other.id}{path}", body).status_code == 404
    assert [item["id"] for item in call(client, "GET", "").json()["items"]] == [str(own.id)]


def test_lists_come_in_pages(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    made = sorted(str(stored(app, an_invited_submission).id) for _ in range(3))
    sign_in(Role.PROCUREMENT)

    first = call(client, "GET", "?limit=2").json()
    second = call(client, "GET", f"?limit=2&after={first['next']}").json()

    assert [item["id"] for item in (*first["items"], *second["items"])] == made[::-1]
    assert second["next"] is None
    assert call(client, "GET", "?limit=1000").status_code == 422
