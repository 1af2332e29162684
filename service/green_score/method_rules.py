"""What a scoring method must keep, and who may release it."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any, Final

from service.errors import N_, ConflictError, FieldError, InvalidTransitionError, SamePersonError, ServiceError
from service.green_score.method import DIMENSIONS, FULL_POINTS
from service.green_score.models import MethodStatus, MethodVersion

TOLERANCE: Final = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """What a number may be, both ends included."""

    low: float
    high: float


SHARE: Final = Bounds(low=0.0, high=1.0)
VALUE: Final = Bounds(low=0.0, high=100.0)
ABOVE_ZERO: Final = 0.001
_VALUE_BOUNDS: Final[Mapping[str, Bounds]] = {
    "unknown_gsd": Bounds(low=1.0, high=5.0),
    "full_trend_per_year": Bounds(low=ABOVE_ZERO, high=1.0),
    "trend_most_years": Bounds(low=1.0, high=10.0),
    "trend_least_years": Bounds(low=0.25, high=3.0),
    "full_primary_share": Bounds(low=ABOVE_ZERO, high=1.0),
    "best_dqr": Bounds(low=1.0, high=5.0),
    "worst_dqr": Bounds(low=1.0, high=5.0),
    "stale_months": Bounds(low=1.0, high=120.0),
    "stale_factor": SHARE,
    "too_old_months": Bounds(low=1.0, high=120.0),
    "verification_grace_months": Bounds(low=0.0, high=36.0),
    "verification_grace_factor": SHARE,
    # Half renewable has an anchor of its own, which the required share stays below.
    "required_share_most": Bounds(low=ABOVE_ZERO, high=0.49),
    "certificate_grace_days": Bounds(low=0.0, high=365.0),
    "certificate_grace_factor": SHARE,
    "full_return_rate": Bounds(low=ABOVE_ZERO, high=1.0),
    "freight_best_ratio": Bounds(low=0.01, high=0.99),
    "freight_worst_ratio": Bounds(low=1.01, high=100.0),
    "full_low_carbon_freight": Bounds(low=ABOVE_ZERO, high=1.0),
    "record_months": Bounds(low=1.0, high=120.0),
    "record_halved_after_years": Bounds(low=0.1, high=20.0),
    "remedied_factor": SHARE,
    "search_months": Bounds(low=1.0, high=36.0),
    "days_late_for_nothing": Bounds(low=1.0, high=365.0),
    "latest_request_weight": SHARE,
    "most_left_out_share": Bounds(low=0.0, high=0.5),
}
_COLUMN_BOUNDS: Final[Mapping[tuple[str, str], Bounds]] = {
    ("indicators", "points"): Bounds(low=0.1, high=100.0),
    ("grades", "share_cap"): SHARE,
    ("grades", "data_months"): Bounds(low=1.0, high=120.0),
    ("efforts", "effort"): Bounds(low=0.1, high=100.0),
}
_TABLE_BOUNDS: Final[Mapping[str, Bounds]] = {
    "evidence_credits": SHARE,
    "electricity_credits": SHARE,
    "recycled_targets": Bounds(low=ABOVE_ZERO, high=1.0),
}
_ASCENDING: Final = (
    ("values/best_dqr", "values/worst_dqr"),
    ("values/stale_months", "values/too_old_months"),
    ("values/trend_least_years", "values/trend_most_years"),
    ("values/required_share_value", "values/half_renewable_value"),
    ("values/limit_value", "values/access_value"),
    ("values/unchanged_trend", "values/leader_trend"),
    ("evidence_credits/claim", "evidence_credits/document"),
    ("evidence_credits/document", "evidence_credits/metered"),
    ("evidence_credits/metered", "evidence_credits/verified"),
)
"""Pairs of which the first must not be greater, or worse would be worth more."""


def bounds_of(table: str, row: str, column: str) -> Bounds:
    """Return what a number of the table may be."""
    if table == "values":
        return _VALUE_BOUNDS.get(row, VALUE)
    if table == "hysteresis":
        return SHARE if row == "probability" else Bounds(low=0.0, high=20.0)
    return _COLUMN_BOUNDS.get((table, column)) or _TABLE_BOUNDS.get(table, VALUE)


def check_table(table: Mapping[str, Any]) -> dict[str, ServiceError]:
    """Return what is wrong in a table, by the path of the cell; empty when nothing is."""
    return dict([*_outside(table), *_sums(table), *_orders(table), *_grades(table), *_zeroes(table)])


def check_release(version: MethodVersion, *, by: str, today: date, taken: Mapping[date, str]) -> None:
    """Refuse a release by who made the version, of a version nobody has proposed, or for a day that is past or taken.

    Parameters
    ----------
    taken
        Labels of the released versions by the day from which they count.

    """
    if version.status is not MethodStatus.PROPOSED:
        raise InvalidTransitionError(present=version.status, wanted=MethodStatus.RELEASED, allowed=_allowed(version.status))
    if by in {version.created_by, *version.edited_by}:
        raise SamePersonError(
            N_("You have made or changed version %(label)s. Another person must look at it and release it."), label=version.label
        )
    if version.effective_from < today:
        raise ConflictError(
            N_("Version %(label)s would count from %(day)s, which is past: scores have been given since. Choose today or later."),
            label=version.label,
            day=version.effective_from,
        )
    if version.effective_from in taken:
        raise ConflictError(
            N_("Version %(other)s counts from %(day)s already. Choose another day for %(label)s."),
            label=version.label,
            day=version.effective_from,
            other=taken[version.effective_from],
        )


def _allowed(status: MethodStatus) -> str:
    return MethodStatus.PROPOSED if status is MethodStatus.DRAFT else ""


def next_label(year: int, taken: frozenset[str]) -> str:
    """Return the first free label of a year: 2026.2."""
    number = 1
    while f"{year}.{number}" in taken:
        number += 1
    return f"{year}.{number}"


def _leaves(table: Mapping[str, Any]) -> Iterator[tuple[str, str, str, float]]:
    """Return every number with its table, row and column."""
    for name, part in table.items():
        rows = {row.get("id") or row["grade"]: row for row in part} if isinstance(part, list) else part
        for row, value in rows.items():
            columns = value if isinstance(value, Mapping) else {"": value}
            for column, one in columns.items():
                inner = {f"{column}/{key}": deep for key, deep in one.items()} if isinstance(one, Mapping) else {column: one}
                for key, number in inner.items():
                    if isinstance(number, int | float) and not isinstance(number, bool):
                        yield name, row, key, float(number)


def _path(*parts: str) -> str:
    return "/".join(part for part in parts if part)


def _outside(table: Mapping[str, Any]) -> Iterator[tuple[str, ServiceError]]:
    for name, row, column, number in _leaves(table):
        bounds = bounds_of(name, row, column)
        if not (math.isfinite(number) and bounds.low <= number <= bounds.high):
            yield (
                _path(name, row, column),
                FieldError(
                    N_("%(value)s must lie between %(low)s and %(high)s."),
                    value=f"{number:g}",
                    low=f"{bounds.low:g}",
                    high=f"{bounds.high:g}",
                ),
            )


def _sums(table: Mapping[str, Any]) -> Iterator[tuple[str, ServiceError]]:
    message = N_("These points sum to %(total)s. Change them so that they sum to 100.")
    for profile, points in table["profiles"].items():
        total = sum(points.values())
        if abs(total - FULL_POINTS) > TOLERANCE:
            yield _path("profiles", profile, DIMENSIONS[0]), FieldError(message, total=f"{total:g}")
    total = sum(row["points"] for row in table["indicators"])
    if abs(total - FULL_POINTS) > TOLERANCE:
        yield "indicators/A1/points", FieldError(message, total=f"{total:g}")


def _orders(table: Mapping[str, Any]) -> Iterator[tuple[str, ServiceError]]:
    numbers = {_path(name, row, column): number for name, row, column, number in _leaves(table)}
    message = N_("%(low)s must not be greater than the %(high)s of what is better, or worse would be worth more.")
    for lower, upper in (*_ASCENDING, *_rungs(table)):
        if numbers[lower] > numbers[upper]:
            yield lower, FieldError(message, low=f"{numbers[lower]:g}", high=f"{numbers[upper]:g}")
    if numbers["values/best_dqr"] == numbers["values/worst_dqr"]:
        yield "values/best_dqr", FieldError(N_("Best and worst data quality must differ."))


def _rungs(table: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Return each level of a ladder with the next better one."""
    for indicator, levels in table["ladders"].items():
        yield from pairwise(_path("ladders", indicator, level) for level in levels)


