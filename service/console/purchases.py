"""Pages on purchases: the table per period, one record, and the import from Excel with its preview."""

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter
from pydantic import Field, ValidationError, field_validator
from starlette.datastructures import UploadFile
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.limits import Limit
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.console.choices import Options, flow_options, page_links, read_filter, supplier_options
from service.database import new_id
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.i18n import explain
from service.sandbox import run_limited
from service.suppliers import operations, queries
from service.suppliers.flows import FLOWS
from service.suppliers.models import SupplierType
from service.suppliers.paging import Page
from service.suppliers.purchase_import import CHOICES_SHEET, COLUMNS, SHEET, ImportPlan, flow_names, plan_import
from service.suppliers.queries import PurchaseRow
from service.suppliers.schemas import FlowKey, ImportRow, ImportRows, PurchaseInput
from service.suppliers.spreadsheet import read_sheets
from service.suppliers.workbook import write_workbook
from service.web.forms import FieldErrorInValidator, FormInput, FormState, field_error, parse_form, rejected

router = APIRouter()

READERS = roles(Role.ENGINEER, Role.PROCUREMENT, Role.REVIEWER, Role.AUDITOR)
WRITERS = roles(Role.ENGINEER, Role.PROCUREMENT)
DELIVERING_TYPES = frozenset[SupplierType]().union(*(flow.supplier_types for flow in FLOWS.values()))
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
UPLOADS = Limit(name="purchase-import", tries=30, per_s=600)
PARSE_SECONDS = 20.0
PARSE_BYTES = 1024**3
"""Address space of the parsing child; Python and the library take 0.3 GiB of it."""


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


class PlanForm(FormInput):
    """The button below a preview; `plan` holds what the preview showed."""

    plan: str = Field(max_length=900_000)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseImportPage:
    """The upload form, and below it what the uploaded file would do or what is wrong with it.

    Attributes
    ----------
    plan
        None before an upload.
    problems
        (sheet, row, cell, column, value, message) of each problem.
    changes
        (kind, row, supplier, material, fields, present purchase or None) of each row that changes something.
    plan_text
        What the button below the preview sends back.

    """

    form: FormState
    plan: ImportPlan | None
    problems: Sequence[tuple[str, int, str, str, str, str]]
    changes: Sequence[tuple[str, int, str, str, PurchaseInput, PurchaseRow | None]]
    counts: Mapping[str, int]
    plan_text: str
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
    return see_other(context, "/console/purchases", N_("Purchase entered."))


@router.get("/console/purchases/template.xlsx")
@endpoint(WRITERS)
def download_template(context: Context) -> Response:
    """Send the workbook to fill in, with the purchases recorded so far."""
    suppliers = queries.all_active_suppliers(context.session, types=DELIVERING_TYPES)
    numbers = {row.id: row.registration_no or row.name_zh for row in suppliers}
    recorded = queries.find_purchases(context.session, limit=2000).rows
    content = write_workbook(
        sheet=SHEET,
        columns=COLUMNS,
        rows=[_template_row(row, numbers.get(row.supplier_id, row.supplier_name_zh)) for row in recorded],
        choices={
            "供应商 / Supplier": [" · ".join(filter(None, (row.name_zh, row.name_en, row.registration_no))) for row in suppliers],
            "物料 / Material": [" · ".join(dict.fromkeys(flow_names(key))) for key in FLOWS],
        },
        choices_sheet=CHOICES_SHEET,
    )
    headers = {"Content-Disposition": 'attachment; filename="purchases.xlsx"'}
    return Response(content, media_type=XLSX, headers=headers)


@router.get("/console/purchases/import")
@endpoint(WRITERS)
def show_import(context: Context) -> Response:
    """Show the upload form."""
    return _show_import(context, FormState())


def read_upload(context: Context) -> Mapping[str, Any] | ServiceError:
    """Read the uploaded workbook in a limited child process, before the transaction begins; an error is told by the handler."""
    upload = context.form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return InvalidInputError({"file": FieldError(N_("Please choose a file."))})
    try:
        answer: Mapping[str, Any] = run_limited(read_sheets, upload.file.read(), seconds=PARSE_SECONDS, memory_bytes=PARSE_BYTES)
    except ServiceError:
        return InvalidInputError(
            {"file": FieldError(N_("Reading this workbook takes too long. Copy the values into the template and upload that."))}
        )
    return answer


