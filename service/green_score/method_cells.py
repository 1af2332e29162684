"""The table of a scoring method as cells: what a page shows, compares and edits; every adjustable number is one of them."""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.green_score.method_rules import Bounds, bounds_of, check_table
from service.submissions.parsing import parse_number
from service.suppliers.flows import FLOWS

TABLES: Final = (
    "indicators",
    "profiles",
    "categories",
    "values",
    "ladders",
    "recycled_targets",
    "evidence_credits",
    "electricity_credits",
    "penalties",
    "grades",
    "caps",
    "hysteresis",
    "efforts",
)
_KEYS: Final[Mapping[str, str]] = {"indicators": "id", "grades": "grade"}
_FIXED: Final = frozenset({"id", "dimension", "needs_proof", "may_be_left_out", "grade", "weak_dimensions"})
"""What makes the method what it is and is not adjusted: which indicators there are, and which always count."""
SINGLE: Final = ""
"""Column of a table that has one value per row."""

Cells = Mapping[str, "Cell"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One adjustable value.

    Attributes
    ----------
    choices
        Where the value is one of some words; empty for a number.

    """

    table: str
    row: str
    column: str
    value: float | str
    choices: tuple[str, ...] = ()

    @property
    def path(self) -> str:
        """Name of its field in a form: `indicators/A1/points`."""
        return "/".join(part for part in (self.table, self.row, self.column) if part)

    @property
    def bounds(self) -> Bounds:
        """What a number may be."""
        return bounds_of(self.table, self.row, self.column)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedCell:
    """A value that differs between two versions; None where a version has none."""

    cell: Cell
    before: float | str | None
    after: float | str | None


def cells_of(table: Mapping[str, Any]) -> Cells:
    """Return every adjustable value by its path, in the order of the table."""
    return {cell.path: cell for name in TABLES for cell in _cells(name, table)}


def with_typed(table: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the table with what a person typed, by path; values not named stay.

    Raises
    ------
    InvalidInputError
        Every cell that can't be used, by path, with its rule and fix.

    """
    changed, problems = copy.deepcopy(dict(table)), dict[str, ServiceError]()
    for path, cell in cells_of(table).items():
        if path in typed:
            try:
                _put(changed, cell, _read(cell, typed[path].strip()))
            except ServiceError as error:
                problems[path] = error
    problems = {**check_table(changed), **problems}
    if problems:
        raise InvalidInputError(problems)
    return changed


def changes_between(before: Mapping[str, Any], after: Mapping[str, Any]) -> Sequence[ChangedCell]:
    """Return the values that differ between two tables."""
    old, new = cells_of(before), cells_of(after)
    pairs = [(path, old.get(path), new.get(path)) for path in {**old, **new}]
    return [
        ChangedCell(cell=now or was, before=was.value if was else None, after=now.value if now else None)  # type: ignore[arg-type]  # one of the two is there
        for _, was, now in pairs
        if was is None or now is None or was.value != now.value
    ]


def _cells(name: str, table: Mapping[str, Any]) -> Iterator[Cell]:
    if name == "categories":
        profiles = tuple(table["profiles"])
        for flow in FLOWS:
            yield Cell(table=name, row=flow, column=SINGLE, value=table[name].get(flow, "default"), choices=profiles)
        return
    for row, columns in _rows(name, table):
        for column, value in columns.items():
            if column not in _FIXED and isinstance(value, int | float | str):
                yield Cell(table=name, row=row, column=column, value=value, choices=_choices(name, row, column, table))
            elif isinstance(value, Mapping):
                for inner, one in value.items():
                    yield Cell(table=name, row=row, column=f"{column}/{inner}", value=one)


def _rows(name: str, table: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    part = table[name]
    if name in _KEYS:
        yield from ((row[_KEYS[name]], row) for row in part)
    else:
        for row, value in part.items():
            yield row, value if isinstance(value, Mapping) else {SINGLE: value}


def _choices(name: str, row: str, column: str, table: Mapping[str, Any]) -> tuple[str, ...]:
    if name == "caps" and row != "weak_below":
        return tuple(one["grade"] for one in table["grades"])
    return tuple(table["efforts"]) if (name, column) == ("indicators", "effort") else ()


def _read(cell: Cell, typed: str) -> float | str:
    if not cell.choices:
        return parse_number(typed)
    if typed not in cell.choices:
        raise FieldError(N_("“%(input)s” is not one of the choices; pick one from the list."), input=typed[:60])
    return typed


def _put(table: dict[str, Any], cell: Cell, value: float | str) -> None:
    part = table[cell.table]
    rows = {row[_KEYS[cell.table]]: row for row in part} if cell.table in _KEYS else part
    *way, last = (cell.row, *cell.column.split("/")) if cell.column else (cell.row,)
    for step in way:
        rows = rows[step]
    rows[last] = value
