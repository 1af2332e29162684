"""The inventory of a year, closed or open: what targets, measures and the dashboard rest on."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session

from service.company_inventory.calculating import calculate
from service.company_inventory.contents import from_json
from service.company_inventory.factors import FuelFactorSet
from service.company_inventory.inventory import Inventory, InventoryStatus
from service.company_inventory.models import InventorySnapshot
from service.company_inventory.queries import closed_years, find_work, latest_snapshot, years_with_entries


def inventory_of(session: Session, year: int, *, at: datetime) -> Inventory:
    """Return the inventory of a year: of a closed one its snapshot, of an open one what today's entries make.

    A total of an open year is what is known so far; `is_complete` and `missing` say what it lacks.

    Parameters
    ----------
    at
        Now; an open year is calculated as of this moment.

    """
    work = find_work(session, year)
    if work is None:
        return calculate(session, year, factor_set=FuelFactorSet.GB_T_32151_34, status=InventoryStatus.DRAFT, on=at.date())
    if work.status is InventoryStatus.CLOSED:
        snapshot = latest_snapshot(session, year)
        if snapshot is not None:
            return inventory_in(snapshot)
    return calculate(session, year, factor_set=work.factor_set, status=work.status, on=at.date())


def inventory_in(snapshot: InventorySnapshot) -> Inventory:
    """Return the inventory that a closing keeps."""
    content = snapshot.content["inventory"]
    return from_json(content, snapshot_id=snapshot.id, sha256=snapshot.sha256, number=snapshot.number)


def inventory_years(session: Session) -> Sequence[int]:
    """Return the years that have an entry or were closed, in order."""
    return sorted({*years_with_entries(session), *closed_years(session)})
