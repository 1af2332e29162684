"""Two deployments, each with its own data, exchange footprints over TLS in both directions."""

import shutil
import ssl
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest
from sqlmodel import Session, select

from service.clock import system_clock
from service.database import Database, open_database
from service.exchange import answering, asking
from service.exchange.asking import AskInput
from service.exchange.models import (
    DeliveryState,
    IncomingRequest,
    OutgoingEvent,
    OutgoingRequest,
    Partner,
    ReceivedFootprint,
    ReceivedState,
    RequestState,
)
from service.exchange.offering import OfferInput, offer
from service.exchange.request_queries import matches_of
from service.footprints.models import FootprintRecord, FootprintStatus
from service.jobs.operations import enqueue
from service.product_footprints.models import DeclaredStatus, ProductFootprint
from service.products.models import Product
from service.settings import Settings
from service.submissions import operations as submissions
from service.submissions.models import SubmissionStatus
from service.submissions.queries import accepted_answers
from service.suppliers.models import Supplier, SupplierType
from tests import builders
from tests.exchange.server import a_declared
from tests.exchange.serving import make_certificate, run, serving
from tests.ports import free_port

ENGINEER = "user:01999999-0000-7000-8000-00000000000a"
REVIEWER = "user:01999999-0000-7000-8000-00000000000b"
SECRETS = {"a": "secret-that-a-knows-of-b", "b": "secret-that-b-knows-of-a"}
PATIENCE_S = 90
COKE = "needle_coke_green_oil"
NUMBER = "urn:pact:anode.example:supplier-id:AG-300"
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True, kw_only=True)
class Instance:
    """One deployment: its database, its settings, and the other as its partner."""

    database: Database
    settings: Settings

    def do(self, work: Callable[[Session], Found]) -> Found:
        """Do something as people of this deployment do, in one transaction."""
        with self.database.writing() as session:
            return work(session)

    def see(self, look: Callable[[Session], Found]) -> Found:
        """Look something up."""
        with self.database.reading() as session:
            found = look(session)
            session.expunge_all()
            return found

    def wait_for(self, look: Callable[[Session], Found | None]) -> Found:
        """Wait until something is there, as long as it may take on a busy machine."""
        ends_at = time.monotonic() + PATIENCE_S
        while time.monotonic() < ends_at:
            found = self.see(look)
            if found:
                return found
            time.sleep(0.1)
        problems = self.see(lambda session: [one.problem for one in session.exec(select(OutgoingEvent))])
        raise AssertionError(f"waited in vain; problems of messages: {problems}")


@pytest.fixture(scope="module")
def both(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Instance, Instance]]:
    """Two running deployments that know each other; `a` buys coke of `b`, and shares all that it has declared."""
    folder = tmp_path_factory.mktemp("certificate")
    certificate, key = make_certificate(folder)
    trusting = ssl.create_default_context(cafile=str(certificate))
    ports = {name: free_port() for name in "ab"}
    with ExitStack() as stack:
        instances = []
        for name, other in (("a", "b"), ("b", "a")):
            home = tmp_path_factory.mktemp(name)
            shutil.copy(sqlite_template, home / "anodeprint.db")
            base_url = f"https://127.0.0.1:{ports[name]}"
            surroundings = {
                "ANODEPRINT_BASE_URL": base_url,
                "ANODEPRINT_EXCHANGE_ALLOW_PRIVATE_ADDRESSES": "true",
                "SSL_CERT_FILE": str(certificate),
            }
            added = run(home, *_partner(name, other, ports[other]), **surroundings)
            assert added.returncode == 0, added.stderr
            tls = ("--tls-cert", str(certificate), "--tls-key", str(key))
            stack.enter_context(serving(home, *tls, port=ports[name], context=trusting, **surroundings))
            settings = Settings(data_dir=home, base_url=base_url, exchange_allow_private_addresses=True)
            instances.append(stack.enter_context(_instance(home, settings)))
        yield instances[0], instances[1]


def _partner(name: str, other: str, port: int) -> tuple[str, ...]:
    return (
        *("exchange", "partner", "add", "--name", f"Deployment {other}", "--base-url", f"https://127.0.0.1:{port}"),
        *("--client-id", other, "--client-secret", SECRETS[name]),
        *("--callback-client-id", name, "--callback-client-secret", SECRETS[other]),
        *(("--share-all-released",) if name == "a" else ()),
    )


@contextmanager
def _instance(home: Path, settings: Settings) -> Iterator[Instance]:
    database = open_database(f"sqlite:///{home / 'anodeprint.db'}")
    yield Instance(database=database, settings=settings)
    database.close()


def partner_of(session: Session) -> Partner:
    return session.exec(select(Partner)).one()


