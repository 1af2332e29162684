"""The reviewer's queue, what may be accepted together, and what stands beside an answer."""

import html
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.database import Database
from service.submissions import operations, queries
from service.submissions.answers import Entry
from service.submissions.models import Submission, SubmissionStatus
from service.submissions.review_queue import WAITING, QueueFilter, review_queue, unchanged_in_queue
from service.suppliers.models import Supplier
from tests.builders import a_supplier
from tests.conftest import SignIn
from tests.submissions.builders import NOW, SUPPLIER_ACTOR, a_draft, an_accepted

Form = Callable[..., dict[str, str]]
# 4 % more of everything: 998.4 t out, 9.4848 GWh, so 9,500 kWh/t as before.
MORE = {
    "product_output": Entry(entered="13000", unit="t"),
    "charge_in": Entry(entered="1040", unit="t"),
    "product_out": Entry(entered="998.4", unit="t"),
    "furnace_electricity": Entry(entered="948.48", unit="万kWh"),
    "auxiliary_electricity": Entry(entered="299,520", unit="kWh"),
    "packing_coke_net": Entry(entered="149.76", unit="t"),
}


def handed_in(session: Session, *, supplier: Supplier | None = None, year: int = 2025, **changes: Entry) -> Submission:
    submission = a_draft(session, supplier=supplier, year=year, **changes)
    return operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW, reasons=_reasons(session, submission))


def _reasons(session: Session, submission: Submission) -> dict[str, str]:
    return {one.key: "Checked against the meter" for one in operations.observe(session, submission)}


def numbers(session: Session, **wanted: object) -> list[str]:
    return [row.number for row in review_queue(session, QueueFilter(statuses=WAITING, **wanted))]  # type: ignore[arg-type] # a test names what it is about


def test_the_queue_is_narrowed_by_type_period_doubt_age_and_reviewer(session: Session) -> None:
    plain = handed_in(session)
    older = handed_in(session, year=2024)
    doubtful = handed_in(session, furnace_electricity=Entry(entered="1600", unit="万kWh"))
    operations.start_review(session, older, by="user:me", at=NOW)

    assert numbers(session) == [plain.number, older.number, doubtful.number]
    assert numbers(session, year=2024) == [older.number]
    assert numbers(session, with_warnings=True) == [doubtful.number]
    assert numbers(session, reviewer="user:me") == [older.number]
    assert numbers(session, supplier_type="COKE") == []
    assert numbers(session, waits_since=NOW) == []
    assert len(numbers(session, waits_since=NOW + timedelta(seconds=1))) == 3


def test_only_totals_that_moved_are_no_change(session: Session) -> None:
    supplier = a_supplier(session)
    an_accepted(session, supplier=supplier, year=2024)
    same = handed_in(session, supplier=supplier, **MORE)

    assert [row.id for row in unchanged_in_queue(session)] == [same.id]


@pytest.mark.parametrize(
    "change",
    [
        {"furnace_electricity": Entry(entered="870", unit="万kWh")},  # 9,062 instead of 9,500 kWh/t: 4.6 % of 5 % allowed, below
        {"furnace_electricity": Entry(entered="860", unit="万kWh")},
        {"power_source": Entry(entered="mixed")},
        {"evidence_source": Entry(entered="estimated")},
    ],
    ids=["4.6 % less electricity", "5.7 % less electricity", "another power contract", "other evidence"],
)
def test_another_consumption_per_tonne_or_another_choice_is_a_change(session: Session, change: dict[str, Entry]) -> None:
    supplier = a_supplier(session)
    an_accepted(session, supplier=supplier, year=2024)
    handed_in(session, supplier=supplier, **change)

    is_within = change.get("furnace_electricity") == Entry(entered="870", unit="万kWh")
    assert bool(unchanged_in_queue(session)) is is_within


def test_the_first_questionnaire_of_a_supplier_is_never_unchanged(session: Session) -> None:
    handed_in(session)

    assert unchanged_in_queue(session) == []


@pytest.fixture
def unchanged(database: Database) -> list[Submission]:
    """Two suppliers whose answers say the same as the year before."""
    found = []
    with database.writing() as session:
        for name in ("One", "Two"):
            supplier = a_supplier(session, name_en=name)
            an_accepted(session, supplier=supplier, year=2024)
            found.append(handed_in(session, supplier=supplier, **MORE))
    return found


