"""What is taken of partners' events, once each, and what is refused."""

import json
import threading
import uuid
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlmodel import Session, col, select

from service.database import Database
from service.exchange.incoming import Event, take_event
from service.exchange.models import Partner, ReceivedEvent
from service.jobs.models import Job
from tests.builders import NOW
from tests.exchange.conftest import World
from tests.exchange.server import EVENTS, GOLDEN, Program, a_partner, a_request, an_event


def kept(session: Session) -> list[ReceivedEvent]:
    return list(session.exec(select(ReceivedEvent).order_by(col(ReceivedEvent.id))))


def jobs(session: Session) -> list[Job]:
    return list(session.exec(select(Job).where(Job.name == "handle_event")))


def test_an_event_is_kept_with_the_job_that_handles_it(own_world: World) -> None:
    event = a_request(comment="for 2025", productId=["urn:gtin:1"], subject=None)

    assert own_world.program.send(event).status_code == 200

    with own_world.app.state.database.reading() as session:
        (received,), (job,) = kept(session), jobs(session)
        assert (received.event_id, received.source, received.type) == (event["id"], event["source"], event["type"])
        assert received.body == event | {"data": {"comment": "for 2025", "productId": ["urn:gtin:1"]}}
        assert job.payload == {"event_id": str(received.id)}


def test_an_event_sent_again_is_acknowledged_and_kept_once(own_world: World) -> None:
    event = a_request()
    again = [event, event, event | {"time": "2026-11-22T03:00:00Z"}]

    assert [own_world.program.send(one).status_code for one in again] == [200, 200, 200]

    with own_world.app.state.database.reading() as session:
        assert len(kept(session)) == len(jobs(session)) == 1


def test_another_event_under_the_same_id_is_refused(own_world: World) -> None:
    event = a_request(productId=["urn:gtin:1"])
    other = event | {"data": {"productId": ["urn:gtin:2"]}}

    assert own_world.program.send(event).status_code == 200
    assert own_world.program.send(other).status_code == 400
    assert own_world.program.send(other | {"source": "/another"}).status_code == 200


def test_two_partners_may_use_the_same_id(own_world: World) -> None:
    event = a_request()

    assert [one.send(event).status_code for one in (own_world.program, own_world.stranger)] == [200, 200]
    with own_world.app.state.database.reading() as session:
        assert len({received.partner_id for received in kept(session)}) == 2


def test_an_event_in_the_name_of_another_partner_is_refused(own_world: World) -> None:
    with own_world.app.state.database.writing() as session:
        a_partner(session, base_url="https://pact.victim.example")

    for source in ("https://pact.victim.example/3/events", "//PACT.victim.example", "https://pact.victim.example:443/x"):
        answer = own_world.program.send(a_request() | {"source": source})
        assert (answer.status_code, answer.json()["code"]) == (403, "AccessDenied")
    with own_world.app.state.database.reading() as session:
        assert kept(session) == []


def test_one_host_may_serve_several_partners(own_world: World) -> None:
    with own_world.app.state.database.writing() as session:
        partners = [a_partner(session, base_url="https://solution.example/pact") for _ in range(2)]
        programs = [Program(own_world.app, partner.client_id) for partner in partners]

    event = a_request() | {"source": "//solution.example/3/events"}
    assert [one.send(event).status_code for one in programs] == [200, 200]


@pytest.mark.parametrize(
    "media_type",
    ["application/json", "application/cloudevents-batch+json", "text/plain", "application/cloudevents+json; charset=utf-16"],
)
def test_another_media_type_is_refused(program: Program, media_type: str) -> None:
    answer = program.send(a_request(), media_type=media_type)

    assert (answer.status_code, answer.json()["code"]) == (415, "BadRequest")


@pytest.mark.parametrize("media_type", ["application/cloudevents+json", "Application/CloudEvents+JSON;charset=utf-8"])
def test_the_media_type_may_name_its_charset(program: Program, media_type: str) -> None:
    assert program.send(a_request(), media_type=media_type).status_code == 200


FULFILLED = {"requestEventId": "1", "pfs": [{**GOLDEN, "id": "6f0c1c52-6d0b-4b1a-9a51-1f7d6a0e2b10", "status": "Active"}]}


def without(data: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in data.items() if key != name}