def ask_for(instance: Instance, *, flow: str | None, flows: tuple[str, ...]) -> uuid.UUID:
    def ask(session: Session) -> uuid.UUID:
        partner = partner_of(session)
        fields = AskInput(partner_id=partner.id, flow=flow, product_ids=NUMBER, sends_event=True)
        return asking.ask(session, partner, fields, flows=flows, settings=instance.settings, by=ENGINEER, at=system_clock()).id

    return instance.do(ask)


def received_of(footprint_id: uuid.UUID) -> Callable[[Session], ReceivedFootprint | None]:
    return lambda session: session.exec(select(ReceivedFootprint).where(ReceivedFootprint.footprint_id == footprint_id)).first()


def test_footprints_travel_both_ways_and_are_reviewed_before_they_count(both: tuple[Instance, Instance]) -> None:
    buyer, seller = both
    first = seller.do(lambda session: a_declared(session, product_ids=[NUMBER]).id)
    supplier_id = buyer.do(lambda session: _know_the_supplier(session).id)

    # The buyer asks; nothing is shared with it yet, so a person of the seller decides.
    request_id = ask_for(buyer, flow=COKE, flows=(COKE,))
    incoming = seller.wait_for(lambda session: session.exec(select(IncomingRequest)).first())
    assert (incoming.state, incoming.wanted) == (RequestState.OPEN, {"productId": [NUMBER]})
    seller.do(lambda session: _fulfil_all(session, seller))
    received = buyer.wait_for(received_of(first))
    asked = buyer.see(lambda session: session.get_one(OutgoingRequest, request_id))
    assert (asked.state, received.request_id, received.flow) == (RequestState.FULFILLED, request_id, COKE)

    # What came counts once another person has accepted it: 9.840 kg CO2e per 1 kg are 9840 kg per t.
    answers = buyer.do(lambda session: _review(session, received.id, supplier_id))
    assert (answers["own_pcf"], answers["own_primary_share"]) == (9840.0, 46.2)

    # The seller declares the successor; the buyer hears of it, fetches it, and knows what it replaces.
    second = seller.do(lambda session: _declare_successor(session, first))
    successor = buyer.wait_for(received_of(second))
    former = buyer.see(lambda session: session.get_one(ReceivedFootprint, received.id))
    assert (successor.state, successor.flow, former.state) == (ReceivedState.RECEIVED, COKE, ReceivedState.REPLACED)

    # The other way round everything is shared, so the answer comes without anybody's doing.
    theirs = buyer.do(lambda session: a_declared(session, product_ids=[NUMBER]).id)
    ask_for(seller, flow=None, flows=())
    assert seller.wait_for(received_of(theirs)).document["productNameCompany"] == "AG-300"
    for instance in both:
        instance.wait_for(_nothing_waits)


def _know_the_supplier(session: Session) -> Supplier:
    supplier = builders.a_supplier(session, supplier_type=SupplierType.COKE)
    partner = partner_of(session)
    partner.supplier_id = supplier.id
    session.add(partner)
    return supplier


def _fulfil_all(session: Session, seller: Instance) -> None:
    request, partner = session.exec(select(IncomingRequest)).one(), partner_of(session)
    matching = [one.id for one in matches_of(session, request, partner).unshared]
    answering.fulfil(
        session,
        request,
        partner,
        footprint_ids=matching,
        version=request.version,
        settings=seller.settings,
        by=ENGINEER,
        at=system_clock(),
    )


def _review(session: Session, received_id: uuid.UUID, supplier_id: uuid.UUID) -> dict[str, float | str]:
    received = session.get_one(ReceivedFootprint, received_id)
    fields = OfferInput(flow=COKE)
    submission = offer(session, received, fields, version=received.version, by=ENGINEER, at=system_clock())
    assert submission.status is SubmissionStatus.SUBMITTED
    submissions.start_review(session, submission, by=REVIEWER, at=system_clock())
    submissions.accept(session, submission, version=submission.version, by=REVIEWER, at=system_clock())
    found = accepted_answers(session, [supplier_id], period_start=submission.period_start, period_end=submission.period_end)
    return dict(found[supplier_id].values)


def _declare_successor(session: Session, former_id: uuid.UUID) -> uuid.UUID:
    former = session.get_one(ProductFootprint, former_id)
    former.status = DeclaredStatus.DEPRECATED
    session.add(former)
    session.get_one(FootprintRecord, former.record_id).status = FootprintStatus.REPLACED
    session.flush()  # of one product and period only one is released and active
    product = session.get_one(Product, former.product_id)
    successor = a_declared(session, product=product, product_ids=[NUMBER], preceding=[former_id])
    payload = {"footprint_ids": [str(successor.id)]}
    enqueue(session, "announce_published", payload, key=f"announce:{successor.id}", run_at=system_clock())
    return successor.id


def _nothing_waits(session: Session) -> bool:
    states = {one.state for one in session.exec(select(OutgoingEvent))}
    return states == {DeliveryState.DELIVERED}
