"""Where a person's name, address and number can stand: the one list that finding, erasing and docs/privacy.md go by."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, or_, true
from sqlmodel import Session, SQLModel, col, select

from service.allocation.models import AllocationRun, SoleSourceWaiver
from service.campaigns.models import Campaign
from service.company_inventory.models import CompanyInventory, InventoryFinding
from service.compliance.models import ComplianceRecord, Declaration, HeldCertificate, RecordSearch, Veto
from service.eco_design.models import QualityLimit
from service.errors import N_
from service.evidence.models import AttachedFile
from service.exchange.models import IncomingRequest, OutgoingRequest, ReceivedFootprint
from service.governance.models import (
    Assessment,
    AssessmentStatus,
    CommitteeDecision,
    CommitteeMember,
    FundingItem,
    FundingYear,
    PlanAction,
    Responsibility,
    Training,
)
from service.green_power.models import GreenCertificate, MeteredPower, PowerContract, SupplyClaim
from service.green_score.models import NotApplicable
from service.logistics.models import HubOperation, Leg, Vehicle
from service.mail.models import MailMessage
from service.material_flows.models import MaterialFlow, RecycledClaim, RecycledReceipt
from service.measures.models import Investment, TechnologyProject
from service.method_library.models import RuleFinding
from service.monitoring.models import ActivityEntry, ClosedYear
from service.procurement.models import Appeal, CorrectiveAction, SelfAssessment
from service.project_gate.models import ProjectProposal
from service.publicity.models import Claim, ClaimProof, PeerFigure, Post, StakeholderContact
from service.sales.models import AnswerSheet
from service.submissions.models import (
    Answer,
    Delegation,
    EarlierAnswer,
    Evidence,
    ExtensionRequest,
    FieldComment,
    Finding,
    Invitation,
    Receipt,
    Submission,
    UpstreamRequest,
    WorkbookUpload,
)
from service.swaps.models import FootprintLimit
from service.targets.models import ActivityPlan, CarbonAsset, ForecastPath, OutputValue, ResidualPlan, TargetDefinition
from service.verification.models import CaseComment, VerificationCase

SHORTEST_WORD: Final = 2
"""Characters; a Chinese name has at least two, and anything shorter stands in every text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextPlace:
    """Columns in which people write freely.

    Attributes
    ----------
    label
        Message id.
    only
        Which rows may be changed; the others are proof of what was handed in.

    """

    table: type[SQLModel]
    columns: tuple[str, ...]
    label: str
    only: Callable[[], ColumnElement[bool]] = true


def _never_handed_in() -> ColumnElement[bool]:
    drafts = select(Submission.id).where(col(Submission.receipt_no).is_(None))
    return col(Answer.submission_id).in_(drafts)


def _not_approved() -> ColumnElement[bool]:
    return col(Assessment.status) != AssessmentStatus.APPROVED


