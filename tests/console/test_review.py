import html
from collections.abc import Callable

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.submissions import evidence, operations, queries
from service.submissions.answers import Entry
from service.submissions.models import Absence, Depth, EvidenceKind, Submission, SubmissionStatus
from service.submissions.questionnaire import questions_for
from tests import builders
from tests.builders import NOW
from tests.conftest import SignIn
from tests.submissions.builders import a_stored_file

Form = Callable[..., dict[str, str]]
SUPPLIER = "invitation:supplier"
TYPED = {
    "site_province": Entry(entered="CN-NM"),
    "product_output": Entry(entered="950", unit="t"),
    "evidence_source": Entry(entered="billed"),
    "furnace_type": Entry(entered="acheson_crucible"),
    "charge_in": Entry(entered="1000", unit="t"),
    "product_out": Entry(entered="950", unit="t"),
    "furnace_electricity": Entry(entered="1250", unit="万kWh", evidence_kind=EvidenceKind.METERED),
}


def submitted(session: Session, *, typed_by: str = SUPPLIER) -> Submission:
    """Return a toll plant's questionnaire, handed in with a plausible answer to each question it needs one for."""
    submission = builders.a_submission(session)
    required = [question.key for question in questions_for("TOLL", Depth.FIRST) if question.required]
    typed = {key: TYPED.get(key, Entry(absent=Absence.UNKNOWN, note="not metered yet")) for key in required}
    operations.save_draft(session, submission, typed, by=typed_by, at=NOW)
    return operations.submit(session, submission, by=typed_by, at=NOW)


@pytest.fixture
def submission(database: Database) -> Submission:
    with database.writing() as session:
        return submitted(session)


def status_of(database: Database, submission: Submission) -> SubmissionStatus:
    with database.reading() as session:
        return queries.find_submissions(session, supplier_id=submission.supplier_id)[0].status


def test_the_reviewer_sees_what_was_typed_what_it_means_and_what_to_compare_it_with(
    client: TestClient, sign_in: SignIn, submission: Submission
) -> None:
    sign_in(Role.REVIEWER)

    page = html.unescape(client.get(f"/console/review/{submission.id}").text)

    assert "<strong>1250 " in page
    assert "= 12,500,000 kWh" in page  # 1250 x 10,000
    assert "= 13,160 kWh/t" in page  # 12,500,000 / 950 = 13,157.9
    assert "13,000 (10,000 – 16,500) kWh/t" in page
    assert "Meter or weighing" in page
    assert "Inner Mongolia" in page
    assert submission.receipt_no is not None
    assert submission.receipt_no in page


def test_a_reviewer_accepts_and_the_answers_count(
    client: TestClient, sign_in: SignIn, form: Form, submission: Submission, database: Database
) -> None:
    sign_in(Role.REVIEWER)
    assert submission.number in client.get("/console/review").text

    answer = client.post(f"/console/review/{submission.id}/accept", data=form(version=str(submission.version)))

    assert answer.status_code == 303
    with database.reading() as session:
        answers = queries.accepted_answers(
            session, [submission.supplier_id], period_start=submission.period_start, period_end=submission.period_end
        )
    assert answers[submission.supplier_id].values["furnace_electricity"] == 12_500_000
    assert "is accepted and can be calculated with" in client.get("/console/review").text
    assert submission.number not in client.get("/console/review").text
    assert submission.number in client.get("/console/review?show=decided").text


def test_words_on_fields_go_back_to_the_supplier(
    client: TestClient, sign_in: SignIn, form: Form, submission: Submission, database: Database
) -> None:
    sign_in(Role.REVIEWER)
    words = {"comment.furnace_electricity": "Please add the meter reading.", "comment.charge_in": " "}

    answer = client.post(f"/console/review/{submission.id}/return", data=form(version=str(submission.version), **words))

    assert answer.status_code == 303
    assert status_of(database, submission) is SubmissionStatus.RETURNED
    with database.reading() as session:
        comments = [(one.field, one.text) for one in queries.comments_of(session, submission.id)]
    assert comments == [("furnace_electricity", "Please add the meter reading.")]
    assert "Please add the meter reading." in client.get(f"/console/review/{submission.id}").text


def test_a_return_without_words_is_refused_and_changes_nothing(
    client: TestClient, sign_in: SignIn, form: Form, submission: Submission, database: Database
) -> None:
    sign_in(Role.REVIEWER)

    answer = client.post(f"/console/review/{submission.id}/return", data=form(version=str(submission.version)))

    assert answer.status_code == 422
    assert "Say on at least one field" in answer.text
    assert status_of(database, submission) is SubmissionStatus.SUBMITTED


