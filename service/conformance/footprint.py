"""A PACT v3 footprint laid open for its rules: nulls left out, numbers and times read leniently."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from service.conformance.amounts import amount_of
from service.conformance.findings import Finding, Severity, pointer


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFootprint:
    """What the reader has on file of another footprint, for the rules on what replaces what.

    Attributes
    ----------
    preceding
        Ids that it replaces, in lower case.

    """

    product_ids: Sequence[str]
    status: str
    preceding: Sequence[str] = ()


@dataclass(frozen=True, kw_only=True)
class Checked:
    """A document under check.

    Attributes
    ----------
    raw
        As it came.
    document
        Without members that are null.
    own
        Our own output: what would be overlooked in a partner's document is an error here.
    known
        Other footprints on file by their ids in lower case; None leaves out what needs them.
    domain
        Our own, under which an own document names company and product; None for any.

    """

    raw: Mapping[str, Any]
    document: Mapping[str, Any]
    own: bool
    known: Mapping[str, KnownFootprint] | None
    domain: str | None

    @cached_property
    def pcf(self) -> Mapping[str, Any]:
        """The footprint proper; empty where there is none."""
        found = self.document.get("pcf")
        return found if isinstance(found, dict) else {}

    def amount(self, name: str) -> Decimal | None:
        """Return a number of the footprint proper; None where it is missing or can't be read."""
        return amount_of(self.pcf.get(name))

    def time(self, name: str) -> datetime | None:
        """Return a time of the document or of the footprint proper; None where it is missing or can't be read."""
        return time_of(self.pcf.get(name, self.document.get(name)))

    def texts(self, name: str) -> list[str]:
        """Return the texts of a list of the document or of the footprint proper."""
        found = self.pcf.get(name, self.document.get(name))
        return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []

    @property
    def if_received(self) -> Severity:
        """Severity of what is an error in our own output and only a flag in a partner's."""
        return Severity.ERROR if self.own else Severity.WARNING


def time_of(value: object) -> datetime | None:
    """Return a time with its offset (RFC 3339); None for anything else."""
    if not isinstance(value, str) or len(value) < len("2026-01-01T00:00:00Z"):
        return None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        return None
    return found if found.utcoffset() is not None and value[10] in "Tt" else None


def at(checked: Checked, name: str) -> str:
    """Return the pointer of a member, which stands in the footprint proper or else in the document."""
    return pointer("pcf", name) if name in checked.pcf or name not in checked.document else pointer(name)


def error(rule: str, place: str, value: object, template: str, /, **values: object) -> Finding:
    """Return a finding that makes the document unfit."""
    return found(rule, Severity.ERROR, place, value, template, **values)


def warning(rule: str, place: str, value: object, template: str, /, **values: object) -> Finding:
    """Return a finding that wants a look."""
    return found(rule, Severity.WARNING, place, value, template, **values)


def found(rule: str, severity: Severity, place: str, value: object, template: str, /, **values: object) -> Finding:
    """Return a finding whose severity hangs on whose document it is."""
    return Finding(rule=rule, severity=severity, pointer=place, value=value, template=template, values=values)


Findings = Iterator[Finding]
