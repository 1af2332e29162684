"""The pages on what is exchanged with partners' systems."""

import json
from collections.abc import Callable

import pytest
from fastapi import FastAPI
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.models import Role
from service.exchange.models import (
    DeliveryState,
    IncomingRequest,
    OutgoingEvent,
    OutgoingRequest,
    Partner,
    ReceivedEvent,
    ReceivedFootprint,
    ReceivedState,
    RequestState,
)
from service.exchange.receiving import read_footprint, receive
from service.settings import Settings
from service.submissions.models import Submission
from service.suppliers.models import SupplierType
from tests import builders
from tests.conftest import NOW, SignIn
from tests.exchange.deployment import a_document, reachable_partner
from tests.exchange.server import a_declared
from tests.exchange.test_conversion import version_2

Form = Callable[..., dict[str, str]]
NUMBER = "urn:pact:anode.example:supplier-id:AG-500"


@pytest.fixture
def partner(app: FastAPI, settings: Settings) -> Partner:
    with app.state.database.writing() as session:
        supplier = builders.a_supplier(session, supplier_type=SupplierType.COKE)
        return reachable_partner(session, settings, base_url="https://partner.example", supplier=supplier)


@pytest.fixture
def asked(app: FastAPI, partner: Partner) -> IncomingRequest:
    with app.state.database.writing() as session:
        a_declared(session, product_ids=[NUMBER])
        request = IncomingRequest(
            partner_id=partner.id, event_id="e-1", wanted={"productId": [NUMBER]}, comment="<b>urgent</b>", received_at=NOW
        )
        session.add(request)
        return request


@pytest.fixture
def received(app: FastAPI, partner: Partner) -> ReceivedFootprint:
    with app.state.database.writing() as session:
        found = read_footprint(a_document(productNameCompany="<script>needle</script>"))
        return receive(session, found, partner=partner, supplier_id=partner.supplier_id, by="system", at=NOW)


def test_an_engineer_sends_a_partner_the_footprint_it_asks_for(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form, asked: IncomingRequest
) -> None:
    sign_in(Role.ENGINEER)
    path = f"/console/exchange/requests/incoming/{asked.id}"
    page = client.get(path).text
    assert "&lt;b&gt;urgent" in page
    with app.state.database.reading() as session:
        footprint_id = page.split('name="footprint_ids" value="')[1].split('"')[0]

    sent = client.post(f"{path}/fulfil", data=form(footprint_ids=footprint_id, version="1"))

    assert sent.status_code == 303
    with app.state.database.reading() as session:
        assert session.exec(select(IncomingRequest)).one().state is RequestState.FULFILLED
        assert session.exec(select(OutgoingEvent)).one().body["data"]["pfs"][0]["id"] == footprint_id
    assert "Answered with footprints" in client.get("/console/exchange/requests").text


def test_a_refusal_without_words_comes_back_with_the_message(
    client: TestClient, sign_in: SignIn, form: Form, asked: IncomingRequest
) -> None:
    sign_in(Role.ENGINEER)

    answer = client.post(f"/console/exchange/requests/incoming/{asked.id}/reject", data=form(version="1"))

    assert answer.status_code == 422
    assert "why it gets no footprint" in answer.text


def test_a_partner_is_asked_with_a_form_and_its_list_looked_into(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form, partner: Partner
) -> None:
    sign_in(Role.ENGINEER)
    page = client.get(f"/console/exchange/requests/new?partner_id={partner.id}").text
    assert "needle" in page  # what coke suppliers deliver

    nothing = client.post("/console/exchange/requests", data=form(partner_id=str(partner.id), sends_event="true"))
    assert nothing.status_code == 422

    values = {
        "partner_id": str(partner.id),
        "sends_event": "true",
        "product_ids": f"{NUMBER}\r\n{NUMBER}",
        "valid_on": "2026-01-31",
    }
    asked = client.post("/console/exchange/requests", data=form(**values, flow="needle_coke_green_oil"))

    assert asked.status_code == 303
    with app.state.database.reading() as session:
        request, event = session.exec(select(OutgoingRequest)).one(), session.exec(select(OutgoingEvent)).one()
        assert request.wanted == {"productId": [NUMBER], "validOn": "2026-01-31T00:00:00Z"}
        assert event.body["data"] == request.wanted
        assert event.id == request.id
    assert client.get(asked.headers["location"]).status_code == 200
    assert client.post(f"{asked.headers['location']}/look", data=form()).status_code == 303
    assert client.post(f"{asked.headers['location']}/withdraw", data=form()).status_code == 303


def test_a_received_footprint_is_handed_in_from_its_page(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form, received: ReceivedFootprint
) -> None:
    sign_in(Role.ENGINEER)
    path = f"/console/exchange/received/{received.id}"
    assert "&lt;script&gt;needle" in client.get(path).text

    without = client.post(f"{path}/offer", data=form(version="1"))
    handed_in = client.post(f"{path}/offer", data=form(version="1", flow="needle_coke_green_oil"))

    assert (without.status_code, handed_in.status_code) == (422, 303)
    with app.state.database.reading() as session:
        number = session.exec(select(Submission)).one().number
    assert number in client.get(path).text


