"""The lines of an allocation problem: offers, demands, suppliers and rules, as they are asked."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

DEFAULT_GAP: Final = 1e-6
"""Of the least cost: as good as exact. Large cases end at the time limit instead and state the gap that is left."""
DEFAULT_TIME_LIMIT_S: Final = 20.0
DEFAULT_MIN_ORDER_SHARE: Final = 1e-6


class BidMode(StrEnum):
    """How carbon enters the comparison of offers; never both ways, or it would count twice."""

    CARBON_PRICE = "carbon_price"
    GRADE_PREFERENCE = "grade_preference"


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferLine:
    """What a supplier would deliver of a material.

    Attributes
    ----------
    price_per_t
        Yuan per tonne with freight, without VAT.
    kg_co2e_per_t
        Cradle to our gate, of one tonne; of a supplier without data the conservative default, never the benchmark.
    capacity_t
        The most it delivers of this material; None where no limit is stated.
    moq_t
        The least it delivers at all; it delivers nothing or at least this.
    min_take_t
        What a contract obliges us to take.
    fixed_cost
        Yuan, once, if anything is ordered.
    max_share
        Of the material's demand, 0 to 1: the grade's cap or the contract's, whichever is lower.
    defect_share
        0 to 1; None where nobody knows it.
    green_score
        0 to 100; None where there is none, which counts as 0 wherever a mean score is asked for.
    price_preference
        Share of the price that the bid is judged lower by; counts with `BidMode.GRADE_PREFERENCE` only.
    is_vetoed
        Gets no order whatever the price.

    """

    supplier: str
    material: str
    price_per_t: float
    kg_co2e_per_t: float
    capacity_t: float | None = None
    moq_t: float = 0.0
    min_take_t: float = 0.0
    fixed_cost: float = 0.0
    max_share: float = 1.0
    defect_share: float | None = None
    green_score: float | None = None
    price_preference: float = 0.0
    is_vetoed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandLine:
    """How much is needed of a material, and the rules of buying it.

    Attributes
    ----------
    min_suppliers, max_suppliers
        How many deliver at least and at most; None for no upper limit.
    max_defect_share, min_green_score
        Of the mean over the tonnes bought; None for no rule.

    """

    material: str
    demand_t: float
    min_suppliers: int = 1
    max_suppliers: int | None = None
    max_defect_share: float | None = None
    min_green_score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierLine:
    """What holds for a supplier over all its materials.

    Attributes
    ----------
    capacity_t
        The most it delivers of everything together.
    owner_group
        Suppliers with the same one belong to the same owner; empty for none.
    is_new
        Nothing has been bought from it so far.

    """

    supplier: str
    capacity_t: float | None = None
    owner_group: str = ""
    is_new: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What holds for the whole allocation.

    Attributes
    ----------
    carbon_price_per_t
        Yuan per t CO2e that offers are compared with; it is not part of the cost that is reported.
    carbon_cap_t
        The most that everything bought may carry, t CO2e; None for no cap.
    defect_cost_per_t
        Yuan that a defective tonne costs us; compared with, not reported as cost.
    gap
        Relative distance from the best possible at which the search may stop.
    min_order_share
        Least share of a material's demand that a supplier gets who gets any; tiny by default, which only keeps zero from
        counting as a second source.
    max_new_suppliers
        None for no limit.
    max_owner_group_share
        Of each material's demand, 0 to 1; None for no limit.

    """

    carbon_price_per_t: float = 0.0
    carbon_cap_t: float | None = None
    defect_cost_per_t: float = 0.0
    gap: float = DEFAULT_GAP
    time_limit_s: float = DEFAULT_TIME_LIMIT_S
    min_order_share: float = DEFAULT_MIN_ORDER_SHARE
    max_new_suppliers: int | None = None
    max_owner_group_share: float | None = None
    bid_mode: BidMode = BidMode.CARBON_PRICE
