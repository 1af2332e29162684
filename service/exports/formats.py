"""The files in which a declared footprint is handed out; each is checked before it leaves."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import rfc8785

from service.conformance.findings import Format, Severity
from service.conformance.validation import validate
from service.errors import N_
from service.exports.battery import TITLE as BATTERY_TITLE
from service.exports.battery import battery_component
from service.exports.catena_x import TITLE_9, TITLE_10, catena_x_9, catena_x_10
from service.exports.errors import ExportRefusedError
from service.exports.facts import DeclaredFacts
from service.exports.table import csv_table

JSON_TYPE: Final = "application/json"
CSV_TYPE: Final = "text/csv; charset=utf-8"


class ExportFormat(StrEnum):
    """What a declared footprint can be handed out as."""

    PACT = "pact-v3"
    CATENA_X_10 = "catena-x-10"
    CATENA_X_9 = "catena-x-9"
    BATTERY = "battery-component"
    CSV = "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A format.

    Attributes
    ----------
    needs_customer
        It names what the customer calls the product.
    purpose
        For whom it is, in words.

    """

    title: str
    purpose: str
    needs_customer: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """A file to be handed out."""

    name: str
    media_type: str
    content: bytes


KINDS: Final[Mapping[ExportFormat, Kind]] = {
    ExportFormat.PACT: Kind(title="PACT 3.0", purpose=N_("For every system that exchanges product carbon footprints.")),
    ExportFormat.CATENA_X_10: Kind(title=TITLE_10, purpose=N_("For the network of the car industry, current version.")),
    ExportFormat.CATENA_X_9: Kind(title=TITLE_9, purpose=N_("For the network of the car industry, version before.")),
    ExportFormat.BATTERY: Kind(
        title=BATTERY_TITLE,
        purpose=N_("For a cell maker's battery footprint, in four stages; names the customer's part number."),
        needs_customer=True,
    ),
    ExportFormat.CSV: Kind(title="CSV", purpose=N_("A table with one line, for spreadsheets.")),
}
_DOCUMENTS: Final[Mapping[ExportFormat, tuple[Format, Callable[[DeclaredFacts], Mapping[str, Any]]]]] = {
    ExportFormat.PACT: (Format.PACT3, lambda facts: facts.document),
    ExportFormat.CATENA_X_10: (Format.CATENA_X_10, catena_x_10),
    ExportFormat.CATENA_X_9: (Format.CATENA_X_9, catena_x_9),
    ExportFormat.BATTERY: (Format.BATTERY, battery_component),
}


def export(facts: DeclaredFacts, wanted: ExportFormat) -> ExportedFile:
    """Return a declared footprint as a file of one format.

    Raises
    ------
    ExportRefusedError
        If the format can't carry the footprint, or the file would not pass the format's own check.

    """
    name = f"{facts.record.number}-{wanted.value}"
    if wanted is ExportFormat.CSV:
        return ExportedFile(name=f"{name}.csv", media_type=CSV_TYPE, content=csv_table([facts]))
    return ExportedFile(name=f"{name}.json", media_type=JSON_TYPE, content=_readable(document_of(facts, wanted)))


def canonical_file(facts: DeclaredFacts, wanted: ExportFormat) -> bytes:
    """Return a JSON format as canonical bytes (RFC 8785), to be attached and hashed; errors as `export`."""
    return rfc8785.dumps(document_of(facts, wanted))


def document_of(facts: DeclaredFacts, wanted: ExportFormat) -> dict[str, Any]:
    """Return a declared footprint as the JSON document of a format; errors as `export`."""
    checked_as, build = _DOCUMENTS[wanted]
    document = dict(build(facts))
    wrong = [one for one in validate(document, format=checked_as, own=True).findings if one.severity is Severity.ERROR]
    if wrong:
        raise ExportRefusedError(
            format=KINDS[wanted].title,
            field=wrong[0].pointer,
            reason=wrong[0].template,
            **wrong[0].values,
        )
    return document


def refusal_of(facts: DeclaredFacts, wanted: ExportFormat) -> ExportRefusedError | None:
    """Return why a footprint can't be handed out in a format; None where it can."""
    try:
        export(facts, wanted)
    except ExportRefusedError as refused:
        return refused
    return None


def _readable(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()
