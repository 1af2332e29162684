"""What crosses the API; inputs refuse unknown fields, outputs have no defaults."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from service.submissions.answers import Entry
from service.submissions.models import Absence, Depth, EvidenceKind, SubmissionStatus
from service.web.forms import FormInput


class AnswerInput(FormInput):
    """One answer as typed.

    Attributes
    ----------
    entered
        The number as text, in `unit`, the key of a choice, a text, or a day.
    unit
        One of the question's units; left out, the canonical one.
    absent
        Instead of a value; then `note` says why.

    """

    entered: Annotated[str, Field(max_length=200)] = ""
    unit: Annotated[str, Field(max_length=20)] | None = None
    evidence_kind: EvidenceKind | None = None
    note: Annotated[str, Field(max_length=1000)] | None = None
    absent: Absence | None = None

    def as_entry(self) -> Entry:
        """Return the answer as the domain takes it."""
        return Entry(**self.model_dump())


class AnswersInput(FormInput):
    """Answers by field; fields left out stay as they are."""

    answers: Mapping[Annotated[str, Field(max_length=60)], AnswerInput]


class ReasonsInput(FormInput):
    """Why values that a check doubts are right, by the check's key (`field.rule`)."""

    reasons: Mapping[Annotated[str, Field(max_length=120)], Annotated[str, Field(max_length=1000)]] = {}


class CommentInput(FormInput):
    """Words on a field."""

    field: Annotated[str, Field(max_length=60)]
    text: Annotated[str, Field(max_length=1000)]


class DecisionInput(FormInput):
    """The version that was looked at: a decision on an older one is refused."""

    version: int


class ReturnInput(DecisionInput):
    """Words on one or more fields; the empty field stands for the whole."""

    comments: Mapping[Annotated[str, Field(max_length=60)], Annotated[str, Field(max_length=1000)]]


class Output(BaseModel):
    """Base of what is answered."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SubmissionSummary(Output):
    """A submission in a list."""

    id: uuid.UUID
    number: str
    supplier_id: uuid.UUID
    supplier_name_zh: str
    supplier_name_en: str
    supplier_type: str
    period_start: date
    period_end: date
    deadline: date
    status: SubmissionStatus
    version: int
    submitted_at: datetime | None
    receipt_no: str | None
    is_sample: bool


class SubmissionList(Output):
    """Some submissions, newest first; ask with `after=next` for the rest."""

    items: list[SubmissionSummary]
    next: uuid.UUID | None


class AnswerOutput(Output):
    """An answer as typed and as understood; `value` is in `canonical_unit`."""

    entered: str
    unit: str | None
    value: float | None
    canonical_unit: str | None
    evidence_kind: EvidenceKind | None
    note: str | None
    absent: Absence | None


class FindingOutput(Output):
    """What a check noticed, in the reader's language."""

    key: str
    field: str
    level: str
    message: str
    reason: str | None


class ChoiceOutput(Output):
    """One of several answers; `key` is what an answer names."""

    key: str
    label_zh: str
    label_en: str


class QuestionOutput(Output):
    """What is asked; a number may come in any of `units` and is kept in `unit`."""

    field: str
    kind: str
    label_zh: str
    label_en: str
    required: bool
    unit: str | None
    units: list[str]
    choices: list[ChoiceOutput]


class CommentOutput(Output):
    """Words on a field; open until the other side has seen to them."""

    field: str
    text: str
    from_supplier: bool
    at: datetime
    is_open: bool


class EvidenceOutput(Output):
    """A file that backs answers; without `fields` it backs the whole questionnaire."""

    id: uuid.UUID
    name: str
    fields: list[str]
    media_type: str
    size_bytes: int
    sha256: str
    uploaded_at: datetime


class ReceiptOutput(Output):
    """A receipt; `sha256` is taken of `content` in canonical JSON (RFC 8785)."""

    number: str
    submitted_at: datetime
    sha256: str
    content: dict[str, Any]


class SubmissionOutput(Output):
    """A submission with its answers and what the checks notice about them."""

    id: uuid.UUID
    number: str
    supplier_id: uuid.UUID
    supplier_type: str
    depth: Depth
    period_start: date
    period_end: date
    deadline: date
    status: SubmissionStatus
    version: int
    submitted_at: datetime | None
    receipt_no: str | None
    answers_sha256: str | None
    is_sample: bool
    answers: dict[str, AnswerOutput]
    findings: list[FindingOutput]
