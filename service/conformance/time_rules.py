"""Rules on the times of a PACT v3 footprint."""

import re
from collections.abc import Iterator
from datetime import MAXYEAR, datetime, timedelta
from typing import Final

from service.conformance.findings import Finding, pointer
from service.conformance.footprint import Checked, Findings, at, error, time_of, warning
from service.errors import N_

YEARS_OF_VALIDITY: Final = 3
SHORTEST_YEAR: Final = timedelta(days=365)
OURS: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")
_OF_DOCUMENT: Final = ("created", "validityPeriodStart", "validityPeriodEnd")
_OF_PCF: Final = ("referencePeriodStart", "referencePeriodEnd")


def windows(checked: Checked) -> Findings:
    """R5: the period covers one to three years; the document is valid from its end on, for at most three years."""
    start, end = checked.time("referencePeriodStart"), checked.time("referencePeriodEnd")
    if start is not None and end is not None:
        yield from _period(checked, start, end)
    valid_from, valid_until = checked.time("validityPeriodStart"), checked.time("validityPeriodEnd")
    if end is not None:
        yield from _validity(checked, end, valid_from, valid_until)
    begin = valid_from or end
    if begin is not None and valid_until is not None and valid_until <= begin:
        template = N_("The validity ends before it begins (%(start)s). Correct the dates.")
        yield _window(checked, "validityPeriodEnd", template, start=begin.isoformat())


def _period(checked: Checked, start: datetime, end: datetime) -> Findings:
    if end <= start:
        template = N_("The reference period ends before it begins (%(start)s). Correct the dates.")
        yield _window(checked, "referencePeriodEnd", template, start=start.isoformat())
    elif end - start < SHORTEST_YEAR or end > years_after(start, YEARS_OF_VALIDITY):
        template = N_(
            "The reference period is %(days)s days long; PACT v3 asks for one to three years. Explain it or choose another."
        )
        place = pointer("pcf", "referencePeriodEnd")
        yield warning("PCF-R5", place, checked.pcf["referencePeriodEnd"], template, days=(end - start).days)


def _validity(checked: Checked, end: datetime, valid_from: datetime | None, valid_until: datetime | None) -> Findings:
    if valid_from is not None and valid_from < end:
        template = N_("The validity begins before the reference period ends (%(end)s). Let it begin then or later.")
        yield _window(checked, "validityPeriodStart", template, end=end.isoformat())
    if valid_until is not None and valid_until > years_after(end, YEARS_OF_VALIDITY):
        template = N_("The validity goes more than three years past the reference period (%(end)s). Let it end earlier.")
        yield _window(checked, "validityPeriodEnd", template, end=end.isoformat())


def _window(checked: Checked, name: str, template: str, **values: object) -> Finding:
    value = checked.pcf.get(name, checked.document.get(name))
    return error("PCF-R5", at(checked, name), value, template, **values)


def years_after(time: datetime, years: int) -> datetime:
    """Return the same day some years later; 1 March for the day that a year lacks, the time itself at the end of the calendar."""
    if time.year + years > MAXYEAR:
        return time
    try:
        return time.replace(year=time.year + years)
    except ValueError:
        return time.replace(year=time.year + years, month=3, day=1)


def timestamps(checked: Checked) -> Findings:
    """R14: times have an offset; ours are in UTC, with `Z` and whole seconds."""
    for place, value in _times(checked):
        if time_of(value) is None:
            template = N_("“%(value)s” is no time with an offset (RFC 3339). Write it like 2026-01-01T00:00:00Z.")
            yield error("PCF-R14", place, value, template, value=value[:40])
        elif checked.own and not OURS.fullmatch(value):
            template = N_("“%(value)s” is not in UTC with whole seconds. Write it like 2026-01-01T00:00:00Z.")
            yield error("PCF-R14", place, value, template, value=value[:40])


def _times(checked: Checked) -> Iterator[tuple[str, str]]:
    verification = checked.pcf.get("verification")
    places = [
        *((pointer(name), checked.document.get(name)) for name in _OF_DOCUMENT),
        *((pointer("pcf", name), checked.pcf.get(name)) for name in _OF_PCF),
        (
            pointer("pcf", "verification", "completedAt"),
            verification.get("completedAt") if isinstance(verification, dict) else None,
        ),
    ]
    return ((place, value) for place, value in places if isinstance(value, str))
