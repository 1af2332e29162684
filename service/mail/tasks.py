import smtplib
import ssl
import uuid
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from sqlmodel import Session

from service.jobs.operations import enqueue
from service.jobs.work import GiveUpError, Work
from service.mail.models import MailMessage, MailState
from service.mail.rules import Outcome
from service.settings import Settings

TIMEOUT_S = 20.0
REFUSED_FOR_GOOD = 500  # RFC 5321 section 4.2.1: 5yz is a permanent negative answer


def send_mail(work: Work) -> None:
    """Send one message of the outbox; without a mail server it stays there for people to copy."""
    message_id = uuid.UUID(work.payload["message_id"])
    with work.database.reading() as session:
        message = _get(session, message_id)
        letter = compose(message, sender=work.settings.mail_from)
    if work.settings.smtp_host is None:
        state = MailState.NOT_CONFIGURED
    else:
        _try_to_send(work, message_id, letter)
        state = MailState.SENT
    with work.finishing() as session:
        message = _get(session, message_id)
        message.state = state
        message.sent_at = work.clock() if state is MailState.SENT else None
        message.last_error = None
        if state is MailState.SENT:
            _report(session, message, Outcome.DELIVERED, at=work.clock())


def compose(message: MailMessage, *, sender: str) -> EmailMessage:
    """Return the message for SMTP; its Message-ID stays the same in every attempt, so that a receiver may drop a repetition."""
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = message.recipient
    letter["Subject"] = message.subject
    letter["Date"] = format_datetime(message.created_at)
    letter["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2]}>"
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message.body)
    return letter


def _get(session: Session, message_id: uuid.UUID) -> MailMessage:
    message = session.get(MailMessage, message_id)
    if message is None:
        raise GiveUpError(f"message {message_id} is not in the outbox")
    return message


def _try_to_send(work: Work, message_id: uuid.UUID, letter: EmailMessage) -> None:
    try:
        _deliver(work.settings, letter)
    except (OSError, smtplib.SMTPException) as error:
        final = _is_final(error) or work.is_last_attempt
        with work.database.writing() as session:
            message = _get(session, message_id)
            message.last_error = _describe(error)
            message.state = MailState.FAILED if final else MailState.WAITING
            if _is_refused_recipient(error):
                _report(session, message, Outcome.REFUSED, at=work.clock())
        if _is_final(error):
            raise GiveUpError(_describe(error)) from error
        raise


def _report(session: Session, message: MailMessage, outcome: Outcome, *, at: datetime) -> None:
    if message.reports_to is not None:
        payload = {"message_id": str(message.id), "outcome": outcome.value}
        enqueue(session, message.reports_to, payload, key=f"{message.reports_to}:{message.id}", run_at=at)


def _deliver(settings: Settings, letter: EmailMessage) -> None:
    with smtplib.SMTP(settings.smtp_host or "", settings.smtp_port, timeout=TIMEOUT_S) as connection:
        if settings.smtp_starttls:
            connection.starttls(context=ssl.create_default_context())
        if settings.smtp_user is not None:
            password = settings.smtp_password.get_secret_value() if settings.smtp_password else ""
            connection.login(settings.smtp_user, password)
        connection.send_message(letter)


def _is_final(error: Exception) -> bool:
    is_refusal = isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= REFUSED_FOR_GOOD
    return is_refusal or _is_refused_recipient(error)


def _is_refused_recipient(error: Exception) -> bool:
    """Tell whether the address is at fault: a refused sender, password or text says nothing about the recipient."""
    return isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        code >= REFUSED_FOR_GOOD for code, _ in error.recipients.values()
    )


def _describe(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = (f"{code} {answer.decode(errors='replace')}" for code, answer in error.recipients.values())
        return "; ".join(answers)[:500]
    return f"{type(error).__name__}: {error}"[:500]
