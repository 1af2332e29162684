"""The model's account beside the inventory of the same year: what the bottom-up model does not explain stays visible."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlmodel import Session

from service.company_inventory.inventories import inventory_of
from service.company_inventory.inventory import Inventory
from service.measures.activity import output_in
from service.measures.effects import Solved, accounts_in
from service.measures.site_accounts import Line
from service.targets.gathering import closed_years


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """One line; `unexplained_t` is what the inventory has beyond the model: buildings, waiting losses, other products."""

    line: Line
    model_t: float
    inventory_t: float

    @property
    def unexplained_t(self) -> float:
        """Inventory less model, t CO2."""
        return self.inventory_t - self.model_t


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciliation:
    """The last closed year, line by line. What others do stands in the inventory with life-cycle factors and is not set beside."""

    year: int
    lines: tuple[Reconciled, ...]


def reconcile(session: Session, solved: Solved, *, at: datetime) -> Reconciliation | None:
    """Return model and inventory of the last closed year; None while no year is closed."""
    years = closed_years(session)
    if not years:
        return None
    year = years[-1]
    accounts = accounts_in(session, solved, [0.0] * len(solved.measures), year=year, amount_t=output_in(session, year).amount_t)
    model = accounts.lines(np.zeros((1, len(solved.measures)), dtype=np.bool_))
    booked = _booked(inventory_of(session, year, at=at))
    return Reconciliation(
        year=year,
        lines=tuple(Reconciled(line=line, model_t=float(model[line][0]), inventory_t=t) for line, t in booked.items()),
    )


def _booked(inventory: Inventory) -> Mapping[Line, float]:
    return {
        Line.OWN: inventory.scope_1_t_co2,
        Line.ELECTRICITY_LOCATION: inventory.scope_2_location_t_co2,
        Line.ELECTRICITY_MARKET: inventory.scope_2_market_t_co2,
    }
