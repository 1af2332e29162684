import hashlib
import threading
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from service.accounts.models import Organisation
from service.audit.models import AuditEvent
from service.certificates import operations, queries
from service.certificates.models import Certificate, CertificateStatus
from service.certificates.queries import CertificateFilter
from service.certificates.rules import Standing
from service.certificates.snapshot import sha256_of
from service.database import Database
from service.errors import ConflictError, InvalidInputError, InvalidTransitionError, SamePersonError, StaleVersionError
from service.footprints.models import FootprintStatus
from service.footprints.rules import StaleFootprintError
from service.jobs.models import Job
from service.product_footprints.operations import deprecate
from service.product_footprints.queries import active_footprint_of
from tests import builders as rows
from tests.certificates import builders
from tests.certificates.builders import ISSUER, NOW, RELEASER, a_customer, a_document, a_record, issued, some_settings, valid

TODAY = NOW.date()


def test_issuing_numbers_keeps_the_content_and_asks_for_the_document(session: Session) -> None:
    certificate = issued(session)

    assert certificate.number == "AP-2026-0001"
    assert certificate.status is CertificateStatus.RENDERING
    assert certificate.valid_from == date(2026, 11, 22)
    assert certificate.valid_until == date(2028, 12, 31)  # the period's end plus three years
    assert certificate.snapshot_sha256 == sha256_of(certificate.snapshot)
    assert operations.RENDER in session.exec(select(Job.name)).all()
    assert "certificate_issued" in session.exec(select(AuditEvent.action)).all()


def test_numbers_run_on_and_start_again_each_year(session: Session) -> None:
    first, second = issued(session), issued(session)
    later = operations.issue(
        session,
        a_record(session),
        customer=a_customer(session),
        part_no=None,
        valid_until=None,
        by=ISSUER,
        at=NOW + timedelta(days=60),
        settings=some_settings(),
    )

    assert [first.number, second.number, later.number] == ["AP-2026-0001", "AP-2026-0002", "AP-2027-0001"]


def test_numbers_follow_the_year_where_the_company_is(session: Session) -> None:
    """17:00 UTC on New Year's Eve is 01:00 of the next year in Shanghai."""
    certificate = operations.issue(
        session,
        a_record(session),
        customer=a_customer(session),
        part_no=None,
        valid_until=None,
        by=ISSUER,
        at=NOW.replace(month=12, day=31, hour=17),
        settings=some_settings(),
    )

    assert certificate.number == "AP-2027-0001"


def test_two_issues_at_once_get_two_numbers(database: Database) -> None:
    with database.writing() as session:
        records = [a_record(session).id for _ in range(6)]
        customer = a_customer(session).id
    start = threading.Barrier(len(records))

    def issue_one(record_id: object) -> None:
        start.wait()
        with database.writing() as session:
            record = session.get_one(builders.FootprintRecord, record_id)
            issued(session, record, customer=session.get_one(Organisation, customer))

    threads = [threading.Thread(target=issue_one, args=(one,)) for one in records]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.reading() as session:
        numbers = session.exec(select(Certificate.number).order_by(Certificate.number)).all()
    assert numbers == [f"AP-2026-000{n}" for n in range(1, 7)]


def test_who_released_the_footprint_can_not_issue_its_certificate(session: Session) -> None:
    record = a_record(session, released_by=ISSUER)

    with pytest.raises(SamePersonError):
        issued(session, record)


@pytest.mark.parametrize("status", [FootprintStatus.CALCULATED, FootprintStatus.REPLACED])
def test_only_a_released_footprint_is_certified(session: Session, status: FootprintStatus) -> None:
    with pytest.raises(operations.FootprintNotReleasedError):
        issued(session, a_record(session, status=status))


def test_a_stale_footprint_is_not_certified(session: Session) -> None:
    record = a_record(session)
    product = session.get_one(builders.Product, record.product_id)
    product.version += 1  # its set-up changed after the calculation
    session.flush()

    with pytest.raises(StaleFootprintError):
        issued(session, record)


