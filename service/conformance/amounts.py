"""Decimals as they travel: exact, in plain notation."""

import re
from decimal import Decimal, InvalidOperation
from typing import Final

PLAIN: Final = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?")
LONGEST: Final = 60
"""Characters of a number that is calculated with."""
LARGEST_POWER: Final = 30


def is_plain(text: str) -> bool:
    """Tell whether a text is a plain decimal: no exponent, no plus, no spaces, no needless zero in front."""
    return PLAIN.fullmatch(text) is not None


def amount_of(value: object) -> Decimal | None:
    """Return the number that a text stands for, read leniently; None where nobody could say which."""
    if not isinstance(value, str) or len(value) > LONGEST:
        return None
    try:
        found = Decimal(value.strip())
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found.adjusted()) <= LARGEST_POWER else None


def half_of_last_digit(value: Decimal) -> Decimal:
    """Return by how much a printed number may differ from what was rounded: 0.005 for 9.84."""
    exponent = value.as_tuple().exponent
    return Decimal(5).scaleb(int(exponent) - 1)
