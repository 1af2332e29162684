"""Sources, receipts and claims with plausible defaults."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from sqlmodel import Session

from service.material_flows import recycled_operations as operations
from service.material_flows.models import Custody, FlowKind, RecycledClaim, RecycledReceipt, RecycledSource
from service.material_flows.schemas import ClaimInput, ReceiptInput, SourceInput
from service.products.models import Product, Production


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainFlow:
    """A flow without an account."""

    from_node: str
    to_node: str
    amount_t: float
    kind: FlowKind
    material: str = "shaped_coke_powder"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlainReceipt:
    """A delivery without a source."""

    received_on: date
    amount_t: float
    pre_consumer_share: float
    post_consumer_share: float


NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ENGINEER = "user:01999999-0000-7000-8000-0000000000e1"
REVIEWER = "user:01999999-0000-7000-8000-0000000000e2"


def source_input(**changes: object) -> SourceInput:
    """Return a source's form."""
    given = {
        "name_zh": "某再生石墨厂",
        "name_en": "Some recycler",
        "material": "recycled_graphite",
        "custody": Custody.MASS_BALANCE,
        "certificate_no": "MB-2025-001",
        "valid_from": date(2025, 1, 1),
        "valid_until": date(2027, 3, 31),
        "conversion": 0.9,
    }
    return SourceInput.model_validate({**given, **changes})


def a_source(session: Session, **changes: object) -> RecycledSource:
    """Return a new source."""
    return operations.add_source(session, source_input(**changes), by=ENGINEER, at=NOW)


def a_receipt(session: Session, source: RecycledSource, **changes: object) -> RecycledReceipt:
    """Return a delivery of 100 t, all of it post-consumer."""
    given = {
        "source_id": source.id,
        "received_on": date(2025, 3, 10),
        "amount_t": 100.0,
        "pre_consumer_share": 0.0,
        "post_consumer_share": 1.0,
        "batch": "B-1",
        "evidence": "weigh-bridge slip 1",
    }
    fields = ReceiptInput.model_validate({**given, **changes})
    return operations.record_receipt(session, fields, by=ENGINEER, at=NOW)


def claim_input(source: RecycledSource, product: Product, **changes: object) -> ClaimInput:
    """Return the form of a claim of 60 t in 2025."""
    given = {
        "source_id": source.id,
        "product_id": product.id,
        "period_start": date(2025, 1, 1),
        "period_end": date(2025, 12, 31),
        "claimed_t": 60.0,
        "evidence": "batch records 2025",
    }
    return ClaimInput.model_validate({**given, **changes})


def a_claim(session: Session, source: RecycledSource, product: Product, **changes: object) -> RecycledClaim:
    """Return a claim that a second person has approved."""
    claim = operations.propose_claim(session, claim_input(source, product, **changes), by=ENGINEER, at=NOW)
    return operations.decide_claim(session, claim.id, approve=True, version=claim.version, by=REVIEWER, at=NOW)


def an_output(session: Session, product: Product, *, output_t: float = 1000.0) -> None:
    """Record what was made of a product in 2025."""
    session.add(Production(product_id=product.id, period_start=date(2025, 1, 1), period_end=date(2025, 12, 31), output_t=output_t))
    session.flush()
