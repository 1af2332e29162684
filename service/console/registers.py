"""The register kit: list, form, workbook and files of a light register, all from its definition (docs/registers.md)."""

import inspect
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter
from pydantic import BaseModel, Field, create_model
from sqlmodel import SQLModel
from starlette.responses import Response

from service.accounts.access import Context, Policy, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.console.choices import Options
from service.console.exports import CSV, XLSX, attachment
from service.console.register_columns import Cell, Choices, Column, Kind, cell_of, words_of
from service.console.register_definition import Ending, Register, Tabs
from service.console.register_rows import Found, filter_type, rows_found, sortable
from service.console.register_sheets import check_choices, fields_of, register_csv, register_import, register_workbook
from service.console.table_imports import add_import, as_typed
from service.database import new_id
from service.errors import N_, NotFoundError
from service.i18n import translate
from service.registers.queries import conditions, count_rows, get_row
from service.web.forms import FormInput, FormState, Version, parse_form

__all__ = ["Choices", "Column", "Ending", "Kind", "Register", "add_register"]


class EndForm(FormInput):
    """The button that ends a row, with the reason."""

    reason: Annotated[str, Field(min_length=2, max_length=500)]
    version: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row of the list; `links` are what leads on from it."""

    cells: Sequence[Cell]
    is_sample: bool
    has_ended: bool
    edit_href: str | None
    links: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterField:
    """One filter above the list; without options a text."""

    key: str
    label: str
    options: Options | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage:
    """The list of a register."""

    title: str
    lead: str
    empty: str
    add_label: str
    path: str
    steps: Sequence[tuple[str, str]]
    tabs: Tabs
    heads: Sequence[tuple[str, str]]
    lines: Sequence[Line]
    filters: Sequence[FilterField]
    orders: Options
    found: Found
    files: Sequence[tuple[str, str]]
    previous_href: str | None
    next_href: str | None
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FormField:
    """One field of the form."""

    key: str
    kind: str
    label: str
    hint: str | None
    is_required: bool
    options: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterFormPage:
    """The form, for a new row if `version` is 0."""

    title: str
    steps: Sequence[tuple[str, str]]
    list_path: str
    action: str
    fields: Sequence[FormField]
    form: FormState
    end_form: FormState
    version: int
    end_label: str | None
    ended_reason: str | None
    idempotency_key: str


def add_register(router: APIRouter, register: Register) -> None:
    """Add all addresses of a register to a router, before any address of its own that has an id in the same place."""
    asked = filter_type(register)

    def show_new(context: Context, form: FormState) -> Response:
        return _show_form(context, register, None, form)

    @router.get(register.path)
    @endpoint(register.readers)
    def show_register(context: Context) -> Response:
        """List the rows; filters stand in the address."""
        return _show_list(context, register, rows_found(context, register, asked))

    @router.get(f"{register.path}/new")
    @endpoint(register.writers)
    def new_row(context: Context) -> Response:
        """Show an empty form, or one with what the address says."""
        given = {name: text for name, text in context.request.query_params.items() if name in register.fields.model_fields}
        return show_new(context, FormState(values=given))

    @router.post(register.path)
    @endpoint(register.writers)
    @refusals_shown_by(show_new)
    def create_row(context: Context) -> Response:
        """Add a row."""
        fields = parse_form(register.fields, context.form)
        check_choices(context, register, fields, None)
        register.added(context, fields)
        return see_other(context, register.path, N_("Added."))

    _add_files(router, register, asked)
    add_import(router, register_import(register))
    _add_row_addresses(router, register)


def _add_files(router: APIRouter, register: Register, asked: type[BaseModel]) -> None:
    @router.get(f"{register.path}/export.xlsx")
    @endpoint(register.readers)
    def export_workbook(context: Context) -> Response:
        """Send the rows that the address asks for as a workbook."""
        found = rows_found(context, register, asked, all_rows=True)
        return attachment(register_workbook(context, register, found.rows), XLSX, f"{register.key}.xlsx")

    @router.get(f"{register.path}/export.csv")
    @endpoint(register.readers)
    def export_csv(context: Context) -> Response:
        """Send the rows that the address asks for as a CSV file."""
        found = rows_found(context, register, asked, all_rows=True)
        return attachment(register_csv(context, register, found.rows), CSV, f"{register.key}.csv")


def _add_row_addresses(router: APIRouter, register: Register) -> None:
    address = f"{register.path}/{{{register.parameter}}}"
    change_type = create_model("RegisterChange", __base__=register.fields, version=(Version, ...))

    def show_row(context: Context, form: FormState, row_id: uuid.UUID) -> Response:
        return _show_form(context, register, _row(context, register, row_id), form)

    def show_ending(context: Context, form: FormState, row_id: uuid.UUID) -> Response:
        row = _row(context, register, row_id)
        return _show_form(context, register, row, FormState(values=as_typed(fields_of(register, row))), end_form=form)

    def edit_row(context: Context, row_id: uuid.UUID) -> Response:
        """Show the form with what is known."""
        return show_ending(context, FormState(), row_id)

    @refusals_shown_by(show_row)
    def change_row(context: Context, row_id: uuid.UUID) -> Response:
        """Change a row."""
        row = _row(context, register, row_id)
        typed = parse_form(change_type, context.form).model_dump()
        version = int(typed.pop("version"))
        fields = register.fields(**typed)
        check_choices(context, register, fields, row)
        register.changed(context, row_id, fields, version)
        return see_other(context, register.path, N_("Saved."))

    @refusals_shown_by(show_ending)
    def end_row(context: Context, row_id: uuid.UUID) -> Response:
        """End a row, with the reason."""
        _row(context, register, row_id)
        ending = parse_form(EndForm, context.form)
        register.ended(context, row_id, ending.reason, ending.version)
        return see_other(context, register.path, N_("Ended; the row is kept with the reason."))

    router.get(f"{address}/edit")(_of_row(register, register.writers, edit_row))
    router.post(address)(_of_row(register, register.writers, change_row))
    if register.ending is not None:
        router.post(f"{address}/end")(_of_row(register, register.writers, end_row))


def _of_row(register: Register, policy: Policy, handle: Callable[[Context, uuid.UUID], Response]) -> Callable[..., Any]:
    """Return an endpoint whose path parameter has the register's own name, so that every object is known by one name only."""

    def handle_row(context: Context, **ids: uuid.UUID) -> Response:
        return handle(context, ids[register.parameter])

    positional = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=Context)
    of_row = inspect.Parameter(register.parameter, inspect.Parameter.KEYWORD_ONLY, annotation=uuid.UUID)
    handle_row.__signature__ = inspect.Signature([positional, of_row], return_annotation=Response)  # type: ignore[attr-defined] # read by endpoint
    handle_row.__doc__ = handle.__doc__
    return endpoint(policy)(handle_row)


