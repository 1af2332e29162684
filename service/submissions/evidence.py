"""Files that back answers: bytes on disk under their hash, a row that names them."""

import hashlib
import os
import tempfile
import unicodedata
import uuid
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from sqlmodel import Session

from service.accounts.access import Principal
from service.accounts.models import Role
from service.audit.operations import record
from service.errors import N_, ConflictError, FieldError, ForbiddenError, InvalidInputError, NotFoundError
from service.settings import MIB
from service.submissions import queries
from service.submissions.file_types import find_media_type
from service.submissions.models import Evidence, EvidenceLink, Scan, Submission
from service.submissions.photos import shows_place
from service.submissions.questionnaire import find_question
from service.submissions.rules import check_editable
from service.submissions.virus_scan import Scanner

FOLDER = "evidence"
FILES_MAX = 20
NAME_MAX = 200
FILE_BYTES_MAX = 25 * MIB
CHUNK = MIB // 4


class QuarantinedError(ConflictError):
    """A scanner found something in a file; nobody gets it any more."""

    code = "evidence-quarantined"


class VerifierOnlyError(ForbiddenError):
    """The supplier shows a file to auditors alone; that it exists, its hash and what it backs are no secret."""

    code = "evidence-verifier-only"

    def __init__(self) -> None:
        super().__init__(N_("The supplier shows this file only to the verifier. You see that it exists, and its SHA-256."))


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that lies in the store; without a row it is garbage, never harm.

    Attributes
    ----------
    shows_place
        A photograph that tells where it was taken.
    scanned_at
        When the scanner said `scan`; None if there was none to ask.

    """

    name: str
    media_type: str
    size_bytes: int
    sha256: str
    shows_place: bool = False
    scan: Scan = Scan.UNSCANNED
    scanned_at: datetime | None = None


def store_file(
    stream: BinaryIO, name: str, *, data_dir: Path, scanner: Scanner, at: datetime, largest_bytes: int = FILE_BYTES_MAX
) -> StoredFile:
    """Write a file under its SHA-256, before any row speaks of it; only a chunk of it is in memory at a time.

    Raises
    ------
    FieldError
        Empty, too large, infected, or not of a kind that may be attached.

    """
    with _temporary_file(data_dir) as copy:
        sha256 = _copied(stream, copy, largest_bytes=largest_bytes)
        stored = _examined(copy, display_name(name), sha256, scanner=scanner, at=at)
        _keep(copy, path_of(sha256, data_dir=data_dir))
    return stored


def _examined(copy: BinaryIO, name: str, sha256: str, *, scanner: Scanner, at: datetime) -> StoredFile:
    media_type = find_media_type(copy)
    scan = scanner.scan(copy)
    if scan is Scan.INFECTED:
        raise FieldError(N_("The virus scanner found something in this file; it was not kept. Send it as a fresh PDF or photo."))
    return StoredFile(
        name=name,
        media_type=media_type,
        size_bytes=copy.seek(0, os.SEEK_END),
        sha256=sha256,
        shows_place=shows_place(copy, media_type),
        scan=scan,
        scanned_at=None if scan is Scan.UNSCANNED else at,
    )


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
    """Attach stored files to a questionnaire, or to one of its fields; a file that is there already is only linked to the field.

    Returns the files that are new or newly linked.
    """
    check_editable(submission.status)
    fields = frozenset() if field is None else frozenset({field})
    _check_asked(submission, fields)
    present = {one.sha256: one for one in queries.evidence_of(session, submission.id)}
    wanted = {one.sha256: one for one in stored}
    if len(present.keys() | wanted.keys()) > FILES_MAX:
        raise ConflictError(
            N_("A questionnaire takes at most %(max)s files. Remove one, or put several into one PDF."), max=FILES_MAX
        )
    linked = [present[key] for key in wanted if key in present and not fields <= set(present[key].fields)]
    for one in linked:
        _link(session, submission, one, {*one.fields, *fields}, by=by, at=at)
    new = [_attach(session, submission, one, fields, by=by, at=at) for key, one in wanted.items() if key not in present]
    return [*linked, *new]


def describe(
    session: Session,
    submission: Submission,
    evidence: Evidence,
    *,
    fields: Collection[str],
    valid_until: date | None,
    verifier_only: bool,
    by: str,
    at: datetime,
) -> None:
    """Say what a file backs (no field: the whole questionnaire), how long it holds and who may open it."""
    check_editable(submission.status)
    _check_asked(submission, fields)
    if set(fields) != set(evidence.fields):
        _link(session, submission, evidence, fields, by=by, at=at)
    if (valid_until, verifier_only) != (evidence.valid_until, evidence.verifier_only):
        evidence.valid_until, evidence.verifier_only = valid_until, verifier_only
        session.add(evidence)
        _record(session, submission, "evidence_described", evidence, by=by, at=at)


def check_may_open(evidence: Evidence, principal: Principal) -> None:
    """Raise unless the bytes of a file that the principal may know of may be handed out.

    Raises
    ------
    QuarantinedError
        A scanner found something in it.
    VerifierOnlyError
        The supplier shows it to auditors alone.

    """
    if evidence.scan is Scan.INFECTED:
        raise QuarantinedError(N_("The virus scanner found something in “%(name)s”; it can't be opened."), name=evidence.name)
    if evidence.verifier_only and principal.is_staff and not principal.has(Role.AUDITOR):
        raise VerifierOnlyError


def is_outdated(evidence: Evidence, *, on: date) -> bool:
    """Whether a file no longer holds on a day, for example the last one of the reporting period."""
    return evidence.valid_until is not None and evidence.valid_until < on


def remove(session: Session, submission: Submission, evidence: Evidence, *, by: str, at: datetime) -> None:
    """Take a file off a questionnaire that is still the supplier's; its bytes stay until the store is swept."""
    check_editable(submission.status)
    _record(session, submission, "evidence_removed", evidence, by=by, at=at)
    session.delete(evidence)


