"""Rows of the later domains, as light as lists and searches need them."""

import hashlib
import itertools
from datetime import date, datetime

from sqlmodel import Session

from service.accounts.models import Organisation
from service.certificates.models import Certificate, CertificateStatus
from service.footprints.models import FootprintRecord, FootprintStatus
from service.products.models import Product
from tests import builders
from tests.builders import NOW, PERIOD

_numbers = itertools.count(1)
SOMEBODY = "user:01999999-0000-7000-8000-00000000000a"


def a_footprint(
    session: Session,
    *,
    number: str | None = None,
    product: Product | None = None,
    status: FootprintStatus = FootprintStatus.CALCULATED,
    calculated_by: str = SOMEBODY,
    calculated_at: datetime = NOW,
) -> FootprintRecord:
    """Return a stored record whose figures mean nothing."""
    count = next(_numbers)
    record = FootprintRecord(
        number=number or f"F-2026-{count:04}",
        product_id=(product or builders.a_product(session)).id,
        period_start=PERIOD[0],
        period_end=PERIOD[1],
        status=status,
        total_kg_co2e_per_kg=12.5,
        electricity_view="national",
        model_version="test",
        result={},
        parameters={},
        provenance={},
        shares={"primary": 0.2, "secondary": 0.3, "default": 0.5},
        default_total_kg_co2e_per_kg=12.5,
        inputs_sha256=hashlib.sha256(str(count).encode()).hexdigest(),
        calculated_by=calculated_by,
        calculated_at=calculated_at,
    )
    session.add(record)
    session.flush()
    return record


def a_certificate(
    session: Session,
    *,
    number: str | None = None,
    customer: Organisation | None = None,
    part_no: str | None = None,
    valid_until: date = date(2028, 12, 31),
    status: CertificateStatus = CertificateStatus.VALID,
) -> Certificate:
    """Return a certificate without a document."""
    count = next(_numbers)
    certificate = Certificate(
        public_id=f"public{count}",
        number=number or f"AP-2026-{count:04}",
        footprint_id=a_footprint(session, status=FootprintStatus.RELEASED).id,
        customer_id=(customer or builders.an_organisation(session)).id,
        customer_part_no=part_no,
        status=status,
        valid_from=date(2026, 1, 1),
        valid_until=valid_until,
        snapshot={},
        snapshot_sha256="0" * 64,
        issued_by=SOMEBODY,
        issued_at=NOW,
    )
    session.add(certificate)
    session.flush()
    return certificate
