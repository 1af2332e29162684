"""A supplier's own score in the portal."""

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Organisation, Role, User
from service.compliance.models import HeldCertificate, Proof
from service.green_score.method import shipped_method
from service.green_score.models import Score
from service.green_score.operations import indicators_as_stored
from service.green_score.scoring import score as score_of
from service.green_score.stored_facts import facts_as_stored
from service.mail.models import MailMessage
from service.procurement.models import ActionStatus, Appeal, CorrectiveAction
from service.suppliers.models import Supplier
from tests import builders
from tests.conftest import MovableClock
from tests.console.browsing import submit, words
from tests.green_score.builders import a_score
from tests.green_score.facts_builders import EXAMPLE
from tests.portal.visits import enter, invite
from tests.procurement.follow_up_builders import an_action

SignIn = Callable[..., User]


class Own(NamedTuple):
    """A supplier's person, its score and something to put right."""

    person: User
    supplier: Supplier
    score: Score
    action: CorrectiveAction


@pytest.fixture
def own(app: FastAPI) -> Own:
    """A supplier scored as in the worked example, signed in by nobody yet."""
    return an_own(app)


def an_own(app: FastAPI, name_en: str = "Mengtan Toll") -> Own:
    facts = EXAMPLE
    result = score_of(facts, shipped_method())
    with app.state.database.writing() as session:
        supplier = builders.a_supplier(session, name_en=name_en)
        organisation = session.get_one(Organisation, supplier.organisation_id)
        person = builders.a_user(session, roles=[Role.SUPPLIER], organisation=organisation)
        score = a_score(
            session,
            supplier=supplier,
            grade=result.grade.letter,
            total=result.points.total,
            inputs=facts_as_stored(facts),
            indicators=indicators_as_stored(result, {}),
        )
        return Own(person, supplier, score, an_action(session, score))


def test_a_supplier_sees_its_score_why_and_what_would_raise_it(client: TestClient, sign_in: SignIn, own: Own) -> None:
    sign_in(user=own.person)

    shown = words(client.get("/portal/score"))

    assert "66.4 of 100 points" in shown
    assert "Grade B · Qualified supplier" in shown
    assert "A1 Footprint against the benchmark 11.9 / 18.0" in shown  # 18 x 66.01 / 100
    assert "What would raise it most for the least effort" in shown
    assert shown.count("more points.") == 2
    assert "You can object until 2026-11-29" in shown  # calculated on 22 November, seven days


def test_the_page_reads_in_chinese(client: TestClient, sign_in: SignIn, own: Own) -> None:
    sign_in(user=own.person)

    shown = words(client.get("/portal/score?lang=zh-CN"))

    assert "66.4 / 100 分" in shown
    assert "等级 B · 合格" in shown
    assert "最省力的提分办法" in shown
    assert "您可在 2026-11-29 前（含当日）提出申诉" in shown


def test_what_a_supplier_takes_along_holds_its_scores_and_what_came_of_them(
    app: FastAPI, client: TestClient, sign_in: SignIn, own: Own
) -> None:
    other = an_own(app, name_en="Other Toll")
    sign_in(user=own.person)

    archive = zipfile.ZipFile(io.BytesIO(client.get("/portal/export").content))
    taken = json.loads(archive.read("scores.json"))

    assert [(one["id"], round(one["total"], 1), one["grade"]) for one in taken["scores"]] == [(str(own.score.id), 66.4, "B")]
    assert [one["number"] for one in taken["actions"]] == [own.action.number]
    assert str(other.score.id) not in json.dumps(taken)


def test_what_earns_how_much_is_open_to_the_supplier(client: TestClient, sign_in: SignIn, own: Own) -> None:
    sign_in(user=own.person)

    shown = words(client.get(f"/portal/score/{own.score.id}/anchors"))

    assert "The benchmark itself earns 60" in shown


