from datetime import timedelta

import pytest
from sqlmodel import Session, select

from service.accounts.models import Role
from service.compliance.expiry import announce_endings
from service.compliance.models import HeldCertificate, Proof
from service.mail.models import MailMessage
from service.settings import Settings
from service.suppliers.models import Supplier
from tests import builders
from tests.builders import NOW
from tests.compliance.builders import TODAY, a_held_certificate


@pytest.fixture
def supplier(session: Session) -> Supplier:
    """A supplier that somebody looks after."""
    supplier = builders.a_supplier(session)
    supplier.owner_id = builders.a_user(session, roles=[Role.PROCUREMENT]).id
    session.add(supplier)
    session.flush()
    return supplier


def run(session: Session, settings: Settings, *, days: int) -> int:
    return announce_endings(session, settings=settings, at=NOW + timedelta(days=days))


def mails(session: Session) -> list[MailMessage]:
    return list(session.exec(select(MailMessage)))


def test_the_owner_is_told_once_per_stage(session: Session, settings: Settings, supplier: Supplier) -> None:
    a_held_certificate(session, supplier=supplier, valid_until=TODAY + timedelta(days=100))

    sent = [run(session, settings, days=day) for day in range(105)]

    # 90 days before the end is day 10; 60 before, day 40; 30 before, day 70; it has ended on day 101.
    assert [day for day, count in enumerate(sent) if count] == [10, 40, 70, 101]
    assert len(mails(session)) == 4


def test_one_that_comes_on_file_late_is_announced_once_for_its_stage(
    session: Session, settings: Settings, supplier: Supplier
) -> None:
    a_held_certificate(session, supplier=supplier, valid_until=TODAY + timedelta(days=25))

    assert [run(session, settings, days=day) for day in (0, 1)] == [1, 0]


def test_a_successor_ends_the_warnings(session: Session, settings: Settings, supplier: Supplier) -> None:
    a_held_certificate(session, supplier=supplier, valid_until=TODAY + timedelta(days=25))
    a_held_certificate(session, supplier=supplier, valid_until=TODAY + timedelta(days=1000), number="E-2")

    assert run(session, settings, days=0) == 0


def test_a_claim_or_a_contract_is_no_successor(session: Session, settings: Settings, supplier: Supplier) -> None:
    a_held_certificate(session, supplier=supplier, valid_until=TODAY + timedelta(days=25))
    a_held_certificate(session, supplier=supplier, valid_until=TODAY + timedelta(days=1000), number="E-2", proof=Proof.CLAIM)
    promised = a_held_certificate(session, supplier=supplier, valid_until=TODAY + timedelta(days=900), number="E-3")
    promised.is_contract_only = True
    session.add(promised)
    session.flush()

    assert run(session, settings, days=0) == 1


def test_the_mail_names_certificate_supplier_and_day_in_the_owner_s_language(
    session: Session, settings: Settings, supplier: Supplier
) -> None:
    a_held_certificate(session, supplier=supplier, valid_until=TODAY + timedelta(days=30))

    run(session, settings, days=0)

    (mail,) = mails(session)
    assert mail.subject == "蒙炭代工：证书将于 2026-12-22 到期"
    assert "环境管理体系（ISO 14001）" in mail.body
    assert f"/console/suppliers/{supplier.id}/standing" in mail.body


def test_without_an_owner_nobody_is_written_to_and_the_stage_is_kept(session: Session, settings: Settings) -> None:
    certificate = a_held_certificate(session, valid_until=TODAY - timedelta(days=1))

    assert run(session, settings, days=0) == 0
    assert session.get_one(HeldCertificate, certificate.id).noticed_days == 0
