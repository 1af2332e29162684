"""An amount as people type it: a number, perhaps with 万 or 亿, perhaps with its unit behind it in Chinese or English.

What is typed may repeat the unit chosen beside it, but never contradict it: two units that differ are refused, never guessed.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final

from service.errors import N_, FieldError
from service.submissions.parsing import LONGEST_NUMBER, parse_number
from service.submissions.units import UNITS, unit_label

_MAGNITUDES: Final[Mapping[str, int]] = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_LEADING_NUMBER: Final = re.compile(r"([+\-−–﹣]?(?:[0-9][0-9., ]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3}(?![0-9]))?)(.*)")
_LONGEST_WORDS: Final = 20

# Words for a unit, written without blanks and in small letters; several codes where only the question tells which one is meant.
_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "度": ("kWh",),
    "千瓦时": ("kWh",),
    "千瓦小时": ("kWh",),
    "万度": ("万kWh",),
    "万千瓦时": ("万kWh",),
    "兆瓦时": ("MWh",),
    "吉瓦时": ("GWh",),
    "吨": ("t", "t_steam"),
    "公吨": ("t",),
    "万吨": ("万t",),
    "公斤": ("kg",),
    "千克": ("kg",),
    "标方": ("Nm3",),
    "标准立方米": ("Nm3",),
    "标立方米": ("Nm3",),
    "标立": ("Nm3",),
    "万标方": ("万Nm3",),
    "万标立方米": ("万Nm3",),
    "立方米": ("m3", "m3_water"),
    "立方": ("m3", "m3_water"),
    "方": ("m3", "m3_water"),
    "m3": ("m3", "m3_water"),
    "升": ("L_diesel", "L_petrol"),
    "l": ("L_diesel", "L_petrol"),
    "吉焦": ("GJ",),
    "兆焦": ("MJ",),
    "百万千焦": ("百万kJ",),
    "吨标准煤": ("tce",),
    "吨标煤": ("tce",),
    "千克标准煤": ("kgce",),
    "公斤标煤": ("kgce",),
    "克标准煤/千瓦时": ("gce/kWh",),
    "度/吨": ("kWh/t",),
    "千瓦时/吨": ("kWh/t",),
    "标方/吨": ("Nm3/t",),
    "立方米/吨": ("m3/t",),
    "吉焦/吨": ("GJ/t",),
    "吨/吨": ("t/t",),
    "千克/吨": ("kg/t",),
    "公斤/吨": ("kg/t",),
    "元/吨": ("元/t",),
    "吨/年": ("t/a",),
    "公里": ("km",),
    "千米": ("km",),
    "个": ("只",),
    "年": ("a",),
    "度电/吨": ("kWh/t",),
    "摄氏度": ("℃",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number and the unit it was meant in."""

    number: float
    unit: str


def parse_amount(typed: str, *, units: Sequence[str], chosen: str | None, canonical: str) -> Amount:
    """Read an amount: `1,234.5`, `1.2亿`, `1235万度`, `12 t`.

    Parameters
    ----------
    units
        What the question offers.
    chosen
        The unit that stands beside the box; None where there is no such choice, so that the unit typed stands alone.
    canonical
        The unit of a bare number where none was chosen.

    Raises
    ------
    FieldError
        When it is no number, has a unit that is not offered, or one that contradicts the unit chosen.

    """
    number, words = _split(typed)
    if not words:
        return Amount(number=parse_number(number), unit=chosen or canonical)
    if words in _MAGNITUDES:
        return _with_magnitude(number, words, chosen or canonical)
    readings = list(_readings(number, words))
    if not readings:
        return Amount(number=parse_number(typed), unit=canonical)  # always refused, in the words for what is no number
    offered = [one for one in readings if one.unit in units]
    if not offered:
        raise _not_offered(typed, units)
    return _agreeing(offered, words, chosen)


def _split(typed: str) -> tuple[str, str]:
    """Return the number and the words behind it, both as plain characters."""
    text = re.sub("[×xX*]?10⁴", "万", typed)
    text = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()
    found = _LEADING_NUMBER.fullmatch(text)
    if found is None or len(text) > LONGEST_NUMBER or not found[2].strip():
        return typed, ""
    return found[1].strip(), _plain(found[2])


def _plain(words: str) -> str:
    """Return a unit without blanks, brackets' width and capitals, as the lists below are written."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", words)).lower()


def _with_magnitude(number: str, magnitude: str, chosen: str) -> Amount:
    """Read `1,234.5 万`: beside a unit that has 万 itself, the 万 is said twice and counts once."""
    if chosen.startswith("万"):
        if _MAGNITUDES[magnitude] == _MAGNITUDES["万"]:
            return Amount(number=parse_number(number), unit=chosen)
        raise FieldError(
            N_("“%(typed)s” beside a unit in 万 can be read in two ways. Type the digits only, or choose a unit without 万."),
            typed=f"{number}{magnitude}",
        )
    return Amount(number=_times(number, magnitude), unit=chosen)


def _readings(number: str, words: str) -> Iterator[Amount]:
    """Yield the same amount in each unit that the words can mean."""
    for unit in _units_called(words):
        yield Amount(number=parse_number(number), unit=unit)
    if words[0] in _MAGNITUDES:
        for unit in _units_called(words[1:]):
            yield Amount(number=_times(number, words[0]), unit=unit)


def _units_called(words: str) -> Sequence[str]:
    return _codes_by_words().get(words, ())


@lru_cache
def _codes_by_words() -> Mapping[str, tuple[str, ...]]:
    """Return what each word can mean: the words above, and the code and names of each unit."""
    codes = dict(_WORDS)
    for code in UNITS:
        for name in (code, unit_label(code, "en"), unit_label(code, "zh-CN")):
            known = codes.get(_plain(name), ())
            codes[_plain(name)] = known if code in known else (*known, code)
    return codes


def _times(number: str, magnitude: str) -> float:
    return float(Decimal(repr(parse_number(number))) * _MAGNITUDES[magnitude])


def _agreeing(offered: Sequence[Amount], words: str, chosen: str | None) -> Amount:
    if chosen is None:
        return offered[0]
    found = next((one for one in offered if one.unit == chosen), None)
    if found is None:
        raise FieldError(
            N_("You typed “%(words)s”, but another unit is chosen: %(chosen)s. Choose the unit you mean or delete the words."),
            words=words[:_LONGEST_WORDS],
            chosen=chosen,
        )
    return found


def _not_offered(typed: str, units: Sequence[str]) -> FieldError:
    return FieldError(
        N_("“%(typed)s” has a unit that is not offered here. Type the digits and choose one of: %(units)s."),
        typed=typed.strip()[:LONGEST_NUMBER],
        units=", ".join(units),
    )
