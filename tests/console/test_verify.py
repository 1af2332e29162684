import re
import secrets
from collections.abc import Callable
from datetime import timedelta

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.certificates import operations, queries
from service.certificates.models import Certificate
from service.certificates.router import GUESS_LIMIT
from tests.certificates import builders
from tests.certificates.builders import ISSUER, NOW, a_document
from tests.conftest import MovableClock

JSON = {"accept": "application/json"}


@pytest.fixture
def certificate(app: FastAPI) -> Certificate:
    with app.state.database.writing() as session:
        return builders.valid(session)


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def compared(client: TestClient, address: str, content: bytes) -> str:
    page = client.get(address).text
    answer = client.post(
        address, data={"csrf_token": token_of(page)}, files={"file": ("certificate.pdf", content, "application/pdf")}
    )
    assert answer.status_code == 200
    return answer.text


def test_anybody_with_the_address_sees_that_it_is_valid(client: TestClient, certificate: Certificate) -> None:
    answer = client.get(f"/verify/{certificate.public_id}")

    assert answer.status_code == 200
    assert "This certificate is valid" in answer.text
    assert certificate.number in answer.text
    assert certificate.pdf_sha256 is not None
    assert certificate.pdf_sha256 in answer.text
    assert "noindex" in answer.headers["x-robots-tag"]


def test_the_page_shows_neither_result_nor_customer(client: TestClient, certificate: Certificate) -> None:
    html, json = client.get(f"/verify/{certificate.public_id}").text, client.get(f"/api/v1/verify/{certificate.public_id}")

    for text in (html, json.text):
        assert certificate.snapshot["result"]["total"] not in text
        assert certificate.snapshot["customer"]["name_en"] not in text
        assert "CELL-7" not in text


def test_the_original_file_is_recognised(client: TestClient, certificate: Certificate) -> None:
    assert "Identical" in compared(client, f"/verify/{certificate.public_id}", certificate.pdf or b"")


@pytest.mark.parametrize("position", [0, 5, -1])
def test_a_file_with_one_bit_flipped_is_not_the_issued_one(client: TestClient, certificate: Certificate, position: int) -> None:
    tampered = bytearray(certificate.pdf or b"")
    tampered[position] ^= 1

    answer = compared(client, f"/verify/{certificate.public_id}", bytes(tampered))

    assert "Not the issued file" in answer
    assert "Identical" not in answer


def test_the_file_of_another_certificate_is_not_the_issued_one(app: FastAPI, client: TestClient, certificate: Certificate) -> None:
    with app.state.database.writing() as session:
        other = builders.valid(session)

    assert "Not the issued file" in compared(client, f"/verify/{certificate.public_id}", other.pdf or b"")


def test_comparing_without_a_file_says_what_is_missing(client: TestClient, certificate: Certificate) -> None:
    address = f"/verify/{certificate.public_id}"
    token = token_of(client.get(address).text)

    answer = client.post(address, data={"csrf_token": token})

    assert answer.status_code == 422
    assert "Choose the PDF" in answer.text


def test_nothing_uploaded_is_kept(app: FastAPI, client: TestClient, certificate: Certificate) -> None:
    before = sorted(path.name for path in app.state.settings.data_dir.rglob("*"))

    compared(client, f"/verify/{certificate.public_id}", secrets.token_bytes(2_000_000))

    assert sorted(path.name for path in app.state.settings.data_dir.rglob("*")) == before


def test_a_withdrawn_certificate_says_so_with_day_and_reason(app: FastAPI, client: TestClient, certificate: Certificate) -> None:
    with app.state.database.writing() as session:
        found = queries.get_certificate(session, certificate.id)
        operations.withdraw(session, found, reason="The grade was wrong", version=2, by=ISSUER, at=NOW)

    page = client.get(f"/verify/{certificate.public_id}").text

    assert "was withdrawn" in page
    assert "The grade was wrong" in page
    assert "2026-11-22" in page
    assert "This certificate is valid" not in page


def test_a_replaced_certificate_leads_to_its_successor(app: FastAPI, client: TestClient, certificate: Certificate) -> None:
    with app.state.database.writing() as session:
        found = queries.get_certificate(session, certificate.id)
        new = operations.supersede(
            session,
            found,
            session.get_one(builders.FootprintRecord, found.footprint_id),
            part_no=None,
            valid_until=None,
            version=found.version,
            by=ISSUER,
            at=NOW,
            settings=app.state.settings,
        )
    before = client.get(f"/verify/{certificate.public_id}").text
    with app.state.database.writing() as session:
        operations.store_document(session, new.id, a_document(), at=NOW)

    after = client.get(f"/verify/{certificate.public_id}").text

    assert new.public_id not in before  # not yet there to look at
    assert "has been replaced" in after
    assert f"/verify/{new.public_id}" in after


