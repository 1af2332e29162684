"""Pages on purchases: the table per period, one record, and the import from Excel with its preview."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from fastapi import APIRouter
from pydantic import Field, field_validator
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.console.choices import Options, flow_label, flow_options, page_links, read_filter, supplier_options
from service.console.table_imports import SheetImport, add_import, as_typed
from service.database import new_id
from service.errors import N_, ServiceError
from service.suppliers import operations, queries
from service.suppliers.flows import FLOWS
from service.suppliers.models import SupplierType
from service.suppliers.paging import Page
from service.suppliers.purchase_table import check_days, purchase_fields, purchase_table, purchase_workbook, recorded_purchases
from service.suppliers.queries import PurchaseRow
from service.suppliers.schemas import FlowKey, PurchaseInput
from service.suppliers.table_import import Planned, TablePlan, plan_table
from service.web.formatting import format_exact
from service.web.forms import FieldErrorInValidator, FormInput, FormState, parse_form, rejected

router = APIRouter()

READERS = roles(Role.ENGINEER, Role.PROCUREMENT, Role.REVIEWER, Role.AUDITOR)
WRITERS = roles(Role.ENGINEER, Role.PROCUREMENT)
DELIVERING_TYPES = frozenset[SupplierType]().union(*(flow.supplier_types for flow in FLOWS.values()))
LIST: Final = "/console/purchases"


class PurchaseFilter(FormInput):
    """What the address of the list may hold; `period` is start and end joined by an underscore."""

    supplier_id: uuid.UUID | None = None
    flow: FlowKey | None = None
    period: str | None = Field(default=None, max_length=21)
    after: uuid.UUID | None = None
    before: uuid.UUID | None = None

    @field_validator("period")
    @classmethod
    def two_days(cls, text: str | None) -> str | None:
        """Refuse what is not two dates."""
        if text is not None:
            split_period(text)
        return text

    @property
    def days(self) -> tuple[date, date] | None:
        """First and last day of the period."""
        return split_period(self.period) if self.period else None


def split_period(text: str) -> tuple[date, date]:
    """Return first and last day of a period written as two dates joined by an underscore."""
    start, _, end = text.partition("_")
    try:
        return date.fromisoformat(start), date.fromisoformat(end)
    except ValueError as error:
        raise FieldErrorInValidator(N_("“%(period)s” is not a period; pick one from the list."), period=text) from error


class PurchaseChange(PurchaseInput):
    """The form of an existing purchase: with the version it was read at."""

    version: int


class VersionForm(FormInput):
    """A button on something that may have changed in the meantime."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchasesPage:
    """The list; `rows` are (purchase, supplier, material)."""

    rows: Sequence[tuple[PurchaseRow, str, str]]
    page: Page[PurchaseRow]
    filter: PurchaseFilter
    form: FormState
    suppliers: Options
    flows: Options
    periods: Options
    previous_href: str | None
    next_href: str | None
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseFormPage:
    """The form, for a new purchase if `purchase` is None."""

    purchase: PurchaseRow | None
    form: FormState
    suppliers: Options
    flows: Options
    action: str
    version: int
    idempotency_key: str


@router.get("/console/purchases")
@endpoint(READERS)
def show_purchases(context: Context) -> Response:
    """List purchases; filters stand in the address."""
    wanted, form = read_filter(PurchaseFilter, context.request, context.locale)
    found = queries.find_purchases(
        context.session,
        supplier_id=wanted.supplier_id,
        flow=wanted.flow,
        period=wanted.days,
        after=wanted.after,
        before=wanted.before,
    )
    return render_page(context, "console/purchases.html", _list_page(context, found, wanted, form))


@router.get("/console/purchases/new")
@endpoint(WRITERS)
def new_purchase(context: Context) -> Response:
    """Show an empty form, or one with what the address says."""
    values = {name: value for name, value in context.request.query_params.items() if name in PurchaseInput.model_fields}
    return _show_form(context, None, FormState(values=values))