def _row(context: Context, register: Register, row_id: uuid.UUID) -> SQLModel:
    """Return a row that belongs to this register."""
    row = get_row(context.session, register.table, row_id)
    only = list(register.only(context))
    if only and not count_rows(
        context.session, register.table, where=[*only, *conditions(register.table, equal={"id": row_id}, contained={})]
    ):
        raise NotFoundError
    return row


def _show_list(context: Context, register: Register, found: Found) -> Response:
    shown = [column for column in register.columns if column.in_list]
    words = words_of(context, shown)
    locale, may_write = context.locale, register.may_write(context)
    page = RegisterPage(
        title=translate(locale, register.title),
        lead=translate(locale, register.lead),
        empty=translate(locale, register.empty),
        add_label=translate(locale, register.add_label),
        path=register.path,
        steps=_steps(context, register, with_list=False),
        tabs=register.tabs(context) if register.tabs else (),
        heads=[(column.heading(locale), "number" if column.is_number else "text") for column in shown],
        lines=[
            Line(
                cells=[cell_of(context, column, row, words) for column in shown],
                is_sample=bool(getattr(row, "is_sample", False)),
                has_ended=getattr(row, "ended_at", None) is not None,
                edit_href=f"{register.path}/{_id(row)}/edit" if may_write else None,
                links=register.links(context, row),
            )
            for row in found.rows
        ],
        filters=[_filter_field(context, column) for column in register.columns if column.filtered],
        orders=_orders(context, register),
        found=found,
        files=[(name, _address(context, f"{register.path}/export.{end}", {})) for name, end in (("Excel", "xlsx"), ("CSV", "csv"))],
        previous_href=_address(context, register.path, {"page": found.page - 1}) if found.page > 1 else None,
        next_href=_address(context, register.path, {"page": found.page + 1}) if _has_next(found) else None,
        may_write=may_write,
    )
    return render_page(context, "console/register.html", page)


