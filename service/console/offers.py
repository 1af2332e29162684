"""Pages on suppliers' offers: the list, one offer, and the import from Excel with its preview."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.allocation import offer_queries as queries
from service.allocation import operations
from service.allocation.offer_queries import OfferRow
from service.allocation.schemas import OfferInput, PlannedOffer
from service.allocation.table_import import TablePlan, plan_table
from service.allocation.tables import offer_fields, offer_table, offer_workbook, recorded_offers
from service.clock import day_at
from service.console.choices import Options, flow_label, flow_options, page_links, read_filter, supplier_options
from service.console.purchases import DELIVERING_TYPES, XLSX, VersionForm
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
from service.suppliers.paging import Page
from service.suppliers.queries import all_active_suppliers, names_of
from service.suppliers.schemas import FlowKey
from service.web.formatting import format_exact
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

READERS = roles(Role.ENGINEER, Role.PROCUREMENT, Role.REVIEWER, Role.AUDITOR)
WRITERS = roles(Role.ENGINEER, Role.PROCUREMENT)
LIST: Final = "/console/offers"
WORDING: Final = Wording(
    title=N_("Import offers"),
    list_title=N_("Offers"),
    path=LIST,
    columns=((N_("Supplier"), "text"), (N_("Material"), "text"), (N_("Price of"), "text"), (N_("Price, CNY/t"), "number")),
)


class OfferFilter(FormInput):
    """What the address of the list may hold."""

    flow: FlowKey | None = None
    supplier_id: uuid.UUID | None = None
    valid: bool = False
    after: uuid.UUID | None = None
    before: uuid.UUID | None = None


class OfferChange(OfferInput):
    """The form of an existing offer: with the version it was read at."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OffersPage:
    """The list; `rows` are (offer, supplier, material, whether it stands today)."""

    rows: Sequence[tuple[OfferRow, str, str, bool]]
    page: Page[OfferRow]
    filter: OfferFilter
    form: FormState
    suppliers: Options
    flows: Options
    previous_href: str | None
    next_href: str | None
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferFormPage:
    """The form, for a new offer if `offer` is None."""

    offer: OfferRow | None
    form: FormState
    suppliers: Options
    flows: Options
    action: str
    version: int
    idempotency_key: str


@router.get("/console/offers")
@endpoint(READERS)
def show_offers(context: Context) -> Response:
    """List offers; filters stand in the address."""
    wanted, form = read_filter(OfferFilter, context.request, context.locale)
    found = queries.find_offers(
        context.session,
        flow=wanted.flow,
        supplier_id=wanted.supplier_id,
        valid_on=_today(context) if wanted.valid else None,
        after=wanted.after,
        before=wanted.before,
    )
    return render_page(context, "console/offers.html", _list_page(context, found, wanted, form))


@router.get("/console/offers/new")
@endpoint(WRITERS)
def new_offer(context: Context) -> Response:
    """Show an empty form, or one with what the address says."""
    values = {name: value for name, value in context.request.query_params.items() if name in OfferInput.model_fields}
    return _show_form(context, None, FormState(values={"priced_on": str(_today(context)), **values}))


