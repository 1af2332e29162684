import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from re import search

import pytest
from openpyxl import load_workbook
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Organisation, Role
from service.certificates.models import Certificate
from service.database import Database
from service.footprints.models import FootprintRecord
from service.product_footprints.models import CustomerPartNumber
from service.product_footprints.operations import release
from service.sales.models import AnswerSheet, ShareLink
from service.settings import Settings
from tests.builders import NOW, a_product, an_organisation
from tests.conftest import MovableClock, RunJobs, SignIn
from tests.console.browsing import submit, words
from tests.footprints.builders import RELEASER, a_record
from tests.sales.test_filling import a_form

Form = Callable[..., dict[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A released product and a customer that has named it."""

    record: FootprintRecord
    customer: Organisation
    other: Organisation
    draft: FootprintRecord


@pytest.fixture
def shop(sqlite_database: Database, settings: Settings) -> Shop:
    with sqlite_database.writing() as session:
        record = a_record(session, a_product(session, grade="AG-1"))
        draft = a_record(session, a_product(session, grade="AG-2"))
        customer = an_organisation(session, name_zh="电池厂", name_en="Cell Maker")
        other = an_organisation(session, name_zh="另一家", name_en="Other Maker")
        release(session, record, version=record.version, by=RELEASER, at=NOW, settings=settings)
        session.add(
            CustomerPartNumber(
                product_id=record.product_id, customer_id=customer.id, part_no="CM-4711", recorded_by=RELEASER, recorded_at=NOW
            )
        )
    return Shop(record=record, customer=customer, other=other, draft=draft)


@pytest.fixture
def certificate(client: TestClient, sign_in: SignIn, shop: Shop, run_jobs: RunJobs, sqlite_database: Database) -> Certificate:
    """A certificate issued on the sales pages, its document made."""
    sign_in(Role.SALES)
    page = f"/console/sales/{shop.record.id}/issue"
    assert submit(client, f"{page}?customer_id={shop.customer.id}", {}, action=page).status_code == 303
    run_jobs()
    with sqlite_database.reading() as session:
        found = session.exec(select(Certificate)).one()
        session.expunge(found)
        return found


def test_a_certificate_takes_three_clicks_and_the_customers_part_number_is_filled_in(
    client: TestClient, sign_in: SignIn, shop: Shop, sqlite_database: Database
) -> None:
    sign_in(Role.SALES)
    first = client.get("/console/sales").text
    assert "AG-1" in first
    assert "AG-2" not in first

    issue = f"/console/sales/{shop.record.id}/issue"
    assert f'href="{issue}"' in first
    second = client.get(issue).text
    assert f'href="{issue}?customer_id={shop.customer.id}"' in second
    third = client.get(f"{issue}?customer_id={shop.customer.id}").text
    assert 'value="CM-4711"' in third

    answer = submit(client, f"{issue}?customer_id={shop.customer.id}", {"part_no": "CM-4711"}, action=issue)

    assert answer.status_code == 303
    with sqlite_database.reading() as session:
        issued = session.exec(select(Certificate)).one()
        assert (issued.customer_part_no, issued.footprint_id) == ("CM-4711", shop.record.id)


def test_what_is_not_released_is_not_sold(client: TestClient, sign_in: SignIn, shop: Shop) -> None:
    sign_in(Role.SALES)

    assert client.get(f"/console/sales/{shop.draft.id}/issue").status_code == 404


def test_sales_pages_are_not_for_buyers(client: TestClient, sign_in: SignIn, shop: Shop) -> None:
    sign_in(Role.PROCUREMENT)

    for page in ("/console/sales", f"/console/sales/{shop.record.id}/issue", "/console/answer-sheets"):
        assert client.get(page).status_code == 403, page


def test_a_second_certificate_for_a_customer_is_the_next_revision(
    client: TestClient, shop: Shop, certificate: Certificate, run_jobs: RunJobs, sqlite_database: Database
) -> None:
    page = f"/console/sales/{shop.record.id}/issue"
    submit(client, f"{page}?customer_id={shop.customer.id}", {}, action=page)
    run_jobs()

    with sqlite_database.reading() as session:
        numbers = sorted(session.exec(select(Certificate.number)).all())
    assert numbers == [certificate.number, f"{certificate.number}-R2"]


def made_link(client: TestClient, certificate: Certificate, days: int = 7) -> str:
    page = f"/console/sales/certificates/{certificate.id}/links"
    answer = submit(client, page, {"days": days})
    found = search(r'value="http://127.0.0.1:8000(/share/[^"]+)"', answer.text)
    assert found is not None
    return unescape(found[1])


def test_a_link_hands_the_file_out_without_an_account_counts_downloads_and_keeps_no_secret(
    client: TestClient, certificate: Certificate, sqlite_database: Database
) -> None:
    link = made_link(client, certificate)
    client.cookies.clear()

    shown = client.get(link)
    assert certificate.number in words(shown)
    assert shown.headers["x-robots-tag"] == "noindex, nofollow"
    file = submit(client, link, {})

    assert file.content.startswith(b"%PDF")
    assert file.headers["content-disposition"] == f'attachment; filename="{certificate.number}.pdf"'
    with sqlite_database.reading() as session:
        stored = session.exec(select(ShareLink)).one()
        assert stored.downloads == 1
        assert stored.last_download_at is not None
        assert link.rpartition("/")[2] not in (stored.token_hash, str(stored.id))
    assert len(link.rpartition("/")[2]) == 64, "256 bits as hexadecimal digits"


def test_a_link_ends_when_it_runs_out_or_is_ended_and_says_the_same_as_one_that_never_was(
    client: TestClient, certificate: Certificate, sqlite_database: Database, clock: MovableClock
) -> None:
    link = made_link(client, certificate, days=7)
    ended = made_link(client, certificate, days=90)
    with sqlite_database.reading() as session:
        ended_id = max(session.exec(select(ShareLink)).all(), key=lambda one: one.expires_at).id
    submit(client, f"/console/sales/certificates/{certificate.id}/links", {}, action=f"/console/sales/links/{ended_id}/revoke")
    clock.move(timedelta(days=7, seconds=1))

    texts = {words(client.get(page)).partition("Request")[0] for page in (link, ended, "/share/" + "0" * 64)}

    assert len(texts) == 1
    assert "This link leads to nothing" in texts.pop()


@pytest.mark.parametrize("days", [0, 91])
def test_a_link_lives_between_1_and_90_days(days: int, client: TestClient, certificate: Certificate) -> None:
    answer = submit(client, f"/console/sales/certificates/{certificate.id}/links", {"days": days})

    assert answer.status_code == 422


def test_a_customers_workbook_is_mapped_once_checked_and_filled_from_a_certificate(
    client: TestClient, shop: Shop, certificate: Certificate, form: Form, sqlite_database: Database
) -> None:
    upload = client.post(
        "/console/answer-sheets",
        data=form(customer_id=str(shop.customer.id), name="Annual form"),
        files={"file": ("form.xlsx", a_form())},
    )
    assert upload.status_code == 303, words(upload)
    sheet = upload.headers["location"]
    with sqlite_database.reading() as session:
        version = session.exec(select(AnswerSheet)).one().version
    saved = client.post(
        sheet,
        data=form(version=str(version))
        | {
            "sheet": ["PCF 表", "PCF 表", "PCF 表", "PCF 表", "Notes"],
            "cell": ["B2", "b3", "C4", "B9", ""],
            "field": ["total", "certificate_no", "verifier", "valid_until", "total"],
            "unit": ["gCO2e/kg", "text", "text", "yyyy-mm-dd", "kgCO2e/kg"],
        },
    )
    assert saved.status_code == 303, words(saved)

    check = words(client.get(f"{sheet}/fill/{certificate.id}"))
    assert "1 cells stay empty" in check
    file = client.get(f"{sheet}/fill/{certificate.id}/file")

    page = load_workbook(io.BytesIO(file.content))["PCF 表"]
    with sqlite_database.reading() as session:
        declared = session.get_one(FootprintRecord, shop.record.id).total_kg_co2e_per_kg
    assert page["B2"].value == pytest.approx(declared * 1000, rel=5e-4), "four digits of the declared footprint, in g per kg"
    assert page["B3"].value == certificate.number
    assert page["C4"].value is None, "no verifier has stated anything: left empty, not zero"
    assert page["B9"].value == certificate.valid_until.isoformat()
    assert page["B5"].value == "=B2*1000"


def test_a_workbook_is_filled_with_certificates_of_its_own_customer_only(
    client: TestClient, shop: Shop, certificate: Certificate, form: Form
) -> None:
    upload = client.post(
        "/console/answer-sheets",
        data=form(customer_id=str(shop.other.id), name="Other form"),
        files={"file": ("form.xlsx", a_form())},
    )

    assert client.get(f"{upload.headers['location']}/fill/{certificate.id}").status_code == 404


def test_a_mapping_on_a_formula_is_refused_beside_its_line_and_nothing_typed_is_lost(
    client: TestClient, sign_in: SignIn, shop: Shop, form: Form
) -> None:
    sign_in(Role.SALES)
    upload = client.post(
        "/console/answer-sheets",
        data=form(customer_id=str(shop.customer.id), name="Annual form"),
        files={"file": ("form.xlsx", a_form())},
    )

    answer = client.post(
        upload.headers["location"],
        data=form(version="1") | {"sheet": ["PCF 表"], "cell": ["B5"], "field": ["total"], "unit": ["kgCO2e/kg"]},
    )

    assert answer.status_code == 422
    assert "holds a formula of the customer" in words(answer)
    assert 'value="B5"' in answer.text


def test_a_file_that_is_no_workbook_is_refused(client: TestClient, sign_in: SignIn, shop: Shop, form: Form) -> None:
    sign_in(Role.SALES)

    answer = client.post(
        "/console/answer-sheets",
        data=form(customer_id=str(shop.customer.id), name="Annual form"),
        files={"file": ("form.xlsx", b"no workbook")},
    )

    assert answer.status_code == 422
    assert "This is not an Excel workbook" in words(answer)
    assert "Annual form" in answer.text
