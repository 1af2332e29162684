"""What a check noticed, and its words in a language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from service.errors import N_, FieldError
from service.i18n import Locale, translate
from service.submissions.units import unit_label

TERM, UNIT, SUM, TEXT, LIST = "term_", "unit_", "sum_", "text_", "list_"
LONGEST_LIST: Final = 6
"""More arithmetic than this on one figure helps nobody to find the mistake."""


class Level(StrEnum):
    """An error blocks handing in, a warning needs a reason, an info is for the reviewer to know."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What a check noticed.

    Attributes
    ----------
    template, values
        Message id and what fills it, all of it JSON. By the beginning of a value's name: `term_…` is itself a message id,
        `unit_…` a unit's code, `sum_…` a list of (message id, number, unit) to be added up, `text_…` an observation within this
        one (its `template` and `values`), `list_…` several of them.
    about
        All fields whose figures it is about.

    """

    field: str
    rule: str
    level: Level
    template: str
    values: Mapping[str, Any]  # JSON, because it is stored as such
    about: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """How a reason refers to this observation."""
        return f"{self.field}.{self.rule}"


def explain_observation(locale: Locale, template: str, values: Mapping[str, Any]) -> str:
    """Return an observation in a language: of a check just made, or of one stored as a finding."""
    return translate(locale, template, **{name: _in_language(locale, name, value) for name, value in values.items()})


def within(template: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return words that another observation quotes, for a value named `text_…`."""
    return {"template": template, "values": dict(values)}


def error(key: str, rule: str, problem: FieldError) -> Observation:
    """Return what keeps answers from being handed in."""
    values = {name: str(value) for name, value in problem.values.items()}
    return Observation(field=key, rule=rule, level=Level.ERROR, template=problem.template, values=values)


def _in_language(locale: Locale, name: str, value: Any) -> str:  # noqa: ANN401 - one value of a JSON column
    if name.startswith(UNIT):
        return unit_label(str(value), locale)
    if name.startswith(TERM):
        return translate(locale, str(value))
    if name.startswith(SUM):
        return " + ".join(_addend(locale, *addend) for addend in value)
    if name.startswith(TEXT):
        return explain_observation(locale, value["template"], value["values"])
    if name.startswith(LIST):
        return _listed(locale, value)
    return str(value)


def _addend(locale: Locale, label: str, number: str, unit: str) -> str:
    return translate(
        locale, N_("%(label)s %(number)s %(unit)s"), label=translate(locale, label), number=number, unit=unit_label(unit, locale)
    )


def _listed(locale: Locale, values: Sequence[Mapping[str, Any]]) -> str:
    shown = [explain_observation(locale, one["template"], one["values"]) for one in values[:LONGEST_LIST]]
    return " ".join(f"({number}) {text}" for number, text in enumerate(shown, start=1))