def test_a_certificate_is_about_the_declared_footprint_in_use(session: Session) -> None:
    record = a_record(session)
    declared = active_footprint_of(session, record.id)

    certificate = issued(session, record)

    assert declared is not None
    assert certificate.product_footprint_id == declared.id
    assert certificate.snapshot["footprint"] == {
        "id": str(declared.id),
        "status": "Active",
        "document_sha256": declared.document_sha256,
    }


def test_a_footprint_taken_out_of_use_is_not_certified(session: Session) -> None:
    record = a_record(session)
    declared = active_footprint_of(session, record.id)
    assert declared is not None
    deprecate(session, declared, reason="Wrong grade", version=declared.version, by=RELEASER, at=NOW)

    with pytest.raises(operations.FootprintNotDeclaredError):
        issued(session, record)


@pytest.mark.parametrize("day", [date(2026, 11, 22), date(2029, 1, 1)])
def test_validity_ends_after_today_and_within_three_years_of_the_period(session: Session, day: date) -> None:
    with pytest.raises(InvalidInputError) as caught:
        operations.issue(
            session,
            a_record(session),
            customer=a_customer(session),
            part_no=None,
            valid_until=day,
            by=ISSUER,
            at=NOW,
            settings=some_settings(),
        )

    assert "2028-12-31" in str(caught.value.fields["valid_until"])


def test_a_period_more_than_three_years_back_has_no_certificate(session: Session) -> None:
    with pytest.raises(ConflictError):
        issued(session, a_record(session, period=(date(2022, 1, 1), date(2022, 12, 31))))


def test_a_supplier_is_no_customer(session: Session) -> None:
    supplier = session.get_one(Organisation, rows.a_supplier(session).organisation_id)

    with pytest.raises(InvalidInputError):
        issued(session, customer=supplier)


def test_a_name_that_would_print_as_boxes_is_refused_with_its_characters(session: Session) -> None:
    customer = a_customer(session, name_en="Tibetan ༄ Cells")

    with pytest.raises(operations.UnprintableError, match=r"U\+0F04"):
        issued(session, customer=customer)


def test_the_stored_document_makes_it_valid_and_never_changes(session: Session) -> None:
    certificate = valid(session)
    before = certificate.pdf

    again = operations.store_document(session, certificate.id, a_document(b"other bytes"), at=NOW)

    session.refresh(certificate)
    assert not again
    assert certificate.pdf == before
    assert certificate.pdf_sha256 == hashlib.sha256(before or b"").hexdigest()


def test_a_file_with_one_byte_flipped_is_not_the_issued_one(session: Session) -> None:
    certificate = valid(session)
    tampered = bytearray(certificate.pdf or b"")
    tampered[3] ^= 1

    assert operations.is_issued_file(certificate, hashlib.sha256(certificate.pdf or b"").hexdigest())
    assert not operations.is_issued_file(certificate, hashlib.sha256(bytes(tampered)).hexdigest())


def test_withdrawing_keeps_reason_person_and_document(session: Session) -> None:
    certificate = valid(session)

    operations.withdraw(session, certificate, reason="Wrong grade", version=certificate.version, by=RELEASER, at=NOW)

    assert certificate.status is CertificateStatus.WITHDRAWN
    assert (certificate.withdrawn_reason, certificate.withdrawn_by) == ("Wrong grade", RELEASER)
    assert certificate.pdf is not None
    with pytest.raises(InvalidTransitionError):
        operations.withdraw(session, certificate, reason="Again", version=certificate.version, by=RELEASER, at=NOW)


def test_a_decision_on_an_older_state_is_refused(session: Session) -> None:
    certificate = valid(session)

    with pytest.raises(StaleVersionError):
        operations.withdraw(session, certificate, reason="Wrong grade", version=1, by=RELEASER, at=NOW)


