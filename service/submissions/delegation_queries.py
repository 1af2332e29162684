"""Every SELECT on delegations."""

import uuid
from collections.abc import Iterable, Mapping, Sequence

from sqlmodel import Session, col, select

from service.accounts.queries import names_of_actors
from service.errors import NotFoundError
from service.submissions.models import Delegation, Submission

ACTOR = "delegation:"


def delegations_of(session: Session, submission_id: uuid.UUID) -> Sequence[Delegation]:
    """Return the delegations of a submission that have not been ended, oldest first."""
    live = (Delegation.submission_id == submission_id, col(Delegation.revoked_at).is_(None))
    return session.exec(select(Delegation).where(*live).order_by(col(Delegation.id))).all()


def find_delegation(session: Session, token_hash: str) -> Delegation | None:
    """Return the delegation of a link, whether it still opens or not."""
    return session.exec(select(Delegation).where(Delegation.token_hash == token_hash)).first()


def get_delegation(session: Session, submission: Submission, delegation_id: uuid.UUID) -> Delegation:
    """Return a delegation of this submission."""
    found = session.get(Delegation, delegation_id)
    if found is None or found.submission_id != submission.id:
        raise NotFoundError
    return found


def fields_of(session: Session, delegation_id: uuid.UUID) -> frozenset[str]:
    """Return which questions a colleague may see; none once the delegation has ended."""
    found = session.get(Delegation, delegation_id)
    return frozenset() if found is None or found.revoked_at is not None else frozenset(found.fields)


def message_of(session: Session, delegation_id: uuid.UUID) -> str | None:
    """Return the sender's words to a colleague."""
    found = session.get(Delegation, delegation_id)
    return found.message if found else None


def names_of_answerers(session: Session, actors: Iterable[str]) -> Mapping[str, str]:
    """Return names by actor: of people with an account, and of colleagues as the sender wrote them."""
    wanted = set(actors)
    ids = [uuid.UUID(actor.removeprefix(ACTOR)) for actor in wanted if actor.startswith(ACTOR)]
    rows = session.exec(select(Delegation.id, Delegation.colleague).where(col(Delegation.id).in_(ids))).all() if ids else ()
    return {**names_of_actors(session, wanted), **{f"{ACTOR}{delegation_id}": name for delegation_id, name in rows}}
