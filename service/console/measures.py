"""Pages on measures: the list, one measure with its effect, its form, and how it moves on."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.accounts.queries import names_of_actors
from service.console import measure_words as words
from service.console.choices import read_filter
from service.console.register_columns import unit_choices
from service.errors import N_, ServiceError
from service.i18n import explain, translate
from service.measures import operations, queries
from service.measures.costs import Money, money_of
from service.measures.curves import compatible
from service.measures.effects import JointEffect, MeasureEffect, Solved, effect_in, headline, solve_measures
from service.measures.levers import BASIS_NAMES
from service.measures.models import MeasureStatus, MeasureVersion
from service.measures.queries import PlannedMeasure
from service.measures.reconciling import Reconciliation, reconcile
from service.measures.site_accounts import Line
from service.measures.transitions import NEXT, STATUS_NAMES, check_door
from service.plan.items import plan_items
from service.plan.policies import PLAN_APPROVERS, PLAN_EDITORS, PLAN_READERS
from service.web.forms import FormInput, FormState, Version, parse_form

router = APIRouter()

DEFAULT_RATE: Final = 0.08
"""Discount rate while nobody has set one with the price ladder; shown as such."""
_YEAR: Final = 2030


class YearFilter(FormInput):
    """The year a page is about."""

    year: int = Field(default=_YEAR, ge=2000, le=2100)


class MoveForm(FormInput):
    """The button that moves a measure on."""

    status: MeasureStatus
    version: Version


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureLine:
    """A measure in the list; `t_co2` is its part of what all together avoid in the year, None where it does not count there."""

    measure: PlannedMeasure
    name: str
    lever: str
    status: str
    tone: str
    owner: str
    t_co2: float | None
    cny_per_t: float | None
    serves: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuresPage:
    """The list with the joint effect of the year; `problem` stands where it can't be calculated."""

    tabs: Sequence[tuple[str, str, bool]]
    year: int
    form: FormState
    lines: Sequence[MeasureLine]
    effect: JointEffect | None
    avoided: Sequence[tuple[str, float, float, float]]
    output: str
    scope: str
    reconciliation: Reconciliation | None
    line_names: Mapping[str, str]
    disagreements: Sequence[str]
    problem: str
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasurePage:
    """One measure; `effect` is what it does alone in the year."""

    tabs: Sequence[tuple[str, str, bool]]
    measure: PlannedMeasure
    name: str
    line: MeasureLine
    settings: Sequence[tuple[str, str]]
    money: Money
    rate: float
    rate_is_set: bool
    year: int
    form: FormState
    effect: JointEffect | None
    avoided: Sequence[tuple[str, float]]
    low_high: tuple[float, float] | None
    problem: str
    moves: Sequence[tuple[str, str, str]]
    history: Sequence[tuple[MeasureVersion, str]]
    approved_by: str
    may_write: bool


def _show_refusal(context: Context, form: FormState, measure_id: uuid.UUID) -> Response:
    return _show_measure(context, queries.get_measure(context.session, measure_id), year=_YEAR, form=form)


@router.get("/console/plan/measures")
@endpoint(PLAN_READERS)
def show_measures(context: Context) -> Response:
    """List the measures with their parts of what they avoid together in a year."""
    wanted, form = read_filter(YearFilter, context.request, context.locale)
    measures = queries.measures_of(context.session, statuses=frozenset(MeasureStatus))
    found = solved_or_problem(context, compatible([one for one in measures if one.status in queries.OPEN]), wanted.year)
    effect = found.effect
    parts = {one.measure.id: one for one in effect.measures} if effect else {}
    page = MeasuresPage(
        tabs=words.measure_tabs(context, words.MEASURES_PATH),
        year=wanted.year,
        form=form,
        lines=[_line(context, one, parts.get(one.id), effect) for one in measures],
        effect=effect,
        avoided=_avoided_lines(context, effect),
        output=translate(context.locale, words.OUTPUTS[effect.output_kind]) if effect else "",
        scope=translate(context.locale, words.SCOPES[effect.scope]) if effect else "",
        reconciliation=reconcile(context.session, found.solved, at=context.at) if found.solved else None,
        line_names={line.value: translate(context.locale, text) for line, text in words.LINES.items()},
        disagreements=_disagreements(context, effect),
        problem=found.problem,
        may_write=may_write(context),
    )
    return render_page(context, "console/plan_measures.html", page)


@router.get("/console/plan/measures/{measure_id}")
@endpoint(PLAN_READERS)
def show_measure(context: Context, measure_id: uuid.UUID) -> Response:
    """Show one measure: what it changes, what it does alone in a year, what it costs."""
    wanted, form = read_filter(YearFilter, context.request, context.locale)
    return _show_measure(context, queries.get_measure(context.session, measure_id), year=wanted.year, form=form)


@router.post("/console/plan/measures/{measure_id}/move")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_refusal)
def move_measure(context: Context, measure_id: uuid.UUID) -> Response:
    """Move a measure on, but for its approval."""
    return _move(context, measure_id, may_approve=False)


@router.post("/console/plan/measures/{measure_id}/approve")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(_show_refusal)
def approve_measure(context: Context, measure_id: uuid.UUID) -> Response:
    """Approve a measure that another person wrote."""
    return _move(context, measure_id, may_approve=True)


def may_write(context: Context) -> bool:
    """Tell whether whoever asks keeps measures."""
    return PLAN_EDITORS.lets_in(context.principal)


