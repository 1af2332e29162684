"""A question with its answer as a page shows it, and the way back from a form."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starlette.datastructures import FormData

from service.errors import N_
from service.i18n import Locale, translate
from service.submissions.answers import Entry, read_entry
from service.submissions.drafts import stamp_of
from service.submissions.models import Absence, Answer, EarlierAnswer, EvidenceKind, FieldComment
from service.submissions.plausibility import Level, Observation, explain_observation
from service.submissions.queries import AcceptedAnswers, entry_of
from service.submissions.questionnaire import Question
from service.submissions.units import factor, unit_label
from service.web.formatting import format_exact

SHOWN_DIGITS = 7
EVIDENCE_LABELS: Mapping[EvidenceKind, str] = {
    EvidenceKind.METERED: N_("Meter or weighing"),
    EvidenceKind.BILLED: N_("Bill or invoice"),
    EvidenceKind.CALCULATED: N_("Calculated from records"),
    EvidenceKind.ESTIMATED: N_("Estimated"),
}
ABSENCE_LABELS: Mapping[Absence, str] = {
    Absence.UNKNOWN: N_("I do not know this"),
    Absence.NOT_APPLICABLE: N_("This does not apply to us"),
}
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierView:
    """An answer that was typed over."""

    text: str
    typed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """From a unit that may be chosen to the one in which the value is kept, for the page to convert while somebody types.

    Attributes
    ----------
    factor
        How many canonical units one unit is, exactly: `10000` or `5463/5863`.
    unit
        The canonical unit as people write it.

    """

    factor: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldView:
    """One question on a page, in the reader's language.

    Attributes
    ----------
    value, unit
        As typed.
    conversions
        By unit, where it is not the canonical one.
    converted
        The value in the canonical unit, where that is another one.
    previous
        What was accepted for the period before.
    stamp
        Names the state of the answer that this page shows (`drafts.stamp_of`).

    """

    key: str
    kind: str
    label: str
    ask: str
    why: str
    where: str
    example: str | None
    units: Options
    conversions: Mapping[str, Conversion]
    choices: Options
    evidence_options: Options
    absence_options: Options
    required: bool
    value: str
    unit: str
    converted: str | None
    evidence_kind: str
    absent: str
    note: str
    error: str | None
    warnings: tuple[str, ...]
    previous: str | None
    comments: tuple[str, ...]
    earlier: tuple[EarlierView, ...]
    stamp: str

    @property
    def has_details(self) -> bool:
        """Whether the part for source, note and "no value" has content to show."""
        return bool(self.evidence_kind or self.absent or self.note)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about the answers of a questionnaire, to show beside its fields."""

    answers: Mapping[str, Answer]
    observations: Sequence[Observation]
    comments: Sequence[FieldComment]
    earlier: Sequence[EarlierAnswer]
    previous: AcceptedAnswers | None


def view_field(question: Question, known: Known, locale: Locale) -> FieldView:
    """Return a question with everything that is known about its answer."""
    answer = known.answers.get(question.key)
    entry = entry_of(answer) if answer else Entry()
    return FieldView(
        key=question.key,
        kind=question.kind,
        label=translate(locale, question.label),
        ask=translate(locale, question.ask),
        why=translate(locale, question.why),
        where=translate(locale, question.where),
        example=show_amount(question.example[0], question.example[1], locale) if question.example else None,
        units=[(unit, unit_label(unit, locale)) for unit in question.units],
        conversions=_conversions(question, locale),
        choices=[(choice.key, choice.label(locale)) for choice in question.choices],
        evidence_options=[(kind.value, translate(locale, text)) for kind, text in EVIDENCE_LABELS.items()],
        absence_options=[(kind.value, translate(locale, text)) for kind, text in ABSENCE_LABELS.items() if not question.essential],
        required=question.required,
        value=entry.entered,
        unit=entry.unit or (question.units[0] if question.units else ""),
        converted=_converted(question, entry, locale),
        evidence_kind=entry.evidence_kind or "",
        absent=entry.absent or "",
        note=entry.note or "",
        error=next(iter(_messages(question, known.observations, {Level.ERROR}, locale)), None) if not entry.is_empty else None,
        warnings=_messages(question, known.observations, {Level.WARNING, Level.INFO}, locale),
        previous=_previous(question, known.previous, locale),
        comments=tuple(one.text for one in known.comments if one.field == question.key and one.is_open),
        earlier=tuple(_earlier(one, question, locale) for one in known.earlier if one.field == question.key),
        stamp=stamp_of(answer),
    )


