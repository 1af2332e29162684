import re
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role, User
from service.audit.models import AuditEvent
from service.database import Database
from service.footprints.models import FootprintRecord
from service.mail.models import MailMessage
from service.product_footprints.models import DeclaredStatus, ProductFootprint
from service.product_footprints.operations import release
from service.settings import Settings
from service.submissions.models import Submission
from service.verification.models import CaseComment, VerificationCase, VerificationStatement
from service.verification.operations import close_case
from service.verification.queries import statement_of
from tests.builders import NOW, a_user
from tests.conftest import MovableClock, SignIn
from tests.console.browsing import submit, words
from tests.footprints.builders import RELEASER
from tests.verification.builders import a_case, a_footprint_with_answers, a_verifier
from tests.verification.test_pack import attach

Form = Callable[..., dict[str, str]]
PARTS = ("", "/explain", "/inputs", "/factors", "/trace", "/electricity", "/methods", "/uncertainty", "/model", "/recheck", "/log")


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A verifier with a case of one footprint, and another footprint that is none of its business."""

    verifier: User
    engineer: User
    case: VerificationCase
    record: FootprintRecord
    other: FootprintRecord
    submission_id: uuid.UUID
    other_submission_id: uuid.UUID

    @property
    def room(self) -> str:
        """Address of the case in the room."""
        return f"/room/cases/{self.case.id}"

    @property
    def console(self) -> str:
        """Address of the case in the console."""
        return f"/console/verification/{self.case.id}"


@pytest.fixture
def here(sqlite_database: Database, settings: Settings) -> Situation:
    with sqlite_database.writing() as session:
        body, verifier = a_verifier(session)
        engineer = a_user(session, roles=(Role.ENGINEER,))
        record = a_footprint_with_answers(session, grade="AG-1")
        first = session.exec(select(Submission)).one().id
        other = a_footprint_with_answers(session, grade="AG-2")
        second = session.exec(select(Submission).where(Submission.id != first)).one().id
        release(session, record, version=record.version, by=RELEASER, at=NOW, settings=settings)
        case = a_case(session, body, record, settings=settings, by=f"user:{engineer.id}")
    return Situation(
        verifier=verifier,
        engineer=engineer,
        case=case,
        record=record,
        other=other,
        submission_id=first,
        other_submission_id=second,
    )


def test_a_verifier_reads_every_page_of_its_case_and_each_look_is_written_down(
    client: TestClient, sign_in: SignIn, here: Situation, sqlite_database: Database
) -> None:
    sign_in(user=here.verifier)
    pages = [here.room, f"{here.room}/questions", f"{here.room}/pack", f"{here.room}/statement"]
    pages += [f"{here.room}/footprints/{here.record.id}{part}" for part in PARTS]
    pages += [f"{here.room}/answers/{here.submission_id}", f"{here.room}/footprints/{here.record.id}/report.pdf"]

    for page in pages:
        answer = client.get(page)
        assert answer.status_code == 200, page
        assert 'href="/console' not in answer.text, page

    with sqlite_database.reading() as session:
        looks = [event.actor for event in session.exec(select(AuditEvent).where(AuditEvent.action == "verification_case_viewed"))]
    assert len(looks) == len(pages)
    assert set(looks) == {f"user:{here.verifier.id}"}


def test_a_verifier_gets_the_files_that_are_for_the_verifier_only(
    client: TestClient, sign_in: SignIn, here: Situation, sqlite_database: Database, settings: Settings
) -> None:
    with sqlite_database.writing() as session:
        submission = session.get_one(Submission, here.submission_id)
        attach(session, submission, "contract.pdf", b"for the verifier", settings=settings, verifier_only=True)
    sign_in(user=here.verifier)
    page = client.get(f"{here.room}/answers/{here.submission_id}")
    link = re.search(rf'href="({here.room}/answers/{here.submission_id}/evidence/[^"]+)"', page.text)
    assert link is not None

    file = client.get(link[1])

    assert file.content == b"for the verifier"
    assert file.headers["content-disposition"].startswith("attachment")
    assert file.headers["content-security-policy"] == "sandbox; default-src 'none'"


@pytest.mark.parametrize(("name", "frame"), [("report.pdf", "GB/T 24067"), ("report-iso-14067.pdf", "ISO 14067")])
def test_a_verifier_reads_the_full_report_of_a_declared_footprint(
    client: TestClient, sign_in: SignIn, here: Situation, name: str, frame: str
) -> None:
    sign_in(user=here.verifier)
    path = f"{here.room}/footprints/{here.record.id}/{name}"

    file = client.get(path)

    assert f'href="{path}"' in client.get(here.room).text
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(file.content)).pages)
    assert frame in text
    assert "P5" in text  # the interval is for verifiers; customers' reports have none


def test_signing_in_leads_a_verifier_to_the_room(client: TestClient, sign_in: SignIn, here: Situation) -> None:
    sign_in(user=here.verifier)

    assert client.get("/").headers["location"] == "/room"
    assert here.case.number in client.get("/room").text


def test_a_verifier_finds_nothing_outside_its_case(client: TestClient, sign_in: SignIn, here: Situation) -> None:
    sign_in(user=here.verifier)

    for page in (
        *(f"{here.room}/footprints/{here.other.id}{part}" for part in PARTS),
        f"{here.room}/answers/{here.other_submission_id}",
        f"{here.room}/answers/{here.submission_id}/evidence/{uuid.uuid4()}",
        f"/room/cases/{uuid.uuid4()}",
        "/console",
        f"/console/footprints/{here.record.id}",
        here.console,
        "/portal",
        f"/api/v1/footprints/{here.record.id}",
    ):
        assert client.get(page).status_code == 404, page


def test_a_case_of_another_verifier_does_not_exist(
    client: TestClient, sign_in: SignIn, here: Situation, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        sign_in_as = a_verifier(session, "Other House")[1]
    sign_in(user=sign_in_as)

    assert_nothing_is_there(client, here)


@pytest.mark.parametrize("days", [-30, 60])
def test_a_case_does_not_exist_before_its_first_and_after_its_last_day(
    days: int, client: TestClient, sign_in: SignIn, here: Situation, clock: MovableClock
) -> None:
    clock.move(timedelta(days=days))
    sign_in(user=here.verifier)

    assert_nothing_is_there(client, here)


def test_a_closed_case_does_not_exist(client: TestClient, sign_in: SignIn, here: Situation, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        case = session.get_one(VerificationCase, here.case.id)
        close_case(session, case, version=case.version, by=RELEASER, at=NOW)
    sign_in(user=here.verifier)

    assert_nothing_is_there(client, here)


def assert_nothing_is_there(client: TestClient, here: Situation) -> None:
    sent = {"csrf_token": client.headers["x-test-csrf"], "text": "Is this so?"}
    for page in ("", "/questions", "/pack", "/pack.zip", "/statement", f"/answers/{here.submission_id}"):
        assert client.get(f"{here.room}{page}").status_code == 404, page
    for part in PARTS:
        assert client.get(f"{here.room}/footprints/{here.record.id}{part}").status_code == 404, part
    for page in ("/questions", "/statement", "/statement/withdraw"):
        assert client.post(f"{here.room}{page}", data=sent).status_code == 404, page


def test_a_question_is_asked_answered_by_the_team_and_settled_by_the_verifier(
    client: TestClient, sign_in: SignIn, here: Situation, sqlite_database: Database
) -> None:
    sign_in(user=here.verifier)
    about = f"{here.record.id}/inputs"
    submit(
        client,
        f"{here.room}/questions?about={about}",
        {"about": about, "text": "Where is the meter?"},
        action=f"{here.room}/questions",
    )
    with sqlite_database.reading() as session:
        question_id = session.exec(select(CaseComment.id)).one()
        recipients = [mail.recipient for mail in session.exec(select(MailMessage))]
    assert recipients == [here.verifier.email, here.engineer.email]

    sign_in(user=here.engineer)
    reply = {"reply_to": question_id, "text": "In hall two."}
    assert submit(client, here.console, reply, action=f"{here.console}/questions").status_code == 303
    refused = submit(client, here.console, {}, action=f"{here.console}/questions/{question_id}/settle")
    assert refused.status_code == 403

    sign_in(user=here.verifier)
    assert "In hall two." in words(client.get(f"{here.room}/questions"))
    submit(client, f"{here.room}/questions", {}, action=f"{here.room}/questions/{question_id}/settle")
    with sqlite_database.reading() as session:
        assert session.get_one(CaseComment, question_id).settled_by == f"user:{here.verifier.id}"


def statement_form(here: Situation, **changes: object) -> dict[str, object]:
    return {
        "body_name": "Assurance House",
        "coverage": "product",
        "level": "reasonable",
        "standard": "ISO 14064-3:2019",
        "criteria": "ISO 14067:2018",
        "conclusion": "positive",
        "statement_en": "Free of material misstatement.",
        "completed_on": "2026-11-20",
        "record_ids": [str(here.record.id)],
    } | changes


def test_a_statement_is_recorded_by_the_verifier_published_by_the_team_and_deprecated_when_withdrawn(
    client: TestClient, sign_in: SignIn, here: Situation, sqlite_database: Database
) -> None:
    sign_in(user=here.verifier)
    page = f"{here.room}/statement"
    assert submit(client, page, statement_form(here)).status_code == 303

    sign_in(user=here.engineer)
    assert submit(client, here.console, {}, action=f"{here.console}/publish").status_code == 303
    with sqlite_database.reading() as session:
        active = session.exec(select(ProductFootprint).where(ProductFootprint.status == DeclaredStatus.ACTIVE)).one()
        active_id = active.id
        stated = statement_of(session, here.record.id)
        assert stated is not None
        assert active.document["pcf"]["verification"]["providerName"] == "Assurance House"
        assert active.statement_id == stated.id
        assert len(active.preceding_ids) == 1

    sign_in(user=here.verifier)
    assert submit(client, page, {"reason": "A meter was wrong."}, action=f"{page}/withdraw").status_code == 303
    with sqlite_database.reading() as session:
        assert statement_of(session, here.record.id) is None
        verified = session.get_one(ProductFootprint, active_id)
        assert verified.status is DeclaredStatus.DEPRECATED
        assert verified.deprecated_reason == "A meter was wrong."


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"completed_on": "2027-01-01"}, "can't be completed on a day to come"),
        ({"statement_en": ""}, "Give the words of the statement"),
        ({"valid_until": "2026-11-20"}, "not after the completion"),
        ({"record_ids": []}, "Choose at least one footprint that the statement covers"),
        ({"record_ids": [str(uuid.UUID(int=1))]}, "not part of the verification"),
    ],
)
def test_a_statement_that_can_not_be_true_is_refused_beside_its_field_and_nothing_typed_is_lost(
    changes: dict[str, object], message: str, client: TestClient, sign_in: SignIn, here: Situation
) -> None:
    sign_in(user=here.verifier)

    answer = submit(client, f"{here.room}/statement", statement_form(here, accreditation="CNAS V042", **changes))

    assert answer.status_code == 422
    assert message in words(answer)
    assert "CNAS V042" in answer.text


def test_an_adverse_statement_is_not_published(
    client: TestClient, sign_in: SignIn, form: Form, here: Situation, sqlite_database: Database
) -> None:
    sign_in(user=here.verifier)
    submit(client, f"{here.room}/statement", statement_form(here, conclusion="adverse"))

    sign_in(user=here.engineer)
    answer = client.post(f"{here.console}/publish", data=form())

    assert answer.status_code == 409
    with sqlite_database.reading() as session:
        assert session.exec(select(VerificationStatement)).one().published_at is None


def test_open_questions_stand_in_the_way_of_a_statement(client: TestClient, sign_in: SignIn, here: Situation) -> None:
    sign_in(user=here.verifier)
    submit(client, f"{here.room}/questions", {"about": "case", "text": "Which meters?"})

    answer = submit(client, f"{here.room}/statement", statement_form(here))

    assert answer.status_code == 409
    assert "1 questions of this verification are open" in words(answer)
