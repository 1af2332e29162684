"""Every SELECT on what suppliers asked of their own suppliers."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from service.submissions.models import Submission, UpstreamRequest
from service.submissions.rules import USABLE


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamFootprint:
    """What a supplier's own supplier delivers, from cradle to gate; `own_share` (0 to 1) of it rests on figures of its own."""

    kg_co2e_per_kg: float
    own_share: float
    submission_id: uuid.UUID


def upstream_of(session: Session, submission_id: uuid.UUID) -> Mapping[str, UpstreamFootprint]:
    """Return the footprints of what a supplier buys, by flow, as far as its own suppliers' answers may be used."""
    statement = (
        select(UpstreamRequest)
        .join(Submission, col(Submission.id) == col(UpstreamRequest.upstream_submission_id))
        .where(UpstreamRequest.submission_id == submission_id, col(Submission.status).in_(USABLE))
    )
    return {
        one.flow: UpstreamFootprint(
            kg_co2e_per_kg=one.kg_co2e_per_kg, own_share=one.own_share or 0.0, submission_id=one.upstream_submission_id
        )
        for one in session.exec(statement)
        if one.kg_co2e_per_kg is not None
    }


def find_upstream_request(session: Session, upstream_submission_id: uuid.UUID) -> UpstreamRequest | None:
    """Return for whom a questionnaire was asked, if a supplier asked its own supplier."""
    return session.exec(select(UpstreamRequest).where(UpstreamRequest.upstream_submission_id == upstream_submission_id)).first()


def upstream_requests_of(session: Session, submission_id: uuid.UUID) -> Sequence[tuple[UpstreamRequest, Submission]]:
    """Return what was asked for a questionnaire, with what the other company was sent, oldest first."""
    statement = (
        select(UpstreamRequest, Submission)
        .join(Submission, col(Submission.id) == col(UpstreamRequest.upstream_submission_id))
        .where(UpstreamRequest.submission_id == submission_id)
        .order_by(col(UpstreamRequest.id))
    )
    return session.exec(statement).all()
