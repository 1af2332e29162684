"""Numbers as people type them: 1,234.5, full-width digits, spaces; what can be read in two ways is refused, never guessed."""

import re
import unicodedata
from math import isfinite

from service.errors import N_, FieldError
from service.web.forms import UNFIT

LONGEST_NUMBER = 40
PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]{1,3})?|[+-]?\.[0-9]+")
GROUPED = re.compile(r"[+-]?[0-9]{1,3}([, ][0-9]{3})+(\.[0-9]*)?")
MINUS_SIGNS = str.maketrans({"−": "-", "–": "-", "﹣": "-"})
SPACES = re.compile(r"[\s\u00a0\u2009\u202f]+")


def parse_number(typed: str) -> float:
    """Read a number.

    Raises
    ------
    FieldError
        When it is no number, could mean two numbers, or is too large for one; names what was typed and how to write it.

    """
    text = SPACES.sub(" ", unicodedata.normalize("NFKC", typed).translate(MINUS_SIGNS)).strip()
    if len(text) > LONGEST_NUMBER:
        raise FieldError(N_("“%(typed)s…” is too long for a number; type digits, for example 1250.5."), typed=text[:20])
    if not (PLAIN.fullmatch(text) or _is_grouped(text)):
        raise _unreadable(text)
    number = float(text.replace(",", "").replace(" ", ""))
    if not isfinite(number):
        raise FieldError(N_("“%(typed)s” is too large to be used; check the number of zeros."), typed=text)
    return number


def clean_text(typed: str) -> str:
    """Return what a person wrote without the blanks around it and without characters that can't be stored or seen."""
    return UNFIT.sub("", typed).strip()


def _is_grouped(text: str) -> bool:
    """Tell whether thousands are set apart in one way only: `1,234,567.8` or `1 234 567.8`, never both."""
    return GROUPED.fullmatch(text) is not None and not ("," in text and " " in text)


def _unreadable(text: str) -> FieldError:
    if re.fullmatch(r"[+-]?[0-9., ]+", text):
        return FieldError(
            N_("“%(typed)s” can be read in two ways. Use a point for decimals: 1234.5, and write thousands as 1,234 or 1234."),
            typed=text,
        )
    if re.match(r"[+-]?[0-9]", text):
        return FieldError(
            N_("“%(typed)s” is more than a number. Type the digits here and choose the unit beside the box."), typed=text
        )
    return FieldError(N_("“%(typed)s” is not a number; type digits, for example 1250.5."), typed=text)
