import html
import io
import json
import re
import uuid
from collections.abc import Callable
from hashlib import sha256

import pytest
from pypdf import PdfReader
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.compliance.models import Veto, VetoKind
from service.database import Database
from service.green_score.models import Score
from service.procurement.models import AwardMemo
from service.suppliers.models import Supplier
from tests.allocation.offer_builders import BY, FLOW, NOW, TODAY, a_coke_supplier, a_market, an_offer
from tests.conftest import SignIn

Form = Callable[..., dict[str, str]]
RunJobs = Callable[[], int]
Market = tuple[Supplier, Supplier, Supplier]
REASON = "Least cost within the caps of their grades"


@pytest.fixture
def market(database: Database) -> Market:
    with database.writing() as session:
        found = a_market(session)
        an_offer(session, a_coke_supplier(session, "丁焦", grade="D", total=30.0), price=1000)
        for supplier in found:
            session.expunge(supplier)
        return found


@pytest.fixture
def buyer_form(sign_in: SignIn, form: Form) -> Form:
    """The forms of a buyer who is signed in."""
    sign_in(Role.PROCUREMENT)
    return form


def decision(market: Market, amounts: tuple[float, float, float], **fields: str) -> dict[str, str]:
    orders = {f"t_{supplier.id}": f"{t:g}" for supplier, t in zip(market, amounts, strict=True)}
    return {"flow": FLOW, "title": "Green coke for 2027", "reason": REASON, "carbon_price_per_t": "100"} | orders | fields


def memo_at(database: Database, address: str) -> AwardMemo:
    with database.reading() as session:
        memo = session.get_one(AwardMemo, uuid.UUID(address.rpartition("/")[2]))
        session.expunge(memo)
        return memo


def test_a_plan_becomes_a_memo_whose_document_records_the_moment(
    client: TestClient, buyer_form: Form, market: Market, run_jobs: RunJobs, database: Database
) -> None:
    form = buyer_form
    plan = client.post("/console/allocations", data=form(name="Coke", year="2027", carbon_price_per_t="100")).headers["location"]
    run_jobs()
    new = re.search(r'href="(/console/awards/new\?[^"]+)"', client.get(plan).text)
    assert new is not None

    shown = client.get(html.unescape(new[1])).text
    amounts = {name: t for name, t in re.findall(r'name="(t_[^"]+)"[^>]* value="([^"]*)"', shown) if t}
    fields = decision(market, (0, 0, 0), allocation_id=plan.rpartition("/")[2]) | amounts
    recorded = client.post("/console/awards", data=form(**fields))
    address = recorded.headers["location"]
    early = client.get(f"{address}/memo.pdf")
    run_jobs()
    page, pdf = html.unescape(client.get(address).text), client.get(f"{address}/memo.pdf")

    assert sorted(map(float, amounts.values())) == [200, 400, 400]
    assert recorded.status_code == 303
    assert early.status_code == 404
    memo = memo_at(database, address)
    assert memo.number == "AM-2026-0001"
    assert memo.snapshot["cost"] == pytest.approx(400 * 1900 + 400 * 2000 + 200 * 2100)
    # 1,000 t of 0.6 t CO2e at 100 yuan
    assert memo.snapshot["carbon_cost"] == pytest.approx(60_000)
    assert "Amounts as in this plan" in page
    assert "丁焦 Ltd" in page
    assert pdf.headers["content-disposition"] == 'attachment; filename="AM-2026-0001.pdf"'
    assert "sandbox" in pdf.headers["content-security-policy"]
    assert memo.pdf_sha256 == sha256(pdf.content).hexdigest()
    reader = PdfReader(io.BytesIO(pdf.content))
    text = " ".join("".join(page.extract_text() for page in reader.pages).split())
    for words in ("AM-2026-0001", "定标备忘录", "Award memo", "O-2026-0001", "甲焦", "丁焦", REASON, "2026-11-01", "1,980,000"):
        assert words in text
    assert json.loads(reader.attachments["award.json"][0]) == memo.snapshot


def test_amounts_that_rules_forbid_are_refused_beside_the_supplier(
    client: TestClient, sign_in: SignIn, form: Form, market: Market, database: Database
) -> None:
    sign_in(Role.PROCUREMENT)
    with database.reading() as session:
        forbidden = next(one.supplier_id for one in session.exec(select(Score)) if one.grade == "D")

    for fields, message in (
        (decision(market, (0, 0, 0)), "Nobody gets anything"),
        (decision(market, (500, 500, 0)), "It may get at most 40 % of the material, and this is 50 %"),
        (decision(market, (200, 400, 400), reason="Cheap"), "at least 10 characters"),
        (decision(market, (20_000, 13_000, 9_000)), "It delivers at most 10000 t a year"),
        (decision(market, (200, 400, 400)) | {f"t_{forbidden}": "10"}, "Its grade allows no new orders"),
        (decision(market, (200, 400, 400)) | {f"t_{uuid.uuid4()}": "10"}, "no valid offer for this material any more"),
        (decision(market, (200, 400, 400)) | {f"t_{market[0].id}": "some"}, "“some” is not a number"),
        (decision(market, (200, 400, 400), allocation_id=str(uuid.uuid4())), "does not exist"),
    ):
        answer = client.post("/console/awards", data=form(**fields))
        assert answer.status_code in {404, 409, 422}, fields
        assert message in html.unescape(answer.text)
    with database.reading() as session:
        assert session.exec(select(AwardMemo)).all() == []


def test_what_has_changed_since_stands_on_the_page_and_not_in_the_document(
    client: TestClient, buyer_form: Form, market: Market, run_jobs: RunJobs, database: Database
) -> None:
    form = buyer_form
    address = client.post("/console/awards", data=form(**decision(market, (600, 200, 200)))).headers["location"]
    run_jobs()
    before, pdf = html.unescape(client.get(address).text), client.get(f"{address}/memo.pdf").content
    assert "Awards that are no longer permissible" not in client.get("/console").text
    with database.writing() as session:
        excluded = Veto(
            supplier_id=market[1].id,
            kind=VetoKind.PERMIT,
            since=TODAY,
            reason="No permit",
            evidence="Register",
            raised_by=BY,
            raised_at=NOW,
        )
        session.add(excluded)
        score = next(one for one in session.exec(select(Score)) if one.supplier_id == market[0].id)
        values = score.model_dump(exclude={"id"}) | {"grade": "C", "calculated_at": NOW, "inputs_hash": "f" * 64}
        session.add(Score(**values))
        an_offer(session, market[2], price=1950, priced_on=TODAY)

    after = html.unescape(client.get(address).text)
    listed, waiting = client.get("/console/awards").text, client.get("/console").text
    run_jobs()

    assert "What has changed since" not in before
    assert "A veto stands against the supplier now" in after
    assert "Grade C allows 20.0% of this material now, and 60.0% are planned." in after.replace(" %", "%")
    assert "The price is 1,950 yuan/t now, and 1,900 were counted." in after
    assert "No longer permissible" in listed
    assert "Awards that are no longer permissible" in waiting
    assert client.get(f"{address}/memo.pdf").content == pdf


def test_only_who_works_with_suppliers_reads_memos(client: TestClient, sign_in: SignIn, form: Form) -> None:
    sign_in(Role.REVIEWER)
    assert client.get("/console/awards").status_code == 200
    assert client.get(f"/console/awards/{uuid.uuid4()}").status_code == 404
    assert client.post("/console/awards", data=form(flow=FLOW)).status_code == 403
    for role in (Role.SALES, Role.ADMIN):
        sign_in(role)
        assert client.get("/console/awards").status_code == 403
