"""Errors that are kept, to be shown later to whoever looks, in that person's language."""

from collections.abc import Mapping
from typing import Any, TypedDict, cast

from service.errors import ServiceError
from service.i18n import Locale, translate


class Told(TypedDict):
    """An error as it is stored: its template and the values in it, of which some are errors themselves."""

    template: str
    values: Mapping[str, Any]  # texts, numbers, and `Told`


def told(error: ServiceError) -> Told:
    """Return an error as it is stored."""
    values = {name: _storable(value) for name, value in error.values.items()}
    return Told(template=error.template, values=values)


def explain_told(locale: Locale, stored: Mapping[str, Any]) -> str:
    """Return a stored error in one language."""
    found = cast("Told", stored)
    values = {name: explain_told(locale, value) if isinstance(value, dict) else value for name, value in found["values"].items()}
    return translate(locale, found["template"], **values)


def _storable(value: object) -> object:
    if isinstance(value, ServiceError):
        return told(value)
    return value if isinstance(value, int | float | bool) else str(value)
