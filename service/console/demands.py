"""Pages on demands: what is needed of each material in a year, and the rules of buying it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.allocation import offer_queries as queries
from service.allocation import operations
from service.allocation.models import Demand
from service.allocation.schemas import DemandInput
from service.allocation.tables import demand_fields, demand_table, demand_workbook, recorded_demands
from service.console.choices import Options, flow_label, flow_options
from service.console.offers import READERS, WRITERS
from service.console.purchases import VersionForm
from service.console.table_imports import SheetImport, add_import, as_typed
from service.database import new_id
from service.errors import N_, ServiceError
from service.suppliers.table_import import Planned, TablePlan, plan_table
from service.web.formatting import format_exact
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

LIST: Final = "/console/demands"


class DemandChange(DemandInput):
    """The form of an existing demand: with the version it was read at."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandsPage:
    """The list; `rows` are (demand, material)."""

    rows: Sequence[tuple[Demand, str]]
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DemandFormPage:
    """The form, for a new demand if `demand` is None."""

    demand: Demand | None
    form: FormState
    flows: Options
    action: str
    version: int
    idempotency_key: str


@router.get("/console/demands")
@endpoint(READERS)
def show_demands(context: Context) -> Response:
    """List the demands, latest year first."""
    rows = [(one, flow_label(one.flow, context.locale)) for one in queries.find_demands(context.session)]
    page = DemandsPage(rows=rows, may_write=context.asking.has(Role.ENGINEER, Role.PROCUREMENT))
    return render_page(context, "console/demands.html", page)


@router.get("/console/demands/new")
@endpoint(WRITERS)
def new_demand(context: Context) -> Response:
    """Show an empty form."""
    return _show_form(context, None, FormState(values={"year": str(context.at.year + 1), "min_suppliers": "2"}))


@router.post("/console/demands")
@endpoint(WRITERS)
def create_demand(context: Context) -> Response:
    """Enter a demand."""
    try:
        fields = parse_form(DemandInput, context.form)
        operations.record_demand(context.session, fields, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_form(context, None, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, LIST, N_("Demand entered."))


def _template(context: Context) -> bytes:
    return demand_workbook(queries.find_demands(context.session))


def _plan(context: Context, answer: Mapping[str, Any]) -> TablePlan[DemandInput]:
    return plan_table(demand_table(), answer, present=recorded_demands(queries.find_demands(context.session)))


def _cells(context: Context, rows: Sequence[DemandInput]) -> Sequence[Sequence[str]]:
    locale = context.locale
    return [(flow_label(one.flow, locale), str(one.year), format_exact(one.demand_t, locale)) for one in rows]


def _apply(context: Context, rows: Sequence[Planned[DemandInput]]) -> None:
    operations.import_demands(context.session, rows, by=context.asking.actor, at=context.at)


add_import(
    router,
    SheetImport(
        title=N_("Import demands"),
        list_title=N_("Demands"),
        path=LIST,
        above=(N_("Order allocation"), "/console/allocations"),
        policy=WRITERS,
        columns=((N_("Material"), "text"), (N_("Year"), "text"), (N_("Demand, t"), "number")),
        fields=DemandInput,
        template=_template,
        plan=_plan,
        cells=_cells,
        apply=_apply,
        done=N_("%(count)s demands imported."),
    ),
)


@router.get("/console/demands/{demand_id}/edit")
@endpoint(WRITERS)
def edit_demand(context: Context, demand_id: uuid.UUID) -> Response:
    """Show the form with what is known."""
    demand = queries.get_demand(context.session, demand_id)
    return _show_form(context, demand, FormState(values=as_typed(demand_fields(demand))))


@router.post("/console/demands/{demand_id}")
@endpoint(WRITERS)
def change_demand(context: Context, demand_id: uuid.UUID) -> Response:
    """Correct a demand."""
    demand = queries.get_demand(context.session, demand_id)
    try:
        change = parse_form(DemandChange, context.form)
        fields = DemandInput(**change.model_dump(exclude={"version"}))
        operations.change_demand(context.session, demand_id, fields, version=change.version, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_form(context, demand, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, LIST, N_("Saved."))


@router.post("/console/demands/{demand_id}/delete")
@endpoint(WRITERS)
def delete_demand(context: Context, demand_id: uuid.UUID) -> Response:
    """Remove a demand."""
    version = parse_form(VersionForm, context.form).version
    operations.delete_demand(context.session, demand_id, version=version, by=context.asking.actor, at=context.at)
    return see_other(context, LIST, N_("Demand deleted."))


def _show_form(context: Context, demand: Demand | None, form: FormState, *, status: int = 200) -> Response:
    page = DemandFormPage(
        demand=demand,
        form=form,
        flows=flow_options(context.locale),
        action=f"{LIST}/{demand.id}" if demand else LIST,
        version=demand.version if demand else 0,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/demand_form.html", page, status=status)
