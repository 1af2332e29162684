"""Energy of a year month by month, and main meters against the sub-meters behind them."""

import math
import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from service.company_inventory.energy import ENERGY_KINDS, GIVEN_AWAY, month_tce
from service.company_inventory.factors import FuelFactorSet, tce_factor
from service.monitoring.carriers import carriers
from service.monitoring.queries import MonthlyAmount, monthly_amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class MeterBalance:
    """A main source's year and what its sub-meters counted of it, in the carrier's unit.

    Attributes
    ----------
    exceeding
        Months in which the sub-meters counted more than the main meter.

    """

    source_id: uuid.UUID
    plant_id: uuid.UUID
    carrier: str
    unit: str
    main: float
    within: float
    exceeding: tuple[date, ...]

    @property
    def rest(self) -> float:
        """What no sub-meter counts."""
        return self.main - self.within


def year_amounts(session: Session, year: int) -> Sequence[MonthlyAmount]:
    """Return every month of a year, those of sub-meters too."""
    return monthly_amounts(session, start=date(year, 1, 1), end=date(year, 12, 31), with_sub_meters=True)


def monthly_tce(amounts: Sequence[MonthlyAmount], *, factor_set: FuelFactorSet) -> Mapping[uuid.UUID, Mapping[date, float]]:
    """Return tce (calorific) by site and month; sub-meters add nothing, what is given to others is taken off."""
    found: dict[uuid.UUID, dict[date, float]] = defaultdict(lambda: defaultdict(float))
    for one in amounts:
        factor = tce_factor(one.carrier, factor_set)
        if one.within is None and factor is not None and carriers()[one.carrier].kind in ENERGY_KINDS:
            sign = -1.0 if one.carrier in GIVEN_AWAY else 1.0
            found[one.plant_id][one.month] += sign * month_tce(one.amount, one.properties, factor)
    return found


def meter_balances(amounts: Sequence[MonthlyAmount]) -> Sequence[MeterBalance]:
    """Return each source that has sub-meters behind it."""
    parts: dict[uuid.UUID, list[MonthlyAmount]] = defaultdict(list)
    wholes: dict[uuid.UUID, list[MonthlyAmount]] = defaultdict(list)
    for one in amounts:
        wholes[one.source_id].append(one)
        if one.within is not None:
            parts[one.within].append(one)
    return [_balance(wholes[source_id], those) for source_id, those in parts.items() if wholes[source_id]]


def _balance(whole: Sequence[MonthlyAmount], parts: Sequence[MonthlyAmount]) -> MeterBalance:
    by_month: dict[date, float] = defaultdict(float)
    for one in parts:
        by_month[one.month] += one.amount
    first = whole[0]
    return MeterBalance(
        source_id=first.source_id,
        plant_id=first.plant_id,
        carrier=first.carrier,
        unit=first.unit,
        main=math.fsum(one.amount for one in whole),
        within=math.fsum(by_month.values()),
        exceeding=tuple(one.month for one in whole if by_month[one.month] > one.amount),
    )
