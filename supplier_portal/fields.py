"""A question with its answer and everything known about it, as a page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.errors import N_
from service.i18n import Locale, translate
from service.submissions.answers import Entry, read_entry
from service.submissions.drafts import contested_answer, stamp_of
from service.submissions.models import Answer, Delegation, EarlierAnswer, Evidence, EvidenceKind, FieldComment
from service.submissions.plausibility import Level, Observation, explain_observation
from service.submissions.queries import AcceptedAnswers, entry_of
from service.submissions.questionnaire import Question
from service.submissions.units import factor, unit_label
from service.submissions.words import ABSENCE_LABELS, EVIDENCE_LABELS
from service.web.formatting import format_exact
from supplier_portal.typed import KEEP_PRESENT

SHOWN_DIGITS = 7
FIGURE_LABEL = N_("We have the figure")
ESTIMATE_LABEL = N_("It is an estimate")
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierView:
    """An answer that was typed over."""

    text: str
    typed_at: datetime
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestView:
    """Two answers to one question, of people who did not know of each other.

    Attributes
    ----------
    choose_present, choose_other
        What the button for each sends.

    """

    present: EarlierView
    other: EarlierView
    choose_present: str
    choose_other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentLine:
    """One contribution to the talk about a question; `is_open` where the maker waits for an answer."""

    text: str
    at: datetime
    name: str
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLink:
    """A file that backs the answer."""

    name: str
    href: str


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
    state
        Empty for a figure, `estimated`, or why there is none; `states` are the choices.
    said
        Words to the contact that have not been sent yet.
    is_folded
        Whether it may wait: neither needed nor part of the short request.
    previous
        What was accepted for the period before.
    contest
        Set where somebody must choose between two answers.
    typed_by
        Who answered, where that is somebody else than the reader.
    sent_to
        Names of colleagues who were sent this question.
    stamp
        Names the state of the answer that this page shows (`drafts.stamp_of`).
    is_carried
        Whether it was carried over from the last questionnaire and nobody has typed it again.

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
    states: Options
    required: bool
    is_folded: bool
    value: str
    unit: str
    converted: str | None
    evidence_kind: str
    state: str
    said: str
    note: str
    error: str | None
    warnings: tuple[str, ...]
    previous: str | None
    comments: tuple[CommentLine, ...]
    contest: ContestView | None
    earlier: tuple[EarlierView, ...]
    typed_by: str
    sent_to: tuple[str, ...]
    files: tuple[FileLink, ...]
    other_files: Options
    stamp: str
    is_carried: bool

    @property
    def has_details(self) -> bool:
        """Whether the part for source, note and "no figure" has content to show."""
        return bool(self.evidence_kind or self.state or self.note or self.said)

    @property
    def needs_attention(self) -> bool:
        """Whether something about it waits for the reader, so that it may not stay folded away."""
        waits = self.error or self.warnings or self.contest or any(one.is_open for one in self.comments)
        return bool(waits or self.value or self.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about the answers of a questionnaire, to show beside its fields.

    Attributes
    ----------
    names
        Of people who answered or commented, by actor.
    reader
        The actor who looks at the page.
    path
        Address of the questionnaire.

    """

    answers: Mapping[str, Answer]
    observations: Sequence[Observation]
    comments: Sequence[FieldComment]
    earlier: Sequence[EarlierAnswer]
    previous: AcceptedAnswers | None
    files: Sequence[Evidence]
    delegations: Sequence[Delegation]
    names: Mapping[str, str]
    reader: str
    path: str


def view_field(question: Question, known: Known, locale: Locale) -> FieldView:
    """Return a question with everything that is known about its answer."""
    answer = known.answers.get(question.key)
    entry = entry_of(answer) if answer else Entry()
    errors = _messages(question, known.observations, {Level.ERROR}, locale)
    return FieldView(
        key=question.key,
        kind=question.kind,
        label=translate(locale, question.label),
        ask=translate(locale, question.ask),
        why=" ".join(translate(locale, text) for text in question.reasons),
        where=translate(locale, question.where),
        example=show_amount(question.example[0], question.example[1], locale) if question.example else None,
        units=[(unit, unit_label(unit, locale)) for unit in question.units],
        conversions=_conversions(question, locale),
        choices=[(choice.key, choice.label(locale)) for choice in question.choices],
        evidence_options=_evidence_options(locale),
        states=_states(question, locale),
        required=question.required,
        is_folded=not question.required and not question.is_first,
        value=entry.entered,
        unit=entry.unit or (question.units[0] if question.units else ""),
        converted=_converted(question, entry, locale),
        evidence_kind=evidence_shown(entry),
        state=state_of(entry),
        note=entry.note or "",
        said="",
        error=next(iter(errors), None) if not entry.is_empty else None,
        warnings=_messages(question, known.observations, {Level.WARNING, Level.INFO}, locale),
        previous=_previous(question, known.previous, locale),
        comments=tuple(_comment(one, known, locale) for one in known.comments if one.field == question.key),
        contest=_contest(question, known, locale),
        earlier=tuple(_earlier(one, question, known, locale) for one in known.earlier if one.field == question.key),
        typed_by=_name(answer.typed_by, known, locale) if answer and answer.typed_by != known.reader else "",
        sent_to=tuple(one.colleague for one in known.delegations if question.key in one.fields),
        files=tuple(_file(one, known) for one in known.files if question.key in one.fields),
        other_files=_other_files(question, known),
        stamp=stamp_of(answer),
        is_carried=answer is not None and answer.carried_from_id is not None,
    )