def rate_of(context: Context) -> tuple[float, bool]:
    """Return the discount rate, and whether somebody has set it."""
    ladder = queries.current_ladder(context.session)
    return (DEFAULT_RATE, False) if ladder is None else (ladder.discount_rate, True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What measures do together, or in the reader's words what stands in the way of saying so."""

    solved: Solved | None = None
    effect: JointEffect | None = None
    problem: str = ""


def solved_or_problem(context: Context, measures: Sequence[PlannedMeasure], year: int) -> Found:
    """Return what measures do together in a year; no measures do nothing, and nothing stands in the way."""
    if not measures:
        return Found()
    try:
        solved = solve_measures(context.session, measures)
        return Found(solved=solved, effect=effect_in(context.session, solved, year=year))
    except ServiceError as error:
        return Found(problem=explain(context.locale, error))


def _move(context: Context, measure_id: uuid.UUID, *, may_approve: bool) -> Response:
    measure = queries.get_measure(context.session, measure_id)
    wanted = parse_form(MoveForm, context.form)
    check_door(measure.status, wanted.status, is_approval=may_approve)
    operations.move_measure(
        context.session, measure_id, wanted.status, version=wanted.version, by=context.asking.actor, at=context.at
    )
    return see_other(context, f"{words.MEASURES_PATH}/{measure_id}", N_("Saved."))


def _line(context: Context, measure: PlannedMeasure, part: MeasureEffect | None, effect: JointEffect | None) -> MeasureLine:
    t_co2 = headline(part.attributed_t, effect.scope) if part is not None and effect is not None else None
    money = money_of(measure.content, rate=rate_of(context)[0])
    reached = part.uptake / measure.content.uptake_full if part is not None else 0.0
    units = dict(unit_choices(context))
    return MeasureLine(
        measure=measure,
        name=measure.name(context.locale),
        lever=measure.lever.name(context.locale),
        status=translate(context.locale, STATUS_NAMES[measure.status]),
        tone=words.TONES[measure.status],
        owner=units.get(str(measure.owner_unit_id), ""),
        t_co2=t_co2,
        cny_per_t=money.yearly_cny * reached / t_co2 if t_co2 and t_co2 > 0.0 else None,
        serves=[(plan_items()[one].name(context.locale), plan_items()[one].path) for one in measure.content.plan_items],
    )


def _avoided_lines(context: Context, effect: JointEffect | None) -> Sequence[tuple[str, float, float, float]]:
    if effect is None:
        return ()
    return [
        (translate(context.locale, words.LINES[line]), effect.before_t[line], effect.after_t[line], effect.avoided_t[line])
        for line in Line
    ]


def _disagreements(context: Context, effect: JointEffect | None) -> Sequence[str]:
    if effect is None:
        return ()
    names = queries.names_of([one.measure for one in effect.measures], context.locale)
    return [
        translate(
            context.locale,
            N_("%(grade)s: “%(earlier)s” sets %(setting)s to %(first)s, “%(later)s” to %(second)s. The later counts; mend one."),
            grade=one.grade,
            setting=one.setting,
            earlier=names[one.earlier],
            first=one.earlier_value,
            later=names[one.later],
            second=one.later_value,
        )
        for one in effect.disagreements
    ]


def _show_measure(context: Context, measure: PlannedMeasure, *, year: int, form: FormState) -> Response:
    found = solved_or_problem(context, [measure], year)
    effect = found.effect
    rate, is_set = rate_of(context)
    history = queries.versions_of(context.session, measure.id)
    actors = {one.written_by for one in history} | ({measure.approved_by} if measure.approved_by else set())
    names = names_of_actors(context.session, actors)
    page = MeasurePage(
        tabs=words.measure_tabs(context, words.MEASURES_PATH),
        measure=measure,
        name=measure.name(context.locale),
        line=_line(context, measure, effect.measures[0] if effect else None, effect),
        settings=_settings(context, measure),
        money=money_of(measure.content, rate=rate),
        rate=rate,
        rate_is_set=is_set,
        year=year,
        form=form,
        effect=effect,
        avoided=[(label, avoided) for label, _, _, avoided in _avoided_lines(context, effect)],
        low_high=_range(measure, effect),
        problem=found.problem,
        moves=_moves(context, measure),
        history=[(one, names.get(one.written_by, "")) for one in history],
        approved_by=names.get(measure.approved_by or "", ""),
        may_write=may_write(context),
    )
    return render_page(context, "console/plan_measure.html", page, status=form.status)


def _range(measure: PlannedMeasure, effect: JointEffect | None) -> tuple[float, float] | None:
    if effect is None:
        return None
    return effect.joint_t_co2 * measure.content.low_factor, effect.joint_t_co2 * measure.content.high_factor


def _settings(context: Context, measure: PlannedMeasure) -> Sequence[tuple[str, str]]:
    content = measure.content
    if content.amount_per_year is not None:
        return [(translate(context.locale, BASIS_NAMES[measure.lever.basis]), f"{content.amount_per_year:,.0f}")]
    view = [(translate(context.locale, N_("Electricity view")), content.electricity)] if content.electricity else []
    return [*((name, str(value)) for name, value in content.parameters.items()), *view]


def _moves(context: Context, measure: PlannedMeasure) -> Sequence[tuple[str, str, str]]:
    """Return (status, words, address) of the moves that whoever asks may make."""
    address = f"{words.MEASURES_PATH}/{measure.id}"
    found = []
    for wanted in NEXT[measure.status]:
        approves = wanted is MeasureStatus.APPROVED
        policy, door = (PLAN_APPROVERS, "approve") if approves else (PLAN_EDITORS, "move")
        if policy.lets_in(context.principal):
            found.append((wanted.value, translate(context.locale, STATUS_NAMES[wanted]), f"{address}/{door}"))
    return found
