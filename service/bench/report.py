"""Measured figures beside floors and targets, as a table for people and JSON for programs."""

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

MARKS = {True: "ok", False: "BELOW THE FLOOR", None: ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What a figure should be, from the project's goals for two shared CPU cores; None where there is none.

    Attributes
    ----------
    floor, target
        In the figure's unit; below the floor something is broken.
    more_is_better
        False for durations and memory.

    """

    floor: float
    target: float
    more_is_better: bool = True

    def holds(self, value: float) -> bool:
        """Tell whether a value is on the right side of the floor."""
        return value >= self.floor if self.more_is_better else value <= self.floor


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measured value."""

    name: str
    value: float
    unit: str
    goal: Goal | None = None
    p99_ms: float | None = None
    errors: int = 0

    @property
    def holds(self) -> bool | None:
        """Whether the floor is kept without errors; None where there is no floor."""
        return None if self.goal is None else self.goal.holds(self.value) and self.errors == 0

    def as_dict(self) -> dict[str, Any]:
        """Return the figure for programs."""
        return asdict(self) | {"holds": self.holds}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """Figures of one run, and the machine they were measured on."""

    figures: Sequence[Figure]
    notes: Sequence[str] = ()


def to_json(report: Report) -> str:
    """Return the report for programs, full precision."""
    figures = [figure.as_dict() for figure in report.figures]
    return json.dumps({"machine": machine(), "figures": figures, "notes": [*report.notes]}, indent=2, allow_nan=False)


def machine() -> dict[str, Any]:
    """Return what figures were measured on."""
    return {
        "cpus": os.cpu_count(),
        "load_1_min": os.getloadavg()[0],
        "python": platform.python_version(),
        "system": platform.platform(),
    }


def machine_line() -> str:
    """Return what figures were measured on, for people."""
    return f"{os.cpu_count()} CPUs, load {os.getloadavg()[0]:.1f} in the last minute, Python {platform.python_version()}"


def figure_table(report: Report) -> Sequence[Sequence[str]]:
    """Return the figures as rows of words, the header first."""
    rows = [("", "measured", "p99", "floor", "target", "errors", "")]
    for figure in report.figures:
        goal = figure.goal
        rows.append(
            (
                figure.name,
                f"{figure.value:,.4g} {figure.unit}",
                "" if figure.p99_ms is None else f"{figure.p99_ms:.0f} ms",
                f"{goal.floor:g}" if goal else "",
                f"{goal.target:g}" if goal else "",
                str(figure.errors or ""),
                MARKS[figure.holds],
            )
        )
    return rows


def to_table(report: Report) -> str:
    """Return the report for people."""
    return "\n".join((*aligned(figure_table(report)), *report.notes, machine_line()))


def aligned(rows: Sequence[Sequence[str]]) -> list[str]:
    """Return rows of words as lines whose columns stand below each other."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]


def publish(report: Report, *, as_json: bool, output: Path | None) -> str:
    """Write JSON into a file if one is named; return what to print."""
    if output is not None:
        output.write_text(to_json(report) + "\n", encoding="utf-8")
    return to_json(report) if as_json else to_table(report)
