"""Pages on suppliers' offers: the list, one offer, and the import from Excel with its preview."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.allocation import offer_queries as queries
from service.allocation import operations
from service.allocation.offer_queries import OfferRow
from service.allocation.schemas import OfferInput
from service.allocation.tables import offer_fields, offer_table, offer_workbook, recorded_offers
from service.console.choices import Options, flow_label, flow_options, page_links, read_filter, supplier_options
from service.console.purchases import DELIVERING_TYPES, VersionForm
from service.console.table_imports import SheetImport, add_import, as_typed
from service.database import new_id
from service.errors import N_, ServiceError
from service.suppliers.operations import check_delivers
from service.suppliers.paging import Page
from service.suppliers.queries import all_active_suppliers, names_of
from service.suppliers.schemas import FlowKey
from service.suppliers.table_import import Planned, TablePlan, plan_table
from service.web.formatting import format_exact
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

READERS = roles(Role.ENGINEER, Role.PROCUREMENT, Role.REVIEWER, Role.AUDITOR)
WRITERS = roles(Role.ENGINEER, Role.PROCUREMENT)
LIST: Final = "/console/offers"


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
        valid_on=context.today if wanted.valid else None,
        after=wanted.after,
        before=wanted.before,
    )
    return render_page(context, "console/offers.html", _list_page(context, found, wanted, form))


@router.get("/console/offers/new")
@endpoint(WRITERS)
def new_offer(context: Context) -> Response:
    """Show an empty form, or one with what the address says."""
    values = {name: value for name, value in context.request.query_params.items() if name in OfferInput.model_fields}
    return _show_form(context, None, FormState(values={"priced_on": str(context.today), **values}))


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


def _template(context: Context) -> bytes:
    suppliers = all_active_suppliers(context.session, types=DELIVERING_TYPES)
    return offer_workbook(queries.find_offers(context.session, limit=2000).rows, suppliers)


def _plan(context: Context, answer: Mapping[str, Any]) -> TablePlan[OfferInput]:
    return plan_table(
        offer_table(all_active_suppliers(context.session, types=DELIVERING_TYPES)),
        answer,
        present=recorded_offers(queries.all_offers(context.session)),
        check=lambda fields: check_delivers(context.session, fields.supplier_id, fields.flow),
    )


def _cells(context: Context, rows: Sequence[OfferInput]) -> Sequence[Sequence[str]]:
    names = names_of(context.session, {one.supplier_id for one in rows}, context.locale)
    return [
        (
            names[one.supplier_id],
            flow_label(one.flow, context.locale),
            str(one.priced_on),
            format_exact(one.price_cny_per_t, context.locale),
        )
        for one in rows
    ]


def _apply(context: Context, rows: Sequence[Planned[OfferInput]]) -> None:
    operations.import_offers(context.session, rows, by=context.asking.actor, at=context.at)


add_import(
    router,
    SheetImport(
        title=N_("Import offers"),
        list_title=N_("Offers"),
        path=LIST,
        above=(N_("Order allocation"), "/console/allocations"),
        policy=WRITERS,
        columns=((N_("Supplier"), "text"), (N_("Material"), "text"), (N_("Price of"), "text"), (N_("Price, CNY/t"), "number")),
        fields=OfferInput,
        template=_template,
        plan=_plan,
        cells=_cells,
        apply=_apply,
        done=N_("%(count)s offers imported."),
    ),
)


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


def _list_page(context: Context, found: Page[OfferRow], wanted: OfferFilter, form: FormState) -> OffersPage:
    locale, today = context.locale, context.today
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