def test_unchanged_questionnaires_are_accepted_together_but_never_ones_own(
    client: TestClient, sign_in: SignIn, form: Form, unchanged: list[Submission], database: Database
) -> None:
    person = sign_in(Role.REVIEWER)
    mine, other = unchanged
    with database.writing() as session:
        session.get_one(Submission, mine.id).typed_by = [f"user:{person.id}"]
    page = client.get("/console/review/unchanged").text
    chosen = re.findall(r'name="chosen" type="checkbox" value="([^"]+)"', page)
    assert len(chosen) == 2

    answer = client.post("/console/review/unchanged", data={**form(), "chosen": chosen})

    assert answer.status_code == 200
    assert f"{mine.number}: You typed answers of this questionnaire" in answer.text
    with database.reading() as session:
        assert session.get_one(Submission, mine.id).status is SubmissionStatus.SUBMITTED
        assert session.get_one(Submission, other.id).status is SubmissionStatus.ACCEPTED
        assert queries.ratings_of(session, other.id)


def test_what_is_not_unchanged_is_not_accepted_by_asking_for_it(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    with database.writing() as session:
        first = handed_in(session)
    sign_in(Role.REVIEWER)

    answer = client.post("/console/review/unchanged", data={**form(), "chosen": [f"{first.id}:{first.version}"]})

    assert "Somebody else changed this" in answer.text
    with database.reading() as session:
        assert session.get_one(Submission, first.id).status is SubmissionStatus.SUBMITTED
    assert client.post("/console/review/unchanged", data={**form(), "chosen": ["nonsense"]}).status_code == 422


def test_an_answer_stands_beside_last_year_the_model_and_other_plants(
    client: TestClient, sign_in: SignIn, database: Database
) -> None:
    with database.writing() as session:
        for number in range(5):
            kwh = Entry(entered=str(900 + 10 * number), unit="万kWh")
            an_accepted(session, supplier=a_supplier(session, name_en=f"Peer {number}"), furnace_electricity=kwh)
        supplier = a_supplier(session, name_en="Own")
        an_accepted(session, supplier=supplier, year=2024)
        own = handed_in(session, supplier=supplier, furnace_electricity=Entry(entered="960", unit="万kWh"))
    sign_in(Role.ENGINEER)

    page = html.unescape(client.get(f"/console/review/{own.id}").text)

    assert "9,120,000 kWh (+5.3 % per tonne)" in page  # (960 / 960 t) / (912 / 960 t) = 1.0526
    # 9.0, 9.1, 9.2, 9.3, 9.4 GWh over 960 t: quartiles 9,479, 9,583, 9,688 kWh/t, to two digits
    assert "9,600 (9,500 – 9,700) kWh/t, 5 plants" in page
    assert "Peer 1" not in page
    assert "9,500 (" in page  # the model's default


def test_the_reviewer_sets_sources_and_scores_and_decides_in_one_step(
    client: TestClient, sign_in: SignIn, form: Form, database: Database
) -> None:
    with database.writing() as session:
        submission = handed_in(session)
    sign_in(Role.REVIEWER)
    page = client.get(f"/console/review/{submission.id}").text
    assert 'name="scores.charge_in" value="2-1-1-1-1"' in page  # metered, but no file shows it

    wrong = {"grade.charge_in": "estimated", "scores.charge_in": "1-1-1-1-1"}
    answer = client.post(f"/console/review/{submission.id}/accept", data=form(version=str(submission.version), **wrong))
    assert answer.status_code == 422
    assert "the reliability is 4 at best" in answer.text

    right = {"grade.charge_in": "estimated", "scores.charge_in": "4-1-2-1-1"}
    answer = client.post(f"/console/review/{submission.id}/accept", data=form(version=str(submission.version), **right))
    assert answer.status_code == 303
    with database.reading() as session:
        found = queries.understood_answers(session, submission)
    assert (found.evidence_kinds["charge_in"], found.scores["charge_in"]) == ("estimated", (4, 1, 2, 1, 1))
    assert found.scores["product_out"] == (2, 1, 1, 1, 1)


def test_who_may_only_read_gets_no_form(client: TestClient, sign_in: SignIn, database: Database) -> None:
    with database.writing() as session:
        submission = handed_in(session)
    sign_in(Role.AUDITOR)

    page = client.get(f"/console/review/{submission.id}").text

    assert f'action="/console/review/{submission.id}' not in page
    assert "<textarea" not in page
    assert "2-1-1-1-1" in page
