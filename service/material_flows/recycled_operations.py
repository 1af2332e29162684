"""Every write on sources of recycled material, their receipts and claims."""

import uuid
from datetime import date, datetime

from sqlmodel import Session

from service.audit.operations import record
from service.database import flush_unless_taken
from service.errors import (
    N_,
    ConflictError,
    FieldError,
    InvalidInputError,
    InvalidTransitionError,
    SamePersonError,
    StaleVersionError,
)
from service.material_flows import recycled_queries as queries
from service.material_flows.models import ClaimStatus, KeptReceiptError, RecycledClaim, RecycledReceipt, RecycledSource
from service.material_flows.recycled_rules import Window, balance_window, claimed_mass, exceeds, overlapping, usable_mass
from service.material_flows.schemas import ClaimInput, ReceiptInput, SourceInput
from service.products.queries import get_product
from service.suppliers.models import Supplier, SupplierType


class RecycledBalanceError(ConflictError):
    """More recycled material would be claimed than came in."""

    code = "recycled-balance"


def add_source(session: Session, fields: SourceInput, *, by: str, at: datetime, is_sample: bool = False) -> RecycledSource:
    """Add a source; two may not have one name."""
    _check_supplier(session, fields)
    source = RecycledSource(**fields.model_dump(), created_by=by, created_at=at, is_sample=is_sample)
    session.add(source)
    _keep_name(session, fields)
    record(session, "recycled_source_added", of=source, by=by, at=at)
    return source


def change_source(
    session: Session, source_id: uuid.UUID, fields: SourceInput, *, version: int, by: str, at: datetime
) -> RecycledSource:
    """Change a source, for example to the days of its next certificate; what is claimed of it must still be covered."""
    _check_supplier(session, fields)
    source = queries.get_source(session, source_id, lock=True)
    if source.version != version:
        raise StaleVersionError
    for name, value in fields.model_dump().items():
        setattr(source, name, value)
    source.version += 1
    _keep_name(session, fields)
    _check_all_covered(session, source)
    record(session, "recycled_source_changed", of=source, by=by, at=at, valid_until=fields.valid_until)
    return source


def record_receipt(session: Session, fields: ReceiptInput, *, by: str, at: datetime, is_sample: bool = False) -> RecycledReceipt:
    """Record a delivery; a batch of a source counts once."""
    source = queries.get_source(session, fields.source_id)
    if not source.valid_from <= fields.received_on <= source.valid_until:
        raise InvalidInputError(
            {
                "received_on": FieldError(
                    N_(
                        "%(day)s lies outside the certificate %(number)s (%(start)s to %(end)s). "
                        "Enter the certificate that was valid on that day at the source first."
                    ),
                    day=fields.received_on,
                    number=source.certificate_no,
                    start=source.valid_from,
                    end=source.valid_until,
                )
            }
        )
    receipt = RecycledReceipt(**fields.model_dump(), created_by=by, created_at=at, is_sample=is_sample)
    session.add(receipt)
    taken = FieldError(N_("Batch “%(batch)s” of this source is recorded already; a batch counts once."), batch=fields.batch)
    flush_unless_taken(session, InvalidInputError({"batch": taken}))
    record(session, "recycled_receipt_recorded", of=receipt, by=by, at=at, amount_t=receipt.amount_t)
    return receipt


def reverse_receipt(
    session: Session, receipt_id: uuid.UUID, *, reason: str, version: int, by: str, at: datetime
) -> RecycledReceipt:
    """Take a delivery back that was recorded wrongly; refused while claims rest on it."""
    receipt = queries.get_receipt(session, receipt_id)
    source = queries.get_source(session, receipt.source_id, lock=True)
    if receipt.version != version:
        raise StaleVersionError
    if receipt.ended_at is not None:
        raise InvalidTransitionError(present="ended", wanted="ended", allowed="")
    receipt.ended_at, receipt.ended_reason, receipt.version = at, reason, version + 1
    session.flush()  # the balance is read without it
    _check_all_covered(session, source)
    record(session, "recycled_receipt_reversed", of=receipt, by=by, at=at, amount_t=receipt.amount_t)
    return receipt


def keep_receipt(
    session: Session, receipt_id: uuid.UUID, fields: ReceiptInput, *, version: int, by: str, at: datetime
) -> RecycledReceipt:
    """Refuse to change a delivery: it is proof. It can be taken back and recorded anew."""
    del session, receipt_id, fields, version, by, at
    raise KeptReceiptError


def propose_claim(session: Session, fields: ClaimInput, *, by: str, at: datetime, is_sample: bool = False) -> RecycledClaim:
    """Propose that so much recycled material is in a product; a second person approves.

    Raises
    ------
    ConflictError
        If the same source is claimed for the same product and days already; names the record.
    RecycledBalanceError
        If the receipts do not cover it; names source, what came in, what is claimed, and the fix.

    """
    source = queries.get_source(session, fields.source_id, lock=True)
    get_product(session, fields.product_id)
    _check_valid(source, fields)
    held = queries.claims_of(session, source_id=source.id, product_id=fields.product_id, statuses=queries.HOLDING)
    double = overlapping(held, period_start=fields.period_start, period_end=fields.period_end)
    if isinstance(double, RecycledClaim):
        raise _double_claim(double, source)
    claim = RecycledClaim(
        number=_next_number(session, at.year), **fields.model_dump(), proposed_by=by, proposed_at=at, is_sample=is_sample
    )
    session.add(claim)
    session.flush()  # the balance is read with it
    _check_covered(session, source, period_start=claim.period_start, period_end=claim.period_end)
    record(session, "recycled_claim_proposed", of=claim, by=by, at=at, number=claim.number, claimed_t=claim.claimed_t)
    return claim