def entries_from(form: FormData, questions: Iterable[Question]) -> Mapping[str, Entry]:
    """Read the answers of a form; choices outside the lists count as not given, everything else stays as typed."""
    return {question.key: _entry(form, question) for question in questions if question.key in form}


def stamps_from(form: FormData, questions: Iterable[Question]) -> Mapping[str, str]:
    """Read which state of each answer the form had shown."""
    return {question.key: _text(form, f"{question.key}_stamp") for question in questions}


def show_entry(entry: Entry, question: Question, locale: Locale) -> str:
    """Return an answer as typed, with its unit; what was not answered says why."""
    if entry.absent is not None:
        return translate(locale, ABSENCE_LABELS[entry.absent])
    if question.kind == "choice":
        choice = question.choice(entry.entered)
        return choice.label(locale) if choice else entry.entered
    return show_amount(entry.entered, entry.unit or question.unit or "", locale) if entry.entered else ""


def show_amount(text: str, unit: str, locale: Locale) -> str:
    """Return a number with its unit."""
    return f"{text} {unit_label(unit, locale)}"


def show_value(value: float, unit: str, locale: Locale) -> str:
    """Return a converted value: whole numbers in full, others to seven digits."""
    rounded = value if value.is_integer() else float(f"{value:.{SHOWN_DIGITS}g}")
    return show_amount(format_exact(rounded, locale), unit, locale)


def _entry(form: FormData, question: Question) -> Entry:
    kinds, absences = set(EvidenceKind), set() if question.essential else set(Absence)
    kind, absent = _text(form, f"{question.key}_evidence"), _text(form, f"{question.key}_absent")
    return Entry(
        entered=_text(form, question.key),
        unit=_text(form, f"{question.key}_unit") or None,
        evidence_kind=EvidenceKind(kind) if kind in kinds else None,
        note=_text(form, f"{question.key}_note") or None,
        absent=Absence(absent) if absent in absences else None,
    )


def _text(form: FormData, name: str) -> str:
    value = form.get(name, "")
    return value.strip() if isinstance(value, str) else ""


def _converted(question: Question, entry: Entry, locale: Locale) -> str | None:
    reading = read_entry(question, entry)
    if reading.value is None or reading.unit is None or reading.unit == reading.typed_unit:
        return None
    return show_value(reading.value, reading.unit, locale)


def _conversions(question: Question, locale: Locale) -> Mapping[str, Conversion]:
    pairs = ((unit, question.canonical(unit)) for unit in question.units)
    return {
        unit: Conversion(factor=str(factor(unit, canonical)), unit=unit_label(canonical, locale))
        for unit, canonical in pairs
        if unit != canonical
    }


def _messages(question: Question, observations: Sequence[Observation], levels: set[Level], locale: Locale) -> tuple[str, ...]:
    found = (one for one in observations if one.field == question.key and one.level in levels)
    return tuple(explain_observation(locale, one.template, one.values) for one in found)


def _previous(question: Question, previous: AcceptedAnswers | None, locale: Locale) -> str | None:
    value = previous.values.get(question.key) if previous else None
    if previous is None or value is None:
        return None
    if isinstance(value, str):
        return show_entry(Entry(entered=value), question, locale)
    return show_value(value, previous.units[question.key], locale)


def _earlier(answer: EarlierAnswer, question: Question, locale: Locale) -> EarlierView:
    return EarlierView(text=show_entry(entry_of(answer), question, locale), typed_at=answer.typed_at)