def _grades(table: Mapping[str, Any]) -> Iterator[tuple[str, ServiceError]]:
    rules = table["grades"]
    for better, worse in pairwise(rules):
        for column in ("least_score", "share_cap"):
            equal = column == "least_score" and better[column] == worse[column]
            if better[column] < worse[column] or equal:
                yield (
                    _path("grades", better["grade"], column),
                    FieldError(
                        N_("Grade %(better)s (%(high)s) must ask and give more than grade %(worse)s (%(low)s)."),
                        better=better["grade"],
                        high=f"{better[column]:g}",
                        worse=worse["grade"],
                        low=f"{worse[column]:g}",
                    ),
                )
    if rules[-1]["least_score"] != 0:
        message = N_("The last grade begins at 0 points, or a score could have no grade.")
        yield _path("grades", rules[-1]["grade"], "least_score"), FieldError(message)


def _zeroes(table: Mapping[str, Any]) -> Iterator[tuple[str, ServiceError]]:
    """Refuse what would let silence pay: a claim or a level of nothing that is worth something."""
    worth_nothing = {"evidence_credits/claim": table["evidence_credits"]["claim"]}
    worth_nothing |= {f"ladders/{name}/none": levels["none"] for name, levels in table["ladders"].items()}
    for path, value in worth_nothing.items():
        if value != 0:
            message = N_("What nobody shows is worth nothing: this stays 0, or silence would pay.")
            yield path, FieldError(message)
    for profile, points in table["profiles"].items():
        for dimension, one in points.items():
            if one <= 0:
                message = N_("Every dimension of a profile has points; give it some, or silence in it would cost nothing.")
                yield _path("profiles", profile, dimension), FieldError(message)
