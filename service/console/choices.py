"""Lists to choose from, in the reader's language, and filters kept in the address."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeVar
from urllib.parse import urlencode

from pydantic import BaseModel
from starlette.datastructures import FormData
from starlette.requests import Request

from service.errors import InvalidInputError
from service.i18n import Locale, translate
from service.suppliers.flows import FLOWS, TYPE_LABELS, Flow
from service.suppliers.paging import Page
from service.suppliers.provinces import provinces
from service.suppliers.queries import SupplierRow
from service.web.forms import FormState, parse_form, rejected

Options = Sequence[tuple[str, str]]
Filter = TypeVar("Filter", bound=BaseModel)
Listed = TypeVar("Listed", bound="Identified")


def province_options(locale: Locale) -> Options:
    """Return the provinces by name."""
    return sorted(((code, province.name(locale)) for code, province in provinces().items()), key=lambda item: item[1])


def type_options(locale: Locale) -> Options:
    """Return the supplier types in the order of the questionnaire."""
    return [(key.value, translate(locale, label)) for key, label in TYPE_LABELS.items()]


def flow_options(locale: Locale, flows: Iterable[Flow] = tuple(FLOWS.values())) -> Options:
    """Return flows in the order of the route."""
    return [(flow.key, translate(locale, flow.label)) for flow in flows]


def flow_label(key: str, locale: Locale) -> str:
    """Return a flow's name; one that the list no longer has keeps its key."""
    flow = FLOWS.get(key)
    return translate(locale, flow.label) if flow else key


def supplier_options(rows: Iterable[SupplierRow], locale: Locale) -> Options:
    """Return suppliers by name, with their type, because names alone may be alike."""
    return [(str(row.id), f"{row.name(locale)} · {translate(locale, TYPE_LABELS[row.supplier_type])}") for row in rows]


def read_filter(
    model: type[Filter], request: Request, locale: Locale, *, many: frozenset[str] = frozenset()
) -> tuple[Filter, FormState]:
    """Validate the part of the address that a list filters by; parameters that are not its own are left alone.

    A filter that can't be used comes back empty, with the messages in the form's state. Names in `many` may come several times.
    """
    form = FormData([item for item in request.query_params.multi_items() if item[0] in model.model_fields])
    try:
        return parse_form(model, form, many=many), FormState()
    except InvalidInputError as error:
        return model(), rejected(form, error, locale)


class Identified(Protocol):
    """A row of a list, which goes on after or before its id."""

    @property
    def id(self) -> uuid.UUID:
        """What the row is known by."""


def page_links(request: Request, found: Page[Listed]) -> tuple[str | None, str | None]:
    """Return the addresses of the previous and the next page of a list, filters kept."""
    kept = {name: value for name, value in request.query_params.items() if name not in {"after", "before"}}
    return (
        _address(request, {**kept, "before": found.rows[0].id}) if found.rows and found.has_previous else None,
        _address(request, {**kept, "after": found.rows[-1].id}) if found.rows and found.has_next else None,
    )


def _address(request: Request, query: Mapping[str, object]) -> str:
    return f"{request.url.path}?{urlencode(query)}"
