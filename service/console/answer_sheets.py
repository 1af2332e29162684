"""Customers' workbooks: uploaded and mapped once, then filled from any certificate of the customer."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import UploadFile
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.limits import Limit
from service.accounts.models import Organisation, Role
from service.accounts.pages import render_page, see_other
from service.certificates.models import Certificate
from service.certificates.queries import find_customers, get_certificate
from service.console.choices import Options
from service.console.sales import READERS, SELLERS
from service.errors import N_, FieldError, InvalidInputError, NotFoundError, ServiceError
from service.i18n import explain, translate
from service.sales import operations, queries
from service.sales.fields import FIELDS
from service.sales.mapping import MappedCell, checked_cell, suggest
from service.sales.models import AnswerSheet
from service.sales.schemas import SheetInput, VersionInput
from service.sales.sheets import (
    MAX_BYTES,
    FilledCell,
    filled_workbook,
    read_workbook,
    shown_value,
    source_of,
    values_for,
)
from service.spreadsheets.archive import XLSX
from service.spreadsheets.cells import column_name
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

UPLOADS = (Limit(name="answer-sheet", tries=60, per_s=3600),)
_BLANK = 5
_SHOWN_ROWS = 60
_SHOWN_COLUMNS = 10

Read = tuple[bytes, Sequence[Mapping[str, Any]]] | InvalidInputError


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetsPage:
    """All answer sheets, and the form that takes a workbook."""

    sheets: Sequence[tuple[AnswerSheet, Organisation]]
    customers: Options
    form: FormState
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingLine:
    """One line of the mapping as it stands in the form; `error` says what is wrong with it."""

    sheet: str
    cell: str
    field: str
    unit: str
    error: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """The beginning of a sheet: columns as the macro `table` takes them, then (row, texts)."""

    name: str
    columns: list[tuple[str, str]]
    rows: Sequence[tuple[int, Sequence[str]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPage:
    """One workbook with its mapping, and the certificates that it can be filled from."""

    sheet: AnswerSheet
    customer: Organisation
    lines: Sequence[MappingLine]
    previews: Sequence[Preview]
    sheet_names: Options
    fields: Options
    units: Options
    certificates: Sequence[Certificate]
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledLine:
    """What goes into a cell; `value` None is left empty."""

    place: str
    label: str
    value: str | None
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FillPage:
    """The check before the filled workbook is downloaded."""

    sheet: AnswerSheet
    certificate: Certificate
    lines: Sequence[FilledLine]
    missing: int


def read_upload(context: Context) -> Read:
    """Read the workbook before the transaction, in a limited child process."""
    upload = context.form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return InvalidInputError({"file": FieldError(N_("Choose a file first."))})
    content = upload.file.read(MAX_BYTES + 1)
    try:
        return content, read_workbook(content)
    except InvalidInputError as error:
        return error


@router.get("/console/answer-sheets")
@endpoint(READERS)
def show_sheets(context: Context) -> Response:
    """List the workbooks of customers."""
    return _show_list(context, FormState(values={"customer_id": context.request.query_params.get("customer_id", "")}))


@router.post("/console/answer-sheets")
@endpoint(SELLERS, limited=UPLOADS, prepare=read_upload)
def upload_sheet(context: Context, read: Read) -> Response:
    """Keep a workbook, with the mapping that its labels suggest."""
    try:
        if isinstance(read, InvalidInputError):
            raise read
        content, sheets = read
        form = {name: value for name, value in context.form.items() if name != "file"}
        fields = parse_form(SheetInput, type(context.form)(form))
        stored = operations.store_sheet(context.session, fields, content, suggest(sheets), by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_list(context, rejected(context.form, error, context.locale), status=error.status)
    message = N_("Kept, with %(count)s cells suggested from the labels. Check them and save.")
    return see_other(context, f"/console/answer-sheets/{stored.id}", message, count=len(stored.cells))


@router.get("/console/answer-sheets/{answer_sheet_id:uuid}")
@endpoint(READERS)
def show_sheet(context: Context, answer_sheet_id: uuid.UUID) -> Response:
    """Show the workbook's beginning with its mapping."""
    sheet = queries.get_sheet(context.session, answer_sheet_id)
    return _show_sheet(context, sheet, [MappingLine(**one, error="") for one in sheet.cells])


@router.post("/console/answer-sheets/{answer_sheet_id:uuid}")
@endpoint(SELLERS)
def save_mapping(context: Context, answer_sheet_id: uuid.UUID) -> Response:
    """Keep which figure goes where; lines without a cell are left out."""
    sheet = queries.get_sheet(context.session, answer_sheet_id)
    lines, cells = _typed(context, read_workbook(sheet.workbook))
    if any(line.error for line in lines):
        return _show_sheet(context, sheet, lines, status=422)
    version = parse_form(VersionInput, type(context.form)({"version": context.form.get("version", "")})).version
    operations.save_mapping(context.session, sheet, cells, version=version, by=context.asking.actor, at=context.at)
    return see_other(context, f"/console/answer-sheets/{sheet.id}", N_("Saved."))


@router.post("/console/answer-sheets/{answer_sheet_id:uuid}/delete")
@endpoint(SELLERS)
def delete_sheet(context: Context, answer_sheet_id: uuid.UUID) -> Response:
    """Forget a workbook."""
    sheet = queries.get_sheet(context.session, answer_sheet_id)
    operations.delete_sheet(context.session, sheet, by=context.asking.actor, at=context.at)
    return see_other(context, "/console/answer-sheets", N_("Deleted."))


