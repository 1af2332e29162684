"""A recipe's parameter as a page shows it."""

from dataclasses import dataclass

from service.console.choices import Options
from service.console.footprint_words import choice_name
from service.i18n import Locale
from service.products.recipe import RecipeParameter
from service.web.formatting import format_exact

SHOWN_DIGITS = 4
DIMENSIONLESS = "1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterView:
    """One parameter in the reader's language.

    Attributes
    ----------
    unit
        Empty for a share.
    default, usual
        Rounded for reading; `usual` is empty where the model names no range.
    value
        What the product sets; None if it follows the default.
    options
        Words of a choice with their names, the default first; empty for a number.

    """

    name: str
    meaning: str
    unit: str
    default: str
    usual: str
    value: float | str | None
    is_unusual: bool
    options: Options


def view_parameter(parameter: RecipeParameter, locale: Locale, *, value: float | str | None = None) -> ParameterView:
    """Return a parameter with what the product sets for it."""
    has_range = parameter.low is not None and parameter.high is not None
    return ParameterView(
        name=parameter.name,
        meaning=parameter.meaning(locale),
        unit="" if parameter.unit == DIMENSIONLESS or parameter.choices else parameter.unit,
        default=_shown(parameter.default, locale),
        usual=f"{_rounded(parameter.low, locale)} – {_rounded(parameter.high, locale)}" if has_range else "",
        value=str(choice_name(value, locale)) if isinstance(value, str) else value,
        options=[(word, str(choice_name(word, locale))) for word in parameter.choices],
        is_unusual=value is not None and parameter.is_unusual(value),
    )


def _shown(value: float | str, locale: Locale) -> str:
    return str(choice_name(value, locale)) if isinstance(value, str) else _rounded(value, locale)


def _rounded(value: float | None, locale: Locale) -> str:
    return format_exact(None if value is None else float(f"{value:.{SHOWN_DIGITS}g}"), locale)
