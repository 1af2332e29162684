"""What partners look for: the eight filters of PACT v3, read from a query or from an event's `data`, with the same meaning."""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from service.errors import N_
from service.exchange.errors import BadExchangeError
from service.product_footprints.models import DeclaredStatus
from service.product_footprints.queries import FootprintFilter

PAGE: Final = 100
PAGE_MAX: Final = 1000
VALUES_MAX: Final = 200
"""Of one filter; an address has no room for more."""
LISTS: Final = ("productId", "companyId", "geography", "classification", "status")
INSTANTS: Final = ("validOn", "validAfter", "validBefore")
PARAMETERS: Final = (*LISTS, *INSTANTS, "limit", "cursor")
_BY_LOWER: Final[Mapping[str, str]] = {name.lower(): name for name in PARAMETERS}
_STATUSES: Final[Mapping[str, DeclaredStatus]] = {status.value.lower(): status for status in DeclaredStatus}
_WHOLE: Final = re.compile(r"[0-9]{1,9}")
_INSTANT: Final = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d([.]\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
"""RFC 3339; the seconds may be missing, as in an example of the specification."""

Given = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListQuery:
    """What a request for the list asks.

    Attributes
    ----------
    asks_for_nothing
        Whether every status asked for is unknown, so that no footprint can have it.
    page_size
        How many footprints at most, never more than asked for.
    fingerprint
        Hash of the filters: a cursor is good for the filters it was made with.

    """

    wanted: FootprintFilter
    asks_for_nothing: bool
    page_size: int
    cursor: str | None
    fingerprint: str


def read_query(parameters: Iterable[tuple[str, str]]) -> ListQuery:
    """Read the query of ListFootprints.

    Names are compared without case, because the specification's own example mixes it; a parameter without a value asks for nothing.
    Parameters that the specification does not name are left alone, except `$filter` of version 2, which would change the answer.

    Raises
    ------
    BadExchangeError
        A date or limit can't be read, or something that may come once came twice.

    """
    given: dict[str, list[str]] = {}
    for name, value in parameters:
        known = _BY_LOWER.get(name.lower())
        if known is not None and value:
            given.setdefault(known, []).append(value)
        elif name.lower() == "$filter":
            raise BadExchangeError(N_("“$filter” belongs to version 2; use %(names)s."), names=", ".join((*LISTS, *INSTANTS)))
    limit = _only(given, "limit")
    wanted = _filter(given)
    return ListQuery(
        wanted=wanted,
        asks_for_nothing="status" in given and not wanted.statuses,
        page_size=PAGE if limit is None else min(_read_limit(limit), PAGE_MAX),
        cursor=_only(given, "cursor"),
        fingerprint=_fingerprint(given),
    )


def filter_of_event(data: Mapping[str, Any]) -> FootprintFilter:
    """Return what the `data` of a RequestCreatedEvent asks for, with the meaning that the list gives to the same names.

    Raises
    ------
    BadExchangeError
        A value is not of its type, a status is unknown, or nothing is asked for.

    """
    given: dict[str, list[str]] = {}
    for name in LISTS:
        values = data.get(name, [])
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise BadExchangeError(N_("data.%(name)s must be a list of texts."), name=name)
        given[name] = [value for value in values if value]
    for name in INSTANTS:
        if (value := data.get(name)) is not None:
            given[name] = [str(value)]
    if not any(given.values()):
        raise BadExchangeError(N_("data names none of the criteria %(names)s."), names=", ".join((*LISTS, *INSTANTS)))
    for value in given["status"]:
        if value.lower() not in _STATUSES:
            raise BadExchangeError(N_("data.status may be Active or Deprecated."))
    return _filter(given)


def _filter(given: Given) -> FootprintFilter:
    return FootprintFilter(
        product_ids=_values(given, "productId"),
        company_ids=_values(given, "companyId"),
        geographies=_values(given, "geography"),
        classifications=_values(given, "classification"),
        statuses=tuple(_STATUSES[value.lower()] for value in given.get("status", ()) if value.lower() in _STATUSES),
        valid_on=_instants(given, "validOn"),
        valid_after=_instants(given, "validAfter"),
        valid_before=_instants(given, "validBefore"),
    )


def _values(given: Given, name: str) -> tuple[str, ...]:
    values = tuple({value.lower(): None for value in given.get(name, ())})
    if len(values) > VALUES_MAX:
        raise BadExchangeError(N_("%(name)s has more than %(max)s values; ask in several requests."), name=name, max=VALUES_MAX)
    return values


def _instants(given: Given, name: str) -> tuple[datetime, ...]:
    text = _only(given, name)
    if text is None:
        return ()
    found = _read_instant(text.replace(" ", "+"))  # a plus that nobody encoded arrives as a space
    if found is None:
        raise BadExchangeError(N_("%(name)s is no date and time with its offset; write it as 2026-01-31T00:00:00Z."), name=name)
    return (found,)


def _read_instant(text: str) -> datetime | None:
    if not _INSTANT.fullmatch(text):
        return None
    try:
        found = datetime.fromisoformat(text.upper())
        return found if found.utctimetuple() else None  # year 1 or 9999 beside its offset has no instant
    except (ValueError, OverflowError):
        return None


def is_instant(value: object) -> bool:
    """Tell whether a value of JSON is a date and time with its offset (RFC 3339)."""
    return isinstance(value, str) and _read_instant(value) is not None


def _read_limit(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise BadExchangeError(N_("limit is no whole number; leave it out or write it as 100."))
    return int(text)


def _only(given: Given, name: str) -> str | None:
    values = given.get(name, ())
    if len(values) > 1:
        raise BadExchangeError(N_("%(name)s may be given once."), name=name)
    return values[0] if values else None


def _fingerprint(given: Given) -> str:
    filters = {name: sorted({value.lower() for value in given.get(name, ())}) for name in (*LISTS, *INSTANTS)}
    return hashlib.sha256(json.dumps(filters, sort_keys=True).encode()).hexdigest()[:32]