@router.get("/console/answer-sheets/{answer_sheet_id:uuid}/fill/{certificate_id:uuid}")
@endpoint(READERS)
def check_filling(context: Context, answer_sheet_id: uuid.UUID, certificate_id: uuid.UUID) -> Response:
    """Show what goes into each cell, and what is missing and stays empty."""
    sheet, certificate, cells = _to_fill(context, answer_sheet_id, certificate_id)
    lines = [
        FilledLine(
            place=f"{one.place.sheet} {one.place.cell}",
            label=translate(context.locale, one.label),
            value=None if one.value is None else shown_value(one.value, one.place.unit),
            unit=one.place.unit.value,
        )
        for one in cells
    ]
    page = FillPage(sheet=sheet, certificate=certificate, lines=lines, missing=sum(one.value is None for one in lines))
    return render_page(context, "console/answer_sheet_fill.html", page)


@router.get("/console/answer-sheets/{answer_sheet_id:uuid}/fill/{certificate_id:uuid}/file")
@endpoint(READERS, limited=UPLOADS)
def download_filled(context: Context, answer_sheet_id: uuid.UUID, certificate_id: uuid.UUID) -> Response:
    """Return the customer's workbook with the figures in it."""
    sheet, certificate, cells = _to_fill(context, answer_sheet_id, certificate_id)
    content = filled_workbook(sheet, cells)
    context.noted.append(
        partial(operations.note_filled, answer_sheet_id=sheet.id, number=certificate.number, by=context.asking.actor, at=context.at)
    )
    headers = {
        "Content-Disposition": f'attachment; filename="{certificate.number}.xlsx"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(content, media_type=XLSX, headers=headers)


def _to_fill(
    context: Context, answer_sheet_id: uuid.UUID, certificate_id: uuid.UUID
) -> tuple[AnswerSheet, Certificate, list[FilledCell]]:
    sheet = queries.get_sheet(context.session, answer_sheet_id)
    certificate = get_certificate(context.session, certificate_id)
    if certificate.customer_id != sheet.customer_id:
        raise NotFoundError
    source = source_of(context.session, certificate, settings=context.settings)
    return sheet, certificate, values_for(sheet, source)


def _typed(context: Context, sheets: Sequence[Mapping[str, Any]]) -> tuple[list[MappingLine], list[MappedCell]]:
    """Return the lines of the form with their errors, and the cells of those without."""
    columns = {name: [str(one) for one in context.form.getlist(name)] for name in ("sheet", "cell", "field", "unit")}
    lines: list[MappingLine] = []
    cells: list[MappedCell] = []
    for sheet, cell, field, unit in zip(*columns.values(), strict=False):
        if not cell.strip():
            continue
        error = ""
        try:
            cells.append(checked_cell(sheet, cell, field, unit, sheets=sheets))
        except FieldError as refused:
            error = explain(context.locale, refused)
        lines.append(MappingLine(sheet=sheet, cell=cell, field=field, unit=unit, error=error))
    return lines, cells


def _show_list(context: Context, form: FormState, *, status: int = 200) -> Response:
    chinese = context.locale == "zh-CN"
    page = SheetsPage(
        sheets=queries.find_sheets(context.session),
        customers=[
            (str(one.id), one.name_zh if chinese else one.name_en) for one in find_customers(context.session) if one.is_active
        ],
        form=form,
        may_write=context.asking.has(Role.SALES),
    )
    return render_page(context, "console/answer_sheets.html", page, status=status)


def _show_sheet(context: Context, sheet: AnswerSheet, lines: Sequence[MappingLine], *, status: int = 200) -> Response:
    sheets = read_workbook(sheet.workbook)
    may_write = context.asking.has(Role.SALES)
    first = sheets[0]["name"] if sheets else ""
    blank = MappingLine(sheet=first, cell="", field="total", unit=FIELDS["total"].units[0], error="")
    page = SheetPage(
        sheet=sheet,
        customer=context.session.get_one(Organisation, sheet.customer_id),
        lines=[*lines, *([blank] * _BLANK if may_write and not any(line.error for line in lines) else [])],
        previews=[_preview(one) for one in sheets if not one["is_hidden"]],
        sheet_names=[(one["name"], one["name"]) for one in sheets],
        fields=[(key, translate(context.locale, field.label)) for key, field in FIELDS.items()],
        units=[(unit.value, unit.value) for unit in dict.fromkeys(unit for field in FIELDS.values() for unit in field.units)],
        certificates=queries.certificates_for(context.session, sheet.customer_id),
        may_write=may_write,
    )
    return render_page(context, "console/answer_sheet.html", page, status=status)


def _preview(sheet: Mapping[str, Any]) -> Preview:
    texts = {(one["row"], one["column"]): "" if one["value"] is None else str(one["value"]) for one in sheet["cells"]}
    width = min(max((column for _, column in texts), default=1) + 1, _SHOWN_COLUMNS)
    rows = sorted({row for row, _ in texts})[:_SHOWN_ROWS]
    return Preview(
        name=sheet["name"],
        columns=[(column_name(column), "text") for column in range(1, width + 1)],
        rows=[(row, [texts.get((row, column), "") for column in range(1, width + 1)]) for row in rows],
    )
