"""The evidence of a case as one ZIP, from which every footprint in it can be recalculated without our server."""

import hashlib
import os
import tempfile
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from sqlmodel import Session

from lca_models.model import load_model, shipped_tables
from service.audit.models import AuditCheckpoint, AuditEvent
from service.audit.proofs import NotLoggedYetError, prove
from service.audit.queries import find_events
from service.audit.tree import newest_checkpoint
from service.evidence.models import Scan
from service.evidence.store import path_of
from service.footprints.models import FootprintRecord
from service.footprints.queries import get_row, sources_of
from service.footprints.rechecking import rebuild
from service.modelling.models import ModelStatus
from service.modelling.queries import all_versions, model_of, tables_of
from service.product_footprints.documents import pact_document
from service.product_footprints.queries import latest_footprint_of
from service.reports.content import Audience, ReportKind
from service.reports.making import make_report
from service.reports.rendering import render_report
from service.settings import Settings
from service.submissions import queries as submissions
from service.submissions.archive import (
    Member,
    answer_members,
    bytes_member,
    evidence_name,
    file_member,
    json_member,
    stream_archive,
)
from service.submissions.models import Submission
from service.verification import queries
from service.verification.models import VerificationCase
from service.verification.pack_readme import readme
from service.verification.trace import trace_of
from service.verification.trace_workbook import write_trace

FOLDER: Final = "packs"
_TIMELESS: Final = datetime(1980, 1, 1, tzinfo=UTC)
"""No file of the pack tells when it was packed, so that the same evidence gives the same bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedFile:
    """A pack on disk, under its hash."""

    sha256: str
    size_bytes: int


def pack_path(sha256: str, *, data_dir: Path) -> Path:
    """Return where a pack lies."""
    return data_dir / FOLDER / f"{sha256}.zip"


def members_of(session: Session, case: VerificationCase, *, settings: Settings) -> list[Member]:
    """Return the files of a case's pack; evidence files are read from disk when their turn comes."""
    records = [session.get_one(FootprintRecord, record_id) for record_id in queries.record_ids_of(session, case.id)]
    members = [
        bytes_member("README.txt", readme(case, records).encode()),
        bytes_member("recalculate.py", (files("service.verification") / "pack_recalculation.py").read_bytes()),
        json_member("versions.json", {"versions": _versions(session)}),
    ]
    for content_hash in dict.fromkeys(record.result["content_hash"] for record in records):
        tables = _tables(session, content_hash)
        members += [bytes_member(f"model/{content_hash[:12]}/{name}", content) for name, content in sorted(tables.items())]
    for record in records:
        members += _footprint_members(session, record, settings=settings)
    for submission_id in sorted(queries.submission_ids_of(session, case.id), key=str):
        members += _answer_files(session, submission_id, data_dir=settings.data_dir)
    return members