@router.post("/console/offers")
@endpoint(WRITERS)
def create_offer(context: Context) -> Response:
    """Enter an offer."""
    try:
        fields = parse_form(OfferInput, context.form)
        operations.record_offer(context.session, fields, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_form(context, None, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, LIST, N_("Offer entered."))


@router.get("/console/offers/template.xlsx")
@endpoint(WRITERS)
def download_offer_template(context: Context) -> Response:
    """Send the workbook to fill in, with the offers recorded so far."""
    suppliers = all_active_suppliers(context.session, types=DELIVERING_TYPES)
    content = offer_workbook(queries.find_offers(context.session, limit=2000).rows, suppliers)
    return Response(content, media_type=XLSX, headers={"Content-Disposition": 'attachment; filename="offers.xlsx"'})


@router.get("/console/offers/import")
@endpoint(WRITERS)
def show_offer_import(context: Context) -> Response:
    """Show the upload form."""
    return _show_import(context, FormState())


@router.post("/console/offers/import")
@endpoint(WRITERS, limited=(UPLOADS,), prepare=read_upload)
def preview_offer_import(context: Context, answer: Mapping[str, Any] | ServiceError) -> Response:
    """Show what the uploaded file would do; nothing is changed yet."""
    if isinstance(answer, ServiceError):
        return _show_import(context, rejected(context.form, answer, context.locale), status=answer.status)
    suppliers = all_active_suppliers(context.session, types=DELIVERING_TYPES)
    plan = plan_table(
        offer_table(suppliers),
        answer,
        present=recorded_offers(queries.all_offers(context.session)),
        check=lambda fields: operations.check_delivers(context.session, fields.supplier_id, fields.flow),
    )
    return _show_import(context, FormState(), plan=plan, status=422 if plan.problems else 200)


@router.post("/console/offers/import/apply")
@endpoint(WRITERS)
def apply_offer_import(context: Context) -> Response:
    """Do what the preview showed, all of it or nothing."""
    try:
        rows = confirmed_rows(parse_form(PlanForm, context.form).plan, PlannedOffer)
        operations.import_offers(context.session, rows, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_import(context, changed_since(error, context.locale), status=error.status)
    return see_other(context, LIST, N_("%(count)s offers imported."), count=len(rows))


@router.get("/console/offers/{offer_id}/edit")
@endpoint(WRITERS)
def edit_offer(context: Context, offer_id: uuid.UUID) -> Response:
    """Show the form with what is known."""
    offer = queries.get_offer(context.session, offer_id)
    return _show_form(context, offer, FormState(values=as_typed(offer_fields(offer))))


@router.post("/console/offers/{offer_id}")
@endpoint(WRITERS)
def change_offer(context: Context, offer_id: uuid.UUID) -> Response:
    """Correct an offer."""
    offer = queries.get_offer(context.session, offer_id)
    try:
        change = parse_form(OfferChange, context.form)
        fields = OfferInput(**change.model_dump(exclude={"version"}))
        operations.change_offer(context.session, offer_id, fields, version=change.version, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_form(context, offer, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, LIST, N_("Saved."))


@router.post("/console/offers/{offer_id}/delete")
@endpoint(WRITERS)
def delete_offer(context: Context, offer_id: uuid.UUID) -> Response:
    """Remove an offer."""
    version = parse_form(VersionForm, context.form).version
    operations.delete_offer(context.session, offer_id, version=version, by=context.asking.actor, at=context.at)
    return see_other(context, LIST, N_("Offer deleted."))


def _today(context: Context) -> date:
    return day_at(context.at, context.settings.timezone)


def _list_page(context: Context, found: Page[OfferRow], wanted: OfferFilter, form: FormState) -> OffersPage:
    locale, today = context.locale, _today(context)
    previous_href, next_href = page_links(context.request, found)
    return OffersPage(
        rows=[(row, row.supplier_name(locale), flow_label(row.flow, locale), row.is_valid(today)) for row in found.rows],
        page=found,
        filter=wanted,
        form=form,
        suppliers=supplier_options(all_active_suppliers(context.session, types=DELIVERING_TYPES), locale),
        flows=flow_options(locale),
        previous_href=previous_href,
        next_href=next_href,
        may_write=context.asking.has(Role.ENGINEER, Role.PROCUREMENT),
    )


def _show_form(context: Context, offer: OfferRow | None, form: FormState, *, status: int = 200) -> Response:
    suppliers = all_active_suppliers(
        context.session, types=DELIVERING_TYPES, besides=[offer.supplier_id] if offer is not None else []
    )
    page = OfferFormPage(
        offer=offer,
        form=form,
        suppliers=supplier_options(suppliers, context.locale),
        flows=flow_options(context.locale),
        action=f"{LIST}/{offer.id}" if offer else LIST,
        version=offer.version if offer else 0,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/offer_form.html", page, status=status)


def _show_import(context: Context, form: FormState, *, plan: TablePlan[OfferInput] | None = None, status: int = 200) -> Response:
    page = import_page(WORDING, plan, form, locale=context.locale, shown=_shown(context, plan), plan_text=plan_text(plan))
    return render_page(context, "console/table_import.html", page, status=status)


def _shown(context: Context, plan: TablePlan[OfferInput] | None) -> Mapping[int, Sequence[str]]:
    changes = plan.changes if plan else ()
    names = names_of(context.session, {one.fields.supplier_id for one in changes}, context.locale)
    return {
        one.row: (
            names[one.fields.supplier_id],
            flow_label(one.fields.flow, context.locale),
            str(one.fields.priced_on),
            format_exact(one.fields.price_cny_per_t, context.locale),
        )
        for one in changes
    }
