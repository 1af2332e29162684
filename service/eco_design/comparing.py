"""Variants of a product laid over one of its footprints and solved together: totals, stages, steps, cost, limits."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import Session

from lca_models.calculation import calculate_footprint
from lca_models.explanations.comparison import Grouping, Rule, Side
from lca_models.model import Model
from lca_models.scenarios import Combination
from lca_models.scenarios import Comparison as Solved
from service.eco_design.limits import CarbonLimit, Checked, checked, quality_values
from service.eco_design.models import QualityLimit
from service.eco_design.queries import quality_limits_of
from service.eco_design.schemas import ComparisonInput, VariantInput
from service.footprints.explaining import compare
from service.footprints.queries import get_record
from service.modelling.queries import active_model
from service.products.queries import get_product
from service.scenarios.evaluation import base_of_record, compare_over, pick
from service.scenarios.queries import LibraryEntry, library


@dataclass(frozen=True, slots=True, kw_only=True)
class DesignStep:
    """What one group of parameters makes of the difference to the product as it is; `key` as the model's explanations name it."""

    key: str
    kg_co2e: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """A scenario as it was called when it was laid over the product, with all that it set."""

    key: str
    name_zh: str
    name_en: str
    settings: Mapping[str, float | str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """The product as it is, or one way to make it; kg CO2e and yuan are per kilogram of product.

    Attributes
    ----------
    steps
        From the product as it is to this variant; they sum to the difference. Empty for the product as it is.
    is_exact
        Whether joint effects are shared out over all orders, not in the order of the chain.
    cny_per_t_co2e
        Extra cost of each tonne avoided, the carbon price at which both cost the same; None where a cost is unknown or nothing is
        avoided.

    """

    name: str
    overlays: Sequence[Overlay]
    total_kg_co2e: float
    by_stage_kg_co2e: Mapping[str, float]
    steps: Sequence[DesignStep]
    is_exact: bool
    cost_cny_per_kg: float | None
    cny_per_t_co2e: float | None
    quality: Mapping[str, float]
    limits: Sequence[Checked]


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """A comparison; the first variant is the product as it is."""

    product_id: uuid.UUID
    electricity_view: str
    model_version: str
    variants: Sequence[Variant]


_CONTENT: TypeAdapter[list[Variant]] = TypeAdapter(list[Variant])


def as_content(found: Compared) -> dict[str, Any]:
    """Return what is stored of a comparison."""
    return {"variants": [asdict(one) for one in found.variants]}


def variants_of(content: Mapping[str, Any]) -> list[Variant]:
    """Return the variants of a stored comparison as they were made."""
    return _CONTENT.validate_python(content["variants"])


def compare_variants(session: Session, wanted: ComparisonInput, *, carbon_limits: Sequence[CarbonLimit]) -> Compared:
    """Solve the product and its variants together with the model in use.

    Parameters
    ----------
    carbon_limits
        Customers' limits on the footprint under the record's electricity view.

    Raises
    ------
    InvalidInputError
        A scenario that is not in the library.
    ModelRefusedError, ScenarioBaseError
        As `service.scenarios.evaluation.compare_over`.

    """
    known, base = library(session), base_of_record(session, wanted.record_id)
    overlays = [pick(known, one.scenarios, field=f"variants.{place}.scenarios.0") for place, one in enumerate(wanted.variants)]
    solved = compare_over(session, base, overlays)
    record, model = get_record(session, wanted.record_id), active_model(session)
    product = get_product(session, record.product_id)
    makers = _Laid(
        model=model,
        solved=solved,
        base_cost=wanted.base_cost_cny_per_kg,
        quality=quality_values(product.quality),
        quality_limits=quality_limits_of(session, product.id),
        carbon_limits=carbon_limits,
    )
    as_it_is = makers.variant(0, None, [])
    made = [
        makers.variant(place, one, entries) for place, (one, entries) in enumerate(zip(wanted.variants, overlays, strict=True), 1)
    ]
    return Compared(
        product_id=product.id,
        electricity_view=record.electricity_view,
        model_version=model.model_version,
        variants=[as_it_is, *made],
    )


def break_even(*, base_cost: float | None, cost: float | None, avoided_kg_co2e: float) -> float | None:
    """Return extra cost per tonne of CO2e avoided, yuan: (cost - base cost) / avoided, of kilograms to tonnes."""
    if base_cost is None or cost is None or avoided_kg_co2e <= 0:
        return None
    return (cost - base_cost) / avoided_kg_co2e * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Laid:
    """Everything that variants are made of, once solved."""

    model: Model
    solved: Solved
    base_cost: float | None
    quality: Mapping[str, float]
    quality_limits: Sequence[QualityLimit]
    carbon_limits: Sequence[CarbonLimit]

    def variant(self, place: int, wanted: VariantInput | None, entries: Sequence[LibraryEntry]) -> Variant:
        """Return the variant at a place of the results; the product as it is has no wishes."""
        total = float(self.solved.results.total_kg_co2e[place])
        steps, is_exact = self._steps(place)
        cost = self.base_cost if wanted is None else wanted.cost_cny_per_kg
        quality = {**self.quality, **({} if wanted is None else wanted.quality)}
        avoided = float(self.solved.results.total_kg_co2e[0]) - total
        return Variant(
            name="" if wanted is None else wanted.name,
            overlays=[_overlay(one) for one in entries],
            total_kg_co2e=total,
            by_stage_kg_co2e={stage: float(kg[place]) for stage, kg in self.solved.results.by_stage_kg_co2e.items()},
            steps=steps,
            is_exact=is_exact,
            cost_cny_per_kg=cost,
            cny_per_t_co2e=break_even(base_cost=self.base_cost, cost=cost, avoided_kg_co2e=avoided),
            quality=quality,
            limits=checked(self.quality_limits, self.carbon_limits, quality=quality, kg_co2e=total),
        )

    def _steps(self, place: int) -> tuple[list[DesignStep], bool]:
        if place == 0:
            return [], True
        before, after = (self._side(self.solved.combinations[one]) for one in (0, place))
        found = compare(before, after, grouping=Grouping.GROUP)
        steps = [DesignStep(key=step.key, kg_co2e=step.kg_co2e) for step in found.steps if step.kg_co2e]
        return steps, found.rule is Rule.SHAPLEY

    def _side(self, combination: Combination) -> Side:
        case = combination.case
        footprint = calculate_footprint(self.model, case.parameters, electricity=case.electricity, check=False)
        return Side(model=self.model, footprint=footprint)


def _overlay(entry: LibraryEntry) -> Overlay:
    scenario = entry.scenario
    return Overlay(key=scenario.key, name_zh=scenario.name_zh, name_en=scenario.name_en, settings=dict(scenario.settings))
