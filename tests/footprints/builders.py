"""Products with suppliers, and suppliers' accepted answers; numbers are those of the hand-worked examples."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime

from sqlmodel import Session

from service.footprints.models import FootprintRecord
from service.footprints.operations import calculate
from service.green_power.models import ClaimStatus, Instrument, Purpose, SupplyClaim, Technology
from service.products.models import Product, ProductInput
from service.submissions.models import Answer, Submission, SubmissionStatus
from service.submissions.queries import AcceptedAnswers
from service.suppliers.models import Supplier
from tests.builders import NOW, PERIOD, a_submission, a_supplier

# (12,350,000 + 285,000) kWh / 950 t = 13,300 kWh/t = 13.3 kWh/kg; 1,000 / 950 = 1.0526 kg/kg; 190 / 950 = 0.2 kg/kg.
TOLL_ANSWERS: Mapping[str, float | str] = {
    "site_province": "CN-NM",
    "product_output": 2000.0,
    "grid_electricity": 30_000_000.0,
    "green_electricity": 6_000_000.0,
    "evidence_source": "metered",
    "furnace_type": "acheson_crucible",
    "charge_in": 1000.0,
    "product_out": 950.0,
    "furnace_electricity": 12_350_000.0,
    "auxiliary_electricity": 285_000.0,
    "power_source": "mixed",
    "packing_coke_net": 190.0,
    "packing_coke_sold": 760.0,
}


def accepted(
    values: Mapping[str, float | str],
    *,
    supplier_type: str = "TOLL",
    number: str = "S-2026-0001",
    kinds: Mapping[str, str] | None = None,
    supplier_id: uuid.UUID | None = None,
) -> AcceptedAnswers:
    """Return accepted answers without a database."""
    overall = str(values.get("evidence_source", ""))
    return AcceptedAnswers(
        submission_id=uuid.uuid4(),
        supplier_id=supplier_id or uuid.uuid4(),
        number=number,
        supplier_type=supplier_type,
        period_start=PERIOD[0],
        period_end=PERIOD[1],
        values=values,
        units={},
        evidence_kinds={field: overall for field in values if overall} | dict(kinds or {}),
    )


# Nobody who signs in during a test.
CALCULATOR, RELEASER = f"user:{uuid.UUID(int=7)}", f"user:{uuid.UUID(int=8)}"

UNITS: Mapping[str, str] = {
    "product_output": "t",
    "grid_electricity": "kWh",
    "green_electricity": "kWh",
    "charge_in": "t",
    "product_out": "t",
    "furnace_electricity": "kWh",
    "auxiliary_electricity": "kWh",
    "packing_coke_net": "t",
    "packing_coke_sold": "t",
    "own_pcf": "kgCO2e/t",
}


def an_accepted_submission(
    session: Session,
    supplier: Supplier,
    values: Mapping[str, float | str] = TOLL_ANSWERS,
    *,
    period: tuple[date, date] = PERIOD,
    decided_at: datetime = NOW,
) -> Submission:
    """Return an accepted submission with its answers as rows."""
    submission = a_submission(session, supplier=supplier, status=SubmissionStatus.ACCEPTED, period=period)
    submission.decided_at = decided_at
    for field, value in values.items():
        session.add(
            Answer(
                submission_id=submission.id,
                field=field,
                entered=str(value),
                entered_unit=UNITS.get(field),
                value=value if isinstance(value, float) else None,
                typed_by="user:somebody",
                typed_at=NOW,
            )
        )
    session.flush()
    return submission


def a_toll_product(session: Session, product: Product, *suppliers: Supplier, shares: tuple[float, ...] = (1.0,)) -> Product:
    """Give all graphitisation of a product to toll plants."""
    product.toll_share = 1.0
    for supplier, share in zip(suppliers, shares, strict=True):
        session.add(ProductInput(product_id=product.id, flow="graphitised_powder", supplier_id=supplier.id, share=share))
    session.flush()
    return product


def a_toll_supplier(session: Session, **details: str) -> Supplier:
    """Return a toll plant in Inner Mongolia."""
    return a_supplier(session, **details)


def a_record(session: Session, product: Product, *, by: str = CALCULATOR, at: datetime = NOW) -> FootprintRecord:
    """Return a calculated footprint."""
    return calculate(session, product, period_start=PERIOD[0], period_end=PERIOD[1], by=by, at=at)


def a_supply(
    session: Session,
    product: Product,
    *,
    instrument: str = "contract",
    technology: str = "wind",
    percent: float = 20.0,
    period: tuple[date, date] = PERIOD,
    product_id: uuid.UUID | None = None,
) -> SupplyClaim:
    """Give the plant of a product electricity of known origin, as entries from before the ledger are: a share with its evidence."""
    claim = SupplyClaim(
        plant_id=product.plant_id,
        period_start=period[0],
        period_end=period[1],
        purpose=Purpose.SITE if product_id is None else Purpose.PRODUCT,
        product_id=product_id,
        instrument=Instrument(instrument),
        technology=Technology(technology),
        taken_over_share=percent / 100,
        evidence="certificates 1 to 100, cancelled",
        status=ClaimStatus.APPROVED,
        proposed_by=CALCULATOR,
        proposed_at=NOW,
        decided_at=NOW,
    )
    session.add(claim)
    session.flush()
    return claim
