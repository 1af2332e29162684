"""Files of a project's documents: attached at any time, and kept once somebody has decided with them at hand."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from service.errors import N_, ConflictError
from service.evidence import operations as evidence
from service.evidence.models import AttachedFile
from service.evidence.store import StoredFile
from service.project_gate import queries
from service.project_gate.models import ProjectDocumentFile


def attach_files(
    session: Session,
    project_id: uuid.UUID,
    document_id: uuid.UUID,
    stored: Sequence[StoredFile],
    *,
    by: str,
    at: datetime,
) -> Sequence[AttachedFile]:
    """Attach stored files to a document; returns those that are new."""
    document = queries.get_document(session, project_id, document_id)
    beside = queries.files_of(session, document_id)
    new = evidence.attach(session, stored, behind=document_id, beside=beside, by=by, at=at, is_sample=document.is_sample)
    session.add_all([ProjectDocumentFile(file_id=one.id, document_id=document_id) for one in new])
    return new


def is_kept(session: Session, project_id: uuid.UUID, file: AttachedFile) -> bool:
    """Whether somebody has decided on the project since the file came."""
    return queries.was_decided_since(session, project_id, file.attached_at)


def remove_file(
    session: Session,
    project_id: uuid.UUID,
    document_id: uuid.UUID,
    file_id: uuid.UUID,
    *,
    reason: str,
    by: str,
    at: datetime,
) -> AttachedFile:
    """Take a file off a document, with the reason.

    Raises
    ------
    ConflictError
        When somebody has decided on the project since it came.

    """
    project = queries.get_project(session, project_id, lock=True)
    queries.get_document(session, project_id, document_id)
    file = queries.get_file(session, document_id, file_id)
    if is_kept(session, project_id, file):
        raise ConflictError(
            N_("A verdict on project %(number)s rests on this file, so it stays. Attach the right one beside it."),
            number=project.number,
        )
    evidence.remove(session, file, behind=document_id, reason=reason, by=by, at=at)
    return file
