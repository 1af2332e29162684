"""What a question of a questionnaire is; `registry` reads them from data."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from service.errors import N_
from service.i18n import Locale, translate
from service.submissions.units import factor

Kind = Literal["number", "choice", "text", "date"]
Format = Literal["line", "uscc", "cas", "waste_code", "certificates"]


class Use(StrEnum):
    """What an answer is for."""

    MODEL = "model"
    CHECK = "check"
    RECORD = "record"


USE_TEXTS: Final[Mapping[Use, str]] = {
    Use.MODEL: N_("It goes into the calculation of the footprint."),
    Use.CHECK: N_("It is used to check other figures only; the footprint does not change with it."),
    Use.RECORD: N_("It tells plants, products and documents apart; nothing is calculated from it."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One of several answers; a province brings its Chinese name along, other texts are in the catalogue."""

    key: str
    text: str
    text_zh: str | None = None

    def label(self, locale: Locale) -> str:
        """Return the choice in a language."""
        return self.text_zh if self.text_zh and locale == "zh-CN" else translate(locale, self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Smallest and largest value that has been seen or makes sense; None where open.

    Attributes
    ----------
    unit
        The unit of both, which is that of the ratio where the question has a `per`.

    """

    low: float | None
    high: float | None
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """How answers make a parameter of the process model.

    Attributes
    ----------
    flow
        What the supplier delivers when the feed holds, as in `suppliers.flows`; `own_plant` for the maker's own plant.
    parameter
        Name in the model; empty for the factor of whatever the supplier delivers.
    formula
        Of field keys, in their canonical units; its unit is converted to the parameter's. Empty where a rule reads the answers.
    rule
        Name in `footprints.supplier_values.RULES`, for a difference from a default of the model; empty where there is a formula.
    needs
        Fields without which the default stays.
    reads
        All fields that the feed looks at.

    """

    flow: str
    parameter: str
    formula: str
    rule: str
    needs: tuple[str, ...]
    reads: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One field of a questionnaire; texts are message ids.

    Attributes
    ----------
    row, part
        Row of `questionnaire_fields.csv`, and which of its quantities.
    unit
        Canonical unit of a number; None for everything else.
    units
        Units offered; the first one is preselected.
    text_format
        Rule for a text: a code with a check digit, or a line of free text; None for everything else.
    limits
        By unit; a question whose units measure different things has several.
    per
        The limits hold for this answer divided by the one named here.
    at_most
        The answer that this one is a part of.
    example
        What may be typed, and its unit; the unit is empty for texts and dates.
    is_first
        Whether the short first request asks it too.

    """

    key: str
    row: str
    part: int
    group: str
    kind: Kind
    label: str
    ask: str
    why: str
    where: str
    unit: str | None
    units: tuple[str, ...]
    choices: tuple[Choice, ...]
    text_format: Format | None
    limits: Mapping[str, Limits]
    per: str | None
    at_most: str | None
    required: bool
    essential: bool
    positive: bool
    example: tuple[str, str] | None
    is_first: bool
    use: Use
    feeds: tuple[Feed, ...]

    @property
    def reasons(self) -> tuple[str, str]:
        """Why it is asked, and what the answer is for."""
        return self.why, USE_TEXTS[self.use]

    def canonical(self, unit: str) -> str:
        """Return the unit in which a value typed in `unit` is kept."""
        return self.unit if self.unit and factor(unit, self.unit) is not None else unit

    def choice(self, key: str) -> Choice | None:
        """Return the choice with a key, if there is one."""
        return next((choice for choice in self.choices if choice.key == key), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Questions that belong on one screen."""

    key: str
    title: str
    questions: tuple[Question, ...]
