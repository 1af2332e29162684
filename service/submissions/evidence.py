"""Files that back answers: bytes on disk under their hash, a row that names them."""

import hashlib
import os
import tempfile
import unicodedata
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath

from sqlmodel import Session

from service.audit.operations import record
from service.errors import N_, ConflictError, FieldError, InvalidInputError, NotFoundError
from service.submissions import queries
from service.submissions.file_types import find_media_type
from service.submissions.models import Evidence, Submission
from service.submissions.questionnaire import find_question
from service.submissions.rules import check_editable

FOLDER = "evidence"
FILES_MAX = 20
NAME_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that lies in the store; without a row it is garbage, never harm."""

    name: str
    media_type: str
    size_bytes: int
    sha256: str


def store_file(content: bytes, name: str, *, data_dir: Path) -> StoredFile:
    """Write a file under its SHA-256, before any row speaks of it.

    Raises
    ------
    FieldError
        Empty, or not of a kind that may be attached.

    """
    if not content:
        raise FieldError(N_("Choose a file; this one is empty."))
    media_type = find_media_type(content)
    sha256 = hashlib.sha256(content).hexdigest()
    target = path_of(sha256, data_dir=data_dir)
    if not target.exists():
        _write(content, target)
    return StoredFile(name=display_name(name), media_type=media_type, size_bytes=len(content), sha256=sha256)


def path_of(sha256: str, *, data_dir: Path) -> Path:
    """Return where a file lies: only its hash decides."""
    return data_dir / FOLDER / sha256[:2] / sha256


def existing_path(evidence: Evidence, *, data_dir: Path) -> Path:
    """Return where a file lies; a missing one is an error that says what to do."""
    path = path_of(evidence.sha256, data_dir=data_dir)
    if not path.is_file():
        raise NotFoundError(
            N_("The file “%(name)s” is missing in the evidence store; restore it from the backup."), name=evidence.name
        )
    return path


def display_name(name: str) -> str:
    """Return a file name as it may be shown: no folders, no control or direction characters, not too long."""
    last = PurePosixPath(unicodedata.normalize("NFC", name).replace("\\", "/")).name
    clean = "".join(character for character in last if unicodedata.category(character)[0] != "C").strip()
    return clean[-NAME_MAX:] or "file"


def attach(
    session: Session, submission: Submission, stored: Sequence[StoredFile], *, field: str | None, by: str, at: datetime
) -> Sequence[Evidence]:
    """Attach stored files to a questionnaire, or to one of its fields; the same file twice is once."""
    check_editable(submission.status)
    if field is not None and find_question(submission.supplier_type, field) is None:
        raise InvalidInputError({"field": FieldError(N_("This is not a question for this type of supplier."))})
    present = {(one.sha256, one.field): one for one in queries.evidence_of(session, submission.id)}
    new = {one.sha256: one for one in stored if (one.sha256, field) not in present}
    if len(present) + len(new) > FILES_MAX:
        raise ConflictError(
            N_("A questionnaire takes at most %(max)s files. Remove one, or put several into one PDF."), max=FILES_MAX
        )
    return [_attach(session, submission, one, field=field, by=by, at=at) for one in new.values()]


def remove(session: Session, submission: Submission, evidence: Evidence, *, by: str, at: datetime) -> None:
    """Take a file off a questionnaire that is still the supplier's; its bytes stay until the store is swept."""
    check_editable(submission.status)
    _record(session, submission, "evidence_removed", evidence, by=by, at=at)
    session.delete(evidence)


def _attach(session: Session, submission: Submission, stored: StoredFile, *, field: str | None, by: str, at: datetime) -> Evidence:
    evidence = Evidence(
        submission_id=submission.id,
        organisation_id=submission.organisation_id,
        field=field,
        name=stored.name,
        media_type=stored.media_type,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        uploaded_by=by,
        uploaded_at=at,
    )
    session.add(evidence)
    session.flush()
    _record(session, submission, "evidence_attached", evidence, by=by, at=at)
    return evidence


def _record(session: Session, submission: Submission, action: str, evidence: Evidence, *, by: str, at: datetime) -> None:
    organisation_id: uuid.UUID = submission.organisation_id
    facts = {"number": submission.number, "sha256": evidence.sha256, "size_bytes": evidence.size_bytes}
    record(session, action, of=evidence, by=by, at=at, organisation_id=organisation_id, **facts)


def _write(content: bytes, target: Path) -> None:
    """Write so that the target is either complete or not there, also after a power cut."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=target.parent, prefix=".new-")
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        Path(temporary).replace(target)
    except OSError:
        Path(temporary).unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
