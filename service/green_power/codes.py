"""Codes of certificates: read as people and Excel write them, checked by part, and blocks of consecutive ones."""

import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from service.errors import N_, FieldError
from service.green_power.models import Scheme

PROJECT_DIGITS: Final = 17
NUMBER_DIGITS: Final = 15
CODE_DIGITS: Final = PROJECT_DIGITS + NUMBER_DIGITS
LARGEST_BLOCK: Final = 1_000_000
"""Certificates of one row: 1 TWh; more is a slip of the hand. Own choice."""

# Excel keeps 15 digits of a number and writes zeros behind them; read back as a number of 53 bits, a code of 32 digits ends in many
# zero bits, which one code in 10^15 does by chance.
_EXCEL_DIGITS: Final = 15
_LOST_BITS: Final = 2**50
_SCIENTIFIC: Final = re.compile(r"\d(\.\d+)?[eE][+-]?\d+")
_I_REC: Final = re.compile(r"([0-9A-Za-z-]{1,25}?)-?([0-9]{1,15})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """A certificate's code in its two parts.

    Attributes
    ----------
    number
        Its energy part, filled up with zeros to 15 digits, so that texts compare as numbers do.

    """

    project: str
    number: str

    def __str__(self) -> str:
        return self.project + self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """Consecutive certificates of one project; both ends belong to it."""

    first: Code
    last: Code

    @property
    def mwh(self) -> int:
        """How many they are; each stands for 1 MWh."""
        return int(self.last.number) - int(self.first.number) + 1


def read_block(first: object, last: object, *, scheme: Scheme) -> Block:
    """Return the block between two codes; without a second one it is a single certificate.

    Raises
    ------
    FieldError
        If a code is not of its form, or the two are no block.

    """
    start = read_code(first, scheme=scheme)
    end = start if last is None else read_code(last, scheme=scheme)
    if end.project != start.project:
        raise FieldError(
            N_("%(first)s and %(last)s are of different projects; enter each project in a row of its own."), first=start, last=end
        )
    block = Block(first=start, last=end)
    if not 1 <= block.mwh <= LARGEST_BLOCK:
        raise FieldError(
            N_("From %(first)s to %(last)s there are %(count)s certificates; 1 to %(limit)s may stand in one row."),
            first=start,
            last=end,
            count=block.mwh,
            limit=LARGEST_BLOCK,
        )
    return block


def read_code(value: object, *, scheme: Scheme = Scheme.GEC) -> Code:
    """Return a code in its two parts.

    Raises
    ------
    FieldError
        Saying which part is wrong, or that Excel has destroyed the code.

    """
    text = re.sub(r"[\s\u200b]+", "", unicodedata.normalize("NFKC", str(value)))
    if isinstance(value, int | float) or _SCIENTIFIC.fullmatch(text):
        raise FieldError(_DESTROYED, value=text)
    return _gec(text) if scheme is Scheme.GEC else _i_rec(text)


_DESTROYED = N_(
    "“%(value)s” is a number to Excel, which keeps 15 of the 32 digits: the code is lost. "
    "Format the column as text, then type or paste the code again."
)


def _gec(text: str) -> Code:
    if len(text) != CODE_DIGITS:
        raise FieldError(
            N_("“%(value)s” has %(count)s digits; a code has 32: 17 of the project, then 15 of the energy."),
            value=text[:60],
            count=len(text),
        )
    project, number = text[:PROJECT_DIGITS], text[PROJECT_DIGITS:]
    if not _is_digits(project):
        raise FieldError(N_("The project part “%(value)s” (places 1 to 17) holds something other than digits."), value=project)
    if not _is_digits(number):
        raise FieldError(N_("The energy part “%(value)s” (places 18 to 32) holds something other than digits."), value=number)
    if not text[_EXCEL_DIGITS:].strip("0") or int(text) % _LOST_BITS == 0:
        raise FieldError(_DESTROYED, value=text)
    return Code(project=project, number=number)


def _i_rec(text: str) -> Code:
    match = _I_REC.fullmatch(text)
    if match is None:
        raise FieldError(N_("“%(value)s” is no I-REC number: the device, then up to 15 digits."), value=text[:60])
    return Code(project=match[1], number=match[2].zfill(NUMBER_DIGITS))


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
