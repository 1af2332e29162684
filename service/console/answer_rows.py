"""A questionnaire as a reviewer reads it: each answer with its source, checks, comparison values and comments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.errors import N_
from service.i18n import Locale, translate
from service.submissions.answers import Entry, Reading, read_entry
from service.submissions.benchmarks import Benchmark, calcination_default, furnace_benchmark
from service.submissions.evidence import is_outdated
from service.submissions.models import Absence, Answer, Evidence, EvidenceKind, FieldComment, Finding
from service.submissions.peers import PeerBand
from service.submissions.plausibility import FURNACE_FLOWS, explain_observation
from service.submissions.queries import AcceptedAnswers, entry_of
from service.submissions.questionnaire import Question
from service.submissions.ratings import Rating
from service.submissions.unchanged import Values, is_per_tonne, relative_change
from service.submissions.units import unit_label
from service.web.formatting import ABSENT, format_exact

EVIDENCE_LABELS: Mapping[EvidenceKind, str] = {
    EvidenceKind.METERED: N_("Meter or weighing"),
    EvidenceKind.BILLED: N_("Bill or invoice"),
    EvidenceKind.CALCULATED: N_("Calculated from records"),
    EvidenceKind.ESTIMATED: N_("Estimated"),
}
ABSENCE_LABELS: Mapping[Absence, str] = {
    Absence.UNKNOWN: N_("The supplier does not know this"),
    Absence.NOT_APPLICABLE: N_("Does not apply to the supplier"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingView:
    """What a check found, in the reader's language; `level` is warning or info."""

    level: str
    text: str
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentView:
    """A reviewer's words on a field."""

    text: str
    by: str
    at: datetime
    is_open: bool
    is_objection: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingView:
    """How good an answer is; `scores` as they are typed: 1-2-1-1-1."""

    grade: EvidenceKind
    label: str
    scores: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FileView:
    """A file that backs an answer; `is_outdated`: it did not hold to the end of the period."""

    evidence: Evidence
    is_outdated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerRow:
    """One question with its answer.

    Attributes
    ----------
    typed
        As the supplier typed it, with its unit.
    canonical
        The same in the unit that calculations use, where that is another one.
    per
        The value per unit of the answer that the question's limits refer to: 13,158 kWh/t.
    default
        The model's default with its usual range, where the model has one for this question.
    previous
        What was accepted for the period before, with how far this answer has moved, per tonne where it can be.
    peers
        Median and quartiles of other suppliers with the same technology; empty where that would tell somebody's own figure.
    rating
        None for what is no number.

    """

    key: str
    label: str
    typed: str
    canonical: str
    per: str
    default: str
    previous: str
    peers: str
    source: str
    rating: RatingView | None
    note: str
    findings: Sequence[FindingView]
    comments: Sequence[CommentView]
    files: Sequence[FileView]

    @property
    def has_remarks(self) -> bool:
        """Whether a line of its own below the answer has something to say."""
        return bool(self.comments) or any(one.level == "warning" for one in self.findings)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """Everything known about one questionnaire; `values` by field in canonical units, `names` are people's names by actor."""

    answers: Mapping[str, Answer]
    findings: Sequence[Finding]
    comments: Sequence[FieldComment]
    files: Sequence[Evidence]
    previous: AcceptedAnswers | None
    values: Mapping[str, float | str]
    peers: Mapping[str, PeerBand]
    ratings: Mapping[str, Rating]
    period_end: date
    names: Mapping[str, str]


def answer_rows(questions: Sequence[Question], known: Reviewed, locale: Locale) -> Sequence[AnswerRow]:
    """Return one row per question, in the order of the questionnaire."""
    entries = {question.key: entry_of(known.answers[question.key]) for question in questions if question.key in known.answers}
    readings = {question.key: read_entry(question, entries.get(question.key, Entry())) for question in questions}
    return [_row(question, entries.get(question.key, Entry()), readings, known, locale) for question in questions]


def comment_views(comments: Sequence[FieldComment], names: Mapping[str, str]) -> Sequence[CommentView]:
    """Return comments with the names of those who wrote them; somebody who came by link has none."""
    return [
        CommentView(text=one.text, by=names.get(one.by, ""), at=one.at, is_open=one.is_open, is_objection=one.is_objection)
        for one in comments
    ]


def file_views(files: Sequence[Evidence], *, period_end: date) -> Sequence[FileView]:
    """Return files with whether they hold to the end of the reporting period."""
    return [FileView(evidence=one, is_outdated=is_outdated(one, on=period_end)) for one in files]


