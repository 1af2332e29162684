import uuid
from datetime import datetime

from sqlmodel import Session

from service.errors import InvalidInputError
from service.jobs.operations import enqueue
from service.mail.models import MailMessage
from service.mail.rules import find_address_problem


def queue(
    session: Session,
    *,
    to: str,
    subject: str,
    body: str,
    about: str,
    at: datetime,
    organisation_id: uuid.UUID | None = None,
    reports_to: str | None = None,
) -> MailMessage:
    """Put a message into the outbox, in the caller's transaction; a job sends it once that has committed.

    Parameters
    ----------
    subject
        One line; line breaks become spaces, so nothing typed by a person can add a header.
    about
        What it concerns, to find it again: `submission:<id>`, `user:<id>`.
    reports_to
        Name of a task that is asked for once the mail server has taken the message or refused its recipient for good, with
        `message_id` and `outcome` (`rules.Outcome`).

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
        reports_to=reports_to,
    )
    session.add(message)
    session.flush()
    enqueue(session, "send_mail", {"message_id": str(message.id)}, key=f"send_mail:{message.id}", run_at=at)
    return message


def _address(text: str) -> str:
    address = text.strip()
    problem = find_address_problem(address)
    if problem is not None:
        raise InvalidInputError({"to": problem})
    return address
