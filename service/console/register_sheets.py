"""A register as a workbook to fill in, and as files to take along."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from pydantic import BaseModel

from service.accounts.access import Context
from service.console.exports import csv_of
from service.console.register_columns import Column as RegisterColumn
from service.console.register_columns import Kind, Words, cell_of, exported, words_of
from service.console.register_definition import Register
from service.console.register_rows import ALL_ROWS, not_a_choice
from service.console.table_imports import SheetImport
from service.errors import N_, FieldError, InvalidInputError
from service.i18n import LOCALES, Locale, translate
from service.registers.queries import find_rows, get_row
from service.suppliers.sheet_cells import Cell as SheetCell
from service.suppliers.sheet_cells import ReadCell, as_text, plain_text, read_date, read_number, read_yes
from service.suppliers.table_import import Planned, Present, Table, TablePlan, apply_planned, plan_table
from service.suppliers.workbook import Column, Value, write_workbook

CHOICES_SHEET: Final = "可选值 Choices"
WIDTHS: Final[Mapping[Kind, int]] = {Kind.TEXT: 32, Kind.LONG_TEXT: 48, Kind.CHOICE: 32}


def register_import(register: Register) -> SheetImport[Any]:
    """Return the import of a register's rows from Excel."""

    def plan(context: Context, answer: Mapping[str, Any]) -> TablePlan[Any]:
        def check(fields: BaseModel) -> None:
            if register.check is not None:
                register.check(context.session, fields)

        return plan_table(_table(context, register), answer, present=_present(context, register), check=check)

    def cells(context: Context, rows: Sequence[Any]) -> Sequence[Sequence[str]]:
        words = words_of(context, register.typed)
        return [[cell_of(context, column, row, words).text for column in register.typed] for row in rows]

    return SheetImport(
        title=N_("Import from Excel"),
        list_title=register.title,
        path=register.path,
        above=register.above,
        policy=register.writers,
        columns=tuple((column.label, "number" if column.is_number else "text") for column in register.typed),
        fields=register.fields,
        template=lambda context: _template(context, register),
        plan=plan,
        cells=cells,
        apply=lambda context, rows: _apply(context, register, rows),
        done=N_("%(count)s rows imported."),
    )


def check_choices(context: Context, register: Register, fields: BaseModel, present: object | None) -> None:
    """Refuse a value that can't be chosen, except where it stands in the row already.

    Raises
    ------
    InvalidInputError
        With the fields concerned.

    """
    wrong = {}
    for column in register.typed:
        value = getattr(fields, column.key)
        if column.kind is not Kind.CHOICE or value is None or (present is not None and getattr(present, column.key) == value):
            continue
        if str(value) not in {key for key, _ in column.options(context)}:
            wrong[column.key] = not_a_choice(value)
    if wrong:
        raise InvalidInputError(wrong)


def fields_of(register: Register, row: object) -> BaseModel:
    """Return a row as it would be typed; its values have been checked when they came."""
    return register.fields.model_construct(**{name: getattr(row, name) for name in register.fields.model_fields})


def register_csv(context: Context, register: Register, rows: Sequence[object]) -> bytes:
    """Return rows as a CSV file in the reader's language."""
    columns = [Column(key=column.key, header=column.heading(context.locale), hint="") for column in register.columns]
    return csv_of(columns, _values(context, register.columns, rows))


def register_workbook(context: Context, register: Register, rows: Sequence[object]) -> bytes:
    """Return rows as a workbook in the reader's language."""
    return write_workbook(
        sheet=_sheet_name(register, context.locale),
        columns=[_sheet_column(column, column.heading(context.locale)) for column in register.columns],
        rows=_values(context, register.columns, rows),
        choices=_choices(context, register),
        choices_sheet=CHOICES_SHEET,
    )


def _template(context: Context, register: Register) -> bytes:
    columns = _sheet_columns(register)
    return write_workbook(
        sheet=_sheet_name(register, context.locale),
        columns=columns,
        rows=_values(context, register.typed, [row for row in _rows(context, register) if not getattr(row, "ended_at", None)]),
        choices=_choices(context, register),
        choices_sheet=CHOICES_SHEET,
    )


def _values(context: Context, columns: Sequence[RegisterColumn], rows: Sequence[object]) -> list[Sequence[Value]]:
    words: Words = words_of(context, columns)
    return [[exported(context, column, row, words) for column in columns] for row in rows]


