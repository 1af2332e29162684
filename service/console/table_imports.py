"""What the imports of offers and demands have in common: reading the upload, the preview, the confirmed rows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from pydantic import BaseModel, Field, TypeAdapter, ValidationError
from starlette.datastructures import UploadFile

from service.accounts.access import Context
from service.accounts.limits import Limit
from service.allocation.table_import import Change, TablePlan
from service.database import new_id
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.i18n import Locale, explain, translate
from service.sandbox import run_limited
from service.spreadsheets.cells import read_cells
from service.web.forms import FormInput, FormState, field_error

UPLOADS: Final = Limit(name="procurement-import", tries=30, per_s=600)
PARSE_SECONDS: Final = 20.0
PARSE_BYTES: Final = 1024**3
"""Address space of the parsing child; Python and the library take 0.3 GiB of it."""

Row = TypeVar("Row", bound=BaseModel)


class PlanForm(FormInput):
    """The button below a preview; `plan` holds what the preview showed."""

    plan: str = Field(max_length=1_500_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What differs between the imports' pages, as message ids; columns of the preview with their kind.

    Attributes
    ----------
    above
        Name and address of the page above the list, where there is one.

    """

    title: str
    list_title: str
    path: str
    columns: Sequence[tuple[str, str]]
    above: tuple[str, str] | None = (N_("Order allocation"), "/console/allocations")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableImportPage:
    """The upload form, and below it what the uploaded file would do or what is wrong with it.

    Attributes
    ----------
    problems
        (sheet, row, cell, column, value, message) of each problem.
    changes
        (kind, row, cells) of each row that changes something.
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
    changes: Sequence[tuple[str, int, Sequence[str]]]
    counts: Mapping[str, int]
    plan_text: str
    idempotency_key: str


def read_upload(context: Context) -> Mapping[str, Any] | ServiceError:
    """Read the uploaded workbook in a limited child process, before the transaction begins; an error is told by the handler."""
    upload = context.form.get("file")
    if not isinstance(upload, UploadFile) or not upload.filename:
        return InvalidInputError({"file": FieldError(N_("Please choose a file."))})
    try:
        answer: Mapping[str, Any] = run_limited(read_cells, upload.file.read(), seconds=PARSE_SECONDS, memory_bytes=PARSE_BYTES)
    except ServiceError:
        return InvalidInputError(
            {"file": FieldError(N_("Reading this workbook takes too long. Copy the values into the template and upload that."))}
        )
    return answer


def import_page(
    wording: Wording,
    plan: TablePlan[Any] | None,
    form: FormState,
    *,
    locale: Locale,
    shown: Mapping[int, Sequence[str]],
    plan_text: str,
) -> TableImportPage:
    """Return the page.

    Parameters
    ----------
    shown
        By row of the sheet, the cells that the preview shows.

    """
    changes = changed_rows(plan)
    problems = plan.problems if plan else ()
    return TableImportPage(
        title=translate(locale, wording.title),
        steps=[(translate(locale, name), path) for name, path in (*_above(wording), (wording.list_title, wording.path))],
        path=wording.path,
        columns=[(translate(locale, label), kind) for label, kind in wording.columns],
        form=form,
        is_planned=plan is not None,
        problems=[(one.sheet, one.row, one.cell, one.column, one.value, explain(locale, one.error)) for one in problems],
        changes=[(change.kind, change.row, shown[change.row]) for change in changes],
        counts={kind: sum(one.kind == kind for one in plan.changes) if plan else 0 for kind in ("new", "changed", "same")},
        plan_text=plan_text,
        idempotency_key=str(new_id()),
    )


def _above(wording: Wording) -> tuple[tuple[str, str], ...]:
    return () if wording.above is None else (wording.above,)


def changed_rows(plan: TablePlan[Any] | None) -> Sequence[Change[Any]]:
    """Return the rows that would change something."""
    return [change for change in plan.changes if change.kind != "same"] if plan else []


def plan_text(plan: TablePlan[Any] | None) -> str:
    """Return what the preview's button sends back: fields, and the row that they change as it was."""
    rows = [
        {
            "fields": change.fields.model_dump(mode="json"),
            "id": str(change.present.id) if change.present else None,
            "version": change.present.version if change.present else None,
        }
        for change in changed_rows(plan)
    ]
    return json.dumps(rows) if rows else ""


def confirmed_rows(text: str, row: type[Row]) -> Sequence[Row]:
    """Return what a preview showed.

    Raises
    ------
    InvalidInputError
        If it arrived otherwise than it was sent.

    """
    try:
        return [row.model_validate(one) for one in TypeAdapter(list[Any]).validate_json(text)]
    except ValidationError as error:
        raise InvalidInputError({"plan": field_error(error.errors()[0])}) from error


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
