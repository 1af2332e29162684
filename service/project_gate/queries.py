"""Reading projects, their documents, assessments and approvals."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, func, select

from service.errors import NotFoundError
from service.evidence.models import AttachedFile
from service.project_gate.models import (
    GateRuleVersion,
    ProjectApproval,
    ProjectAssessment,
    ProjectDocument,
    ProjectDocumentFile,
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


def find_projects(session: Session) -> Sequence[ProjectProposal]:
    """Return projects, the latest first."""
    return session.exec(select(ProjectProposal).order_by(col(ProjectProposal.number).desc())).all()


def last_number(session: Session, prefix: str) -> str | None:
    """Return the highest number that begins with a prefix."""
    query = select(ProjectProposal.number).where(col(ProjectProposal.number).startswith(prefix, autoescape=True))
    return session.exec(query.order_by(col(ProjectProposal.number).desc())).first()


def documents_of(session: Session, project_id: uuid.UUID) -> Sequence[ProjectDocument]:
    """Return the documents of a project in the order in which they came."""
    query = select(ProjectDocument).where(ProjectDocument.project_id == project_id)
    return session.exec(query.order_by(col(ProjectDocument.added_at), col(ProjectDocument.id))).all()


def get_document(session: Session, project_id: uuid.UUID, document_id: uuid.UUID) -> ProjectDocument:
    """Return a document of a project."""
    document = session.get(ProjectDocument, document_id)
    if document is None or document.project_id != project_id:
        raise NotFoundError
    return document


def files_of(session: Session, document_id: uuid.UUID) -> Sequence[AttachedFile]:
    """Return the files of a document in the order in which they came, those that were removed too."""
    query = select(AttachedFile).join(ProjectDocumentFile).where(ProjectDocumentFile.document_id == document_id)
    return session.exec(query.order_by(col(AttachedFile.attached_at), col(AttachedFile.name), col(AttachedFile.id))).all()


def get_file(session: Session, document_id: uuid.UUID, file_id: uuid.UUID) -> AttachedFile:
    """Return a file that stands with a document."""
    query = select(AttachedFile).join(ProjectDocumentFile).where(ProjectDocumentFile.document_id == document_id)
    file = session.exec(query.where(AttachedFile.id == file_id, col(AttachedFile.removed_at).is_(None))).first()
    if file is None:
        raise NotFoundError
    return file


def file_counts(session: Session, document_ids: Collection[uuid.UUID]) -> Mapping[uuid.UUID, int]:
    """Return how many files stand with each document that has any."""
    query = (
        select(ProjectDocumentFile.document_id, func.count())
        .join(AttachedFile)
        .where(col(ProjectDocumentFile.document_id).in_(document_ids), col(AttachedFile.removed_at).is_(None))
        .group_by(col(ProjectDocumentFile.document_id))
    )
    return dict(session.exec(query).all())


def was_decided_since(session: Session, project_id: uuid.UUID, moment: datetime) -> bool:
    """Whether anybody gave a verdict on a project at a moment or later."""
    query = select(ProjectApproval.id).where(ProjectApproval.project_id == project_id, ProjectApproval.decided_at >= moment)
    return session.exec(query.limit(1)).first() is not None


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
