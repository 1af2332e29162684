"""Everything of a declared footprint that may leave the house, for every format to choose from."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlmodel import Session, select

from service.exports.life_cycle import LifeCycleSplit, life_cycle_split
from service.footprints.models import FootprintRecord
from service.footprints.ownership import BLOCKS, parts_of
from service.footprints.protection import Group, Part, rounding_step, split
from service.footprints.queries import get_record
from service.modelling.queries import model_of
from service.product_footprints.documents import pact_document
from service.product_footprints.models import CustomerPartNumber, ProductFootprint
from service.products.models import Plant, Product
from service.products.queries import get_plant, get_product
from service.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredFacts:
    """What may be told of a declared footprint.

    Attributes
    ----------
    document
        PACT v3, with its present status.
    step
        kg CO2e per kg: the digit to which stages and blocks are rounded; totals of the document have one more.
    stages, blocks
        Groups that may be published; each sums to the total at `step`. Empty where none may.
    part_no
        What the customer calls the product; None without a customer, or where the customer has named none.
    statement
        A verifier's statement, as it is kept with the footprint.

    """

    document: Mapping[str, Any]
    record: FootprintRecord
    product: Product
    plant: Plant
    step: Decimal
    stages: Sequence[Group]
    blocks: Sequence[Group]
    part_no: str | None
    bpnl: str | None
    statement: Mapping[str, Any] | None
    is_sample: bool

    @property
    def pcf(self) -> Mapping[str, Any]:
        """The footprint proper of the document."""
        found: Mapping[str, Any] = self.document["pcf"]
        return found

    @property
    def life_cycle(self) -> LifeCycleSplit | None:
        """The four stages of battery rules; None where they may not be told apart."""
        return life_cycle_split(self.blocks)


def facts_of(
    session: Session, footprint: ProductFootprint, *, settings: Settings, customer_id: uuid.UUID | None = None
) -> DeclaredFacts:
    """Gather what may be told of a declared footprint, to a customer where one is named."""
    record = get_record(session, footprint.record_id)
    product = get_product(session, footprint.product_id)
    model = model_of(session, record.result["content_hash"])
    parts, step = parts_of(record, model), rounding_step(record.total_kg_co2e_per_kg)
    return DeclaredFacts(
        document=pact_document(footprint),
        record=record,
        product=product,
        plant=get_plant(session, product.plant_id),
        step=step,
        stages=split(parts, _stage, order=[one.code for one in model.stages], step=step),
        blocks=split(parts, _block, order=BLOCKS, step=step),
        part_no=None if customer_id is None else part_no_of(session, product.id, customer_id),
        bpnl=settings.bpnl,
        statement=footprint.statement,
        is_sample=footprint.is_sample,
    )


def part_no_of(session: Session, product_id: uuid.UUID, customer_id: uuid.UUID) -> str | None:
    """Return what a customer calls a product."""
    named = select(CustomerPartNumber.part_no).where(
        CustomerPartNumber.product_id == product_id, CustomerPartNumber.customer_id == customer_id
    )
    return session.exec(named).first()


def _stage(part: Part) -> str:
    return part.stage


def _block(part: Part) -> str:
    return part.block
