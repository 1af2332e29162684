"""What transport emits and whether it carries what was bought and made; and what another mode or other vehicles would change."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console.choices import Options, flow_label, read_filter
from service.console.logistics_registers import (
    DIRECTIONS,
    HOME,
    MODES,
    WHAT_IF,
    class_choices,
    flow_choices,
    logistics_tabs,
    product_choices,
)
from service.console.register_definition import Tabs
from service.errors import ServiceError
from service.footprints.operations import hauls_to, preview
from service.i18n import explain, translate
from service.logistics.models import Direction
from service.logistics.queries import HubEmission, LegEmission, hauls, hub_emissions, leg_emissions
from service.logistics.reconciling import Reconciliation, reconcile
from service.logistics.rules import UPSTREAM_CATEGORY, carriages_by_flow, delivery_kg_co2e_per_kg
from service.logistics.schemas import VehicleClassKey
from service.logistics.what_if import Shift, ShiftEffect, effect_of, shifted
from service.modelling.queries import active_model
from service.plan.policies import PLAN_EDITORS, PLAN_READERS
from service.products.queries import get_product
from service.suppliers.schemas import FlowKey
from service.web.charts import BarChart, Part, horizontal_bars
from service.web.forms import FormInput, FormState

router = APIRouter()

_PERCENT = 100.0


class LogisticsFilter(FormInput):
    """What the address of the overview may hold."""

    year: int | None = Field(default=None, ge=2000, le=2100)


class WhatIfFilter(FormInput):
    """A question: which legs would be carried otherwise, how much of them, and which product is looked at."""

    year: int | None = Field(default=None, ge=2000, le=2100)
    direction: Direction | None = None
    flow: FlowKey | None = None
    from_class: VehicleClassKey | None = None
    to_class: VehicleClassKey | None = None
    percent: float = Field(default=100.0, gt=0, le=100)
    cny_per_tkm: float | None = Field(default=None, ge=0, le=100)
    product_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionLine:
    """All legs of one direction and mode."""

    direction: str
    mode: str
    legs: int
    tkm: float
    t_co2e: float
    category_t_co2e: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LogisticsPage:
    """The overview of a year."""

    tabs: Tabs
    year: int
    years: Options
    lines: Sequence[DirectionLine]
    chart: BarChart | None
    total_tkm: float
    total_t_co2e: float
    category_4_t_co2e: float
    own_vehicles_t_co2e: float
    hubs: Sequence[HubEmission]
    reconciliations: Sequence[tuple[Reconciliation, str]]
    is_sample: bool
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductEffect:
    """What a shift makes of a product, kg CO2e per kg; deliveries are None where no leg carries it."""

    grade: str
    gate: tuple[float, float]
    delivery: tuple[float | None, float | None]

    @property
    def delivered(self) -> tuple[float | None, float | None]:
        """Footprint at the customer, before and after."""
        before, after = self.delivery
        return (None if before is None else self.gate[0] + before, None if after is None else self.gate[1] + after)


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIfPage:
    """The question and its answer."""

    tabs: Tabs
    form: FormState
    years: Options
    directions: Options
    flows: Options
    classes: Options
    products: Options
    effect: ShiftEffect | None
    product: ProductEffect | None
    problem: str


@router.get(HOME)
@endpoint(PLAN_READERS)
def show_logistics(context: Context) -> Response:
    """Show what transport of a year emits, by direction and mode, and whether it carries what was bought and made."""
    asked, _ = read_filter(LogisticsFilter, context.request, context.locale)
    today = context.today
    year = asked.year or today.year - 1
    start, end = date(year, 1, 1), date(year, 12, 31)
    legs, hubs = leg_emissions(context.session, start=start, end=end), hub_emissions(context.session, start=start, end=end)
    lines = _lines(context, legs)
    page = LogisticsPage(
        tabs=logistics_tabs(context),
        year=year,
        years=_years(today),
        lines=lines,
        chart=_chart(lines),
        total_tkm=sum(one.tkm for one in legs),
        total_t_co2e=sum(one.t_co2e for one in legs),
        category_4_t_co2e=_category_4(legs) + sum(one.t_co2e for one in hubs if not one.is_counted_elsewhere),
        own_vehicles_t_co2e=sum(one.t_co2e for one in legs if one.category is None),
        hubs=hubs,
        reconciliations=[
            (one, flow_label(one.flow, context.locale) if one.flow else str(one.product))
            for one in reconcile(context.session, year=year)
        ],
        is_sample=any(one.is_sample for one in legs),
        may_write=PLAN_EDITORS.lets_in(context.principal),
    )
    return render_page(context, "console/logistics.html", page)


@router.get(WHAT_IF)
@endpoint(PLAN_READERS)
def show_what_if(context: Context) -> Response:
    """Answer what another mode or other vehicles would change in emissions, freight and one product's footprint."""
    asked, form = read_filter(WhatIfFilter, context.request, context.locale)
    locale = context.locale
    today = context.today
    effect, product, problem = _answer(context, asked, year=asked.year or today.year - 1)
    page = WhatIfPage(
        tabs=logistics_tabs(context),
        form=form if form.errors else _as_asked(context),
        years=_years(today),
        directions=[(key.value, translate(locale, text)) for key, text in DIRECTIONS.items()],
        flows=flow_choices(context),
        classes=class_choices(context),
        products=product_choices(context),
        effect=effect,
        product=product,
        problem=problem,
    )
    return render_page(context, "console/logistics_what_if.html", page)


