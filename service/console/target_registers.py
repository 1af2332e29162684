"""The lists that targets and neutrality rest on: output value, production plan, grid and prices to come, residuals."""

from typing import Final

from fastapi import APIRouter

from service.accounts.access import Context
from service.console.choices import Options
from service.console.register_columns import worded
from service.console.registers import Column, Ending, Kind, Register, add_register
from service.console.target_words import PATH_KINDS, TARGETS_PATH, target_tabs
from service.errors import N_
from service.plan.policies import PLAN_EDITORS, PLAN_READERS
from service.products.queries import find_products
from service.targets.models import ActivityPlan, ForecastPath, OutputValue, ResidualPlan
from service.targets.schemas import ActivityPlanInput, ForecastPathInput, OutputValueInput, ResidualPlanInput

router = APIRouter()

MANY: Final = 500

YEAR = Column(key="year", label=N_("Year"), kind=Kind.YEAR, filtered=True)
SOURCE = Column(key="source", label=N_("Source"), hint=N_("Document that says so, with its number or page."))


def product_choices(context: Context) -> Options:
    """Return the maker's products at work, with the plant that makes each."""
    found = find_products(context.session, limit=MANY).rows
    return [(str(one.id), f"{one.grade} · {one.plant_name(context.locale)}") for one in found]


OUTPUT = Register(
    key="output_value",
    path=f"{TARGETS_PATH}/output",
    title=N_("Output value"),
    lead=N_(
        "What was put out in each year in 10 000 yuan, and how selling prices stand to those of 2021. Tonnes come from monitoring."
    ),
    empty=N_("Enter the output value of 2021 and of each year since; without it there is no figure per 10 000 yuan."),
    add_label=N_("Add a year"),
    table=OutputValue,
    fields=OutputValueInput,
    columns=(
        YEAR,
        Column(
            key="current_price_10k_cny",
            label=N_("Output value at prices of the year"),
            kind=Kind.NUMBER,
            unit="10k CNY",
        ),
        Column(
            key="price_index",
            label=N_("Price index, 2021 = 1"),
            kind=Kind.NUMBER,
            hint=N_("Average selling price of the year divided by that of 2021, for the same products."),
        ),
        Column(
            key="constant_price",
            label=N_("Output value at prices of 2021"),
            kind=Kind.NUMBER,
            unit="10k CNY",
            computed=lambda _context, row: None if row.price_index is None else row.current_price_10k_cny / row.price_index,
        ),
        SOURCE,
    ),
    identity=("year",),
    sort=("-year",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    ending=Ending(),
    tabs=target_tabs,
)

ACTIVITY = Register(
    key="activity_plan",
    path=f"{TARGETS_PATH}/activity",
    title=N_("Production plan"),
    lead=N_("How many tonnes of each product are planned: at least, likely and at most. The forecast of emissions rests on it."),
    empty=N_("Enter the planned tonnes of the coming years; without a plan there is no forecast."),
    add_label=N_("Add a planned year"),
    table=ActivityPlan,
    fields=ActivityPlanInput,
    columns=(
        YEAR,
        Column(key="product_id", label=N_("Product"), kind=Kind.CHOICE, choices=product_choices, filtered=True),
        Column(key="low_t", label=N_("At least"), kind=Kind.NUMBER, unit="t"),
        Column(key="likely_t", label=N_("Likely"), kind=Kind.NUMBER, unit="t"),
        Column(key="high_t", label=N_("At most"), kind=Kind.NUMBER, unit="t"),
        SOURCE,
    ),
    identity=("year", "product_id"),
    sort=("year", "product_id"),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    ending=Ending(),
    tabs=target_tabs,
)

PATHS = Register(
    key="forecast_path",
    path=f"{TARGETS_PATH}/paths",
    title=N_("Grid and prices to come"),
    lead=N_("What is expected of the grid's factor and of selling prices, against the last closed year: 0.9 = 10 % lower."),
    empty=N_("Enter what is expected; until then factor and prices are held as in the last closed year, and the forecast says so."),
    add_label=N_("Add an expected year"),
    table=ForecastPath,
    fields=ForecastPathInput,
    columns=(
        Column(key="kind", label=N_("What"), kind=Kind.CHOICE, choices=worded(PATH_KINDS), filtered=True),
        YEAR,
        Column(key="low", label=N_("At least"), kind=Kind.NUMBER),
        Column(key="likely", label=N_("Likely"), kind=Kind.NUMBER),
        Column(key="high", label=N_("At most"), kind=Kind.NUMBER),
        SOURCE,
    ),
    identity=("kind", "year"),
    sort=("kind", "year"),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    ending=Ending(),
    tabs=target_tabs,
)

RESIDUALS = Register(
    key="residual_plan",
    path="/console/plan/neutrality/plan",
    title=N_("Plan of residual emissions"),
    lead=N_("What is planned to be left in a year, and what is planned to be taken out of the air against it."),
    empty=N_("Enter a year, at the latest 2060: what can't be avoided, and how it is removed."),
    add_label=N_("Add a planned year"),
    table=ResidualPlan,
    fields=ResidualPlanInput,
    columns=(
        YEAR,
        Column(key="residual_t_co2", label=N_("Left over"), kind=Kind.NUMBER, unit="t CO2"),
        Column(key="removal_t_co2e", label=N_("To be removed"), kind=Kind.NUMBER, unit="t CO2e"),
        SOURCE,
    ),
    identity=("year",),
    sort=("year",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    ending=Ending(),
    above=(N_("Neutrality"), "/console/plan/neutrality"),
)

for _register in (OUTPUT, ACTIVITY, PATHS, RESIDUALS):
    add_register(router, _register)
