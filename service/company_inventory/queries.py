"""Reading what was done on the inventories of years."""

import uuid
from collections.abc import Sequence

from sqlmodel import Session, col, select

from service.company_inventory.models import CompanyInventory, InventoryFinding, InventorySnapshot, Restatement
from service.errors import N_, NotFoundError
from service.monitoring.models import ActivityEntry


def find_work(session: Session, year: int) -> CompanyInventory | None:
    """Return the work on a year; None before anybody began."""
    return session.exec(select(CompanyInventory).where(CompanyInventory.year == year)).first()


def get_work(session: Session, year: int) -> CompanyInventory:
    """Return the work on a year."""
    found = find_work(session, year)
    if found is None:
        raise NotFoundError
    return found


def latest_snapshot(session: Session, year: int) -> InventorySnapshot | None:
    """Return the last closing of a year, also when it was opened again since."""
    query = select(InventorySnapshot).where(InventorySnapshot.year == year).order_by(col(InventorySnapshot.number).desc())
    return session.exec(query).first()


def snapshots_of(session: Session, year: int) -> Sequence[InventorySnapshot]:
    """Return every closing of a year, the newest first."""
    query = select(InventorySnapshot).where(InventorySnapshot.year == year)
    return session.exec(query.order_by(col(InventorySnapshot.number).desc())).all()


def get_snapshot(session: Session, snapshot_id: uuid.UUID) -> InventorySnapshot:
    """Return one closing."""
    found = session.get(InventorySnapshot, snapshot_id)
    if found is None:
        raise NotFoundError
    return found


def get_closing(session: Session, year: int, *, number: int | None = None) -> InventorySnapshot:
    """Return one closing of a year, the last unless told."""
    found = [one for one in snapshots_of(session, year) if number is None or one.number == number]
    if not found:
        raise NotFoundError(N_("The year %(year)s is not closed, so there is no report of it yet."), year=year)
    return found[0]


def findings_of(session: Session, inventory_id: uuid.UUID) -> Sequence[InventoryFinding]:
    """Return what a verification found, the oldest first."""
    query = select(InventoryFinding).where(InventoryFinding.inventory_id == inventory_id)
    return session.exec(query.order_by(col(InventoryFinding.raised_at), col(InventoryFinding.id))).all()


def get_finding(session: Session, finding_id: uuid.UUID) -> InventoryFinding:
    """Return one finding."""
    found = session.get(InventoryFinding, finding_id)
    if found is None:
        raise NotFoundError
    return found


def restatements(session: Session, year: int | None = None) -> Sequence[Restatement]:
    """Return the restatements of a year or of all, the newest first."""
    query = select(Restatement).order_by(col(Restatement.restated_at).desc(), col(Restatement.id))
    return session.exec(query if year is None else query.where(Restatement.year == year)).all()


def years_with_entries(session: Session) -> Sequence[int]:
    """Return the years that have an entry, in order."""
    months = session.exec(select(col(ActivityEntry.month)).where(col(ActivityEntry.superseded_at).is_(None)).distinct())
    return sorted({month.year for month in months})


def closed_years(session: Session) -> Sequence[int]:
    """Return the years that were ever closed, in order."""
    return sorted(set(session.exec(select(col(InventorySnapshot.year)).distinct())))


def editors_of(session: Session, year: int) -> frozenset[str]:
    """Return who entered a figure of a year that stands."""
    query = (
        select(col(ActivityEntry.month), col(ActivityEntry.entered_by)).where(col(ActivityEntry.superseded_at).is_(None)).distinct()
    )
    return frozenset(who for month, who in session.exec(query) if month.year == year)
