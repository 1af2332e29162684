"""Every SELECT on invitations."""

import uuid

from sqlmodel import Session, col, select

from service.submissions.models import Invitation


def find_invitation(session: Session, token_hash: str) -> Invitation | None:
    """Return the invitation of a link, whether it still opens or not."""
    return session.exec(select(Invitation).where(Invitation.token_hash == token_hash)).first()


def invitation_of(session: Session, submission_id: uuid.UUID) -> Invitation | None:
    """Return the newest invitation that is not revoked."""
    statement = (
        select(Invitation)
        .where(Invitation.submission_id == submission_id, col(Invitation.revoked_at).is_(None))
        .order_by(col(Invitation.created_at).desc())
    )
    return session.exec(statement).first()


def find_invitation_by_mail(session: Session, message_id: uuid.UUID) -> Invitation | None:
    """Return the live invitation that a mail carried; one that was replaced since is nobody's business any more."""
    carried = (Invitation.mail_id == message_id, col(Invitation.revoked_at).is_(None))
    return session.exec(select(Invitation).where(*carried)).first()
