"""What the plan of October 2024 demands, and what it leaves open.

The plan demands ratios to 2021. It names no scopes, no price basis, no peak year, no base-year figures and no energy target
after 2025. Each of these is a definition that somebody sets with evidence and somebody else approves; until then pages say "not
defined in the plan" and show the figures by the stated reading, so that nothing is invented and nothing is empty.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from service.errors import N_, NotFoundError
from service.strategy.trajectories import Milestone, TrajectoryKind
from service.targets.output import BASE_YEAR


class Indicator(StrEnum):
    """What a target limits."""

    ENERGY = "energy"
    CO2 = "co2"


class Basis(StrEnum):
    """By what emissions or energy are divided."""

    CURRENT_PRICE = "current_price"
    CONSTANT_PRICE = "constant_price"
    PER_TONNE = "per_tonne"
    ABSOLUTE = "absolute"


AMOUNT_UNITS: Final[Mapping[Indicator, str]] = {Indicator.ENERGY: "tce", Indicator.CO2: "t CO2"}
_BASIS_UNITS: Final[Mapping[Basis, str]] = {
    Basis.CURRENT_PRICE: "/10k CNY",
    Basis.CONSTANT_PRICE: "/10k CNY (2021)",
    Basis.PER_TONNE: "/t",
    Basis.ABSOLUTE: "",
}


def unit_of(indicator: Indicator, basis: Basis) -> str:
    """Return the unit of an indicator on a basis."""
    return AMOUNT_UNITS[indicator] + _BASIS_UNITS[basis]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanTarget:
    """A target of the plan.

    Attributes
    ----------
    ratios
        To 2021, by indicator: 0.9 = 10 % below.

    """

    year: int
    item: str
    ratios: Mapping[Indicator, float]


TARGETS: Final[Mapping[int, PlanTarget]] = {
    one.year: one
    for one in (
        PlanTarget(year=2025, item="target_2025", ratios={Indicator.ENERGY: 0.9, Indicator.CO2: 0.9}),
        PlanTarget(year=2030, item="target_2030", ratios={Indicator.CO2: 0.7}),
        PlanTarget(year=2040, item="target_2040", ratios={Indicator.CO2: 0.3}),
        PlanTarget(year=2060, item="target_2060", ratios={Indicator.CO2: 0.0}),
    )
}
"""The plan speaks of intensity per 10 000 yuan of output; 2060 is neutrality, so nothing may be left that is not removed."""


def get_target(text: str) -> PlanTarget:
    """Return the target of a year, as addresses name it; any other text is a page that does not exist."""
    target = next((one for year, one in TARGETS.items() if str(year) == text), None)
    if target is None:
        raise NotFoundError
    return target


def milestones(indicator: Indicator, *, extra: Mapping[int, float] | None = None) -> tuple[Milestone, ...]:
    """Return the path's fixed points from 2021 on, with those that have been set in addition."""
    demanded = {year: one.ratios[indicator] for year, one in TARGETS.items() if indicator in one.ratios}
    points = {BASE_YEAR: 1.0, **(extra or {}), **demanded}
    return tuple(Milestone(year=year, ratio=ratio) for year, ratio in sorted(points.items()))


class DefinitionKey(StrEnum):
    """What the plan leaves open."""

    SCOPE = "scope"
    PRICE_BASIS = "price_basis"
    ENERGY_CONVENTION = "energy_convention"
    TRAJECTORY = "trajectory"
    PEAK_YEAR = "peak_year"
    ENERGY_2030 = "energy_2030"
    BASE_FIGURES = "base_figures"


class Scope(StrEnum):
    """Whose emissions the targets mean, and how purchased electricity counts."""

    LOCATION = "scope_1_2_location"
    MARKET = "scope_1_2_market"


class EnergyConvention(StrEnum):
    """How a kilowatt-hour is counted in standard coal (GB/T 2589-2020)."""

    CALORIFIC = "calorific"
    EQUAL_VALUE = "equal_value"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """A question that the plan leaves open.

    Attributes
    ----------
    choices
        Values with their labels; empty where a number or a text is asked for.
    reading
        Value by which figures are shown until one is in force; None where nothing is shown without it.
    lowest, highest
        Of a number.
    unit
        Of a number.

    """

    key: DefinitionKey
    label: str
    hint: str
    choices: Mapping[str, str] = field(default_factory=dict)
    reading: str | None = None
    lowest: float | None = None
    highest: float | None = None
    unit: str = ""

    @property
    def is_number(self) -> bool:
        """Whether a number is asked for."""
        return self.lowest is not None


DEFINITIONS: Final[Mapping[DefinitionKey, Definition]] = {
    one.key: one
    for one in (
        Definition(
            key=DefinitionKey.SCOPE,
            label=N_("Which emissions the targets mean"),
            hint=N_("The plan does not say whether certificates of green power lower the figure."),
            choices={
                Scope.LOCATION.value: N_("Own fuels, processes, electricity and heat; electricity by the grid's factor"),
                Scope.MARKET.value: N_("Own fuels, processes, electricity and heat; electricity by contracts and certificates"),
            },
            reading=Scope.LOCATION.value,
        ),
        Definition(
            key=DefinitionKey.PRICE_BASIS,
            label=N_("Prices at which the output value counts"),
            hint=N_("At current prices, falling selling prices raise the figure although each tonne needs less."),
            choices={
                Basis.CURRENT_PRICE.value: N_("At the prices of each year"),
                Basis.CONSTANT_PRICE.value: N_("At the prices of 2021"),
            },
            reading=Basis.CURRENT_PRICE.value,
        ),
        Definition(
            key=DefinitionKey.ENERGY_CONVENTION,
            label=N_("How electricity counts in standard coal"),
            hint=N_("GB/T 2589-2020 knows two values of a kilowatt-hour."),
            choices={
                EnergyConvention.CALORIFIC.value: N_("Calorific value: 0.1229 kgce/kWh"),
                EnergyConvention.EQUAL_VALUE.value: N_("Equal value: coal that power stations burn for it"),
            },
            reading=EnergyConvention.CALORIFIC.value,
        ),
        Definition(
            key=DefinitionKey.TRAJECTORY,
            label=N_("Path between the years of targets"),
            hint=N_("The plan names the years of targets and nothing in between; the 2026 interim target follows from this."),
            choices={
                TrajectoryKind.LINEAR.value: N_("Straight line"),
                TrajectoryKind.GEOMETRIC.value: N_("Same percentage every year"),
                TrajectoryKind.STEPWISE.value: N_("Each target holds until the next"),
            },
            reading=TrajectoryKind.LINEAR.value,
        ),
        Definition(
            key=DefinitionKey.PEAK_YEAR,
            label=N_("Year of the peak"),
            hint=N_("The plan is called a plan for the carbon peak, and names no year of it."),
            lowest=2021,
            highest=2060,
        ),
        Definition(
            key=DefinitionKey.ENERGY_2030,
            label=N_("Energy target for 2030"),
            hint=N_("Reduction of energy per 10 000 yuan against 2021; the plan has no energy target after 2025."),
            lowest=0,
            highest=100,
            unit="%",
        ),
        Definition(
            key=DefinitionKey.BASE_FIGURES,
            label=N_("Where the figures of 2021 come from"),
            hint=N_("The plan gives no figures of its base year; they are those of the closed inventory of 2021."),
        ),
    )
}


def get_definition(text: str) -> Definition:
    """Return a definition by its key, as addresses name it; any other text is a page that does not exist."""
    definition = next((one for key, one in DEFINITIONS.items() if key.value == text), None)
    if definition is None:
        raise NotFoundError
    return definition
