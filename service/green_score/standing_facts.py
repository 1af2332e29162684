"""What certificates, papers, public registers and approvals say of a supplier, as facts of a score."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final

from sqlmodel import Session, col, select

from service.compliance import queries
from service.compliance.models import CertificateKind, ComplianceRecord, Declaration, HeldCertificate, RecordArea
from service.compliance.rules import is_verified
from service.green_score.facts import CertificateFacts, RecordFacts, Shown, ViolationFacts
from service.green_score.models import NotApplicable

INDICATOR_OF: Final[Mapping[CertificateKind, str]] = {
    CertificateKind.ISO_14001: "C1",
    CertificateKind.ISO_50001: "C2",
    CertificateKind.ISO_14064_1: "C3",
    CertificateKind.ISO_45001: "C4",
    CertificateKind.ISO_9001: "C5",
    CertificateKind.PCF_VERIFICATION: "A5",
}
INDICATOR_OF_AREA: Final[Mapping[RecordArea, str]] = {RecordArea.ENVIRONMENT: "G1", RecordArea.CONDUCT: "G2"}


def certificate_facts(held: Mapping[CertificateKind, HeldCertificate]) -> Mapping[CertificateKind, CertificateFacts]:
    """Return what the best certificate of each kind says."""
    return {
        kind: CertificateFacts(
            valid_until=one.valid_until,
            covers_site=one.covers_site,
            is_contract_only=one.is_contract_only,
            is_verified=is_verified(one),
            proof=one.proof,
        )
        for kind, one in held.items()
        if kind is not CertificateKind.PCF_VERIFICATION
    }


def newest_declarations(session: Session, supplier_id: uuid.UUID, *, on: date) -> Mapping[str, Declaration]:
    """Return the newest declaration of each indicator."""
    newest: dict[str, Declaration] = {}
    for one in queries.declarations_of(session, supplier_id, on=on):
        newest.setdefault(one.indicator, one)
    return newest


def shown_by(declared: Mapping[str, Declaration]) -> Mapping[str, Shown]:
    """Return what declarations show, by indicator."""
    return {
        name: Shown(level=one.content.get("level"), number=one.content.get("number"), proof=one.proof)
        for name, one in declared.items()
    }


def record_facts(
    session: Session, supplier_id: uuid.UUID, *, on: date
) -> tuple[Mapping[RecordArea, RecordFacts], dict[str, list[str]]]:
    """Return what registers say by area, and the sources by indicator; a remedy counts once somebody has verified it."""
    records = queries.records_of(session, supplier_id, on=on)
    searches = queries.searches_of(session, supplier_id, on=on)
    sources: dict[str, list[str]] = {
        name: [
            *(f"record_search:{one.id}" for one in searches[:1] if one.area is area),
            *(f"compliance_record:{one.id}" for one in records if one.area is area),
        ]
        for area, name in INDICATOR_OF_AREA.items()
    }
    facts = {
        area: _facts_of(area, records, [one.searched_on for one in searches if one.area is area], on=on) for area in RecordArea
    }
    return facts, sources


def approved_as_not_applicable(session: Session, supplier_id: uuid.UUID, *, on: date) -> Sequence[NotApplicable]:
    """Return what two people have agreed does not apply to a supplier, by a day."""
    statement = (
        select(NotApplicable)
        .where(
            NotApplicable.supplier_id == supplier_id,
            col(NotApplicable.approved_at).is_not(None),
            col(NotApplicable.withdrawn_at).is_(None),
        )
        .order_by(col(NotApplicable.indicator), col(NotApplicable.id))
    )
    return [one for one in session.exec(statement) if one.approved_at is not None and one.approved_at.date() <= on]


def _facts_of(area: RecordArea, records: Sequence[ComplianceRecord], searched: Sequence[date], *, on: date) -> RecordFacts:
    violations = tuple(
        ViolationFacts(
            violation=one.violation,
            happened_on=one.happened_on,
            is_remedied=one.remedied_on is not None and one.remedied_on <= on and one.remedy_verified_by is not None,
        )
        for one in records
        if one.area is area
    )
    return RecordFacts(searched_on=max(searched, default=None), violations=violations)
