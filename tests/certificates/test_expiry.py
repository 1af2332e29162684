"""Sales hears of certificates that end soon, once."""

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from service.accounts.models import Role
from service.certificates import operations
from service.certificates.expiry import announce_endings
from service.certificates.models import Certificate
from service.mail.models import MailMessage
from tests import builders as rows
from tests.certificates.builders import ISSUER, NOW, some_settings, valid


@pytest.fixture
def certificate(session: Session) -> Certificate:
    """A certificate valid until the end of 2028."""
    rows.a_user(session, roles=[Role.SALES])
    rows.a_user(session, roles=[Role.ENGINEER])
    return valid(session)


def told(session: Session, certificate: Certificate, *, days_before: int) -> int:
    shift = (certificate.valid_until - NOW.date()).days - days_before
    return announce_endings(session, settings=some_settings(), at=NOW + timedelta(days=shift))


def test_sales_gets_one_mail_sixty_days_before_the_end(session: Session, certificate: Certificate) -> None:
    assert [told(session, certificate, days_before=days) for days in (60, 59, 58)] == [0, 1, 0]

    mails = session.exec(select(MailMessage)).all()
    assert len(mails) == 1
    assert certificate.number in mails[0].subject


def test_a_notice_that_was_missed_is_made_up_for(session: Session, certificate: Certificate) -> None:
    assert told(session, certificate, days_before=10) == 1


def test_a_certificate_that_has_ended_or_was_withdrawn_is_not_announced(session: Session, certificate: Certificate) -> None:
    assert told(session, certificate, days_before=-1) == 0
    operations.withdraw(session, certificate, reason="Wrong grade", version=certificate.version, by=ISSUER, at=NOW)
    assert told(session, certificate, days_before=30) == 0
