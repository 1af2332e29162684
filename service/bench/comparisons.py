"""Our calculation and plain Brightway's of the same thing, side by side: time, ratio, and whether they agree."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.bench.report import Figure, aligned, machine, machine_line

ROUNDING: Final = 1e-12
"""Two correct solvers of the same double-precision arrays differ by less, relative to the result."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """What a case is to reach; None where nothing is asked."""

    ratio: float | None = None
    ours_s: float | None = None
    per_s: float | None = None
    p99_ms: float | None = None

    def __str__(self) -> str:
        wanted = (
            (self.ratio, f">= {self.ratio or 0:,g}x"),
            (self.ours_s, f"<= {_seconds(self.ours_s or 0)}"),
            (self.per_s, f">= {self.per_s or 0:g}/s"),
            (self.p99_ms, f"p99 <= {self.p99_ms or 0:g} ms"),
        )
        return ", ".join(text for value, text in wanted if value is not None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """One case.

    Attributes
    ----------
    n
        Results calculated: footprints, draws, scenarios, variants, answers.
    ours_s
        For all of them.
    theirs_s
        For all of them, scaled up from `theirs_n` where that is less.
    theirs
        What was measured there.
    max_relative_difference
        Over the `theirs_n` results that both calculated.
    tolerance
        Above it, the case has failed whatever its speed.
    further_s
        What each side did once before, and what else was timed; not in the times above.
    per_s, p99_ms, errors
        Of a case that goes through HTTP.

    """

    case: str
    n: int
    ours_s: float
    theirs_s: float
    theirs_n: int
    theirs: str
    max_relative_difference: float
    reach: Reach
    tolerance: float = ROUNDING
    further_s: Mapping[str, float] = field(default_factory=dict)
    per_s: float | None = None
    p99_ms: float | None = None
    errors: int = 0

    @property
    def ratio(self) -> float:
        """How many times faster ours is."""
        return self.theirs_s / self.ours_s

    @property
    def agrees(self) -> bool:
        """Whether both give the same results."""
        return self.max_relative_difference <= self.tolerance

    @property
    def holds(self) -> bool:
        """Whether the case agrees and reaches what it is to reach."""
        reach = self.reach
        return (
            self.agrees
            and self.errors == 0
            and (reach.ratio is None or self.ratio >= reach.ratio)
            and (reach.ours_s is None or self.ours_s <= reach.ours_s)
            and (reach.per_s is None or (self.per_s or 0.0) >= reach.per_s)
            and (reach.p99_ms is None or (self.p99_ms or 0.0) <= reach.p99_ms)
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the case for programs."""
        return {
            "case": self.case,
            "ours_s": self.ours_s,
            "theirs_s": self.theirs_s,
            "ratio": self.ratio,
            "max_relative_difference": self.max_relative_difference,
            "n": self.n,
            "theirs_n": self.theirs_n,
            "theirs": self.theirs,
            "tolerance": self.tolerance,
            "agrees": self.agrees,
            "further_s": dict(self.further_s),
            "reach": str(self.reach),
            "holds": self.holds,
            "per_s": self.per_s,
            "p99_ms": self.p99_ms,
            "errors": self.errors,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """How the time of something grows with its size."""

    name: str
    sizes: tuple[int, ...]
    seconds: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LcaReport:
    """All cases of one run, and what was measured of whole processes."""

    cases: Sequence[Comparison]
    figures: Sequence[Figure] = ()
    growth: Sequence[Growth] = ()

    @property
    def agrees(self) -> bool:
        """Whether no case gives other results than Brightway."""
        return all(case.agrees and case.errors == 0 for case in self.cases)


def largest_relative_difference(ours: NDArray[np.float64], theirs: NDArray[np.float64]) -> float:
    """Return the largest difference relative to the larger of both; not a number where either is none."""
    larger = np.maximum(np.abs(ours), np.abs(theirs))
    return float(np.max(np.abs(ours - theirs) / np.where(larger > 0, larger, 1.0)))


def to_json(report: LcaReport) -> str:
    """Return the report for programs, full precision."""
    return json.dumps(
        {
            "machine": machine(),
            "cases": [case.as_dict() for case in report.cases],
            "figures": [figure.as_dict() for figure in report.figures],
            "growth": [{"name": one.name, "sizes": one.sizes, "seconds": one.seconds} for one in report.growth],
        },
        indent=2,
        allow_nan=False,
    )


def to_table(report: LcaReport) -> str:
    """Return the report for people."""
    return "\n".join((*aligned(rows_of(report)), "", *aligned(figure_rows(report)), machine_line()))


def publish(report: LcaReport, *, as_json: bool, output: Path | None) -> str:
    """Write JSON into a file if one is named; return what to print."""
    if output is not None:
        output.write_text(to_json(report) + "\n", encoding="utf-8")
    return to_json(report) if as_json else to_table(report)


HEADER: Final = ("case", "n", "ours", "plain Brightway", "ratio", "difference", "to reach", "")


def rows_of(report: LcaReport) -> list[tuple[str, ...]]:
    """Return the cases as rows of words, the header first."""
    return [HEADER, *(_row(case) for case in report.cases)]


def _row(case: Comparison) -> tuple[str, ...]:
    measured = "" if case.theirs_n == case.n else f" (scaled from {case.theirs_n:,})"
    http = "" if case.per_s is None else f" ({case.per_s:,.0f}/s, p99 {case.p99_ms:.0f} ms)"
    return (
        case.case,
        f"{case.n:,}",
        _seconds(case.ours_s) + http,
        f"{_seconds(case.theirs_s)}{measured}",
        f"{case.ratio:,.0f}x",
        f"{case.max_relative_difference:.0e}",
        str(case.reach),
        "ok" if case.holds else "MISSED" if case.agrees else "DIFFERS",
    )


def figure_rows(report: LcaReport) -> list[tuple[str, ...]]:
    """Return what was measured of whole processes as rows of words, the header first."""
    return [
        ("", "measured", "to reach", ""),
        *(
            (
                figure.name,
                f"{figure.value:,.3g} {figure.unit}",
                "" if figure.goal is None else f"<= {figure.goal.target:g} {figure.unit}",
                {True: "ok", False: "MISSED", None: ""}[figure.holds],
            )
            for figure in report.figures
        ),
    ]


def _seconds(value: float) -> str:
    if value < 1.0:
        return f"{value * 1000:,.3g} ms"
    return f"{value:,.3g} s" if value < 1000 else f"{value / 60:,.0f} min"  # noqa: PLR2004 - where minutes read better
