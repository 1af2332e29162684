"""Every SELECT of the planner: which footprints count, how much is made of each, and who may be asked."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlmodel import Session, col, select

from service.footprints.models import FootprintRecord
from service.footprints.queries import RecordRow, records_in_use
from service.products.queries import find_production
from service.suppliers.models import Supplier, SupplierType

_LOOKED_AT: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedRecord:
    """The latest footprint of a product.

    Attributes
    ----------
    output_t
        Made in the footprint's period; None where nobody has entered it.

    """

    record: FootprintRecord
    row: RecordRow
    output_t: float | None


def latest_footprints(session: Session) -> Sequence[CountedRecord]:
    """Return the latest footprint in use of each product, the largest output first, those without one last."""
    latest: dict[uuid.UUID, tuple[FootprintRecord, RecordRow]] = {}
    for record, row in records_in_use(session, limit=_LOOKED_AT):
        latest.setdefault(record.product_id, (record, row))
    counted = [CountedRecord(record=record, row=row, output_t=_output(session, record)) for record, row in latest.values()]
    return sorted(counted, key=lambda one: (-(one.output_t or 0.0), one.row.grade))


def types_of(session: Session, supplier_ids: Collection[uuid.UUID]) -> Mapping[str, SupplierType]:
    """Return the types of active suppliers by id; nobody else can be asked."""
    statement = select(Supplier.id, Supplier.supplier_type).where(col(Supplier.id).in_(supplier_ids), col(Supplier.is_active))
    return {str(identity): SupplierType(kind) for identity, kind in session.exec(statement)}


def _output(session: Session, record: FootprintRecord) -> float | None:
    found = find_production(session, record.product_id, period_start=record.period_start, period_end=record.period_end)
    return found.output_t if found else None
