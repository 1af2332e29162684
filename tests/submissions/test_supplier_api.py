"""The API door as a supplier's program uses it: the walk-through of the documentation is run, examples are checked."""

import hashlib
import io
import json
import re
import shlex
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
import rfc8785
from fastapi import FastAPI
from openpyxl import load_workbook
from pydantic import TypeAdapter
from starlette.testclient import TestClient
from typer.testing import CliRunner

from service.accounts import api_keys
from service.accounts.api_keys import KeyOwner
from service.accounts.models import Organisation, Role
from service.cli import app as command
from service.openapi import describe_api
from service.submissions import examples, queries, schemas
from service.submissions.models import Door, Submission
from service.submissions.receipts import find_receipt
from tests import builders
from tests.builders import NOW
from tests.portal.visits import HIDDEN, Invited, enter, invite, send
from tests.submissions.builders import TOLL_ANSWERS
from tests.submissions.workbook.sheets import saved, write

WALK_THROUGH = Path(__file__).parents[2] / "docs" / "supplier-api.md"
BLOCK = re.compile(r"```(sh|json|python)\n(.*?)```", re.DOTALL)
ANY = "…"
BASE = "https://footprint.example.com"


@pytest.fixture
def own(app: FastAPI) -> Invited:
    return invite(app)


@pytest.fixture
def key(app: FastAPI, own: Invited) -> str:
    with app.state.database.writing() as session:
        organisation = session.get_one(Organisation, own.supplier.organisation_id)
        person = builders.a_user(session, roles=[Role.SUPPLIER], organisation=organisation)
        owner = KeyOwner(
            organisation_id=organisation.id,
            user_id=person.id,
            invitation_id=None,
            submission_id=None,
            actor=f"user:{person.id}",
            ends_at=None,
        )
        return api_keys.create_key(session, owner, name="ERP", days=30, may_hand_in=True, at=NOW)


class Shell:
    """Runs the `curl` of the documentation against the application."""

    def __init__(self, client: TestClient, folder: Path, **variables: str) -> None:
        self._client = client
        self._folder = folder
        self._variables = variables
        self.last: Any = None

    def run(self, block: str) -> None:
        """Run the commands of one block; each must succeed."""
        for line in re.sub(r"\\\n\s*", " ", block).split("\ncurl"):
            words = shlex.split(re.sub(r"\$(\w+)", lambda found: self._variables[found[1]], line))
            if words and "=" not in words[0]:
                self._curl(words[1:] if words[0] == "curl" else words)

    def _curl(self, words: list[str]) -> None:
        wanted = dict(self._options(words))
        response = self._client.request(wanted["method"], wanted["url"], headers=wanted["headers"], **wanted["body"])
        assert response.status_code == 200, response.text
        self.last = response.json()
        if "output" in wanted:
            (self._folder / wanted["output"]).write_bytes(response.content)

    def _options(self, words: list[str]) -> Iterator[tuple[str, Any]]:
        url = next(word for word in words if word.startswith(BASE)).removeprefix(BASE)
        pairs = [(words[place], words[place + 1]) for place in range(len(words) - 1) if words[place].startswith("-")]
        form = [value.split("=", 1) for flag, value in pairs if flag == "-F"]
        body: dict[str, Any] = {}
        for flag, value in pairs:
            if flag == "-d":
                body["content"] = value
            elif flag == "-o":
                yield "output", value
        if form:
            body["files"] = [
                (name, (value[1:], b"%PDF-1.7 meter", "")) if value.startswith("@") else (name, (None, value))
                for name, value in form
            ]
        yield "url", url
        yield "method", next((value for flag, value in pairs if flag == "-X"), "GET")
        yield "headers", {"accept": "application/json"} | dict(value.split(": ", 1) for flag, value in pairs if flag == "-H")
        yield "body", body


def fits(shown: Any, found: Any) -> bool:
    """Whether an answer holds at least what the documentation shows."""
    if isinstance(shown, dict):
        return isinstance(found, dict) and all(name in found and fits(value, found[name]) for name, value in shown.items())
    if isinstance(shown, list):
        return isinstance(found, list) and len(shown) == len(found) and all(map(fits, shown, found))
    return bool(shown in (ANY, found))


