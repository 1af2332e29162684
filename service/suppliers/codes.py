"""Codes with check digits that people copy from papers: pure rules."""

import re
from typing import Final

# GB 32100-2015: the letters I, O, S, V and Z are left out, weights are powers of 3 modulo 31.
_CREDIT_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS: Final = tuple(3**place % 31 for place in range(17))


def is_cas_number(text: str) -> bool:
    """Whether a text is a CAS registry number with a right check digit (the weighted sum of the other digits, modulo 10)."""
    match = re.fullmatch(r"(\d{2,7})-(\d{2})-(\d)", text, re.ASCII)
    if match is None:
        return False
    digits = reversed(match[1] + match[2])
    return sum(place * int(digit) for place, digit in enumerate(digits, start=1)) % 10 == int(match[3])


def is_credit_code(text: str) -> bool:
    """Whether a text is a unified social credit code (统一社会信用代码) with a right check character, by GB 32100-2015."""
    if len(text) != len(_CREDIT_WEIGHTS) + 1 or not set(text) <= set(_CREDIT_ALPHABET):
        return False
    values = [_CREDIT_ALPHABET.index(character) for character in text]
    total = sum(value * weight for value, weight in zip(values, _CREDIT_WEIGHTS, strict=False))
    return bool(values[-1] == -total % 31)
