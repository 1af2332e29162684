"""Every write on the inventories of years: worked, verified by another person, closed, opened again with a reason."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlmodel import Session

from service.audit.operations import record
from service.company_inventory.checks import CHECKS
from service.company_inventory.contents import figures_hash, hash_of
from service.company_inventory.factors import FuelFactorSet
from service.company_inventory.inventories import inventory_of
from service.company_inventory.inventory import Inventory, InventoryStatus
from service.company_inventory.lines import GAP_TEXTS
from service.company_inventory.models import (
    CompanyInventory,
    InventoryFinding,
    InventorySnapshot,
    Restatement,
    RestatementCause,
)
from service.company_inventory.queries import editors_of, find_work, findings_of, get_finding, get_work, latest_snapshot
from service.company_inventory.schemas import FindingInput, ReopeningInput
from service.company_inventory.snapshotting import content_of, total_in
from service.errors import (
    N_,
    ConflictError,
    FieldError,
    InvalidInputError,
    InvalidTransitionError,
    NotFoundError,
    RefusedError,
    SamePersonError,
    StaleVersionError,
)
from service.monitoring.closing import close_year, reopen_year
from service.monitoring.queries import get_entry
from service.settings import Settings


class IncompleteInventoryError(RefusedError):
    """A year that lacks something in Scope 1, Scope 2 or energy was to be verified or closed."""

    code = "incomplete-inventory"


class ChangedInventoryError(ConflictError):
    """Figures changed after they had been verified."""

    code = "changed-since-verified"


# ---- Working and verifying ----


def prepare(
    session: Session, year: int, factor_set: FuelFactorSet, *, version: int, by: str, at: datetime, is_sample: bool = False
) -> CompanyInventory:
    """Begin a year or choose another set of factors for all of its fuels; what was verified before has to be again."""
    work = find_work(session, year)
    if work is None:
        work = CompanyInventory(year=year, factor_set=factor_set, prepared_by=by, prepared_at=at, is_sample=is_sample)
        session.add(work)
    else:
        _check_version(work, version)
        _check_status(work, InventoryStatus.DRAFT, InventoryStatus.VERIFIED, wanted=InventoryStatus.DRAFT)
        work.factor_set, work.prepared_by, work.prepared_at = factor_set, by, at
        _forget_verification(work)
        work.version += 1
    record(session, "inventory_prepared", of=work, by=by, at=at, year=year, factor_set=factor_set.value)
    return work


def raise_finding(
    session: Session, year: int, fields: FindingInput, *, by: str, at: datetime, is_sample: bool = False
) -> InventoryFinding:
    """Note what a verification found; a year that was verified is a draft again."""
    work = get_work(session, year)
    _check_status(work, InventoryStatus.DRAFT, InventoryStatus.VERIFIED, wanted=InventoryStatus.DRAFT)
    if fields.entry_id is not None:
        get_entry(session, fields.entry_id)
    finding = InventoryFinding(
        inventory_id=work.id, **fields.model_dump(), raised_by=by, raised_at=at, is_sample=work.is_sample or is_sample
    )
    session.add(finding)
    _forget_verification(work)
    record(session, "inventory_finding_raised", of=finding, by=by, at=at, year=year, check=fields.check)
    return finding


def resolve_finding(
    session: Session, year: int, finding_id: uuid.UUID, resolution: str, *, by: str, at: datetime
) -> InventoryFinding:
    """Say what was done about a finding of a year; once."""
    finding = get_finding(session, finding_id)
    if finding.inventory_id != get_work(session, year).id:
        raise NotFoundError
    if finding.resolved_at is not None:
        raise ConflictError(N_("This finding is settled already. Note another one if there is more to say."))
    finding.resolution, finding.resolved_by, finding.resolved_at = resolution, by, at
    record(session, "inventory_finding_resolved", of=finding, by=by, at=at)
    return finding


def verify(session: Session, year: int, checks: Sequence[str], *, version: int, by: str, at: datetime) -> CompanyInventory:
    """Confirm that a year was checked by somebody who neither worked it nor entered one of its figures.

    Raises
    ------
    SamePersonError
        By one of those people.
    IncompleteInventoryError
        With everything that is missing.
    InvalidInputError
        With the checks that were not made.

    """
    work = get_work(session, year)
    _check_version(work, version)
    _check_status(work, InventoryStatus.DRAFT, wanted=InventoryStatus.VERIFIED)
    if by == work.prepared_by or by in editors_of(session, year):
        raise SamePersonError(
            N_("Whoever worked the year %(year)s or entered a figure of it can't verify it; ask another person."), year=year
        )
    _check_all_made(checks)
    _check_settled(session, work)
    inventory = _complete(session, year, at=at)
    work.status, work.verified_by, work.verified_at = InventoryStatus.VERIFIED, by, at
    work.checks, work.verified_sha256 = list(checks), figures_hash(inventory)
    work.version += 1
    record(session, "inventory_verified", of=work, by=by, at=at, year=year, sha256=work.verified_sha256)
    return work


def _check_all_made(checks: Sequence[str]) -> None:
    if absent := [key for key in CHECKS if key not in checks]:
        problem = FieldError(N_("%(count)s checks are not confirmed. Make them all, or note a finding."), count=len(absent))
        raise InvalidInputError({"checks": problem})


def _check_settled(session: Session, work: CompanyInventory) -> None:
    unsettled = [one for one in findings_of(session, work.id) if one.resolved_at is None]
    if unsettled:
        raise ConflictError(N_("%(count)s findings are not settled. Say what was done about each."), count=len(unsettled))


def _complete(session: Session, year: int, *, at: datetime) -> Inventory:
    inventory = inventory_of(session, year, at=at)
    points = [FieldError(GAP_TEXTS[gap.kind], detail=gap.detail) for gap in inventory.missing if gap.blocks_closing]
    if points:
        raise IncompleteInventoryError(
            N_("The year %(year)s is not complete: %(count)s things are missing. The first: %(first)s"), points, year=year
        )
    return inventory


# ---- Closing and opening again ----


def close(session: Session, year: int, *, version: int, settings: Settings, by: str, at: datetime) -> InventorySnapshot:
    """Keep a verified year for good, and let its entries stand; closing it once more restates it.

    Raises
    ------
    SamePersonError
        By whoever worked the year.
    ChangedInventoryError
        When a figure is another one than was verified.

    """
    work = get_work(session, year)
    _check_version(work, version)
    _check_status(work, InventoryStatus.VERIFIED, wanted=InventoryStatus.CLOSED)
    if by == work.prepared_by:
        raise SamePersonError(N_("Whoever worked the year %(year)s can't close it; ask another person."), year=year)
    inventory = _complete(session, year, at=at)
    if figures_hash(inventory) != work.verified_sha256:
        raise ChangedInventoryError(
            N_("Figures of %(year)s have changed since they were verified. Have the year verified again."), year=year
        )
    work.status = InventoryStatus.CLOSED
    work.version += 1
    snapshot = _keep(session, inventory, work, settings=settings, by=by, at=at)
    close_year(session, year, by=by, at=at, is_sample=inventory.is_sample)
    return snapshot


def _keep(
    session: Session, inventory: Inventory, work: CompanyInventory, *, settings: Settings, by: str, at: datetime
) -> InventorySnapshot:
    former = latest_snapshot(session, work.year)
    number = 1 if former is None else former.number + 1
    closed = replace(inventory, status=InventoryStatus.CLOSED)
    content = content_of(session, closed, work, number=number, former=former, settings=settings, by=by, at=at)
    snapshot = InventorySnapshot(
        year=work.year,
        number=number,
        content=content,
        sha256=hash_of(content),
        closed_by=by,
        closed_at=at,
        is_sample=inventory.is_sample,
    )
    session.add(snapshot)
    record(session, "inventory_closed", of=snapshot, by=by, at=at, year=work.year, number=number, sha256=snapshot.sha256)
    if former is not None:
        _restate(session, work, former, snapshot, at=at)
    return snapshot


def _restate(
    session: Session, work: CompanyInventory, former: InventorySnapshot, snapshot: InventorySnapshot, *, at: datetime
) -> None:
    row = Restatement(
        year=work.year,
        former_id=former.id,
        restated_id=snapshot.id,
        cause=work.reopened_cause or RestatementCause.ERROR,
        reason=work.reopened_because or "",
        former_t_co2=total_in(former.content),
        restated_t_co2=total_in(snapshot.content),
        asked_by=work.reopened_by or "",
        restated_at=at,
        is_sample=snapshot.is_sample,
    )
    session.add(row)
    record(session, "inventory_restated", of=row, by=snapshot.closed_by, at=at, year=work.year, cause=row.cause.value)


def reopen(session: Session, year: int, fields: ReopeningInput, *, by: str, at: datetime) -> CompanyInventory:
    """Open a closed year again, for a reason, by another person than closed it; the snapshot stays as it is.

    Raises
    ------
    SamePersonError
        By whoever closed the year.

    """
    work = get_work(session, year)
    _check_version(work, fields.version)
    _check_status(work, InventoryStatus.CLOSED, wanted=InventoryStatus.DRAFT)
    snapshot = latest_snapshot(session, year)
    if snapshot is not None and snapshot.closed_by == by:
        raise SamePersonError(N_("Whoever closed the year %(year)s can't open it again; ask another person."), year=year)
    work.status = InventoryStatus.DRAFT
    work.reopened_by, work.reopened_at = by, at
    work.reopened_cause, work.reopened_because = fields.cause, fields.reason
    _forget_verification(work)
    work.version += 1
    reopen_year(session, year, reason=fields.reason, by=by, at=at)
    record(session, "inventory_reopened", of=work, by=by, at=at, year=year, cause=fields.cause.value)
    return work


def _forget_verification(work: CompanyInventory) -> None:
    work.status, work.checks = InventoryStatus.DRAFT, []
    work.verified_by = work.verified_at = work.verified_sha256 = None


def _check_version(work: CompanyInventory, version: int) -> None:
    if work.version != version:
        raise StaleVersionError


def _check_status(work: CompanyInventory, *allowed: InventoryStatus, wanted: InventoryStatus) -> None:
    if work.status not in allowed:
        raise InvalidTransitionError(present=work.status.value, wanted=wanted.value, allowed=", ".join(_NEXT[work.status]))


_NEXT: Final[Mapping[InventoryStatus, tuple[str, ...]]] = {
    InventoryStatus.DRAFT: ("verified",),
    InventoryStatus.VERIFIED: ("closed", "draft"),
    InventoryStatus.CLOSED: ("draft",),
}
