"""A supplier takes along all that it ever submitted."""

import hashlib
import io
import json
import zipfile

from fastapi import FastAPI
from starlette.testclient import TestClient

from service.accounts.models import Organisation, Role
from service.submissions.answers import Entry
from service.submissions.drafts import store_entries
from service.submissions.evidence import attach
from service.submissions.models import Submission
from service.submissions.rules import hash_answers
from tests.builders import NOW, a_user
from tests.conftest import SignIn
from tests.portal.visits import answer_everything, enter, invite, send
from tests.submissions.builders import SUPPLIER_ACTOR, a_stored_file


def downloaded(client: TestClient) -> zipfile.ZipFile:
    answer = client.get("/portal/export")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-disposition"] == 'attachment; filename="submitted-data.zip"'
    assert answer.headers["content-security-policy"] == "sandbox; default-src 'none'"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    assert archive.testzip() is None
    return archive


def test_who_came_by_link_gets_its_request_with_files_and_receipt(app: FastAPI, client: TestClient) -> None:
    invited = invite(app)
    invite(app, supplier=invited.supplier, year=2024)
    enter(client, invited)
    answer_everything(client, invited)
    with app.state.database.writing() as session:
        submission = session.get_one(Submission, invited.submission.id)
        stored = a_stored_file(b"%PDF-1.7 the bill", "bill.pdf", data_dir=app.state.settings.data_dir)
        attach(session, submission, [stored], field=None, by=SUPPLIER_ACTOR, at=NOW)
    assert send(client, f"{invited.home}/check", {}).status_code == 303

    archive = downloaded(client)

    number = invited.submission.number
    names = set(archive.namelist())
    assert {f"{number}/answers.json", f"{number}/answers.csv", f"{number}/evidence/01-bill.pdf", "manifest.json"} <= names
    assert {name.partition("/")[0] for name in names} == {number, "manifest.json"}
    assert archive.read(f"{number}/evidence/01-bill.pdf") == b"%PDF-1.7 the bill"
    receipt = json.loads(archive.read(next(name for name in names if "receipt" in name)))
    assert hash_answers(receipt["content"]) == receipt["sha256"]


def test_the_manifest_has_the_hash_of_every_file(app: FastAPI, client: TestClient) -> None:
    enter(client, invite(app))

    archive = downloaded(client)

    sums = json.loads(archive.read("manifest.json"))["sha256"]
    assert sums == {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist() if name != "manifest.json"}


def test_an_account_gets_all_requests_and_nobody_elses(app: FastAPI, client: TestClient, sign_in: SignIn) -> None:
    first = invite(app)
    second = invite(app, supplier=first.supplier, year=2024)
    other = invite(app)
    with app.state.database.writing() as session:
        organisation = session.get_one(Organisation, first.supplier.organisation_id)
        user = a_user(session, roles=(Role.SUPPLIER,), organisation=organisation)
    sign_in(user=user)

    folders = {name.partition("/")[0] for name in downloaded(client).namelist()}

    assert folders == {first.submission.number, second.submission.number, "scores.json", "manifest.json"}
    assert other.submission.number not in folders


def test_a_table_never_calculates_what_was_typed(app: FastAPI, client: TestClient) -> None:
    invited = invite(app)
    with app.state.database.writing() as session:
        submission = session.get_one(Submission, invited.submission.id)
        entries = {"product_output": Entry(entered="1", unit="t", note='=HYPERLINK("x")')}
        store_entries(session, submission, entries, seen=None, by=SUPPLIER_ACTOR, at=NOW)
    enter(client, invited)

    table = downloaded(client).read(f"{invited.submission.number}/answers.csv").decode("utf-8-sig")

    assert "'=HYPERLINK" in table


def test_staff_and_strangers_get_nothing(client: TestClient, sign_in: SignIn) -> None:
    assert client.get("/portal/export").status_code == 303

    sign_in(Role.ENGINEER)

    assert client.get("/portal/export").status_code == 403


def test_everybody_reads_how_data_are_kept_in_both_languages(client: TestClient) -> None:
    assert "您的数据如何保管" in client.get("/privacy?lang=zh-CN").text
    assert "How your data are kept" in client.get("/privacy?lang=en").text
