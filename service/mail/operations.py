import uuid
from datetime import datetime

from sqlmodel import Session

from service.errors import N_, FieldError, InvalidInputError
from service.jobs.operations import enqueue
from service.mail.models import MailMessage

ADDRESS_LIMIT = 254


def queue(
    session: Session,
    *,
    to: str,
    subject: str,
    body: str,
    about: str,
    at: datetime,
    organisation_id: uuid.UUID | None = None,
) -> MailMessage:
    """Put a message into the outbox, in the caller's transaction; a job sends it once that has committed.

    Parameters
    ----------
    subject
        One line; line breaks become spaces, so nothing typed by a person can add a header.
    about
        What it concerns, to find it again: `submission:<id>`, `user:<id>`.

    Raises
    ------
    InvalidInputError
        `to` is no single mail address.

    """
    message = MailMessage(
        organisation_id=organisation_id,
        about=about,
        recipient=_address(to),
        subject=" ".join(subject.split()),
        body=body,
        created_at=at,
    )
    session.add(message)
    session.flush()
    enqueue(session, "send_mail", {"message_id": str(message.id)}, key=f"send_mail:{message.id}", run_at=at)
    return message


def _address(text: str) -> str:
    address = text.strip()
    name, _, host = address.rpartition("@")
    is_plain = address.isprintable() and not set(address) & set(' ,;:<>()[]\\"')
    if not (name and "." in host and is_plain and len(address) <= ADDRESS_LIMIT):
        problem = FieldError(N_("“%(address)s” is no e-mail address; write one like name@company.com."), address=text)
        raise InvalidInputError({"to": problem})
    return address
