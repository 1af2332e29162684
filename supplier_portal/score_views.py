"""A supplier's own score in words: points and reasons, what would raise it, what is on file; never anybody else's."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from service.accounts.access import Context
from service.clock import day_at
from service.compliance import queries as compliance
from service.compliance.models import HeldCertificate
from service.compliance.rules import notice_stage
from service.compliance.words import AREA_NAMES, CERTIFICATE_NAMES, VETO_NAMES, VIOLATION_NAMES
from service.errors import N_
from service.green_score.improvements import Improvement, Step, cheapest_two
from service.green_score.indicator_names import DIMENSION_NAMES, INDICATOR_NAMES
from service.green_score.method_queries import method_of
from service.green_score.models import Score
from service.green_score.queries import method_version_of, score_history
from service.green_score.reasons import reason_from
from service.green_score.stored_facts import facts_from
from service.i18n import Locale, translate
from service.procurement.appeal_queries import appeals_of, visible_scores, visible_since
from service.procurement.appeal_rules import last_day
from service.procurement.corrective_action_queries import actions_of
from service.procurement.corrective_action_rules import is_overdue
from service.procurement.models import ActionStatus, Appeal, AppealStatus, CorrectiveAction
from service.suppliers.flows import FLOWS
from service.suppliers.models import Supplier

GRADE_MEANINGS: Final[Mapping[str, str]] = {
    "A+": N_("Leading"),
    "A": N_("Preferred"),
    "B": N_("Qualified supplier"),
    "C": N_("To be improved within six months"),
    "D": N_("Restricted: no new orders"),
    "V": N_("Excluded until the reason is gone"),
}
STEP_WORDS: Final[Mapping[Step, str]] = {
    Step.REPORT: N_("Tell us: nothing is on file yet, so it earns nothing."),
    Step.PROVE: N_("Send better evidence: an invoice, a meter reading or a third party's statement counts more."),
    Step.IMPROVE: N_("Get better at this; the points assume one year's work."),
}
EFFORT_WORDS: Final[Mapping[str, str]] = {
    "report": N_("Answering is enough"),
    "paper": N_("Papers"),
    "process": N_("Change of work"),
    "investment": N_("Investment"),
}
ACTION_BADGES: Final[Mapping[ActionStatus, tuple[str, str]]] = {
    ActionStatus.OPEN: (N_("To be done"), "attention"),
    ActionStatus.DONE: (N_("Done, we check it"), "info"),
    ActionStatus.CLOSED: (N_("Closed"), "good"),
    ActionStatus.CANCELLED: (N_("Cancelled"), "neutral"),
}
APPEAL_BADGES: Final[Mapping[AppealStatus, tuple[str, str]]] = {
    AppealStatus.FILED: (N_("We look into it"), "info"),
    AppealStatus.UPHELD: (N_("You were right"), "good"),
    AppealStatus.REJECTED: (N_("Stays as it is"), "neutral"),
}

Badge = tuple[str, str]
"""Words and tone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorView:
    """One indicator: what it earned of what it can earn, and why."""

    indicator: str
    name: str
    points: float
    possible: float
    is_missing: bool
    is_left_out: bool
    reasons: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DimensionView:
    """A dimension with its indicators; points of 100 for all."""

    name: str
    points: float
    possible: float
    indicators: Sequence[IndicatorView]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImprovementView:
    """One of the two cheapest things that raise the score; `gain` in points."""

    name: str
    how: str
    effort: str
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreView:
    """The latest score for one material.

    Attributes
    ----------
    last_day
        Until when the supplier may object; None once that has passed.
    history
        (first and last day of the period, day of calculation, points, grade), the latest first.

    """

    id: uuid.UUID
    material: str
    period_start: date
    period_end: date
    total: float
    grade: str
    meaning: str
    grade_reasons: Sequence[str]
    dimensions: Sequence[DimensionView]
    improvements: Sequence[ImprovementView]
    last_day: date | None
    history: Sequence[tuple[date, date, date, float, str]]
    is_sample: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryView:
    """Something on file: what it is, what it says, how it stands."""

    title: str
    facts: str
    badge: Badge | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionView:
    """Something that the supplier has to put right."""

    row: CorrectiveAction
    badge: Badge
    is_overdue: bool
    may_say_done: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealView:
    """An objection and its answer."""

    row: Appeal
    about: str
    badge: Badge


def score_views(context: Context, supplier: Supplier) -> list[ScoreView]:
    """Return the supplier's latest scores, one for each material, of periods that are closed for answers."""
    return [_score(context, one) for one in visible_scores(context.session, supplier.id)]


def certificate_views(context: Context, supplier: Supplier) -> list[EntryView]:
    """Return the certificates on file, and those told of that nobody has looked at."""
    today, locale = context.today, context.locale
    told = compliance.told_certificates_of(context.session, supplier.id)
    seen = compliance.certificates_of(context.session, supplier.id, on=today)
    return [
        EntryView(
            title=translate(locale, CERTIFICATE_NAMES[row.kind]),
            facts=f"{row.number} · {row.issuer}",
            badge=_validity(row, is_told=row in told, today=today, locale=locale),
        )
        for row in (*told, *seen)
    ]


