import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.registers.models import RegisterRow


class PublicationStatus(StrEnum):
    """Where something that is meant for everybody stands.

    `LAPSED` is a published claim whose proofs have run out: nobody sees it until it has a valid one again.
    """

    DRAFT = "draft"
    APPROVED = "approved"
    PUBLISHED = "published"
    LAPSED = "lapsed"
    WITHDRAWN = "withdrawn"


class PostKind(StrEnum):
    """What is written for everybody to read."""

    ARTICLE = "article"
    EVENT = "event"


class Post(SQLModel, table=True):
    """An article, or an event with its day and place, on the public pages."""

    __tablename__ = "public_post"
    __table_args__ = (UniqueConstraint("slug"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    kind: PostKind = Field(sa_type=text_enum(PostKind))
    slug: str = Field(max_length=80, description="last part of its public address")
    title_zh: str = Field(max_length=120)
    title_en: str = Field(max_length=200)
    body_zh: str = Field(max_length=20_000, description="plain text with a few marks, see service.publicity.marks")
    body_en: str = Field(max_length=20_000)
    event_on: date | None = None
    place_zh: str | None = Field(default=None, max_length=120)
    place_en: str | None = Field(default=None, max_length=120)
    status: PublicationStatus = Field(default=PublicationStatus.DRAFT, sa_type=text_enum(PublicationStatus), index=True)
    authors: list[str] = Field(sa_type=JSON, description="everybody who wrote of it; none of them may approve it")
    edited_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: str | None = Field(default=None, max_length=80)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1
    is_sample: bool = False


class Claim(SQLModel, table=True):
    """A sentence about the environment that the company says in public."""

    __tablename__ = "public_claim"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    text_zh: str = Field(max_length=300)
    text_en: str = Field(max_length=500)
    figure: float | None = Field(default=None, description="the number in it, if there is one")
    figure_unit: str | None = Field(default=None, max_length=40)
    basis_zh: str = Field(max_length=300, description="what the figure is of: boundary, year, standard")
    basis_en: str = Field(max_length=500)
    owner_id: uuid.UUID = Field(foreign_key="user.id", index=True, description="is told when a proof runs out")
    status: PublicationStatus = Field(default=PublicationStatus.DRAFT, sa_type=text_enum(PublicationStatus), index=True)
    authors: list[str] = Field(sa_type=JSON, description="everybody who wrote of it; none of them may approve it")
    edited_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: str | None = Field(default=None, max_length=80)
    published_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    version: int = 1
    is_sample: bool = False


class ProofKind(StrEnum):
    """What a claim may rest on."""

    CERTIFICATE = "certificate"
    STATEMENT = "statement"
    INVENTORY = "inventory"


class ClaimProof(SQLModel, table=True):
    """What shows that a claim holds, for the days on which it does."""

    __tablename__ = "claim_proof"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    claim_id: uuid.UUID = Field(foreign_key="public_claim.id", index=True)
    kind: ProofKind = Field(sa_type=text_enum(ProofKind))
    reference: str = Field(max_length=200, description="number of the certificate, title of the statement, year of the inventory")
    valid_from: date
    valid_until: date
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_by: str | None = Field(default=None, max_length=80)
    is_sample: bool = False


class FigureKind(StrEnum):
    """Which of the company's own figures may be released."""

    EMISSIONS = "emissions"
    SETTLEMENT = "settlement"


class ReleasedFigure(SQLModel, table=True):
    """A figure of the company that was proposed and, by another person, released to the public; rounded for paper."""

    __tablename__ = "released_figure"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    kind: FigureKind = Field(sa_type=text_enum(FigureKind))
    year: int
    item: str | None = Field(default=None, max_length=20, description="line of the plan, of a settlement")
    indicator: str = Field(max_length=40)
    value: float = Field(description="three significant digits")
    required: float | None = Field(default=None, description="what the target asked for, of a settlement")
    unit: str = Field(max_length=40)
    is_met: bool | None = Field(default=None, description="of a settlement")
    source: str = Field(max_length=200, description="the closed year or the settlement that it was taken from")
    proposed_by: str = Field(max_length=80)
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    released_by: str | None = Field(default=None, max_length=80)
    released_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    withdrawn_by: str | None = Field(default=None, max_length=80)
    is_sample: bool = False


class ContactKind(StrEnum):
    """Who takes an interest in the company."""

    AUTHORITY = "authority"
    CUSTOMER = "customer"
    SUPPLIER = "supplier"
    INVESTOR = "investor"
    COMMUNITY = "community"
    MEDIA = "media"
    ASSOCIATION = "association"


class StakeholderContact(RegisterRow, table=True):
    """An exchange with an organisation outside; it names no outside person."""

    __tablename__ = "stakeholder_contact"

    organisation: str = Field(max_length=120)
    kind: ContactKind = Field(sa_type=text_enum(ContactKind))
    on_day: date
    topic: str = Field(max_length=500)
    follow_up: str | None = Field(default=None, max_length=500)
    follow_up_by: date | None = None


class PeerConfidence(StrEnum):
    """How sure a figure of somebody else is."""

    VERIFIED = "verified"
    PUBLISHED = "published"
    DERIVED = "derived"
    REMEMBERED = "remembered"


class PeerFigure(RegisterRow, table=True):
    """What another company, or a sector, is said to reach; never without source and year."""

    __tablename__ = "peer_figure"

    peer: str = Field(max_length=120)
    sector: str = Field(max_length=120, description="peer group: as whoever enters it says; the plan's own wording fixes none")
    indicator: str = Field(max_length=60, description="key of service.publicity.benchmark")
    value: float
    year: int | None = Field(default=None, description="that the figure is of; None where its source does not say")
    scope_note: str = Field(max_length=500)
    source: str = Field(max_length=500)
    source_year: int = Field(description="in which the source appeared")
    confidence: PeerConfidence = Field(sa_type=text_enum(PeerConfidence))