def state_of(entry: Entry) -> str:
    """Return which of the choices beside a figure holds: none, an estimate, or why there is no figure."""
    if entry.absent is not None:
        return entry.absent
    return EvidenceKind.ESTIMATED if entry.evidence_kind is EvidenceKind.ESTIMATED else ""


def evidence_shown(entry: Entry) -> str:
    """Return the source chosen in the list; an estimate is said elsewhere."""
    return entry.evidence_kind if entry.evidence_kind and entry.evidence_kind is not EvidenceKind.ESTIMATED else ""


def show_entry(entry: Entry, question: Question, locale: Locale) -> str:
    """Return an answer as typed, with its unit; what was not answered says why."""
    if entry.absent is not None:
        return translate(locale, ABSENCE_LABELS[entry.absent])
    if question.kind == "choice":
        choice = question.choice(entry.entered)
        return choice.label(locale) if choice else entry.entered
    unit = entry.unit or question.unit
    return show_amount(entry.entered, unit, locale) if entry.entered and unit else entry.entered


def show_amount(text: str, unit: str, locale: Locale) -> str:
    """Return a number with its unit."""
    return f"{text} {unit_label(unit, locale)}"


def show_value(value: float, unit: str, locale: Locale) -> str:
    """Return a converted value: whole numbers in full, others to seven digits."""
    rounded = value if value.is_integer() else float(f"{value:.{SHOWN_DIGITS}g}")
    return show_amount(format_exact(rounded, locale), unit, locale)


def _evidence_options(locale: Locale) -> Options:
    listed = (kind for kind in EVIDENCE_LABELS if kind is not EvidenceKind.ESTIMATED)
    return [(kind.value, translate(locale, EVIDENCE_LABELS[kind])) for kind in listed]


def _states(question: Question, locale: Locale) -> Options:
    absences = [] if question.essential else [(kind.value, text) for kind, text in ABSENCE_LABELS.items()]
    labels = [("", FIGURE_LABEL), (EvidenceKind.ESTIMATED.value, ESTIMATE_LABEL), *absences]
    return [(state, translate(locale, text)) for state, text in labels]


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


def _contest(question: Question, known: Known, locale: Locale) -> ContestView | None:
    present = known.answers.get(question.key)
    other = contested_answer((one for one in known.earlier if one.field == question.key), present)
    if present is None or other is None:
        return None
    return ContestView(
        present=_earlier(present, question, known, locale),
        other=_earlier(other, question, known, locale),
        choose_present=f"{question.key}:{KEEP_PRESENT}",
        choose_other=f"{question.key}:{other.id}",
    )


def _earlier(answer: EarlierAnswer | Answer, question: Question, known: Known, locale: Locale) -> EarlierView:
    text = show_entry(entry_of(answer), question, locale)
    return EarlierView(text=text, typed_at=answer.typed_at, name=_name(answer.typed_by, known, locale))


def _comment(comment: FieldComment, known: Known, locale: Locale) -> CommentLine:
    name = _name(comment.by, known, locale) if comment.from_supplier else translate(locale, N_("Your contact"))
    return CommentLine(text=comment.text, at=comment.at, name=name, is_open=comment.is_open and not comment.from_supplier)


def _name(actor: str, known: Known, locale: Locale) -> str:
    return known.names.get(actor) or translate(locale, N_("Somebody with the link"))


def _file(evidence: Evidence, known: Known) -> FileLink:
    return FileLink(name=evidence.name, href=f"{known.path}/evidence/{evidence.id}")


def _other_files(question: Question, known: Known) -> Options:
    """Return files of other answers, each once, which may back this one as well."""
    own = {one.sha256 for one in known.files if question.key in one.fields}
    others = {one.sha256: (str(one.id), one.name) for one in known.files if one.sha256 not in own}
    return list(others.values())