def _show_form(
    context: Context,
    register: Register,
    row: SQLModel | None,
    form: FormState,
    *,
    end_form: FormState | None = None,
) -> Response:
    required = register.fields.model_fields
    fields = [
        FormField(
            key=column.key,
            kind=column.kind.value,
            label=column.heading(context.locale),
            hint=translate(context.locale, column.hint) if column.hint else None,
            is_required=required[column.key].is_required() or column.kind.value == Kind.YES_NO.value,
            options=_options(context, column, form),
        )
        for column in register.typed
    ]
    ending = register.ending if row is not None and getattr(row, "ended_at", None) is None else None
    page = RegisterFormPage(
        title=translate(context.locale, register.add_label) if row is None else translate(context.locale, N_("Change a row")),
        steps=_steps(context, register, with_list=True),
        list_path=register.path,
        action=register.path if row is None else f"{register.path}/{_id(row)}",
        fields=fields,
        form=form,
        end_form=end_form or FormState(),
        version=0 if row is None else int(row.version),  # type: ignore[attr-defined] # a register's table has one
        end_label=translate(context.locale, ending.label) if ending else None,
        ended_reason=getattr(row, "ended_reason", None),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/register_form.html", page, status=(end_form or form).status)


def _options(context: Context, column: Column, form: FormState) -> Options:
    """Return what can be chosen, with what stands there now where it can't be chosen any more."""
    options = list(column.options(context))
    if column.kind is Kind.CHOICE and (value := form.value(column.key)) and value not in dict(options) and not form.errors:
        options.append((value, value))
    return options


def _filter_field(context: Context, column: Column) -> FilterField:
    is_chosen = column.kind in {Kind.CHOICE, Kind.YES_NO}
    label = translate(context.locale, column.label)
    return FilterField(key=column.key, label=label, options=column.options(context) if is_chosen else None)


def _orders(context: Context, register: Register) -> Options:
    found = []
    for column in sortable(register):
        label = translate(context.locale, column.label)
        found += [(column.key, f"{label} ↑"), (f"-{column.key}", f"{label} ↓")]
    return found


def _steps(context: Context, register: Register, *, with_list: bool) -> Sequence[tuple[str, str]]:
    steps = [register.above] if register.above else []
    if with_list:
        steps.append((register.title, register.path))
    return [(translate(context.locale, title), path) for title, path in steps]


def _address(context: Context, path: str, changed: Mapping[str, object]) -> str:
    kept = {name: value for name, value in context.request.query_params.items() if name not in {"page", "lang"} and value}
    query = urlencode({**kept, **changed})
    return f"{path}?{query}" if query else path


def _has_next(found: Found) -> bool:
    return bool(found.rows) and found.first + len(found.rows) - 1 < found.total


def _id(row: SQLModel) -> uuid.UUID:
    row_id: uuid.UUID = row.id  # type: ignore[attr-defined] # a register's table has one
    return row_id
