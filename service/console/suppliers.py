"""Pages on suppliers: list, detail, add, change, switch off."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import STAFF, Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.console.choices import Options, flow_options, page_links, province_options, read_filter, type_options
from service.database import new_id
from service.errors import N_, ServiceError
from service.material_flows.models import RecycledSource
from service.material_flows.recycled_queries import sources_of_supplier
from service.products.queries import ProductRow, products_supplied_by
from service.submissions.queries import SubmissionRow, find_submissions
from service.suppliers import operations, queries
from service.suppliers.flows import TYPE_LABELS
from service.suppliers.paging import Page
from service.suppliers.provinces import province_name
from service.suppliers.queries import PurchaseRow, SupplierRow
from service.suppliers.schemas import SupplierFilter, SupplierInput
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

WRITERS = roles(Role.ENGINEER, Role.PROCUREMENT)
PURCHASE_READERS = (Role.ENGINEER, Role.PROCUREMENT, Role.REVIEWER, Role.AUDITOR)
FORM_FIELDS = tuple(SupplierInput.model_fields)
SHOWN_ROWS = 20


class SupplierChange(SupplierInput):
    """The form of an existing supplier: with the version it was read at."""

    version: int


class ActiveForm(FormInput):
    """The button that switches a supplier off or on."""

    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppliersPage:
    """The list; `rows` are (supplier, type, province) for showing."""

    rows: Sequence[tuple[SupplierRow, str, str]]
    page: Page[SupplierRow]
    filter: SupplierFilter
    form: FormState
    types: Options
    provinces: Options
    previous_href: str | None
    next_href: str | None
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierFormPage:
    """The form, for a new supplier if `supplier` is None."""

    supplier: SupplierRow | None
    form: FormState
    types: Options
    provinces: Options
    owners: Options
    action: str
    version: int
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierPage:
    """One supplier with its requests, purchases, products and sources of recycled material."""

    supplier: SupplierRow
    type_label: str
    province: str
    submissions: Sequence[SubmissionRow]
    purchases: Sequence[PurchaseRow] | None
    flow_names: Mapping[str, str]
    products: Sequence[ProductRow]
    recycled_sources: Sequence[RecycledSource]
    may_write: bool


@router.get("/console/suppliers")
@endpoint(STAFF)
def show_suppliers(context: Context) -> Response:
    """List suppliers; filters stand in the address."""
    wanted, form = read_filter(SupplierFilter, context.request, context.locale)
    found = queries.find_suppliers(
        context.session,
        words=wanted.q,
        supplier_type=wanted.supplier_type,
        province_code=wanted.province_code,
        inactive=wanted.inactive,
        after=wanted.after,
        before=wanted.before,
    )
    return render_page(context, "console/suppliers.html", _list_page(context, found, wanted, form))


@router.get("/console/suppliers/new")
@endpoint(WRITERS)
def new_supplier(context: Context) -> Response:
    """Show an empty form."""
    return _show_form(context, None, FormState())


@router.post("/console/suppliers")
@endpoint(WRITERS)
def create_supplier(context: Context) -> Response:
    """Add a supplier."""
    try:
        fields = parse_form(SupplierInput, context.form)
        supplier = operations.create_supplier(context.session, fields, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_form(context, None, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/suppliers/{supplier.id}", N_("Supplier added."))


@router.get("/console/suppliers/{supplier_id}")
@endpoint(STAFF)
def show_supplier(context: Context, supplier_id: uuid.UUID) -> Response:
    """Show one supplier."""
    supplier = queries.get_supplier(context.session, supplier_id, asking=context.asking)
    sees_purchases = context.asking.has(*PURCHASE_READERS)
    purchases = queries.find_purchases(context.session, supplier_id=supplier_id, limit=SHOWN_ROWS).rows
    page = SupplierPage(
        supplier=supplier,
        type_label=TYPE_LABELS[supplier.supplier_type],
        province=province_name(supplier.province_code, context.locale),
        submissions=find_submissions(context.session, supplier_id=supplier_id, limit=SHOWN_ROWS),
        purchases=purchases if sees_purchases else None,
        flow_names=dict(flow_options(context.locale)),
        products=products_supplied_by(context.session, supplier_id),
        recycled_sources=sources_of_supplier(context.session, supplier_id),
        may_write=_may_write(context),
    )
    return render_page(context, "console/supplier.html", page)


@router.get("/console/suppliers/{supplier_id}/edit")
@endpoint(WRITERS)
def edit_supplier(context: Context, supplier_id: uuid.UUID) -> Response:
    """Show the form with what is known."""
    supplier = queries.get_supplier(context.session, supplier_id, asking=context.asking)
    values = {name: str(value) for name in FORM_FIELDS if (value := getattr(supplier, name)) is not None}
    return _show_form(context, supplier, FormState(values=values))


@router.post("/console/suppliers/{supplier_id}")
@endpoint(WRITERS)
def update_supplier(context: Context, supplier_id: uuid.UUID) -> Response:
    """Change a supplier."""
    supplier = queries.get_supplier(context.session, supplier_id, asking=context.asking)
    try:
        change = parse_form(SupplierChange, context.form)
        fields = SupplierInput(**change.model_dump(exclude={"version"}))
        operations.update_supplier(
            context.session, supplier_id, fields, version=change.version, by=context.asking.actor, at=context.at
        )
    except ServiceError as error:
        return _show_form(context, supplier, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/suppliers/{supplier_id}", N_("Saved."))


@router.post("/console/suppliers/{supplier_id}/active")
@endpoint(WRITERS)
def switch_supplier(context: Context, supplier_id: uuid.UUID) -> Response:
    """Switch a supplier off or on."""
    queries.get_supplier(context.session, supplier_id, asking=context.asking)
    wanted = parse_form(ActiveForm, context.form)
    operations.set_supplier_active(context.session, supplier_id, active=wanted.active, by=context.asking.actor, at=context.at)
    message = N_("The supplier is active again.") if wanted.active else N_("The supplier is switched off; its records stay.")
    return see_other(context, f"/console/suppliers/{supplier_id}", message)


def _may_write(context: Context) -> bool:
    return context.asking.has(Role.ENGINEER, Role.PROCUREMENT)


def _list_page(context: Context, found: Page[SupplierRow], wanted: SupplierFilter, form: FormState) -> SuppliersPage:
    locale = context.locale
    previous_href, next_href = page_links(context.request, found)
    return SuppliersPage(
        rows=[(row, TYPE_LABELS[row.supplier_type], province_name(row.province_code, locale)) for row in found.rows],
        page=found,
        filter=wanted,
        form=form,
        types=type_options(locale),
        provinces=province_options(locale),
        previous_href=previous_href,
        next_href=next_href,
        may_write=_may_write(context),
    )


def _show_form(context: Context, supplier: SupplierRow | None, form: FormState, *, status: int = 200) -> Response:
    page = SupplierFormPage(
        supplier=supplier,
        form=form,
        types=type_options(context.locale),
        provinces=province_options(context.locale),
        owners=[(str(user_id), name) for user_id, name in queries.find_owners(context.session)],
        action=f"/console/suppliers/{supplier.id}" if supplier else "/console/suppliers",
        version=supplier.version if supplier else 0,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/supplier_form.html", page, status=status)
