"""The investment portfolio and the internal carbon price: what each is worth, and whether the price decides."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.accounts.queries import names_of_actors
from service.console import measure_words as words
from service.console.choices import Options
from service.console.measure_forms import read_by_year
from service.console.measures import rate_of
from service.console.register_columns import Column, Kind, plant_choices, worded
from service.console.registers import Ending, Register, add_register
from service.database import new_id
from service.errors import N_
from service.i18n import translate
from service.measures import operations, queries
from service.measures.models import CarbonPriceLadder, Investment
from service.measures.portfolio import Worth, own_capacity_kw, portfolio
from service.measures.schemas import InvestmentInput, PriceLadderInput
from service.plan.policies import PLAN_APPROVERS, PLAN_EDITORS, PLAN_READERS
from service.strategy.carbon_prices import SENSITIVITY_CNY_PER_T, PriceLadder
from service.web.forms import FormState

router = APIRouter()

LADDER_YEARS: Final = (2026, 2030, 2040)
_BY_YEAR: Final = frozenset({"steps"})


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestmentLine:
    """An investment with its worth; `changes_place` tells whether a carbon price changes its rank."""

    worth: Worth
    name: str
    kind: str
    plant: str
    measure: tuple[str, str] | None
    changes_place: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class InvestmentsPage:
    """The portfolio at the prices of the ladder and of the sensitivity."""

    tabs: Sequence[tuple[str, str, bool]]
    lines: Sequence[InvestmentLine]
    prices: Sequence[float]
    price_columns: Sequence[tuple[str, str]]
    capacities: Sequence[tuple[str, float, float]]
    totals: tuple[float, float]
    rate: float
    rate_is_set: bool
    ladder: CarbonPriceLadder | None
    ladder_steps: Sequence[tuple[int, float]]
    ladders: Sequence[tuple[CarbonPriceLadder, str]]
    form: FormState
    may_write: bool
    may_set: bool
    idempotency_key: str = field(default_factory=lambda: str(new_id()))


def measure_choices(context: Context) -> Options:
    """Return the measures by name."""
    return [(str(one.id), one.name(context.locale)) for one in queries.measures_of(context.session)]


def _show(context: Context, form: FormState) -> Response:
    investments = queries.find_investments(context.session)
    rate, is_set = rate_of(context)
    ladder = queries.current_ladder(context.session)
    ladders = queries.ladders(context.session)
    names = names_of_actors(context.session, {one.set_by for one in ladders})
    prices = _prices(ladder)
    plants = dict(plant_choices(context))
    page = InvestmentsPage(
        tabs=words.measure_tabs(context, words.INVESTMENTS_PATH),
        lines=_lines(context, portfolio(investments, rate=rate, prices=prices)),
        prices=prices,
        price_columns=[(f"{price:g} {translate(context.locale, words.CNY_PER_T)}", "number") for price in prices],
        capacities=[(plants.get(str(plant), ""), kw, kwh) for plant, (kw, kwh) in own_capacity_kw(investments).items()],
        totals=(
            sum(one.capex_cny for one in investments) / words.CNY_PER_10K,
            sum(one.avoided_t_co2_per_a for one in investments),
        ),
        rate=rate,
        rate_is_set=is_set,
        ladder=ladder,
        ladder_steps=_steps(ladder),
        ladders=[(one, names.get(one.set_by, "")) for one in ladders],
        form=form,
        may_write=PLAN_EDITORS.lets_in(context.principal),
        may_set=PLAN_APPROVERS.lets_in(context.principal),
    )
    return render_page(context, "console/plan_investments.html", page, status=form.status)


@router.get("/console/plan/measures/investments")
@endpoint(PLAN_READERS)
def show_investments(context: Context) -> Response:
    """Show the portfolio and the internal carbon price."""
    return _show(context, FormState())


@router.post("/console/plan/measures/investments/prices")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(_show)
def set_prices(context: Context) -> Response:
    """Set the internal carbon price and the discount rate."""
    fields = read_by_year(PriceLadderInput, context.form, by_year=_BY_YEAR)
    operations.set_price_ladder(context.session, fields, by=context.asking.actor, at=context.at)
    return see_other(context, words.INVESTMENTS_PATH, N_("Saved."))


add_register(
    router,
    Register(
        key="investment",
        path=f"{words.INVESTMENTS_PATH}/register",
        title=N_("List of investments"),
        lead=N_("Money for the plan, with its savings, its tonnes and, for own photovoltaics and wind, its capacity"),
        empty=N_("Add the first investment, such as the panels on a roof."),
        add_label=N_("Add an investment"),
        table=Investment,
        fields=InvestmentInput,
        columns=(
            Column(key="name_zh", label=N_("Chinese name"), filtered=True),
            Column(key="name_en", label=N_("English name")),
            Column(key="kind", label=N_("What it is"), kind=Kind.CHOICE, choices=worded(words.KINDS), filtered=True),
            Column(key="plant_id", label=N_("Site"), kind=Kind.CHOICE, choices=plant_choices, filtered=True),
            Column(key="measure_id", label=N_("Measure"), kind=Kind.CHOICE, choices=measure_choices),
            Column(key="first_year", label=N_("First year"), kind=Kind.YEAR, filtered=True),
            Column(key="capex_cny", label=N_("Investment"), kind=Kind.NUMBER, unit="CNY"),
            Column(
                key="yearly_gain_cny", label=N_("Savings less running cost, a year"), kind=Kind.NUMBER, unit="CNY", in_list=False
            ),
            Column(key="lifetime_years", label=N_("Years of use"), kind=Kind.NUMBER, in_list=False),
            Column(key="capacity_kw", label=N_("Capacity"), kind=Kind.NUMBER, unit="kW"),
            Column(key="generation_kwh_per_a", label=N_("Electricity made a year"), kind=Kind.NUMBER, unit="kWh", in_list=False),
            Column(key="avoided_t_co2_per_a", label=N_("Avoided a year"), kind=Kind.NUMBER, unit="t CO2"),
            Column(key="source", label=N_("Source"), in_list=False),
        ),
        identity=("name_zh", "first_year"),
        sort=("first_year", "name_zh"),
        readers=PLAN_READERS,
        writers=PLAN_EDITORS,
        ending=Ending(),
        above=(N_("Investments"), words.INVESTMENTS_PATH),
    ),
)


def _lines(context: Context, worths: Sequence[Worth]) -> Sequence[InvestmentLine]:
    plants, measures = dict(plant_choices(context)), dict(measure_choices(context))
    chinese = context.locale == "zh-CN"

    def measure_of(measure_id: uuid.UUID | None) -> tuple[str, str] | None:
        name = measures.get(str(measure_id))
        return None if name is None else (name, f"{words.MEASURES_PATH}/{measure_id}")

    return [
        InvestmentLine(
            worth=one,
            name=one.investment.name_zh if chinese else one.investment.name_en,
            kind=translate(context.locale, words.KINDS[one.investment.kind]),
            plant=plants.get(str(one.investment.plant_id), ""),
            measure=measure_of(one.investment.measure_id),
            changes_place=len(set(one.rank.values())) > 1,
        )
        for one in worths
    ]


def _steps(ladder: CarbonPriceLadder | None) -> Sequence[tuple[int, float]]:
    return [] if ladder is None else sorted((int(year), float(price)) for year, price in ladder.steps.items())


def _prices(ladder: CarbonPriceLadder | None) -> Sequence[float]:
    """Return the prices of the sensitivity and those of the ladder, each once."""
    held = PriceLadder(steps=dict(_steps(ladder)))
    own = [price for year in LADDER_YEARS if (price := held.price_in(year)) is not None]
    return sorted({*SENSITIVITY_CNY_PER_T, *own})
