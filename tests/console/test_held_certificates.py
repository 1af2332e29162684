import html
import io
import uuid
from collections.abc import Callable
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role, User
from service.compliance.models import HeldCertificate, Proof
from service.suppliers.models import Supplier
from tests import builders
from tests.compliance.builders import TODAY, a_held_certificate
from tests.console.browsing import HIDDEN, submit, words

SignIn = Callable[..., User]
LIST = "/console/held-certificates"
ROW = (
    "蒙炭代工",
    "能源管理体系（ISO 50001、GB/T 23331）",
    "EN-1",
    "CQC",
    "2025-01-01",
    "2027-12-31",
    None,
    "是",
    None,
    "供应商文件",
    "复印件",
)


@pytest.fixture
def supplier(app: FastAPI) -> Supplier:
    with app.state.database.writing() as session:
        return builders.a_supplier(session)


def upload(client: TestClient, *rows: tuple[str | None, ...]) -> httpx.Response:
    """Fill the template in and upload it."""
    book = load_workbook(io.BytesIO(client.get(f"{LIST}/template.xlsx").content))
    for row in rows:
        book.worksheets[0].append(row)
    stream = io.BytesIO()
    book.save(stream)
    form = dict(HIDDEN.findall(client.get(f"{LIST}/import").text))
    return client.post(f"{LIST}/import", data=form, files={"file": ("certificates.xlsx", stream.getvalue(), "")})


def test_the_list_shows_the_soonest_end_first_and_filters(
    app: FastAPI, client: TestClient, sign_in: SignIn, supplier: Supplier
) -> None:
    with app.state.database.writing() as session:
        for number, days in (("LATE", 900), ("SOON", 30), ("GONE", -1)):
            a_held_certificate(session, supplier=supplier, number=number, valid_until=TODAY + timedelta(days=days))
        told = a_held_certificate(session, supplier=supplier, number="TOLD", proof=Proof.CLAIM)
    sign_in(Role.AUDITOR)

    shown = words(client.get(LIST))

    assert shown.index("GONE") < shown.index("SOON") < shown.index("LATE")
    assert "Ends in 30 days" in shown
    soon = words(client.get(f"{LIST}?state=expiring"))
    assert "SOON" in soon
    assert "LATE" not in soon
    assert f"certificate/new?told={told.id}" in client.get(f"{LIST}?state=told").text
    assert "SOON" not in words(client.get(f"{LIST}?mine=yes"))
    assert "90 天内到期" in words(client.get(f"{LIST}?lang=zh-CN"))


def test_what_a_supplier_told_of_fills_the_form(app: FastAPI, client: TestClient, sign_in: SignIn, supplier: Supplier) -> None:
    with app.state.database.writing() as session:
        told = a_held_certificate(session, supplier=supplier, number="TOLD", proof=Proof.CLAIM)
    sign_in(Role.PROCUREMENT)

    page = client.get(f"/console/suppliers/{supplier.id}/standing/certificate/new?told={told.id}")

    assert 'value="TOLD"' in page.text
    assert client.get(f"/console/suppliers/{supplier.id}/standing/certificate/new?told={uuid.uuid4()}").status_code == 404


def test_certificates_of_many_suppliers_come_from_excel(
    app: FastAPI, client: TestClient, sign_in: SignIn, supplier: Supplier
) -> None:
    with app.state.database.writing() as session:
        a_held_certificate(session, supplier=supplier)
    sign_in(Role.PROCUREMENT)

    preview = upload(client, ROW)
    shown = words(preview)
    assert "1 new, 0 changed, 1 as they are" in shown
    assert "EN-1" in shown
    form = {name: html.unescape(value) for name, value in HIDDEN.findall(preview.text)}
    applied = client.post(f"{LIST}/import/apply", data=form)

    assert applied.status_code == 303
    with app.state.database.reading() as session:
        stored = session.exec(select(HeldCertificate).where(HeldCertificate.number == "EN-1")).one()
        assert (stored.supplier_id, stored.kind, stored.covers_site, stored.proof) == (
            supplier.id,
            "iso_50001",
            True,
            "document",
        )


def test_what_is_wrong_in_the_sheet_is_named_by_cell(app: FastAPI, client: TestClient, sign_in: SignIn, supplier: Supplier) -> None:
    with app.state.database.writing() as session:
        a_held_certificate(session, supplier=supplier)
    sign_in(Role.PROCUREMENT)
    nobody = ("某某厂", *ROW[1:])
    ends_first = (*ROW[:4], "2027-12-31", "2025-01-01", *ROW[6:])
    ahead = (*ROW[:2], "EN-2", ROW[3], "2026-12-01", *ROW[5:])
    on_file = (ROW[0], "环境管理体系（ISO 14001）", "E-1", *ROW[3:])

    answer = upload(client, nobody, ends_first, ahead, on_file)

    assert answer.status_code == 422
    shown = words(answer)
    assert "证书 Certificates A4 供应商 / Supplier 某某厂 No active supplier has this name" in shown
    assert "F5 有效期至 / Valid until 2025-01-01 Valid until 2025-01-01, not after its issue on 2027-12-31" in shown
    assert "E6 签发日期 / Issued on 2026-12-01 2026-12-01 lies ahead; today is 2026-11-22" in shown
    assert "C7 证书编号 / Certificate number E-1 “E-1” is on file already" in shown


def test_the_list_can_be_taken_along_without_formulas(
    app: FastAPI, client: TestClient, sign_in: SignIn, supplier: Supplier
) -> None:
    with app.state.database.writing() as session:
        a_held_certificate(session, supplier=supplier, number="=1+1")
    sign_in(Role.AUDITOR)

    answer = client.get(f"{LIST}/export.csv?state=valid")

    assert answer.headers["content-disposition"] == 'attachment; filename="certificates.csv"'
    assert "'=1+1" in answer.content.decode("utf-8-sig")
    assert client.get(f"{LIST}/template.xlsx").status_code == 403


def test_what_waits_for_a_second_person_is_listed(client: TestClient, sign_in: SignIn, supplier: Supplier) -> None:
    sign_in(Role.PROCUREMENT)
    ask = f"/console/suppliers/{supplier.id}/standing/not-applicable"
    submit(client, f"{ask}/new", {"indicator": "E1", "reason": "Nothing to recycle"}, action=ask)
    assert "Indicators that somebody wants to leave out" not in words(client.get("/console"))

    sign_in(Role.REVIEWER)

    assert "Indicators that somebody wants to leave out" in words(client.get("/console"))
    assert "Nothing to recycle" in words(client.get("/console/second-looks"))
