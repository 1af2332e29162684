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
    rows = {name: session.exec(select(table).order_by(table.id)).first() for name, table in TABLES.items()}
    claim = select(RecycledClaim).where(col(RecycledClaim.status) == ClaimStatus.PROPOSED)
    project = select(ProjectProposal).where(col(ProjectProposal.status) == ProjectStatus.ASSESSED)
    method = select(AccountingMethod).where(col(AccountingMethod.status) == MethodStatus.DRAFT)
    waiting = {
        "recycled_claim_id": session.exec(claim).first(),
        "project_proposal_id": session.exec(project).first(),
        "accounting_method_id": session.exec(method).first(),
    }
    found = {**rows, **waiting}
    assert None not in found.values()
    return {name: str(row.id) for name, row in found.items()}
