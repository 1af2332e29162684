"""Whose data is meant: a person known by a mail address, as a user or as a supplier's contact."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlmodel import Session, col, select

from service.accounts.models import Role, User
from service.accounts.queries import find_user_by_email, is_other_administrator
from service.accounts.rules import normalise_email
from service.errors import N_, NotFoundError
from service.personal_data.places import SHORTEST_WORD
from service.suppliers.models import Supplier


class UnknownPersonError(NotFoundError):
    """Nobody with this address is known."""

    code = "unknown-person"

    def __init__(self, email: str) -> None:
        super().__init__(N_("Nobody with the address “%(email)s” is known; it is neither a user's nor a supplier's."), email=email)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A person.

    Attributes
    ----------
    words
        What the person is told by in texts: names, address, numbers.

    """

    email: str
    user: User | None
    contacts: Sequence[Supplier]
    words: tuple[str, ...]

    @property
    def actor(self) -> str | None:
        """How what the person did is recorded."""
        return f"user:{self.user.id}" if self.user else None


def get_subject(session: Session, email: str) -> Subject:
    """Return the person with an address, however it is typed.

    Raises
    ------
    UnknownPersonError
        Neither a user nor a contact has it.

    """
    address = normalise_email(email)
    user = find_user_by_email(session, address)
    contacts = session.exec(select(Supplier).where(func.lower(col(Supplier.contact_email)) == address)).all()
    if user is None and not contacts:
        raise UnknownPersonError(email.strip()[:60])
    known = [address, user.name if user else None]
    known += [text for one in contacts for text in (one.contact_name, one.contact_phone)]
    words = dict.fromkeys(text.strip() for text in known if text and len(text.strip()) >= SHORTEST_WORD)
    return Subject(email=address, user=user, contacts=contacts, words=tuple(words))


def find_obstacle(session: Session, subject: Subject, *, by: str) -> str | None:
    """Return why a person can't be erased, as a message id; None if it can."""
    if subject.actor == by:
        return N_("You can't erase yourself; another administrator must do it.")
    user = subject.user
    if user is not None and user.is_active and Role.ADMIN in user.roles and not is_other_administrator(session, user.id):
        return N_("This is the last active administrator. Make somebody else administrator first.")
    return None
