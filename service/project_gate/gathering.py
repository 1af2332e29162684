"""The company's own limits for a project: target paths, furnaces, duty to use renewable electricity, carbon price."""

from collections.abc import Sequence
from datetime import datetime

import numpy as np
from sqlmodel import Session, select

from service.footprints.models import FootprintRecord, FootprintStatus
from service.green_power.coverage import weight_of
from service.measures.queries import current_ladder
from service.project_gate.models import ProjectProposal
from service.project_gate.rules import CompanyFacts
from service.strategy.carbon_prices import PriceLadder
from service.strategy.trajectories import TrajectoryError, required_ratio
from service.targets.catalogue import Indicator
from service.targets.definitions import Reading, reading_of
from service.targets.figures import YearFigures
from service.targets.gathering import closed_years, figures_of
from service.targets.output import BASE_YEAR
from service.targets.standing import Record

FURNACE_PARAMETER = "graphitization_electricity_kwh_per_kg"
FEWEST_FURNACES = 3
"""Below that a best and a percentile would be one furnace's figure."""
_KG_PER_T = 1000.0
_PERCENTILE = 60.0


def company_facts(session: Session, project: ProjectProposal, *, at: datetime) -> CompanyFacts:
    """Return what the company's figures say to a project; what is missing is None."""
    reading = reading_of(session)
    base = figures_of(session, BASE_YEAR, reading, at=at) if BASE_YEAR in closed_years(session) else None
    furnaces = verified_furnaces(session)
    weight = weight_of(session, project.province_code, project.commissioning_year)
    prices, rate = _prices(session, project)
    return CompanyFacts(
        energy_path=_path(base, reading, Indicator.ENERGY, project.commissioning_year),
        carbon_path=_path(base, reading, Indicator.CO2, project.commissioning_year),
        best_kwh_per_t=min(furnaces) if len(furnaces) >= FEWEST_FURNACES else None,
        p60_kwh_per_t=float(np.percentile(furnaces, _PERCENTILE)) if len(furnaces) >= FEWEST_FURNACES else None,
        green_duty=None if weight is None else weight.total,
        carbon_prices=prices,
        discount_rate=rate,
    )


def verified_furnaces(session: Session) -> Sequence[float]:
    """Return the graphitization electricity of released footprints that rests on measured data, kWh per t, lowest first."""
    query = select(FootprintRecord).where(FootprintRecord.status == FootprintStatus.RELEASED)
    found = {
        float(record.parameters[FURNACE_PARAMETER]) * _KG_PER_T
        for record in session.exec(query)
        if any(part["kind"] == "primary" for part in record.provenance.get(FURNACE_PARAMETER, {}).get("parts", ()))
    }
    return sorted(found)


def _path(base: YearFigures | None, reading: Reading, indicator: Indicator, year: int) -> float | None:
    """Return what the path leaves per 10 000 yuan in a year; None where the base or the target is not defined."""
    figure = None if base is None else base.figure(indicator, reading.price_basis)
    if figure is None:
        return None
    milestones = Record(years=(), forecast=None, reading=reading).milestones(indicator)
    try:
        return figure * required_ratio(milestones, reading.trajectory, year)
    except TrajectoryError:
        return None


def _prices(session: Session, project: ProjectProposal) -> tuple[tuple[float, ...] | None, float | None]:
    """Return the carbon price of each year of a project's life, and the discount rate."""
    found = current_ladder(session)
    if found is None:
        return None, None
    ladder = PriceLadder(steps={int(year): float(price) for year, price in found.steps.items()})
    first = project.commissioning_year
    prices = [ladder.price_in(year) for year in range(first, first + project.lifetime_years)]
    known = tuple(price for price in prices if price is not None)
    return (known, found.discount_rate) if len(known) == len(prices) else (None, found.discount_rate)