def _check_asked(submission: Submission, fields: Collection[str]) -> None:
    if any(find_question(submission.supplier_type, field) is None for field in fields):
        raise InvalidInputError({"field": FieldError(N_("This is not a question for this type of supplier."))})


def _attach(
    session: Session, submission: Submission, stored: StoredFile, fields: Collection[str], *, by: str, at: datetime
) -> Evidence:
    evidence = Evidence(
        submission_id=submission.id,
        organisation_id=submission.organisation_id,
        name=stored.name,
        media_type=stored.media_type,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        shows_place=stored.shows_place,
        scan=stored.scan,
        scanned_at=stored.scanned_at,
        uploaded_by=by,
        uploaded_at=at,
    )
    evidence.links = [EvidenceLink(evidence_id=evidence.id, field=field) for field in sorted(fields)]
    session.add(evidence)
    session.flush()
    _record(session, submission, "evidence_attached", evidence, by=by, at=at)
    return evidence


def _link(session: Session, submission: Submission, evidence: Evidence, fields: Collection[str], *, by: str, at: datetime) -> None:
    kept = [link for link in evidence.links if link.field in fields]
    added = sorted(set(fields) - set(evidence.fields))
    evidence.links = [*kept, *(EvidenceLink(evidence_id=evidence.id, field=field) for field in added)]
    session.add(evidence)
    session.flush()
    _record(session, submission, "evidence_linked", evidence, by=by, at=at, fields=", ".join(sorted(fields)))


def _record(
    session: Session, submission: Submission, action: str, evidence: Evidence, *, by: str, at: datetime, **facts: object
) -> None:
    organisation_id: uuid.UUID = submission.organisation_id
    facts |= {"number": submission.number, "sha256": evidence.sha256, "size_bytes": evidence.size_bytes}
    record(session, action, of=evidence, by=by, at=at, organisation_id=organisation_id, **facts)


@contextmanager
def _temporary_file(data_dir: Path) -> Iterator[BinaryIO]:
    """Yield a new file in the store that is gone afterwards unless it was moved to its place."""
    folder = data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
    os.close(handle)
    try:
        with Path(name).open("w+b") as copy:
            yield copy
    finally:
        Path(name).unlink(missing_ok=True)


def _copied(stream: BinaryIO, copy: BinaryIO, *, largest_bytes: int) -> str:
    """Copy what was sent and return its SHA-256."""
    digest, size = hashlib.sha256(), 0
    while chunk := stream.read(CHUNK):
        size += len(chunk)
        if size > largest_bytes:
            raise FieldError(N_("This file is larger than %(max)s MiB. Make it smaller."), max=largest_bytes // MIB)
        digest.update(chunk)
        copy.write(chunk)
    if not size:
        raise FieldError(N_("Choose a file; this one is empty."))
    return digest.hexdigest()


def _keep(copy: BinaryIO, target: Path) -> None:
    """Move a copy to its place so that the target is either complete or not there, also after a power cut."""
    if target.exists():
        return
    copy.flush()
    os.fsync(copy.fileno())
    target.parent.mkdir(parents=True, exist_ok=True)
    Path(copy.name).replace(target)
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
