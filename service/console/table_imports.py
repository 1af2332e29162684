"""The import of rows from Excel, the same for every kind of row: template, upload, preview, confirmation."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import APIRouter
from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.datastructures import UploadFile
from starlette.responses import Response

from service.accounts.access import Context, Policy, endpoint
from service.accounts.limits import Limit
from service.accounts.pages import render_page, see_other
from service.console.exports import XLSX, attachment
from service.database import new_id
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.i18n import Locale, explain, translate
from service.sandbox import run_limited
from service.spreadsheets.cells import read_cells
from service.spreadsheets.csv_cells import read_csv_cells
from service.suppliers.table_import import MAX_ROWS, Change, Planned, TablePlan
from service.web.forms import FormInput, FormState, field_error, parse_form, rejected

UPLOADS: Final = Limit(name="table-import", tries=30, per_s=600)
PARSE_SECONDS: Final = 20.0
PARSE_BYTES: Final = 1024**3
"""Address space of the parsing child; Python and the library take 0.3 GiB of it."""

Fields = TypeVar("Fields", bound=BaseModel)


class PlanForm(FormInput):
    """The button below a preview; `plan` holds what the preview showed."""

    plan: str = Field(max_length=1_500_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetImport(Generic[Fields]):
    """The import of one kind of rows from Excel: template, upload, preview of what it would do, confirmation.

    Attributes
    ----------
    path
        Address of the list that the rows stand in; the import's addresses are below it.
    above
        Name and address of the page above the list, where there is one.
    columns
        Of the preview, with their kind.
    cells
        Returns what the preview shows of rows, in these columns.
    template
        Returns the workbook to fill in, with what is recorded.
    done
        Message with `%(count)s`.

    """

    title: str
    list_title: str
    path: str
    above: tuple[str, str] | None
    policy: Policy
    columns: Sequence[tuple[str, str]]
    fields: type[Fields]
    template: Callable[[Context], bytes]
    plan: Callable[[Context, Mapping[str, Any]], TablePlan[Fields]]
    cells: Callable[[Context, Sequence[Fields]], Sequence[Sequence[str]]]
    apply: Callable[[Context, Sequence[Planned[Fields]]], object]
    done: str

    @property
    def file_name(self) -> str:
        """Name of the template's file."""
        return f"{self.path.rsplit('/', 1)[1]}.xlsx"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableImportPage:
    """The upload form, and below it what the uploaded file would do or what is wrong with it.

    Attributes
    ----------
    problems
        (sheet, row, cell, column, value, message) of each problem.
    changes
        (kind, row, cells) of each row that changes something; a cell is what it will show and, where that differs, what it shows.
    plan_text
        What the button below the preview sends back; empty before an upload.

    """

    title: str
    steps: Sequence[tuple[str, str]]
    path: str
    columns: Sequence[tuple[str, str]]
    form: FormState
    is_planned: bool
    problems: Sequence[tuple[str, int, str, str, str, str]]
    changes: Sequence[tuple[str, int, Sequence[tuple[str, str | None]]]]
    counts: Mapping[str, int]
    plan_text: str
    idempotency_key: str


def add_import(router: APIRouter, sheet: SheetImport[Any]) -> None:
    """Add the four addresses of an import; before any address with an id in the same place."""

    @router.get(f"{sheet.path}/template.xlsx")
    @endpoint(sheet.policy)
    def download_template(context: Context) -> Response:
        """Send the workbook to fill in, with what is recorded so far."""
        return attachment(sheet.template(context), XLSX, sheet.file_name)

    @router.get(f"{sheet.path}/import")
    @endpoint(sheet.policy)
    def show_import(context: Context) -> Response:
        """Show the upload form."""
        return _show(context, sheet, FormState())

    @router.post(f"{sheet.path}/import")
    @endpoint(sheet.policy, limited=(UPLOADS,), prepare=read_upload)
    def preview_import(context: Context, answer: Mapping[str, Any] | ServiceError) -> Response:
        """Show what the uploaded file would do; nothing is changed yet."""
        if isinstance(answer, ServiceError):
            return _show(context, sheet, rejected(context.form, answer, context.locale), status=answer.status)
        plan = sheet.plan(context, answer)
        return _show(context, sheet, FormState(), plan=plan, status=422 if plan.problems else 200)

    @router.post(f"{sheet.path}/import/apply")
    @endpoint(sheet.policy)
    def apply_import(context: Context) -> Response:
        """Do what the preview showed, all of it or nothing."""
        try:
            rows = _confirmed_rows(parse_form(PlanForm, context.form).plan, sheet.fields)
            sheet.apply(context, rows)
        except ServiceError as error:
            return _show(context, sheet, changed_since(error, context.locale), status=error.status)
        return see_other(context, sheet.path, sheet.done, count=len(rows))


