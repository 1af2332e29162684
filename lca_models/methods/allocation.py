"""Sharing the burden of a process among its co-products: the decision by ISO 14044 4.3.4 and PACT v3, and the arithmetic.

The order: waste carries no burden; a rule of the product category; division of the process; substitution by one accepted product;
then revenue if unit values lie more than five times apart, else a physical key. Recycling is cut off: who uses it carries it.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lca_models.errors import N_, ModelError, Notice

VALUE_RATIO_LIMIT: Final = 5.0
"""Highest over lowest unit value above which PACT Methodology v3 asks for economic allocation."""


class AllocationError(ModelError):
    """Co-products that can't share a burden the way that was asked for."""

    code = "model-allocation"


class Procedure(StrEnum):
    """How a burden is shared."""

    WASTE = "waste"
    CATEGORY_RULE = "category_rule"
    SUBDIVISION = "subdivision"
    SUBSTITUTION = "substitution"
    REVENUE = "revenue"
    MASS = "mass"
    ENERGY = "energy"
    CUT_OFF = "cut_off"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoProduct:
    """One output of a process that makes several.

    Attributes
    ----------
    amount_kg
        Per run of the process.
    unit_value
        Price per kg, an average of several years, in any one currency; None if it has no market.
    energy_mj_per_kg
        Net calorific value; None unless it is an energy carrier.

    """

    name: str
    amount_kg: float
    unit_value: float | None = None
    energy_mj_per_kg: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ByProductTest:
    """Criteria of Article 5 of the Waste Framework Directive 2008/98/EC; all must hold, or the output is waste."""

    further_use_is_certain: bool
    used_without_further_processing: bool
    integral_part_of_production: bool
    further_use_is_lawful: bool

    @property
    def is_co_product(self) -> bool:
        """Whether the output shares the burden."""
        return (
            self.further_use_is_certain
            and self.used_without_further_processing
            and self.integral_part_of_production
            and self.further_use_is_lawful
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What is possible for a process, before a key is chosen.

    Attributes
    ----------
    category_rule
        The rule of a product category or sector that says how to allocate; empty if there is none.
    can_be_divided
        Whether inputs and emissions can be told apart by product.
    substitute
        The one dominant product that the co-product replaces, accepted in the sector; empty if there is none.
    is_recycling
        Whether the co-product is a recovered material that another product system uses.

    """

    category_rule: str = ""
    can_be_divided: bool = False
    substitute: str = ""
    is_recycling: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationDecision:
    """A decision with its reason.

    Attributes
    ----------
    value_ratio
        Highest over lowest unit value of the co-products; None if a value is missing.
    shares
        Of the burden, by co-product, summing to one; empty where the procedure shares nothing.

    """

    procedure: Procedure
    value_ratio: float | None
    shares: Mapping[str, float]
    reason: Notice


def value_ratio(co_products: Sequence[CoProduct]) -> float | None:
    """Return the highest over the lowest unit value; None if one has no value above zero."""
    values = [one.unit_value for one in co_products]
    known = [value for value in values if value is not None and value > 0]
    return max(known) / min(known) if known and len(known) == len(values) else None


def decide(co_products: Sequence[CoProduct], test: ByProductTest, options: Options) -> AllocationDecision:
    """Return how the burden of a process is shared, the first co-product being the one whose footprint is wanted."""
    ratio = value_ratio(co_products)
    procedure, reason = _procedure(co_products, test, options, ratio)
    shares = burden_shares(co_products, procedure) if procedure in _KEYS else {}
    return AllocationDecision(procedure=procedure, value_ratio=ratio, shares=shares, reason=reason)


def burden_shares(co_products: Sequence[CoProduct], key: Procedure) -> Mapping[str, float]:
    """Return the share of each co-product by revenue (price times amount), mass or energy; they sum to one.

    Raises
    ------
    AllocationError
        Naming the co-product that has no price or calorific value, or where all keys are zero.

    """
    weights = {one.name: _weight(one, key) for one in co_products}
    total = math.fsum(weights.values())
    if total <= 0 or min(weights.values()) < 0:
        raise AllocationError(
            N_("The co-products %(names)s can't share a burden by %(key)s: their sum is %(total)s. Give amounts above zero."),
            names=", ".join(weights),
            key=key.value,
            total=f"{total:g}",
        )
    return {name: weight / total for name, weight in weights.items()}


def allocate(burden: float, co_products: Sequence[CoProduct], key: Procedure) -> Mapping[str, float]:
    """Return the burden of each co-product in the unit of `burden`; the parts sum to it."""
    return {name: burden * share for name, share in burden_shares(co_products, key).items()}


_KEYS: Final = frozenset({Procedure.REVENUE, Procedure.MASS, Procedure.ENERGY})


def _procedure(
    co_products: Sequence[CoProduct], test: ByProductTest, options: Options, ratio: float | None
) -> tuple[Procedure, Notice]:
    if not test.is_co_product:
        return Procedure.WASTE, Notice(
            template=N_("Not all criteria of a by-product hold: it is waste and carries no burden."), values={}
        )
    if options.category_rule:
        rule = Notice(template=N_("The product category rule %(rule)s says so."), values={"rule": options.category_rule})
        return Procedure.CATEGORY_RULE, rule
    if options.is_recycling:
        return Procedure.CUT_OFF, Notice(
            template=N_("A recovered material is cut off: who uses it carries its processing, without credit or burden."), values={}
        )
    if options.can_be_divided:
        return Procedure.SUBDIVISION, Notice(
            template=N_("Inputs and emissions can be told apart by product, so that nothing has to be allocated."), values={}
        )
    if options.substitute:
        return Procedure.SUBSTITUTION, Notice(
            template=N_("It replaces %(substitute)s, the one accepted substitute."), values={"substitute": options.substitute}
        )
    return _key(co_products, ratio)


def _key(co_products: Sequence[CoProduct], ratio: float | None) -> tuple[Procedure, Notice]:
    if ratio is None:
        return Procedure.MASS, Notice(template=N_("Unit values are not known: by mass, the key in case of doubt."), values={})
    values = {"ratio": f"{ratio:.3g}", "limit": f"{VALUE_RATIO_LIMIT:g}"}
    if ratio > VALUE_RATIO_LIMIT:
        return Procedure.REVENUE, Notice(
            template=N_("Unit values lie %(ratio)s times apart, more than %(limit)s: by revenue (price times amount)."),
            values=values,
        )
    if all(one.energy_mj_per_kg is not None for one in co_products):
        return Procedure.ENERGY, Notice(
            template=N_("Unit values lie %(ratio)s times apart, not more than %(limit)s, and all are energy carriers: by energy."),
            values=values,
        )
    return Procedure.MASS, Notice(
        template=N_("Unit values lie %(ratio)s times apart, not more than %(limit)s: by mass."), values=values
    )


def _weight(product: CoProduct, key: Procedure) -> float:
    per_kg = {Procedure.MASS: 1.0, Procedure.REVENUE: product.unit_value, Procedure.ENERGY: product.energy_mj_per_kg}[key]
    if per_kg is None:
        raise AllocationError(
            N_("“%(name)s” has no value for the key %(key)s. Give its price per kg or its calorific value."),
            name=product.name,
            key=key.value,
        )
    return per_kg * product.amount_kg
