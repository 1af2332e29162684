"""What a certificate carries beside its content, so that anybody can check it alone: the aggregated model and the log's proof."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import rfc8785
from sqlmodel import Session, col, select

from service.audit.checkpoints import make_checkpoint
from service.audit.log_keys import origin_of
from service.audit.models import AuditEvent
from service.audit.proofs import prove
from service.certificates.bundle import build_bundle
from service.certificates.models import Certificate
from service.certificates.operations import ISSUED
from service.footprints.models import FootprintRecord
from service.modelling.queries import model_of
from service.settings import Settings
from service.signing.authority import FOLDER
from service.signing.detached import sign


def is_complete(certificate: Certificate) -> bool:
    """Tell whether everything is there that the certificate's file carries."""
    return {"bundle", "log"} <= set(certificate.evidence or {})


def signed_bundle(session: Session, certificate: Certificate, *, settings: Settings, at: datetime) -> Mapping[str, Any]:
    """Return the aggregated model with its signature."""
    record = session.get_one(FootprintRecord, certificate.footprint_id)
    model = model_of(session, record.result["content_hash"])
    bundle = build_bundle(record, model, snapshot=certificate.snapshot)
    signature = sign(rfc8785.dumps(bundle), settings.data_dir / FOLDER, organisation=settings.company_name_en, at=at)
    return {"bundle": bundle, "bundle_signature": dict(signature.as_json()), "key_id": signature.key_id}


def proven_issue(session: Session, certificate: Certificate, *, settings: Settings, at: datetime) -> Mapping[str, Any]:
    """Sign the log as it stands and return the proof that the issue is in it; the issue itself must be committed."""
    folder = settings.data_dir / FOLDER
    checkpoint = make_checkpoint(session, keys_folder=folder, origin=origin_of(settings.company_domain), at=at)
    statement = select(AuditEvent).where(AuditEvent.object_id == str(certificate.id), AuditEvent.action == ISSUED)
    event = session.exec(statement.order_by(col(AuditEvent.id))).one()
    return {"log": prove(session, event, checkpoint).as_json()}
