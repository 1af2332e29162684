"""The official schemas of all formats, offline, with their complaints in plain words (rule `PCF-S1`)."""

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import islice
from typing import Any, Final
from uuid import UUID

from jsonschema import Draft4Validator, Draft202012Validator, FormatChecker  # type: ignore[import-untyped] # it ships no types
from jsonschema.exceptions import ValidationError  # type: ignore[import-untyped] # it ships no types
from jsonschema.protocols import Validator  # type: ignore[import-untyped] # it ships no types

from service.conformance.findings import Finding, Format, Severity, pointer, shown
from service.errors import N_

RULE: Final = "PCF-S1"
MOST_FINDINGS: Final = 200
"""A document with more is of another format."""
_FILES: Final[Mapping[Format, str]] = {
    Format.PACT3: "pact-model-3.0.4.json",
    Format.PACT2: "pact-model-2.3.3.json",
    Format.CATENA_X_10: "pcf-10.0.0-schema.json",
    Format.CATENA_X_9: "pcf-9.0.0-schema.json",
    Format.BATTERY: "pcf-for-battery-component-supplier-1.0.0-schema.json",
}
_OF_OPENAPI: Final = frozenset({Format.PACT3, Format.PACT2})
_SAID_BY_RULES: Final = frozenset({"oneOf"})
"""PACT uses it once, for its geography; rule R4 says it better."""
_TYPES: Final = {
    "string": N_("This must be text in quotation marks. Correct its type."),
    "number": N_("This must be a number without quotation marks. Correct its type."),
    "integer": N_("This must be a whole number. Correct its type."),
    "boolean": N_("This must be true or false. Correct its type."),
    "array": N_("This must be a list in [ ]. Correct its type."),
    "object": N_("This must be an object in { }. Correct its type."),
}
_LIMITS: Final = {
    "minimum": N_("The value is too small; the least allowed is %(limit)s. Correct it."),
    "maximum": N_("The value is too large; the most allowed is %(limit)s. Correct it."),
    "minLength": N_("The text is too short (at least %(limit)s characters). Fill it in or leave the member out."),
    "minItems": N_("The list needs at least %(limit)s entries. Fill it in or leave the member out."),
    "pattern": N_("The text doesn't have the form that the schema asks for (%(limit)s). Correct it."),
    "format": N_("The text is no %(limit)s. Correct it."),
}


def shape_findings(document: Mapping[str, Any], format: Format) -> Iterator[Finding]:  # noqa: A002 - the word of the contract
    """Yield what the official schema of a format has against a document, in the order of its paths; most `MOST_FINDINGS`."""
    errors = sorted(validator_of(format).iter_errors(document), key=lambda error: [str(step) for step in error.absolute_path])
    found = (one for error in errors if error.validator not in _SAID_BY_RULES for one in _findings(error))
    once = {(one.pointer, one.template): one for one in islice(found, MOST_FINDINGS)}
    yield from once.values()


@lru_cache
def validator_of(format: Format) -> Validator:  # noqa: A002 - the word of the contract
    """Return the validator of a format's official schema; it knows uuid, not dates and decimals, which have rules of their own."""
    schema = schema_of(_FILES[format])
    if format in _OF_OPENAPI:
        schema = {"$ref": "#/components/schemas/ProductFootprint", **schema}
        return Draft202012Validator(schema, format_checker=_formats())
    return Draft4Validator(schema, format_checker=_formats())


def schema_of(name: str) -> dict[str, Any]:
    """Return one of the shipped schemas."""
    found: dict[str, Any] = json.loads((files("service.conformance") / "schemas" / name).read_text("utf-8"))
    return found


def _formats() -> FormatChecker:
    checker = FormatChecker(formats=())
    checker.checks("uuid", raises=ValueError)(_is_uuid)
    return checker


def _is_uuid(value: object) -> bool:
    """Tell whether a text is a UUID with its four hyphens; anything else than a text is no matter of a format."""
    return not isinstance(value, str) or str(UUID(value)) == value.lower()


def _findings(error: ValidationError) -> Iterator[Finding]:
    steps = list(error.absolute_path)
    if error.validator == "required":
        for name in error.validator_value:
            if name not in error.instance:
                missing = N_("“%(name)s” is missing, though the format demands it. Add it.")
                yield _made([*steps, name], None, missing, name=name)
    else:
        yield _complaint(steps, error)


def _complaint(steps: list[str | int], error: ValidationError) -> Finding:
    rule, wanted = str(error.validator), error.validator_value
    if rule == "enum":
        allowed = ", ".join(map(str, wanted))
        return _made(steps, error.instance, N_("This value is not on the list. Choose one of: %(allowed)s."), allowed=allowed)
    if rule == "type":
        return _made(steps, error.instance, _TYPES[wanted])
    if rule == "uniqueItems":
        return _made(steps, error.instance, N_("The list holds something twice. Keep each entry once."))
    if rule in _LIMITS:
        return _made(steps, error.instance, _LIMITS[rule], limit=shown(wanted))
    return _made(steps, error.instance, N_("The schema's rule “%(rule)s” doesn't hold here. Correct the value."), rule=rule)


def _made(steps: list[str | int], value: object, template: str, **values: object) -> Finding:
    return Finding(rule=RULE, severity=Severity.ERROR, pointer=pointer(*steps), value=value, template=template, values=values)
