"""Texts and dates as people type them: names, codes with check digits, days."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Final

from service.errors import N_, FieldError
from service.submissions.parsing import clean_text
from service.submissions.questions import Format
from service.suppliers.codes import is_cas_number, is_credit_code

LONGEST_TEXT: Final = 200
_FIRST_YEAR: Final = 2000
_LAST_YEAR: Final = 2100
_DATE: Final = re.compile(r"([0-9]{4})(?:-|/|\.|年)([0-9]{1,2})(?:-|/|\.|月)([0-9]{1,2})日?")
_WASTE_CODE: Final = re.compile(r"HW[0-9]{2}|[0-9]{3}-[0-9]{3}-[0-9]{2}")


def parse_text(typed: str, text_format: Format) -> str:
    """Read a line of text; codes come back without blanks and in capitals.

    Raises
    ------
    FieldError
        When it is too long or no such code; names what was typed and how the code looks.

    """
    text = " ".join(clean_text(typed).split())
    if len(text) > LONGEST_TEXT:
        raise FieldError(N_("At most %(max)s characters; shorten this."), max=LONGEST_TEXT)
    return _CODES[text_format](text) if text_format in _CODES else text


def parse_day(typed: str) -> date:
    """Read a day: 2025-01-31, 2025/1/31, 2025.1.31 or 2025年1月31日.

    Raises
    ------
    FieldError
        When it is no day of this century.

    """
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed))
    found = _DATE.fullmatch(text)
    if found and _FIRST_YEAR <= int(found[1]) <= _LAST_YEAR:
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            pass  # such as 31 February: refused below like everything else that is no day
    raise FieldError(N_("“%(typed)s” is not a day; write year, month and day, for example 2025-01-31."), typed=typed.strip()[:20])


def _code(typed: str) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", typed)).upper()


def _credit_code(text: str) -> str:
    code = _code(text)
    if not is_credit_code(code):
        raise FieldError(
            N_("“%(typed)s” is no unified social credit code, or its last character does not fit; copy all 18 from the licence."),
            typed=text[:30],
        )
    return code


def _cas_number(text: str) -> str:
    code = _code(text).replace("‐", "-").replace("–", "-")
    if not is_cas_number(code):
        raise FieldError(
            N_("“%(cas)s” is not a CAS number, or its last digit does not fit the others; graphite is 7782-42-5."), cas=text[:30]
        )
    return code


def _waste_code(text: str) -> str:
    code = _code(text)
    if not _WASTE_CODE.fullmatch(code):
        raise FieldError(N_("“%(typed)s” is not a waste code; it looks like HW11 or 252-001-11."), typed=text[:30])
    return code


def _certificates(text: str) -> str:
    if not re.search(r"[0-9]", text):
        raise FieldError(N_("“%(typed)s” holds no number; copy the numbers from the certificates."), typed=text[:30])
    return text


_CODES: Final[Mapping[Format, Callable[[str], str]]] = {
    "uscc": _credit_code,
    "cas": _cas_number,
    "waste_code": _waste_code,
    "certificates": _certificates,
}
