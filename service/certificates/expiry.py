"""Mails that tell sales which certificates end soon and have no successor; the work queue shows the same."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import exists
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from service.accounts.models import Role, User
from service.certificates.models import Certificate, CertificateStatus
from service.certificates.rules import EXPIRY_NOTICE
from service.clock import day_at
from service.errors import N_
from service.i18n import LOCALES, Locale, translate
from service.mail.models import MailMessage
from service.mail.operations import queue
from service.settings import Settings

SUBJECT: Final = N_("Certificate %(number)s ends on %(end)s")
BODY: Final = N_(
    "%(number)s for %(customer)s holds until %(end)s.\n\n"
    "Issue its successor in time; the public page of the old one then leads to it.\n\n"
    "%(address)s"
)


def announce_endings(session: Session, *, settings: Settings, at: datetime) -> int:
    """Queue mails for each valid certificate within 60 days of its end that nobody has heard of yet; return for how many."""
    people = _sales_people(session)
    ending = _unannounced(session, at=at, settings=settings) if people else ()
    for certificate in ending:
        for person in people:
            _tell(session, certificate, person, settings=settings, at=at)
    return len(ending)


def _sales_people(session: Session) -> Sequence[User]:
    active = session.exec(select(User).where(User.is_active).order_by(User.email)).all()
    return [one for one in active if str(Role.SALES) in one.roles]


def _unannounced(session: Session, *, at: datetime, settings: Settings) -> Sequence[Certificate]:
    """Return certificates that end soon, have no successor, and of which no mail was written."""
    today, successor = day_at(at, settings.timezone), aliased(Certificate)
    statement = select(Certificate).where(
        Certificate.status == CertificateStatus.VALID,
        Certificate.valid_until >= today,
        Certificate.valid_until < today + EXPIRY_NOTICE,
        ~exists().where(col(successor.supersedes_id) == col(Certificate.id), col(successor.status) != CertificateStatus.WITHDRAWN),
        ~col(Certificate.is_sample),
    )
    found = session.exec(statement.order_by(col(Certificate.number))).all()
    told = set(session.exec(select(MailMessage.about).where(col(MailMessage.about).in_([_about(one) for one in found]))))
    return [one for one in found if _about(one) not in told]


def _about(certificate: Certificate) -> str:
    return f"certificate:{certificate.id}"


def _tell(session: Session, certificate: Certificate, person: User, *, settings: Settings, at: datetime) -> None:
    locale: Locale = next((one for one in LOCALES if one == person.locale), settings.default_locale)
    customer = certificate.snapshot["customer"]["name_zh" if locale == "zh-CN" else "name_en"]
    facts = {"number": certificate.number, "end": certificate.valid_until}
    address = f"{settings.base_url}/console/certificates/{certificate.id}"
    queue(
        session,
        to=person.email,
        subject=translate(locale, SUBJECT, **facts),
        body=translate(locale, BODY, customer=customer, address=address, **facts),
        about=_about(certificate),
        at=at,
    )
