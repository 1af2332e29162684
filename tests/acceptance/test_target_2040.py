"""Target 2040: the long path."""

import pytest
from sqlmodel import Session

from service.settings import Settings
from service.strategy.trajectories import TrajectoryKind, required_ratio
from service.targets.catalogue import TARGETS, Basis, Indicator, milestones
from service.targets.standing import record_of, standing_on
from tests.targets.company import NOW, a_plan, a_settled_company


@pytest.mark.parametrize("kind", list(TrajectoryKind))
def test_the_point_of_70_percent_less_is_reproduced(kind: TrajectoryKind) -> None:
    assert required_ratio(milestones(Indicator.CO2), kind, 2040) == 0.3


def test_the_scenario_with_no_measures_shows_the_gap(session: Session, settings: Settings) -> None:
    """With the coefficients of 2025 and a grid held as it is, a tonne emits in 2040 what it emitted in 2025."""
    product = a_settled_company(session, settings)
    a_plan(session, product, 2040, (2_000, 2_000, 2_000))

    record = record_of(session, at=NOW)
    found = standing_on(record, TARGETS[2040], Indicator.CO2, Basis.PER_TONNE)

    assert found.forecast is not None
    assert found.base is not None
    assert found.forecast.p50 == pytest.approx(found.actual)
    assert found.forecast_gap_t_co2 == pytest.approx((found.forecast.p50 - 0.3 * found.base) * 2_000)