def test_the_walk_through_works_as_it_is_written(client: TestClient, own: Invited, key: str, tmp_path: Path) -> None:
    shell = Shell(client, tmp_path, BASE=BASE, KEY=key, ID=str(own.submission.id))
    shown = 0
    for language, block in BLOCK.findall(WALK_THROUGH.read_text(encoding="utf-8")):
        if language == "sh":
            shell.run(block)
        elif language == "json":
            assert fits(json.loads(block), shell.last), (block, shell.last)
            shown += 1

    receipt = json.loads((tmp_path / "receipt.json").read_text(encoding="utf-8"))
    assert shown == 5
    assert hashlib.sha256(rfc8785.dumps(receipt["content"])).hexdigest() == receipt["sha256"]
    assert len(receipt["content"]["evidence"]) == 1


def test_a_receipt_is_verified_by_the_command_and_a_changed_one_is_not(tmp_path: Path) -> None:
    example = examples.RECEIPT["responses"]["200"]["content"]["application/json"]["example"]
    file = tmp_path / "receipt.json"
    file.write_text(json.dumps(example), encoding="utf-8")
    good = CliRunner().invoke(command, ["receipt", "verify", str(file)])
    file.write_text(json.dumps(example).replace("9120000.0", "9120001.0"), encoding="utf-8")
    changed = CliRunner().invoke(command, ["receipt", "verify", str(file)])
    file.write_text("[]", encoding="utf-8")
    other = CliRunner().invoke(command, ["receipt", "verify", str(file)])

    assert (good.exit_code, changed.exit_code, other.exit_code) == (0, 1, 2)
    assert "NOT the same" in changed.output


# ---- One submission, three doors ----


def answer_by_web(client: TestClient, invited: Invited, fields: Mapping[str, str]) -> None:
    for field, group in fields.items():
        entry = TOLL_ANSWERS[field]
        response = send(client, f"{invited.home}/{group}", {field: entry.entered, f"{field}_unit": entry.unit or ""})
        assert response.status_code == 303, response.text


def answer_by_excel(client: TestClient, invited: Invited, fields: Mapping[str, Any]) -> None:
    book = load_workbook(io.BytesIO(client.get(f"{invited.home}/workbook/file").content))
    for field, (value, unit) in fields.items():
        write(book, field, value)
        write(book, field, unit, column="unit")
    form = dict(HIDDEN.findall(client.get(f"{invited.home}/workbook").text))
    files = {"file": ("a.xlsx", saved(book), "application/octet-stream")}
    path = client.post(f"{invited.home}/workbook", data=form, files=files).headers["location"]
    shown = dict(HIDDEN.findall(client.get(path).text))
    assert client.post(f"{path}/apply", data={**shown, "take": list(fields)}).status_code == 303


def ask(client: TestClient, key: str, method: str, path: str, body: Any = None) -> httpx.Response:
    headers = {"authorization": f"Bearer {key}", "accept": "application/json"}
    return client.request(method, f"/api/v1/submissions/{path}", headers=headers, json=body)


def answers_hash(app: FastAPI, invited: Invited) -> tuple[str, dict[str, Any]]:
    """Return the hash and what it was taken of, without the number that every request has of its own."""
    with app.state.database.reading() as session:
        submission = session.get_one(Submission, invited.submission.id)
        assert submission.answers_sha256 is not None
        receipt = find_receipt(session, submission)
        assert receipt is not None
        return submission.answers_sha256, {name: value for name, value in receipt.content.items() if name != "submission"}


