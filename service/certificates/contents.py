"""What goes into a certificate at the moment of its issue: the snapshot, and the files in other systems' formats."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from sqlmodel import Session

from service.accounts.models import Organisation
from service.certificates.attachments import BATTERY_NAME, CATENA_X_NAME, PACT_NAME
from service.certificates.figures import Interval
from service.certificates.snapshot import Export, Issue, Subject, build_snapshot
from service.exports.errors import ExportRefusedError
from service.exports.facts import DeclaredFacts, facts_of
from service.exports.formats import ExportFormat, canonical_file
from service.footprints.models import FootprintRecord
from service.footprints.uncertainty import simulate_record
from service.green_power.queries import EvidencedSupply, evidenced_supplies
from service.i18n import explain
from service.material_flows.recycled import recycled_share
from service.method_library.queries import cited_method
from service.modelling.queries import model_of
from service.product_footprints.models import ProductFootprint
from service.products.models import Plant, Product
from service.settings import Settings

FORMATS: Final[Mapping[str, ExportFormat]] = {
    PACT_NAME: ExportFormat.PACT,
    CATENA_X_NAME: ExportFormat.CATENA_X_10,
    BATTERY_NAME: ExportFormat.BATTERY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a certificate says and carries.

    Attributes
    ----------
    files
        By name: the text of each file in another system's format; the snapshot has their hashes.

    """

    declared: ProductFootprint
    customer_id: uuid.UUID
    snapshot: dict[str, Any]
    files: dict[str, str]


def build_contents(
    session: Session, declared: ProductFootprint, customer: Organisation, terms: Issue, *, settings: Settings
) -> Contents:
    """Gather what a certificate of a declared footprint says, as of its first day."""
    record = session.get_one(FootprintRecord, declared.record_id)
    product = session.get_one(Product, record.product_id)
    subject = Subject(
        record=record,
        declared=declared,
        product=product,
        plant=session.get_one(Plant, product.plant_id),
        customer=customer,
        interval=_interval(session, record),
        supplies=_supplies(session, record, product),
        method=cited_method(session, record, on=terms.valid_from),
        recycled=recycled_share(session, product.id, start=record.period_start, end=record.period_end, on=terms.valid_from),
    )
    facts = facts_of(session, declared, settings=settings, customer_id=customer.id)
    exports = _exports(replace(facts, part_no=terms.part_no or facts.part_no))
    model = model_of(session, record.result["content_hash"])
    return Contents(
        declared=declared,
        customer_id=customer.id,
        snapshot=build_snapshot(subject, terms, settings=settings, model=model, exports=exports),
        files={name: one.text for name, one in exports.items() if one.text is not None},
    )


def _interval(session: Session, record: FootprintRecord) -> Interval:
    simulation = simulate_record(session, record, headline_only=True).headline
    return Interval(low=simulation.percentile(5.0), high=simulation.percentile(95.0))


def _supplies(session: Session, record: FootprintRecord, product: Product) -> Sequence[EvidencedSupply]:
    """Return the electricity of known origin that the record could count: all of its period, approved before its calculation."""
    found = evidenced_supplies(session, product, period_start=record.period_start, period_end=record.period_end)
    return [one for one in found if one.approved_at <= record.calculated_at]


def _exports(facts: DeclaredFacts) -> Mapping[str, Export]:
    return {name: _export(facts, wanted) for name, wanted in FORMATS.items()}


def _export(facts: DeclaredFacts, wanted: ExportFormat) -> Export:
    try:
        return Export(text=canonical_file(facts, wanted).decode())
    except ExportRefusedError as error:
        zh, en = (explain(locale, error.reason) for locale in ("zh-CN", "en"))
        return Export(text=None, left_out_zh=_cause(zh, end="。"), left_out_en=_cause(en, end=". "))


def _cause(reason: str, *, end: str) -> str:
    """Return what is in the way, without the advice to us that follows it."""
    return reason.partition(end)[0].rstrip(".。") + end.rstrip()
