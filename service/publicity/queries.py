"""Every SELECT on what is public or is to become so."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeVar

from sqlmodel import Session, col, select

from service.certificates.models import Certificate
from service.certificates.rules import Standing, standing
from service.errors import NotFoundError
from service.monitoring.models import ClosedYear
from service.publicity.models import (
    Claim,
    ClaimProof,
    FigureKind,
    Post,
    PostKind,
    ProofKind,
    PublicationStatus,
    ReleasedFigure,
)
from service.publicity.rules import is_dated


def get_post(session: Session, post_id: uuid.UUID, *, lock: bool = False) -> Post:
    """Return an article or event, in whatever state."""
    return _got(session.get(Post, post_id, with_for_update=lock or None))


def find_posts(session: Session) -> Sequence[Post]:
    """Return all of them, the last edited first."""
    return session.exec(select(Post).order_by(col(Post.edited_at).desc(), col(Post.id))).all()


def published_posts(session: Session, kind: PostKind) -> Sequence[Post]:
    """Return what everybody may read: events by their day, articles by the day they appeared, the latest first."""
    latest = col(Post.event_on).desc() if kind is PostKind.EVENT else col(Post.published_at).desc()
    statement = select(Post).where(Post.kind == kind, Post.status == PublicationStatus.PUBLISHED)
    return session.exec(statement.order_by(latest, col(Post.id))).all()


def get_published(session: Session, slug: str) -> Post:
    """Return what everybody may read at an address; drafts and what was withdrawn are as if they had never been written."""
    statement = select(Post).where(Post.slug == slug, Post.status == PublicationStatus.PUBLISHED)
    return _got(session.exec(statement).first())


def get_claim(session: Session, claim_id: uuid.UUID, *, lock: bool = False) -> Claim:
    """Return a claim, in whatever state."""
    return _got(session.get(Claim, claim_id, with_for_update=lock or None))


def find_claims(session: Session) -> Sequence[Claim]:
    """Return all claims, the last edited first."""
    return session.exec(select(Claim).order_by(col(Claim.edited_at).desc(), col(Claim.id))).all()


def proofs_of(session: Session, claim_ids: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, Sequence[ClaimProof]]:
    """Return the proofs of claims that were not withdrawn, by claim, what holds longest first."""
    statement = select(ClaimProof).where(col(ClaimProof.claim_id).in_(claim_ids), col(ClaimProof.withdrawn_at).is_(None))
    rows = session.exec(statement.order_by(col(ClaimProof.valid_until).desc(), col(ClaimProof.id))).all()
    return {claim_id: [row for row in rows if row.claim_id == claim_id] for claim_id in claim_ids}


def get_proof(session: Session, claim_id: uuid.UUID, proof_id: uuid.UUID) -> ClaimProof:
    """Return a proof of a claim."""
    proof = _got(session.get(ClaimProof, proof_id))
    if proof.claim_id != claim_id:
        raise NotFoundError
    return proof


def holds(session: Session, proof: ClaimProof, *, on: date) -> bool:
    """Tell whether a proof shows anything on a day: dated for it, its certificate valid, its year closed."""
    if not is_dated(proof, on=on):
        return False
    if proof.kind is ProofKind.CERTIFICATE:
        return _certificate_holds(session, proof.reference, on=on)
    return proof.kind is ProofKind.STATEMENT or _is_closed(session, proof.reference)


def holding_proofs(session: Session, claim_id: uuid.UUID, *, on: date) -> Sequence[ClaimProof]:
    """Return the proofs of a claim that hold on a day."""
    return [proof for proof in proofs_of(session, [claim_id])[claim_id] if holds(session, proof, on=on)]


def public_claims(session: Session, *, on: date) -> Sequence[tuple[Claim, Sequence[ClaimProof]]]:
    """Return what may be said in public on a day: published, and with a proof that holds; with these proofs."""
    statement = select(Claim).where(Claim.status == PublicationStatus.PUBLISHED)
    claims = session.exec(statement.order_by(col(Claim.published_at), col(Claim.id))).all()
    proven = [(claim, holding_proofs(session, claim.id, on=on)) for claim in claims]
    return [(claim, proofs) for claim, proofs in proven if proofs]


def standing_figures(session: Session, kind: FigureKind, year: int) -> Sequence[ReleasedFigure]:
    """Return the figures of a year that are proposed or released and not withdrawn."""
    return [one for one in find_figures(session) if (one.kind, one.year) == (kind, year)]


def find_figures(session: Session) -> Sequence[ReleasedFigure]:
    """Return figures that are proposed or released, by kind, year and indicator."""
    statement = select(ReleasedFigure).where(col(ReleasedFigure.withdrawn_at).is_(None))
    order = (col(ReleasedFigure.kind), col(ReleasedFigure.year), col(ReleasedFigure.indicator), col(ReleasedFigure.id))
    return session.exec(statement.order_by(*order)).all()


def public_figures(session: Session, kind: FigureKind) -> Sequence[ReleasedFigure]:
    """Return released figures; emissions of a year that was opened again are no longer among them."""
    released = [one for one in find_figures(session) if one.kind is kind and one.released_at is not None]
    return [one for one in released if kind is FigureKind.SETTLEMENT or _is_closed(session, str(one.year))]


def _certificate_holds(session: Session, number: str, *, on: date) -> bool:
    rows = session.exec(select(Certificate).where(Certificate.number == number)).all()
    valid = {Standing.VALID, Standing.EXPIRING}
    return any(standing(row.status, row.valid_until, today=on) in valid for row in rows)


def _is_closed(session: Session, year: str) -> bool:
    statement = select(ClosedYear.year).where(col(ClosedYear.reopened_at).is_(None))
    return year in {str(one) for one in session.exec(statement)}


Row = TypeVar("Row")


def _got(row: Row | None) -> Row:
    if row is None:
        raise NotFoundError
    return row
