"""Material flows, recycled sources, a project and a method in the world to attack."""

from collections.abc import Mapping

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
from service.project_gate.models import GateRuleVersion, ProjectProposal, ProjectStatus

TABLES: Mapping[str, type] = {
    "material_account_id": MaterialAccount,
    "material_flow_id": MaterialFlow,
    "recycled_source_id": RecycledSource,
    "recycled_receipt_id": RecycledReceipt,
    "gate_rule_version_id": GateRuleVersion,
}


def plan_circularity_objects(session: Session) -> Mapping[str, str]:
    """Return a row of each register, and of what waits for somebody's decision."""
    rows = {name: str(session.exec(select(col(table.id)).limit(1)).one()) for name, table in TABLES.items()}  # type: ignore[attr-defined] # each has an id
    claim = select(RecycledClaim.id).where(col(RecycledClaim.status) == ClaimStatus.PROPOSED)
    project = select(ProjectProposal.id).where(col(ProjectProposal.status) == ProjectStatus.ASSESSED)
    method = select(AccountingMethod.id).where(col(AccountingMethod.status) == MethodStatus.DRAFT)
    waiting = {"recycled_claim_id": claim, "project_proposal_id": project, "accounting_method_id": method}
    return {**rows, **{name: str(session.exec(query.limit(1)).one()) for name, query in waiting.items()}}
