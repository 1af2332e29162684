"""A scoring method: indicators and their points, profiles of categories, credits, penalties and grade rules, as one dated table."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

DIMENSIONS: Final = ("A", "B", "C", "D", "E", "F", "G", "H")
FULL_POINTS: Final = 100.0
DEFAULT_CATEGORY: Final = "default"
VETOED: Final = "V"


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One thing that is valued.

    Attributes
    ----------
    points
        Its weight inside its dimension; all of the default profile sum to 100.
    needs_proof
        Whether its value counts only as far as evidence backs it; the others we observe or calculate ourselves.
    may_be_left_out
        Whether a buyer may approve that it does not apply.
    effort
        What it takes a supplier to get better here; a key of the method's `efforts`.

    """

    id: str
    dimension: str
    points: float
    needs_proof: bool
    may_be_left_out: bool
    effort: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRule:
    """What a grade takes, and how much of a material's demand its holders may get.

    Attributes
    ----------
    share_cap
        0 to 1.
    least_dimension
        Least value of every dimension, 0 to 100.
    least_values
        Least value by indicator, 0 to 100; an indicator that is left out does not reach it.
    data_months
        Greatest age of the footprint's period; None where it does not matter.

    """

    grade: str
    least_score: float
    share_cap: float
    least_dimension: float = 0.0
    least_values: Mapping[str, float] = field(default_factory=dict)
    data_months: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """Best grade while something stands in its way.

    Attributes
    ----------
    over_limit
        Energy above a mandatory limit, or not shown where a limit applies.
    yellow_credit
        A yellow environmental credit that is not remedied, or nobody has looked.
    weak_dimension
        One of `weak_dimensions` is below `weak_below`.

    """

    no_footprint: str
    over_limit: str
    refuses_data: str
    yellow_credit: str
    weak_dimension: str
    weak_dimensions: tuple[str, ...]
    weak_below: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hysteresis:
    """How firmly a grade stands: points beyond a threshold, or a probability in two consecutive periods, that move it."""

    margin: float
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Effort:
    """What it takes a supplier to get better: relative effort, and how far a year's work lifts a value at most (0 to 100)."""

    effort: float
    step: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueAnchors:
    """Anchors of the value functions.

    Shares and factors are 0 to 1, values 0 to 100; names say months, days and years. `method_words` describes each for people.
    """

    unknown_gsd: float
    unchanged_trend: float
    full_trend_per_year: float
    leader_trend: float
    trend_most_years: float
    trend_least_years: float
    full_primary_share: float
    best_dqr: float
    worst_dqr: float
    stale_months: float
    stale_factor: float
    too_old_months: float
    verification_grace_months: float
    verification_grace_factor: float
    required_share_most: float
    required_share_value: float
    half_renewable_value: float
    access_value: float
    limit_value: float
    certificate_grace_days: float
    certificate_grace_factor: float
    contract_value: float
    unverified_inventory_value: float
    full_return_rate: float
    freight_best_ratio: float
    freight_worst_ratio: float
    full_low_carbon_freight: float
    record_months: float
    record_halved_after_years: float
    remedied_factor: float
    search_months: float
    days_late_for_nothing: float
    latest_request_weight: float
    most_left_out_share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringMethod:
    """A version of the method.

    Attributes
    ----------
    profiles
        By category and dimension: points, that sum to 100 for each category.
    evidence_credits, electricity_credits
        What a proof is worth, 0 to 1.
    penalties
        Points lost by kind of violation.
    ladders
        By indicator and level: value, 0 to 100.
    recycled_targets
        By category: share of recycled or by-product content that earns full marks.
    categories
        By flow: profile; what is not named takes the default one.

    """

    version: str
    effective_from: date
    indicators: Mapping[str, Indicator]
    profiles: Mapping[str, Mapping[str, float]]
    evidence_credits: Mapping[str, float]
    electricity_credits: Mapping[str, float]
    penalties: Mapping[str, float]
    grades: tuple[GradeRule, ...]
    caps: Caps
    hysteresis: Hysteresis
    values: ValueAnchors
    ladders: Mapping[str, Mapping[str, float]]
    recycled_targets: Mapping[str, float]
    categories: Mapping[str, str]
    efforts: Mapping[str, Effort]

    def of_dimension(self, dimension: str) -> tuple[Indicator, ...]:
        """Return the indicators of a dimension."""
        return tuple(one for one in self.indicators.values() if one.dimension == dimension)

    def category_of(self, flow: str) -> str:
        """Return the profile of what is bought."""
        return self.categories.get(flow, DEFAULT_CATEGORY)

    def share_cap(self, grade: str) -> float:
        """Return how much of a material's demand a grade may get, 0 to 1; nothing for V."""
        return next((rule.share_cap for rule in self.grades if rule.grade == grade), 0.0)


@lru_cache
def shipped_content() -> Mapping[str, Any]:
    """Return the table that comes with the software."""
    return tomllib.loads((files("service.green_score") / "data" / "method.toml").read_text(encoding="utf-8"))


@lru_cache
def shipped_method() -> ScoringMethod:
    """Return the method that comes with the software."""
    return method_from(shipped_content())


def method_from(content: Mapping[str, Any]) -> ScoringMethod:
    """Return a method from its table, as `data/method.toml` or stored as JSON."""
    return ScoringMethod(
        version=content["version"],
        effective_from=_as_date(content["effective_from"]),
        indicators={row["id"]: Indicator(**row) for row in content["indicators"]},
        profiles=content["profiles"],
        evidence_credits=content["evidence_credits"],
        electricity_credits=content["electricity_credits"],
        penalties=content["penalties"],
        grades=tuple(GradeRule(**row) for row in content["grades"]),
        caps=Caps(**{**content["caps"], "weak_dimensions": tuple(content["caps"]["weak_dimensions"])}),
        hysteresis=Hysteresis(**content["hysteresis"]),
        values=ValueAnchors(**content["values"]),
        ladders=content["ladders"],
        recycled_targets=content["recycled_targets"],
        categories=content["categories"],
        efforts={name: Effort(**row) for name, row in content["efforts"].items()},
    )


def _as_date(value: date | str) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)
