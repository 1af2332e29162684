"""Events from partners: read strictly, kept once, handled by a job after the answer."""

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, select
from starlette.requests import Request

from service.conformance.findings import Format, Severity
from service.conformance.reading import without_nulls
from service.conformance.shapes import shape_findings
from service.errors import N_
from service.exchange.errors import BadExchangeError, ForeignSourceError, WrongMediaTypeError
from service.exchange.filters import filter_of_event, is_instant
from service.exchange.models import Partner, ReceivedEvent
from service.exchange.queries import partners_of_source
from service.jobs.operations import enqueue
from service.outgoing.strict_json import StrictJsonError, read_json

MEDIA_TYPE: Final = "application/cloudevents+json"
CREATED: Final = "org.wbcsd.pact.ProductFootprint.RequestCreatedEvent.3"
FULFILLED: Final = "org.wbcsd.pact.ProductFootprint.RequestFulfilledEvent.3"
REJECTED: Final = "org.wbcsd.pact.ProductFootprint.RequestRejectedEvent.3"
PUBLISHED: Final = "org.wbcsd.pact.ProductFootprint.PublishedEvent.3"
ID_MAX: Final = 200
SOURCE_MAX: Final = 300
COMMENT_MAX: Final = 2000
LIST_MAX: Final = 1000
TASK: Final = "handle_event"
_REQUIRED: Final = ("type", "specversion", "id", "source", "time", "data")
_UNPRINTABLE: Final = re.compile(r"[\x00-\x20\x7f-\x9f]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A CloudEvent of one of the four kinds, checked.

    Attributes
    ----------
    body
        The whole envelope without members that are null.

    """

    id: str
    source: str
    type: str
    body: Mapping[str, Any]


def read_event(request: Request, body: bytes) -> Event:
    """Read an event in structured mode.

    Raises
    ------
    WrongMediaTypeError, BadExchangeError
        It is none that the specification allows; the message names the member.

    """
    media_type, _, parameters = request.headers.get("content-type", "").partition(";")
    charset = parameters.strip().lower().removeprefix("charset=").strip('"')
    if media_type.strip().lower() != MEDIA_TYPE or charset not in {"", "utf-8", "utf8"}:
        raise WrongMediaTypeError
    try:
        found = without_nulls(read_json(body))
    except StrictJsonError as error:
        raise BadExchangeError(N_("The body can't be read: %(reason)s."), reason=str(error)[:200]) from error
    if not isinstance(found, dict):
        raise BadExchangeError(N_("The body must be one JSON object, the event."))
    _check_envelope(found)
    _CHECKS[found["type"]](found["data"])
    return Event(id=found["id"], source=found["source"], type=found["type"], body=found)


def take_event(session: Session, partner: Partner, event: Event, *, at: datetime) -> ReceivedEvent:
    """Keep an event and ask for its handling, in the transaction of the answer; sent again, it changes nothing.

    Raises
    ------
    ForeignSourceError
        Its source is the address of another partner.
    BadExchangeError
        Another event came from this source under the same id.

    """
    named = partners_of_source(session, event.source)
    if named and partner.id not in {one.id for one in named}:
        raise ForeignSourceError
    present = _find(session, partner, event)
    if present is None:
        try:
            with session.begin_nested():
                return _keep(session, partner, event, at=at)
        except IntegrityError:  # the same event came on another connection a moment ago
            present = _find(session, partner, event)
    if present is None or present.type != event.type or present.body["data"] != event.body["data"]:
        raise BadExchangeError(
            N_("Another event with this source and id has been taken already; give each event an id of its own.")
        )
    return present


def _find(session: Session, partner: Partner, event: Event) -> ReceivedEvent | None:
    same = (ReceivedEvent.partner_id == partner.id, ReceivedEvent.source == event.source, ReceivedEvent.event_id == event.id)
    return session.exec(select(ReceivedEvent).where(*same)).first()


def _keep(session: Session, partner: Partner, event: Event, *, at: datetime) -> ReceivedEvent:
    received = ReceivedEvent(
        partner_id=partner.id,
        event_id=event.id,
        source=event.source,
        type=event.type,
        body=dict(event.body),
        received_at=at,
    )
    session.add(received)
    session.flush()  # the job names its id
    enqueue(session, TASK, {"event_id": str(received.id)}, key=f"handle-event:{received.id}", run_at=at)
    return received


def _check_envelope(found: Mapping[str, Any]) -> None:
    missing = [name for name in _REQUIRED if name not in found]
    if missing:
        raise BadExchangeError(N_("The event lacks %(names)s."), names=", ".join(missing))
    if found["type"] not in _CHECKS if isinstance(found["type"], str) else True:
        raise BadExchangeError(N_("type must be one of %(types)s."), types=", ".join(_CHECKS))
    if found["specversion"] != "1.0":
        raise BadExchangeError(N_("specversion must be “1.0”."))
    _check_text(found, "id", longest=ID_MAX)
    _check_text(found, "source", longest=SOURCE_MAX)
    if not _is_reference(found["source"]):
        raise BadExchangeError(N_("source must be a URI reference, such as //pact.example.com/3/events."))
    if not is_instant(found["time"]):
        raise BadExchangeError(N_("%(name)s is no date and time with its offset; write it as 2026-01-31T00:00:00Z."), name="time")
    if not isinstance(found["data"], dict):
        raise BadExchangeError(N_("%(name)s must be an object."), name="data")


def _is_reference(text: str) -> bool:
    try:
        urlsplit(text)
    except ValueError:
        return False
    return not _UNPRINTABLE.search(text)


def _check_text(found: Mapping[str, Any], name: str, *, longest: int, prefix: str = "") -> None:
    value = found.get(name)
    if not isinstance(value, str) or not 1 <= len(value) <= longest or not value.isprintable():
        raise BadExchangeError(N_("%(name)s must be a text of 1 to %(max)s characters."), name=prefix + name, max=longest)


def _check_created(data: Mapping[str, Any]) -> None:
    filter_of_event(data)
    comment = data.get("comment", "")
    if not isinstance(comment, str) or len(comment) > COMMENT_MAX or "\0" in comment:
        raise BadExchangeError(N_("data.comment must be a text of at most %(max)s characters."), max=COMMENT_MAX)


def _check_fulfilled(data: Mapping[str, Any]) -> None:
    _check_text(data, "requestEventId", longest=ID_MAX, prefix="data.")
    for number, footprint in enumerate(_list(data, "pfs")):
        if not isinstance(footprint, dict):
            raise BadExchangeError(N_("%(name)s must be an object."), name=f"data.pfs[{number}]")
        first = next((one for one in shape_findings(footprint, Format.PACT3) if one.severity is Severity.ERROR), None)
        if first is not None:
            place = f"data.pfs[{number}]{first.pointer}"
            raise BadExchangeError(N_("%(place)s: %(problem)s"), place=place, problem=first.message("en"))


def _check_rejected(data: Mapping[str, Any]) -> None:
    _check_text(data, "requestEventId", longest=ID_MAX, prefix="data.")
    error = data.get("error")
    if not isinstance(error, dict):
        raise BadExchangeError(N_("%(name)s must be an object."), name="data.error")
    _check_text(error, "code", longest=ID_MAX, prefix="data.error.")
    if not isinstance(error.get("message"), str):
        raise BadExchangeError(N_("data.%(name)s must be a text."), name="error.message")


def _check_published(data: Mapping[str, Any]) -> None:
    for value in _list(data, "pfIds"):
        if not is_uuid(value):
            raise BadExchangeError(N_("data.pfIds must hold the ids of footprints, each a UUID."))


def _list(data: Mapping[str, Any], name: str) -> list[Any]:
    found = data.get(name)
    if not isinstance(found, list) or not 1 <= len(found) <= LIST_MAX:
        raise BadExchangeError(N_("data.%(name)s must be a list of 1 to %(max)s entries."), name=name, max=LIST_MAX)
    return found


def is_uuid(value: object) -> bool:
    """Tell whether a value is a UUID in its usual form (RFC 9562), in letters of either case."""
    try:
        return isinstance(value, str) and str(uuid.UUID(value)) == value.lower()
    except ValueError:
        return False


_CHECKS: Final[Mapping[str, Callable[[Mapping[str, Any]], None]]] = {
    CREATED: _check_created,
    FULFILLED: _check_fulfilled,
    REJECTED: _check_rejected,
    PUBLISHED: _check_published,
}
