"""Every write on claims and their proofs: no claim is published without a proof that holds, and none stays so."""

import uuid
from datetime import date, datetime

from sqlmodel import Session, select

from service.audit.operations import record
from service.errors import N_, FieldError, InvalidInputError, InvalidTransitionError, StaleVersionError
from service.publicity.models import Claim, ClaimProof, ProofKind, PublicationStatus
from service.publicity.queries import get_claim, get_proof, holding_proofs, holds, proofs_of
from service.publicity.rules import EDITABLE, UnprovenClaimError, check_another, check_transition
from service.publicity.schemas import ClaimInput, ProofInput


def write_claim(
    session: Session, fields: ClaimInput, *, owner_id: uuid.UUID, by: str, at: datetime, is_sample: bool = False
) -> Claim:
    """Add a draft, which its owner looks after."""
    claim = Claim(**fields.model_dump(), owner_id=owner_id, authors=[by], edited_at=at, is_sample=is_sample)
    session.add(claim)
    session.flush()  # proofs of the same transaction refer to it
    record(session, "claim_written", of=claim, by=by, at=at)
    return claim


def change_claim(session: Session, claim_id: uuid.UUID, fields: ClaimInput, *, version: int, by: str, at: datetime) -> Claim:
    """Change what is not published; it is a draft again."""
    claim = _lock(session, claim_id, version=version)
    if claim.status not in EDITABLE:
        raise InvalidTransitionError(present=claim.status, wanted=PublicationStatus.DRAFT, allowed=PublicationStatus.WITHDRAWN)
    for name, value in fields.model_dump().items():
        setattr(claim, name, value)
    claim.status, claim.approved_by, claim.edited_at = PublicationStatus.DRAFT, None, at
    claim.authors = sorted({*claim.authors, by})
    claim.version += 1
    record(session, "claim_changed", of=claim, by=by, at=at)
    return claim


def add_proof(
    session: Session, claim_id: uuid.UUID, fields: ProofInput, *, by: str, at: datetime, on: date, is_sample: bool = False
) -> ClaimProof:
    """Record what shows a claim.

    Raises
    ------
    InvalidInputError
        A certificate that does not exist or hold, a year that is not closed: such a proof would show nothing.

    """
    claim = get_claim(session, claim_id, lock=True)
    proof = ClaimProof(claim_id=claim.id, **fields.model_dump(), recorded_by=by, recorded_at=at, is_sample=is_sample)
    first_day = min(max(on, proof.valid_from), proof.valid_until)
    if proof.kind is not ProofKind.STATEMENT and not holds(session, proof, on=first_day):
        raise InvalidInputError({"reference": FieldError(_NOTHING_SHOWN[proof.kind], reference=proof.reference)})
    session.add(proof)
    record(session, "claim_proof_recorded", of=proof, by=by, at=at, claim_id=claim.id)
    return proof


_NOTHING_SHOWN = {
    ProofKind.CERTIFICATE: N_("No certificate “%(reference)s” holds on these days; give the number of one that is valid."),
    ProofKind.INVENTORY: N_("The year “%(reference)s” is not closed; give a closed year as four digits, for example 2024."),
}


def withdraw_proof(session: Session, claim_id: uuid.UUID, proof_id: uuid.UUID, *, by: str, at: datetime, on: date) -> ClaimProof:
    """Say that something no longer shows a claim; a published claim without another proof lapses at once."""
    proof = get_proof(session, claim_id, proof_id)
    proof.withdrawn_at, proof.withdrawn_by = at, by
    record(session, "claim_proof_withdrawn", of=proof, by=by, at=at, claim_id=claim_id)
    session.flush()  # what is left is asked of the database
    claim = get_claim(session, claim_id, lock=True)
    if claim.status is PublicationStatus.PUBLISHED and not holding_proofs(session, claim_id, on=on):
        _move(session, claim, PublicationStatus.LAPSED, by=by, at=at)
    return proof


def approve_claim(session: Session, claim_id: uuid.UUID, *, version: int, by: str, at: datetime) -> Claim:
    """Approve a claim that others wrote, and whose proofs others brought."""
    claim = _lock(session, claim_id, version=version)
    check_transition(claim.status, PublicationStatus.APPROVED)
    check_another(by, {*claim.authors, *(proof.recorded_by for proof in proofs_of(session, [claim.id])[claim.id])})
    claim.approved_by = by
    return _move(session, claim, PublicationStatus.APPROVED, by=by, at=at)


def publish_claim(session: Session, claim_id: uuid.UUID, *, version: int, by: str, at: datetime, on: date) -> Claim:
    """Say a claim in public.

    Raises
    ------
    UnprovenClaimError
        It has no proof that holds on the day.

    """
    claim = _lock(session, claim_id, version=version)
    check_transition(claim.status, PublicationStatus.PUBLISHED)
    if not holding_proofs(session, claim.id, on=on):
        raise UnprovenClaimError
    claim.published_at = at
    return _move(session, claim, PublicationStatus.PUBLISHED, by=by, at=at)


def withdraw_claim(session: Session, claim_id: uuid.UUID, *, version: int, by: str, at: datetime) -> Claim:
    """Stop saying a claim."""
    claim = _lock(session, claim_id, version=version)
    check_transition(claim.status, PublicationStatus.WITHDRAWN)
    return _move(session, claim, PublicationStatus.WITHDRAWN, by=by, at=at)


def lapse_claims(session: Session, *, by: str, at: datetime, on: date) -> list[Claim]:
    """Take back every published claim without a proof that holds on the day; return them."""
    published = session.exec(select(Claim).where(Claim.status == PublicationStatus.PUBLISHED).with_for_update()).all()
    unproven = [claim for claim in published if not holding_proofs(session, claim.id, on=on)]
    return [_move(session, claim, PublicationStatus.LAPSED, by=by, at=at) for claim in unproven]


def _move(session: Session, claim: Claim, status: PublicationStatus, *, by: str, at: datetime) -> Claim:
    claim.status = status
    claim.version += 1
    record(session, f"claim_{status}", of=claim, by=by, at=at)
    return claim


def _lock(session: Session, claim_id: uuid.UUID, *, version: int) -> Claim:
    claim = get_claim(session, claim_id, lock=True)
    if claim.version != version:
        raise StaleVersionError
    return claim
