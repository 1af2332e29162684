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
from service.allocation.schemas import DemandInput, PlannedDemand
from service.allocation.table_import import TablePlan, plan_table
from service.allocation.tables import demand_fields, demand_table, demand_workbook, recorded_demands
from service.console.choices import Options, flow_label, flow_options
from service.console.offers import READERS, WRITERS
from service.console.purchases import XLSX, VersionForm
from service.console.table_imports import (
    UPLOADS,
    PlanForm,
    Wording,
    as_typed,
    changed_since,
    confirmed_rows,
    import_page,
    plan_text,
    read_upload,
)
from service.database import new_id
from service.errors import N_, ServiceError
from service.web.formatting import format_exact
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

LIST: Final = "/console/demands"
WORDING: Final = Wording(
    title=N_("Import demands"),
    list_title=N_("Demands"),
    path=LIST,
    columns=((N_("Material"), "text"), (N_("Year"), "text"), (N_("Demand, t"), "number")),
)


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


@router.get("/console/demands/template.xlsx")
@endpoint(WRITERS)
def download_demand_template(context: Context) -> Response:
    """Send the workbook to fill in, with the demands recorded so far."""
    content = demand_workbook(queries.find_demands(context.session))
    return Response(content, media_type=XLSX, headers={"Content-Disposition": 'attachment; filename="demands.xlsx"'})


@router.get("/console/demands/import")
@endpoint(WRITERS)
def show_demand_import(context: Context) -> Response:
    """Show the upload form."""
    return _show_import(context, FormState())


@router.post("/console/demands/import")
@endpoint(WRITERS, limited=(UPLOADS,), prepare=read_upload)
def preview_demand_import(context: Context, answer: Mapping[str, Any] | ServiceError) -> Response:
    """Show what the uploaded file would do; nothing is changed yet."""
    if isinstance(answer, ServiceError):
        return _show_import(context, rejected(context.form, answer, context.locale), status=answer.status)
    plan = plan_table(demand_table(), answer, present=recorded_demands(queries.find_demands(context.session)))
    return _show_import(context, FormState(), plan=plan, status=422 if plan.problems else 200)


@router.post("/console/demands/import/apply")
@endpoint(WRITERS)
def apply_demand_import(context: Context) -> Response:
    """Do what the preview showed, all of it or nothing."""
    try:
        rows = confirmed_rows(parse_form(PlanForm, context.form).plan, PlannedDemand)
        operations.import_demands(context.session, rows, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_import(context, changed_since(error, context.locale), status=error.status)
    return see_other(context, LIST, N_("%(count)s demands imported."), count=len(rows))


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


def _show_import(context: Context, form: FormState, *, plan: TablePlan[DemandInput] | None = None, status: int = 200) -> Response:
    locale = context.locale
    shown = {
        one.row: (flow_label(one.fields.flow, locale), str(one.fields.year), format_exact(one.fields.demand_t, locale))
        for one in (plan.changes if plan else ())
    }
    page = import_page(WORDING, plan, form, locale=locale, shown=shown, plan_text=plan_text(plan))
    return render_page(context, "console/table_import.html", page, status=status)