def record_views(context: Context, supplier: Supplier) -> list[EntryView]:
    """Return violations and exclusions held about the supplier, with their source."""
    today, locale = context.today, context.locale
    vetoes = [
        EntryView(
            title=translate(locale, VETO_NAMES[row.kind]),
            facts=f"{row.since} · {row.reason}",
            badge=(translate(locale, N_("Excluded")), "bad"),
        )
        for row in compliance.vetoes_of(context.session, supplier.id, on=today)
    ]
    violations = [
        EntryView(
            title=f"{translate(locale, VIOLATION_NAMES[row.violation])} · {translate(locale, AREA_NAMES[row.area])}",
            facts=f"{row.happened_on} · {row.description} · {row.source}",
            badge=(translate(locale, N_("Put right, verified")), "good")
            if row.remedy_verified_by
            else (translate(locale, N_("Not put right")), "attention"),
        )
        for row in compliance.records_of(context.session, supplier.id, on=today)
    ]
    return vetoes + violations


def action_views(context: Context, supplier: Supplier) -> list[ActionView]:
    """Return what the supplier has to put right, the first due first."""
    today = context.today
    return [
        ActionView(
            row=row,
            badge=_badge(ACTION_BADGES[row.status], context.locale),
            is_overdue=is_overdue(row, today=today),
            may_say_done=row.status is ActionStatus.OPEN,
        )
        for row in actions_of(context.session, supplier.organisation_id)
    ]


def appeal_views(context: Context, supplier: Supplier) -> list[AppealView]:
    """Return the supplier's objections, the latest first."""
    locale = context.locale
    return [
        AppealView(
            row=row,
            about=about_of(row.indicator, locale),
            badge=_badge(APPEAL_BADGES[row.status], locale),
        )
        for row in appeals_of(context.session, supplier.organisation_id)
    ]


def about_of(indicator: str | None, locale: Locale) -> str:
    """Return what an objection is about, in words."""
    if indicator is None:
        return translate(locale, N_("The grade as a whole"))
    return f"{indicator} {translate(locale, INDICATOR_NAMES[indicator])}"


def material_name(flow: str, locale: Locale) -> str:
    """Return a material's name; one that is no longer listed keeps its key."""
    return translate(locale, FLOWS[flow].label) if flow in FLOWS else flow


def _score(context: Context, score: Score) -> ScoreView:
    locale = context.locale
    method = method_of(method_version_of(context.session, score))
    last = last_day(day_at(visible_since(context.session, score), context.settings.timezone))
    return ScoreView(
        id=score.id,
        material=material_name(score.flow, locale),
        period_start=score.period_start,
        period_end=score.period_end,
        total=score.total,
        grade=score.grade,
        meaning=translate(locale, GRADE_MEANINGS[score.grade]),
        grade_reasons=[reason_from(one).in_words(locale) for one in score.grade_reasons],
        dimensions=[_dimension(letter, score, locale) for letter in DIMENSION_NAMES],
        improvements=[_improvement(one, locale) for one in cheapest_two(facts_from(score.inputs), method)],
        last_day=last if last >= context.today else None,
        history=_history(context, score),
        is_sample=score.is_sample,
    )


def _history(context: Context, score: Score) -> list[tuple[date, date, date, float, str]]:
    rows = score_history(context.session, score.supplier_id, score.flow)
    return [
        (row.period_start, row.period_end, day_at(row.calculated_at, context.settings.timezone), row.total, row.grade)
        for row in rows
        if not row.is_open and row.frozen_quarter is None
    ]


def _dimension(letter: str, score: Score, locale: Locale) -> DimensionView:
    views = [_indicator(name, stored, locale) for name, stored in sorted(score.indicators.items()) if name.startswith(letter)]
    return DimensionView(
        name=translate(locale, DIMENSION_NAMES[letter]),
        points=sum(one.points for one in views),
        possible=sum(one.possible for one in views),
        indicators=views,
    )


def _indicator(name: str, stored: Mapping[str, Any], locale: Locale) -> IndicatorView:
    return IndicatorView(
        indicator=name,
        name=translate(locale, INDICATOR_NAMES[name]),
        points=stored["points"],
        possible=stored["possible"],
        is_missing=stored["value"] is None and not stored["left_out"],
        is_left_out=stored["left_out"],
        reasons=[reason_from(one).in_words(locale) for one in stored["reasons"]],
    )


def _improvement(one: Improvement, locale: Locale) -> ImprovementView:
    return ImprovementView(
        name=translate(locale, INDICATOR_NAMES[one.indicator]),
        how=translate(locale, STEP_WORDS[one.step]),
        effort=translate(locale, EFFORT_WORDS.get(one.effort, one.effort)),
        gain=one.gain,
    )


def _validity(row: HeldCertificate, *, is_told: bool, today: date, locale: Locale) -> Badge:
    if is_told:
        return translate(locale, N_("Received, we look at it")), "info"
    stage = notice_stage(row.valid_until, today=today)
    if stage == 0:
        return translate(locale, N_("Ended on %(day)s"), day=row.valid_until), "bad"
    tone = "good" if stage is None else "attention"
    return translate(locale, N_("Valid until %(day)s"), day=row.valid_until), tone


def _badge(words: Badge, locale: Locale) -> Badge:
    return translate(locale, words[0]), words[1]
