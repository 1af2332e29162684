"""Certificates as the service really makes them, in the hands of the stand-alone verifier and of the public page."""

import io
import json
import re
from collections.abc import Callable
from typing import Any

import pikepdf
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.certificates import operations
from service.certificates.models import Certificate
from service.certificates.standalone.anodeprint_verify import verify
from service.database import Database
from service.signing import detached
from service.signing.authority import FOLDER
from tests.certificates import builders
from tests.certificates.builders import ISSUER, MEASURED, NOW, TOLL, toll_provenance

CANARIES = (TOLL, "S-2026-0001", "12.4", "graphitization_electricity", "packing_coke_net", "kwh_per_kg_")


@pytest.fixture
def certificate(app: FastAPI, run_jobs: Callable[[], int]) -> Certificate:
    """A certificate about a product with one toll plant, set, proven and signed."""
    with app.state.database.writing() as session:
        record = builders.a_record(session, parameters=MEASURED, provenance=toll_provenance(TOLL))
        certificate_id = builders.issued(session, record).id
    run_jobs()
    return reread(app.state.database, certificate_id)


def reread(database: Database, certificate_id: Any) -> Certificate:
    with database.reading() as session:
        found = session.get_one(Certificate, certificate_id)
        session.expunge(found)
    return found


def root_of(client: TestClient) -> bytes:
    return client.get("/certificate-authority.pem").content


def revoked_of(client: TestClient) -> bytes:
    return client.get("/verify/revoked.json").content


def failing(result: dict[str, Any]) -> list[str]:
    return [f"{one['check']}: {one['says']['en']}" for one in result["checks"] if one["outcome"] == "fails"]


def post(client: TestClient, certificate: Certificate, content: bytes, *, language: str = "en") -> str:
    address = f"/verify/{certificate.public_id}"
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get(address).text)
    assert found is not None
    file = ("certificate", content, "application/octet-stream")
    answer = client.post(address, data={"csrf_token": found[1]}, files={"file": file}, headers={"accept-language": language})
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.text)


def attachments(pdf: bytes) -> dict[str, bytes]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {name: spec.get_file().read_bytes() for name, spec in opened.attachments.items()}


def test_a_certificate_of_ours_holds_without_us(client: TestClient, certificate: Certificate) -> None:
    """One certificate tells it all: making it costs seconds."""
    pdf = certificate.pdf or b""

    result = verify(pdf, trusted=root_of(client), revoked=revoked_of(client), at=NOW)

    assert failing(result) == []
    assert {one["outcome"] for one in result["checks"]} == {"holds"}
    assert result["certificate"]["number"] == certificate.number
    files = attachments(pdf)
    for name, content in files.items():
        assert [canary for canary in CANARIES if canary in content.decode()] == [], name

    page = post(client, certificate, pdf)
    assert "Identical" in page
    assert "Does not hold" not in page
    assert "Total and parts follow from the bundle" in page
    for name, content in files.items():
        assert f"byte for byte, {name} of the certificate" in post(client, certificate, content), name

    damaged = bytearray(pdf)
    damaged[len(pdf) // 2] ^= 1
    page = post(client, certificate, bytes(damaged))
    assert "Not the issued file" in page
    assert "Does not hold" in page
    assert "文件在签署后被更改" in post(client, certificate, bytes(damaged), language="zh-CN")


def test_what_was_withdrawn_or_replaced_is_on_the_list(app: FastAPI, client: TestClient) -> None:
    database = app.state.database
    with database.writing() as session:
        withdrawn, replaced, valid = (builders.valid(session) for _ in range(3))
        operations.withdraw(session, withdrawn, reason="The grade was wrong", version=withdrawn.version, by=ISSUER, at=NOW)
        new = operations.supersede(
            session,
            replaced,
            session.get_one(builders.FootprintRecord, replaced.footprint_id),
            part_no=None,
            valid_until=None,
            version=replaced.version,
            by=ISSUER,
            at=NOW,
            settings=app.state.settings,
        )
        before = replaced.number
        operations.store_document(session, new.id, builders.a_document(), at=NOW)
    detached.sign(b"something", app.state.settings.data_dir / FOLDER, organisation="Sample", at=NOW)

    answer = client.get("/verify/revoked.json")

    listed = {one["number"]: (one["reason"], one["at"]) for one in json.loads(answer.content)["list"]["revoked"]}
    stamp = "2026-11-22T02:00:00+00:00"
    assert listed == {withdrawn.number: ("withdrawn", stamp), before: ("superseded", stamp)}
    assert valid.number not in answer.text
    assert "grade was wrong" not in answer.text  # a reason in words is for the page of who holds the certificate
    assert answer.headers["content-disposition"] == 'attachment; filename="revoked.json"'


def test_there_is_no_list_before_the_first_signature(client: TestClient) -> None:
    assert client.get("/verify/revoked.json").status_code == 404


def test_the_program_on_the_page_is_the_one_that_the_page_hashes(client: TestClient) -> None:
    answer = client.get("/verify/anodeprint_verify.py")

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/x-python")
    assert b"def verify(" in answer.content
