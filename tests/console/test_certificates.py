import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select
from starlette.testclient import TestClient

from service.accounts.models import STAFF_ROLES, Role, User
from service.certificates.models import Certificate, CertificateStatus
from service.certificates.operations import RENDER
from service.jobs.models import Job, JobState
from tests.certificates import builders
from tests.certificates.builders import MEASURED, TOLL, toll_provenance
from tests.conftest import MovableClock

Form = Callable[..., dict[str, str]]
SignIn = Callable[..., User]
JSON = {"accept": "application/json"}


def stored(app: FastAPI, make: Callable[[Session], Certificate]) -> Certificate:
    with app.state.database.writing() as session:
        return make(session)


def ready(app: FastAPI, *, released_by: str = builders.RELEASER) -> dict[str, str]:
    """Store a released footprint and a customer; return what the form sends."""
    with app.state.database.writing() as session:
        record = builders.a_record(session, parameters=MEASURED, provenance=toll_provenance(TOLL), released_by=released_by)
        return {"footprint_id": str(record.id), "customer_id": str(builders.a_customer(session).id)}


def in_database(app: FastAPI, certificate_id: object) -> Certificate:
    with app.state.database.reading() as session:
        found = session.get_one(Certificate, certificate_id)
        session.expunge(found)
    return found


def test_sales_issue_a_certificate_and_download_it(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form, run_jobs: Callable[[], int]
) -> None:
    sign_in(Role.SALES)
    given = ready(app)
    assert given["footprint_id"] in client.get("/console/certificates/new").text

    address = client.post("/console/certificates", data=form(**given, part_no="CELL-7")).headers["location"]
    waiting = client.get(address)
    run_jobs()
    finished = client.get(address)
    download = client.get(f"{address}/pdf")

    assert 'http-equiv="refresh"' in waiting.text
    assert 'http-equiv="refresh"' not in finished.text
    assert "AP-2026-0001" in finished.text
    assert download.headers["content-type"] == "application/pdf"
    assert download.headers["content-disposition"] == 'attachment; filename="AP-2026-0001.pdf"'
    assert download.content.startswith(b"%PDF")
    assert download.content == in_database(app, uuid.UUID(address.rpartition("/")[2])).pdf


def test_the_same_form_sent_twice_issues_one_certificate(app: FastAPI, client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.SALES)
    sent = form(**ready(app), idempotency_key=str(uuid.uuid4()))

    answers = [client.post("/console/certificates", data=sent) for _ in range(2)]

    assert answers[0].headers["location"] == answers[1].headers["location"]
    with app.state.database.reading() as session:
        assert len(session.exec(select(Certificate.id)).all()) == 1


def test_what_was_typed_comes_back_with_the_problem_beside_it(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form
) -> None:
    sign_in(Role.SALES)

    answer = client.post("/console/certificates", data=form(**ready(app), part_no="CELL-7", valid_until="2031-01-01"))

    assert answer.status_code == 422
    assert 'value="CELL-7"' in answer.text
    assert 'value="2031-01-01"' in answer.text
    assert "2028-12-31" in answer.text


def test_the_person_who_released_it_is_told_that_two_people_are_needed(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form
) -> None:
    person = sign_in(Role.SALES, Role.REVIEWER)

    answer = client.post("/console/certificates", data=form(**ready(app, released_by=f"user:{person.id}")))

    assert answer.status_code == 409
    assert "needs two people" in answer.text


@pytest.mark.parametrize("role", sorted(STAFF_ROLES - {Role.SALES}))
def test_only_sales_issue(app: FastAPI, client: TestClient, sign_in: SignIn, form: Form, role: Role) -> None:
    sign_in(role)

    assert client.get("/console/certificates/new").status_code == 403
    assert client.post("/console/certificates", data=form(**ready(app))).status_code == 403


@pytest.mark.parametrize("role", sorted(STAFF_ROLES - {Role.PROCUREMENT, Role.COMMITTEE}))
def test_staff_see_list_and_certificate(app: FastAPI, client: TestClient, sign_in: SignIn, role: Role) -> None:
    certificate = stored(app, builders.valid)
    sign_in(role)

    assert certificate.number in client.get("/console/certificates").text
    assert certificate.number in client.get(f"/console/certificates/{certificate.id}").text