def _rows(context: Context, register: Register) -> Sequence[Any]:
    where = list(register.only(context))
    return find_rows(context.session, register.table, where=where, order=register.sort, offset=0, limit=ALL_ROWS)


def _present(context: Context, register: Register) -> Sequence[Present[Any]]:
    open_rows = (row for row in _rows(context, register) if not getattr(row, "ended_at", None))
    return [Present(id=row.id, version=row.version, fields=fields_of(register, row)) for row in open_rows]


def _apply(context: Context, register: Register, rows: Sequence[Planned[Any]]) -> None:
    def add(fields: BaseModel) -> None:
        check_choices(context, register, fields, None)
        register.added(context, fields)

    def change(row_id: uuid.UUID, fields: BaseModel, version: int) -> None:
        check_choices(context, register, fields, get_row(context.session, register.table, row_id))
        register.changed(context, row_id, fields, version)

    apply_planned(rows, add=add, change=change)


def _table(context: Context, register: Register) -> Table[Any]:
    fields = register.fields.model_fields
    return Table(
        sheet=_sheet_name(register, context.locale),
        columns=_sheet_columns(register),
        readers={column.key: _reader(context, column) for column in register.typed},
        required=frozenset(column.key for column in register.typed if fields[column.key].is_required()),
        identity=lambda row: tuple(_comparable(getattr(row, name)) for name in register.identity),
        fields=register.fields,
    )


def _comparable(value: object) -> object:
    return plain_text(value) if type(value) is str else value


def _reader(context: Context, column: RegisterColumn) -> ReadCell:
    readers: Mapping[Kind, ReadCell] = {
        Kind.NUMBER: read_number,
        Kind.YEAR: read_number,
        Kind.DATE: read_date,
        Kind.YES_NO: read_yes,
        Kind.CHOICE: _choice_reader(context, column),
    }
    return readers.get(column.kind, as_text)


def _choice_reader(context: Context, column: RegisterColumn) -> ReadCell:
    """Return a reader of values and of their texts in either language."""
    known: dict[str, set[str]] = {}
    for locale in LOCALES:
        for key, text in column.options(replace(context, locale=locale)):
            known.setdefault(plain_text(text), set()).add(key)
            known.setdefault(plain_text(key), set()).add(key)

    def read(cell: SheetCell) -> str:
        found = known.get(plain_text(as_text(cell)), set())
        if not found:
            raise FieldError(N_("This is not one of the choices; write one of those on the sheet “Choices”."))
        if len(found) > 1:
            raise FieldError(N_("%(count)s of the choices are called this; enter this row in the form instead."), count=len(found))
        return next(iter(found))

    return read


def _sheet_columns(register: Register) -> tuple[Column, ...]:
    return tuple(_sheet_column(column, _both(column)) for column in register.typed)


def _sheet_column(column: RegisterColumn, header: str) -> Column:
    hint = " / ".join(dict.fromkeys(translate(locale, column.hint) for locale in LOCALES)) if column.hint else _HINTS[column.kind]
    return Column(key=column.key, header=header, hint=hint, width=WIDTHS.get(column.kind, 20))


_HINTS: Final[Mapping[Kind, str]] = {
    Kind.TEXT: "文字 / text",
    Kind.LONG_TEXT: "文字 / text",
    Kind.NUMBER: "例如 1250.5 / for example 1250.5",
    Kind.YEAR: "例如 2025 / for example 2025",
    Kind.DATE: "例如 2025-12-31 / for example 2025-12-31",
    Kind.CHOICE: "见“可选值”页 / see the sheet “Choices”",
    Kind.YES_NO: "是 / 否, yes / no",
}
"""Never empty and never a value: by the hint of its first column the line of hints is told from a row."""


def _both(column: RegisterColumn) -> str:
    """Return the header in both languages."""
    return " / ".join(dict.fromkeys(column.heading(locale) for locale in LOCALES))


def _choices(context: Context, register: Register) -> Mapping[str, Sequence[str]]:
    listed = [column for column in register.typed if column.kind is Kind.CHOICE]
    return {_both(column): [text for _, text in column.options(context)] for column in listed}


def _sheet_name(register: Register, locale: Locale) -> str:
    """Return a name that Excel takes: at most 31 characters, without the marks of addresses."""
    return "".join(mark for mark in translate(locale, register.title) if mark not in r"[]:*?/\'")[:31]
