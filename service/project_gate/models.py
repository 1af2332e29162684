import uuid
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, UniqueConstraint
from sqlmodel import Field, SQLModel

from service.accounts.models import Role
from service.database import UtcDateTime, new_id, text_enum
from service.errors import N_, ConflictError
from service.evidence.models import keep_link_as_written
from service.immutability import keep_as_written


class ProjectKind(StrEnum):
    """What a project does."""

    NEW = "new"
    EXPANSION = "expansion"
    RETROFIT = "retrofit"
    RELOCATION = "relocation"


class ProjectProcess(StrEnum):
    """The step of the route that a project is about."""

    GRAPHITIZATION = "graphitization"
    CARBONIZATION = "carbonization"
    GRANULATION = "granulation"
    MILLING = "milling"
    WHOLE_PLANT = "whole_plant"
    OTHER = "other"


class ProjectStatus(StrEnum):
    """Where a project stands before the gate."""

    DRAFT = "draft"
    ASSESSED = "assessed"
    APPROVED = "approved"
    CONDITIONAL = "conditional"
    REFUSED = "refused"


class ProjectProposal(SQLModel, table=True):
    """A project as it is proposed, with what the rules ask of it."""

    __tablename__ = "project_proposal"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    number: str = Field(max_length=20, unique=True, description="for people: P-2026-0001")
    title: str = Field(max_length=200)
    kind: ProjectKind = Field(sa_type=text_enum(ProjectKind))
    process: ProjectProcess = Field(sa_type=text_enum(ProjectProcess))
    province_code: str = Field(max_length=6, description="ISO 3166-2: CN-GD")
    class_code: str = Field(max_length=4, description="class of GB/T 4754")
    commissioning_year: int
    energy_tce: float = Field(description="tce a year, electricity by its calorific value")
    energy_equal_value_tce: float = Field(description="tce a year, electricity by equal value")
    electricity_kwh: float = Field(description="kWh a year")
    coal_t: float = Field(description="t a year")
    output_t: float = Field(description="t of product a year")
    output_10k_cny: float = Field(description="10 000 yuan of output a year, at current prices")
    kwh_per_t: float = Field(description="kWh per t of the process's product")
    t_co2: float = Field(description="t CO2 a year, fuels, processes and purchased electricity (GB/T 32151.34)")
    avoided_t_co2: float = Field(description="t CO2 a year less than without the project; negative where it adds")
    green_share: float = Field(description="renewable part of its electricity, 0 to 1")
    is_in_park: bool
    is_toll: bool = Field(description="done by a toll plant, not by the company")
    capex_10k_cny: float
    yearly_gain_10k_cny: float = Field(description="10 000 yuan a year, earnings less running costs, without any price on carbon")
    lifetime_years: int
    replacement: str = Field(default="", max_length=500, description="what saves the energy and coal that it adds")
    status: ProjectStatus = Field(default=ProjectStatus.DRAFT, sa_type=text_enum(ProjectStatus), index=True)
    is_sample: bool = False
    proposed_by: str = Field(max_length=80)
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    changed_by: str = Field(max_length=80, description="who wrote the present content")
    version: int = 1


class ProjectDocument(SQLModel, table=True):
    """A document that a rule asks for."""

    __tablename__ = "project_document"
    __table_args__ = (UniqueConstraint("project_id", "kind", "reference"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    project_id: uuid.UUID = Field(foreign_key="project_proposal.id", index=True)
    kind: str = Field(max_length=40, description="key of `words.DOCUMENTS`")
    reference: str = Field(max_length=120, description="number of the document, or of its evidence")
    issued_on: date
    added_by: str = Field(max_length=80)
    added_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class ProjectDocumentFile(SQLModel, table=True):
    """A document that came as a file."""

    __tablename__ = "project_document_file"

    file_id: uuid.UUID = Field(foreign_key="attached_file.id", primary_key=True)
    document_id: uuid.UUID = Field(foreign_key="project_document.id", index=True)


keep_link_as_written(ProjectDocumentFile)


class ProjectAssessment(SQLModel, table=True):
    """The rules in force on a day, applied to a proposal as it stood; never changes."""

    __tablename__ = "project_assessment"

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    project_id: uuid.UUID = Field(foreign_key="project_proposal.id", index=True)
    project_version: int
    assessed_on: date = Field(description="the rules in force on this day were applied")
    proposal: dict[str, Any] = Field(sa_type=JSON, description="the proposal as it was assessed")
    facts: dict[str, Any] = Field(
        sa_type=JSON, description="limits of the company's own: target paths, furnaces, duty, carbon price"
    )
    outcomes: list[Any] = Field(sa_type=JSON, description="by rule: light, value, limit, documents asked for, source")
    assessed_by: str = Field(max_length=80)
    assessed_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class Verdict(StrEnum):
    """What an approver says."""

    APPROVE = "approve"
    CONDITIONS = "conditions"
    REFUSE = "refuse"


class ProjectApproval(SQLModel, table=True):
    """One approver's verdict on an assessment; never changes."""

    __tablename__ = "project_approval"
    __table_args__ = (UniqueConstraint("assessment_id", "role"), UniqueConstraint("assessment_id", "decided_by"))

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    project_id: uuid.UUID = Field(foreign_key="project_proposal.id", index=True)
    assessment_id: uuid.UUID = Field(foreign_key="project_assessment.id", index=True)
    role: Role = Field(sa_type=text_enum(Role))
    verdict: Verdict = Field(sa_type=text_enum(Verdict))
    reason: str = Field(default="", max_length=500, description="conditions, or why it is refused")
    decided_by: str = Field(max_length=80)
    decided_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False


class GateRuleVersion(SQLModel, table=True):
    """A rule's limit from a day on; an earlier row stays and holds for the days before. In force once another person agreed."""

    __tablename__ = "gate_rule_version"
    __table_args__ = (UniqueConstraint("rule", "province_code", "valid_from"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    rule: str = Field(max_length=40, description="key of a rule in `data/rules.csv`")
    province_code: str = Field(max_length=6, description="`*`: everywhere without a row of its own")
    valid_from: date
    limit_value: float | None = Field(default=None, description="in the rule's unit; None where the rule has none")
    classes: str = Field(default="", max_length=200, description="classes of GB/T 4754 that a catalogue lists, separated by spaces")
    source: str = Field(max_length=300)
    is_verified: bool = Field(description="whether the text of the document was read")
    entered_by: str = Field(max_length=80)
    entered_at: datetime = Field(sa_type=UtcDateTime)
    approved_by: str | None = Field(default=None, max_length=80)
    approved_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    is_sample: bool = False
    version: int = 1


class KeptDecisionError(ConflictError):
    """An assessment or an approval was to be changed."""

    code = "kept-decision"


def _kept(row: ProjectAssessment | ProjectApproval, fields: str) -> KeptDecisionError:
    del row, fields
    return KeptDecisionError(N_("Assessments and approvals of projects are kept as they were made. Assess the project again."))


keep_as_written(ProjectAssessment, refuse=_kept)
keep_as_written(ProjectApproval, refuse=_kept)
