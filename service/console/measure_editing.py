"""The form of a measure: a new one, and one that is changed."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.console import measure_words as words
from service.console.choices import Options
from service.console.measure_forms import chosen, read_measure, typed
from service.console.register_columns import person_choices, plan_item_choices, plant_choices, unit_choices
from service.database import new_id
from service.errors import N_
from service.measures import operations, queries
from service.measures.levers import levers
from service.measures.queries import PlannedMeasure
from service.modelling.queries import active_model
from service.plan.policies import PLAN_EDITORS
from service.products.queries import find_products
from service.web.forms import FormState, VersionInput, parse_form

router = APIRouter()

_FILLED_IN: Final = ("name_zh", "name_en", "reasoning", "evidence", "parameters", "electricity")
"""What another page, such as a comparison of variants, may hand over."""

_MOST_PRODUCTS: Final = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureFormPage:
    """The form, for a new measure if `measure` is None."""

    measure: PlannedMeasure | None
    form: FormState
    chosen: Mapping[str, tuple[str, ...]]
    levers: Options
    items: Options
    products: Options
    plants: Options
    units: Options
    people: Options
    curves: Options
    views: Options
    parameters: Sequence[tuple[str, str, str]]
    action: str
    idempotency_key: str = field(default_factory=lambda: str(new_id()))


def _show_form(context: Context, form: FormState, measure: PlannedMeasure | None) -> Response:
    model = active_model(context.session)
    locale = context.locale
    products = find_products(context.session, limit=_MOST_PRODUCTS).rows
    page = MeasureFormPage(
        measure=measure,
        form=form,
        chosen=chosen(context.form if form.errors else None, measure),
        levers=[(key, one.name(locale)) for key, one in levers().items()],
        items=plan_item_choices(context),
        products=[(str(one.id), f"{one.grade} · {one.plant_name(locale)}") for one in products],
        plants=plant_choices(context),
        units=unit_choices(context),
        people=person_choices(context),
        curves=words.worded(words.CURVES, locale),
        views=[(view.key, view.name_zh if locale == "zh-CN" else view.name_en) for view in model.electricity.views.values()],
        parameters=[
            (one.name, one.unit, one.meaning_zh if locale == "zh-CN" else one.meaning_en) for one in model.definitions.values()
        ],
        action=words.MEASURES_PATH if measure is None else f"{words.MEASURES_PATH}/{measure.id}",
    )
    return render_page(context, "console/plan_measure_form.html", page, status=form.status)


def _show_new(context: Context, form: FormState) -> Response:
    return _show_form(context, form, None)


def _show_change(context: Context, form: FormState, measure_id: uuid.UUID) -> Response:
    return _show_form(context, form, queries.get_measure(context.session, measure_id))


@router.get("/console/plan/measures/new")
@endpoint(PLAN_EDITORS)
def new_measure(context: Context) -> Response:
    """Show the form, empty but for what the address fills in."""
    query = context.request.query_params
    return _show_new(context, FormState(values={name: query[name] for name in _FILLED_IN if name in query}))


@router.post("/console/plan/measures")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_new)
def create_measure(context: Context) -> Response:
    """Propose a measure."""
    made = operations.create_measure(context.session, read_measure(context.form), by=context.asking.actor, at=context.at)
    return see_other(context, f"{words.MEASURES_PATH}/{made.id}", N_("Added."))


@router.get("/console/plan/measures/{measure_id}/edit")
@endpoint(PLAN_EDITORS)
def edit_measure(context: Context, measure_id: uuid.UUID) -> Response:
    """Show the form with what the measure says."""
    measure = queries.get_measure(context.session, measure_id)
    return _show_form(context, FormState(values=typed(measure)), measure)


@router.post("/console/plan/measures/{measure_id}")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_change)
def change_measure(context: Context, measure_id: uuid.UUID) -> Response:
    """Change a measure."""
    measure = queries.get_measure(context.session, measure_id)
    fields = read_measure(context.form)
    version = parse_form(VersionInput, FormData({"version": context.form.get("version", "")})).version
    operations.change_measure(context.session, measure.id, fields, version=version, by=context.asking.actor, at=context.at)
    return see_other(context, f"{words.MEASURES_PATH}/{measure_id}", N_("Saved."))
