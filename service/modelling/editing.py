"""A person's change of a table of a draft: one row, or a whole file; what is wrong comes back beside the cell it is in."""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlmodel import Session

from lca_models.errors import FormulaError, ModelError
from lca_models.formulas import parse_formula
from lca_models.revisions import ModelTableText, TableRow, parse_table, with_row, without_row, write_table
from service.errors import N_, FieldError, InvalidInputError, NotFoundError
from service.modelling import queries
from service.modelling.models import ModelVersion
from service.modelling.operations import as_field_error, replace_tables
from service.web.forms import UNFIT

LONGEST_CELL: Final = 2000
LARGEST_TABLE: Final = 1024 * 1024
"""Bytes; the largest shipped table has 40 kB."""
_RUNS_IN_SPREADSHEETS: Final = re.compile(r"[=@\t]|[+-](?![\d.])")

Edit = Callable[[ModelTableText], ModelTableText]


def set_row(
    session: Session,
    model_version_id: UUID,
    *,
    file: str,
    key_digest: str | None,
    cells: Mapping[str, str],
    version: int,
    by: str,
    at: datetime,
) -> ModelVersion:
    """Change a row of a draft's table, or add one if `key_digest` is None.

    Raises
    ------
    InvalidInputError
        By column what is wrong with the row; an empty name stands for what other rows or tables have against it.

    """
    check_cells(cells)

    def edit(table: ModelTableText) -> ModelTableText:
        return with_row(table, cells, instead_of=None if key_digest is None else find_row(table, key_digest))

    return _edit(session, model_version_id, file, edit, version=version, by=by, at=at)


def remove_row(
    session: Session, model_version_id: UUID, *, file: str, key_digest: str, version: int, by: str, at: datetime
) -> ModelVersion:
    """Take a row out of a draft's table; refused while another row needs it."""
    return _edit(
        session,
        model_version_id,
        file,
        lambda table: without_row(table, find_row(table, key_digest)),
        version=version,
        by=by,
        at=at,
    )


def upload_tables(
    session: Session, model_version_id: UUID, files: Mapping[str, bytes], *, version: int, by: str, at: datetime
) -> ModelVersion:
    """Replace whole tables of a draft by uploaded ones, all of them or none."""
    try:
        for name, content in files.items():
            _check_upload(name, content)
        texts = {name: content.decode("utf-8-sig").replace("\r\n", "\n").encode() for name, content in files.items()}
        return replace_tables(session, model_version_id, texts, version=version, by=by, at=at)
    except ModelError as error:
        raise InvalidInputError({"tables": as_field_error(error)}) from error
    except InvalidInputError as error:
        raise InvalidInputError({"tables": next(iter(error.fields.values()))}) from error


def get_table(session: Session, draft: ModelVersion, file: str) -> ModelTableText:
    """Return a table of a version as rows."""
    if file not in draft.tables:
        raise NotFoundError
    return parse_table(queries.read_table_text(session, draft, file), file=file)


def find_row(table: ModelTableText, key_digest: str) -> TableRow:
    """Return a row; another person may have removed it."""
    row = table.find(key_digest)
    if row is None:
        raise NotFoundError(N_("This row is no longer in the table. Go back to the table and look at its present rows."))
    return row


def check_cells(cells: Mapping[str, str]) -> None:
    """Refuse what no table may hold: hidden characters, texts without end, what spreadsheet programs would run."""
    errors = {column: problem for column, text in cells.items() if (problem := _cell_problem(text.strip())) is not None}
    if errors:
        raise InvalidInputError(errors)


def _edit(session: Session, model_version_id: UUID, file: str, edit: Edit, *, version: int, by: str, at: datetime) -> ModelVersion:
    table = get_table(session, queries.get_version(session, model_version_id), file)
    try:
        edited = edit(table)
    except ModelError as error:
        raise InvalidInputError({str(error.values.get("column", "")): as_field_error(error)}) from error
    content = write_table(edited)
    try:
        return replace_tables(session, model_version_id, {file: content}, version=version, by=by, at=at)
    except ModelError as error:
        raise InvalidInputError({_field_of(error, file, _line_of_change(table, content)): as_field_error(error)}) from error


def _line_of_change(before: ModelTableText, content: bytes) -> int:
    """Return the line of the one row that is not as it was; 0 if a row was taken out."""
    present = [row.cells for row in before.rows]
    after = parse_table(content, file=before.file)
    return next((row.line for row in after.rows if row.cells not in present), 0)


def _field_of(error: ModelError, file: str, line: int) -> str:
    """Return the column to show an error beside; empty if it is about another row or table."""
    is_here = error.values.get("file") == file and error.values.get("line") == line
    return str(error.values.get("column", "")) if is_here else ""


def _check_upload(name: str, content: bytes) -> None:
    if len(content) > LARGEST_TABLE:
        raise InvalidInputError({"": FieldError(N_("%(name)s is larger than 1 MB. Upload a table of the model."), name=name)})
    for row in parse_table(content, file=name).rows:
        try:
            check_cells(row.cells)
        except InvalidInputError as error:
            column, problem = next(iter(error.fields.items()))
            raise InvalidInputError(
                {
                    "": FieldError(
                        N_("%(file)s, line %(line)s, column %(column)s: %(problem)s"),
                        file=name,
                        line=row.line,
                        column=column,
                        problem=problem,
                    )
                }
            ) from error


def _cell_problem(text: str) -> FieldError | None:
    if len(text) > LONGEST_CELL:
        return FieldError(N_("At most %(max_length)s characters; shorten this."), max_length=LONGEST_CELL)
    if UNFIT.search(text):
        return FieldError(N_("This contains a character that can't be stored; type it again."))
    if _RUNS_IN_SPREADSHEETS.match(text) and not _is_formula(text):
        return FieldError(
            N_("“%(value)s” would be run as a formula by spreadsheet programs. Begin the text with another character."),
            value=text[:60],
        )
    return None


def _is_formula(text: str) -> bool:
    try:
        parse_formula(text)
    except FormulaError:
        return False
    return True
