"""Why a value, a credit or a grade is what it is: a message that can be translated, with the values that it names."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from service.i18n import Locale, translate


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One reason.

    Attributes
    ----------
    message
        English message id with `%(name)s` placeholders.
    values
        Strings and numbers, so that it can be stored as JSON.

    """

    message: str
    values: Mapping[str, str | float] = field(default_factory=dict)

    def as_stored(self) -> dict[str, Any]:
        """Return what a row of a score keeps."""
        return {"message": self.message, "values": dict(self.values)}

    def in_words(self, locale: Locale) -> str:
        """Return it in the language asked for."""
        return translate(locale, self.message, **self.values)


def because(message: str, **values: str | float) -> Reason:
    """Return a reason; a float is told with at most four significant digits."""
    told = {name: _told(value) if isinstance(value, float) else value for name, value in values.items()}
    return Reason(message=message, values=told)


def _told(value: float) -> str:
    return f"{Decimal(f'{value:.4g}'):f}"


def reason_from(stored: Mapping[str, Any]) -> Reason:
    """Return a reason from a row of a score."""
    return Reason(message=stored["message"], values=stored["values"])