def test_buyers_open_no_certificate(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    """Its four digits, with the amounts that they know, would tell a supplier's input."""
    certificate = stored(app, builders.valid)
    sign_in(Role.PROCUREMENT)

    for path in ("", f"/{certificate.id}", f"/{certificate.id}/pdf"):
        assert client.get(f"/console/certificates{path}").status_code == 403
        assert client.get(f"/api/v1/certificates{path}").status_code == 403


def test_suppliers_learn_of_no_certificate(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    certificate = stored(app, builders.valid)
    sign_in(Role.SUPPLIER)

    for path in ("", f"/{certificate.id}", f"/{certificate.id}/pdf"):
        assert client.get(f"/console/certificates{path}").status_code == 404


def test_withdrawing_needs_a_reason_and_keeps_it(app: FastAPI, client: TestClient, sign_in: SignIn, form: Form) -> None:
    certificate = stored(app, builders.valid)
    sign_in(Role.SALES)
    address = f"/console/certificates/{certificate.id}"

    short = client.post(f"{address}/withdraw", data=form(reason="no", version="2"))
    done = client.post(f"{address}/withdraw", data=form(reason="The grade was wrong", version="2"))

    assert short.status_code == 422
    assert done.status_code == 303
    assert in_database(app, certificate.id).status is CertificateStatus.WITHDRAWN
    assert "The grade was wrong" in client.get(address).text


def test_a_withdrawal_of_an_older_state_keeps_what_was_typed(app: FastAPI, client: TestClient, sign_in: SignIn, form: Form) -> None:
    certificate = stored(app, builders.valid)
    sign_in(Role.SALES)

    answer = client.post(f"/console/certificates/{certificate.id}/withdraw", data=form(reason="The grade was wrong", version="1"))

    assert answer.status_code == 409
    assert "The grade was wrong" in answer.text


def test_a_revision_replaces_the_certificate_and_both_point_to_each_other(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form, run_jobs: Callable[[], int]
) -> None:
    old = stored(app, builders.valid)
    sign_in(Role.SALES)
    address = f"/console/certificates/{old.id}"
    page = client.get(f"{address}/revise").text
    version = re.search(r'name="version" value="(\d+)"', page)
    assert version is not None

    new = client.post(f"{address}/revise", data=form(footprint_id=str(old.footprint_id), version=version[1])).headers["location"]
    assert in_database(app, old.id).status is CertificateStatus.VALID
    run_jobs()

    assert in_database(app, old.id).status is CertificateStatus.SUPERSEDED
    assert "AP-2026-0001-R2" in client.get(address).text
    assert f'href="{address}"' in client.get(new).text


def test_a_failed_document_is_said_so_and_can_be_tried_again(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form, run_jobs: Callable[[], int]
) -> None:
    certificate = stored(app, builders.issued)
    sign_in(Role.SALES)
    with app.state.database.writing() as session:
        job = session.exec(select(Job).where(Job.name == RENDER)).one()
        job.state = JobState.FAILED
    address = f"/console/certificates/{certificate.id}"

    assert "could not be made" in client.get(address).text
    client.post(f"{address}/render", data=form())
    run_jobs()

    assert in_database(app, certificate.id).status is CertificateStatus.VALID


def test_an_unfinished_document_can_not_be_downloaded(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    certificate = stored(app, builders.issued)
    sign_in(Role.SALES)

    answer = client.get(f"/console/certificates/{certificate.id}/pdf")

    assert answer.status_code == 404
    assert "not finished" in answer.text


def test_the_list_filters_by_standing_and_words(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    certificate = stored(app, builders.valid)
    sign_in(Role.AUDITOR)

    assert certificate.number in client.get("/console/certificates?standing=valid").text
    assert certificate.number not in client.get("/console/certificates?standing=expired").text
    assert certificate.number not in client.get("/console/certificates?q=nothing").text
    assert client.get("/console/certificates?standing=nonsense").status_code == 200


def test_an_empty_database_says_what_to_do(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SALES)

    assert "No certificates yet" in client.get("/console/certificates").text
    assert "No footprint is ready" in client.get("/console/certificates/new").text


def test_pages_speak_chinese(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    certificate = stored(app, builders.valid)
    sign_in(Role.SALES)

    for path in ("", "/new", f"/{certificate.id}", f"/{certificate.id}/revise"):
        page = client.get(f"/console/certificates{path}?lang=zh-CN")
        assert page.status_code == 200
        assert "证书" in page.text


# ---- For programs ----


def test_programs_issue_read_and_withdraw(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SALES)
    issued = client.post("/api/v1/certificates", json=ready(app), headers=JSON)
    certificate_id = issued.json()["id"]

    shown = client.get(f"/api/v1/certificates/{certificate_id}", headers=JSON).json()
    listed = client.get("/api/v1/certificates?limit=1", headers=JSON).json()
    withdrawn = client.post(
        f"/api/v1/certificates/{certificate_id}/withdraw", json={"reason": "A wrong grade", "version": 1}, headers=JSON
    )

    assert issued.status_code == 200
    assert shown["standing"] == "rendering"
    assert shown["verify_url"].endswith(shown["public_id"])
    assert [item["id"] for item in listed["items"]] == [certificate_id]
    assert withdrawn.json()["standing"] == "withdrawn"


@pytest.mark.parametrize(
    "extra", [{"status": "valid"}, {"number": "AP-1"}, {"version": 3}, {"valid_from": "2020-01-01"}, {"pdf": "x"}]
)
def test_programs_can_not_send_what_the_service_decides(
    app: FastAPI, client: TestClient, sign_in: SignIn, extra: dict[str, object]
) -> None:
    sign_in(Role.SALES)

    answer = client.post("/api/v1/certificates", json={**ready(app), **extra}, headers=JSON)

    assert answer.status_code == 422


def test_programs_are_paged_by_key(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    for _ in range(3):
        stored(app, builders.valid)
    sign_in(Role.AUDITOR)

    first = client.get("/api/v1/certificates?limit=2", headers=JSON).json()
    second = client.get(f"/api/v1/certificates?limit=2&after={first['next_after']}", headers=JSON).json()

    assert [item["number"] for item in first["items"]] == ["AP-2026-0003", "AP-2026-0002"]
    assert [item["number"] for item in second["items"]] == ["AP-2026-0001"]
    assert second["next_after"] is None


def test_a_certificate_expires_by_its_date_alone(app: FastAPI, client: TestClient, sign_in: SignIn, clock: MovableClock) -> None:
    certificate = stored(app, builders.valid)
    clock.move(timedelta(days=3 * 365))
    sign_in(Role.AUDITOR)

    assert client.get(f"/api/v1/certificates/{certificate.id}", headers=JSON).json()["standing"] == "expired"
