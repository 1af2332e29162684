"""What the plan has to work with: courses that were held, and money planned and spent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console.choices import Options
from service.console.governance_words import FUNDING, measure_choices
from service.console.register_columns import plan_item_choices, unit_choices, worded
from service.console.registers import Column, Ending, Kind, Register, add_register
from service.errors import N_
from service.governance import operations, queries, schemas
from service.governance.models import FundingItem, FundingYear, Training
from service.governance.spending import Spending, spending_by_measure, spending_by_year
from service.i18n import translate
from service.plan.policies import PLAN_EDITORS, PLAN_READERS

router = APIRouter()

HOME: Final = "/console/plan/resources"
ABOVE: Final = (N_("Resources"), HOME)
TABS: Final = (
    (N_("Overview"), HOME),
    (N_("Courses"), f"{HOME}/trainings"),
    (N_("Funding"), f"{HOME}/funding"),
    (N_("Funding by year"), f"{HOME}/funding-years"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourcesPage:
    """Courses of the year and money of the plan; a measure's line has its name and where it is described."""

    tabs: Sequence[tuple[str, str, bool]]
    courses: int
    hours: float
    person_hours: float
    by_year: Sequence[tuple[int, Spending]]
    by_measure: Sequence[tuple[str, str | None, Spending]]
    amount_cny: float
    is_sample: bool


def resource_tabs(context: Context) -> list[tuple[str, str, bool]]:
    """Return the pages of resources; the one that is shown is marked."""
    path = context.request.url.path
    return [(translate(context.locale, label), address, path == address) for label, address in TABS]


def funding_choices(context: Context) -> Options:
    """Return the money of the plan by name."""
    return [(str(one.id), one.name) for one in queries.funding_items(context.session)]


@router.get("/console/plan/resources")
@endpoint(PLAN_READERS)
def show_resources(context: Context) -> Response:
    """Show courses and money, planned against spent."""
    held = queries.trainings(context.session)
    items, years = queries.funding_items(context.session), queries.funding_years(context.session)
    names = dict(measure_choices(context))
    page = ResourcesPage(
        tabs=resource_tabs(context),
        courses=len(held),
        hours=sum(one.hours for one in held),
        person_hours=sum(one.hours * one.participants for one in held),
        by_year=list(spending_by_year(years).items()),
        by_measure=[
            (names.get(str(one), translate(context.locale, N_("The plan as a whole"))), _measure_path(one), spending)
            for one, spending in spending_by_measure(items, years).items()
        ],
        amount_cny=sum(one.amount_cny for one in items),
        is_sample=any(one.is_sample for one in (*held, *items)),
    )
    return render_page(context, "console/plan_resources.html", page)


def _measure_path(measure_id: object) -> str | None:
    return f"/console/plan/measures/{measure_id}" if measure_id else None


TRAININGS: Final = Register(
    key="training",
    path=f"{HOME}/trainings",
    title=N_("Courses"),
    lead=N_("Which courses were held for how many people; names of participants are not kept here"),
    empty=N_("Enter the courses that were held, with the list of attendance as evidence."),
    add_label=N_("Add a course"),
    table=Training,
    fields=schemas.TrainingInput,
    columns=(
        Column(key="course", label=N_("Course"), filtered=True),
        Column(key="held_on", label=N_("Held on"), kind=Kind.DATE),
        Column(key="hours", label=N_("Hours"), kind=Kind.NUMBER, unit="h"),
        Column(key="participants", label=N_("Participants"), kind=Kind.NUMBER),
        Column(key="unit_id", label=N_("Department"), kind=Kind.CHOICE, choices=unit_choices, filtered=True),
        Column(key="item", label=N_("Line of the plan"), kind=Kind.CHOICE, choices=plan_item_choices, in_list=False),
        Column(key="evidence", label=N_("Evidence"), hint=N_("For example the number of the list of attendance, without names")),
    ),
    identity=("course", "held_on"),
    sort=("-held_on",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    ending=Ending(label=N_("Strike out this course")),
    above=ABOVE,
    tabs=resource_tabs,
)
FUNDINGS: Final = Register(
    key="funding_item",
    path=f"{HOME}/funding",
    title=N_("Funding"),
    lead=N_("Where the money of the plan comes from, and which measure it pays"),
    empty=N_("Enter loans, funds and budgets, each with the measure that it pays."),
    add_label=N_("Add funding"),
    table=FundingItem,
    fields=schemas.FundingItemInput,
    columns=(
        Column(key="name", label=N_("Name"), filtered=True),
        Column(key="kind", label=N_("Kind"), kind=Kind.CHOICE, choices=worded(FUNDING), filtered=True),
        Column(key="source", label=N_("Who provides it")),
        Column(key="amount_cny", label=N_("Amount of money"), kind=Kind.NUMBER, unit="CNY"),
        Column(key="measure_id", label=N_("Measure"), kind=Kind.CHOICE, choices=measure_choices, filtered=True),
        Column(key="evidence", label=N_("Evidence"), hint=N_("Contract, notice or budget with its number")),
    ),
    identity=("name",),
    sort=("name",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    ending=Ending(label=N_("End this funding")),
    above=ABOVE,
    tabs=resource_tabs,
)
FUNDING_YEARS: Final = Register(
    key="funding_year",
    path=f"{HOME}/funding-years",
    title=N_("Funding by year"),
    lead=N_("What was to be spent in each year and what was; an open year stays empty, which is not zero"),
    empty=N_("Enter what of each funding is planned for which year."),
    add_label=N_("Add a year"),
    table=FundingYear,
    fields=schemas.FundingYearInput,
    columns=(
        Column(key="funding_item_id", label=N_("Funding"), kind=Kind.CHOICE, choices=funding_choices, filtered=True),
        Column(key="year", label=N_("Year"), kind=Kind.YEAR, filtered=True),
        Column(key="planned_cny", label=N_("Planned spending"), kind=Kind.NUMBER, unit="CNY"),
        Column(
            key="spent_cny",
            label=N_("Spent"),
            kind=Kind.NUMBER,
            unit="CNY",
            hint=N_("Leave empty while the year's accounts are open; 0 says that nothing was spent"),
        ),
        Column(
            key="deviation",
            label=N_("More or less than planned"),
            kind=Kind.NUMBER,
            unit="CNY",
            computed=lambda _, row: None if row.spent_cny is None else row.spent_cny - row.planned_cny,
        ),
        Column(key="evidence", label=N_("Evidence"), hint=N_("For what was spent: ledger, voucher or report"), in_list=False),
    ),
    identity=("funding_item_id", "year"),
    sort=("year",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=operations.add_funding_year,
    change=operations.change_funding_year,
    ending=Ending(label=N_("Strike out this year")),
    above=ABOVE,
    tabs=resource_tabs,
)

for _register in (TRAININGS, FUNDINGS, FUNDING_YEARS):
    add_register(router, _register)
