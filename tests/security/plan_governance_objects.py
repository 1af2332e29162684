"""Rows of governance and of the carbon accounts in the world to attack."""

from collections.abc import Mapping

from sqlmodel import Session, col, select

from service.carbon_accounts.models import Behaviour, BehaviourEntry, Challenge, Redemption, Reward
from service.governance.models import (
    CommitteeDecision,
    CommitteeMember,
    FundingItem,
    FundingYear,
    Kpi,
    KpiContract,
    PlanAction,
    Responsibility,
    Training,
)
from service.plan.models import OrgUnit

TABLES: Mapping[str, type] = {
    "org_unit_id": OrgUnit,
    "committee_member_id": CommitteeMember,
    "responsibility_id": Responsibility,
    "plan_action_id": PlanAction,
    "committee_decision_id": CommitteeDecision,
    "training_id": Training,
    "funding_item_id": FundingItem,
    "funding_year_id": FundingYear,
    "kpi_contract_id": KpiContract,
    "behaviour_id": Behaviour,
    "reward_id": Reward,
    "challenge_id": Challenge,
    "redemption_id": Redemption,
    "behaviour_entry_id": BehaviourEntry,
}


def plan_governance_objects(session: Session) -> Mapping[str, str]:
    """Return a row of each register of governance, an assessed contract, and an entry of somebody's account."""
    found = {name: str(session.exec(select(col(table.id)).limit(1)).one()) for name, table in TABLES.items()}  # type: ignore[attr-defined] # each has an id
    contract = session.exec(select(KpiContract)).one()
    kpi = session.exec(select(Kpi).where(Kpi.contract_id == contract.id).order_by(col(Kpi.id))).first()
    assert kpi is not None
    return {**found, "kpi_contract_id": str(contract.id), "kpi_id": str(kpi.id)}