TEXT_PLACES: Final = (
    TextPlace(table=MailMessage, columns=("subject", "body", "recipient", "last_error"), label=N_("Mails in the outbox")),
    TextPlace(table=Campaign, columns=("name", "notice_zh", "notice_en"), label=N_("Letters that announce a request")),
    TextPlace(table=Submission, columns=("message",), label=N_("Words to suppliers")),
    TextPlace(table=FieldComment, columns=("text",), label=N_("Comments on answers")),
    TextPlace(table=Finding, columns=("reason",), label=N_("Reasons given for unusual figures")),
    TextPlace(table=Answer, columns=("entered", "note"), label=N_("Answers that were never handed in"), only=_never_handed_in),
    TextPlace(table=EarlierAnswer, columns=("entered", "note"), label=N_("Answers that were typed over")),
    TextPlace(table=ExtensionRequest, columns=("reason", "answer"), label=N_("Requests for more time")),
    TextPlace(table=Delegation, columns=("colleague", "message"), label=N_("Colleagues who were sent questions")),
    TextPlace(table=Evidence, columns=("name",), label=N_("Names of evidence files")),
    TextPlace(table=Invitation, columns=("bounce_reason",), label=N_("Mails that came back")),
    TextPlace(table=WorkbookUpload, columns=("name",), label=N_("Names of uploaded workbooks")),
    TextPlace(table=UpstreamRequest, columns=("name",), label=N_("Suppliers of suppliers")),
    TextPlace(table=HeldCertificate, columns=("issuer", "evidence", "withdrawn_reason"), label=N_("Certificates of suppliers")),
    TextPlace(
        table=ComplianceRecord, columns=("description", "source", "remedy", "withdrawn_reason"), label=N_("Violations on record")
    ),
    TextPlace(table=RecordSearch, columns=("source", "withdrawn_reason"), label=N_("Looks into the registers")),
    TextPlace(table=Veto, columns=("reason", "evidence", "cleared_evidence"), label=N_("Exclusions")),
    TextPlace(table=Declaration, columns=("evidence", "withdrawn_reason"), label=N_("What papers show")),
    TextPlace(table=NotApplicable, columns=("reason",), label=N_("Left out of the score")),
    TextPlace(table=CorrectiveAction, columns=("finding", "wanted", "evidence", "closing_note"), label=N_("Corrective actions")),
    TextPlace(table=FootprintLimit, columns=("source",), label=N_("Customers' limits of footprints")),
    TextPlace(table=Appeal, columns=("words", "decision"), label=N_("Objections to scores")),
    TextPlace(table=SoleSourceWaiver, columns=("reason",), label=N_("Waivers")),
    TextPlace(table=AllocationRun, columns=("name",), label=N_("Names of allocations")),
    TextPlace(table=VerificationCase, columns=("title",), label=N_("Titles of verifications")),
    TextPlace(table=CaseComment, columns=("text",), label=N_("Questions of verifiers and answers")),
    TextPlace(table=AnswerSheet, columns=("name",), label=N_("Names of customers' workbooks")),
    TextPlace(table=IncomingRequest, columns=("comment", "reason"), label=N_("Partners' requests for footprints")),
    TextPlace(table=OutgoingRequest, columns=("comment", "reason"), label=N_("Our requests for footprints")),
    TextPlace(table=ReceivedFootprint, columns=("reason",), label=N_("Reasons why received footprints are not used")),
    TextPlace(table=SelfAssessment, columns=("evidence",), label=N_("Evidence of the self-assessment")),
    TextPlace(table=MaterialFlow, columns=("evidence", "ended_reason"), label=N_("Evidence of material flows")),
    TextPlace(table=RecycledReceipt, columns=("evidence", "ended_reason"), label=N_("Receipts of recycled material")),
    TextPlace(table=RecycledClaim, columns=("evidence", "reason"), label=N_("Claims of recycled content")),
    TextPlace(table=PowerContract, columns=("seller", "evidence"), label=N_("Contracts for green power")),
    TextPlace(table=MeteredPower, columns=("evidence", "ended_reason"), label=N_("Delivered green power")),
    TextPlace(table=SupplyClaim, columns=("evidence", "reason"), label=N_("Claims of green power")),
    TextPlace(table=GreenCertificate, columns=("cancellation_proof", "sold_because"), label=N_("Green certificates")),
    TextPlace(table=Leg, columns=("receiver", "source", "ended_reason"), label=N_("Transport legs")),
    TextPlace(table=Vehicle, columns=("ended_reason",), label=N_("Vehicles")),
    TextPlace(table=HubOperation, columns=("source", "ended_reason"), label=N_("Warehouses and transhipment")),
    TextPlace(table=RuleFinding, columns=("evidence",), label=N_("Findings on rules of method")),
    TextPlace(table=TargetDefinition, columns=("evidence",), label=N_("Evidence of what the plan leaves open")),
    TextPlace(table=OutputValue, columns=("source", "ended_reason"), label=N_("Sources of output values")),
    TextPlace(table=ActivityPlan, columns=("source", "ended_reason"), label=N_("Sources of production plans")),
    TextPlace(table=ForecastPath, columns=("source", "ended_reason"), label=N_("Sources of what is expected")),
    TextPlace(table=ResidualPlan, columns=("source", "ended_reason"), label=N_("Sources of plans of residual emissions")),
    TextPlace(table=CarbonAsset, columns=("source", "ended_reason"), label=N_("Sources of carbon assets")),
    TextPlace(table=Investment, columns=("source", "ended_reason"), label=N_("Sources of investments")),
    TextPlace(table=TechnologyProject, columns=("partner", "source", "ended_reason"), label=N_("Technology projects")),
    TextPlace(table=AttachedFile, columns=("name", "removed_because"), label=N_("Files behind the company's figures")),
    TextPlace(
        table=ActivityEntry, columns=("evidence_number", "reason", "withdrawn_because"), label=N_("Reasons of monthly figures")
    ),
    TextPlace(table=ClosedYear, columns=("reopened_because",), label=N_("Reasons why a year was opened again")),
    TextPlace(table=CompanyInventory, columns=("reopened_because",), label=N_("Reasons why an inventory was opened again")),
    TextPlace(table=InventoryFinding, columns=("text", "resolution"), label=N_("Findings of internal verifications")),
    TextPlace(table=ProjectProposal, columns=("replacement",), label=N_("Projects before the gate")),
    TextPlace(table=CommitteeMember, columns=("ended_reason",), label=N_("Reasons of the committee's register")),
    TextPlace(
        table=StakeholderContact, columns=("organisation", "topic", "follow_up", "ended_reason"), label=N_("Stakeholder log")
    ),
    TextPlace(
        table=Post,
        columns=("title_zh", "title_en", "body_zh", "body_en", "place_zh", "place_en"),
        label=N_("Articles and events"),
    ),
    TextPlace(table=Claim, columns=("text_zh", "text_en", "basis_zh", "basis_en"), label=N_("Claims")),
    TextPlace(table=ClaimProof, columns=("reference",), label=N_("Proofs of public claims")),
    TextPlace(table=PeerFigure, columns=("scope_note", "source", "ended_reason"), label=N_("Benchmark of peers")),
    TextPlace(table=QualityLimit, columns=("customer", "source", "ended_reason"), label=N_("Customers' limits on quality")),
    TextPlace(table=Responsibility, columns=("ended_reason",), label=N_("Reasons why responsibilities ended")),
    TextPlace(table=PlanAction, columns=("what", "evidence", "ended_reason"), label=N_("Actions of the carbon plan")),
    TextPlace(
        table=CommitteeDecision, columns=("subject", "decision", "minutes", "ended_reason"), label=N_("Decisions of the committee")
    ),
    TextPlace(table=Training, columns=("course", "evidence", "ended_reason"), label=N_("Courses of the carbon plan")),
    TextPlace(table=FundingItem, columns=("source", "evidence", "ended_reason"), label=N_("Funding of the carbon plan")),
    TextPlace(table=FundingYear, columns=("evidence", "ended_reason"), label=N_("Evidence of spending")),
    TextPlace(table=Assessment, columns=("comment", "review"), label=N_("Assessments that are not approved"), only=_not_approved),
)


def rows_with(session: Session, place: TextPlace, words: tuple[str, ...]) -> Iterator[SQLModel]:
    """Yield the rows of a place in which one of the words stands, whatever its case."""
    if not words:
        return
    yield from session.exec(_matching(place, words)).all()


def receipts_with(session: Session, words: tuple[str, ...]) -> list[Receipt]:
    """Return receipts whose content holds one of the words: proof that stays."""
    return [one for one in session.exec(select(Receipt)) if any(word.lower() in str(one.content).lower() for word in words)]


def _matching(place: TextPlace, words: tuple[str, ...]) -> Any:  # noqa: ANN401 - a SELECT of any table
    columns = [getattr(place.table, name) for name in place.columns]
    contains = or_(*(column.icontains(word, autoescape=True) for column in columns for word in words))
    statement: Select[Any] = select(place.table).where(contains, place.only())
    return statement
