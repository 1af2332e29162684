"""Erasing a person, and what a deployment forgets by itself; results, hashes and proofs stay."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, update
from sqlmodel import Session, SQLModel, col

from service.accounts.models import LoginSession, OneTimeToken, User
from service.audit.operations import record
from service.carbon_accounts.operations import close_account
from service.carbon_accounts.queries import find_account
from service.errors import ConflictError
from service.mail.models import MailMessage, MailState
from service.personal_data.places import TEXT_PLACES, TextPlace, receipts_with, rows_with
from service.personal_data.subjects import Subject, find_obstacle
from service.submissions.models import Delegation, Invitation
from service.suppliers.models import Supplier

MARK: Final = "[erased 已删除]"
NOWHERE: Final = "erased.invalid"
"""A domain that never receives mail (RFC 2606)."""


class CanNotEraseError(ConflictError):
    """A person whose data must be kept, at least for now."""

    code = "can-not-erase"


@dataclass(frozen=True, slots=True, kw_only=True)
class Erasure:
    """What an erasure changes; the same before as a preview.

    Attributes
    ----------
    texts
        Number of texts by place (message id).
    receipts
        Numbers of receipts that name the person and stay, because a receipt proves what was handed in.

    """

    has_account: bool
    contacts: int
    texts: Sequence[tuple[str, int]]
    receipts: Sequence[str]


def preview(session: Session, subject: Subject) -> Erasure:
    """Return what erasing a person would change."""
    counts = [(place.label, sum(1 for _ in rows_with(session, place, subject.words))) for place in TEXT_PLACES]
    return Erasure(
        has_account=subject.user is not None,
        contacts=len(subject.contacts),
        texts=[(label, count) for label, count in counts if count],
        receipts=[one.number for one in receipts_with(session, subject.words)],
    )


def erase(session: Session, subject: Subject, *, by: str, at: datetime) -> Erasure:
    """Replace a person's name, address and number everywhere by a mark; sessions and links end.

    What the person did stays recorded under an id that leads to no name any more. Answers that were handed in and their receipts
    stay as they are: they are proof, and their hash would no longer fit.

    Raises
    ------
    CanNotEraseError
        The last administrator, or who asks.

    """
    obstacle = find_obstacle(session, subject, by=by)
    if obstacle is not None:
        raise CanNotEraseError(obstacle)
    found = preview(session, subject)
    for place in TEXT_PLACES:
        for row in rows_with(session, place, subject.words):
            _blot_out(session, row, place, subject)
    for contact in subject.contacts:
        contact.contact_name = contact.contact_email = contact.contact_phone = None
        contact.version += 1
        session.add(contact)
    if subject.user is not None:
        _close_carbon_account(session, subject.user, at=at)
        _erase_user(session, subject.user)
    of: User | Supplier = subject.user or subject.contacts[0]
    record(session, "personal_data_erased", of=of, by=by, at=at, texts=sum(count for _, count in found.texts))
    session.flush()
    return found


def forget_mails(session: Session, *, before: datetime) -> None:
    """Empty mails that have been dealt with for long: that one was sent stays known, to whom and what it said does not."""
    old = (col(MailMessage.created_at) < before, col(MailMessage.state) != MailState.WAITING, col(MailMessage.body) != MARK)
    session.exec(update(MailMessage).where(*old).values(recipient=f"erased@{NOWHERE}", subject=MARK, body=MARK, last_error=None))


def forget_links(session: Session, *, before: datetime) -> None:
    """Forget the PINs of links that ended long ago, and the names of colleagues who were sent questions."""
    session.exec(update(Invitation).where(col(Invitation.expires_at) < before).values(pin_hash=None, bounce_reason=None))
    old = (col(Delegation.created_at) < before - timedelta(days=365), col(Delegation.colleague) != MARK)
    session.exec(update(Delegation).where(*old).values(colleague=MARK, message=None, pin_hash=None))


def _close_carbon_account(session: Session, user: User, *, at: datetime) -> None:
    account = find_account(session, user.id)
    if account is not None:
        close_account(session, account, on=at.date(), at=at)


def _erase_user(session: Session, user: User) -> None:
    session.exec(delete(LoginSession).where(col(LoginSession.user_id) == user.id))
    session.exec(delete(OneTimeToken).where(col(OneTimeToken.user_id) == user.id))
    user.name, user.email = MARK, f"erased-{user.id}@{NOWHERE}"
    user.password_hash = user.totp_secret = user.locale = None
    user.roles, user.is_active = [], False
    session.add(user)


def _blot_out(session: Session, row: SQLModel, place: TextPlace, subject: Subject) -> None:
    """Replace the words in a row; of a mail to the person nothing is left, because its text is a letter to them."""
    if isinstance(row, MailMessage) and subject.email in row.recipient.lower():
        row.recipient, row.subject, row.body = f"erased@{NOWHERE}", MARK, MARK
    pattern = re.compile("|".join(map(re.escape, sorted(subject.words, key=len, reverse=True))), re.IGNORECASE)
    for name in place.columns:
        text = getattr(row, name)
        if text:
            setattr(row, name, pattern.sub(MARK, text))
    session.add(row)
