"""A life-cycle inventory database as Brightway sees it: activities, elementary flows, database parameters, one method."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from lca_models.uncertainty.distributions import Distribution

ExchangeType = Literal["production", "technosphere", "biosphere"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityExchange:
    """One exchange of an activity.

    Attributes
    ----------
    input
        Code of the activity or elementary flow it comes from.
    amount
        Per run of the activity, in the unit of the input; positive for inputs, outputs and emissions alike.
    formula
        Of database parameters; empty if the amount is a constant.
    uncertainty
        Of an amount without formula; a formula's is that of its parameters.

    """

    type: ExchangeType
    input: str
    amount: float
    formula: str = ""
    uncertainty: Distribution | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """A unit process, or a system activity of the background; name, unit and location together are unique."""

    code: str
    name: str
    product: str
    unit: str
    location: str
    comment: str
    exchanges: tuple[ActivityExchange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ElementaryFlow:
    """An emission to air.

    Attributes
    ----------
    kg_co2e_per_unit
        Characterization factor of the database's method.

    """

    code: str
    name: str
    unit: str
    kg_co2e_per_unit: float


@dataclass(frozen=True, slots=True, kw_only=True)
class DatabaseParameter:
    """A named number that formulas use.

    Attributes
    ----------
    formula
        Of other parameters; empty if the amount is a constant.

    """

    name: str
    amount: float
    formula: str
    unit: str
    comment: str
    uncertainty: Distribution | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """A model version with one set of parameters.

    Attributes
    ----------
    activities
        The first makes the product.
    method
        Name of the method that the elementary flows carry the factors of.
    facts
        What a reader must know besides: version, furnace, electricity view, licence.
    total_kg_co2e
        Score of one unit of the product.

    """

    name: str
    activities: tuple[Activity, ...]
    flows: tuple[ElementaryFlow, ...]
    parameters: tuple[DatabaseParameter, ...]
    method: tuple[str, ...]
    facts: Mapping[str, str]
    total_kg_co2e: float

    @property
    def product(self) -> Activity:
        """The activity that makes the product."""
        return self.activities[0]

    @property
    def inputs(self) -> Mapping[str, Activity | ElementaryFlow]:
        """What exchanges may name as input, by code."""
        activities: dict[str, Activity | ElementaryFlow] = {node.code: node for node in self.activities}
        return activities | {node.code: node for node in self.flows}
