"""The cost curve of the measures: a chart of steps and its table."""

from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console import measure_words as words
from service.console.choices import read_filter
from service.console.measures import YearFilter, rate_of
from service.errors import ServiceError
from service.i18n import explain, translate
from service.measures import queries
from service.measures.curves import CostCurve, cost_curve
from service.measures.queries import PlannedMeasure
from service.measures.transitions import STATUS_NAMES
from service.plan.policies import PLAN_READERS
from service.strategy.macc import Step
from service.web.charts_steps import CostStep, StepChart, step_chart
from service.web.forms import FormState

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class CurveLine:
    """A step in words; `number` is its place in the chart, None where it adds nothing to draw."""

    step: Step
    number: int | None
    name: str
    href: str
    status: str
    tone: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePage:
    """The curve of a year; `left_out` are (measure, the one that excludes it)."""

    tabs: Sequence[tuple[str, str, bool]]
    year: int
    form: FormState
    rate: float
    rate_is_set: bool
    chart: StepChart | None
    lines: Sequence[CurveLine]
    total_t: float
    scope: str
    left_out: Sequence[tuple[str, str]]
    idle: Sequence[str]
    problem: str


@router.get("/console/plan/measures/macc")
@endpoint(PLAN_READERS)
def show_curve(context: Context) -> Response:
    """Show what each measure adds in a year and what a tonne of it costs."""
    wanted, form = read_filter(YearFilter, context.request, context.locale)
    measures = queries.measures_of(context.session, statuses=queries.OPEN)
    rate, is_set = rate_of(context)
    found, problem = _curve(context, measures, year=wanted.year, rate=rate)
    names = queries.names_of(measures, context.locale)
    lines = _lines(context, found, measures) if found else ()
    page = CurvePage(
        tabs=words.measure_tabs(context, words.CURVE_PATH),
        year=wanted.year,
        form=form,
        rate=rate,
        rate_is_set=is_set,
        chart=_chart(context, lines),
        lines=lines,
        total_t=found.steps[-1].to_t_co2 if found and found.steps else 0.0,
        scope=translate(context.locale, words.SCOPES[found.scope]) if found else "",
        left_out=[(names[one], names[other]) for one, other in found.left_out.items()] if found else (),
        idle=[names[one] for one in found.idle] if found else (),
        problem=problem,
    )
    return render_page(context, "console/plan_macc.html", page)


def _curve(context: Context, measures: Sequence[PlannedMeasure], *, year: int, rate: float) -> tuple[CostCurve | None, str]:
    if not measures:
        return None, ""
    try:
        return cost_curve(context.session, measures, year=year, rate=rate), ""
    except ServiceError as error:
        return None, explain(context.locale, error)


def _lines(context: Context, found: CostCurve, measures: Sequence[PlannedMeasure]) -> Sequence[CurveLine]:
    by_key = {one.key: one for one in measures}
    numbers: dict[str, int] = {}
    for step in found.steps:
        if step.cny_per_t is not None:
            numbers[step.key] = len(numbers) + 1
    return [
        CurveLine(
            step=step,
            number=numbers.get(step.key),
            name=by_key[step.key].name(context.locale),
            href=f"{words.MEASURES_PATH}/{step.key}?year={found.year}",
            status=translate(context.locale, STATUS_NAMES[by_key[step.key].status]),
            tone=words.TONES[by_key[step.key].status],
        )
        for step in found.steps
    ]


def _chart(context: Context, lines: Sequence[CurveLine]) -> StepChart | None:
    drawn = [
        CostStep(label=one.name, width=one.step.t_co2, height=one.step.cny_per_t, tone=one.tone)
        for one in lines
        if one.step.cny_per_t is not None
    ]
    return step_chart(drawn, width_unit="t CO₂", height_unit=translate(context.locale, words.CNY_PER_T))