def test_nothing_of_another_supplier_is_found(app: FastAPI, client: TestClient, sign_in: SignIn, own: Own) -> None:
    other = an_own(app, name_en="Other Toll")
    sign_in(user=own.person)

    for path in (f"{other.score.id}/anchors", f"{other.score.id}/appeal", f"actions/{other.action.id}"):
        assert client.get(f"/portal/score/{path}").status_code == 404
    page = words(client.get("/portal/score"))
    assert "Other Toll" not in page
    assert "rank" not in page.lower().replace("ranked", "")


def test_a_score_of_a_period_that_is_still_open_is_not_shown(app: FastAPI, client: TestClient, sign_in: SignIn, own: Own) -> None:
    with app.state.database.writing() as session:
        score = session.get_one(Score, own.score.id)
        score.is_open = True
        session.add(score)
    sign_in(user=own.person)

    assert "No score yet" in words(client.get("/portal/score"))
    assert client.get(f"/portal/score/{own.score.id}/appeal").status_code == 404


def test_who_came_by_link_has_no_account_and_sees_no_score(app: FastAPI, client: TestClient) -> None:
    enter(client, invite(app))

    answer = client.get("/portal/score")

    assert answer.status_code == 404
    assert "Scores are for people with an account" in words(answer)


def test_an_objection_arrives_once_and_in_time(
    app: FastAPI, client: TestClient, sign_in: SignIn, own: Own, clock: MovableClock
) -> None:
    sign_in(user=own.person)
    path = f"/portal/score/{own.score.id}/appeal"
    fields = {"indicator": "B3", "words": "The meter is read every month."}

    assert submit(client, path, fields).status_code == 303
    again = submit(client, path, fields)
    clock.move(timedelta(days=8))
    sign_in(user=own.person)
    late = submit(client, path, fields | {"indicator": "C1"})

    assert again.status_code == 422
    assert "You have objected to this already" in words(again)
    assert late.status_code == 409
    assert "until 2026-11-29" in words(late)
    shown = words(client.get("/portal/score"))
    assert "B3 Metering of electricity We look into it" in shown
    assert "You can object until" not in shown
    with app.state.database.reading() as session:
        assert session.exec(select(Appeal)).one().filed_by == f"user:{own.person.id}"


def test_what_was_to_be_put_right_is_said_to_be_done(app: FastAPI, client: TestClient, sign_in: SignIn, own: Own) -> None:
    sign_in(user=own.person)
    assert "Read it every month" in words(client.get("/portal/score"))

    answer = submit(client, f"/portal/score/actions/{own.action.id}", {"evidence": "Bills of January to March"})

    assert answer.status_code == 303
    assert "Done, we check it" in words(client.get("/portal/score"))
    with app.state.database.reading() as session:
        action = session.get_one(CorrectiveAction, own.action.id)
        assert (action.status, action.done_by) == (ActionStatus.DONE, f"user:{own.person.id}")
        assert [mail.recipient for mail in session.exec(select(MailMessage))] == [session.get_one(User, action.owner_id).email]


def test_a_certificate_that_is_told_of_waits_to_be_looked_at(app: FastAPI, client: TestClient, sign_in: SignIn, own: Own) -> None:
    sign_in(user=own.person)
    fields = {
        "kind": "iso_50001",
        "number": "EN-7",
        "issuer": "CQC",
        "issued_on": "2026-01-01",
        "valid_until": "2025-01-01",
        "evidence": "cx.cnca.cn",
    }

    wrong = submit(client, "/portal/score/certificate", fields)
    right = submit(client, "/portal/score/certificate", fields | {"valid_until": "2028-12-31"})

    assert wrong.status_code == 422
    assert 'value="EN-7"' in wrong.text
    assert right.status_code == 303
    assert "Energy management (ISO 50001, GB/T 23331) Received, we look at it" in words(client.get("/portal/score"))
    with app.state.database.reading() as session:
        assert session.exec(select(HeldCertificate)).one().proof is Proof.CLAIM
