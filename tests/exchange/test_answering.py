"""A partner's request gets exactly one answer, with nothing that a person has not shared."""

import uuid
from collections.abc import Iterator

import pytest
from sqlmodel import Session, select

from service.database import Database
from service.errors import ConflictError, InvalidInputError, StaleVersionError
from service.exchange import answering
from service.exchange.models import Grant, IncomingRequest, Partner, RequestState
from service.exchange.partners import grant_products
from service.exchange.request_queries import matches_of
from service.product_footprints.documents import pact_document
from service.product_footprints.models import DeclaredStatus, ProductFootprint
from service.settings import Settings
from service.suppliers.models import SupplierType
from tests.conftest import NOW, MovableClock
from tests.exchange.deployment import Deployment, a_deployment
from tests.exchange.partner_machine import partner_machine
from tests.exchange.server import BY, a_declared

NUMBER = "urn:pact:anode.example:supplier-id:AG-400"
WANTED = {"productId": [NUMBER.upper()]}


@pytest.fixture
def deployment(sqlite_database: Database, settings: Settings, clock: MovableClock) -> Iterator[Deployment]:
    open_settings = settings.model_copy(update={"exchange_allow_private_addresses": True})
    with partner_machine() as machine:
        yield a_deployment(sqlite_database, open_settings, clock, machine, supplier_type=SupplierType.COKE)


def declare(deployment: Deployment, *, shared: bool, status: DeclaredStatus = DeclaredStatus.ACTIVE) -> ProductFootprint:
    with deployment.database.writing() as session:
        footprint = a_declared(session, product_ids=[NUMBER], status=status)
        if shared:
            partner = session.get_one(Partner, deployment.partner_id)
            grant_products(session, partner, [footprint.product_id], version=partner.version, by=BY, at=NOW)
        return footprint


def fulfil(session: Session, deployment: Deployment, *footprint_ids: uuid.UUID, version: int = 1) -> None:
    request, partner = session.exec(select(IncomingRequest)).one(), session.get_one(Partner, deployment.partner_id)
    answering.fulfil(
        session, request, partner, footprint_ids=footprint_ids, version=version, settings=deployment.settings, by=BY, at=NOW
    )


def reject(session: Session, deployment: Deployment, reason: str) -> None:
    request, partner = session.exec(select(IncomingRequest)).one(), session.get_one(Partner, deployment.partner_id)
    answering.reject(session, request, partner, reason=reason, version=request.version, settings=deployment.settings, by=BY, at=NOW)


def test_a_request_for_what_is_shared_already_is_answered_at_once(deployment: Deployment) -> None:
    footprint = declare(deployment, shared=True)

    deployment.hear("RequestCreatedEvent", {**WANTED, "comment": "for our plant"})

    request = deployment.one(IncomingRequest)
    (sent,) = deployment.machine.events
    assert (request.state, request.answered_by, request.comment) == (RequestState.FULFILLED, "system", "for our plant")
    assert sent["type"] == "org.wbcsd.pact.ProductFootprint.RequestFulfilledEvent.3"
    assert sent["data"] == {"requestEventId": request.event_id, "pfs": [pact_document(footprint)]}


def test_nothing_that_is_not_shared_goes_out_without_a_person(deployment: Deployment) -> None:
    declare(deployment, shared=True)
    secret = declare(deployment, shared=False)
    deployment.hear("RequestCreatedEvent", WANTED)
    assert (deployment.one(IncomingRequest).state, deployment.machine.events) == (RequestState.OPEN, [])

    with deployment.database.writing() as session:
        fulfil(session, deployment, secret.id)
    deployment.work()

    assert [one["id"] for one in deployment.machine.events[0]["data"]["pfs"]] == [str(secret.id)]
    assert secret.product_id in {one.product_id for one in deployment.rows(Grant)}  # the list shows it from now on, too


def test_deprecated_footprints_are_no_answer_unless_they_are_asked_for(deployment: Deployment) -> None:
    old = declare(deployment, shared=True, status=DeclaredStatus.DEPRECATED)
    deployment.hear("RequestCreatedEvent", WANTED)

    with deployment.database.writing() as session:
        request, partner = session.exec(select(IncomingRequest)).one(), session.get_one(Partner, deployment.partner_id)
        assert matches_of(session, request, partner).shared == []
        request.wanted = {**WANTED, "status": ["Deprecated"]}
        assert [one.id for one in matches_of(session, request, partner).shared] == [old.id]


def test_a_request_that_nothing_matches_waits_and_is_refused_with_words(deployment: Deployment) -> None:
    deployment.hear("RequestCreatedEvent", WANTED)
    with deployment.database.writing() as session:
        reject(session, deployment, "We do not make this grade any more.")
    deployment.work()

    request, (sent,) = deployment.one(IncomingRequest), deployment.machine.events
    assert request.state is RequestState.REJECTED
    assert sent["data"] == {
        "requestEventId": request.event_id,
        "error": {"code": "NotFound", "message": "We do not make this grade any more."},
    }


def test_a_request_has_one_answer(deployment: Deployment) -> None:
    secret = declare(deployment, shared=False)
    deployment.hear("RequestCreatedEvent", WANTED)
    with deployment.database.writing() as session:
        fulfil(session, deployment, secret.id)

    with pytest.raises(ConflictError), deployment.database.writing() as session:
        reject(session, deployment, "no")
    with pytest.raises(ConflictError), deployment.database.writing() as session:
        fulfil(session, deployment, secret.id, version=2)
    deployment.work()
    assert len(deployment.machine.events) == 1


def test_an_answer_on_an_old_state_is_refused(deployment: Deployment) -> None:
    secret = declare(deployment, shared=False)
    deployment.hear("RequestCreatedEvent", WANTED)

    with pytest.raises(StaleVersionError), deployment.database.writing() as session:
        fulfil(session, deployment, secret.id, version=7)


def test_only_footprints_that_match_can_be_sent(deployment: Deployment) -> None:
    with deployment.database.writing() as session:
        other = a_declared(session)
    deployment.hear("RequestCreatedEvent", WANTED)

    for chosen in ((), (other.id,)):
        with pytest.raises(InvalidInputError), deployment.database.writing() as session:
            fulfil(session, deployment, *chosen)


def test_a_refusal_needs_words(deployment: Deployment) -> None:
    deployment.hear("RequestCreatedEvent", WANTED)

    with pytest.raises(InvalidInputError), deployment.database.writing() as session:
        reject(session, deployment, "  ")
