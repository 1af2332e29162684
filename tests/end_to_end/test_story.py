"""The whole story through requests only: every domain with the next one, no browser; `tests/browser` tells it to people's eyes."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from service.accounts.models import Role, User
from service.submissions.answers import Entry
from tests import builders
from tests.certificates.builders import a_customer
from tests.console.browsing import submit, words
from tests.footprints.builders import a_toll_product
from tests.portal.visits import GROUPS, PIN, send
from tests.submissions.builders import TOLL_ANSWERS

LINK = re.compile(r'id="request-link"[^>]*value="http://127\.0\.0\.1:8000([^"]+)"')
NUMBER = re.compile(r"S-\d{4}-\d{4}")
PERIOD = {"period_start": "2025-01-01", "period_end": "2025-12-31"}
CORRECTED = {**TOLL_ANSWERS, "furnace_electricity": Entry(entered="9,312,000", unit="kWh")}


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One toll plant, the product it graphitises, a customer, and who works at the maker."""

    client: TestClient
    run_jobs: Callable[[], int]
    become: Callable[[Role], None]
    supplier_id: str
    product_id: str
    customer_id: str


@pytest.fixture
def world(app: FastAPI, client: TestClient, sign_in: Callable[..., User], run_jobs: Callable[[], int]) -> World:
    with app.state.database.writing() as session:
        people = {role: builders.a_user(session, roles=[role]) for role in (Role.ENGINEER, Role.REVIEWER, Role.SALES)}
        supplier = builders.a_supplier(session)
        product = a_toll_product(session, builders.a_product(session), supplier)
        product.furnace = "box"
        customer = a_customer(session)
        session.flush()
        session.expunge_all()

    def become(role: Role) -> None:
        client.cookies.clear()  # those that a page has set stand beside the one of the fixture
        sign_in(user=people[role])

    return World(
        client=client,
        run_jobs=run_jobs,
        become=become,
        supplier_id=str(supplier.id),
        product_id=str(product.id),
        customer_id=str(customer.id),
    )


def test_from_a_request_to_a_certificate_that_was_withdrawn(world: World) -> None:
    link = ask(world)
    home = answer(world, link)
    number = return_with_a_question(world, home)
    correct(world, link, home)
    accept(world, home, number)
    footprint = calculate(world, number)
    refuse_release_by_the_same_person(world, footprint)
    release(world, footprint)
    certificate = issue(world, footprint)
    address, pdf = download(world, certificate)
    compare(world, address, pdf)
    withdraw(world, certificate, address)


def ask(world: World) -> str:
    """Invite the plant; return the link's path."""
    world.become(Role.ENGINEER)
    wanted = {"supplier_id": world.supplier_id, **PERIOD, "deadline": "2026-12-20", "message": ""}
    sent = submit(world.client, "/console/requests/new", wanted, action="/console/requests")
    assert sent.status_code == 200, words(sent)
    found = LINK.search(sent.text)
    assert found is not None
    world.run_jobs()
    return found[1]


def enter(world: World, link: str) -> str:
    """Open the link on a device that knows nothing; return the questionnaire's path."""
    world.client.cookies.clear()
    opened = send(world.client, link, {"pin": PIN})
    assert opened.status_code == 303, words(opened)
    home: str = opened.headers["location"]
    return home


def answer(world: World, link: str) -> str:
    """Answer half, come back with link and PIN, answer the rest, hand in."""
    home = enter(world, link)
    fill(world.client, home, "site", TOLL_ANSWERS)
    assert enter(world, link) == home
    assert 'value="12,500"' in world.client.get(f"{home}/site").text
    for group in GROUPS:
        fill(world.client, home, group, TOLL_ANSWERS)
    hand_in(world.client, home)
    return home


def fill(client: TestClient, home: str, group: str, answers: Mapping[str, Entry]) -> None:
    given = {key: answers[key] for key in GROUPS[group].split()}
    units = {f"{key}_unit": entry.unit or "" for key, entry in given.items()}
    saved = send(client, f"{home}/{group}", {**{key: entry.entered for key, entry in given.items()}, **units})
    assert saved.status_code == 303, words(saved)


def hand_in(client: TestClient, home: str) -> None:
    handed_in = send(client, f"{home}/check", {})
    assert handed_in.headers["location"] == f"{home}/receipt", words(handed_in)
    assert "Your answers have arrived." in words(client.get(f"{home}/receipt"))


