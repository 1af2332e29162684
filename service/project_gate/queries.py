"""Reading projects, their documents, assessments and approvals."""

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, select

from service.errors import NotFoundError
from service.project_gate.models import (
    GateRuleVersion,
    ProjectApproval,
    ProjectAssessment,
    ProjectDocument,
    ProjectProposal,
    ProjectStatus,
)

WAITING = (ProjectStatus.DRAFT, ProjectStatus.ASSESSED)


def get_project(session: Session, project_id: uuid.UUID, *, lock: bool = False) -> ProjectProposal:
    """Return a project."""
    project = session.get(ProjectProposal, project_id, with_for_update=lock or None)
    if project is None:
        raise NotFoundError
    return project


def last_number(session: Session, prefix: str) -> str | None:
    """Return the highest number that begins with a prefix."""
    query = select(ProjectProposal.number).where(col(ProjectProposal.number).startswith(prefix, autoescape=True))
    return session.exec(query.order_by(col(ProjectProposal.number).desc())).first()


def documents_of(session: Session, project_id: uuid.UUID) -> Sequence[ProjectDocument]:
    """Return the documents of a project in the order in which they came."""
    query = select(ProjectDocument).where(ProjectDocument.project_id == project_id)
    return session.exec(query.order_by(col(ProjectDocument.added_at), col(ProjectDocument.id))).all()


def assessments_of(session: Session, project_id: uuid.UUID) -> Sequence[ProjectAssessment]:
    """Return the assessments of a project, the latest first."""
    query = select(ProjectAssessment).where(ProjectAssessment.project_id == project_id)
    return session.exec(query.order_by(col(ProjectAssessment.assessed_at).desc(), col(ProjectAssessment.id).desc())).all()


def current_assessment(session: Session, project: ProjectProposal) -> ProjectAssessment | None:
    """Return the assessment of a project as it stands; None where it has changed since, or was never assessed."""
    latest = next(iter(assessments_of(session, project.id)), None)
    return latest if latest is not None and project.status is not ProjectStatus.DRAFT else None


def missing_documents(session: Session, assessment: ProjectAssessment) -> Sequence[str]:
    """Return the kinds of documents that an assessment asks for and that have not come."""
    present = {one.kind for one in documents_of(session, assessment.project_id)}
    asked = dict.fromkeys(key for one in assessment.outcomes for key in one["documents"])
    return [key for key in asked if key not in present]


def approvals_of(session: Session, assessment_id: uuid.UUID) -> Sequence[ProjectApproval]:
    """Return the verdicts on an assessment in their order."""
    query = select(ProjectApproval).where(ProjectApproval.assessment_id == assessment_id)
    return session.exec(query.order_by(col(ProjectApproval.decided_at), col(ProjectApproval.id))).all()


def get_rule_version(session: Session, rule_version_id: uuid.UUID) -> GateRuleVersion:
    """Return an entered row of a rule."""
    row = session.get(GateRuleVersion, rule_version_id)
    if row is None:
        raise NotFoundError
    return row


def rule_versions(session: Session) -> Sequence[GateRuleVersion]:
    """Return all entered rows, the latest first."""
    return session.exec(select(GateRuleVersion).order_by(col(GateRuleVersion.entered_at).desc(), col(GateRuleVersion.id))).all()
