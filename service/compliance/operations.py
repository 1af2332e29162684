"""Every write of what is known of suppliers besides their answers; nothing is deleted, what is wrong is withdrawn with a reason."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlmodel import Session

from service.audit.operations import record as record_event
from service.compliance import queries
from service.compliance.models import (
    ComplianceRecord,
    Declaration,
    HeldCertificate,
    Proof,
    RecordSearch,
    Veto,
)
from service.compliance.rules import (
    check_certificate,
    check_day,
    check_declaration,
    check_other_person,
    check_record,
    check_remedy,
)
from service.compliance.schemas import (
    CertificateClaim,
    CertificateInput,
    DeclarationInput,
    ListedCertificate,
    RecordInput,
    RemedyInput,
    SearchInput,
    VetoInput,
)
from service.errors import N_, ConflictError, FieldError, InvalidInputError, StaleVersionError
from service.suppliers.models import Supplier
from service.suppliers.queries import get_active_supplier
from service.suppliers.rescoring import ask_for_scores
from service.suppliers.table_import import Planned

Withdrawable = HeldCertificate | ComplianceRecord | RecordSearch | Declaration


def record_certificate(
    session: Session, supplier: Supplier, fields: CertificateInput, *, today: date, by: str, at: datetime
) -> HeldCertificate:
    """Put a certificate on file; one that the supplier has told of with the same number is taken over.

    Raises
    ------
    InvalidInputError
        A value can't be true, or the certificate is on file already.

    """
    check_certificate(fields, today=today)
    same = queries.find_same_certificate(session, supplier.id, kind=fields.kind, number=fields.number)
    if same is not None and same.proof is not Proof.CLAIM:
        raise _already_on_file(same)
    if same is not None:
        _mark_withdrawn(session, same, reason="taken over", by=by, at=at)
    row = HeldCertificate(
        supplier_id=supplier.id, **fields.model_dump(), recorded_by=by, recorded_at=at, is_sample=supplier.is_sample
    )
    session.add(row)
    _tell(session, "held_certificate_recorded", row, supplier, by=by, at=at, kind=row.kind, valid_until=row.valid_until)
    return row


def import_certificates(
    session: Session, rows: Iterable[Planned[ListedCertificate]], *, today: date, by: str, at: datetime
) -> None:
    """Put the certificates of a sheet on file, all of them or none; what is on file already is never among them."""
    for row in rows:
        supplier = get_active_supplier(session, row.fields.supplier_id)
        own = CertificateInput(**row.fields.model_dump(exclude={"supplier_id"}))
        record_certificate(session, supplier, own, today=today, by=by, at=at)


def tell_certificate(
    session: Session, supplier: Supplier, fields: CertificateClaim, *, today: date, by: str, at: datetime
) -> HeldCertificate:
    """Note a certificate that the supplier tells of; it counts for nothing until somebody of the maker has looked at it.

    Raises
    ------
    InvalidInputError
        It was issued in the future, or is on file or told of already.

    """
    check_day("issued_on", fields.issued_on, today=today)
    same = queries.find_same_certificate(session, supplier.id, kind=fields.kind, number=fields.number)
    if same is not None:
        raise _already_on_file(same)
    row = HeldCertificate(
        supplier_id=supplier.id,
        **fields.model_dump(),
        proof=Proof.CLAIM,
        recorded_by=by,
        recorded_at=at,
        is_sample=supplier.is_sample,
    )
    session.add(row)
    _tell(session, "held_certificate_told", row, supplier, by=by, at=at, kind=row.kind, valid_until=row.valid_until)
    return row


def record_violation(
    session: Session, supplier: Supplier, fields: RecordInput, *, today: date, by: str, at: datetime
) -> ComplianceRecord:
    """Put a violation on record.

    Raises
    ------
    InvalidInputError
        A value can't be true, or the same violation is on record already.

    """
    check_record(fields, today=today)
    row = ComplianceRecord(
        supplier_id=supplier.id, **fields.model_dump(), recorded_by=by, recorded_at=at, is_sample=supplier.is_sample
    )
    if queries.find_same_record(session, row) is not None:
        problem = FieldError(
            N_("A violation of %(day)s of this kind from this source is on record already; it would count twice."),
            day=fields.happened_on,
        )
        raise InvalidInputError({"source": problem})
    session.add(row)
    _tell(session, "violation_recorded", row, supplier, by=by, at=at, violation=row.violation, area=row.area)
    return row


def record_remedy(
    session: Session, record: ComplianceRecord, fields: RemedyInput, *, today: date, by: str, at: datetime
) -> ComplianceRecord:
    """Note how a violation was put right; it counts less once another person has verified that.

    Raises
    ------
    ConflictError
        The remedy is verified already.

    """
    _in_force(record)
    if record.remedy_verified_by is not None:
        raise ConflictError(N_("The remedy is verified already; nothing more is needed."))
    check_remedy(fields, happened_on=record.happened_on, today=today)
    record.remedied_on, record.remedy, record.remedy_recorded_by = fields.remedied_on, fields.remedy, by
    session.add(record)
    record_event(session, "violation_remedied", of=record, by=by, at=at, remedied_on=fields.remedied_on)
    return record


def verify_remedy(session: Session, record: ComplianceRecord, *, by: str, at: datetime) -> ComplianceRecord:
    """Confirm that a violation was put right.

    Raises
    ------
    ConflictError
        No remedy is noted, or it is verified already.
    SamePersonError
        Whoever noted it confirms it.

    """
    _in_force(record)
    if record.remedied_on is None or record.remedy_verified_by is not None:
        raise ConflictError(N_("There is no remedy that waits to be verified."))
    check_other_person(by, [record.remedy_recorded_by])
    record.remedy_verified_by, record.remedy_verified_at = by, at
    session.add(record)
    record_event(session, "violation_remedy_verified", of=record, by=by, at=at)
    ask_for_scores(session, record.supplier_id, at=at)
    return record


def record_search(session: Session, supplier: Supplier, fields: SearchInput, *, today: date, by: str, at: datetime) -> RecordSearch:
    """Note that somebody looked a supplier up in public registers."""
    check_day("searched_on", fields.searched_on, today=today)
    row = RecordSearch(supplier_id=supplier.id, **fields.model_dump(), searched_by=by, recorded_at=at, is_sample=supplier.is_sample)
    session.add(row)
    _tell(session, "record_search_noted", row, supplier, by=by, at=at, area=row.area, searched_on=row.searched_on)
    return row


def raise_veto(session: Session, supplier: Supplier, fields: VetoInput, *, today: date, by: str, at: datetime) -> Veto:
    """Exclude a supplier from now on.

    Raises
    ------
    InvalidInputError
        It lies ahead, or the supplier is excluded for this reason already.

    """
    check_day("since", fields.since, today=today)
    if queries.find_open_veto(session, supplier.id, fields.kind) is not None:
        raise InvalidInputError({"kind": FieldError(N_("The supplier is excluded for this reason already."))})
    row = Veto(supplier_id=supplier.id, **fields.model_dump(), raised_by=by, raised_at=at, is_sample=supplier.is_sample)
    session.add(row)
    _tell(session, "veto_raised", row, supplier, by=by, at=at, kind=row.kind)
    return row


def clear_veto(session: Session, veto: Veto, *, evidence: str, by: str, at: datetime) -> Veto:
    """End an exclusion with evidence that its reason is gone.

    Raises
    ------
    SamePersonError
        Whoever raised it clears it.
    StaleVersionError
        It is cleared already.

    """
    if veto.cleared_at is not None:
        raise StaleVersionError
    check_other_person(by, [veto.raised_by])
    veto.cleared_by, veto.cleared_at, veto.cleared_evidence = by, at, evidence
    session.add(veto)
    record_event(session, "veto_cleared", of=veto, by=by, at=at, kind=veto.kind)
    ask_for_scores(session, veto.supplier_id, at=at)
    return veto


def record_declaration(
    session: Session, supplier: Supplier, fields: DeclarationInput, *, today: date, by: str, at: datetime
) -> Declaration:
    """Note what papers show for an indicator; the newest of a period counts, the others stay as history.

    Raises
    ------
    InvalidInputError
        The indicator, its level or its number can't be right.

    """
    check_declaration(fields, today=today)
    content = {"level": fields.level} if fields.level is not None else {"number": fields.number}
    row = Declaration(
        supplier_id=supplier.id,
        indicator=fields.indicator,
        content=content,
        proof=fields.proof,
        evidence=fields.evidence,
        period_end=fields.period_end,
        recorded_by=by,
        recorded_at=at,
        is_sample=supplier.is_sample,
    )
    session.add(row)
    _tell(session, "declaration_recorded", row, supplier, by=by, at=at, indicator=row.indicator)
    return row


def withdraw(session: Session, row: Withdrawable, *, reason: str, by: str, at: datetime) -> Withdrawable:
    """Let something no longer count, with a reason; it stays as history.

    Raises
    ------
    SamePersonError
        A violation would be taken back by the person who recorded it: what lifts a score takes two.
    StaleVersionError
        It is withdrawn already.

    """
    _in_force(row)
    if isinstance(row, ComplianceRecord):
        check_other_person(by, [row.recorded_by])
    _mark_withdrawn(session, row, reason=reason, by=by, at=at)
    return row


def _mark_withdrawn(session: Session, row: Withdrawable, *, reason: str, by: str, at: datetime) -> None:
    row.withdrawn_by, row.withdrawn_at, row.withdrawn_reason = by, at, reason
    session.add(row)
    record_event(session, f"{row.__tablename__}_withdrawn", of=row, by=by, at=at, supplier_id=row.supplier_id)
    ask_for_scores(session, row.supplier_id, at=at)


def _in_force(row: Withdrawable) -> None:
    if row.withdrawn_at is not None:
        raise StaleVersionError


def _already_on_file(same: HeldCertificate) -> InvalidInputError:
    problem = FieldError(
        N_("“%(number)s” is on file already, valid until %(end)s; withdraw that one first if it is wrong."),
        number=same.number,
        end=same.valid_until,
    )
    return InvalidInputError({"number": problem})


def _tell(
    session: Session, action: str, row: Withdrawable | Veto, supplier: Supplier, *, by: str, at: datetime, **details: object
) -> None:
    record_event(session, action, of=row, by=by, at=at, organisation_id=supplier.organisation_id, **details)
    ask_for_scores(session, supplier.id, at=at)
