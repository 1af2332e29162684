"""One check for all formats: the official schema first, then our rules."""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from service.conformance.catena_x_rules import check_battery, check_catena_x
from service.conformance.findings import Finding, Format, Report
from service.conformance.pact2_rules import check_pact2
from service.conformance.reading import UnknownFormatError, read_document, without_nulls
from service.conformance.rules import check_pact3
from service.conformance.shapes import shape_findings
from service.errors import N_

_FORMATS: Final = (
    (re.compile(r"2\.[0-9]+\..*"), Format.PACT2),
    (re.compile(r"3\.[0-9]+\..*"), Format.PACT3),
    (re.compile(r"urn:io\.catenax\.pcf:datamodel:version:9\..*"), Format.CATENA_X_9),
    (re.compile(r"urn:io\.catenax\.pcf:datamodel:version:10\..*"), Format.CATENA_X_10),
)
"""By what documents name as their version."""


def validate(
    payload: bytes | Mapping[str, Any],
    *,
    format: Format | None = None,  # noqa: A002 - the word of the contract
    own: bool = False,
) -> Report:
    """Check one document against the official schema of its format and against our rules.

    Parameters
    ----------
    payload
        A file's bytes, or what was read from it.
    format
        None: told from the document, and said so in the report.
    own
        Our own output, which is held to every rule; else some are only flagged.

    Raises
    ------
    UnreadableError
        If the bytes are no JSON object, or none of a footprint's size.
    UnknownFormatError
        If no format was named and the document is none that we know.

    """
    document = read_document(payload) if isinstance(payload, bytes) else payload
    present = format or guess_format(document)
    findings = (*shape_findings(without_nulls(document), present), *_ruled(document, present, own=own))
    return Report(format=present, is_guessed=format is None, findings=findings)


def guess_format(document: Mapping[str, Any]) -> Format:
    """Tell a document's format from the version that it names, or from its outer members.

    Raises
    ------
    UnknownFormatError
        If it is none of those that we know.

    """
    if "pcfValues" in document:
        return Format.BATTERY
    spec = _spec_version(document)
    for pattern, known in _FORMATS:
        if pattern.fullmatch(spec):
            return known
    raise UnknownFormatError(
        N_("The document names no version that is known (specVersion: %(found)s). Choose the format, or send one footprint alone."),
        found=spec[:60] or "-",
    )


def _spec_version(document: Mapping[str, Any]) -> str:
    scope = document.get("scopeOfPcfForm")
    holder = scope[0] if isinstance(scope, list) and scope and isinstance(scope[0], dict) else document
    found = holder.get("specVersion")
    return found if isinstance(found, str) else ""


def _ruled(document: Mapping[str, Any], present: Format, *, own: bool) -> Iterator[Finding]:
    if present is Format.PACT3:
        yield from check_pact3(document, own=own)
    elif present is Format.PACT2:
        yield from check_pact2(without_nulls(document))
    elif present is Format.BATTERY:
        yield from check_battery(without_nulls(document))
    else:
        yield from check_catena_x(without_nulls(document))
