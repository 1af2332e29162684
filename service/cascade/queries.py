"""Every SELECT of the cascade besides those that questionnaires need themselves."""

import uuid

from sqlmodel import Session, select

from service.errors import NotFoundError
from service.submissions.models import Submission, UpstreamRequest


def find_request(session: Session, submission_id: uuid.UUID, flow: str) -> UpstreamRequest | None:
    """Return what was asked about a flow for a questionnaire."""
    wanted = (UpstreamRequest.submission_id == submission_id, UpstreamRequest.flow == flow)
    return session.exec(select(UpstreamRequest).where(*wanted)).first()


def get_request(session: Session, submission: Submission, upstream_id: uuid.UUID) -> UpstreamRequest:
    """Return what a supplier asked for its questionnaire; another's is not found."""
    request = session.get(UpstreamRequest, upstream_id)
    if request is None or request.submission_id != submission.id:
        raise NotFoundError
    return request