def write_pack(members: Sequence[Member], *, data_dir: Path) -> PackedFile:
    """Write a pack to disk, chunk by chunk, and name it by its hash once it is whole."""
    (data_dir / FOLDER).mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(dir=data_dir / FOLDER, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as target:
            for chunk in stream_archive(members, at=_TIMELESS):
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        Path(name).replace(pack_path(digest.hexdigest(), data_dir=data_dir))
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return PackedFile(sha256=digest.hexdigest(), size_bytes=size)


def _footprint_members(session: Session, record: FootprintRecord, *, settings: Settings) -> Iterator[Member]:
    place = f"footprints/{record.number}"
    footprint = rebuild(session, record)
    trace = trace_of(model_of(session, record.result["content_hash"]), footprint)
    yield json_member(f"{place}/record.json", _record(session, record))
    yield json_member(f"{place}/result.json", record.result)
    yield json_member(f"{place}/provenance.json", record.provenance)
    yield json_member(f"{place}/electricity-views.json", {"views": record.views})
    yield json_member(f"{place}/trace.json", trace.as_json())
    yield bytes_member(f"{place}/trace.xlsx", write_trace(trace))
    yield json_member(f"{place}/events.json", {"events": list(_events(session, record))})
    declared = latest_footprint_of(session, record.id)
    if declared is not None:
        yield json_member(f"{place}/pact.json", pact_document(declared))
        for kind in ReportKind:
            report = make_report(
                session, declared, kind=kind, audience=Audience.VERIFIER, settings=settings, at=declared.declared_at
            )
            yield bytes_member(f"{place}/report-{kind}.pdf", render_report(report))


def _record(session: Session, record: FootprintRecord) -> Mapping[str, Any]:
    row, result = get_row(session, record.id), record.result
    return {
        "id": str(record.id),
        "number": record.number,
        "product": {"grade": row.grade, "name_zh": row.name_zh, "name_en": row.name_en},
        "plant": {"name_zh": row.plant_name_zh, "name_en": row.plant_name_en},
        "period": [record.period_start.isoformat(), record.period_end.isoformat()],
        "status": record.status.value,
        "declared_unit": "1 kg",
        "total_kg_co2e_per_kg": record.total_kg_co2e_per_kg,
        "model_label": record.model_version.rpartition("+")[0],
        "content_hash": result["content_hash"],
        "electricity_view": result["electricity_view"]["key"],
        "gwp": result["gwp"],
        "given": {name: result["parameters"][name] for name in result["given"]},
        "parameters": result["parameters"],
        "shares": record.shares,
        "inputs_sha256": record.inputs_sha256,
        "system_sha256": result["system_sha256"],
        "submissions": sorted(sources_of(session, record.id)),
        "is_sample": record.is_sample,
    }


def _tables(session: Session, content_hash: str) -> Mapping[str, bytes]:
    return shipped_tables() if content_hash == load_model().content_hash else tables_of(session, content_hash)


def _versions(session: Session) -> list[Mapping[str, Any]]:
    """Return the versions of the model with their change notes, the newest first."""
    return [
        {"label": one.label, "content_hash": one.content_hash, "notes": one.notes, "status": one.status.value}
        for one in all_versions(session)
        if one.status is not ModelStatus.DRAFT
    ]


def _events(session: Session, record: FootprintRecord) -> Iterator[Mapping[str, Any]]:
    """Return what happened to a footprint, the oldest first, each with its proof where a signed checkpoint holds it."""
    checkpoint = newest_checkpoint(session)
    for event in record_events(session, record):
        yield {
            "id": event.id,
            "at": event.at.isoformat(),
            "actor": event.actor,
            "action": event.action,
            "details": event.details,
            "log_proof": proof_of(session, event, checkpoint),
        }


def proof_of(session: Session, event: AuditEvent, checkpoint: AuditCheckpoint | None) -> Mapping[str, Any] | None:
    """Return the proof that a checkpoint holds an event; None if the event is younger."""
    if checkpoint is None:
        return None
    try:
        return prove(session, event, checkpoint).as_json()
    except NotLoggedYetError:
        return None


def record_events(session: Session, record: FootprintRecord) -> list[AuditEvent]:
    """Return what happened to a footprint, its product and the answers behind it, the oldest first."""
    objects = [("footprintrecord", record.id), ("product", record.product_id)]
    objects += [("submission", one) for one in sources_of(session, record.id).values()]
    found = [event for kind, key in objects for event in find_events(session, object_type=kind, object_id=key)]
    return sorted(found, key=lambda event: event.id or 0)


def _answer_files(session: Session, submission_id: uuid.UUID, *, data_dir: Path) -> Iterator[Member]:
    """Return answers, receipts and files of a request; a file that is locked or lost stands in a list of its own."""
    submission = session.get_one(Submission, submission_id)
    for member in answer_members(session, submission):
        yield Member(name=f"answers/{member.name}", read=member.read)
    left_out = []
    for number, one in enumerate(submissions.evidence_of(session, submission_id), start=1):
        path = path_of(one.sha256, data_dir=data_dir)
        if one.scan is Scan.INFECTED or not path.is_file():
            reason = "infected" if one.scan is Scan.INFECTED else "missing in the evidence store"
            left_out.append({"name": one.name, "sha256": one.sha256, "reason": reason})
            continue
        yield file_member(f"answers/{evidence_name(submission, number, one)}", path)
    if left_out:
        yield json_member(f"answers/{submission.number}/left-out.json", {"files": left_out})
