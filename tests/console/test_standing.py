from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role, User
from service.compliance.models import ComplianceRecord, HeldCertificate, Veto
from service.green_score.models import NotApplicable
from service.suppliers.models import SupplierType
from tests import builders
from tests.console.browsing import submit, words

SignIn = Callable[..., User]


@pytest.fixture
def standing(app: FastAPI) -> str:
    """The address of a supplier's standing."""
    with app.state.database.writing() as session:
        supplier = builders.a_supplier(session, supplier_type=SupplierType.TOLL)
        return f"/console/suppliers/{supplier.id}/standing"


CERTIFICATE = {
    "kind": "iso_14001",
    "number": "E-1",
    "issuer": "CQC",
    "issued_on": "2025-01-01",
    "valid_until": "2027-01-15",
    "covers_site": "yes",
    "proof": "document",
    "evidence": "copy on file",
}
FINE = {
    "area": "environment",
    "violation": "fine_small",
    "happened_on": "2025-11-22",
    "description": "Dust without cover.",
    "source": "Register of Hunan, No. 7",
}


def first(app: FastAPI, table: type[ComplianceRecord | HeldCertificate | NotApplicable | Veto]) -> str:
    with app.state.database.reading() as session:
        return str(session.exec(select(table)).one().id)


def test_what_is_put_on_file_stands_on_the_page(client: TestClient, sign_in: SignIn, standing: str) -> None:
    sign_in(Role.PROCUREMENT)

    answer = submit(client, f"{standing}/certificate/new", CERTIFICATE, action=f"{standing}/certificate")

    assert answer.status_code == 303
    shown = words(client.get(standing))
    assert "Environmental management (ISO 14001) Ends in 54 days" in shown  # 22 November to 15 January: 8 + 31 + 15
    assert "Nobody has looked this supplier up yet" in shown
    chinese = words(client.get(f"{standing}?lang=zh-CN"))
    assert "环境管理体系（ISO 14001） 54 天后到期" in chinese


def test_what_cannot_be_true_comes_back_with_everything_typed(client: TestClient, sign_in: SignIn, standing: str) -> None:
    sign_in(Role.REVIEWER)

    answer = submit(
        client, f"{standing}/certificate/new", CERTIFICATE | {"valid_until": "2024-01-01"}, action=f"{standing}/certificate"
    )

    assert answer.status_code == 422
    assert "not after its issue on 2025-01-01" in words(answer)
    assert 'value="CQC"' in answer.text


def test_a_fine_of_a_year_ago_counts_half_and_half_of_that_once_its_remedy_is_verified(
    app: FastAPI, client: TestClient, sign_in: SignIn, standing: str
) -> None:
    sign_in(Role.PROCUREMENT)
    submit(client, f"{standing}/record/new", FINE, action=f"{standing}/record")
    assert "20 points, 1.0 years old: counts 10.0 today." in words(client.get(standing))  # 365 of 365.25 days: 20 x 0.5^0.9993
    record = f"{standing}/record/{first(app, ComplianceRecord)}"
    submit(client, f"{record}/remedy", {"remedied_on": "2026-02-01", "remedy": "Cover built, seen on site"})

    refused = submit(client, standing, {}, action=f"{record}/verify")
    sign_in(Role.ENGINEER)
    verified = submit(client, standing, {}, action=f"{record}/verify")

    assert refused.status_code == 409
    assert "another person has to decide" in words(refused)
    assert verified.status_code == 303
    assert "counts 5.00 today." in words(client.get(standing))


def test_an_exclusion_is_announced_and_ended_by_another_person(
    app: FastAPI, client: TestClient, sign_in: SignIn, standing: str
) -> None:
    sign_in(Role.PROCUREMENT)
    fields = {"kind": "credit", "since": "2026-10-01", "reason": "Rated red", "evidence": "list of the province"}
    submit(client, f"{standing}/veto/new", fields, action=f"{standing}/veto")
    assert "Excluded: no order until another person ends this" in words(client.get(standing))
    clear = f"{standing}/veto/{first(app, Veto)}/clear"

    assert submit(client, clear, {"evidence": "Rated blue"}).status_code == 409
    sign_in(Role.REVIEWER)
    assert submit(client, clear, {"evidence": "Rated blue"}).status_code == 303
    assert "Excluded: no order" not in words(client.get(standing))


def test_leaving_an_indicator_out_takes_two_people_and_the_method_s_rules(
    app: FastAPI, client: TestClient, sign_in: SignIn, standing: str
) -> None:
    sign_in(Role.PROCUREMENT)
    ask = f"{standing}/not-applicable"
    refused = submit(client, f"{ask}/new", {"indicator": "A1", "reason": "Too hard"}, action=ask)
    assert refused.status_code == 422
    assert "A1 always counts" in words(refused)
    assert submit(client, f"{ask}/new", {"indicator": "E1", "reason": "Nothing to recycle"}, action=ask).status_code == 303
    approve = f"{ask}/{first(app, NotApplicable)}/approve"

    assert submit(client, standing, {}, action=approve).status_code == 409
    sign_in(Role.REVIEWER)
    assert submit(client, standing, {}, action=approve).status_code == 303
    assert "Left out" in words(client.get(standing))


def test_an_auditor_reads_and_sales_see_nothing(client: TestClient, sign_in: SignIn, standing: str) -> None:
    sign_in(Role.AUDITOR)
    page = client.get(standing)
    assert page.status_code == 200
    assert f"{standing}/certificate/new" not in page.text
    assert client.get(f"{standing}/certificate/new").status_code == 403
    sign_in(Role.SALES)
    assert client.get(standing).status_code == 403


def test_a_step_that_an_entry_does_not_have_is_not_found(app: FastAPI, client: TestClient, sign_in: SignIn, standing: str) -> None:
    sign_in(Role.PROCUREMENT)
    submit(client, f"{standing}/certificate/new", CERTIFICATE, action=f"{standing}/certificate")
    certificate = first(app, HeldCertificate)

    assert client.get(f"{standing}/certificate/{certificate}/clear").status_code == 404
    assert client.get(f"{standing}/record/{certificate}/withdraw").status_code == 404
    assert submit(client, f"{standing}/certificate/{certificate}/withdraw", {"reason": "Of another site"}).status_code == 303
    assert "No certificate is on file" in words(client.get(standing))