@pytest.mark.parametrize(
    ("event", "named"),
    [
        *((without(a_request(), name), name) for name in ("type", "specversion", "id", "source", "time", "data")),
        (a_request() | {"type": "org.wbcsd.pathfinder.ProductFootprintRequest.Created.v1"}, "type"),
        (a_request() | {"type": ["x"]}, "type"),
        (a_request() | {"specversion": "0.3"}, "specversion"),
        (a_request() | {"id": ""}, "id"),
        (a_request() | {"id": 7}, "id"),
        (a_request() | {"id": "x" * 201}, "id"),
        (a_request() | {"source": "https://[::1"}, "source"),
        (a_request() | {"source": "two words"}, "source"),
        (a_request() | {"time": "today"}, "time"),
        (a_request() | {"time": "2026-11-22T02:00:00"}, "time"),
        (a_request() | {"data": []}, "data"),
        (an_event("RequestCreatedEvent", {}), "productId"),
        (an_event("RequestCreatedEvent", {"comment": "anything"}), "productId"),
        (an_event("RequestCreatedEvent", {"productId": "urn:gtin:1"}), "data.productId"),
        (an_event("RequestCreatedEvent", {"geography": [1]}), "data.geography"),
        (an_event("RequestCreatedEvent", {"status": ["Draft"]}), "data.status"),
        (an_event("RequestCreatedEvent", {"validOn": "soon"}), "validOn"),
        (an_event("RequestCreatedEvent", {"geography": ["DE"], "comment": "x" * 2001}), "data.comment"),
        (an_event("PublishedEvent", {}), "data.pfIds"),
        (an_event("PublishedEvent", {"pfIds": []}), "data.pfIds"),
        (an_event("PublishedEvent", {"pfIds": [1]}), "data.pfIds"),
        (an_event("RequestRejectedEvent", {"requestEventId": "1"}), "data.error"),
        (an_event("RequestRejectedEvent", {"requestEventId": "1", "error": {"code": "NotFound"}}), "error.message"),
        (an_event("RequestRejectedEvent", {"error": {"code": "NotFound", "message": ""}}), "data.requestEventId"),
        (an_event("RequestFulfilledEvent", FULFILLED | {"pfs": []}), "data.pfs"),
        (an_event("RequestFulfilledEvent", FULFILLED | {"pfs": ["x"]}), "data.pfs[0]"),
        (an_event("RequestFulfilledEvent", without(FULFILLED, "requestEventId")), "data.requestEventId"),
        (an_event("RequestFulfilledEvent", FULFILLED | {"pfs": [without(FULFILLED["pfs"][0], "pcf")]}), "data.pfs[0]/pcf"),
    ],
)
def test_a_malformed_event_is_refused_with_the_member_named(program: Program, event: Mapping[str, Any], named: str) -> None:
    answer = program.send(event)

    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")
    assert named in answer.json()["message"]


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b'{"id": NaN}', b'{"id": 1, "id": 2}', b'{"id": "\\ud800"}', b"[" * 100_000],
    ids=["empty", "half", "null", "list", "text", "no UTF-8", "NaN", "a name twice", "half a character", "too deep"],
)
def test_a_body_that_is_no_object_is_refused(program: Program, body: bytes) -> None:
    answer = program.client.post("/3/events", content=body, headers={**program.bearer, "content-type": EVENTS})

    assert (answer.status_code, answer.json()["code"]) == (400, "BadRequest")


def test_null_and_absent_mean_the_same(own_world: World) -> None:
    event = a_request(geography=["CN"], status=None, validOn=None)

    assert own_world.program.send(event).status_code == 200
    with own_world.app.state.database.reading() as session:
        assert json.loads(json.dumps(kept(session)[0].body["data"])) == {"geography": ["CN"]}


def test_a_refused_event_leaves_nothing_behind(own_world: World) -> None:
    assert own_world.program.send(a_request() | {"specversion": "2"}).status_code == 400

    with own_world.app.state.database.reading() as session:
        assert (kept(session), jobs(session)) == ([], [])


def test_the_same_event_on_two_connections_at_once_is_kept_once(postgres_database: Database) -> None:
    event = Event(id="1", source="/x", type="org.wbcsd.pact.ProductFootprint.PublishedEvent.3", body={"data": {"pfIds": ["x"]}})
    with postgres_database.writing() as session:
        partner_id = a_partner(session).id
    together = threading.Barrier(2)

    def take() -> uuid.UUID:
        with postgres_database.writing() as session:
            partner = session.get_one(Partner, partner_id)
            together.wait(30)
            return take_event(session, partner, event, at=NOW).id

    with ThreadPoolExecutor(2) as threads:
        ids = [taken.result() for taken in [threads.submit(take) for _ in range(2)]]

    with postgres_database.reading() as session:
        assert [received.id for received in kept(session)] == [ids[0]]
        assert ids[0] == ids[1]
