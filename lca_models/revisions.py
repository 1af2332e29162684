"""Tables of a model as rows that can be compared and changed one at a time; the text of a table stays the truth."""

import csv
import io
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import Final

from lca_models.errors import N_, TableError
from lca_models.tables import read_table

SOURCES: Final = "sources.toml"
_SOURCE_COLUMNS: Final = ("key", "citation", "licence", "status", "used_for")
_EXCHANGE: Final = ("process", "flow", "direction")

TABLE_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "allocation_cases.csv": ("case",),
    "alternatives.csv": ("parameter", "name"),
    "background_splits.csv": ("flow", "elementary_flow"),
    "carbon_contents.csv": ("flow",),
    "electricity_cn.csv": ("region_code", "region", "year", "kind"),
    "emission_flows.csv": ("flow",),
    "evidence_uncertainty.csv": ("evidence",),
    "exemptions.csv": ("flow",),
    "exchange_formulas.csv": (*_EXCHANGE, "part"),
    "factor_sets.csv": ("set",),
    "furnace_defaults.csv": ("parameter", "furnace"),
    "linked_exchanges.csv": _EXCHANGE,
    "literature_factors.csv": ("flow",),
    "literature_route.csv": _EXCHANGE,
    "parameters.csv": ("name",),
    "pedigree.csv": ("scheme", "indicator", "score", "quantity"),
    SOURCES: ("key",),
    "stages.csv": ("stage",),
    "unit_processes.csv": _EXCHANGE,
    "upstream_builds.csv": _EXCHANGE,
    "upstream_factors.csv": ("flow",),
}
"""Columns that tell the rows of a table apart. Of a table that is not named, all columns together do."""


