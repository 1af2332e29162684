import re
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role, User
from service.green_score.models import Score
from service.jobs.models import Job
from service.mail.models import MailMessage
from service.procurement.models import Appeal, AppealStatus, CorrectiveAction
from service.suppliers.models import Supplier
from tests.console.browsing import submit, words
from tests.green_score.builders import a_score
from tests.procurement.follow_up_builders import an_action, an_appeal

SignIn = Callable[..., User]
LIST = "/console/corrective-actions"


@pytest.fixture
def score(app: FastAPI) -> Score:
    """A supplier's score of grade C, 66.39 points."""
    with app.state.database.writing() as session:
        return a_score(session, grade="C")


def test_a_grade_that_asks_for_an_action_leads_to_one(client: TestClient, sign_in: SignIn, score: Score) -> None:
    person = sign_in(Role.PROCUREMENT)
    assert f"{LIST}/new?score={score.id}" in client.get(LIST).text
    fields = {"wanted": "Read the meter every month", "due": "2027-03-31", "owner_id": str(person.id)}
    known = {"supplier_id": str(score.supplier_id), "finding": "Grade C", "score_id": str(score.id)}

    too_late = submit(client, f"{LIST}/new?score={score.id}", fields | known | {"due": "2027-12-31"}, action=LIST)
    opened = submit(client, f"{LIST}/new?score={score.id}", fields | known, action=LIST)

    assert too_late.status_code == 422
    assert "choose 2027-05-24 at the latest" in words(too_late)
    assert "Read the meter every month" in too_late.text
    assert opened.status_code == 303
    assert "K-2026-0001" in words(client.get(LIST))
    assert f"{LIST}/new?score={score.id}" not in client.get(LIST).text
    assert "Nothing to put right" in words(client.get(f"{LIST}?status=overdue"))


def test_the_suppliers_contact_hears_of_it_in_both_languages(
    app: FastAPI, client: TestClient, sign_in: SignIn, score: Score
) -> None:
    person = sign_in(Role.PROCUREMENT)
    with app.state.database.writing() as session:
        session.get_one(Supplier, score.supplier_id).contact_email = "clerk@toll.example"
    fields = {"wanted": "Read the meter every month", "due": "2027-03-31", "owner_id": str(person.id), "finding": "Grade C"}

    submit(client, f"{LIST}/new", {**fields, "supplier_id": str(score.supplier_id)}, action=LIST)

    with app.state.database.reading() as session:
        mail = session.exec(select(MailMessage)).one()
        assert mail.recipient == "clerk@toll.example"
        assert "整改" in mail.subject
        assert "put something right by 2027-03-31" in mail.body
        assert "/portal/score" in mail.body
        assert "Grade C" not in mail.body  # what was found stands behind the log-in only


def test_an_action_is_closed_by_another_person_and_then_scored_again(
    app: FastAPI, client: TestClient, sign_in: SignIn, score: Score
) -> None:
    owner = sign_in(Role.PROCUREMENT)
    with app.state.database.writing() as session:
        page = f"{LIST}/{an_action(session, score, owner=session.get_one(User, owner.id)).id}"
    submit(client, page, {"evidence": "Bills of January to March"}, action=f"{page}/done")

    refused = submit(client, page, {"note": "Seen", "version": 2}, action=f"{page}/close")
    sign_in(Role.ENGINEER)
    again = submit(client, page, {"note": "February is missing"}, action=f"{page}/open-again")
    submit(client, page, {"evidence": "Bill of February"}, action=f"{page}/done")
    sign_in(Role.REVIEWER)
    closed = submit(client, page, {"note": "Seen"}, action=f"{page}/close")

    assert refused.status_code == 409
    assert "another person has to close it" in words(refused)
    assert again.status_code == closed.status_code == 303
    with app.state.database.reading() as session:
        assert session.exec(select(CorrectiveAction)).one().status == "closed"
        assert session.exec(select(Job).where(Job.name == "rescore_after_action")).one()


def test_the_pages_read_in_chinese_and_for_auditors(app: FastAPI, client: TestClient, sign_in: SignIn, score: Score) -> None:
    with app.state.database.writing() as session:
        action, appeal = an_action(session, score), an_appeal(session, score)
    sign_in(Role.AUDITOR)

    for page, text in (
        (LIST, "整改措施"),
        (f"{LIST}/{action.id}", "整改要求"),
        ("/console/appeals", "评分申诉"),
        (f"/console/appeals/{appeal.id}", "供应商陈述"),
    ):
        answer = client.get(f"{page}?lang=zh-CN")
        assert answer.status_code == 200
        assert text in words(answer)
        assert not re.search(r'method="post" action="/console/(appeals|corrective)', answer.text)
    sign_in(Role.SALES)
    assert client.get(LIST).status_code == client.get("/console/appeals").status_code == 403


def test_an_objection_is_decided_with_words_and_a_buyer_reads_whole_points_only(
    app: FastAPI, client: TestClient, sign_in: SignIn, score: Score
) -> None:
    with app.state.database.writing() as session:
        page = f"/console/appeals/{an_appeal(session, score).id}"
    sign_in(Role.PROCUREMENT)
    assert "66 points, grade C" in words(client.get(page))

    short = submit(client, page, {"verdict": "upheld", "decision": "yes"})
    decided = submit(client, page, {"verdict": "upheld", "decision": "The bills show monthly readings."})
    sign_in(Role.ENGINEER)

    assert short.status_code == 422
    assert decided.status_code == 303
    assert "66.4 points, grade C" in words(client.get(page))
    with app.state.database.reading() as session:
        assert session.exec(select(Appeal)).one().status is AppealStatus.UPHELD
        assert session.exec(select(Job).where(Job.name == "rescore_after_appeal")).one()


def test_who_had_a_hand_in_the_score_is_told_that_another_person_decides(
    app: FastAPI, client: TestClient, sign_in: SignIn, score: Score
) -> None:
    person = sign_in(Role.ENGINEER)
    with app.state.database.writing() as session:
        stored = session.get_one(Score, score.id)
        stored.calculated_by = f"user:{person.id}"
        session.add(stored)
        page = f"/console/appeals/{an_appeal(session, stored).id}"

    assert "Another person decides" in words(client.get(page))
    answer = submit(client, page, {"verdict": "rejected", "decision": "It stays as it is.", "version": 1})
    assert answer.status_code == 409