def test_half_by_web_half_by_excel_and_the_rest_by_api_is_the_same_submission(
    app: FastAPI, client: TestClient, own: Invited, key: str
) -> None:
    enter(client, own)
    answer_by_web(
        client, own, {"site_province": "site", "product_output": "site", "charge_in": "furnace", "product_out": "furnace"}
    )
    answer_by_excel(
        client,
        own,
        {
            "furnace_type": ("Box furnace", None),
            "grid_electricity": (140_000_000, "kWh"),
            "furnace_electricity": ("９１２", "万kWh"),
            "auxiliary_electricity": (28.8, "万kWh"),
            "natural_gas": (0, "Nm3"),
        },
    )
    client.cookies.clear()
    rest = {
        "power_source": {"entered": "grid"},
        "packing_coke_net": {"entered": "144,000", "unit": "kg"},
        "evidence_source": {"entered": "metered"},
    }
    assert ask(client, key, "PUT", f"{own.submission.id}/answers", {"answers": rest}).status_code == 200
    assert ask(client, key, "POST", f"{own.submission.id}/submit", {}).status_code == 200
    doors = {field: answer.door for field, answer in stored(app, own).items()}

    by_web = invite(app)
    enter(client, by_web)
    answer_by_web(client, by_web, WEB_GROUPS)
    send(client, f"{by_web.home}/check", {})

    mixed, web = answers_hash(app, own), answers_hash(app, by_web)
    assert mixed[1] == web[1]
    assert {doors[field] for field in ("charge_in", "natural_gas", "power_source")} == {Door.WEB, Door.EXCEL, Door.API}


WEB_GROUPS = {
    **dict.fromkeys(("site_province", "product_output"), "site"),
    **dict.fromkeys(("furnace_type", "charge_in", "product_out"), "furnace"),
    **dict.fromkeys(("grid_electricity", "furnace_electricity", "auxiliary_electricity", "power_source"), "electricity"),
    "natural_gas": "fuels",
    "packing_coke_net": "packing",
    "evidence_source": "sources",
}


def stored(app: FastAPI, invited: Invited) -> Mapping[str, Any]:
    with app.state.database.reading() as session:
        found = queries.answers_of(session, invited.submission.id)
        session.expunge_all()
        return found


# ---- The description ----

SHOWN: Mapping[str, tuple[Mapping[str, Any], Any, Any]] = {
    "list": (examples.LIST, None, schemas.SubmissionList),
    "show": (examples.SHOW, None, schemas.SubmissionOutput),
    "save": (examples.SAVE, schemas.AnswersInput, schemas.SubmissionOutput),
    "submit": (examples.SUBMIT, schemas.ReasonsInput, schemas.SubmissionOutput),
    "questions": (examples.QUESTIONS, None, list[schemas.QuestionOutput]),
    "comments": (examples.COMMENTS, None, list[schemas.CommentOutput]),
    "comment": (examples.COMMENT, schemas.CommentInput, schemas.CommentOutput),
    "evidence": (examples.EVIDENCE, None, list[schemas.EvidenceOutput]),
    "upload": (examples.EVIDENCE_UPLOAD, None, list[schemas.EvidenceOutput]),
    "receipt": (examples.RECEIPT, None, schemas.ReceiptOutput),
}


@pytest.mark.parametrize("name", SHOWN)
def test_the_examples_are_what_the_schemas_allow(name: str) -> None:
    example, request, response = SHOWN[name]

    if request is not None:
        TypeAdapter(request).validate_json(json.dumps(example["requestBody"]["content"]["application/json"]["example"]))
    TypeAdapter(response).validate_json(json.dumps(example["responses"]["200"]["content"]["application/json"]["example"]))


def test_the_description_shows_examples_errors_and_both_ways_to_be_known(app: FastAPI) -> None:
    described = describe_api(app)
    paths = {path: item for path, item in described["paths"].items() if path.startswith("/api/v1/submissions/{submission_id}")}
    for_suppliers = [operation for item in paths.values() for operation in item.values() if {"key": []} in operation["security"]]

    assert len(for_suppliers) >= 10
    assert "example" in described["components"]["responses"]["Problem"]["content"]["application/problem+json"]
    save = paths["/api/v1/submissions/{submission_id}/answers"]["put"]
    assert save["requestBody"]["content"]["application/json"]["example"]["answers"]
    assert save["responses"]["200"]["content"]["application/json"]["example"]["findings"]
