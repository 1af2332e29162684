"""Target 2030: the path and the gap to it."""

import pytest
from sqlmodel import Session

from service.settings import Settings
from service.strategy.trajectories import TrajectoryKind, required_ratio
from service.targets.catalogue import TARGETS, Basis, Indicator, milestones
from service.targets.standing import record_of, standing_on
from tests.targets.company import NOW, a_plan, a_settled_company


@pytest.mark.parametrize("kind", [TrajectoryKind.LINEAR, TrajectoryKind.STEPWISE])
def test_linear_and_stepwise_paths_give_exact_values_at_2021_2025_and_2030(kind: TrajectoryKind) -> None:
    points = milestones(Indicator.CO2)

    assert [required_ratio(points, kind, year) for year in (2021, 2025, 2030)] == [1.0, 0.9, 0.7]


def test_gap_is_forecast_less_path(session: Session, settings: Settings) -> None:
    product = a_settled_company(session, settings)
    a_plan(session, product, 2030, (1_800, 2_000, 2_400))

    found = standing_on(record_of(session, at=NOW), TARGETS[2030], Indicator.CO2, Basis.PER_TONNE)
    record = record_of(session, at=NOW)

    assert found.forecast is not None
    assert found.base is not None
    assert record.forecast is not None
    likely_t = record.forecast.anode_t[2030].p50
    assert found.required == pytest.approx(0.7 * found.base)
    assert found.forecast_gap_t_co2 == pytest.approx((found.forecast.p50 - 0.7 * found.base) * likely_t)
    assert found.forecast_gap_t_co2 > 0
