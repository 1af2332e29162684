"""What another version of the model would change: the default results and each product's footprint, before and after."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, select

from lca_models.calculation import calculate_footprint
from lca_models.errors import ModelError
from lca_models.model import Model
from lca_models.parameters import FURNACE
from service.footprints.models import FootprintRecord, FootprintStatus
from service.i18n import Locale
from service.products.models import Product


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A result with two versions of the model, kg CO2e per kg.

    Attributes
    ----------
    problem
        Why the later version gives no result; None if it does.

    """

    before_kg_co2e: float | None
    after_kg_co2e: float | None
    problem: ModelError | None = None

    @property
    def difference_kg_co2e(self) -> float | None:
        """After less before."""
        if self.before_kg_co2e is None or self.after_kg_co2e is None:
            return None
        return self.after_kg_co2e - self.before_kg_co2e


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductEffect:
    """The effect on a product, with the parameters that its latest record was given."""

    product: Product
    record_number: str
    effect: Effect

    def name(self, locale: Locale) -> str:
        """Return grade and name in a language."""
        return f"{self.product.grade} · {self.product.name_zh if locale == 'zh-CN' else self.product.name_en}"


def default_effects(before: Model, after: Model) -> Mapping[str, Effect]:
    """Return the effect on the default route, by furnace of the later version."""
    return {furnace: effect_of(before, after, {FURNACE: furnace}) for furnace in after.parameter(FURNACE).choices}


def product_effects(session: Session, before: Model, after: Model) -> Sequence[ProductEffect]:
    """Return the effect on every product in use that has a footprint, by grade, under the national electricity view."""
    return [
        ProductEffect(product=product, record_number=record.number, effect=effect_of(before, after, given_parameters(record)))
        for product, record in _latest_records(session)
    ]


def given_parameters(record: FootprintRecord) -> dict[str, Any]:
    """Return what a record's calculation was given; what it took by default follows the model."""
    return {name: record.parameters[name] for name in record.result["given"]}


def effect_of(before: Model, after: Model, parameters: Mapping[str, Any]) -> Effect:
    """Return a result with two versions of the model."""
    old, _ = _total(before, parameters)
    new, problem = _total(after, parameters)
    return Effect(before_kg_co2e=old, after_kg_co2e=new, problem=problem)


def _total(model: Model, parameters: Mapping[str, Any]) -> tuple[float | None, ModelError | None]:
    try:
        return calculate_footprint(model, parameters, check=False).total_kg_co2e, None
    except ModelError as error:
        return None, error


def _latest_records(session: Session) -> Iterable[tuple[Product, FootprintRecord]]:
    statement = (
        select(Product, FootprintRecord)
        .join(FootprintRecord, col(FootprintRecord.product_id) == col(Product.id))
        .where(col(Product.is_active), col(FootprintRecord.status) != FootprintStatus.REPLACED)
        .order_by(col(Product.grade), col(FootprintRecord.calculated_at))
    )
    latest = {product.id: (product, record) for product, record in session.exec(statement)}
    return latest.values()
