"""Mails that tell who looks after a supplier that its certificates end: once 90, 60 and 30 days before, and once afterwards."""

from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from service.accounts.models import User
from service.clock import day_at
from service.compliance import queries
from service.compliance.models import HeldCertificate
from service.compliance.rules import NOTICE_DAYS, notice_stage
from service.compliance.words import CERTIFICATE_NAMES
from service.errors import N_
from service.i18n import LOCALES, Locale, translate
from service.mail.operations import queue
from service.settings import Settings
from service.suppliers.models import Supplier
from service.suppliers.queries import names_of

ENDING_SUBJECT: Final = N_("%(supplier)s: a certificate ends on %(end)s")
ENDED_SUBJECT: Final = N_("%(supplier)s: a certificate has ended")
BODY: Final = N_(
    "%(certificate)s, number %(number)s, of %(supplier)s: valid until %(end)s.\n\n"
    "Ask for its successor and put it on file; without one the score falls.\n\n"
    "%(address)s"
)


def announce_endings(session: Session, *, settings: Settings, at: datetime) -> int:
    """Queue a mail for each certificate that has reached a new stage and has no successor; return how many.

    A stage that was passed over, because the certificate came on file late, is not made up for.
    """
    today = day_at(at, settings.timezone)
    sent = 0
    for certificate, supplier in queries.ending_certificates(session, until=today + timedelta(days=max(NOTICE_DAYS))):
        stage = notice_stage(certificate.valid_until, today=today)
        if stage is None or (certificate.noticed_days is not None and certificate.noticed_days <= stage):
            continue
        certificate.noticed_days = stage
        session.add(certificate)
        owner = session.get(User, supplier.owner_id) if supplier.owner_id else None
        if owner is not None and owner.is_active and not supplier.is_sample:
            _send(session, certificate, supplier, owner, today=today, settings=settings, at=at)
            sent += 1
    return sent


def _send(
    session: Session,
    certificate: HeldCertificate,
    supplier: Supplier,
    owner: User,
    *,
    today: date,
    settings: Settings,
    at: datetime,
) -> None:
    locale: Locale = next((one for one in LOCALES if one == owner.locale), settings.default_locale)
    name = names_of(session, [supplier.id], locale)[supplier.id]
    subject = ENDED_SUBJECT if certificate.valid_until < today else ENDING_SUBJECT
    body = translate(
        locale,
        BODY,
        certificate=translate(locale, CERTIFICATE_NAMES[certificate.kind]),
        number=certificate.number,
        supplier=name,
        end=certificate.valid_until,
        address=f"{settings.base_url}/console/suppliers/{supplier.id}/standing",
    )
    queue(
        session,
        to=owner.email,
        subject=translate(locale, subject, supplier=name, end=certificate.valid_until),
        body=body,
        about=f"held_certificate:{certificate.id}",
        at=at,
    )
