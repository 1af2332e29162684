"""What we tell partners arrives once, or people see that it did not."""

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlmodel import select

from service.audit.models import AuditEvent
from service.database import Database
from service.errors import ConflictError
from service.exchange import outbox
from service.exchange.events_out import published
from service.exchange.models import DeliveryState, OutgoingEvent, Partner
from service.exchange.publishing import announce
from service.exchange.told import explain_told
from service.jobs.models import Job
from service.jobs.operations import enqueue
from service.settings import Settings
from service.suppliers.models import SupplierType
from tests.conftest import MovableClock
from tests.exchange.deployment import Deployment, a_deployment, reachable_partner
from tests.exchange.partner_machine import PartnerMachine, Reply, answer, partner_machine
from tests.exchange.server import BY, a_declared


@pytest.fixture
def deployment(sqlite_database: Database, settings: Settings, clock: MovableClock) -> Iterator[Deployment]:
    open_settings = settings.model_copy(update={"exchange_allow_private_addresses": True})
    with partner_machine() as machine:
        yield a_deployment(sqlite_database, open_settings, clock, machine, supplier_type=SupplierType.COKE)


def tell(deployment: Deployment) -> uuid.UUID:
    with deployment.database.writing() as session:
        partner = session.get_one(Partner, deployment.partner_id)
        envelope = published(uuid.uuid4(), [uuid.uuid4()], settings=deployment.settings, at=deployment.clock())
        return outbox.put(session, partner, envelope, at=deployment.clock()).id


def always(reply: Reply, machine: PartnerMachine) -> None:
    machine.script = lambda _method, path, _body: reply if path == "/3/events" else None


def test_an_event_arrives_with_a_token_from_the_endpoint_that_the_partner_names(deployment: Deployment) -> None:
    event_id = tell(deployment)
    deployment.work()

    sent, row = deployment.machine.events[0], deployment.one(OutgoingEvent)
    assert (sent["id"], sent["source"], sent["specversion"]) == (str(event_id), deployment.settings.base_url, "1.0")
    assert (row.state, row.attempts, row.next_at) == (DeliveryState.DELIVERED, 1, None)
    assert ("POST", "/oauth/token") in deployment.machine.heard


def test_one_token_serves_until_it_ends(deployment: Deployment) -> None:
    for _ in range(3):
        tell(deployment)
    deployment.work()
    assert (len(deployment.machine.events), deployment.machine.tokens_given) == (3, 1)

    deployment.clock.move(timedelta(hours=1))
    tell(deployment)
    deployment.work()
    assert (len(deployment.machine.events), deployment.machine.tokens_given) == (4, 2)


def test_a_token_that_is_not_accepted_any_more_is_replaced_once(deployment: Deployment) -> None:
    tell(deployment)
    deployment.work()
    deployment.machine.valid_tokens.clear()

    tell(deployment)
    deployment.work()

    assert (len(deployment.machine.events), deployment.machine.tokens_given) == (2, 2)


def test_a_partner_without_discovery_is_asked_at_the_usual_address(deployment: Deployment) -> None:
    machine = deployment.machine

    def script(_method: str, path: str, _body: bytes) -> Reply | None:
        if path == "/.well-known/openid-configuration":
            return answer({}, status=404)
        return machine.good_answer("/oauth/token", b"", "") if path == "/auth/token" else None

    machine.script = script
    tell(deployment)
    deployment.work()

    assert len(machine.events) == 1


@pytest.mark.parametrize(
    "reply",
    [
        answer({"code": "InternalError"}, status=500),
        answer({"code": "BadRequest"}, status=400),
        answer({}, status=429),
        (302, {"location": "http://127.0.0.1/"}, b""),
    ],
    ids=["500", "400", "429", "redirect"],
)
def test_whatever_a_partner_answers_but_a_yes_is_tried_again_soon(deployment: Deployment, reply: Reply) -> None:
    always(reply, deployment.machine)
    tell(deployment)
    deployment.work()

    event = deployment.one(OutgoingEvent)
    assert (event.state, event.attempts) == (DeliveryState.WAITING, 1)
    assert timedelta(0) < event.next_at - deployment.clock() <= timedelta(seconds=5)
    assert str(reply[0]) in explain_told("zh-CN", event.problem)


def test_an_event_is_given_up_after_72_hours_and_a_person_may_send_it_again(deployment: Deployment) -> None:
    always(answer({}, status=503), deployment.machine)
    event_id = tell(deployment)
    deployment.work()
    deployment.work_until(timedelta(hours=71))
    assert deployment.one(OutgoingEvent).state is DeliveryState.WAITING
    deployment.work_until(timedelta(hours=2))

    dead = deployment.one(OutgoingEvent)
    assert (dead.state, dead.next_at, deployment.work()) == (DeliveryState.DEAD, None, 0)
    with deployment.database.reading() as session:
        given_up = session.exec(select(AuditEvent).where(AuditEvent.action == "exchange_event_given_up")).all()
        assert len(given_up) == 1

    deployment.machine.script = lambda _method, _path, _body: None
    with deployment.database.writing() as session:
        outbox.send_again(session, session.get_one(OutgoingEvent, event_id), by=BY, at=deployment.clock())
    deployment.work()
    assert [one["id"] for one in deployment.machine.events] == [str(event_id)]
    with pytest.raises(ConflictError), deployment.database.writing() as session:
        outbox.send_again(session, session.get_one(OutgoingEvent, event_id), by=BY, at=deployment.clock())


def test_a_partner_that_is_switched_off_hears_nothing(deployment: Deployment) -> None:
    with deployment.database.writing() as session:
        session.get_one(Partner, deployment.partner_id).is_active = False
    tell(deployment)
    deployment.work()

    assert deployment.machine.heard == []
    assert deployment.one(OutgoingEvent).state is DeliveryState.WAITING


def test_an_attempt_that_was_lost_is_asked_for_again(deployment: Deployment) -> None:
    event_id = tell(deployment)
    with deployment.database.writing() as session:
        session.delete(session.exec(select(Job)).one())
    deployment.clock.move(timedelta(hours=2))
    with deployment.database.writing() as session:
        enqueue(session, "send_late_events", {}, key="late", run_at=deployment.clock())
    deployment.work()

    assert [one["id"] for one in deployment.machine.events] == [str(event_id)]


def test_news_go_to_the_partners_that_may_see_the_footprint_and_to_no_other(deployment: Deployment) -> None:
    with deployment.database.writing() as session:
        sees_all = reachable_partner(
            session, deployment.settings, base_url=deployment.machine.base_url, client_id="sees-all", shares_all=True
        )
        one, other = a_declared(session), a_declared(session)
        told = announce(session, [one.id, other.id], settings=deployment.settings, at=deployment.clock())
        ids = {str(one.id), str(other.id)}
    deployment.work()

    assert told == 1
    assert [row.partner_id for row in deployment.rows(OutgoingEvent)] == [sees_all.id]
    assert set(deployment.machine.events[0]["data"]["pfIds"]) == ids
