"""Pages on order allocation: ask, watch, read, compare, take along."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.allocation import run_queries, runs
from service.allocation.answers import Answer, answer_of
from service.allocation.effects import Happened
from service.allocation.explaining import BlockingRule
from service.allocation.front import ExactFront
from service.allocation.lines import BidMode, Rules
from service.allocation.models import AllocationRun, RunOrigin
from service.allocation.offer_queries import demand_years
from service.allocation.program import Rule
from service.allocation.router import start_run
from service.allocation.runs import Asked
from service.allocation.schemas import RunInput, WorkbookRunInput
from service.allocation.workbook import AllocationWorkbookError, read_workbook
from service.allocation.workbook_writing import write_workbook
from service.console.allocation_shown import (
    Names,
    OrderLine,
    PassedOver,
    blocking_lines,
    order_lines,
    passed_over,
    problem_in,
    run_chart,
    run_happened,
    shown_answer,
    with_names,
)
from service.console.choices import Options
from service.console.exports import XLSX, attachment
from service.console.offers import READERS, WRITERS
from service.console.table_imports import UPLOADS, read_upload
from service.database import new_id
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.green_score.published import Disclosure, disclosure_for
from service.i18n import explain, translate
from service.web.charts_fronts import FrontChart
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

LIST: Final = "/console/allocations"
REFRESH_S: Final = 2


class ComparisonFilter(FormInput):
    """The two allocations that the address names."""

    first: uuid.UUID
    second: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationsPage:
    """The list; `rows` are (run, who started it, its answer)."""

    rows: Sequence[tuple[AllocationRun, str, Answer | None]]
    options: Options
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationFormPage:
    """The two forms that ask: from the database, and with a workbook; `points` are what is wrong in an uploaded one."""

    form: FormState
    workbook_form: FormState
    years: Options
    modes: Options
    may_be_exact: bool
    points: Sequence[str]
    idempotency_key: str
    workbook_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AllocationPage:
    """One run.

    Attributes
    ----------
    rules
        What was asked besides offers and demands.
    ways_out
        Of an impossible question: rules that must be loosened together, in words.
    happened
        (effect, supplier, material, words) of what has happened since.
    awardable
        (key, name) of the materials that a memo can be written about.
    refresh_s
        None once nothing is going on.

    """

    run: AllocationRun
    started_by: str
    answer: Answer | None
    rules: Rules
    orders: Sequence[OrderLine]
    passed_over: Sequence[PassedOver]
    ways_out: Sequence[Sequence[str]]
    chart: FrontChart | None
    happened: Sequence[tuple[Happened, str, str, str]]
    awardable: Options
    is_tracing: bool
    refresh_s: int | None
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPage:
    """Two runs side by side.

    Attributes
    ----------
    orders
        (material, supplier, t of the first, t of the second).
    break_even
        Yuan per t CO2e from which the cleaner one is the better one; None where one is both cheaper and cleaner.

    """

    first: AllocationRun
    second: AllocationRun
    first_answer: Answer
    second_answer: Answer
    orders: Sequence[tuple[str, str, float, float]]
    break_even: float | None


@router.get("/console/allocations")
@endpoint(READERS)
def show_allocations(context: Context) -> Response:
    """List the latest allocations."""
    found = run_queries.find_runs(context.session, asking=context.asking)
    people = names_of_actors(context.session, [one.started_by for one in found])
    page = AllocationsPage(
        rows=[(one, people.get(one.started_by, one.started_by), shown_answer(one)) for one in found],
        options=[(str(one.id), f"{one.number} · {one.name}") for one in found if one.answer and one.answer["cost"] is not None],
        may_write=_may_write(context),
    )
    return render_page(context, "console/allocations.html", page)


@router.get("/console/allocations/new")
@endpoint(WRITERS)
def new_allocation(context: Context) -> Response:
    """Show the forms that ask."""
    return _show_form(context)


@router.post("/console/allocations")
@endpoint(WRITERS)
def start_allocation(context: Context) -> Response:
    """Ask for an allocation of what the database holds."""
    try:
        run = start_run(context, parse_form(RunInput, context.form))
    except ServiceError as error:
        return _show_form(context, form=rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{LIST}/{run.id}")


@router.post("/console/allocations/workbook")
@endpoint(WRITERS, limited=(UPLOADS,), prepare=read_upload)
def start_workbook_allocation(context: Context, found: Mapping[str, Any] | ServiceError) -> Response:
    """Ask for an allocation of what an uploaded workbook holds."""
    try:
        wanted = parse_form(WorkbookRunInput, _without_file(context))
        if isinstance(found, ServiceError):
            raise found
        asked = Asked(
            name=wanted.name,
            origin=RunOrigin.WORKBOOK,
            year=None,
            judged_on=context.today,
            is_exact=False,
            front_points=wanted.front_points,
        )
        problem = read_workbook(found).problem
        run = runs.start_from_workbook(context.session, asked, problem, by=context.asking.actor, at=context.at)
    except AllocationWorkbookError as error:
        points = [explain(context.locale, point) for point in error.points]
        return _show_form(context, workbook_form=rejected(context.form, error, context.locale), points=points, status=error.status)
    except ServiceError as error:
        return _show_form(context, workbook_form=rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{LIST}/{run.id}")


@router.get("/console/allocations/compare")
@endpoint(READERS)
def compare_allocations(context: Context) -> Response:
    """Show two allocations side by side."""
    try:
        wanted = ComparisonFilter.model_validate(dict(context.request.query_params))
    except ValueError as error:
        raise InvalidInputError({"": FieldError(N_("Choose two allocations to compare."))}) from error
    first = run_queries.get_run(context.session, wanted.first, asking=context.asking)
    second = run_queries.get_run(context.session, wanted.second, asking=context.asking)
    return render_page(context, "console/allocation_compare.html", _comparison(context, first, second))


@router.get("/console/allocations/{allocation_id:uuid}")
@endpoint(READERS)
def show_allocation(context: Context, allocation_id: uuid.UUID) -> Response:
    """Show an allocation; the page asks again by itself until nothing is going on."""
    run = run_queries.get_run(context.session, allocation_id, asking=context.asking)
    return render_page(context, "console/allocation.html", _page(context, run))


@router.post("/console/allocations/{allocation_id:uuid}/cancel")
@endpoint(WRITERS)
def cancel_allocation(context: Context, allocation_id: uuid.UUID) -> Response:
    """Stop tracing the exact front."""
    run = run_queries.get_run(context.session, allocation_id, asking=context.asking)
    runs.cancel(context.session, run, by=context.asking.actor, at=context.at)
    return see_other(context, f"{LIST}/{run.id}", N_("Cancelled; what has been calculated stays."))


@router.get("/console/allocations/{allocation_id:uuid}/export.xlsx")
@endpoint(READERS)
def export_allocation(context: Context, allocation_id: uuid.UUID) -> Response:
    """Send question and answer as a workbook, which can be changed and uploaded again."""
    run = run_queries.get_run(context.session, allocation_id, asking=context.asking)
    problem, answer = with_names(run, context.locale)
    if answer is None:
        raise runs.RunUnfinishedError(N_("%(number)s is not calculated yet; wait a moment."), number=run.number)
    front = ExactFront(points=[answer_of(one) for one in run.exact_front], is_complete=True) if run.exact_front else None
    content = write_workbook(problem, answer, front=front, blocking=_blocking(run, Names(run, context.locale)))
    return attachment(content, XLSX, f"{run.number}.xlsx")


def _may_write(context: Context) -> bool:
    return context.asking.has(Role.ENGINEER, Role.PROCUREMENT)


def _without_file(context: Context) -> Any:  # noqa: ANN401 - a form without one of its fields
    return type(context.form)([item for item in context.form.multi_items() if item[0] != "file"])


def _show_form(
    context: Context,
    *,
    form: FormState | None = None,
    workbook_form: FormState | None = None,
    points: Sequence[str] = (),
    status: int = 200,
) -> Response:
    years = demand_years(context.session)
    page = AllocationFormPage(
        form=form or FormState(values={"year": str(years[0]) if years else "", "carbon_price_per_t": "0", "front_points": "0"}),
        workbook_form=workbook_form or FormState(values={"front_points": "0"}),
        years=[(str(year), str(year)) for year in years],
        modes=[
            (BidMode.CARBON_PRICE, translate(context.locale, "By a carbon price")),
            (BidMode.GRADE_PREFERENCE, translate(context.locale, "By grade: bids of A+ and A are judged lower")),
        ],
        may_be_exact=disclosure_for(context.asking) is Disclosure.EXACT,
        points=points,
        idempotency_key=str(new_id()),
        workbook_key=str(new_id()),
    )
    return render_page(context, "console/allocation_form.html", page, status=status)


def _page(context: Context, run: AllocationRun) -> AllocationPage:
    answer, names = shown_answer(run), Names(run, context.locale)
    has_plan = answer is not None and answer.has_plan
    today = context.today
    flows = dict.fromkeys(one.material for one in answer.allocations) if answer else {}
    return AllocationPage(
        run=run,
        started_by=names_of_actors(context.session, [run.started_by]).get(run.started_by, run.started_by),
        answer=answer,
        rules=problem_in(run).rules,
        orders=order_lines(run, context.locale),
        passed_over=passed_over(run, context.locale),
        ways_out=blocking_lines(run, context.locale),
        chart=run_chart(run, context.locale),
        happened=run_happened(context.session, run, on=today, locale=context.locale),
        awardable=[(flow, names.material(flow)) for flow in flows] if has_plan and run.year is not None else [],
        is_tracing=has_plan and run.finished_at is None,
        refresh_s=None if run.finished_at else REFRESH_S,
        may_write=_may_write(context),
    )


def _comparison(context: Context, first: AllocationRun, second: AllocationRun) -> ComparisonPage:
    answers = [shown_answer(first), shown_answer(second)]
    one, other = answers
    if one is None or other is None or not one.has_plan or not other.has_plan:
        raise runs.RunUnfinishedError(N_("Only allocations with a plan can be compared; choose two of those."))
    amounts: dict[tuple[str, str], tuple[float, float]] = {}
    for place, run in enumerate((first, second)):
        for line in order_lines(run, context.locale):
            key = (line.material, line.supplier)
            before = amounts.get(key, (0.0, 0.0))
            amounts[key] = (line.t, before[1]) if place == 0 else (before[0], line.t)
    return ComparisonPage(
        first=first,
        second=second,
        first_answer=one,
        second_answer=other,
        orders=[(material, supplier, *both) for (material, supplier), both in sorted(amounts.items())],
        break_even=_break_even(one, other),
    )


def _break_even(one: Answer, other: Answer) -> float | None:
    """Return the carbon price at which both plans are equally good: extra yuan over t CO2e less."""
    dearer = (one.cost or 0.0) - (other.cost or 0.0)
    cleaner = (other.t_co2e or 0.0) - (one.t_co2e or 0.0)
    return dearer / cleaner if dearer * cleaner > 0 else None


def _blocking(run: AllocationRun, names: Names) -> Sequence[BlockingRule]:
    return [
        BlockingRule(
            rule=Rule(one["rule"]),
            way_out=one["way_out"],
            material=names.material(one["material"] or ""),
            supplier=names.supplier(one["supplier"] or ""),
            limit=one["limit"],
            needed=one["needed"],
        )
        for one in run.blocking
    ]
