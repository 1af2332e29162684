"""Plan, task 7: recycled graphite and scrap as sources with claims of recycled content."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from sqlmodel import Session

from service.certificates.models import Certificate
from service.certificates.operations import issue
from service.certificates.rendering import certificate_html
from service.certificates.snapshot import canonical
from service.certificates.wording import document_of
from service.footprints.models import FootprintRecord
from service.material_flows.recycled import recycled_share
from service.settings import Settings
from tests import builders
from tests.certificates.builders import ISSUER, a_customer, a_record, some_settings
from tests.certificates.sealed import log_proof
from tests.material_flows.builders import NOW, a_claim, a_receipt, a_source, an_output


def a_certificate(
    session: Session, record: FootprintRecord, *, at: datetime = NOW, settings: Settings | None = None
) -> Certificate:
    customer, settings = a_customer(session), settings or some_settings()
    return issue(session, record, customer=customer, part_no=None, valid_until=None, by=ISSUER, at=at, settings=settings)


def test_recycled_share_on_certificate_equals_mass_balance_records(session: Session) -> None:
    product = builders.a_product(session)
    an_output(session, product, output_t=1000.0)
    source = a_source(session, conversion=0.9)
    a_receipt(session, source, amount_t=100.0, pre_consumer_share=0.25, post_consumer_share=0.75)
    claim = a_claim(session, source, product, claimed_t=60.0)

    certificate = a_certificate(session, a_record(session, product=product))

    recycled = certificate.snapshot["product"]["recycled"]
    # 60 t claimed / 1 000 t made = 6 %, a quarter of it pre-consumer: 1.5 % and 4.5 %
    assert [Decimal(recycled[name]) for name in ("share", "pre_consumer", "post_consumer")] == [
        Decimal("0.06"),
        Decimal("0.015"),
        Decimal("0.045"),
    ]
    assert recycled["claims"] == [claim.number]
    evidence = {"exports": {}, "bundle": {}, "bundle_signature": {}, "log": log_proof(canonical(certificate.snapshot))}
    page = certificate_html(document_of(certificate.snapshot, evidence, issued_at=NOW))
    assert "Recycled content, by mass balance" in page
    assert claim.number in page


def test_expired_claim_removes_it(session: Session) -> None:
    product = builders.a_product(session)
    an_output(session, product)
    source = a_source(session, valid_until=(NOW + timedelta(days=30)).date())
    a_receipt(session, source)
    a_claim(session, source, product)
    record = a_record(session, product=product)
    before = a_certificate(session, record)
    said = dict(before.snapshot)

    after = a_certificate(session, record, at=NOW + timedelta(days=32))

    assert "recycled" in before.snapshot["product"]
    assert "recycled" not in after.snapshot["product"]
    session.refresh(before)
    assert before.snapshot == said
    later = (NOW + timedelta(days=32)).date()
    assert recycled_share(session, product.id, start=record.period_start, end=record.period_end, on=later) is None


def test_a_source_counts_to_the_end_of_its_last_day_where_the_deployment_is(session: Session) -> None:
    last_day = date(2026, 12, 31)
    product = builders.a_product(session)
    an_output(session, product)
    source = a_source(session, valid_until=last_day)
    a_receipt(session, source)
    a_claim(session, source, product)
    record, late = a_record(session, product=product), datetime(2026, 12, 31, 23, 0, tzinfo=UTC)
    zones = {name: some_settings().model_copy(update={"timezone": name}) for name in ("UTC", "Asia/Shanghai")}

    certificates = {name: a_certificate(session, record, at=late, settings=settings) for name, settings in zones.items()}

    assert "recycled" in certificates["UTC"].snapshot["product"]  # 23:00 on the last day
    assert "recycled" not in certificates["Asia/Shanghai"].snapshot["product"]  # 07:00 on the day after
