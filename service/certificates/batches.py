"""Many certificates for one customer at once: each in a transaction of its own, safe to repeat, with a problem per product."""

import io
import uuid
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, func, select

from service.accounts.models import Organisation
from service.audit.operations import record as audit
from service.certificates import operations
from service.certificates.models import Certificate, CertificateBatch, CertificateStatus
from service.certificates.queries import get_customer
from service.database import new_id
from service.errors import N_, FieldError, InvalidInputError, NotFoundError, ServiceError
from service.footprints.models import FootprintRecord
from service.footprints.queries import get_record
from service.jobs.operations import enqueue
from service.product_footprints.part_numbers import find_part_number
from service.products.models import Product
from service.settings import Settings

ISSUE_ONE: Final = "issue_batch_certificate"
"""Name of the background task that issues one certificate of a batch."""
MOST: Final = 100
ZIP_DATE: Final = (1980, 1, 1, 0, 0, 0)
"""The same files give the same archive."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchRow:
    """How far a batch is.

    Attributes
    ----------
    issued, finished
        Certificates numbered, and those among them whose document is there.

    """

    batch: CertificateBatch
    customer: Organisation
    issued: int
    finished: int

    @property
    def is_done(self) -> bool:
        """Whether nothing more will happen by itself."""
        return self.finished + len(self.batch.problems) >= self.batch.total


def start_batch(
    session: Session, customer: Organisation, record_ids: Sequence[uuid.UUID], *, by: str, at: datetime
) -> CertificateBatch:
    """Ask for a certificate of each record for one customer; what stands in the way of one does not stop the others."""
    chosen = list(dict.fromkeys(record_ids))
    if not 0 < len(chosen) <= MOST:
        message = N_("%(count)s footprints are chosen; choose at least one and at most %(most)s.")
        raise InvalidInputError({"record_ids": FieldError(message, count=len(chosen), most=MOST)})
    for one in chosen:
        get_record(session, one)
    batch = CertificateBatch(id=new_id(), customer_id=customer.id, total=len(chosen), started_by=by, started_at=at)
    session.add(batch)
    session.flush()  # the event names it
    for one in chosen:
        payload = {"batch_id": str(batch.id), "record_id": str(one)}
        enqueue(session, ISSUE_ONE, payload, key=f"{ISSUE_ONE}:{batch.id}:{one}", run_at=at)
    audit(session, "certificate_batch_started", of=batch, by=by, at=at, organisation_id=customer.id, count=len(chosen))
    return batch


def issue_one(session: Session, batch_id: uuid.UUID, record_id: uuid.UUID, *, at: datetime, settings: Settings) -> None:
    """Issue a batch's certificate of one record, with the customer's own part number; nothing if that has happened before."""
    batch = session.get_one(CertificateBatch, batch_id)
    issued = select(Certificate.id).where(Certificate.batch_id == batch.id, Certificate.footprint_id == record_id)
    if session.exec(issued).first() is not None:
        return
    record = get_record(session, record_id)
    number = find_part_number(session, product_id=record.product_id, customer_id=batch.customer_id)
    operations.issue(
        session,
        record,
        customer=get_customer(session, batch.customer_id),
        part_no=number.part_no if number else None,
        valid_until=None,
        by=batch.started_by,
        at=at,
        settings=settings,
        batch_id=batch.id,
    )


def note_problem(session: Session, batch_id: uuid.UUID, record_id: uuid.UUID, error: ServiceError) -> None:
    """Keep why a record has no certificate, once."""
    batch = session.get_one(CertificateBatch, batch_id, with_for_update=True)
    if any(one["record_id"] == str(record_id) for one in batch.problems):
        return
    grade = session.get_one(Product, get_record(session, record_id).product_id).grade
    values = {name: str(value) for name, value in error.values.items()}
    batch.problems = [
        *batch.problems,
        {"record_id": str(record_id), "grade": grade, "template": error.template, "values": values},
    ]


def get_batch_row(session: Session, batch_id: uuid.UUID) -> BatchRow:
    """Return a batch and how far it is."""
    batch = session.get(CertificateBatch, batch_id)
    if batch is None:
        raise NotFoundError
    return _row(session, batch)


def find_batches(session: Session, *, limit: int = 20) -> Sequence[BatchRow]:
    """Return the latest batches."""
    latest = select(CertificateBatch).order_by(col(CertificateBatch.started_at).desc(), col(CertificateBatch.id).desc())
    return [_row(session, one) for one in session.exec(latest.limit(limit))]


def _row(session: Session, batch: CertificateBatch) -> BatchRow:
    counted = select(Certificate.status, func.count()).where(Certificate.batch_id == batch.id).group_by(col(Certificate.status))
    by_status = dict(session.exec(counted).all())
    issued = sum(by_status.values())
    return BatchRow(
        batch=batch,
        customer=session.get_one(Organisation, batch.customer_id),
        issued=issued,
        finished=issued - by_status.get(CertificateStatus.RENDERING, 0),
    )


def certificates_of(session: Session, batch_id: uuid.UUID) -> Sequence[tuple[uuid.UUID, str, str, CertificateStatus]]:
    """Return id, number, grade and status of a batch's certificates, by number."""
    statement = (
        select(Certificate.id, Certificate.number, Product.grade, Certificate.status)
        .join(FootprintRecord, col(Certificate.footprint_id) == col(FootprintRecord.id))
        .join(Product, col(FootprintRecord.product_id) == col(Product.id))
        .where(Certificate.batch_id == batch_id)
        .order_by(col(Certificate.number))
    )
    return [(found, number, grade, CertificateStatus(status)) for found, number, grade, status in session.exec(statement)]


def archive_of(session: Session, batch_id: uuid.UUID) -> bytes:
    """Return the valid documents of a batch as one ZIP file; PDF files hardly shrink, so they are only stored.

    Raises
    ------
    NotFoundError
        If none is ready yet.

    """
    ready = select(Certificate.number, Certificate.pdf).where(
        Certificate.batch_id == batch_id, Certificate.status == CertificateStatus.VALID
    )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for number, pdf in session.exec(ready.order_by(col(Certificate.number))):
            archive.writestr(zipfile.ZipInfo(f"{number}.pdf", date_time=ZIP_DATE), pdf or b"")
        if not archive.namelist():
            raise NotFoundError(N_("No document of this batch is ready yet; try again in a moment."))
    return stream.getvalue()
