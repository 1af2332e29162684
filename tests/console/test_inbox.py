"""The work queue: each role sees its own work, how much, since when, and one next step."""

import re
from datetime import date, timedelta

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from service.accounts.models import OrganisationKind, Role
from service.certificates.models import CertificateStatus
from service.console.waiting import what_waits
from service.console.waiting_kinds import Asked
from service.database import Database
from service.footprints.models import FootprintStatus
from service.jobs.models import Job, JobState
from service.mail.models import MailMessage, MailState
from service.submissions.models import SubmissionStatus
from tests import builders
from tests.accounts.builders import a_person
from tests.builders import NOW
from tests.conftest import SignIn
from tests.console.browsing import words
from tests.console.builders import a_certificate, a_footprint

TODAY = date(2026, 11, 22)  # NOW is 2026-11-22 02:00 UTC, 10:00 in Shanghai


def something_for_everybody(session: Session) -> None:
    """Two of each thing that can wait where two fit, and beside each something that does not."""
    for days in (1, 3):
        submitted = builders.a_submission(session, status=SubmissionStatus.SUBMITTED)
        submitted.submitted_at = NOW - timedelta(days=days)
    builders.a_submission(session, status=SubmissionStatus.ACCEPTED)
    builders.a_submission(session, status=SubmissionStatus.INVITED).deadline = TODAY - timedelta(days=5)
    builders.a_submission(session, status=SubmissionStatus.INVITED).deadline = TODAY
    builders.a_submission(session, status=SubmissionStatus.PLANNED)
    builders.a_submission(session, status=SubmissionStatus.BOUNCED)
    builders.a_submission(session, status=SubmissionStatus.RETURNED)
    a_footprint(session, calculated_at=NOW - timedelta(days=2))
    a_footprint(session, status=FootprintStatus.RELEASED)
    for days in (0, 60, 61, -1):
        a_certificate(session, valid_until=TODAY + timedelta(days=days))
    a_certificate(session, valid_until=TODAY, status=CertificateStatus.WITHDRAWN)
    for state in (MailState.FAILED, MailState.SENT):
        session.add(MailMessage(about="user:x", recipient="a@b.example", subject="s", body="b", state=state, created_at=NOW))
    for number, state in enumerate((JobState.FAILED, JobState.DONE)):
        session.add(Job(name="send_mail", key=f"k{number}", state=state, run_at=NOW, created_at=NOW))
    a_person(session, password=None)


EXPECTED = {
    Role.REVIEWER: {
        "Answers to review": (2, "the oldest since 2026-11-19, for 3 days"),
        "Footprints to release": (1, "the oldest since 2026-11-20, for 2 days"),
    },
    Role.PROCUREMENT: {
        "Requests past their deadline": (1, "the oldest since 2026-11-17, for 5 days"),
        "Requests whose mail came back": (1, "the oldest since today"),
        "Requests not sent yet": (1, "the oldest since today"),
        "Returned to suppliers": (1, ""),
    },
    Role.SALES: {"Certificates that end soon": (2, "the first ends today")},
    Role.ADMIN: {
        "Mails that could not be sent": (1, "the oldest since today"),
        "Jobs that failed": (1, "the oldest since today"),
        "People who never came": (1, "the oldest since today"),
    },
    Role.AUDITOR: {},
}
EXPECTED[Role.ENGINEER] = {**EXPECTED[Role.PROCUREMENT], "Footprints to release": EXPECTED[Role.REVIEWER]["Footprints to release"]}


LINE = re.compile(r'<h2>([^<]+?)\s*<span class="badge [^"]*">(\d+)</span>\s*</h2>\s*<p>(?:([^<]+) · )?<span')


def lines_of(page: str) -> dict[str, tuple[int, str]]:
    return {title: (int(count), age) for title, count, age in LINE.findall(page)}


@pytest.mark.parametrize("role", list(EXPECTED))
def test_each_role_sees_its_own_work_and_nothing_else(
    client: TestClient, sign_in: SignIn, sqlite_database: Database, role: Role
) -> None:
    with sqlite_database.writing() as session:
        something_for_everybody(session)
        user = a_person(session, roles=[role])
    sign_in(user=user)

    page = client.get("/console")

    assert lines_of(page.text) == EXPECTED[role]


@pytest.mark.parametrize("role", list(EXPECTED))
def test_every_next_step_leads_to_a_page_that_the_role_may_open(
    client: TestClient, sign_in: SignIn, sqlite_database: Database, role: Role
) -> None:
    with sqlite_database.writing() as session:
        something_for_everybody(session)
    sign_in(role)

    steps = re.findall(r'<a class="button [^"]*" href="([^"]+)"', client.get("/console").text)

    assert len(steps) == len(EXPECTED[role])
    assert [client.get(step).status_code for step in steps] == [200] * len(steps)


def test_one_s_own_footprint_waits_for_somebody_else(client: TestClient, sign_in: SignIn, sqlite_database: Database) -> None:
    engineer = sign_in(Role.ENGINEER)
    with sqlite_database.writing() as session:
        a_footprint(session, calculated_by=f"user:{engineer.id}")

    assert "Footprints to release" not in words(client.get("/console"))


def test_an_empty_queue_says_what_will_come(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.REVIEWER)

    assert "Nothing waits for you" in words(client.get("/console"))


def test_the_queue_reads_in_chinese(client: TestClient, sign_in: SignIn, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        something_for_everybody(session)
    sign_in(Role.REVIEWER)

    page = words(client.get("/console", headers={"accept-language": "zh-CN"}))

    assert "待审核的填报 2 最早自 2026-11-19 起，已 3 天" in page


def test_the_queue_counts_alike_on_both_engines(database: Database) -> None:
    from service.accounts.access import Principal  # noqa: PLC0415 - only this test builds one

    with database.writing() as session:
        something_for_everybody(session)
        maker = builders.a_maker(session)
        everybody = Principal(
            user_id=builders.a_user(session).id,
            invitation_id=None,
            submission_id=None,
            organisation_id=maker.id,
            organisation_kind=OrganisationKind.MAKER,
            organisation_name_zh="",
            organisation_name_en="",
            name="",
            roles=frozenset(Role) - {Role.SUPPLIER},
            locale=None,
            session_hash="",
        )
        asked = Asked(session=session, principal=everybody, at=NOW, today=TODAY)
        counts = {kind.title: found.count for kind, found in what_waits(asked)}

    merged = {title: count for of_role in EXPECTED.values() for title, (count, _) in of_role.items()}
    merged["People who never came"] = 2  # the one just built has no password either
    assert counts == merged
