import struct

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.submissions.models import Evidence
from tests.conftest import SignIn
from tests.portal.visits import HIDDEN, Invited, answer_everything, enter, invite, send, words

PDF = b"%PDF-1.7 electricity bill"
HOSTILE = [
    ("bill.pdf", b"<html><script>alert(1)</script></html>", "application/pdf"),
    ("bill.png", b"<svg xmlns='x' onload='alert(1)'/>", "image/png"),
    ("bill.xlsm", b"PK\x03\x04junk", "application/vnd.ms-excel.sheet.macroEnabled.12"),
    ("bill.exe", b"MZ\x90\x00", "application/octet-stream"),
    ("bill.csv", b"", "text/csv"),
]


@pytest.fixture
def invited(app: FastAPI, client: TestClient) -> Invited:
    found = invite(app)
    enter(client, found)
    return found


def upload(client: TestClient, invited: Invited, *files: tuple[str, bytes, str], field: str = "") -> int:
    form = dict(HIDDEN.findall(client.get(f"{invited.home}/evidence").text))
    response = client.post(f"{invited.home}/evidence", data={**form, "field": field}, files=[("files", one) for one in files])
    return response.status_code


def rows(app: FastAPI) -> list[Evidence]:
    with app.state.database.writing() as session:
        return list(session.exec(select(Evidence)))


def test_a_file_is_attached_listed_and_saved_under_its_own_name(app: FastAPI, client: TestClient, invited: Invited) -> None:
    assert upload(client, invited, ("../电费单 “2025”.pdf", PDF, "text/html"), field="furnace_electricity") == 303

    page = client.get(f"{invited.home}/evidence")
    assert "电费单 “2025”.pdf Electricity of the furnaces" in words(page)
    response = client.get(f"{invited.home}/evidence/{rows(app)[0].id}")
    assert response.content == PDF
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["content-security-policy"] == "sandbox; default-src 'none'"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-disposition"].startswith("attachment; filename*=utf-8''%E7%94%B5")


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda one: one[0])
def test_the_content_decides_not_the_name(
    app: FastAPI, client: TestClient, invited: Invited, hostile: tuple[str, bytes, str]
) -> None:
    assert upload(client, invited, hostile) == 422
    assert rows(app) == []


def test_one_bad_file_of_several_attaches_none(app: FastAPI, client: TestClient, invited: Invited) -> None:
    assert upload(client, invited, ("a.pdf", PDF, ""), ("b.pdf", b"MZ", "")) == 422
    assert rows(app) == []


def test_sending_no_file_says_so(client: TestClient, invited: Invited) -> None:
    response = send(client, f"{invited.home}/evidence", {})

    assert response.status_code == 422
    assert "Choose a file first." in words(response)


def test_a_file_larger_than_allowed_is_refused(app: FastAPI, client: TestClient, invited: Invited) -> None:
    size = app.state.settings.upload_max_bytes

    assert upload(client, invited, ("big.pdf", PDF + b"0" * size, "application/pdf")) == 413
    assert rows(app) == []


def test_the_same_upload_sent_twice_is_attached_once(app: FastAPI, client: TestClient, invited: Invited) -> None:
    form = dict(HIDDEN.findall(client.get(f"{invited.home}/evidence").text))

    for _ in range(2):
        response = client.post(f"{invited.home}/evidence", data=form, files=[("files", ("a.pdf", PDF, ""))])
        assert response.status_code == 303

    assert len(rows(app)) == 1


def test_a_file_can_be_removed_until_the_answers_are_handed_in(app: FastAPI, client: TestClient, invited: Invited) -> None:
    upload(client, invited, ("a.pdf", PDF, ""))
    upload(client, invited, ("b.pdf", PDF + b"2", ""))
    first, second = rows(app)

    send(client, f"{invited.home}/evidence", {}, action=f"{invited.home}/evidence/{first.id}/remove")
    assert [one.id for one in rows(app)] == [second.id]

    answer_everything(client, invited)
    send(client, f"{invited.home}/check", {})
    response = send(client, f"{invited.home}/evidence", {}, action=f"{invited.home}/evidence/{second.id}/remove")
    assert response.status_code == 409
    assert len(rows(app)) == 1
    assert upload(client, invited, ("c.pdf", PDF + b"3", "")) == 409


def test_a_file_is_described_and_then_only_the_verifier_opens_it(
    app: FastAPI, client: TestClient, invited: Invited, sign_in: SignIn
) -> None:
    upload(client, invited, ("bill.pdf", PDF, ""))
    path = f"{invited.home}/evidence/{rows(app)[0].id}"

    said = {"fields": ["charge_in", "product_out"], "valid_until": "2025-06-30", "verifier_only": "yes"}
    assert send(client, f"{path}/describe", said, action=f"{path}/describe").status_code == 303

    page = words(client.get(f"{invited.home}/evidence"))
    assert "Valid until 2025-06-30" in page
    assert "For the verifier only" in page
    assert client.get(path).content == PDF
    console = f"/console/review/{invited.submission.id}/evidence/{rows(app)[0].id}"
    for role, status in ((Role.REVIEWER, 403), (Role.ENGINEER, 403), (Role.AUDITOR, 200)):
        client.cookies.clear()
        sign_in(role)
        assert client.get(console).status_code == status, role


def test_a_day_that_is_none_comes_back_beside_its_field(app: FastAPI, client: TestClient, invited: Invited) -> None:
    upload(client, invited, ("bill.pdf", PDF, ""))
    path = f"{invited.home}/evidence/{rows(app)[0].id}/describe"

    response = send(client, path, {"valid_until": "30.6.2025"}, action=path)

    assert response.status_code == 422
    assert "is not a date" in words(response)
    assert "30.6.2025" in response.text


def test_a_photo_that_tells_where_it_was_taken_says_so(client: TestClient, invited: Invited) -> None:
    # Exif, big endian: header, first directory at byte 8, one entry: tag 0x8825 (GPS), type LONG, one value, offset 26.
    tiff = b"MM\0*" + struct.pack("!IHHHIII", 8, 1, 0x8825, 4, 1, 26, 0)
    photo = b"\xff\xd8\xff\xe1" + struct.pack("!H", len(tiff) + 8) + b"Exif\0\0" + tiff
    plain = photo.replace(b"\x88\x25", b"\x01\x0f")  # the maker of the camera instead of coordinates

    upload(client, invited, ("plain.jpg", plain, "image/jpeg"))
    assert "tells where" not in words(client.get(f"{invited.home}/evidence"))

    upload(client, invited, ("photo.jpg", photo, "image/jpeg"))
    assert "Photo tells where it was taken" in words(client.get(f"{invited.home}/evidence"))
