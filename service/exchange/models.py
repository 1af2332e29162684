import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum


class RequestState(StrEnum):
    """Where a request for footprints stands, ours or a partner's."""

    OPEN = "open"
    FULFILLED = "fulfilled"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class DeliveryState(StrEnum):
    """Where a message to another system stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    DEAD = "dead"


class ReceivedState(StrEnum):
    """What has become of another company's footprint; what the reviewer decides of an offered one is the submission's status."""

    RECEIVED = "received"
    OFFERED = "offered"
    SET_ASIDE = "set_aside"
    REPLACED = "replaced"


class Partner(SQLModel, table=True):
    """A system that we exchange footprints with (PACT v3): its address, its credentials here and ours there."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    supplier_id: uuid.UUID | None = Field(
        default=None, foreign_key="supplier.id", index=True, description="whose footprints come in"
    )
    base_url: str = Field(
        max_length=300, description="without a final slash; its `/3/events` hears from us; one host may serve several partners"
    )
    auth_base_url: str | None = Field(default=None, max_length=300, description="where it differs from `base_url`")
    client_id: str = Field(max_length=120, unique=True, description="by which it asks us for tokens")
    secret_hash: str = Field(max_length=200)
    callback_client_id: str | None = Field(default=None, max_length=120, description="by which we ask it for tokens")
    callback_secret: str | None = Field(default=None, max_length=600, description="sealed: `service.keys.seal`")
    shares_all: bool = Field(default=False, description="whether it sees every declared footprint")
    is_active: bool = True
    is_sample: bool = False
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    last_seen_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1


class Grant(SQLModel, table=True):
    """A partner may see the declared footprints of a product."""

    __tablename__ = "exchange_grant"
    __table_args__ = (UniqueConstraint("partner_id", "product_id"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    partner_id: uuid.UUID = Field(foreign_key="partner.id", index=True)
    product_id: uuid.UUID = Field(foreign_key="product.id", index=True)
    granted_by: str = Field(max_length=80)
    granted_at: datetime = Field(sa_type=UtcDateTime)


class ReceivedEvent(SQLModel, table=True):
    """An event that a partner sent and that we have acknowledged; what it asks for happens after the answer."""

    __tablename__ = "received_event"
    __table_args__ = (UniqueConstraint("partner_id", "source", "event_id"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    partner_id: uuid.UUID = Field(foreign_key="partner.id", index=True)
    event_id: str = Field(max_length=200)
    source: str = Field(max_length=300)
    type: str = Field(max_length=120)
    body: dict[str, Any] = Field(sa_type=JSON)
    received_at: datetime = Field(sa_type=UtcDateTime)
    handled_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: str | None = Field(default=None, max_length=500, description="why it had no effect")


class IncomingRequest(SQLModel, table=True):
    """A partner's request for footprints, to be answered exactly once."""

    __tablename__ = "incoming_request"
    __table_args__ = (UniqueConstraint("partner_id", "event_id"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    partner_id: uuid.UUID = Field(foreign_key="partner.id", index=True)
    event_id: str = Field(max_length=200)
    wanted: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="filters, as the list takes them")
    comment: str | None = Field(default=None, max_length=2000)
    state: RequestState = Field(default=RequestState.OPEN, sa_type=text_enum(RequestState), index=True)
    received_at: datetime = Field(sa_type=UtcDateTime)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    answered_by: str | None = Field(default=None, max_length=80)
    reason: str | None = Field(default=None, max_length=500)
    version: int = 1


class OutgoingRequest(SQLModel, table=True):
    """Our request for a partner's footprints."""

    __tablename__ = "outgoing_request"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True, description="the id of the event, too")
    partner_id: uuid.UUID = Field(foreign_key="partner.id", index=True)
    flow: str | None = Field(default=None, max_length=60, description="purchased input that the footprint is of")
    wanted: dict[str, Any] = Field(default_factory=dict, sa_type=JSON, description="filters, as the list takes them")
    comment: str | None = Field(default=None, max_length=2000)
    sends_event: bool = Field(default=True, description="False: we only look into what the partner shares already")
    state: RequestState = Field(default=RequestState.OPEN, sa_type=text_enum(RequestState), index=True)
    asked_by: str = Field(max_length=80)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    looked_at: datetime | None = Field(default=None, sa_type=UtcDateTime, description="when its list was last read")
    problem: dict[str, Any] | None = Field(default=None, sa_type=JSON, description="why that failed: `told.Told`")
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    reason: str | None = Field(default=None, max_length=500, description="the partner's words where it rejected")


class OutgoingEvent(SQLModel, table=True):
    """An event for a partner, written with what it tells of, sent by a job until it is taken or 72 hours have passed."""

    __tablename__ = "outgoing_event"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    partner_id: uuid.UUID = Field(foreign_key="partner.id", index=True)
    type: str = Field(max_length=120)
    body: dict[str, Any] = Field(sa_type=JSON, description="the whole envelope, as sent")
    state: DeliveryState = Field(default=DeliveryState.WAITING, sa_type=text_enum(DeliveryState), index=True)
    attempts: int = 0
    rounds: int = Field(default=0, description="how often a person has had it sent again after it was given up")
    created_at: datetime = Field(sa_type=UtcDateTime)
    since: datetime = Field(sa_type=UtcDateTime, description="when its 72 hours began")
    next_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    ended_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    problem: dict[str, Any] | None = Field(default=None, sa_type=JSON, description="of the last attempt: `told.Told`")


class ReceivedFootprint(SQLModel, table=True):
    """Another company's footprint: as it came, as v3, and what the rules have to say about it."""

    __tablename__ = "received_footprint"
    __table_args__ = (UniqueConstraint("partner_id", "footprint_id"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    partner_id: uuid.UUID | None = Field(
        default=None, foreign_key="partner.id", index=True, description="whose system sent it; None where a person brought a file"
    )
    supplier_id: uuid.UUID | None = Field(default=None, foreign_key="supplier.id", index=True, description="whose footprint it is")
    request_id: uuid.UUID | None = Field(default=None, foreign_key="outgoing_request.id", description="that it answers")
    footprint_id: uuid.UUID = Field(index=True, description="the id in the document")
    original: dict[str, Any] = Field(sa_type=JSON, description="unaltered")
    document: dict[str, Any] = Field(sa_type=JSON, description="PACT v3; the original, or converted from v2.3")
    is_converted: bool = False
    findings: list[Any] = Field(default_factory=list, sa_type=JSON, description="`conformance.findings.Finding.as_json`")
    state: ReceivedState = Field(default=ReceivedState.RECEIVED, sa_type=text_enum(ReceivedState), index=True)
    flow: str | None = Field(default=None, max_length=60, description="purchased input that it is of, once somebody has said so")
    submission_id: uuid.UUID | None = Field(
        default=None, foreign_key="submission.id", index=True, description="where it is reviewed"
    )
    reason: str | None = Field(default=None, max_length=500, description="why it was set aside")
    brought_by: str = Field(max_length=80)
    received_at: datetime = Field(sa_type=UtcDateTime)
    version: int = 1