def test_an_expired_certificate_says_so(client: TestClient, certificate: Certificate, clock: MovableClock) -> None:
    clock.move(timedelta(days=3 * 365))

    assert "has expired" in client.get(f"/verify/{certificate.public_id}").text


def test_a_certificate_without_its_document_is_not_known_yet(app: FastAPI, client: TestClient) -> None:
    with app.state.database.writing() as session:
        waiting = builders.issued(session)

    assert client.get(f"/verify/{waiting.public_id}").status_code == 404


def test_guesses_find_nothing_and_are_stopped(client: TestClient, certificate: Certificate) -> None:
    """Also not the number of a certificate, nor an id that differs in its last letter."""
    last = "a" if certificate.public_id[-1] != "a" else "b"
    guesses = [certificate.number, str(certificate.id), certificate.public_id[:-1] + last, "' OR 1=1 --", "x" * 500]

    answers = [client.get(f"/verify/{guess}") for guess in guesses]
    answers += [client.get(f"/verify/{number:032}") for number in range(GUESS_LIMIT.tries)]

    assert {answer.status_code for answer in answers[: len(guesses)]} == {404}
    assert "compare the address letter by letter" in answers[2].text
    assert answers[-1].status_code == 429
    assert int(answers[-1].headers["retry-after"]) > 0


def test_looking_at_what_exists_is_not_counted_but_ends_with_the_guesses(client: TestClient, certificate: Certificate) -> None:
    address = f"/verify/{certificate.public_id}"
    looks = [client.get(address).status_code for _ in range(GUESS_LIMIT.tries + 1)]
    guesses = [client.get(f"/verify/{number:032}").status_code for number in range(GUESS_LIMIT.tries + 1)]

    assert set(looks) == {200}
    assert guesses == [404] * GUESS_LIMIT.tries + [429]
    assert client.get(address).status_code == 429  # an address that guesses is told nothing any more


def test_an_unchanged_page_is_not_sent_again(app: FastAPI, client: TestClient, certificate: Certificate) -> None:
    address = f"/verify/{certificate.public_id}"
    client.get(address)  # brings the browser's cookie
    tag = client.get(address).headers["etag"]

    same = client.get(address, headers={"if-none-match": tag})
    chinese = client.get(address, headers={"if-none-match": tag, "accept-language": "zh-CN"})
    with app.state.database.writing() as session:
        found = queries.get_certificate(session, certificate.id)
        operations.withdraw(session, found, reason="The grade was wrong", version=2, by=ISSUER, at=NOW)
    changed = client.get(address, headers={"if-none-match": tag})

    assert (same.status_code, same.content) == (304, b"")
    assert chinese.status_code == 200
    assert changed.status_code == 200
    assert "was withdrawn" in changed.text


def test_programs_get_the_same_facts(client: TestClient, certificate: Certificate) -> None:
    facts = client.get(f"/api/v1/verify/{certificate.public_id}", headers=JSON).json()
    unknown = client.get(f"/api/v1/verify/{'a' * 32}", headers=JSON)

    assert facts["standing"] == "valid"
    assert facts["pdf_sha256"] == certificate.pdf_sha256
    assert unknown.status_code == 404
    assert unknown.headers["content-type"] == "application/problem+json"


def test_an_address_typed_in_capitals_is_found(client: TestClient, certificate: Certificate) -> None:
    assert client.get(f"/verify/{certificate.public_id.upper()}").status_code == 200


def test_the_root_is_offered_once_something_was_signed(app: FastAPI, client: TestClient, run_jobs: Callable[[], int]) -> None:
    assert client.get("/certificate-authority.pem").status_code == 404
    with app.state.database.writing() as session:
        builders.issued(session)
    run_jobs()

    answer = client.get("/certificate-authority.pem")

    assert answer.content.startswith(b"-----BEGIN CERTIFICATE-----")
    assert b"PRIVATE" not in answer.content


def test_the_page_speaks_chinese(client: TestClient, certificate: Certificate) -> None:
    assert "证书有效" in client.get(f"/verify/{certificate.public_id}?lang=zh-CN").text
