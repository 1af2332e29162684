"""One search field over everything that the roles of whoever asks work with."""

import re

import pytest
from sqlmodel import Session
from starlette.testclient import TestClient

from service.accounts.models import OrganisationKind, Role
from service.console import finding
from service.database import Database
from tests import builders
from tests.accounts.builders import a_person
from tests.conftest import SignIn
from tests.console.browsing import words
from tests.console.builders import a_certificate, a_footprint


def a_small_world(session: Session) -> None:
    supplier = builders.a_supplier(session, name_zh="蒙炭代工", name_en="Mengtan Toll")
    supplier.city = "Ulanqab"
    builders.a_submission(session, supplier=supplier).number = "S-2026-7001"
    product = builders.a_product(session, grade="AG-7001")
    a_footprint(session, product=product, number="F-2026-7001")
    customer = builders.an_organisation(session, name_zh="某电芯", name_en="Some Cells")
    a_certificate(session, customer=customer, part_no="PN-7001", number="AP-2026-7001")
    a_person(session, name="Zhao 7001")


KINDS = {"suppliers", "requests", "products", "footprints", "certificates", "customers", "people"}
SEEN_BY = {
    Role.ADMIN: {"people"},
    Role.ENGINEER: KINDS - {"people", "customers"},
    Role.REVIEWER: KINDS - {"people", "customers"},
    Role.PROCUREMENT: {"suppliers", "requests", "products", "footprints"},
    Role.SALES: {"products", "footprints", "certificates", "customers"},
    Role.AUDITOR: KINDS - {"people", "customers"},
}


def kinds_found(client: TestClient, text: str) -> set[str]:
    page = client.get("/console/search", params={"q": text})
    assert page.status_code == 200
    return set(re.findall(r'<a href="/console/(\w+)/[0-9a-f-]{36}"', page.text))


@pytest.mark.parametrize("role", list(SEEN_BY))
def test_each_role_finds_what_it_works_with(client: TestClient, sign_in: SignIn, sqlite_database: Database, role: Role) -> None:
    with sqlite_database.writing() as session:
        a_small_world(session)
    sign_in(role)

    found = kinds_found(client, "7001") | kinds_found(client, "Mengtan") | kinds_found(client, "cells")

    assert found == SEEN_BY[role]


@pytest.mark.parametrize("text", ["蒙炭", "mengtan", "TOLL", "ulanqab", " 代工 "])
def test_a_supplier_is_found_in_either_language_and_case(
    client: TestClient, sign_in: SignIn, sqlite_database: Database, text: str
) -> None:
    with sqlite_database.writing() as session:
        a_small_world(session)
    sign_in(Role.PROCUREMENT)

    assert "suppliers" in kinds_found(client, text)


@pytest.mark.parametrize("text", ["%", "_", "' OR 1=1 --", "\\", "x" * 5000, "𠮷", "<script>alert(1)</script>"])
def test_signs_of_the_query_language_are_plain_text(
    client: TestClient, sign_in: SignIn, sqlite_database: Database, text: str
) -> None:
    with sqlite_database.writing() as session:
        a_small_world(session)
    sign_in(Role.PROCUREMENT)

    assert kinds_found(client, text) == set()
    assert "<script>alert" not in client.get("/console/search", params={"q": text}).text


def test_a_found_request_leads_to_its_page_and_says_whose_it_is(
    client: TestClient, sign_in: SignIn, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        a_small_world(session)
    sign_in(Role.PROCUREMENT)

    page = words(client.get("/console/search?q=S-2026-7001"))

    assert "S-2026-7001 Mengtan Toll · 2025-01-01 · 2025-12-31" in page


def test_at_most_ten_of_a_kind_are_shown_and_it_says_so(client: TestClient, sign_in: SignIn, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        for number in range(12):
            builders.a_supplier(session, name_en=f"Many {number:02}")
    sign_in(Role.PROCUREMENT)

    page = client.get("/console/search?q=many")

    assert len(re.findall(r"Many \d\d", page.text)) == 10
    assert "type more to narrow" in words(page)
    assert "Many 11" in page.text  # the newest are shown


def test_nothing_typed_and_nothing_found_are_told_apart(client: TestClient, sign_in: SignIn) -> None:
    sign_in(Role.SALES)

    assert "Nothing found" not in words(client.get("/console/search"))
    assert "Nothing found for “zzz”" in words(client.get("/console/search?q=zzz"))


def test_suppliers_have_no_search(client: TestClient, sign_in: SignIn, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        organisation = builders.an_organisation(session, kind=OrganisationKind.SUPPLIER)
        user = a_person(session, roles=[Role.SUPPLIER], organisation=organisation)
    sign_in(user=user)

    assert client.get("/console/search?q=a").status_code == 404


def test_every_kind_is_found_on_both_engines(database: Database) -> None:
    with database.writing() as session:
        a_small_world(session)
        hits = {kind.area.rpartition("/")[2]: kind.find(session, "7001", "zh-CN") for kind in finding.KINDS}
        by_name = finding.find_suppliers(session, "MENGTAN", "zh-CN"), finding.find_customers(session, "cells", "en")

    assert {kind for kind, found in hits.items() if found} == {"requests", "products", "footprints", "certificates", "people"}
    assert [found[0].title for found in by_name] == ["蒙炭代工", "Some Cells"]
