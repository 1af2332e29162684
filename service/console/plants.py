"""Pages on the maker's plants."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import STAFF, Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.console.choices import Options, province_options
from service.database import new_id
from service.errors import N_, ServiceError
from service.footprints.disclosure import may_see_inputs
from service.products import operations, queries
from service.products.models import Plant
from service.products.schemas import PlantInput
from service.suppliers.provinces import province_name
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

WRITERS = roles(Role.ENGINEER)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantsPage:
    """All plants; `rows` are (plant, name, address, province)."""

    rows: Sequence[tuple[Plant, str, str, str]]
    may_write: bool
    may_see_electricity: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantFormPage:
    """The form, for a new plant if `plant` is None."""

    plant: Plant | None
    form: FormState
    provinces: Options
    action: str
    idempotency_key: str


@router.get("/console/plants")
@endpoint(STAFF)
def show_plants(context: Context) -> Response:
    """List all plants."""
    chinese = context.locale == "zh-CN"
    rows = [
        (
            plant,
            plant.name_zh if chinese else plant.name_en,
            (plant.address_zh if chinese else plant.address_en) or "",
            province_name(plant.province_code, context.locale),
        )
        for plant in queries.all_plants(context.session)
    ]
    page = PlantsPage(rows=rows, may_write=context.asking.has(Role.ENGINEER), may_see_electricity=may_see_inputs(context.asking))
    return render_page(context, "console/product_plants.html", page)


@router.get("/console/plants/new")
@endpoint(WRITERS)
def new_plant(context: Context) -> Response:
    """Show an empty form."""
    return _show_form(context, None, FormState())


@router.post("/console/plants")
@endpoint(WRITERS)
def create_plant(context: Context) -> Response:
    """Add a plant."""
    try:
        fields = parse_form(PlantInput, context.form)
        operations.create_plant(context.session, fields, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_form(context, None, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, "/console/plants", N_("Plant added."))


@router.get("/console/plants/{plant_id}/edit")
@endpoint(WRITERS)
def edit_plant(context: Context, plant_id: uuid.UUID) -> Response:
    """Show the form with what is known."""
    plant = queries.get_plant(context.session, plant_id)
    values = {name: str(value) for name in PlantInput.model_fields if (value := getattr(plant, name)) is not None}
    return _show_form(context, plant, FormState(values=values))


@router.post("/console/plants/{plant_id}")
@endpoint(WRITERS)
def update_plant(context: Context, plant_id: uuid.UUID) -> Response:
    """Change a plant."""
    plant = queries.get_plant(context.session, plant_id)
    try:
        fields = parse_form(PlantInput, context.form)
        operations.update_plant(context.session, plant_id, fields, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_form(context, plant, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, "/console/plants", N_("Saved."))


def _show_form(context: Context, plant: Plant | None, form: FormState, *, status: int = 200) -> Response:
    page = PlantFormPage(
        plant=plant,
        form=form,
        provinces=province_options(context.locale),
        action=f"/console/plants/{plant.id}" if plant else "/console/plants",
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/product_plant_form.html", page, status=status)
