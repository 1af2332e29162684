"""The sample company's output value, production plan, definitions, statement on 2025 and assets, from `data/plan_targets.toml`."""

import tomllib
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from sqlmodel import Session

from service.clock import day_at
from service.registers.operations import add_row
from service.sample.cast import Cast
from service.settings import Settings
from service.targets.assets import use_asset
from service.targets.catalogue import TARGETS, get_definition
from service.targets.definitions import approve, propose
from service.targets.models import ActivityPlan, CarbonAsset, ForecastPath, OutputValue, ResidualPlan
from service.targets.schemas import (
    ActivityPlanInput,
    AssetUseInput,
    CarbonAssetInput,
    DefinitionInput,
    ForecastPathInput,
    OutputValueInput,
    ResidualPlanInput,
)
from service.targets.settlement import draft_settlement

PLAN_SOURCE: Final = "样例：产能与销售规划 · Sample: capacity and sales plan"
SETTLED: Final = 2025


@lru_cache
def targets() -> Mapping[str, Any]:
    """Return the data file."""
    return tomllib.loads((files("service.sample") / "data" / "plan_targets.toml").read_text(encoding="utf-8"))


def load_targets(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    """Enter output and plans, have definitions approved, draw up the statement on 2025; nobody has approved that yet."""
    by = cast.actor("engineer")
    for row in targets()["output"]:
        add_row(session, OutputValue, OutputValueInput(**row), by=by, at=at, is_sample=True)
    for row in targets()["paths"]:
        add_row(session, ForecastPath, ForecastPathInput(**row), by=by, at=at, is_sample=True)
    for row in targets()["residuals"]:
        add_row(session, ResidualPlan, ResidualPlanInput(**row), by=by, at=at, is_sample=True)
    _plan(session, cast, by=by, at=at)
    _define(session, cast, by=by, at=at)
    _hold(session, settings=settings, by=by, at=at)
    draft_settlement(session, TARGETS[SETTLED], by=by, at=at, is_sample=True)


def _plan(session: Session, cast: Cast, *, by: str, at: datetime) -> None:
    for row in targets()["activity"]:
        for key, (low, likely, high) in ((key, value) for key, value in row.items() if key != "year"):
            fields = ActivityPlanInput(
                year=row["year"], product_id=cast.products[key].id, low_t=low, likely_t=likely, high_t=high, source=PLAN_SOURCE
            )
            add_row(session, ActivityPlan, fields, by=by, at=at, is_sample=True)


def _define(session: Session, cast: Cast, *, by: str, at: datetime) -> None:
    for name in ("definitions", "proposals"):
        for row in targets()[name]:
            fields = DefinitionInput(value=row["value"], evidence=row["evidence"])
            proposal = propose(session, get_definition(row["key"]), fields, by=by, at=at, is_sample=True)
            session.flush()  # decided as it stands in the database
            if name == "definitions":
                approve(session, proposal.id, version=1, by=cast.actor("reviewer"), at=at)


def _hold(session: Session, *, settings: Settings, by: str, at: datetime) -> None:
    used = targets()["use"]
    for row in targets()["assets"]:
        asset = add_row(session, CarbonAsset, CarbonAssetInput(**row), by=by, at=at, is_sample=True)
        if asset.serial == used["serial"]:
            fields = AssetUseInput(**{key: value for key, value in used.items() if key != "serial"})
            today = max(day_at(at, settings.timezone), fields.cancelled_on)
            use_asset(session, asset.id, fields, today=today, by=by, at=at, is_sample=True)