@router.post("/console/purchases/import")
@endpoint(WRITERS, limited=(UPLOADS,), prepare=read_upload)
def preview_import(context: Context, answer: Mapping[str, Any] | ServiceError) -> Response:
    """Show what the uploaded file would do; nothing is changed yet."""
    if isinstance(answer, ServiceError):
        return _show_import(context, rejected(context.form, answer, context.locale), status=answer.status)
    plan = plan_import(
        answer,
        suppliers=queries.all_active_suppliers(context.session, types=DELIVERING_TYPES),
        present=queries.all_purchases(context.session),
    )
    return _show_import(context, FormState(), plan=plan, status=422 if plan.problems else 200)


@router.post("/console/purchases/import/apply")
@endpoint(WRITERS)
def apply_import(context: Context) -> Response:
    """Do what the preview showed, all of it or nothing."""
    try:
        rows = _confirmed_rows(parse_form(PlanForm, context.form).plan)
        count = operations.apply_import(context.session, rows, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        first = next(iter(error.fields.values())) if isinstance(error, InvalidInputError) else error
        problem = FieldError(
            N_("Nothing was imported, because something changed since the preview: %(problem)s Upload the file again."),
            problem=explain(context.locale, first),
        )
        return _show_import(context, FormState(errors={"": explain(context.locale, problem)}), status=error.status)
    return see_other(context, "/console/purchases", N_("%(count)s purchases imported."), count=count)


@router.get("/console/purchases/{purchase_id}/edit")
@endpoint(WRITERS)
def edit_purchase(context: Context, purchase_id: uuid.UUID) -> Response:
    """Show the form with what is known."""
    purchase = queries.get_purchase(context.session, purchase_id)
    names = PurchaseInput.model_fields
    values = {name: _as_typed(value) for name in names if (value := getattr(purchase, name)) is not None}
    return _show_form(context, purchase, FormState(values=values))


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
    return see_other(context, "/console/purchases", N_("Saved."))


@router.post("/console/purchases/{purchase_id}/delete")
@endpoint(WRITERS)
def delete_purchase(context: Context, purchase_id: uuid.UUID) -> Response:
    """Remove a purchase."""
    version = parse_form(VersionForm, context.form).version
    operations.delete_purchase(context.session, purchase_id, version=version, by=context.asking.actor, at=context.at)
    return see_other(context, "/console/purchases", N_("Purchase deleted."))


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
        action=f"/console/purchases/{purchase.id}" if purchase else "/console/purchases",
        version=purchase.version if purchase else 0,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/purchase_form.html", page, status=status)


def _show_import(context: Context, form: FormState, *, plan: ImportPlan | None = None, status: int = 200) -> Response:
    locale = context.locale
    names = dict(flow_options(locale))
    changes = [change for change in plan.changes if change.kind != "same"] if plan else []
    page = PurchaseImportPage(
        form=form,
        plan=plan,
        problems=[
            (item.sheet, item.row, item.cell, item.column, item.value, explain(locale, item.error))
            for item in (plan.problems if plan else ())
        ],
        changes=[
            (item.kind, item.row, item.supplier.name(locale), names[item.fields.flow], item.fields, item.present)
            for item in changes
        ],
        counts={kind: len(plan.of_kind(kind)) for kind in ("new", "changed", "same")} if plan else {},
        plan_text=_plan_text(plan) if changes and plan else "",
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/purchase_import.html", page, status=status)


def _plan_text(plan: ImportPlan) -> str:
    rows = [
        ImportRow(
            **change.fields.model_dump(),
            purchase_id=change.present.id if change.present else None,
            version=change.present.version if change.present else None,
        )
        for change in plan.changes
        if change.kind != "same"
    ]
    fields = list(ImportRow.model_fields)
    return json.dumps([[row[name] for name in fields] for row in (item.model_dump(mode="json") for item in rows)])


def _confirmed_rows(text: str) -> Sequence[ImportRow]:
    try:
        listed = [dict(zip(ImportRow.model_fields, row, strict=True)) for row in json.loads(text)]
        return ImportRows.model_validate({"rows": listed}).rows
    except ValidationError as error:
        raise InvalidInputError({"plan": field_error(error.errors()[0])}) from error
    except (ValueError, TypeError) as error:
        raise InvalidInputError({"plan": FieldError(N_("The preview arrived incomplete."))}) from error


def _template_row(row: PurchaseRow, supplier: str) -> Sequence[str | float | None]:
    return (supplier, row.flow, str(row.period_start), str(row.period_end), row.amount_t, row.price_cny_per_t)


def _as_typed(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)
