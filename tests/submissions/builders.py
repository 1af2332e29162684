"""A toll plant's plausible answers, and a submission in any state with them."""

import io
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path

from sqlmodel import Session

from service.evidence.store import StoredFile, store_file
from service.evidence.virus_scan import Scanner
from service.submissions import operations
from service.submissions.answers import Entry
from service.submissions.models import Submission
from service.suppliers.models import Supplier
from tests import builders

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SUPPLIER_ACTOR = "invitation:01a203f4-7690-76a4-86fd-607924b82eaf"
ENGINEER = "user:01a203f4-7690-76a4-86fd-000000000003"
REVIEWER = "user:01a203f4-7690-76a4-86fd-000000000001"
NO_SCANNER = Scanner(address=None)
OTHER_REVIEWER = "user:01a203f4-7690-76a4-86fd-000000000002"

# 9.12 GWh over 960 t is 9,500 kWh/t, the model's default for a box furnace.
TOLL_ANSWERS: Mapping[str, Entry] = {
    "site_province": Entry(entered="CN-NM"),
    "product_output": Entry(entered="12,500", unit="t"),
    "furnace_type": Entry(entered="box"),
    "charge_in": Entry(entered="1000", unit="t"),
    "product_out": Entry(entered="960", unit="t"),
    "grid_electricity": Entry(entered="14000", unit="万kWh"),
    "furnace_electricity": Entry(entered="912", unit="万kWh"),
    "auxiliary_electricity": Entry(entered="288,000", unit="kWh"),
    "power_source": Entry(entered="grid"),
    "natural_gas": Entry(entered="0", unit="Nm3"),
    "packing_coke_net": Entry(entered="144", unit="t"),
    "evidence_source": Entry(entered="metered"),
}


def a_stored_file(content: bytes, name: str = "bill.pdf", *, data_dir: Path, scanner: Scanner = NO_SCANNER) -> StoredFile:
    """Return a file that lies in the store."""
    return store_file(io.BytesIO(content), name, data_dir=data_dir, scanner=scanner, at=NOW)


def an_invited_submission(session: Session, *, supplier: Supplier | None = None, year: int = 2025) -> Submission:
    """Return a submission whose link has been sent; nobody has opened it."""
    submission = operations.plan(
        session,
        supplier or builders.a_supplier(session),
        period_start=date(year, 1, 1),
        period_end=date(year, 12, 31),
        deadline=date(2026, 12, 31),
        message=None,
        by=ENGINEER,
        at=NOW,
    )
    submission.status = operations.Status.INVITED
    session.add(submission)
    session.flush()
    return submission


def a_draft(session: Session, *, supplier: Supplier | None = None, year: int = 2025, **changes: Entry) -> Submission:
    """Return a submission with plausible answers of a toll plant, ready to hand in."""
    submission = an_invited_submission(session, supplier=supplier, year=year)
    operations.save_draft(session, submission, {**TOLL_ANSWERS, **changes}, by=SUPPLIER_ACTOR, at=NOW)
    return submission


def a_review(session: Session, *, supplier: Supplier | None = None, year: int = 2025, **changes: Entry) -> Submission:
    """Return a submission that was handed in and is being reviewed."""
    submission = a_draft(session, supplier=supplier, year=year, **changes)
    operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW)
    operations.start_review(session, submission, by=REVIEWER, at=NOW)
    return submission


def an_accepted(session: Session, *, supplier: Supplier | None = None, year: int = 2025, **changes: Entry) -> Submission:
    """Return an accepted submission."""
    submission = a_review(session, supplier=supplier, year=year, **changes)
    operations.accept(session, submission, version=submission.version, by=REVIEWER, at=NOW)
    return submission
