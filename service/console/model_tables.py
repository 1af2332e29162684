"""The tables of a model version: rows to look at, and in a draft to change, add, remove or replace by a file."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.datastructures import FormData, UploadFile
from starlette.responses import Response

from lca_models.revisions import ModelTableText, TableRow
from service.accounts.access import STAFF, Context, endpoint, roles
from service.accounts.limits import Limit
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.console.model_shown import AREA, ModelHead, ShownModel, model_head
from service.console.model_words import table_name
from service.errors import N_, FieldError, InvalidInputError, ServiceError
from service.modelling import queries
from service.modelling.editing import find_row, get_table, remove_row, set_row, upload_tables
from service.modelling.models import ModelStatus, ModelVersion
from service.modelling.schemas import VersionInput
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

EDITORS = roles(Role.ENGINEER)
UPLOADS = Limit(name="model-tables", tries=60, per_s=600)
CELL = "cell."
_TABLE = "/console/model/versions/{model_version_id}/tables/{table}"
LONG_CELL = 60
"""Characters from which a cell gets a field of several lines."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TablePage:
    """A table; `rows` are (row, its page)."""

    head: ModelHead
    version: ModelVersion
    file: str
    name: str
    table: ModelTableText
    columns: list[tuple[str, str]]
    rows: Sequence[tuple[TableRow, str]]
    words: str
    address: str
    may_edit: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPage:
    """The form of a row, of a new one if `row` is None; `fields` are (column, is part of the key, is long)."""

    head: ModelHead
    version: ModelVersion
    file: str
    name: str
    row: TableRow | None
    fields: Sequence[tuple[str, bool, bool]]
    form: FormState
    action: str
    back: str
    seen: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UploadPage:
    """The form that replaces whole tables."""

    head: ModelHead
    version: ModelVersion
    tables: Sequence[tuple[str, str]]
    form: FormState


@router.get(_TABLE)
@endpoint(STAFF)
def show_table(context: Context, model_version_id: uuid.UUID, table: str) -> Response:
    """Show the rows of a table; words in the address filter them."""
    version = queries.get_version(context.session, model_version_id)
    found = get_table(context.session, version, table)
    words = context.request.query_params.get("q", "")[:100]
    address = _address(version, table)
    page = TablePage(
        head=_head(context, version),
        version=version,
        file=table,
        name=table_name(table, context.locale),
        table=found,
        columns=[(column, "text") for column in found.columns],
        rows=[(row, f"{address}/rows/{row.key_digest}") for row in found.rows if _fits(row, words)],
        words=words,
        address=address,
        may_edit=_may_edit(context, version),
    )
    return render_page(context, "console/model_table.html", page)