def test_a_certificate_withdrawn_before_its_document_stays_withdrawn(session: Session) -> None:
    certificate = issued(session)
    operations.withdraw(session, certificate, reason="Typed wrongly", version=1, by=ISSUER, at=NOW)

    assert not operations.store_document(session, certificate.id, a_document(), at=NOW)
    session.refresh(certificate)
    assert certificate.pdf is None


def superseded_by(session: Session, old: Certificate, *, version: int | None = None) -> Certificate:
    record = session.get_one(builders.FootprintRecord, old.footprint_id)
    return operations.supersede(
        session,
        old,
        record,
        part_no=None,
        valid_until=None,
        version=version or old.version,
        by=ISSUER,
        at=NOW,
        settings=some_settings(),
    )


def test_a_revision_replaces_the_certificate_once_its_document_exists(session: Session) -> None:
    old = valid(session)
    new = superseded_by(session, old)

    assert (new.number, new.revision, new.snapshot["certificate"]["supersedes"]) == ("AP-2026-0001-R2", 2, "AP-2026-0001")
    assert old.status is CertificateStatus.VALID  # no moment without a valid certificate

    operations.store_document(session, new.id, a_document(), at=NOW)

    session.refresh(old)
    assert old.status is CertificateStatus.SUPERSEDED
    assert queries.find_successor(session, old.id) == new


def test_a_certificate_has_one_successor(session: Session) -> None:
    old = valid(session)
    superseded_by(session, old)

    with pytest.raises(ConflictError, match="AP-2026-0001-R2"):
        superseded_by(session, old)


def test_after_a_withdrawn_revision_another_one_may_follow(session: Session) -> None:
    old = valid(session)
    first = superseded_by(session, old)
    operations.withdraw(session, first, reason="Typed wrongly", version=first.version, by=ISSUER, at=NOW)

    assert superseded_by(session, old).number == "AP-2026-0001-R3"  # a number once given out is never used again


def test_a_revision_keeps_the_product(session: Session) -> None:
    old = valid(session)

    with pytest.raises(InvalidInputError):
        operations.supersede(
            session,
            old,
            a_record(session),
            part_no=None,
            valid_until=None,
            version=old.version,
            by=ISSUER,
            at=NOW,
            settings=some_settings(),
        )


def test_lists_find_by_standing_and_words_and_page_by_key(session: Session) -> None:
    certificates = [valid(session) for _ in range(3)]
    operations.withdraw(session, certificates[0], reason="Wrong grade", version=2, by=ISSUER, at=NOW)

    first = queries.find_certificates(session, CertificateFilter(), today=TODAY, limit=2)
    withdrawn = queries.find_certificates(session, CertificateFilter(standing=Standing.WITHDRAWN), today=TODAY, limit=9)
    found = queries.find_certificates(session, CertificateFilter(words="0003"), today=TODAY, limit=9)

    assert [row.number for row in first.rows] == ["AP-2026-0003", "AP-2026-0002"]
    assert first.has_next
    assert [row.number for row in withdrawn.rows] == ["AP-2026-0001"]
    assert [row.number for row in found.rows] == ["AP-2026-0003"]


@pytest.mark.parametrize("day", [TODAY, date(2028, 11, 1), date(2028, 11, 2), date(2028, 12, 31), date(2029, 1, 1)])
def test_lists_and_rules_agree_on_the_standing(session: Session, day: date) -> None:
    valid(session)

    found = {
        standing: bool(queries.find_certificates(session, CertificateFilter(standing=standing), today=day, limit=1).rows)
        for standing in Standing
    }

    row = queries.find_certificates(session, CertificateFilter(), today=day, limit=1).rows[0]
    assert [standing for standing, is_found in found.items() if is_found] == [row.standing(day)]


def test_public_ids_are_random_and_unlike(session: Session) -> None:
    ids = {issued(session).public_id for _ in range(20)}

    assert len(ids) == 20
    assert all(len(one) == 32 and one.isalnum() for one in ids)
