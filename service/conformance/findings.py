"""What a check of a footprint document finds, in words that say what to do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

from service.i18n import Locale, translate

LONGEST_VALUE: Final = 120
"""Characters of a value that are shown; a hostile document holds longer ones."""


class Format(StrEnum):
    """The documents that the validator knows."""

    PACT3 = "pact3"
    PACT2 = "pact2"
    CATENA_X_10 = "catenax10"
    CATENA_X_9 = "catenax9"
    BATTERY = "battery"


class Severity(StrEnum):
    """Whether a finding makes a document unfit, or only wants a look."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong.

    Attributes
    ----------
    rule
        `PCF-R1` to `PCF-R15`, or `PCF-S1` for the shape that the official schema asks for.
    pointer
        Where it is: JSON pointer (RFC 6901), empty for the whole document.
    value
        What stands there; None where something is missing.
    template
        Message id; `values` fill its placeholders.

    """

    rule: str
    severity: Severity
    pointer: str
    value: object
    template: str
    values: Mapping[str, object] = field(default_factory=dict)

    def message(self, locale: Locale) -> str:
        """Return what is wrong and what to do, in one language."""
        return translate(locale, self.template, **self.values)

    def as_json(self) -> dict[str, Any]:
        """Return the finding as the command line and the API tell it."""
        return {
            "rule": self.rule,
            "severity": self.severity.value,
            "pointer": self.pointer,
            "value": shown(self.value),
            "message_zh": self.message("zh-CN"),
            "message_en": self.message("en"),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the validator says of one document.

    Attributes
    ----------
    is_guessed
        Nobody named the format; it was told from the document.

    """

    format: Format
    is_guessed: bool
    findings: Sequence[Finding]

    @property
    def is_valid(self) -> bool:
        """Whether nothing is wrong that makes the document unfit; warnings don't."""
        return all(one.severity is Severity.WARNING for one in self.findings)

    def as_json(self) -> dict[str, Any]:
        """Return the report as the command line and the API tell it."""
        return {
            "format": self.format.value,
            "format_guessed": self.is_guessed,
            "valid": self.is_valid,
            "findings": [one.as_json() for one in self.findings],
        }


def shown(value: object) -> str | bool | None:
    """Return a value as text that is short enough to be shown; objects and lists by their kind only."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        return "[…]"
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[:LONGEST_VALUE] + "…"


def pointer(*steps: str | int) -> str:
    """Return the JSON pointer of a path (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
