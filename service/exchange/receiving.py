"""Footprints of others: kept as they came, converted where they are of version 2, with what the rules have to say about them."""

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from service.audit.operations import record
from service.conformance.findings import Finding, Format, Severity
from service.conformance.reading import without_nulls
from service.conformance.validation import validate
from service.errors import N_, ConflictError, FieldError, InvalidInputError, ServiceError, StaleVersionError
from service.exchange.conversion import convert_to_version_3, is_version_2
from service.exchange.models import OutgoingRequest, Partner, ReceivedFootprint, ReceivedState
from service.submissions.parsing import clean_text

Document = Mapping[str, Any]  # JSON of others
LONGEST_REASON: Final = 500
_UNDECIDED: Final = (ReceivedState.RECEIVED, ReceivedState.OFFERED, ReceivedState.SET_ASIDE)
_CHANGED: Final = Finding(
    rule="PCF-R13",
    severity=Severity.WARNING,
    pointer="/id",
    value=None,
    template=N_(
        "Another content has come under the same id; what came first stays. A change needs an id of its own and precedingPfIds."
    ),
)


class UnreadableFootprintError(ServiceError):
    """What came is no footprint that could be kept."""

    code = "unreadable-footprint"
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadFootprint:
    """A footprint of others, understood; nothing is stored yet.

    Attributes
    ----------
    document
        As v3; the original itself unless it was converted.
    findings
        What the rules say of the original: flags, none of which refuses it.

    """

    footprint_id: uuid.UUID
    original: Document
    document: Document
    is_converted: bool
    findings: Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Haul:
    """What came at once: footprints, and why others could not be read or fetched."""

    footprints: Sequence[ReadFootprint] = ()
    problems: Sequence[ServiceError] = ()


def read_footprint(original: Document) -> ReadFootprint:
    """Understand a footprint of version 2 or 3.

    Raises
    ------
    UnreadableFootprintError, ConversionError, UnreadableError
        It has no id, or is none that could be kept.

    """
    try:
        footprint_id = uuid.UUID(str(original.get("id", "")))
    except ValueError as error:
        raise UnreadableFootprintError(N_("The document has no id that is a UUID; ask who made it to send it again.")) from error
    findings = _findings_of(original)
    converted = is_version_2(original)
    document = convert_to_version_3(original) if converted else dict(original)
    return ReadFootprint(footprint_id=footprint_id, original=original, document=document, is_converted=converted, findings=findings)


def read_all(originals: Iterable[Document], problems: Iterable[ServiceError] = ()) -> Haul:
    """Understand many footprints; those that can't be read become problems."""
    footprints: list[ReadFootprint] = []
    others: list[ServiceError] = list(problems)
    for original in originals:
        try:
            footprints.append(read_footprint(original))
        except ServiceError as error:
            others.append(error)
    return Haul(footprints=footprints, problems=others)


def receive(
    session: Session,
    found: ReadFootprint,
    *,
    partner: Partner | None,
    supplier_id: uuid.UUID | None,
    request: OutgoingRequest | None = None,
    by: str,
    at: datetime,
) -> ReceivedFootprint:
    """Keep a footprint once.

    A newer state of one that is there already changes its status only, because a footprint is immutable under its id.

    Parameters
    ----------
    partner
        Whose system sent it; None for a file.
    supplier_id
        Whose footprint it is, as far as known.

    """
    present = _present(session, found.footprint_id, partner=partner, supplier_id=supplier_id)
    if present is not None:
        _take_status(session, present, found)
        return present
    received = ReceivedFootprint(
        partner_id=None if partner is None else partner.id,
        supplier_id=supplier_id,
        request_id=None if request is None else request.id,
        flow=None if request is None else request.flow,
        footprint_id=found.footprint_id,
        original=dict(found.original),
        document=dict(found.document),
        is_converted=found.is_converted,
        findings=list(found.findings),
        brought_by=by,
        received_at=at,
    )
    session.add(received)
    session.flush()  # the audit event refers to it
    _replace_preceding(session, received)
    flags = len(found.findings)
    record(session, "footprint_received", of=received, by=by, at=at, converted=found.is_converted, findings=flags)
    return received


def set_aside(session: Session, received: ReceivedFootprint, *, reason: str, version: int, by: str, at: datetime) -> None:
    """Decide that a footprint is not used, and why."""
    words = clean_text(reason)
    if not 1 <= len(words) <= LONGEST_REASON:
        raise InvalidInputError(
            {"reason": FieldError(N_("Say in 1 to %(max)s characters why it is not used."), max=LONGEST_REASON)}
        )
    if received.state is not ReceivedState.RECEIVED:
        raise ConflictError(N_("Only a footprint that nobody has decided on can be set aside."))
    claim(received, version)
    received.state, received.reason = ReceivedState.SET_ASIDE, words
    session.add(received)
    record(session, "received_footprint_set_aside", of=received, by=by, at=at)


def claim(received: ReceivedFootprint, version: int) -> None:
    """Raise `StaleVersionError` if somebody else was first; else count the version on."""
    if received.version != version:
        raise StaleVersionError
    received.version += 1


def _findings_of(original: Document) -> Sequence[Mapping[str, Any]]:
    """Return what the rules say of a document as it came; through bytes, so that the limits of the reader hold."""
    content = json.dumps(dict(original), ensure_ascii=False).encode()
    present = Format.PACT2 if is_version_2(original) else Format.PACT3
    return [one.as_json() for one in validate(content, format=present).findings]


def _present(
    session: Session, footprint_id: uuid.UUID, *, partner: Partner | None, supplier_id: uuid.UUID | None
) -> ReceivedFootprint | None:
    same = select(ReceivedFootprint).where(ReceivedFootprint.footprint_id == footprint_id)
    if partner is not None:
        return session.exec(same.where(ReceivedFootprint.partner_id == partner.id)).first()
    return session.exec(
        same.where(col(ReceivedFootprint.partner_id).is_(None), ReceivedFootprint.supplier_id == supplier_id)
    ).first()


def _take_status(session: Session, present: ReceivedFootprint, found: ReadFootprint) -> None:
    """Take a new status over; another content under the same id is flagged and not taken."""
    document = found.document
    if _content(found.original) != _content(present.original):
        flag = _CHANGED.as_json()
        present.findings = [*(one for one in present.findings if one != flag), flag]
    elif document.get("status") != present.document.get("status"):
        present.document = {**present.document, "status": document.get("status")}
        if document.get("status") == "Deprecated" and present.state in _UNDECIDED:
            present.state = ReceivedState.REPLACED
    session.add(present)


def _content(document: Document) -> Document:
    kept: Document = without_nulls({name: value for name, value in document.items() if name not in {"status", "updated"}})
    return kept


def _replace_preceding(session: Session, received: ReceivedFootprint) -> None:
    """Mark what the footprint replaces, of the same partner or supplier only."""
    preceding = received.document.get("precedingPfIds")
    ids = [found for one in (preceding if isinstance(preceding, list) else []) if (found := _as_id(one)) is not None]
    owner = (
        ReceivedFootprint.partner_id == received.partner_id
        if received.partner_id is not None
        else ReceivedFootprint.supplier_id == received.supplier_id
    )
    for former in session.exec(select(ReceivedFootprint).where(col(ReceivedFootprint.footprint_id).in_(ids), owner)).all():
        former.state = ReceivedState.REPLACED
        received.flow = received.flow or former.flow
        session.add(former)


def _as_id(value: object) -> uuid.UUID | None:
    try:
        return uuid.UUID(str(value))
    except ValueError:
        return None