def test_a_footprint_is_set_aside_with_a_reason(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form, received: ReceivedFootprint
) -> None:
    sign_in(Role.REVIEWER)
    path = f"/console/exchange/received/{received.id}/set-aside"

    assert client.post(path, data=form(version="1")).status_code == 422
    assert client.post(path, data=form(version="1", reason="another product")).status_code == 303
    with app.state.database.reading() as session:
        assert session.exec(select(ReceivedFootprint)).one().state is ReceivedState.SET_ASIDE


def test_a_file_of_version_2_is_brought_for_a_supplier_and_its_original_comes_back(
    client: TestClient, sign_in: SignIn, form: Form, partner: Partner
) -> None:
    sign_in(Role.REVIEWER)
    document = version_2()
    files = {"file": ("pcf.json", json.dumps(document).encode(), "application/json")}

    brought = client.post("/console/exchange/received/import", data=form(supplier_id=str(partner.supplier_id)), files=files)

    assert brought.status_code == 303
    page = client.get(brought.headers["location"])
    assert "Converted from version 2.3" in page.text
    assert "Brought as a file" in page.text
    original = client.get(f"{brought.headers['location']}/original.json")
    assert original.json() == document
    assert original.headers["content-security-policy"] == "sandbox; default-src 'none'"


NO_FOOTPRINTS = (b"", b"[]", b"{", b'{"id": NaN}', b"\xff", b'{"id": "x", "specVersion": "3.0.0"}', b"[" * 5000)


def test_a_file_that_is_no_footprint_comes_back_with_a_message(
    client: TestClient, sign_in: SignIn, form: Form, partner: Partner
) -> None:
    sign_in(Role.ENGINEER)
    data = form(supplier_id=str(partner.supplier_id))

    answers = [
        client.post("/console/exchange/received/import", data=data, files={"file": ("pcf.json", content, "application/json")})
        for content in NO_FOOTPRINTS
    ]

    assert {answer.status_code for answer in answers} == {422}


def test_a_dead_letter_is_sent_again_from_the_list(
    app: FastAPI, client: TestClient, sign_in: SignIn, form: Form, partner: Partner
) -> None:
    sign_in(Role.ENGINEER)
    problem = {"template": "%(host)s answered with status %(answer_status)s: %(words)s"}
    problem["values"] = {"host": "partner.example", "answer_status": 503, "words": "<i>closed</i>"}  # type: ignore[assignment]
    with app.state.database.writing() as session:
        kind = "org.wbcsd.pact.ProductFootprint.PublishedEvent.3"
        event = OutgoingEvent(partner_id=partner.id, type=kind, body={}, created_at=NOW, since=NOW)
        event.state, event.problem = DeliveryState.DEAD, problem
        session.add(event)
    page = client.get("/console/exchange/deliveries").text
    assert "Given up after 72 hours" in page
    assert "&lt;i&gt;closed" in page

    again = client.post(f"/console/exchange/deliveries/{event.id}/send-again", data=form())

    assert again.status_code == 303
    with app.state.database.reading() as session:
        assert session.exec(select(OutgoingEvent)).one().state is DeliveryState.WAITING


def test_an_event_without_effect_stands_in_the_list_with_the_reason(
    app: FastAPI, client: TestClient, sign_in: SignIn, partner: Partner
) -> None:
    sign_in(Role.AUDITOR)
    with app.state.database.writing() as session:
        session.add(
            ReceivedEvent(
                partner_id=partner.id,
                event_id="e",
                source="//x",
                type="org.wbcsd.pact.ProductFootprint.RequestFulfilledEvent.3",
                body={},
                received_at=NOW,
                problem="It answers no open request of ours to this partner.",
            )
        )

    assert "It answers no open request" in client.get("/console/exchange/requests").text


def test_buyers_and_sellers_do_not_see_what_suppliers_systems_send(
    client: TestClient, sign_in: SignIn, received: ReceivedFootprint
) -> None:
    for role in (Role.PROCUREMENT, Role.SALES):
        sign_in(role)
        for path in ("requests", "received", f"received/{received.id}", f"received/{received.id}/original.json", "deliveries"):
            assert client.get(f"/console/exchange/{path}").status_code == 403


def test_the_work_queue_names_what_waits_between_us_and_partners(
    client: TestClient, sign_in: SignIn, asked: IncomingRequest, received: ReceivedFootprint
) -> None:
    assert asked.partner_id == received.partner_id
    sign_in(Role.ENGINEER)

    page = client.get("/console").text

    assert "Requests of partners to answer" in page
    assert "Received footprints to decide on" in page
    assert "given up" not in page