def decide_claim(
    session: Session, claim_id: uuid.UUID, *, approve: bool, reason: str = "", version: int, by: str, at: datetime
) -> RecycledClaim:
    """Approve a claim, or refuse it and give its tonnes back; never by who proposed it."""
    claim = _claim_to_change(session, claim_id, version=version, present=(ClaimStatus.PROPOSED,), wanted="approved")
    if claim.proposed_by == by:
        raise SamePersonError(
            N_("You proposed claim %(number)s yourself; another person must decide on it. Ask a colleague."), number=claim.number
        )
    if approve:
        source = queries.get_source(session, claim.source_id, lock=True)
        _check_covered(session, source, period_start=claim.period_start, period_end=claim.period_end)
    claim.status = ClaimStatus.APPROVED if approve else ClaimStatus.REFUSED
    claim.decided_by, claim.decided_at, claim.reason, claim.version = by, at, reason, version + 1
    record(session, f"recycled_claim_{claim.status.value}", of=claim, by=by, at=at, number=claim.number)
    return claim


def withdraw_claim(session: Session, claim_id: uuid.UUID, *, reason: str, version: int, by: str, at: datetime) -> RecycledClaim:
    """Take a claim back and give its tonnes free; what was issued with it keeps saying what it said."""
    claim = _claim_to_change(session, claim_id, version=version, present=queries.HOLDING, wanted="withdrawn")
    claim.status, claim.reason, claim.version = ClaimStatus.WITHDRAWN, reason, version + 1
    record(session, "recycled_claim_withdrawn", of=claim, by=by, at=at, number=claim.number)
    return claim


def _claim_to_change(
    session: Session, claim_id: uuid.UUID, *, version: int, present: tuple[ClaimStatus, ...], wanted: str
) -> RecycledClaim:
    claim = queries.get_claim(session, claim_id, lock=True)
    if claim.version != version:
        raise StaleVersionError
    if claim.status not in present:
        raise InvalidTransitionError(present=claim.status.value, wanted=wanted, allowed="")
    return claim


def _check_supplier(session: Session, fields: SourceInput) -> None:
    if fields.supplier_id is None:
        return
    supplier = session.get(Supplier, fields.supplier_id)
    if supplier is None or supplier.supplier_type is not SupplierType.RECYCLED:
        raise InvalidInputError(
            {
                "supplier_id": FieldError(
                    N_("This is no supplier of recycled graphite; pick one from the list, or leave it empty for own scrap.")
                )
            }
        )


def _keep_name(session: Session, fields: SourceInput) -> None:
    taken = FieldError(N_("There is a source called %(name)s already; choose another name."), name=fields.name_zh)
    flush_unless_taken(session, InvalidInputError({"name_zh": taken}))


def _check_valid(source: RecycledSource, fields: ClaimInput) -> None:
    if fields.period_start < source.valid_from or fields.period_end > source.valid_until:
        raise InvalidInputError(
            {
                "period_end": FieldError(
                    N_(
                        "The certificate %(number)s of “%(source)s” holds from %(start)s to %(end)s; "
                        "choose days within, or enter the next certificate at the source."
                    ),
                    number=source.certificate_no,
                    source=source.name_zh,
                    start=source.valid_from,
                    end=source.valid_until,
                )
            }
        )


def _double_claim(double: RecycledClaim, source: RecycledSource) -> ConflictError:
    return ConflictError(
        N_(
            "Claim %(number)s already claims %(amount)s t of “%(source)s” for this product from %(start)s to %(end)s; the days "
            "overlap. Withdraw that claim first, or choose other days."
        ),
        number=double.number,
        amount=f"{double.claimed_t:g}",
        source=source.name_zh,
        start=double.period_start,
        end=double.period_end,
    )


def _check_all_covered(session: Session, source: RecycledSource) -> None:
    for claim in queries.claims_of(session, source_id=source.id, statuses=queries.HOLDING):
        _check_covered(session, source, period_start=claim.period_start, period_end=claim.period_end)


def _check_covered(session: Session, source: RecycledSource, *, period_start: date, period_end: date) -> None:
    """Check that what is claimed of a window, a claim of this period included, came in."""
    window = balance_window(source.custody, period_start=period_start, period_end=period_end)
    usable = usable_mass(queries.receipts_of(session, source.id), window, conversion=source.conversion).total_t
    claims = queries.claims_of(session, source_id=source.id, statuses=queries.HOLDING)
    claimed = claimed_mass(claims, window)
    if exceeds(claimed, available_t=usable):
        raise _too_much(source, window, usable=usable, claimed=claimed)


def _too_much(source: RecycledSource, window: Window, *, usable: float, claimed: float) -> RecycledBalanceError:
    return RecycledBalanceError(
        N_(
            "From %(start)s to %(end)s, “%(source)s” gives %(usable)s t of recycled material for products (receipts × recycled "
            "share × conversion), but %(claimed)s t would be claimed. Lower a claim, or record the missing receipts."
        ),
        start=window.start,
        end=window.end,
        source=source.name_zh,
        usable=f"{usable:.3f}",
        claimed=f"{claimed:.3f}",
    )


def _next_number(session: Session, year: int) -> str:
    prefix = f"RC-{year}-"
    last = queries.last_claim_number(session, prefix)
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:04d}"
