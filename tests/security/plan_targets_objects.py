"""What of targets, neutrality and carbon assets the sample company has."""

from collections.abc import Mapping
from typing import Final

from sqlmodel import Session, SQLModel, col, select

from service.targets.models import (
    ActivityPlan,
    AssetUse,
    CarbonAsset,
    DefinitionStatus,
    ForecastPath,
    OutputValue,
    ResidualPlan,
    TargetDefinition,
)

_ROWS: Final[Mapping[str, type[SQLModel]]] = {
    "output_value_id": OutputValue,
    "activity_plan_id": ActivityPlan,
    "forecast_path_id": ForecastPath,
    "residual_plan_id": ResidualPlan,
}


def plan_targets_objects(session: Session) -> Mapping[str, str]:
    """Return one row of each register, a proposal that waits for approval and units that nobody has used."""
    used = select(AssetUse.asset_id)
    proposal = session.exec(select(TargetDefinition).where(TargetDefinition.status == DefinitionStatus.PROPOSED)).first()
    held = session.exec(select(CarbonAsset).where(col(CarbonAsset.id).not_in(used))).first()
    assert proposal is not None
    assert held is not None
    return {
        "target": "2025",
        "definition": "scope",
        "target_definition_id": str(proposal.id),
        "carbon_asset_id": str(held.id),
        **{name: _first(session, table) for name, table in _ROWS.items()},
    }


def _first(session: Session, table: type[SQLModel]) -> str:
    row = session.exec(select(table)).first()
    assert row is not None
    return str(row.id)  # type: ignore[attr-defined] # every row of these tables has one
