"""From what was typed to what it means; an answer that can't be read keeps its text and says why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.errors import N_, FieldError
from service.submissions.amounts import parse_amount
from service.submissions.models import Absence, EvidenceKind
from service.submissions.questions import Kind, Question
from service.submissions.texts import parse_day, parse_text
from service.submissions.units import convert

PERCENT_MAX = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One answer as a person gives it.

    Attributes
    ----------
    entered
        Exactly as typed; a choice by its key.
    unit
        None stands for the question's canonical unit.
    absent
        Set where there is no value; the reason is in `note`.

    """

    entered: str = ""
    unit: str | None = None
    evidence_kind: EvidenceKind | None = None
    note: str | None = None
    absent: Absence | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered; a note alone is no answer."""
        return not self.entered.strip() and self.absent is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What an entry means.

    Attributes
    ----------
    value
        In `unit`; None for what is no number and for what can't be read.
    typed_value, typed_unit
        The number as typed, before conversion.
    text
        Of a text, as it is kept; of a day in ISO 8601.

    """

    value: float | None = None
    unit: str | None = None
    choice: str | None = None
    text: str | None = None
    typed_value: float | None = None
    typed_unit: str | None = None
    error: FieldError | None = None

    @property
    def meaning(self) -> float | str | None:
        """The number, the key of the choice, the text or the day; None for what can't be read."""
        return self.value if self.value is not None else self.choice or self.text


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A question with its answer."""

    question: Question
    entry: Entry
    reading: Reading


def read_entry(question: Question, entry: Entry) -> Reading:
    """Understand one entry; never raises."""
    if entry.is_empty or entry.absent is not None:
        return Reading()
    try:
        return _READERS[question.kind](question, entry)
    except FieldError as error:
        return Reading(error=error)


def read_all(questions: Sequence[Question], entries: Mapping[str, Entry]) -> Mapping[str, Given]:
    """Understand all entries that answer a question, by field."""
    asked = {question.key: question for question in questions}
    answered = {key: entry for key, entry in entries.items() if key in asked and not entry.is_empty}
    return {key: Given(question=asked[key], entry=entry, reading=read_entry(asked[key], entry)) for key, entry in answered.items()}


def _read_choice(question: Question, entry: Entry) -> Reading:
    if question.choice(entry.entered) is None:
        raise FieldError(N_("“%(typed)s” is not one of the choices; pick one from the list."), typed=entry.entered[:60])
    return Reading(choice=entry.entered)


def _read_text(question: Question, entry: Entry) -> Reading:
    return Reading(text=parse_text(entry.entered, question.text_format or "line"))


def _read_day(_: Question, entry: Entry) -> Reading:
    return Reading(text=parse_day(entry.entered).isoformat())


def _read_number(question: Question, entry: Entry) -> Reading:
    unit = entry.unit or question.unit or ""
    if unit not in question.units:
        raise FieldError(
            N_("“%(unit)s” is no unit for this; choose one of: %(units)s."), unit=unit[:20], units=", ".join(question.units)
        )
    typed = parse_amount(entry.entered, units=question.units, chosen=entry.unit, canonical=question.unit or "")
    _check_sign(question, typed.number, entry.entered.strip())
    canonical = question.canonical(typed.unit)
    try:
        value = convert(typed.number, typed.unit, to=canonical)
    except OverflowError:
        typed_text = entry.entered.strip()[:60]
        raise FieldError(N_("“%(typed)s” is too large to be used; check the number of zeros."), typed=typed_text) from None
    if canonical == "%" and value > PERCENT_MAX:
        raise FieldError(N_("%(typed)s %% is more than 100 %%; a share or yield can't be."), typed=entry.entered.strip())
    return Reading(value=value, unit=canonical, typed_value=typed.number, typed_unit=typed.unit)


def _check_sign(question: Question, value: float, typed: str) -> None:
    if value < 0:
        raise FieldError(N_("%(typed)s is below zero; amounts count from zero up. Check the sign."), typed=typed)
    if value == 0 and question.positive:
        raise FieldError(N_("Zero can't be right here. If you don't know the value, say so below instead."))


_READERS: Final[Mapping[Kind, Callable[[Question, Entry], Reading]]] = {
    "number": _read_number,
    "choice": _read_choice,
    "text": _read_text,
    "date": _read_day,
}
