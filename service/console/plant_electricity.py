"""The page on a plant's electricity of known origin: contracts with certificates, and direct lines."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.console.choices import Options
from service.database import new_id
from service.errors import N_, ServiceError
from service.i18n import translate
from service.products import operations, queries
from service.products.models import Instrument, Plant, PlantSupply
from service.products.schemas import PlantSupplyInput
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

READERS = roles(Role.ENGINEER, Role.REVIEWER, Role.AUDITOR)
WRITERS = roles(Role.ENGINEER)

INSTRUMENTS: Final[Mapping[Instrument, str]] = {
    Instrument.CONTRACT: N_("Contract with cancelled certificates"),
    Instrument.DIRECT_LINE: N_("Direct line or own plant, certificates not sold"),
}
TECHNOLOGIES: Final[Mapping[str, str]] = {
    "wind": N_("Wind"),
    "solar_pv": N_("Photovoltaics"),
    "hydro": N_("Hydropower"),
    "nuclear": N_("Nuclear"),
    "biomass": N_("Biomass"),
}


class RemovalForm(FormInput):
    """The button that removes an entry."""

    supply_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class PlantElectricityPage:
    """What a plant has evidence for; `rows` are (entry, instrument, technology, who recorded it)."""

    plant: Plant
    name: str
    rows: Sequence[tuple[PlantSupply, str, str, str]]
    form: FormState
    instruments: Options
    technologies: Options
    may_write: bool
    idempotency_key: str


@router.get("/console/plants/{plant_id}/electricity")
@endpoint(READERS)
def show_electricity(context: Context, plant_id: uuid.UUID) -> Response:
    """Show what a plant has evidence for, with an empty form."""
    return _show(context, plant_id, FormState())


@router.post("/console/plants/{plant_id}/electricity")
@endpoint(WRITERS)
def record_supply(context: Context, plant_id: uuid.UUID) -> Response:
    """Enter electricity of known origin."""
    try:
        fields = parse_form(PlantSupplyInput, context.form)
        operations.record_supply(context.session, plant_id, fields, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show(context, plant_id, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/plants/{plant_id}/electricity", N_("Entered. Calculate footprints again to count it."))


@router.post("/console/plants/{plant_id}/electricity/remove")
@endpoint(WRITERS)
def remove_supply(context: Context, plant_id: uuid.UUID) -> Response:
    """Remove an entry; footprints calculated with it keep it."""
    supply_id = parse_form(RemovalForm, context.form).supply_id
    operations.delete_supply(context.session, plant_id, supply_id, by=context.asking.actor, at=context.at)
    return see_other(context, f"/console/plants/{plant_id}/electricity", N_("Removed."))


def _show(context: Context, plant_id: uuid.UUID, form: FormState, *, status: int = 200) -> Response:
    plant = queries.get_plant(context.session, plant_id)
    entries = queries.supplies_of(context.session, plant.id)
    people = names_of_actors(context.session, [entry.recorded_by for entry in entries])
    page = PlantElectricityPage(
        plant=plant,
        name=plant.name_zh if context.locale == "zh-CN" else plant.name_en,
        rows=[
            (entry, INSTRUMENTS[entry.instrument], TECHNOLOGIES[entry.technology], people.get(entry.recorded_by, entry.recorded_by))
            for entry in entries
        ],
        form=form,
        instruments=[(key.value, translate(context.locale, label)) for key, label in INSTRUMENTS.items()],
        technologies=[(key, translate(context.locale, label)) for key, label in TECHNOLOGIES.items()],
        may_write=context.asking.has(Role.ENGINEER),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/plant_electricity.html", page, status=status)
