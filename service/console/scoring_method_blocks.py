"""The table of a scoring method laid out for a form, and its changes in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.console.choices import Options
from service.green_score.method_cells import TABLES, Cell, Cells, ChangedCell
from service.green_score.method_words import TABLE_NAMES, cell_name, choice_word, column_name, row_name
from service.i18n import Locale, translate

GRIDS: Final = frozenset({"indicators", "profiles", "efforts"})
"""Tables whose rows all have the same columns; of the others each value stands in a row of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FormCell:
    """A value with its full name, for those who don't see its row, and its choices if it is one of some words."""

    path: str
    name: str
    value: str
    options: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One table of the method: its columns and, by row, a name and the values."""

    key: str
    title: str
    columns: Sequence[str]
    rows: Sequence[tuple[str, Sequence[FormCell]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLine:
    """A value that differs, in words; None where a version has none."""

    name: str
    before: float | str | None
    after: float | str | None


def blocks_of(cells: Cells, locale: Locale) -> list[Block]:
    """Return every table with its cells."""
    return [_block(table, [cell for cell in cells.values() if cell.table == table], locale) for table in TABLES]


def change_lines(changes: Sequence[ChangedCell], locale: Locale) -> list[ChangeLine]:
    """Return changes in words."""
    return [
        ChangeLine(
            name=cell_name(one.cell, locale), before=_word(one.cell, one.before, locale), after=_word(one.cell, one.after, locale)
        )
        for one in changes
    ]


def _word(cell: Cell, value: float | str | None, locale: Locale) -> float | str | None:
    return choice_word(cell, value, locale) if isinstance(value, str) else value


def _block(table: str, cells: Sequence[Cell], locale: Locale) -> Block:
    title = translate(locale, TABLE_NAMES[table])
    if table not in GRIDS:
        rows = [(_joined(cell, locale), [_form_cell(cell, locale)]) for cell in cells]
        return Block(key=table, title=title, columns=(), rows=rows)
    names = dict.fromkeys(cell.row for cell in cells)
    by_row = {name: [cell for cell in cells if cell.row == name] for name in names}
    grid = [(row_name(row[0], locale), [_form_cell(cell, locale) for cell in row]) for row in by_row.values()]
    columns = [column_name(cell, locale) for cell in next(iter(by_row.values()))]
    return Block(key=table, title=title, columns=columns, rows=grid)


def _joined(cell: Cell, locale: Locale) -> str:
    return " · ".join(part for part in (row_name(cell, locale), column_name(cell, locale)) if part)


def _form_cell(cell: Cell, locale: Locale) -> FormCell:
    options = [(word, choice_word(cell, word, locale)) for word in cell.choices]
    value = cell.value if isinstance(cell.value, str) else f"{cell.value:.12g}"
    return FormCell(path=cell.path, name=cell_name(cell, locale), value=value, options=options)