@router.get(_TABLE + "/download")
@endpoint(STAFF)
def download_table(context: Context, model_version_id: uuid.UUID, table: str) -> Response:
    """Send a table as it is stored, to be changed and uploaded to a draft."""
    version = queries.get_version(context.session, model_version_id)
    get_table(context.session, version, table)
    content = queries.read_table_text(context.session, version, table)
    media_type = "text/csv; charset=utf-8" if table.endswith(".csv") else "text/plain; charset=utf-8"
    # People write its cells: a browser may neither show nor run it as a page of ours.
    headers = {"Content-Disposition": f'attachment; filename="{table}"', "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(content, media_type=media_type, headers=headers)


@router.get(_TABLE + "/new")
@endpoint(EDITORS)
def new_row(context: Context, model_version_id: uuid.UUID, table: str) -> Response:
    """Show an empty row."""
    version = queries.get_version(context.session, model_version_id)
    return _show_row(context, version, get_table(context.session, version, table), None, FormState())


@router.post(_TABLE + "/new")
@endpoint(EDITORS)
def add_row(context: Context, model_version_id: uuid.UUID, table: str) -> Response:
    """Add a row to a draft."""
    return _save(context, model_version_id, table, None)


@router.get(_TABLE + "/rows/{row}")
@endpoint(EDITORS)
def edit_row(context: Context, model_version_id: uuid.UUID, table: str, row: str) -> Response:
    """Show a row with what it says."""
    version = queries.get_version(context.session, model_version_id)
    found = get_table(context.session, version, table)
    present = find_row(found, row)
    return _show_row(
        context, version, found, present, FormState(values={CELL + name: text for name, text in present.cells.items()})
    )


@router.post(_TABLE + "/rows/{row}")
@endpoint(EDITORS)
def change_row(context: Context, model_version_id: uuid.UUID, table: str, row: str) -> Response:
    """Change a row of a draft."""
    return _save(context, model_version_id, table, row)


@router.post(_TABLE + "/rows/{row}/delete")
@endpoint(EDITORS)
def delete_row(context: Context, model_version_id: uuid.UUID, table: str, row: str) -> Response:
    """Take a row out of a draft."""
    version = queries.get_version(context.session, model_version_id)
    try:
        seen = parse_form(VersionInput, context.form).version
        remove_row(context.session, version.id, file=table, key_digest=row, version=seen, by=context.asking.actor, at=context.at)
    except InvalidInputError as error:
        found = get_table(context.session, version, table)
        present = find_row(found, row)
        errors = {"": "; ".join(rejected(context.form, error, context.locale).errors.values())}
        form = FormState(values=_stored(present).values, errors=errors)
        return _show_row(context, version, found, present, form, status=error.status)
    return see_other(context, _address(version, table), N_("Row removed."))


@router.get("/console/model/versions/{model_version_id}/upload")
@endpoint(EDITORS)
def show_upload(context: Context, model_version_id: uuid.UUID) -> Response:
    """Show the form that takes whole tables."""
    return _show_upload(context, queries.get_version(context.session, model_version_id), FormState())


@router.post("/console/model/versions/{model_version_id}/upload")
@endpoint(EDITORS, limited=(UPLOADS,))
def take_upload(context: Context, model_version_id: uuid.UUID) -> Response:
    """Replace tables of a draft by uploaded ones, all or none."""
    version = queries.get_version(context.session, model_version_id)
    try:
        seen = _seen_version(context)
        upload_tables(context.session, version.id, _files(context), version=seen, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_upload(context, version, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{AREA}/versions/{version.id}/changes", N_("Tables replaced. This is what changed."))


def _save(context: Context, model_version_id: uuid.UUID, table: str, row: str | None) -> Response:
    session = context.session
    version = queries.get_version(session, model_version_id)
    found = get_table(session, version, table)
    cells = _typed_cells(context, found)
    try:
        seen = _seen_version(context)
        set_row(session, version.id, file=table, key_digest=row, cells=cells, version=seen, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        present = None if row is None else find_row(found, row)
        form = _beside_cells(rejected(context.form, error, context.locale))
        return _show_row(context, version, found, present, form, status=error.status)
    return see_other(context, _address(version, table), N_("Saved."))


def _typed_cells(context: Context, table: ModelTableText) -> Mapping[str, str]:
    typed = {column: context.form.get(CELL + column, "") for column in table.columns}
    return {column: text for column, text in typed.items() if isinstance(text, str)}


def _seen_version(context: Context) -> int:
    form = FormData([(name, value) for name, value in context.form.multi_items() if name in VersionInput.model_fields])
    return parse_form(VersionInput, form).version


def _stored(row: TableRow) -> FormState:
    return FormState(values={CELL + name: text for name, text in row.cells.items()})


def _beside_cells(form: FormState) -> FormState:
    """Tie errors of columns to their fields."""
    return FormState(
        values=form.values, errors={CELL + name if CELL + name in form.values else "": text for name, text in form.errors.items()}
    )


def _files(context: Context) -> Mapping[str, bytes]:
    uploads = [one for one in context.form.getlist("tables") if isinstance(one, UploadFile) and one.filename]
    if not uploads:
        raise InvalidInputError({"tables": FieldError(N_("Please choose a file."))})
    return {str(one.filename): one.file.read() for one in uploads}


def _show_row(
    context: Context, version: ModelVersion, table: ModelTableText, row: TableRow | None, form: FormState, *, status: int = 200
) -> Response:
    address = _address(version, table.file)
    page = RowPage(
        head=_head(context, version),
        version=version,
        file=table.file,
        name=table_name(table.file, context.locale),
        row=row,
        fields=[
            (column, column in table.key_columns, any(len(one.cells.get(column, "")) > LONG_CELL for one in table.rows))
            for column in table.columns
        ],
        form=form,
        action=f"{address}/rows/{row.key_digest}" if row else f"{address}/new",
        back=address,
        seen=form.value("version", version.version),
    )
    return render_page(context, "console/model_row.html", page, status=status)


def _show_upload(context: Context, version: ModelVersion, form: FormState, *, status: int = 200) -> Response:
    page = UploadPage(
        head=_head(context, version),
        version=version,
        tables=[(file, table_name(file, context.locale)) for file in sorted(version.tables)],
        form=form,
    )
    return render_page(context, "console/model_upload.html", page, status=status)


def _head(context: Context, version: ModelVersion) -> ModelHead:
    model = queries.model_of_version(context.session, version)
    return model_head(ShownModel(model=model, version=version), context.locale, active="/versions")


def _may_edit(context: Context, version: ModelVersion) -> bool:
    return version.status is ModelStatus.DRAFT and context.asking.has(Role.ENGINEER)


def _fits(row: TableRow, words: str) -> bool:
    text = " ".join(row.cells.values()).casefold()
    return all(word in text for word in words.casefold().split())


def _address(version: ModelVersion, table: str) -> str:
    return f"{AREA}/versions/{version.id}/tables/{table}"
