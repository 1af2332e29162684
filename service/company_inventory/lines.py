"""What an inventory consists of: lines of emissions, lines of energy, and what is missing or contradicts itself."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from service.errors import N_


class Scope(StrEnum):
    """Whose emissions they are."""

    SCOPE_1 = "scope_1"
    SCOPE_2 = "scope_2"
    SCOPE_3 = "scope_3"
    SUPPLIED = "supplied"
    """Energy given to others: taken off in the total of GB/T 32151.34, never in a scope."""


class Category(StrEnum):
    """Where within its scope a line belongs."""

    COMBUSTION = "combustion"
    PROCESS = "process"
    ELECTRICITY = "electricity"
    HEAT = "heat"
    PURCHASED_GOODS = "purchased_goods"
    TOLL_GRAPHITISATION = "toll_graphitisation"
    FUEL_AND_ENERGY = "fuel_and_energy"
    FREIGHT = "freight"


SCOPE_3_CATEGORIES: Final[Mapping[Category, int]] = {
    Category.PURCHASED_GOODS: 1,
    Category.TOLL_GRAPHITISATION: 1,
    Category.FUEL_AND_ENERGY: 3,
    Category.FREIGHT: 4,
}
"""Number of the GHG Protocol's category."""


class View(StrEnum):
    """In which of the two results for electricity a line counts."""

    BOTH = "both"
    LOCATION = "location"
    MARKET = "market"


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One material of a carbon balance, as the standard's equation takes it; contents are means weighted by mass."""

    symbol: str
    carrier: str
    amount_t: float
    fixed_carbon: float | None
    volatile_matter: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of emissions of a year.

    Attributes
    ----------
    subject
        Key of a carrier, of a step of the process, of a bought flow, or of a leg's direction and mode.
    factor
        Per `unit`; None for a balance, which `terms` lay open.
    factor_year
        Year of the factor's data where it has one: it may be before the inventory's.
    quality
        A (best) to D: the worst grade of its entries; empty where nothing is graded.
    t_co2
        CO2 alone in Scope 1 and 2, CO2e in Scope 3.

    """

    scope: Scope
    category: Category
    view: View = View.BOTH
    plant_id: uuid.UUID | None
    subject: str
    amount: float
    unit: str
    factor: float | None
    factor_unit: str
    factor_source: str
    factor_year: int | None = None
    confidence: str
    quality: str = ""
    entry_ids: tuple[uuid.UUID, ...] = ()
    terms: tuple[Term, ...] = ()
    t_co2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyLine:
    """One carrier of one site in a year.

    Attributes
    ----------
    tce
        Calorific equivalent; negative for what is given to others.
    tce_equal_value
        As `tce`, with electricity from the grid at what power stations take for it.
    gj
        By calorific value, found without `tce`.
    is_fossil
        Whether it counts as fossil energy; electricity claimed as non-fossil is taken off in the total.

    """

    plant_id: uuid.UUID
    carrier: str
    amount: float
    unit: str
    tce: float
    tce_equal_value: float | None
    gj: float
    tce_source: str
    confidence: str
    is_fossil: bool
    entry_ids: tuple[uuid.UUID, ...]


class GapKind(StrEnum):
    """What stands in the way of a complete inventory."""

    NO_SOURCES = "no_sources"
    MONTH = "month"
    YEAR_RUNNING = "year_running"
    FACTOR = "factor"
    MEASUREMENT = "measurement"
    BALANCE_TERM = "balance_term"
    BALANCE_NEGATIVE = "balance_negative"
    CLAIMS_EXCEED = "claims_exceed"
    SUB_METERS_EXCEED = "sub_meters_exceed"
    UPSTREAM = "upstream"
    SUPPLIER_FOOTPRINT = "supplier_footprint"
    PURCHASE_PERIOD = "purchase_period"
    NO_PURCHASES = "no_purchases"
    NO_FREIGHT = "no_freight"
    TOLL_DIFFERS = "toll_differs"


GAP_TEXTS: Final[Mapping[GapKind, str]] = {
    GapKind.NO_SOURCES: N_("No source is registered for this year. Enter what the sites use in the monitoring plan."),
    GapKind.MONTH: N_("The month %(detail)s has no figure. Enter it; a true zero is typed as 0."),
    GapKind.YEAR_RUNNING: N_("The year is not over: the months from %(detail)s on are still to come."),
    GapKind.FACTOR: N_("There is no factor for it: %(detail)s. Choose a set of factors that has it, or have the factor added."),
    GapKind.MEASUREMENT: N_("A measured value is missing: %(detail)s. Add it to the month's entry."),
    GapKind.BALANCE_TERM: N_("The carbon balance lacks %(detail)s. Register it as a source and enter its months."),
    GapKind.BALANCE_NEGATIVE: N_(
        "More carbon comes out than goes in (%(detail)s). Check masses and carbon contents of the entries."
    ),
    GapKind.CLAIMS_EXCEED: N_(
        "More electricity of known origin is claimed than was used (%(detail)s). Withdraw a claim or correct the meter's months."
    ),
    GapKind.SUB_METERS_EXCEED: N_("The sub-meters count more than their main meter (%(detail)s). Check readings and multipliers."),
    GapKind.UPSTREAM: N_("Nothing is published on what lies before it: %(detail)s. It is left out of the supply chain's figure."),
    GapKind.SUPPLIER_FOOTPRINT: N_(
        "There is neither a supplier's footprint nor a benchmark for %(detail)s. Ask the supplier, or add one."
    ),
    GapKind.PURCHASE_PERIOD: N_("A purchase reaches over the end of the year (%(detail)s). Split it at 31 December."),
    GapKind.NO_PURCHASES: N_("No purchase is recorded in this year. Import the purchases."),
    GapKind.NO_FREIGHT: N_("No transport leg is recorded in this year. Import the legs."),
    GapKind.TOLL_DIFFERS: N_(
        "Monitoring and purchases differ on graphitization done by others (%(detail)s). Correct the one that is wrong."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """Something missing or contradictory, with the record to mend.

    Attributes
    ----------
    scope
        Which result it leaves incomplete. Gaps of Scope 3 are told and do not keep a year from being closed.
    subject
        As in a line.
    detail
        Values for the sentence of its kind.

    """

    kind: GapKind
    scope: Scope
    plant_id: uuid.UUID | None = None
    subject: str = ""
    source_id: uuid.UUID | None = None
    month: date | None = None
    detail: str = ""

    @property
    def blocks_closing(self) -> bool:
        """Whether the year can't be closed before it is mended."""
        return self.scope is not Scope.SCOPE_3