def read_upload(context: Context) -> Mapping[str, Any] | ServiceError:
    """Read the uploaded workbook or CSV file in a limited child, before the transaction begins; an error is told by the handler."""
    upload = context.form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return InvalidInputError({"file": FieldError(N_("Please choose a file."))})
    read = read_csv_cells if upload.filename.lower().endswith(".csv") else read_cells
    try:
        answer: Mapping[str, Any] = run_limited(read, upload.file.read(), seconds=PARSE_SECONDS, memory_bytes=PARSE_BYTES)
    except ServiceError:
        return InvalidInputError(
            {"file": FieldError(N_("Reading this workbook takes too long. Copy the values into the template and upload that."))}
        )
    return answer


def _show(
    context: Context, sheet: SheetImport[Fields], form: FormState, *, plan: TablePlan[Fields] | None = None, status: int = 200
) -> Response:
    locale = context.locale
    above = () if sheet.above is None else (sheet.above,)
    changes = [change for change in plan.changes if change.kind != "same"] if plan else []
    page = TableImportPage(
        title=translate(locale, sheet.title),
        steps=[(translate(locale, name), path) for name, path in (*above, (sheet.list_title, sheet.path))],
        path=sheet.path,
        columns=[(translate(locale, label), kind) for label, kind in sheet.columns],
        form=form,
        is_planned=plan is not None,
        problems=[
            (one.sheet, one.row, one.cell, one.column, one.value, explain(locale, one.error))
            for one in (plan.problems if plan else ())
        ],
        changes=_changed(context, sheet, changes),
        counts={kind: sum(one.kind == kind for one in plan.changes) if plan else 0 for kind in ("new", "changed", "same")},
        plan_text=_plan_text(changes),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/table_import.html", page, status=status)


def _changed(
    context: Context, sheet: SheetImport[Fields], changes: Sequence[Change[Fields]]
) -> Sequence[tuple[str, int, Sequence[tuple[str, str | None]]]]:
    """Return kind, row and cells of each change; a cell with what it shows today, where that is something else."""
    wanted = sheet.cells(context, [change.fields for change in changes])
    present = sheet.cells(context, [change.present.fields if change.present else change.fields for change in changes])
    return [
        (change.kind, change.row, [(new, old if old != new else None) for new, old in zip(*cells, strict=True)])
        for change, *cells in zip(changes, wanted, present, strict=True)
    ]


def _plan_text(changes: Sequence[Change[Any]]) -> str:
    """Return what the preview's button sends back: fields, and the row that they change as it was."""
    rows = [
        {
            "fields": change.fields.model_dump(mode="json"),
            "id": str(change.present.id) if change.present else None,
            "version": change.present.version if change.present else None,
        }
        for change in changes
    ]
    return json.dumps(rows) if rows else ""


def _confirmed_rows(text: str, fields: type[Fields]) -> Sequence[Planned[Fields]]:
    """Return what a preview showed.

    Raises
    ------
    InvalidInputError
        If it arrived otherwise than it was sent.

    """
    try:
        return _rows_of(fields).validate_json(text)
    except ValidationError as error:
        raise InvalidInputError({"plan": field_error(error.errors()[0])}) from error


def _rows_of(fields: type[Fields]) -> TypeAdapter[list[Planned[Fields]]]:
    listed: Any = Annotated[list[Planned[fields]], Field(min_length=1, max_length=MAX_ROWS)]  # type: ignore[valid-type] # at run time
    return TypeAdapter(listed)


def changed_since(error: ServiceError, locale: Locale) -> FormState:
    """Return the form's state after a confirmed import could not be done any more."""
    first = next(iter(error.fields.values())) if isinstance(error, InvalidInputError) else error
    problem = FieldError(
        N_("Nothing was imported, because something changed since the preview: %(problem)s Upload the file again."),
        problem=explain(locale, first),
    )
    return FormState(errors={"": explain(locale, problem)})


def as_typed(fields: BaseModel) -> dict[str, str]:
    """Return the values of a form that shows what is recorded."""
    typed = {name: value for name in type(fields).model_fields if (value := getattr(fields, name)) is not None}
    return {name: _as_text(value) for name, value in typed.items()}


def _as_text(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:.15g}" if isinstance(value, float) else str(value)
