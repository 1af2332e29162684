"""Which rows of a register its list shows: what the address filters by, the page and the order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

from pydantic import BaseModel, Field, TypeAdapter, create_model
from sqlmodel import SQLModel

from service.accounts.access import Context
from service.console.choices import read_filter
from service.console.register_columns import Column, Kind, as_key
from service.console.register_definition import Register
from service.errors import N_, FieldError, InvalidInputError
from service.i18n import explain
from service.registers.queries import conditions, count_rows, find_rows
from service.web.forms import FormInput, FormState

PAGE_ROWS: Final = 50
ALL_ROWS: Final = 20_000
FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2200


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Rows of one page; `first` counts from 1, 0 if there is none."""

    rows: Sequence[SQLModel]
    total: int
    page: int
    form: FormState
    is_filtered: bool
    sort: str

    @property
    def first(self) -> int:
        """Position of the first row in the whole list."""
        return (self.page - 1) * PAGE_ROWS + 1 if self.rows else 0


def filter_type(register: Register) -> type[BaseModel]:
    """Return what the address of the list may hold."""
    texts: dict[str, Any] = {
        column.key: (str | None, Field(default=None, max_length=100)) for column in register.columns if column.filtered
    }
    orders = tuple(order for column in sortable(register) for order in (column.key, f"-{column.key}"))
    sort: Any = (Literal[orders] | None, None)
    page: Any = (int, Field(default=1, ge=1, le=1000))
    made: type[BaseModel] = create_model("RegisterFilter", __base__=FormInput, **texts, sort=sort, page=page)
    return made


def sortable(register: Register) -> Sequence[Column]:
    """Return the columns that the list can be ordered by."""
    return [column for column in register.columns if column.in_list and not column.computed and column.kind is not Kind.CHOICE]


def rows_found(context: Context, register: Register, asked: type[BaseModel], *, all_rows: bool = False) -> Found:
    """Return the rows that the address asks for; a filter that can't be used filters nothing and says so."""
    wanted, form = read_filter(asked, context.request, context.locale)
    values = {column: text for column in register.columns if column.filtered and (text := getattr(wanted, column.key))}
    try:
        where = [*register.only(context), *_conditions(context, register, values)]
    except InvalidInputError as error:
        form = FormState(values=_typed(values), errors={name: explain(context.locale, one) for name, one in error.fields.items()})
        where, values = list(register.only(context)), {}
    chosen: str = getattr(wanted, "sort", None) or ""
    page = 1 if all_rows else int(getattr(wanted, "page", 1))
    return Found(
        rows=find_rows(
            context.session,
            register.table,
            where=where,
            order=[chosen] if chosen else register.sort,
            offset=(page - 1) * PAGE_ROWS,
            limit=ALL_ROWS if all_rows else PAGE_ROWS,
        ),
        total=count_rows(context.session, register.table, where=where),
        page=page,
        form=form if form.errors else FormState(values=_typed(values)),
        is_filtered=bool(values),
        sort=chosen,
    )


def _typed(values: Mapping[Column, str]) -> Mapping[str, str]:
    return {column.key: text for column, text in values.items()}


def _conditions(context: Context, register: Register, values: Mapping[Column, str]) -> Sequence[Any]:
    equal = {
        column.key: _value(context, register, column, text)
        for column, text in values.items()
        if column.kind not in {Kind.TEXT, Kind.LONG_TEXT}
    }
    contained = {column.key: text for column, text in values.items() if column.kind in {Kind.TEXT, Kind.LONG_TEXT}}
    return conditions(register.table, equal=equal, contained=contained)


def _value(context: Context, register: Register, column: Column, text: str) -> object:
    """Return what the column holds where the address has this text."""
    if column.kind is Kind.YEAR:
        if text.isascii() and text.isdigit() and FIRST_YEAR <= int(text[:5]) <= LAST_YEAR:
            return int(text)
        raise InvalidInputError({column.key: FieldError(N_("“%(input)s” is not a year; write it as 2025."), input=text)})
    if text not in {key for key, _ in column.options(context)}:
        raise InvalidInputError({column.key: not_a_choice(text)})
    annotation: Any = register.table.model_fields[column.key].annotation
    return TypeAdapter(annotation).validate_python(text)


def not_a_choice(value: object) -> FieldError:
    """Return the error of a value that can't be chosen."""
    return FieldError(N_("“%(input)s” is not one of the choices; pick one from the list."), input=as_key(value)[:60])
