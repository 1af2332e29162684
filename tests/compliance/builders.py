"""What is known of a supplier besides its answers, with plausible defaults."""

import uuid
from datetime import date
from typing import Any

from sqlmodel import Session

from service.compliance.models import CertificateKind, HeldCertificate, Proof
from service.compliance.schemas import CertificateInput, DeclarationInput, RecordInput, VetoInput
from service.suppliers.models import Supplier
from tests import builders
from tests.builders import NOW

TODAY = date(2026, 11, 22)
ONE, OTHER = f"user:{uuid.UUID(int=1)}", f"user:{uuid.UUID(int=2)}"


def certificate_fields(**changes: Any) -> CertificateInput:
    """Return an environmental management certificate of three years."""
    fields = {
        "kind": "iso_14001",
        "number": "E-1",
        "issuer": "CQC",
        "covers_site": True,
        "issued_on": "2025-01-01",
        "valid_until": "2027-12-31",
        "proof": "document",
        "evidence": "copy on file",
    }
    return CertificateInput.model_validate(fields | changes)


def record_fields(**changes: Any) -> RecordInput:
    """Return a small fine of a year ago."""
    fields = {
        "area": "environment",
        "violation": "fine_small",
        "happened_on": "2025-11-22",
        "description": "Dust without cover",
        "source": "Register of Hunan, No. 7",
    }
    return RecordInput.model_validate(fields | changes)


def declaration_fields(**changes: Any) -> DeclarationInput:
    """Return a share of returned packaging."""
    fields = {"indicator": "E2", "number": "0.45", "proof": "document", "evidence": "ledger", "period_end": "2025-12-31"}
    return DeclarationInput.model_validate(fields | changes)


def veto_fields(**changes: Any) -> VetoInput:
    """Return an exclusion for a red credit rating."""
    fields = {"kind": "credit", "since": "2026-10-01", "reason": "Rated red", "evidence": "list of the province"}
    return VetoInput.model_validate(fields | changes)


def a_held_certificate(
    session: Session,
    *,
    supplier: Supplier | None = None,
    valid_until: date = date(2027, 12, 31),
    kind: CertificateKind = CertificateKind.ISO_14001,
    proof: Proof = Proof.DOCUMENT,
    number: str = "E-1",
    recorded_by: str = ONE,
) -> HeldCertificate:
    """Return a stored certificate."""
    row = HeldCertificate(
        supplier_id=(supplier or builders.a_supplier(session)).id,
        kind=kind,
        number=number,
        issuer="CQC",
        issued_on=date(2024, 1, 1),
        valid_until=valid_until,
        proof=proof,
        evidence="copy on file",
        recorded_by=recorded_by,
        recorded_at=NOW,
    )
    session.add(row)
    session.flush()
    return row