def _as_asked(context: Context) -> FormState:
    given = context.request.query_params
    return FormState(values={name: given[name] for name in WhatIfFilter.model_fields if name in given})


def _answer(context: Context, asked: WhatIfFilter, *, year: int) -> tuple[ShiftEffect | None, ProductEffect | None, str]:
    if asked.to_class is None:
        return None, None, ""
    shift = Shift(
        direction=asked.direction,
        flow=asked.flow,
        from_class=asked.from_class,
        to_class=asked.to_class,
        share=asked.percent / _PERCENT,
        cny_per_tkm=asked.cny_per_tkm,
    )
    listed = hauls(context.session, start=date(year, 1, 1), end=date(year, 12, 31))
    effect = effect_of(listed, shift, active_model(context.session))
    if asked.product_id is None:
        return effect, None, ""
    try:
        return effect, product_effect(context, asked.product_id, shift, year=year), ""
    except ServiceError as error:
        return effect, None, explain(context.locale, error)


def product_effect(context: Context, product_id: uuid.UUID, shift: Shift, *, year: int) -> ProductEffect:
    """Calculate a product before and after a shift, from present data, without keeping anything."""
    session, product = context.session, get_product(context.session, product_id)
    start, end = date(year, 1, 1), date(year, 12, 31)
    before = hauls_to(session, product, period_start=start, period_end=end)
    after = shifted(before, shift, active_model(session))
    by, at = context.asking.actor, context.at
    gates = [
        preview(session, product, period_start=start, period_end=end, by=by, at=at, carriages=carriages_by_flow(one))
        for one in (before, after)
    ]
    return ProductEffect(
        grade=product.grade,
        gate=(gates[0].total_kg_co2e_per_kg, gates[1].total_kg_co2e_per_kg),
        delivery=(delivery_kg_co2e_per_kg(before, product.id), delivery_kg_co2e_per_kg(after, product.id)),
    )


def _years(today: date) -> Options:
    return [(str(one), str(one)) for one in range(today.year, today.year - 7, -1)]


def _category_4(legs: Sequence[LegEmission]) -> float:
    return sum(one.t_co2e for one in legs if one.category == UPSTREAM_CATEGORY)


def _lines(context: Context, legs: Sequence[LegEmission]) -> Sequence[DirectionLine]:
    keys = sorted({(one.direction, one.mode) for one in legs}, key=lambda key: (list(DIRECTIONS).index(key[0]), key[1]))
    return [_line(context, [one for one in legs if (one.direction, one.mode) == key]) for key in keys]


def _line(context: Context, legs: Sequence[LegEmission]) -> DirectionLine:
    return DirectionLine(
        direction=translate(context.locale, DIRECTIONS[legs[0].direction]),
        mode=translate(context.locale, MODES[legs[0].mode]),
        legs=len(legs),
        tkm=sum(one.tkm for one in legs),
        t_co2e=sum(one.t_co2e for one in legs),
        category_t_co2e=_category_4(legs),
    )


def _chart(lines: Sequence[DirectionLine]) -> BarChart | None:
    parts = [Part(code="P7", label=f"{line.direction} · {line.mode}", value=line.t_co2e) for line in lines]
    return horizontal_bars(parts, unit="t CO₂e") if parts else None
