"""Certificates of many products for one customer at once."""

import io
import zipfile
from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from service.certificates import batches
from service.certificates.models import Certificate
from service.database import Database
from service.errors import InvalidInputError, NotFoundError
from service.footprints.models import FootprintStatus
from service.jobs.models import Job
from service.product_footprints.models import CustomerPartNumber
from tests.certificates.builders import ISSUER, NOW, RELEASER, a_customer, a_record, some_settings


def test_a_batch_issues_what_it_can_and_names_what_stands_in_the_way(
    sqlite_database: Database, app: object, run_jobs: Callable[[], int]
) -> None:
    del app  # asks for the jobs of the application's own database
    with sqlite_database.writing() as session:
        good, held_up = a_record(session), a_record(session, status=FootprintStatus.CALCULATED)
        customer = a_customer(session)
        number = CustomerPartNumber(
            product_id=good.product_id, customer_id=customer.id, part_no="CELL-9", recorded_by=ISSUER, recorded_at=NOW
        )
        session.add(number)
        batch_id = batches.start_batch(session, customer, [good.id, held_up.id, good.id], by=ISSUER, at=NOW).id
    run_jobs()

    with sqlite_database.reading() as session:
        row = batches.get_batch_row(session, batch_id)
        certificate = session.exec(select(Certificate)).one()
        archive = zipfile.ZipFile(io.BytesIO(batches.archive_of(session, batch_id)))

        assert (row.batch.total, row.issued, row.finished, row.is_done) == (2, 1, 1, True)
        assert [(one["record_id"], "is not released" in one["template"]) for one in row.batch.problems] == [(str(held_up.id), True)]
        assert certificate.customer_part_no == "CELL-9"
        assert {name: archive.read(name) for name in archive.namelist()} == {"AP-2026-0001.pdf": certificate.pdf}


def test_issuing_one_of_a_batch_again_changes_nothing(session: Session) -> None:
    record = a_record(session)
    batch = batches.start_batch(session, a_customer(session), [record.id], by=ISSUER, at=NOW)

    for _ in range(2):
        batches.issue_one(session, batch.id, record.id, at=NOW, settings=some_settings())

    assert len(session.exec(select(Certificate)).all()) == 1


def test_a_problem_is_noted_once(session: Session) -> None:
    record = a_record(session, released_by=ISSUER)
    batch = batches.start_batch(session, a_customer(session), [record.id], by=ISSUER, at=NOW)

    for _ in range(2):
        batches.note_problem(session, batch.id, record.id, NotFoundError())

    assert len(batches.get_batch_row(session, batch.id).batch.problems) == 1


@pytest.mark.parametrize("count", [0, batches.MOST + 1])
def test_a_batch_has_at_least_one_and_at_most_a_hundred_products(session: Session, count: int) -> None:
    ids = [a_customer(session).id for _ in range(count)]  # any ids: the number is refused first

    with pytest.raises(InvalidInputError):
        batches.start_batch(session, a_customer(session), ids, by=RELEASER, at=NOW)

    assert batches.ISSUE_ONE not in session.exec(select(Job.name)).all()


def test_a_batch_without_a_finished_document_has_no_archive(session: Session) -> None:
    batch = batches.start_batch(session, a_customer(session), [a_record(session).id], by=ISSUER, at=NOW)

    with pytest.raises(NotFoundError):
        batches.archive_of(session, batch.id)
