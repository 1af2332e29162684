"""What those see of a footprint who see results only: rounded, so that no supplier's input comes out of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from lca_models.model import Model
from service.footprints.models import FootprintRecord
from service.footprints.ownership import parts_of
from service.footprints.protection import Group, comparable_step, rounding_step, shares_by_kind, split


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedResult:
    """A footprint as people see it who may not see what went in.

    Attributes
    ----------
    total_kg_co2e
        Per kg of product, a multiple of `step`.
    stages
        Life-cycle stages, united where one alone would tell a supplier's input; they sum to the total.
    shares
        Of the total by kind of data, multiples of `share_step`; None where any rounding would tell too much.

    """

    total_kg_co2e: Decimal
    step: Decimal
    stages: tuple[Group, ...]
    shares: Mapping[str, Decimal] | None
    share_step: Decimal | None


def publish(record: FootprintRecord, model: Model, *, others_known: bool) -> PublishedResult:
    """Round a footprint for those who see results only.

    Parameters
    ----------
    model
        The version that the record rests on.
    others_known
        The reader buys from the suppliers, knows amounts and periods, and can hold two records against each other that differ in
        one supplier: see docs/decisions/0017.

    """
    parts = parts_of(record, model)
    total = record.total_kg_co2e_per_kg
    step = comparable_step(parts, total) if others_known else rounding_step(total)
    shares = shares_by_kind(parts, others_known=others_known)
    return PublishedResult(
        total_kg_co2e=(Decimal(repr(total)) / step).to_integral_value() * step,
        step=step,
        stages=split(
            parts, lambda part: part.stage, order=[one.code for one in model.stages], step=step, others_known=others_known
        ),
        shares=shares[0] if shares else None,
        share_step=shares[1] if shares else None,
    )
