"""Plan, task 8: the gate for projects of high energy use and emissions."""

import pytest
from sqlmodel import Session, col, select

from service.accounts.models import Role
from service.audit.models import AuditEvent
from service.errors import ConflictError, ForbiddenError, SamePersonError
from service.measures.models import CarbonPriceLadder
from service.project_gate import operations
from service.project_gate.models import KeptDecisionError, ProjectStatus, Verdict
from service.project_gate.operations import GateClosedError
from tests.project_gate.builders import (
    ASSESSOR,
    ENGINEER,
    MEMBER,
    NOW,
    REVIEWER,
    a_project,
    all_documents,
    an_assessed_project,
    decide,
    project_input,
)


def test_proposal_above_threshold_cannot_reach_approved_without_an_assessment(session: Session) -> None:
    project = a_project(session)

    with pytest.raises(GateClosedError, match="has not been assessed"):
        decide(session, project, role=Role.REVIEWER, by=REVIEWER)
    assert project.status is ProjectStatus.DRAFT


def test_proposal_above_threshold_cannot_reach_approved_without_all_documents(session: Session) -> None:
    project = an_assessed_project(session)

    with pytest.raises(GateClosedError) as refused:
        decide(session, project, role=Role.REVIEWER, by=REVIEWER)
    named = " ".join(str(point) for point in refused.value.points)
    assert "Approval of the energy-saving review" in named
    assert "Carbon evaluation" in named


def test_proposal_above_threshold_cannot_reach_approved_without_two_roles(session: Session) -> None:
    project = an_assessed_project(session)
    all_documents(session, project)

    decide(session, project, role=Role.REVIEWER, by=REVIEWER)
    after_one = project.status
    with pytest.raises(ConflictError, match="This role has decided"):
        decide(session, project, role=Role.REVIEWER, by=MEMBER)
    with pytest.raises(SamePersonError, match="another person"):
        decide(session, project, role=Role.COMMITTEE, by=REVIEWER)
    decide(session, project, role=Role.COMMITTEE, by=MEMBER)

    assert after_one is ProjectStatus.ASSESSED
    assert project.status is ProjectStatus.CONDITIONAL


@pytest.mark.parametrize("by", [ENGINEER, ASSESSOR])
def test_who_proposed_or_assessed_never_decides(session: Session, by: str) -> None:
    project = an_assessed_project(session)
    all_documents(session, project)

    with pytest.raises(SamePersonError, match="another person"):
        decide(session, project, role=Role.COMMITTEE, by=by)


def test_another_role_than_reviewer_and_committee_decides_nothing(session: Session) -> None:
    project = an_assessed_project(session)
    all_documents(session, project)

    with pytest.raises(ForbiddenError):
        decide(session, project, role=Role.ENGINEER, by=REVIEWER)


def test_a_broken_limit_of_the_company_passes_with_conditions_only(session: Session) -> None:
    ladder = CarbonPriceLadder(steps={"2026": 100.0}, discount_rate=0.08, source="a decision", set_by=MEMBER, set_at=NOW)
    session.add(ladder)
    project = an_assessed_project(session, yearly_gain_10k_cny=1.0)  # earns nothing and adds CO2: a net value below zero
    all_documents(session, project)

    with pytest.raises(GateClosedError, match=r"Net present value .* is broken"):
        decide(session, project, role=Role.REVIEWER, by=REVIEWER, verdict=Verdict.APPROVE)
    decide(session, project, role=Role.REVIEWER, by=REVIEWER, verdict=Verdict.CONDITIONS)
    decide(session, project, role=Role.COMMITTEE, by=MEMBER, verdict=Verdict.CONDITIONS)
    assert project.status is ProjectStatus.CONDITIONAL


def test_a_project_without_a_broken_limit_is_approved_by_two(session: Session) -> None:
    project = an_assessed_project(session)
    all_documents(session, project)

    decide(session, project, role=Role.REVIEWER, by=REVIEWER, verdict=Verdict.APPROVE)
    decide(session, project, role=Role.COMMITTEE, by=MEMBER, verdict=Verdict.APPROVE)
    assert project.status is ProjectStatus.APPROVED


def test_a_changed_project_has_to_be_assessed_again(session: Session) -> None:
    project = an_assessed_project(session)
    all_documents(session, project)
    operations.change_project(session, project.id, project_input(output_t=20_000.0), version=project.version, by=ENGINEER, at=NOW)

    with pytest.raises(GateClosedError, match="has not been assessed as it stands"):
        decide(session, project, role=Role.REVIEWER, by=REVIEWER)


def test_one_refusal_refuses(session: Session) -> None:
    project = an_assessed_project(session)

    decide(session, project, role=Role.COMMITTEE, by=MEMBER, verdict=Verdict.REFUSE)

    assert project.status is ProjectStatus.REFUSED


def test_decision_logged(session: Session) -> None:
    project = an_assessed_project(session)
    all_documents(session, project)
    decide(session, project, role=Role.REVIEWER, by=REVIEWER)
    given = decide(session, project, role=Role.COMMITTEE, by=MEMBER)
    session.flush()

    events = session.exec(select(AuditEvent).where(AuditEvent.action == "project_decided").order_by(col(AuditEvent.id))).all()
    assert [(one.actor, one.details["role"], one.details["outcome"]) for one in events] == [
        (REVIEWER, "reviewer", "assessed"),
        (MEMBER, "committee", "conditional"),
    ]
    given.reason = "something else"
    with pytest.raises(KeptDecisionError):
        session.flush()
    session.rollback()
