"""Material flows, recycled sources, a project with a document and a method in the world to attack."""

import uuid
from collections.abc import Mapping
from datetime import date

from sqlmodel import Session, col, select

from service.material_flows.models import (
    ClaimStatus,
    MaterialAccount,
    MaterialFlow,
    RecycledClaim,
    RecycledReceipt,
    RecycledSource,
)
from service.method_library.models import AccountingMethod, MethodStatus
from service.project_gate.files import attach_files
from service.project_gate.models import GateRuleVersion, ProjectProposal, ProjectStatus
from service.project_gate.operations import add_document
from service.project_gate.schemas import DocumentInput
from service.settings import Settings
from tests.security.furnishing import BY, NOW
from tests.submissions.builders import a_stored_file

TABLES: Mapping[str, type] = {
    "material_account_id": MaterialAccount,
    "material_flow_id": MaterialFlow,
    "recycled_source_id": RecycledSource,
    "recycled_receipt_id": RecycledReceipt,
    "gate_rule_version_id": GateRuleVersion,
}


def plan_circularity_objects(session: Session, settings: Settings) -> Mapping[str, str]:
    """Return a row of each register, and of what waits for somebody's decision."""
    rows = {name: str(session.exec(select(col(table.id)).limit(1)).one()) for name, table in TABLES.items()}  # type: ignore[attr-defined] # each has an id
    claim = select(RecycledClaim.id).where(col(RecycledClaim.status) == ClaimStatus.PROPOSED)
    project = select(ProjectProposal.id).where(col(ProjectProposal.status) == ProjectStatus.ASSESSED)
    method = select(AccountingMethod.id).where(col(AccountingMethod.status) == MethodStatus.DRAFT)
    waiting = {"recycled_claim_id": claim, "project_proposal_id": project, "accounting_method_id": method}
    found = {name: session.exec(query.limit(1)).one() for name, query in waiting.items()}
    document = _document(session, found["project_proposal_id"], settings)
    return {**rows, **{name: str(key) for name, key in found.items()}, **document}


def _document(session: Session, project_id: uuid.UUID, settings: Settings) -> Mapping[str, str]:
    fields = DocumentInput(kind="energy_review", reference="World 1", issued_on=date(2026, 10, 1))
    document = add_document(session, project_id, fields, by=BY, at=NOW)
    stored = a_stored_file(b"rule,value\nenergy,1\n", "review.csv", data_dir=settings.data_dir)
    (file,) = attach_files(session, project_id, document.id, [stored], by=BY, at=NOW)
    return {"project_document_id": str(document.id), "document_file_id": str(file.id)}
