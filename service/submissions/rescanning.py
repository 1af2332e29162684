"""Files that no scanner has seen yet are sent to one as soon as there is one."""

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlmodel import Session

from service.audit.operations import record
from service.submissions.evidence import path_of
from service.submissions.models import Evidence, Scan
from service.submissions.virus_scan import Scanner

FILES_AT_ONCE: Final = 200


def scan_files(files: Iterable[tuple[uuid.UUID, str]], *, scanner: Scanner, data_dir: Path) -> Mapping[uuid.UUID, Scan]:
    """Return what the scanner says of files, given by id and SHA-256; slow, and touches no table.

    What it can't look at, or is not in the store, is left out.
    """
    found = {key: _scanned(path_of(sha256, data_dir=data_dir), scanner) for key, sha256 in files}
    return {key: scan for key, scan in found.items() if scan is not Scan.UNSCANNED}


def keep_scans(session: Session, scans: Mapping[uuid.UUID, Scan], *, at: datetime) -> None:
    """Store what the scanner said; an infected file is locked, and an audit event says so."""
    for key, scan in scans.items():
        evidence = session.get(Evidence, key)
        if evidence is None:  # taken off meanwhile
            continue
        evidence.scan, evidence.scanned_at = scan, at
        session.add(evidence)
        if scan is Scan.INFECTED:
            owner: uuid.UUID = evidence.organisation_id
            record(session, "evidence_quarantined", of=evidence, by="system", at=at, organisation_id=owner, sha256=evidence.sha256)


def _scanned(path: Path, scanner: Scanner) -> Scan:
    if not path.is_file():
        return Scan.UNSCANNED
    with path.open("rb") as stream:
        return scanner.scan(stream)