@router.post("/console/purchases")
@endpoint(WRITERS)
def create_purchase(context: Context) -> Response:
    """Enter a purchase."""
    try:
        fields = parse_form(PurchaseInput, context.form)
        operations.record_purchase(context.session, fields, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_form(context, None, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, LIST, N_("Purchase entered."))


def _template(context: Context) -> bytes:
    suppliers = queries.all_active_suppliers(context.session, types=DELIVERING_TYPES)
    return purchase_workbook(queries.find_purchases(context.session, limit=2000).rows, suppliers)


def _plan(context: Context, answer: Mapping[str, Any]) -> TablePlan[PurchaseInput]:
    recorded = recorded_purchases(queries.all_purchases(context.session))

    def check(fields: PurchaseInput) -> None:
        operations.check_delivers(context.session, fields.supplier_id, fields.flow)
        check_days(fields, recorded)

    table = purchase_table(queries.all_active_suppliers(context.session, types=DELIVERING_TYPES))
    return plan_table(table, answer, present=recorded, check=check)


def _cells(context: Context, rows: Sequence[PurchaseInput]) -> Sequence[Sequence[str]]:
    names = queries.names_of(context.session, {one.supplier_id for one in rows}, context.locale)
    return [
        (
            names[one.supplier_id],
            flow_label(one.flow, context.locale),
            f"{one.period_start} – {one.period_end}",
            format_exact(one.amount_t, context.locale),
            "–" if one.price_cny_per_t is None else format_exact(one.price_cny_per_t, context.locale),
        )
        for one in rows
    ]


def _apply(context: Context, rows: Sequence[Planned[PurchaseInput]]) -> None:
    operations.import_purchases(context.session, rows, by=context.asking.actor, at=context.at)


add_import(
    router,
    SheetImport(
        title=N_("Import purchases"),
        list_title=N_("Purchases"),
        path=LIST,
        above=None,
        policy=WRITERS,
        columns=(
            (N_("Supplier"), "text"),
            (N_("Material"), "text"),
            (N_("Period"), "text"),
            (N_("Amount, t"), "number"),
            (N_("Price, CNY/t"), "number"),
        ),
        fields=PurchaseInput,
        template=_template,
        plan=_plan,
        cells=_cells,
        apply=_apply,
        done=N_("%(count)s purchases imported."),
    ),
)


@router.get("/console/purchases/{purchase_id}/edit")
@endpoint(WRITERS)
def edit_purchase(context: Context, purchase_id: uuid.UUID) -> Response:
    """Show the form with what is known."""
    purchase = queries.get_purchase(context.session, purchase_id)
    return _show_form(context, purchase, FormState(values=as_typed(purchase_fields(purchase))))


@router.post("/console/purchases/{purchase_id}")
@endpoint(WRITERS)
def change_purchase(context: Context, purchase_id: uuid.UUID) -> Response:
    """Correct a purchase."""
    purchase = queries.get_purchase(context.session, purchase_id)
    try:
        change = parse_form(PurchaseChange, context.form)
        fields = PurchaseInput(**change.model_dump(exclude={"version"}))
        operations.change_purchase(
            context.session, purchase_id, fields, version=change.version, by=context.asking.actor, at=context.at
        )
    except ServiceError as error:
        return _show_form(context, purchase, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, LIST, N_("Saved."))


@router.post("/console/purchases/{purchase_id}/delete")
@endpoint(WRITERS)
def delete_purchase(context: Context, purchase_id: uuid.UUID) -> Response:
    """Remove a purchase."""
    version = parse_form(VersionForm, context.form).version
    operations.delete_purchase(context.session, purchase_id, version=version, by=context.asking.actor, at=context.at)
    return see_other(context, LIST, N_("Purchase deleted."))


def _list_page(context: Context, found: Page[PurchaseRow], wanted: PurchaseFilter, form: FormState) -> PurchasesPage:
    locale = context.locale
    names = dict(flow_options(locale))
    previous_href, next_href = page_links(context.request, found)
    return PurchasesPage(
        rows=[(row, row.supplier_name(locale), names.get(row.flow, row.flow)) for row in found.rows],
        page=found,
        filter=wanted,
        form=form,
        suppliers=supplier_options(queries.all_active_suppliers(context.session, types=DELIVERING_TYPES), locale),
        flows=flow_options(locale),
        periods=[(f"{start}_{end}", f"{start} – {end}") for start, end in queries.purchase_periods(context.session)],
        previous_href=previous_href,
        next_href=next_href,
        may_write=context.asking.has(Role.ENGINEER, Role.PROCUREMENT),
    )


def _show_form(context: Context, purchase: PurchaseRow | None, form: FormState, *, status: int = 200) -> Response:
    suppliers = queries.all_active_suppliers(context.session, types=DELIVERING_TYPES)
    page = PurchaseFormPage(
        purchase=purchase,
        form=form,
        suppliers=supplier_options(suppliers, context.locale),
        flows=flow_options(context.locale),
        action=f"{LIST}/{purchase.id}" if purchase else LIST,
        version=purchase.version if purchase else 0,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/purchase_form.html", page, status=status)
