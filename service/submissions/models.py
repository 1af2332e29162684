import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint, false
from sqlmodel import Field, Relationship, SQLModel

from service.database import UtcDateTime, new_id, text_enum
from service.evidence.models import FileColumns


class SubmissionStatus(StrEnum):
    """Where a questionnaire stands; `rules.TRANSITIONS` says what may follow."""

    PLANNED = "planned"
    INVITED = "invited"
    DELIVERED = "delivered"
    BOUNCED = "bounced"
    OPENED = "opened"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    RETURNED = "returned"
    ACCEPTED = "accepted"
    IN_USE = "in_use"
    SUPERSEDED = "superseded"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class Depth(StrEnum):
    """How much is asked: the short first request, everything that the process model can use, or a finished footprint alone.

    The last is never asked for on paper: it is what another system sends of itself.
    """

    FIRST = "first"
    FULL = "full"
    FOOTPRINT = "footprint"


class EvidenceKind(StrEnum):
    """How a value is known, best first."""

    METERED = "metered"
    BILLED = "billed"
    CALCULATED = "calculated"
    ESTIMATED = "estimated"


class Door(StrEnum):
    """Which way an answer came: typed on a page, in a workbook, or sent by a program."""

    WEB = "web"
    EXCEL = "excel"
    API = "api"


class Absence(StrEnum):
    """Why there is no value: an honest "do not know" beats a made-up number."""

    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"


