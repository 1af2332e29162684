"""Answers as the checks see them, with what is known around them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache

from lca_models.errors import FormulaError
from lca_models.formulas import Formula, evaluate, parse_formula
from service.submissions.answers import Given
from service.submissions.models import Absence
from service.submissions.questions import Question

Answers = Mapping[str, Given]
Period = tuple[date, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What is known besides the answers themselves; each part that is not known leaves its checks out.

    Attributes
    ----------
    period, other_periods
        First and last day: of this questionnaire, and of the same supplier's others whose answers are in use.
    earlier
        The same supplier's usable answers of the period before, by field, in canonical units.
    peers
        By field, how plants of any size compare (`peers.comparable`); only where the band of them tells nobody's own figure.
    delivered_t
        What the maker's purchase ledger says it got from this supplier in the period, t.

    """

    supplier_type: str
    today: date | None = None
    period: Period | None = None
    other_periods: Sequence[Period] = ()
    earlier: Mapping[str, float | str] = field(default_factory=dict)
    peers: Mapping[str, Sequence[float]] = field(default_factory=dict)
    delivered_t: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One questionnaire under the checks.

    Attributes
    ----------
    numbers
        By field, in the unit of `units`. What does not apply to a supplier is zero: there is none of it.
    choices
        By field, the key of the choice.
    blank
        Fields that are asked and have neither value nor word that there is none.

    """

    asked: Mapping[str, Question]
    answers: Answers
    numbers: Mapping[str, float]
    units: Mapping[str, str]
    choices: Mapping[str, str]
    blank: frozenset[str]
    surroundings: Surroundings

    def value(self, formula: str) -> float | None:
        """Return the value of a formula of fields; None where one of them is not known, or where it has no finite value."""
        if formula in self.numbers:
            return self.numbers[formula]
        parsed = parsed_formula(formula)
        if not parsed.names <= self.numbers.keys():
            return None
        try:
            return float(evaluate(parsed, self.numbers.__getitem__))
        except FormulaError:
            return None

    def with_number(self, key: str, value: float) -> "Case":
        """Return the case as it would be with another figure."""
        return replace(self, numbers={**self.numbers, key: value})

    def comparable_values(self) -> Mapping[str, float | str]:
        """Return what `peers.comparable` reads."""
        return {**self.numbers, **self.choices}

    def label(self, key: str) -> str:
        """Return the message id of a field's name."""
        return self.asked[key].label


def read_case(questions: Sequence[Question], answers: Answers, surroundings: Surroundings) -> Case:
    """Lay answers out for the checks; what can't be read is not there."""
    read = {key: given.reading for key, given in answers.items()}
    numbers = {key: one.value for key, one in read.items() if one.value is not None}
    none = {key: 0.0 for key, given in answers.items() if _is_none(given)}
    return Case(
        asked={question.key: question for question in questions},
        answers=answers,
        numbers={**none, **numbers},
        units={key: one.unit for key, one in read.items() if one.unit is not None},
        choices={key: one.choice for key, one in read.items() if one.choice is not None},
        blank=frozenset(question.key for question in questions if question.key not in answers),
        surroundings=surroundings,
    )


@lru_cache(maxsize=1024)
def parsed_formula(text: str) -> Formula:
    """Return a formula, parsed once."""
    return parse_formula(text)


def _is_none(given: Given) -> bool:
    """Whether the answer says that there is none of a total; a share or a figure per tonne that does not apply is not zero."""
    return given.entry.absent is Absence.NOT_APPLICABLE and given.question.unit in TOTALS


TOTALS = frozenset({"t", "kg", "kWh", "Nm3", "GJ", "tce"})
"""Canonical units of totals of a period."""