def test_words_that_are_too_long_come_back_with_the_message(
    client: TestClient, sign_in: SignIn, form: Form, submission: Submission
) -> None:
    sign_in(Role.REVIEWER)
    words = {"comment.charge_in": "x" * 1001, "comment.product_out": "Which scale?"}

    answer = client.post(f"/console/review/{submission.id}/return", data=form(version=str(submission.version), **words))

    assert answer.status_code == 422
    assert "x" * 1001 in answer.text
    assert "Which scale?" in answer.text
    assert 'href="#field-charge_in"' in answer.text


def test_the_second_of_two_reviewers_is_told(
    client: TestClient, sign_in: SignIn, form: Form, submission: Submission, database: Database
) -> None:
    version = str(submission.version)
    sign_in(Role.REVIEWER)
    first = client.post(f"/console/review/{submission.id}/accept", data=form(version=version))
    sign_in(Role.REVIEWER)

    second = client.post(f"/console/review/{submission.id}/return", data=form(version=version, **{"comment.charge_in": "Check"}))

    assert (first.status_code, second.status_code) == (303, 409)
    assert "Somebody else changed this" in second.text
    assert status_of(database, submission) is SubmissionStatus.ACCEPTED


def test_who_typed_the_answers_can_not_accept_them(client: TestClient, sign_in: SignIn, form: Form, database: Database) -> None:
    person = sign_in(Role.REVIEWER)
    with database.writing() as session:
        own = submitted(session, typed_by=f"user:{person.id}")

    page = client.get(f"/console/review/{own.id}").text
    answer = client.post(f"/console/review/{own.id}/accept", data=form(version=str(own.version)))

    assert "somebody else must accept it" in page
    assert f"/console/review/{own.id}/accept" not in page
    assert answer.status_code == 409
    assert status_of(database, own) is SubmissionStatus.SUBMITTED


def test_taking_a_questionnaire_into_review_is_visible(
    client: TestClient, sign_in: SignIn, form: Form, submission: Submission, database: Database
) -> None:
    sign_in(Role.REVIEWER)

    client.post(f"/console/review/{submission.id}/start", data=form(version=str(submission.version)))

    assert status_of(database, submission) is SubmissionStatus.IN_REVIEW
    assert "In review" in client.get("/console/review").text


@pytest.mark.parametrize("role", [Role.PROCUREMENT, Role.SALES, Role.ADMIN])
def test_raw_answers_are_not_for_everybody(
    client: TestClient, sign_in: SignIn, form: Form, submission: Submission, role: Role
) -> None:
    sign_in(role)

    assert client.get("/console/review").status_code == 403
    assert client.get(f"/console/review/{submission.id}").status_code == 403
    assert client.post(f"/console/review/{submission.id}/accept", data=form(version="1")).status_code == 403
    assert "12,500,000" not in client.get(f"/console/requests/{submission.id}").text
    assert "12,500,000" not in client.get(f"/console/suppliers/{submission.supplier_id}").text


@pytest.mark.parametrize("role", [Role.ENGINEER, Role.AUDITOR])
def test_engineers_and_auditors_look_but_do_not_decide(
    client: TestClient, sign_in: SignIn, form: Form, submission: Submission, role: Role
) -> None:
    sign_in(role)

    page = client.get(f"/console/review/{submission.id}")

    assert page.status_code == 200
    assert "/accept" not in page.text
    assert "Return with these words" not in page.text
    assert client.post(f"/console/review/{submission.id}/accept", data=form(version="1")).status_code == 403


def test_evidence_is_saved_and_never_shown_as_a_page(
    client: TestClient, sign_in: SignIn, submission: Submission, database: Database
) -> None:
    with database.writing() as session:
        draft = builders.a_submission(session)
        stored = a_stored_file(
            b"%PDF-1.7\n<script>alert(1)</script>\n%%EOF",
            "电费单 <b>.pdf",
            data_dir=client.app.state.settings.data_dir,  # type: ignore[attr-defined] # Starlette types any ASGI application
        )
        evidence.attach(session, draft, [stored], field="furnace_electricity", by=SUPPLIER, at=NOW)
        file_id = queries.evidence_of(session, draft.id)[0].id
    sign_in(Role.REVIEWER)

    page = client.get(f"/console/review/{draft.id}").text
    answer = client.get(f"/console/review/{draft.id}/evidence/{file_id}")

    assert f"/console/review/{draft.id}/evidence/{file_id}" in page
    assert "<b>.pdf" not in page
    assert answer.headers["content-disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["content-security-policy"]
    assert client.get(f"/console/review/{submission.id}/evidence/{file_id}").status_code == 404