class Submission(SQLModel, table=True):
    """A questionnaire for one supplier and reporting period, with a status."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    number: str = Field(max_length=20, unique=True, description="for people: S-2026-0001")
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    supplier_id: uuid.UUID = Field(foreign_key="supplier.id", index=True)
    supplier_type: str = Field(max_length=12)
    depth: Depth = Field(default=Depth.FIRST, sa_type=text_enum(Depth), sa_column_kwargs={"server_default": Depth.FIRST.value})
    period_start: date
    period_end: date
    deadline: date
    status: SubmissionStatus = Field(default=SubmissionStatus.PLANNED, sa_type=text_enum(SubmissionStatus), index=True)
    version: int = Field(default=1, description="grows with each change of status; guards concurrent decisions")
    typed_by: list[str] = Field(default_factory=list, sa_type=JSON, description="actors who typed an answer")
    message: str | None = Field(default=None, max_length=2000, description="the buyer's words to the supplier")
    submitted_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    submitted_by: str | None = Field(default=None, max_length=80)
    receipt_no: str | None = Field(default=None, max_length=30, unique=True)
    answers_sha256: str | None = Field(default=None, max_length=64)
    reviewer: str | None = Field(default=None, max_length=80, description="actor who has taken it into review")
    decided_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    decided_by: str | None = Field(default=None, max_length=80)
    supersedes_id: uuid.UUID | None = Field(default=None, foreign_key="submission.id")
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class Invitation(SQLModel, table=True):
    """A link to one submission: only hashes are stored; at first opening the person chooses a PIN or password."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    submission_id: uuid.UUID = Field(foreign_key="submission.id", index=True)
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    token_hash: str = Field(max_length=64, unique=True)
    pin_hash: str | None = Field(default=None, max_length=200)
    expires_at: datetime = Field(sa_type=UtcDateTime, description="deadline plus 14 days")
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    first_opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    locale: str | None = Field(default=None, max_length=5, description="language in which it was opened last; None before")
    mail_id: uuid.UUID | None = Field(default=None, foreign_key="mail_message.id", index=True, description="the mail with the link")
    bounce_reason: str | None = Field(default=None, max_length=1000, description="why that mail came back")
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Answer(SQLModel, table=True):
    """One field of a questionnaire, as typed and as understood."""

    __table_args__ = (UniqueConstraint("submission_id", "field"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    submission_id: uuid.UUID = Field(foreign_key="submission.id", index=True)
    field: str = Field(max_length=60, description="key of `questionnaire.FIELDS`: `grid_electricity`")
    entered: str = Field(max_length=2000, description="exactly what was typed")
    entered_unit: str | None = Field(default=None, max_length=20)
    value: float | None = Field(default=None, description="in the field's canonical unit; None when it can't be read or is text")
    absent: Absence | None = Field(default=None, sa_type=text_enum(Absence), description="no value, for the reason in `note`")
    evidence_kind: EvidenceKind | None = Field(default=None, sa_type=text_enum(EvidenceKind))
    note: str | None = Field(default=None, max_length=1000)
    door: Door = Field(default=Door.WEB, sa_type=text_enum(Door), sa_column_kwargs={"server_default": Door.WEB.value})
    typed_by: str = Field(max_length=80)
    typed_at: datetime = Field(sa_type=UtcDateTime)
    carried_from_id: uuid.UUID | None = Field(
        default=None, foreign_key="submission.id", description="whose answer this is, as long as nobody has typed it again"
    )


class EarlierAnswer(SQLModel, table=True):
    """An answer that was typed over; kept, so that two people in one draft never lose each other's figures."""

    __tablename__ = "earlier_answer"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    submission_id: uuid.UUID = Field(foreign_key="submission.id", index=True)
    field: str = Field(max_length=60)
    entered: str = Field(max_length=2000)
    entered_unit: str | None = Field(default=None, max_length=20)
    absent: Absence | None = Field(default=None, sa_type=text_enum(Absence))
    evidence_kind: EvidenceKind | None = Field(default=None, sa_type=text_enum(EvidenceKind))
    note: str | None = Field(default=None, max_length=1000)
    typed_by: str = Field(max_length=80)
    typed_at: datetime = Field(sa_type=UtcDateTime)
    replaced_at: datetime = Field(sa_type=UtcDateTime)
    is_contested: bool = Field(
        default=False,
        sa_column_kwargs={"server_default": false()},
        description="who typed over it had not seen it, and nobody has chosen between the two yet",
    )


class Finding(SQLModel, table=True):
    """What a check found when the answers were submitted, with its arithmetic."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    submission_id: uuid.UUID = Field(foreign_key="submission.id", index=True)
    field: str = Field(max_length=60)
    rule: str = Field(max_length=60)
    level: str = Field(max_length=8, description="`plausibility.Level`: warning needs a reason, info does not")
    template: str = Field(max_length=500, description="message id")
    values: dict[str, Any] = Field(default_factory=dict, sa_type=JSON)
    reason: str | None = Field(default=None, max_length=1000, description="why the supplier says the value is right all the same")


class FieldComment(SQLModel, table=True):
    """One contribution to the talk about a field; an open one waits for the other side."""

    __tablename__ = "field_comment"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    submission_id: uuid.UUID = Field(foreign_key="submission.id", index=True)
    field: str = Field(max_length=60)
    text: str = Field(max_length=1000)
    by: str = Field(max_length=80)
    at: datetime = Field(sa_type=UtcDateTime)
    is_open: bool = True
    from_supplier: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    is_objection: bool = Field(
        default=False, sa_column_kwargs={"server_default": false()}, description="the supplier stands by what was returned"
    )


class Delegation(SQLModel, table=True):
    """A colleague of the supplier who was sent some questions of one submission by a link of their own."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    submission_id: uuid.UUID = Field(foreign_key="submission.id", index=True)
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    fields: list[str] = Field(sa_type=JSON, description="keys of the questions that the colleague sees and answers")
    colleague: str = Field(max_length=100, description="name as the sender wrote it")
    message: str | None = Field(default=None, max_length=500, description="the sender's words to the colleague")
    token_hash: str = Field(max_length=64, unique=True)
    pin_hash: str | None = Field(default=None, max_length=200)
    first_opened_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    revoked_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)


class Evidence(FileColumns, table=True):
    """A file that backs answers."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    submission_id: uuid.UUID = Field(foreign_key="submission.id", index=True)
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    valid_until: date | None = Field(default=None, description="last day on which a permit, contract or calibration holds")
    verifier_only: bool = Field(default=False, sa_column_kwargs={"server_default": false()}, description="only auditors open it")
    uploaded_by: str = Field(max_length=80)
    uploaded_at: datetime = Field(sa_type=UtcDateTime)
    links: list["EvidenceLink"] = Relationship(
        sa_relationship_kwargs={"lazy": "selectin", "cascade": "all, delete-orphan", "order_by": "EvidenceLink.field"}
    )

    @property
    def fields(self) -> tuple[str, ...]:
        """Keys of the questions that it backs, in alphabetical order; none: it belongs to the whole questionnaire."""
        return tuple(sorted(link.field for link in self.links))


class EvidenceLink(SQLModel, table=True):
    """A file backs the answer to a question; one bill may back several."""

    __tablename__ = "evidence_link"

    evidence_id: uuid.UUID = Field(foreign_key="evidence.id", primary_key=True)
    field: str = Field(max_length=60, primary_key=True)


class AnswerReview(SQLModel, table=True):
    """How good one answer is in the reviewer's judgement; scores of the pedigree matrix, 1 is best and 5 is worst."""

    __tablename__ = "answer_review"
    __table_args__ = (UniqueConstraint("submission_id", "field"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    submission_id: uuid.UUID = Field(foreign_key="submission.id", index=True)
    field: str = Field(max_length=60)
    grade: EvidenceKind = Field(sa_type=text_enum(EvidenceKind))
    reliability: int
    completeness: int
    temporal: int
    geographical: int
    technological: int
    is_suggested: bool = Field(description="nobody changed what was suggested from the supplier's words and files")
    by: str = Field(max_length=80)
    at: datetime = Field(sa_type=UtcDateTime)


class ExtensionRequest(SQLModel, table=True):
    """A supplier asks for more time; the maker grants it or says why not."""

    __tablename__ = "extension_request"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    submission_id: uuid.UUID = Field(foreign_key="submission.id", index=True)
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    wanted: date
    reason: str = Field(max_length=1000)
    asked_by: str = Field(max_length=80)
    asked_at: datetime = Field(sa_type=UtcDateTime)
    granted: bool | None = Field(default=None, description="None: not answered yet")
    answer: str | None = Field(default=None, max_length=1000, description="the maker's words to it")
    answered_by: str | None = Field(default=None, max_length=80)
    answered_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class Receipt(SQLModel, table=True):
    """What was handed in, once for each time; never changed."""

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    submission_id: uuid.UUID = Field(foreign_key="submission.id", index=True)
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    number: str = Field(max_length=30, unique=True, description="as on the receipt: R-2026-0001-1")
    content: dict[str, Any] = Field(sa_type=JSON, description="`receipts.content_of` at that moment")
    sha256: str = Field(max_length=64)
    submitted_by: str = Field(max_length=80)
    submitted_at: datetime = Field(sa_type=UtcDateTime)


class WorkbookUpload(SQLModel, table=True):
    """A filled-in workbook as it arrived; kept for a week, so that its comparison can be looked at and commented in it."""

    __tablename__ = "workbook_upload"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    submission_id: uuid.UUID = Field(foreign_key="submission.id", index=True)
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", index=True)
    name: str = Field(max_length=255, description="as uploaded; never part of a path")
    content: bytes
    sha256: str = Field(max_length=64)
    cells: dict[str, Any] = Field(sa_type=JSON, description="the answer of `spreadsheets.cells.read_cells`")
    uploaded_by: str = Field(max_length=80)
    uploaded_at: datetime = Field(sa_type=UtcDateTime, index=True)
    applied_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class UpstreamRequest(SQLModel, table=True):
    """What a supplier asked of its own supplier: a questionnaire of another company, whose footprint counts in its answers.

    Neither reads the other's answers. The columns on the footprint are empty until the other's answers are accepted.
    """

    __tablename__ = "upstream_request"
    __table_args__ = (UniqueConstraint("submission_id", "flow"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    submission_id: uuid.UUID = Field(foreign_key="submission.id", description="of the supplier that asks")
    organisation_id: uuid.UUID = Field(foreign_key="organisation.id", index=True, description="of the supplier that asks")
    upstream_submission_id: uuid.UUID = Field(foreign_key="submission.id", unique=True, description="of the supplier that is asked")
    flow: str = Field(max_length=60, description="what is bought: `green_petroleum_coke`")
    name: str = Field(max_length=100, description="as who asks wrote it; the maker's people see whose supplier it is, not its name")
    kg_co2e_per_kg: float | None = Field(default=None, description="from cradle to gate")
    own_share: float | None = Field(default=None, description="share (0 to 1) of the footprint that rests on figures of its own")
    created_by: str = Field(max_length=80)
    created_at: datetime = Field(sa_type=UtcDateTime)