def return_with_a_question(world: World, home: str) -> str:
    """Send the answers back with words on one field; return the request's number."""
    world.become(Role.REVIEWER)
    review = home.replace("/portal/submissions", "/console/review")
    comment = {"comment.furnace_electricity": "Is 912 the billed figure?"}
    returned = submit(world.client, review, comment, action=f"{review}/return")
    assert returned.status_code == 303, words(returned)
    world.run_jobs()
    found = NUMBER.search(world.client.get(review).text)
    assert found is not None
    return found[0]


def correct(world: World, link: str, home: str) -> None:
    enter(world, link)
    assert "Is 912 the billed figure?" in words(world.client.get(home))
    fill(world.client, home, "electricity", CORRECTED)
    hand_in(world.client, home)


def accept(world: World, home: str, number: str) -> None:
    world.become(Role.REVIEWER)
    review = home.replace("/portal/submissions", "/console/review")
    accepted = submit(world.client, review, {}, action=f"{review}/accept")
    assert accepted.status_code == 303, words(accepted)
    assert f"{number} is accepted" in words(world.client.get("/console/review"))


def calculate(world: World, number: str) -> str:
    """Calculate the plant's product; (9,312,000 + 288,000) kWh / 960 t = 10.00 kWh/kg. Return the footprint's path."""
    world.become(Role.ENGINEER)
    wanted = {"product_id": world.product_id, **PERIOD}
    calculated = submit(world.client, "/console/footprints/new", wanted, action="/console/footprints")
    assert calculated.status_code == 303, words(calculated)
    path: str = calculated.headers["location"]
    page = words(world.client.get(f"{path}/inputs"))
    assert number in page
    assert re.search(r"9,312,000 kWh .* 288,000 kWh\) / .* 960 t = 10(\.0+)? kWh/kg", page)
    return path


def refuse_release_by_the_same_person(world: World, footprint: str) -> None:
    assert "Waiting for a second person" in words(world.client.get(footprint))
    submit(world.client, footprint, {"version": "1"}, action=f"{footprint}/release")
    page = words(world.client.get(footprint))
    assert "You calculated this footprint yourself" in page
    assert "is released." not in page


def release(world: World, footprint: str) -> None:
    world.become(Role.REVIEWER)
    released = submit(world.client, footprint, {}, action=f"{footprint}/release")
    assert released.status_code == 303, words(released)
    assert "is released." in words(world.client.get(footprint))


def issue(world: World, footprint: str) -> str:
    """Issue a certificate; return its page's path."""
    world.become(Role.SALES)
    wanted = {"footprint_id": footprint.rpartition("/")[2], "customer_id": world.customer_id, "part_no": "CELL-7"}
    issued = submit(world.client, "/console/certificates/new", wanted, action="/console/certificates")
    assert issued.status_code == 303, words(issued)
    world.run_jobs()
    path: str = issued.headers["location"]
    return path


def download(world: World, certificate: str) -> tuple[str, bytes]:
    """Return the public address and the document, whose hash the page names."""
    page = world.client.get(certificate).text
    pdf = world.client.get(f"{certificate}/pdf").content
    assert hashlib.sha256(pdf).hexdigest() in page
    found = re.search(r"/verify/[a-z2-7]{32}", page)
    assert found is not None
    return found[0], pdf


def compare(world: World, address: str, pdf: bytes) -> None:
    """Check the file and the file with one byte changed, as somebody who is not signed in."""
    world.client.cookies.clear()
    assert "This certificate is valid" in words(world.client.get(address))
    altered = pdf[:-1] + bytes([pdf[-1] ^ 1])
    for content, verdict in ((pdf, "Identical"), (altered, "Not the issued file")):
        token = re.search(r'name="csrf_token" value="([^"]+)"', world.client.get(address).text)
        assert token is not None
        file = {"file": ("certificate.pdf", content, "application/pdf")}
        compared = world.client.post(address, data={"csrf_token": token[1]}, files=file)
        assert verdict in words(compared)


def withdraw(world: World, certificate: str, address: str) -> None:
    world.become(Role.SALES)
    reason = {"reason": "The lot was returned"}
    withdrawn = submit(world.client, certificate, reason, action=f"{certificate}/withdraw")
    assert withdrawn.status_code == 303, words(withdrawn)
    world.client.cookies.clear()
    public = words(world.client.get(address))
    assert "This certificate was withdrawn" in public
    assert "The lot was returned" in public
