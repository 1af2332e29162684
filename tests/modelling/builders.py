"""Drafts of the model, and changes whose effect is known."""

from collections.abc import Mapping

from sqlmodel import Session

from lca_models.model import load_model
from service.modelling.editing import get_table, set_row
from service.modelling.models import ModelVersion
from service.modelling.operations import create_draft, release
from tests.builders import NOW

ENGINEER, SECOND, THIRD = ("user:01999999-0000-7000-8000-00000000000" + digit for digit in "abc")
UTILITIES = ("P6_site_utilities", "electricity_cn_grid", "input")


def a_draft(session: Session, *, by: str = ENGINEER) -> ModelVersion:
    """Return a draft of the shipped model."""
    return create_draft(session, notes="Meters of our own.", by=by, at=NOW)


def change(
    session: Session, draft: ModelVersion, file: str, key: tuple[str, ...], cells: Mapping[str, str], *, by: str = ENGINEER
) -> ModelVersion:
    """Change some cells of a row."""
    table = get_table(session, draft, file)
    row = next(one for one in table.rows if one.key == key)
    return set_row(
        session,
        draft.id,
        file=file,
        key_digest=row.key_digest,
        cells={**row.cells, **cells},
        version=draft.version,
        by=by,
        at=NOW,
    )


def with_more_utilities(session: Session, draft: ModelVersion) -> ModelVersion:
    """Raise the electricity of the utilities from 0.3 to 0.4 kWh per kg: 0.1 x 0.5777 = 0.05777 kg CO2e more."""
    return change(session, draft, "unit_processes.csv", UTILITIES, {"amount": "0.4"})


def a_released_version(session: Session) -> ModelVersion:
    """Return a version in use with 0.4 instead of 0.3 kWh for the utilities."""
    draft = with_more_utilities(session, a_draft(session))
    exemptions = tuple(load_model().exemptions.values())
    return release(session, draft.id, exemptions=exemptions, version=draft.version, by=SECOND, at=NOW)