def _row(question: Question, entry: Entry, readings: Mapping[str, Reading], known: Reviewed, locale: Locale) -> AnswerRow:
    reading = readings[question.key]
    return AnswerRow(
        key=question.key,
        label=translate(locale, question.label),
        typed=_typed(question, entry, locale),
        canonical=_amount(reading.value, reading.unit, locale) if reading.unit != reading.typed_unit else "",
        per=_per(question, readings, locale),
        default=_default(question, readings, locale),
        previous=_previous(question, known, locale),
        peers=_peers(question, known.peers.get(question.key), locale),
        source=translate(locale, EVIDENCE_LABELS[entry.evidence_kind]) if entry.evidence_kind else "",
        rating=_rating(known.ratings.get(question.key), locale),
        note=entry.note or "",
        findings=[
            FindingView(level=one.level, text=explain_observation(locale, one.template, one.values), reason=one.reason)
            for one in known.findings
            if one.field == question.key
        ],
        comments=comment_views([one for one in known.comments if one.field == question.key], known.names),
        files=file_views([one for one in known.files if question.key in one.fields], period_end=known.period_end),
    )


def _typed(question: Question, entry: Entry, locale: Locale) -> str:
    if entry.absent is not None:
        return translate(locale, ABSENCE_LABELS[entry.absent])
    if entry.is_empty:
        return ABSENT
    choice = question.choice(entry.entered)
    if choice is not None:
        return choice.label(locale)
    return f"{entry.entered} {unit_label(entry.unit or question.unit or '', locale)}".strip()


def _per(question: Question, readings: Mapping[str, Reading], locale: Locale) -> str:
    base = readings.get(question.per) if question.per else None
    value, limits = readings[question.key].value, next(iter(question.limits.values()), None)
    if base is None or not base.value or value is None or limits is None:
        return ""
    return f"= {_rounded(value / base.value, locale)} {unit_label(limits.unit, locale)}"


def _default(question: Question, readings: Mapping[str, Reading], locale: Locale) -> str:
    furnace, flow = readings.get("furnace_type"), FURNACE_FLOWS.get(question.key)
    if flow is not None and furnace is not None and furnace.choice:
        benchmark = furnace_benchmark(furnace.choice, flow.flow, per_tonne=flow.per_tonne)
        return _benchmark(benchmark, flow.unit, locale) if benchmark else ""
    if question.key == "calcination_co2":
        return f"{_rounded(calcination_default('CO2_fossil'), locale)} {unit_label(question.unit or '', locale)}"
    if question.key == "calcination_yield":  # green coke per calcined coke, so the yield is its inverse
        return f"{_rounded(100 / calcination_default('green_petroleum_coke'), locale)} %"
    return ""


def _benchmark(benchmark: Benchmark, unit: str, locale: Locale) -> str:
    default, low, high = (_rounded(value, locale) for value in (benchmark.default, benchmark.low, benchmark.high))
    return f"{default} ({low} – {high}) {unit_label(unit, locale)}"


def _previous(question: Question, known: Reviewed, locale: Locale) -> str:
    value = known.previous.values.get(question.key) if known.previous else None
    if value is None or known.previous is None:
        return ""
    if isinstance(value, str):
        choice = question.choice(value)
        return choice.label(locale) if choice else value
    change = _change(question, known.values, known.previous.values, locale)
    return f"{_amount(value, known.previous.units.get(question.key), locale)}{change}"


def _change(question: Question, now: Values, before: Values, locale: Locale) -> str:
    moved = relative_change(question, now, before)
    if moved is None:
        return ""
    change = f"{moved:+.1%}".replace("%", " %").replace("-", "−")
    if is_per_tonne(question, now, before):
        change = translate(locale, N_("%(change)s per tonne"), change=change)
    return f" ({change})"


def _peers(question: Question, band: PeerBand | None, locale: Locale) -> str:
    if band is None:
        return ""
    unit = next(iter(question.limits)) if question.per and question.limits else question.unit or ""
    numbers = {name: _rounded(getattr(band, name), locale) for name in ("lower_quartile", "median", "upper_quartile")}
    shown = {**numbers, "count": band.count, "unit": unit_label(unit, locale)}
    return translate(locale, N_("%(median)s (%(lower_quartile)s – %(upper_quartile)s) %(unit)s, %(count)s plants"), **shown)


def _rating(rating: Rating | None, locale: Locale) -> RatingView | None:
    if rating is None:
        return None
    scores = "-".join(str(score) for score in rating.scores)
    return RatingView(grade=rating.grade, label=translate(locale, EVIDENCE_LABELS[rating.grade]), scores=scores)


def _amount(value: float | None, unit: str | None, locale: Locale) -> str:
    return "" if value is None else f"{_rounded(value, locale, digits=10)} {unit_label(unit or '', locale)}".strip()


def _rounded(value: float, locale: Locale, *, digits: int = 4) -> str:
    """Round to significant digits without trailing zeros; ten digits show all that anybody types."""
    return format_exact(float(f"{value:.{digits}g}"), locale)
