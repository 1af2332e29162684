"""Targets over HTTP, for the maker's own people."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter

from service.accounts.access import Context, endpoint
from service.plan.policies import PLAN_READERS
from service.strategy.trajectories import TrajectoryKind, required_ratio
from service.targets.answers import (
    SettlementOut,
    StandingOut,
    StandingsOut,
    TrajectoryOut,
    TrajectoryPoint,
)
from service.targets.catalogue import Basis, Indicator, get_target, unit_of
from service.targets.forecasting_rules import Band
from service.targets.output import BASE_YEAR
from service.targets.settlement import find_settlement, settle
from service.targets.standing import Standing, record_of, standings_of

router = APIRouter(tags=["targets"])


@router.get("/targets")
@endpoint(PLAN_READERS)
def list_targets(context: Context) -> StandingsOut:
    """Return where the company stands on each target, on every basis."""
    record = record_of(context.session, at=context.at)
    return StandingsOut(
        items=[_standing(one) for one in standings_of(record)],
        not_defined_in_the_plan=sorted(key.value for key in record.reading.undefined),
    )


@router.get("/targets/{target}/settlement")
@endpoint(PLAN_READERS)
def show_settlement(context: Context, target: str) -> SettlementOut:
    """Return the statement on a target: the one that is kept, else what it would say today."""
    wanted = get_target(target)
    kept = find_settlement(context.session, wanted.year)
    content: Mapping[str, Any] = kept.content if kept else settle(context.session, wanted, at=context.at)
    return SettlementOut(
        status=kept.status.value if kept else "not_drafted",
        sha256=kept.content_sha256 if kept else None,
        content=dict(content),
    )


@router.get("/targets/{target}/trajectory")
@endpoint(PLAN_READERS)
def show_trajectory(
    context: Context,
    target: str,
    *,
    indicator: Indicator = Indicator.CO2,
    basis: Basis = Basis.CURRENT_PRICE,
    path: TrajectoryKind | None = None,
    toll: bool = False,
) -> TrajectoryOut:
    """Return path, actual figures and forecast year by year up to a target."""
    wanted = get_target(target)
    record = record_of(context.session, at=context.at)
    kind = path or record.reading.trajectory
    points = record.milestones(indicator)
    base = None if record.base is None else record.base.figure(indicator, basis, with_toll=toll)
    actual = {one.year: one.figure(indicator, basis, with_toll=toll) for one in record.years}
    expected = {} if record.forecast is None else record.forecast.intensity.get((indicator, basis, toll), {})
    return TrajectoryOut(
        indicator=indicator.value,
        basis=basis.value,
        unit=unit_of(indicator, basis),
        path=kind.value,
        points=[
            TrajectoryPoint(
                year=year,
                ratio=(ratio := required_ratio(points, kind, year)),
                required=None if base is None else base * ratio,
                actual=actual.get(year),
                forecast=_band(expected.get(year)),
            )
            for year in range(BASE_YEAR, min(wanted.year, points[-1].year) + 1)
        ],
    )


def _standing(one: Standing) -> StandingOut:
    named = {name: getattr(one, name) for name in StandingOut.model_fields if name not in {"target", "forecast"}}
    return StandingOut(target=one.target.year, forecast=_band(one.forecast), **named)


def _band(band: Band | None) -> dict[str, float] | None:
    return None if band is None else {"p10": band.p10, "p50": band.p50, "p90": band.p90}
