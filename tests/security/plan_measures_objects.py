"""What of measures, investments and technology the sample company has."""

from collections.abc import Mapping
from typing import Final

from sqlmodel import Session, SQLModel, select

from service.measures.models import Investment, Measure, PlanRun, TechnologyProject

_ROWS: Final[Mapping[str, type[SQLModel]]] = {
    "measure_id": Measure,
    "investment_id": Investment,
    "technology_project_id": TechnologyProject,
    "plan_run_id": PlanRun,
}


def plan_measures_objects(session: Session) -> Mapping[str, str]:
    """Return one row of each table by the name of its path parameter."""
    return {name: _first(session, table) for name, table in _ROWS.items()}


def _first(session: Session, table: type[SQLModel]) -> str:
    row = session.exec(select(table)).first()
    assert row is not None
    return str(row.id)  # type: ignore[attr-defined] # every row of these tables has one
