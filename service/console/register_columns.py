"""The columns of a register: what each holds, how it is typed, shown, filtered by and written in a workbook."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from service.accounts.access import Context
from service.accounts.queries import find_staff
from service.console.choices import Options
from service.i18n import Locale, translate
from service.plan.items import plan_items
from service.plan.queries import find_units
from service.products.queries import all_plants
from service.web.formatting import ABSENT, format_date, format_exact, format_unit

Choices = Callable[[Context], Options]


class Kind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    YEAR = "year"
    DATE = "date"
    CHOICE = "choice"
    YES_NO = "yes_no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a register.

    Attributes
    ----------
    key
        Name in the table and, where it is typed, in the form's type.
    label, hint
        Message ids.
    unit
        Shown behind the label, never translated.
    choices
        Values and their texts in the reader's language, for a choice.
    filtered
        Whether the list can be narrowed by it: a text that it contains, a year, a choice, yes or no.
    computed
        Returns what is shown of a row instead of the column of the table; such a column is not typed.
    href
        Returns where the cell leads.

    """

    key: str
    label: str
    kind: Kind = Kind.TEXT
    unit: str = ""
    hint: str = ""
    choices: Choices | None = None
    in_list: bool = True
    filtered: bool = False
    computed: Callable[[Context, Any], object] | None = None
    href: Callable[[Any], str | None] | None = None

    @property
    def is_number(self) -> bool:
        """Whether cells stand to the right."""
        return self.kind in {Kind.NUMBER, Kind.YEAR}

    def heading(self, locale: Locale) -> str:
        """Return the label with its unit."""
        label = translate(locale, self.label)
        if not self.unit:
            return label
        unit = format_unit(self.unit, locale)
        return f"{label}（{unit}）" if locale == "zh-CN" else f"{label}, {unit}"

    def options(self, context: Context) -> Options:
        """Return what can be chosen."""
        if self.kind is Kind.YES_NO:
            return [("true", translate(context.locale, "Yes")), ("false", translate(context.locale, "No"))]
        return self.choices(context) if self.choices else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell as a person reads it."""

    label: str
    text: str
    href: str | None
    is_number: bool
    is_date: bool


Words = Mapping[str, Mapping[str, str]]
"""Text of a value, by column and value."""


def words_of(context: Context, columns: Sequence[Column]) -> Words:
    """Return the texts of the values of all choices, asked for once."""
    return {column.key: dict(column.options(context)) for column in columns}


def cell_of(context: Context, column: Column, row: object, words: Words) -> Cell:
    """Return one cell of a row."""
    value = value_of(context, column, row)
    return Cell(
        label=column.heading(context.locale),
        text=_shown(column, value, words, context.locale),
        href=column.href(row) if column.href else None,
        is_number=column.is_number,
        is_date=column.kind is Kind.DATE,
    )


def value_of(context: Context, column: Column, row: object) -> object:
    """Return what a column holds of a row."""
    return column.computed(context, row) if column.computed else getattr(row, column.key)


def exported(context: Context, column: Column, row: object, words: Words) -> str | float | None:
    """Return a cell as a file holds it: numbers stay numbers, dates are ISO texts, choices their texts."""
    value = value_of(context, column, row)
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return value
    if isinstance(value, date):
        return format_date(value.date() if isinstance(value, datetime) else value)
    key = as_key(value)
    return words[column.key].get(key, key)


def as_key(value: object) -> str:
    """Return a value as an address or a form writes it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)


def _shown(column: Column, value: object, words: Words, locale: Locale) -> str:
    if value is None or value == "":
        return ABSENT
    if column.kind is Kind.NUMBER and isinstance(value, int | float):
        return format_exact(value, locale)
    if isinstance(value, date):
        return format_date(value.date() if isinstance(value, datetime) else value)
    key = as_key(value)
    return words[column.key].get(key, key)


def unit_choices(context: Context) -> Options:
    """Return the units that answer for the plan."""
    chinese = context.locale == "zh-CN"
    return [(str(unit.id), unit.name_zh if chinese else unit.name_en) for unit in find_units(context.session, active_only=False)]


def plan_item_choices(context: Context) -> Options:
    """Return the lines of the plan in its order."""
    return [(key, item.name(context.locale)) for key, item in plan_items().items()]


def plant_choices(context: Context) -> Options:
    """Return the maker's sites."""
    chinese = context.locale == "zh-CN"
    return [(str(plant.id), plant.name_zh if chinese else plant.name_en) for plant in all_plants(context.session)]


def person_choices(context: Context) -> Options:
    """Return the maker's people who work in the console, by name."""
    return [(str(one.id), one.name) for one in find_staff(context.session)]


def worded(words: Mapping[Any, str]) -> Choices:
    """Return choices from values and their message ids."""

    def choices(context: Context) -> Options:
        return [(as_key(key), translate(context.locale, text)) for key, text in words.items()]

    return choices
