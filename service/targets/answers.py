"""What the API says of targets; outputs have no defaults."""

from typing import Any

from pydantic import BaseModel, ConfigDict


class _Out(BaseModel):
    model_config = ConfigDict(extra="forbid")


class StandingOut(_Out):
    """One target on one basis; figures in `unit`, gaps in `gap_unit`."""

    target: int
    indicator: str
    basis: str
    with_toll: bool
    unit: str
    gap_unit: str
    base: float | None
    required: float | None
    year: int | None
    actual: float | None
    required_now: float | None
    gap_t_co2: float | None
    cumulative_gap_t_co2: float | None
    forecast: dict[str, float] | None
    forecast_gap_t_co2: float | None
    status: str
    is_sample: bool


class StandingsOut(_Out):
    """Every target on every basis, and what the plan leaves open."""

    items: list[StandingOut]
    not_defined_in_the_plan: list[str]


class SettlementOut(_Out):
    """A statement; `status` is approved, draft or not_drafted."""

    status: str
    sha256: str | None
    content: dict[str, Any]


class TrajectoryPoint(_Out):
    """One year; `ratio` to 2021."""

    year: int
    ratio: float
    required: float | None
    actual: float | None
    forecast: dict[str, float] | None


class TrajectoryOut(_Out):
    """A path year by year."""

    indicator: str
    basis: str
    unit: str
    path: str
    points: list[TrajectoryPoint]
