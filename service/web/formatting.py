"""Numbers, dates and units as people of each language read them."""

from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from zoneinfo import ZoneInfo

from babel.numbers import format_decimal

from service.clock import day_at
from service.i18n import Locale

BABEL_LOCALES: dict[Locale, str] = {"zh-CN": "zh_Hans_CN", "en": "en"}
ABSENT = "–"
WRITTEN_OUT = range(-9, 15)
"""Powers of ten shown with all their zeros; beyond, a reader would only count them."""


def format_number(value: float | None, locale: Locale, digits: int = 3, *, padded: bool = True) -> str:
    """Round to significant digits for people; a missing value is a dash, never zero.

    Parameters
    ----------
    padded
        Whether zeros at the end stand for digits that are known; not where a value was rounded before it came here.

    """
    if value is None or not isfinite(value):
        return ABSENT
    if value == 0:
        return "0"
    exact = Decimal(repr(float(value)))
    if exact.adjusted() not in WRITTEN_OUT:
        return _with_minus(f"{exact:.{digits - 1}E}")
    rounded = round(exact, digits - 1 - exact.adjusted())
    decimals = digits - 1 - rounded.adjusted()  # of the rounded value: 99.96 has become 100
    return _with_decimals(rounded, locale, ("0" if padded else "#") * decimals)


def format_exact(value: float | None, locale: Locale) -> str:
    """Show every digit that was given, with the locale's separators."""
    if value is None or not isfinite(value):
        return ABSENT
    if value == 0:
        return "0"
    exact = Decimal(repr(float(value)))
    if exact.adjusted() not in WRITTEN_OUT:
        return _with_minus(f"{exact.normalize():E}")
    return _with_decimals(exact, locale, "#" * -int(exact.as_tuple().exponent))


def _with_decimals(value: Decimal, locale: Locale, decimals: str) -> str:
    pattern = f"#,##0.{decimals}" if decimals else "#,##0"
    return _with_minus(str(format_decimal(value, format=pattern, locale=BABEL_LOCALES[locale])))


def _with_minus(text: str) -> str:
    """Set the minus sign, which is as wide as a plus and can't be taken for a hyphen."""
    return text.replace("-", "−")


def format_unit(unit: str, locale: Locale) -> str:
    """Write a unit as people of a language do: with its subscript, and money by its usual name."""
    written = unit.replace("CO2", "CO₂")
    return written.replace("10k CNY", "万元").replace("CNY", "元") if locale == "zh-CN" else written


def format_percent(share: float | None, locale: Locale, digits: int = 3) -> str:
    """Show a share (0 to 1) in percent."""
    if share is None or not isfinite(share):
        return ABSENT
    return format_number(share * 100, locale, digits) + (" %" if locale == "en" else "%")


def format_date(value: date | None) -> str:
    """Show a date as 2026-11-22, in both languages."""
    return ABSENT if value is None else value.isoformat()


def day_of(value: date | None, timezone: str) -> date | None:
    """Return the day that an instant belongs to in the deployment's time zone; a day stays what it is."""
    return day_at(value, timezone) if isinstance(value, datetime) else value


def format_datetime(value: datetime | None, timezone: str) -> str:
    """Show an instant as 2026-11-22 14:05 in the deployment's time zone."""
    return ABSENT if value is None else value.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%d %H:%M")
