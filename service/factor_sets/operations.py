"""Proposing a new set of electricity factors: a draft of the model, which a second person releases."""

from datetime import date, datetime

from sqlmodel import Session

from lca_models.errors import ModelError
from lca_models.factor_uploads import COLUMNS, tables_with_set
from lca_models.tables import read_table
from service.audit.operations import record
from service.errors import N_, FieldError, InvalidInputError
from service.factor_sets.schemas import FactorSetInput
from service.modelling.editing import check_cells
from service.modelling.models import ModelVersion
from service.modelling.operations import as_field_error, create_draft, replace_tables
from service.modelling.queries import read_tables


def propose_set(
    session: Session, fields: FactorSetInput, content: bytes, *, file: str, today: date, by: str, at: datetime
) -> ModelVersion:
    """Begin a draft of the model in use with one more set of factors in force; nothing in use changes.

    The draft is applied by its release, which needs another person and is audited; footprints calculated before keep their set.

    Raises
    ------
    InvalidInputError
        A day in the future, or what is wrong in the file, with row, column, value and fix.

    """
    _check_days(fields, today=today)
    draft = create_draft(session, notes=f"{fields.name_zh} · {fields.name_en}: {fields.document}"[:2000], by=by, at=at)
    try:
        for row in read_table(content, file=file, required=COLUMNS, optional=("level",)):
            check_cells(row.cells)
        changed = tables_with_set(read_tables(session, draft), fields.as_set(), content, file=file)
        draft = replace_tables(session, draft.id, changed, version=draft.version, by=by, at=at)
    except ModelError as error:
        raise InvalidInputError({"file": as_field_error(error)}) from error
    except InvalidInputError as error:
        raise InvalidInputError({"file": next(iter(error.fields.values()))}) from error
    record(session, "factor_set_proposed", of=draft, by=by, at=at, factor_set=fields.key, valid_from=fields.valid_from)
    return draft


def _check_days(fields: FactorSetInput, *, today: date) -> None:
    if fields.valid_from > today:
        problem = N_("The set is valid from %(day)s only, which is in the future. Upload it on that day.")
        raise InvalidInputError({"valid_from": FieldError(problem, day=fields.valid_from)})
    if fields.published > fields.valid_from:
        problem = N_("The set can't be valid (%(day)s) before it was published (%(published)s).")
        raise InvalidInputError({"valid_from": FieldError(problem, day=fields.valid_from, published=fields.published)})
