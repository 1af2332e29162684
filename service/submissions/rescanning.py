"""What a scanner said later of suppliers' files is kept, and an infected file is locked."""

import uuid
from collections.abc import Mapping
from datetime import datetime

from sqlmodel import Session

from service.audit.operations import record
from service.evidence.models import Scan
from service.submissions.models import Evidence


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