class Change(StrEnum):
    """What happened to a row."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """One row.

    Attributes
    ----------
    key
        Cells that tell it from the other rows of its table.
    line
        Where it stands in the text; 0 for a row that is not in a text yet.

    """

    key: tuple[str, ...]
    cells: Mapping[str, str]
    line: int

    @property
    def key_digest(self) -> str:
        """Short name of the key, fit for an address."""
        return sha256("\x1f".join(self.key).encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelTableText:
    """A table as rows.

    Attributes
    ----------
    key_columns
        Columns that make a row's key.

    """

    file: str
    columns: tuple[str, ...]
    key_columns: tuple[str, ...]
    rows: tuple[TableRow, ...]

    def find(self, key_digest: str) -> TableRow | None:
        """Return the row of a key."""
        return next((row for row in self.rows if row.key_digest == key_digest), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowChange:
    """How a row differs between two versions of a table.

    Attributes
    ----------
    cells
        Of the columns that differ: column, old text, new text; the text of a missing row is empty.

    """

    file: str
    key: tuple[str, ...]
    change: Change
    cells: tuple[tuple[str, str, str], ...]


def parse_table(content: bytes, *, file: str) -> ModelTableText:
    """Return the rows of a CSV table or of the sources; whether the model can use them is not asked here."""
    return _parse_toml(content, file=file) if file.endswith(".toml") else _parse_csv(content, file=file)


def write_table(table: ModelTableText) -> bytes:
    """Return the text of a table: CSV, or TOML for the sources."""
    return _write_toml(table) if table.file.endswith(".toml") else _write_csv(table)


def with_row(table: ModelTableText, cells: Mapping[str, str], *, instead_of: TableRow | None) -> ModelTableText:
    """Return the table with a row added at the end, or put in the place of another one.

    Raises
    ------
    TableError
        If another row has the same key.

    """
    row = _row(table.key_columns, {column: cells.get(column, "").strip() for column in table.columns}, line=0)
    same = next((one for one in table.rows if one.key == row.key and one is not instead_of), None)
    if same is not None:
        raise TableError(
            N_("%(file)s, line %(line)s: this row already stands in the table: %(value)s. Change that row instead."),
            file=table.file,
            line=same.line,
            column=table.key_columns[0],
            value=" / ".join(filter(None, row.key)),
        )
    if instead_of is None:
        return replace(table, rows=(*table.rows, row))
    return replace(table, rows=tuple(row if one is instead_of else one for one in table.rows))


def without_row(table: ModelTableText, row: TableRow) -> ModelTableText:
    """Return the table without one of its rows."""
    return replace(table, rows=tuple(one for one in table.rows if one is not row))


def compare_models(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> tuple[RowChange, ...]:
    """Return what differs between two versions of a model, table by table in the order of their names."""
    changes: list[RowChange] = []
    for file in sorted({*old, *new}):
        if old.get(file) != new.get(file):
            before, after = (parse_table(side[file], file=file) if file in side else None for side in (old, new))
            changes.extend(_compare(file, before.rows if before else (), after.rows if after else ()))
    return tuple(changes)


def _compare(file: str, old: Sequence[TableRow], new: Sequence[TableRow]) -> list[RowChange]:
    before, after = ({row.key: row.cells for row in rows} for rows in (old, new))
    found: list[tuple[tuple[str, ...], Change, Mapping[str, str], Mapping[str, str]]] = [
        (key, Change.REMOVED, before[key], {}) for key in before if key not in after
    ]
    found += [(key, Change.CHANGED if key in before else Change.ADDED, before.get(key, {}), cells) for key, cells in after.items()]
    return [
        RowChange(file=file, key=key, change=change, cells=cells)
        for key, change, was, is_now in found
        if (cells := _differing(was, is_now))
    ]


def _differing(old: Mapping[str, str], new: Mapping[str, str]) -> tuple[tuple[str, str, str], ...]:
    pairs = ((column, old.get(column, ""), new.get(column, "")) for column in {**old, **new})
    return tuple((column, was, is_now) for column, was, is_now in pairs if was != is_now)


def _row(key_columns: Sequence[str], cells: Mapping[str, str], *, line: int) -> TableRow:
    return TableRow(key=tuple(cells.get(column, "") for column in key_columns), cells=cells, line=line)


def _parse_csv(content: bytes, *, file: str) -> ModelTableText:
    rows = read_table(content, file=file, required=TABLE_KEYS.get(file, ()), optional=None)
    header = next(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")), [])
    columns = tuple(cell.strip() for cell in header)
    keys = TABLE_KEYS.get(file, columns)
    return ModelTableText(
        file=file,
        columns=columns,
        key_columns=keys,
        rows=tuple(_row(keys, row.cells, line=row.place.line) for row in rows),
    )


def _write_csv(table: ModelTableText) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, table.columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(row.cells for row in table.rows)
    return text.getvalue().encode()


def _parse_toml(content: bytes, *, file: str) -> ModelTableText:
    try:
        entries = tomllib.loads(content.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise TableError(N_("%(file)s is not valid TOML: %(problem)s."), file=file, problem=error) from error
    cells = [{"key": key, **_toml_cells(entry)} for key, entry in entries.items()]
    columns = _SOURCE_COLUMNS if file == SOURCES else tuple(dict.fromkeys(column for row in cells for column in row))
    rows = tuple(_row(("key",), row, line=0) for row in cells)
    return ModelTableText(file=file, columns=columns, key_columns=("key",), rows=rows)


def _toml_cells(entry: object) -> Mapping[str, str]:
    fields = entry if isinstance(entry, dict) else {"value": entry}
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        for name, value in fields.items()
    }


def _write_toml(table: ModelTableText) -> bytes:
    """Write texts only, which is what sources are made of; JSON strings are TOML strings but for one control character."""
    lines: list[str] = []
    for row in table.rows:
        lines.append(f"[{_toml_text(row.cells['key'])}]")
        lines += [f"{column} = {_toml_text(row.cells.get(column, ''))}" for column in table.columns if column != "key"]
        lines.append("")
    return "\n".join(lines).encode()


def _toml_text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
