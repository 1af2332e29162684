"""Choose and time: the question, and the answers that are kept."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.accounts.queries import name_of_actor
from service.console import measure_words as words
from service.console.measure_forms import read_by_year
from service.console.measures import may_write, rate_of
from service.database import new_id
from service.errors import N_
from service.i18n import translate
from service.measures import operations, queries
from service.measures.models import PlanRun
from service.measures.planning import candidates
from service.measures.schemas import PlanQuestion
from service.plan.policies import PLAN_EDITORS, PLAN_READERS
from service.strategy.choosing import Ending
from service.targets.catalogue import Indicator
from service.targets.standing import record_of, standings_of
from service.web.forms import FormState

router = APIRouter()

_BY_YEAR: Final = frozenset({"required_t", "budget_cny"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPage:
    """The question, and the newest answers."""

    tabs: Sequence[tuple[str, str, bool]]
    form: FormState
    candidates: Sequence[str]
    suggested: Sequence[tuple[int, float]]
    runs: Sequence[PlanRun]
    rate_is_set: bool
    may_write: bool
    idempotency_key: str = field(default_factory=lambda: str(new_id()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenLine:
    """A measure that the plan begins."""

    name: str
    href: str
    year: int
    t_co2: Mapping[int, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPage:
    """One question with its answer; `left_out` are candidates that the plan does without."""

    tabs: Sequence[tuple[str, str, bool]]
    run: PlanRun
    who: str
    ending: str
    tone: str
    cost_10k_cny: float
    chosen: Sequence[ChosenLine]
    left_out: Sequence[str]
    targets: Sequence[Mapping[str, Any]]
    target_columns: Sequence[tuple[str, str]]
    years: Sequence[tuple[int, float, float | None]]
    problem: str


def _show(context: Context, form: FormState) -> Response:
    measures = queries.measures_of(context.session)
    ready = candidates(measures)
    page = PlanPage(
        tabs=words.measure_tabs(context, words.PLAN_PATH),
        form=form,
        candidates=[one.name(context.locale) for one in measures if one.id in ready],
        suggested=_suggested(context),
        runs=queries.find_runs(context.session),
        rate_is_set=rate_of(context)[1],
        may_write=may_write(context),
    )
    return render_page(context, "console/plan_choose.html", page, status=form.status)


@router.get("/console/plan/measures/plan")
@endpoint(PLAN_READERS)
def show_plan(context: Context) -> Response:
    """Show the question and the answers so far."""
    suggested = _suggested(context)
    rate, _ = rate_of(context)
    first = context.at.year + 1
    values = {
        "first_year": str(first),
        "last_year": str(max([2030, *(year for year, _ in suggested)])),
        "required_t": "\n".join(f"{year} = {t:.0f}" for year, t in suggested),
        "rate": f"{rate:g}",
    }
    return _show(context, FormState(values=values))


@router.post("/console/plan/measures/plan")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show)
def start_plan(context: Context) -> Response:
    """Ask for the plan of least cost."""
    run = operations.start_run(
        context.session,
        read_by_year(PlanQuestion, context.form, by_year=_BY_YEAR),
        candidates(queries.measures_of(context.session)),
        by=context.asking.actor,
        at=context.at,
    )
    return see_other(context, f"{words.PLAN_PATH}/{run.id}", N_("Asked; the answer appears here in a moment."))


@router.get("/console/plan/measures/plan/{plan_run_id}")
@endpoint(PLAN_READERS)
def show_run(context: Context, plan_run_id: uuid.UUID) -> Response:
    """Show one question with its answer."""
    run = queries.get_run(context.session, plan_run_id)
    answer = run.answer or {}
    measures = queries.get_measures(context.session, [uuid.UUID(one) for one in run.question["measures"]])
    names = {one.key: one.name(context.locale) for one in measures}
    ending, tone = words.ENDINGS[Ending(answer["ending"])] if answer else ("", "neutral")
    begins = answer.get("begins", {})
    page = RunPage(
        tabs=words.measure_tabs(context, words.PLAN_PATH),
        run=run,
        who=name_of_actor(context.session, run.started_by),
        ending=translate(context.locale, ending) if ending else "",
        tone=tone,
        cost_10k_cny=answer.get("cost_cny", 0.0) / words.CNY_PER_10K,
        chosen=_chosen(answer, names),
        left_out=[name for key, name in names.items() if key not in begins],
        targets=[{**one, "required_t": run.question["required_t"][str(one["year"])]} for one in answer.get("targets", ())],
        target_columns=[(f"{one['year']}, t CO₂", "number") for one in answer.get("targets", ())],
        years=_years(run),
        problem=translate(context.locale, run.problem["template"], **run.problem["values"]) if run.problem else "",
    )
    return render_page(context, "console/plan_run.html", page)


def _suggested(context: Context) -> Sequence[tuple[int, float]]:
    """Return what the forecast lies above the targets to come, t CO2, on the basis that the plan is read by."""
    record = record_of(context.session, at=context.at)
    return [
        (one.target.year, one.forecast_gap_t_co2)
        for one in standings_of(record)
        if one.indicator is Indicator.CO2
        and one.basis is record.reading.price_basis
        and not one.with_toll
        and one.forecast_gap_t_co2 is not None
        and one.forecast_gap_t_co2 > 0.0
    ]


def _chosen(answer: Mapping[str, Any], names: Mapping[str, str]) -> Sequence[ChosenLine]:
    begins: Mapping[str, int] = answer.get("begins", {})
    return [
        ChosenLine(
            name=names[key],
            href=f"{words.MEASURES_PATH}/{key}",
            year=year,
            t_co2={one["year"]: one["by_measure_t"].get(key, 0.0) for one in answer["targets"]},
        )
        for key, year in sorted(begins.items(), key=lambda item: (item[1], names[item[0]]))
    ]


def _years(run: PlanRun) -> Sequence[tuple[int, float, float | None]]:
    """Return (year, invested, limit) in 10 000 yuan of the years with money."""
    budget = run.question["budget_cny"]
    spent = (run.answer or {}).get("spent_cny", {})
    return [
        (int(year), cny / words.CNY_PER_10K, budget[year] / words.CNY_PER_10K if year in budget else None)
        for year, cny in spent.items()
        if cny or year in budget
    ]
