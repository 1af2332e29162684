"""Whether the base year must be restated: what it comes to by today's method, against what was closed.

Policy (company's own, after the GHG Protocol's): a change of structure, method or factors by which the base year's total differs
by more than a threshold demands a restatement. It is never silent: the old closing stays, and targets name the one they rest on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session

from service.company_inventory.calculating import BASE_YEAR, calculate
from service.company_inventory.inventories import inventory_in
from service.company_inventory.inventory import Inventory, InventoryStatus
from service.company_inventory.queries import closed_years, latest_snapshot

_PERCENT = 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BaseYearCheck:
    """The base year as closed and by today's method.

    Attributes
    ----------
    closed_t_co2, today_t_co2
        Scope 1 and Scope 2 by location.
    change
        Relative; None of a zero.
    is_due
        Whether the difference passes the threshold.

    """

    year: int
    closed_t_co2: float
    today_t_co2: float
    change: float | None
    threshold: float
    is_due: bool


def check_base_year(session: Session, *, threshold_percent: float) -> BaseYearCheck | None:
    """Return how the base year stands against the method of the last closed year; None before it was closed."""
    snapshot = latest_snapshot(session, BASE_YEAR)
    last = _last_closed(session)
    if snapshot is None or last is None:
        return None
    closed = inventory_in(snapshot)
    today = calculate(session, BASE_YEAR, factor_set=last.factor_set, status=InventoryStatus.DRAFT, on=date(BASE_YEAR + 1, 1, 1))
    before, now = closed.scope_1_and_2_location_t_co2, today.scope_1_and_2_location_t_co2
    change = (now - before) / before if before else None
    threshold = threshold_percent / _PERCENT
    return BaseYearCheck(
        year=BASE_YEAR,
        closed_t_co2=before,
        today_t_co2=now,
        change=change,
        threshold=threshold,
        is_due=change is not None and abs(change) > threshold,
    )


def _last_closed(session: Session) -> Inventory | None:
    years: Sequence[int] = closed_years(session)
    snapshot = latest_snapshot(session, years[-1]) if years else None
    if snapshot is None:
        return None
    return inventory_in(snapshot)
