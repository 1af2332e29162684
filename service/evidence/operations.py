"""Files behind what the company has entered: attached, taken off, locked. Whether one may go, the domain says."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlmodel import Session

from service.audit.operations import record
from service.errors import N_, ConflictError, FieldError, InvalidInputError
from service.evidence.models import AttachedFile, Scan
from service.evidence.store import FILES_MAX, StoredFile


def attach(
    session: Session,
    stored: Sequence[StoredFile],
    *,
    behind: uuid.UUID,
    beside: Collection[AttachedFile],
    by: str,
    at: datetime,
    is_sample: bool = False,
) -> Sequence[AttachedFile]:
    """Add rows of stored files, for the caller to link.

    Parameters
    ----------
    behind
        The figure or document.
    beside
        Files that it has; what is among them already is not added again.

    Raises
    ------
    ConflictError
        When there would be too many.

    """
    present = {one.sha256 for one in beside if one.removed_at is None}
    wanted = {one.sha256: one for one in stored if one.sha256 not in present}
    if len(present) + len(wanted) > FILES_MAX:
        raise ConflictError(N_("At most %(max)s files may stand here. Remove one, or put several into one PDF."), max=FILES_MAX)
    new = [_row(one, by=by, at=at, is_sample=is_sample) for one in wanted.values()]
    session.add_all(new)
    session.flush()  # the caller's rows refer to them
    for one in new:
        record(session, "file_attached", of=one, by=by, at=at, sha256=one.sha256, size_bytes=one.size_bytes, behind=behind)
    return new


def remove(session: Session, file: AttachedFile, *, behind: uuid.UUID, reason: str, by: str, at: datetime) -> None:
    """Take a file off; its row stays with the reason."""
    if not reason.strip():
        raise InvalidInputError({"reason": FieldError(N_("Say why this file is removed."))})
    file.removed_by, file.removed_at, file.removed_because = by, at, reason.strip()
    record(session, "file_removed", of=file, by=by, at=at, sha256=file.sha256, behind=behind)


def keep_scans(session: Session, scans: Mapping[uuid.UUID, Scan], *, at: datetime) -> None:
    """Store what a scanner said of attached files; an infected one is locked, and an audit event says so."""
    for key, scan in scans.items():
        file = session.get_one(AttachedFile, key)
        file.scan, file.scanned_at = scan, at
        if scan is Scan.INFECTED:
            record(session, "file_quarantined", of=file, by="system", at=at, sha256=file.sha256)


def _row(stored: StoredFile, *, by: str, at: datetime, is_sample: bool) -> AttachedFile:
    return AttachedFile(
        name=stored.name,
        media_type=stored.media_type,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        shows_place=stored.shows_place,
        scan=stored.scan,
        scanned_at=stored.scanned_at,
        attached_by=by,
        attached_at=at,
        is_sample=is_sample,
    )
