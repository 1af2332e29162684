"""A year's life: worked, verified by another person, closed, opened again with a reason, restated."""

from datetime import date

import pytest
from sqlmodel import Session, select

from service.company_inventory import operations
from service.company_inventory.checks import CHECKS
from service.company_inventory.contents import hash_of
from service.company_inventory.factors import FuelFactorSet
from service.company_inventory.inventories import inventory_in, inventory_of
from service.company_inventory.inventory import InventoryStatus
from service.company_inventory.models import ClosedInventoryError, InventorySnapshot, RestatementCause
from service.company_inventory.queries import get_work, latest_snapshot, restatements, snapshots_of
from service.company_inventory.restating import check_base_year
from service.company_inventory.schemas import FindingInput, ReopeningInput
from service.errors import ConflictError, InvalidInputError, InvalidTransitionError, SamePersonError, StaleVersionError
from service.monitoring.closing import is_closed
from service.monitoring.models import ActivityEntry
from service.settings import Settings
from tests.company_inventory.builders import a_graphitising_plant
from tests.monitoring.builders import NOW, a_source, an_entry

GB = FuelFactorSet.GB_T_32151_34
ANNA, BERT, CARA = "user:anna", "user:bert", "user:cara"
"""Anna works the year, Bert verifies and closes it, Cara opens it again."""


def _verified(session: Session, year: int = 2023) -> None:
    version = operations.prepare(session, year, GB, version=0, by=ANNA, at=NOW).version
    operations.verify(session, year, list(CHECKS), version=version, by=BERT, at=NOW)


def _closed(session: Session, settings: Settings, year: int = 2023) -> InventorySnapshot:
    _verified(session, year)
    return operations.close(session, year, version=2, settings=settings, by=BERT, at=NOW)


def _reopened(session: Session, cause: RestatementCause = RestatementCause.METHOD, year: int = 2023) -> None:
    fields = ReopeningInput(cause=cause, reason="Other factors are used.", version=get_work(session, year).version)
    operations.reopen(session, year, fields, by=CARA, at=NOW)


def test_whoever_worked_the_year_or_entered_a_figure_can_not_verify_it(session: Session) -> None:
    a_graphitising_plant(session)
    operations.prepare(session, 2023, GB, version=0, by=ANNA, at=NOW)
    entered_by = session.exec(select(ActivityEntry.entered_by).distinct()).one()
    for same in (ANNA, entered_by):
        with pytest.raises(SamePersonError, match="another person"):
            operations.verify(session, 2023, list(CHECKS), version=1, by=same, at=NOW)


def test_a_year_with_a_missing_month_is_not_verified_and_the_month_is_named(session: Session) -> None:
    plant = a_graphitising_plant(session)
    a_source(session, plant, "lpg", starts=date(2023, 12, 1))
    operations.prepare(session, 2023, GB, version=0, by=ANNA, at=NOW)
    with pytest.raises(operations.IncompleteInventoryError, match="2023-12"):
        operations.verify(session, 2023, list(CHECKS), version=1, by=BERT, at=NOW)


def test_all_checks_are_made_and_all_findings_settled(session: Session) -> None:
    a_graphitising_plant(session)
    operations.prepare(session, 2023, GB, version=0, by=ANNA, at=NOW)
    with pytest.raises(InvalidInputError):
        operations.verify(session, 2023, ["months"], version=1, by=BERT, at=NOW)
    finding = operations.raise_finding(
        session, 2023, FindingInput(check="evidence", text="The bill of May is not kept."), by=BERT, at=NOW
    )
    with pytest.raises(ConflictError, match="not settled"):
        operations.verify(session, 2023, list(CHECKS), version=1, by=BERT, at=NOW)
    operations.resolve_finding(session, 2023, finding.id, "Found in the archive.", by=ANNA, at=NOW)
    assert operations.verify(session, 2023, list(CHECKS), version=1, by=BERT, at=NOW).status is InventoryStatus.VERIFIED


def test_a_closed_year_is_kept_with_its_hash_and_its_months_stand(session: Session, settings: Settings) -> None:
    a_graphitising_plant(session)
    live = inventory_of(session, 2023, at=NOW)
    snapshot = _closed(session, settings)
    kept = inventory_of(session, 2023, at=NOW)
    assert hash_of(snapshot.content) == snapshot.sha256 == kept.sha256
    assert (kept.lines, kept.energy, kept.missing) == (live.lines, live.energy, live.missing)
    assert (kept.status, kept.number, kept.snapshot_id) == (InventoryStatus.CLOSED, 1, snapshot.id)
    assert is_closed(session, date(2023, 5, 1))


@pytest.mark.parametrize("deleted", [False, True])
def test_a_snapshot_refuses_to_be_changed_or_deleted(session: Session, settings: Settings, *, deleted: bool) -> None:
    a_graphitising_plant(session)
    snapshot = _closed(session, settings)
    session.flush()
    if deleted:
        session.delete(snapshot)
    else:
        snapshot.sha256 = "0" * 64
    with pytest.raises(ClosedInventoryError, match="2023"):
        session.flush()
    session.rollback()


def test_a_figure_changed_after_verifying_is_not_closed(session: Session, settings: Settings) -> None:
    plant = a_graphitising_plant(session)
    _verified(session)
    an_entry(session, a_source(session, plant, "lpg", starts=date(2023, 1, 1), ends=date(2023, 1, 1)), date(2023, 1, 1), 5)
    with pytest.raises(operations.ChangedInventoryError, match="verified again"):
        operations.close(session, 2023, version=2, settings=settings, by=BERT, at=NOW)


def test_closing_needs_a_verified_year_and_another_person(session: Session, settings: Settings) -> None:
    a_graphitising_plant(session)
    operations.prepare(session, 2023, GB, version=0, by=ANNA, at=NOW)
    with pytest.raises(InvalidTransitionError):
        operations.close(session, 2023, version=1, settings=settings, by=BERT, at=NOW)
    operations.verify(session, 2023, list(CHECKS), version=1, by=BERT, at=NOW)
    with pytest.raises(SamePersonError):
        operations.close(session, 2023, version=2, settings=settings, by=ANNA, at=NOW)
    with pytest.raises(StaleVersionError):
        operations.close(session, 2023, version=1, settings=settings, by=BERT, at=NOW)


def test_another_set_of_factors_asks_for_another_verification(session: Session) -> None:
    a_graphitising_plant(session)
    _verified(session)
    work = operations.prepare(session, 2023, FuelFactorSet.NDRC_24_SECTOR, version=2, by=ANNA, at=NOW)
    assert (work.status, work.verified_by) == (InventoryStatus.DRAFT, None)
    # diesel 12 t · 43.33 · 0.0202 · 0.98 · 44/12: all fuels of the other set
    diesel = next(one for one in inventory_of(session, 2023, at=NOW).lines if one.subject == "diesel")
    assert diesel.t_co2 == pytest.approx(12 * 43.33 * 0.0202 * 0.98 * 44 / 12)


def test_whoever_closed_a_year_can_not_open_it_again(session: Session, settings: Settings) -> None:
    a_graphitising_plant(session)
    _closed(session, settings)
    fields = ReopeningInput(cause=RestatementCause.ERROR, reason="A meter was wrong.", version=3)
    with pytest.raises(SamePersonError):
        operations.reopen(session, 2023, fields, by=BERT, at=NOW)


def test_closing_again_restates_and_keeps_what_was_said_before(session: Session, settings: Settings) -> None:
    plant = a_graphitising_plant(session)
    first = _closed(session, settings)
    _reopened(session)
    assert not is_closed(session, date(2023, 5, 1))
    source = a_source(session, plant, "diesel", starts=date(2023, 1, 1), ends=date(2023, 1, 1))
    an_entry(session, source, date(2023, 1, 1), 100)
    operations.verify(session, 2023, list(CHECKS), version=get_work(session, 2023).version, by=BERT, at=NOW)
    second = operations.close(session, 2023, version=get_work(session, 2023).version, settings=settings, by=BERT, at=NOW)
    row = restatements(session, 2023)[0]
    assert (row.former_id, row.restated_id, row.cause) == (first.id, second.id, RestatementCause.METHOD)
    # 100 t of diesel more: 309.591 t CO2 of 8,088.68
    assert row.restated_t_co2 - row.former_t_co2 == pytest.approx(309.591, abs=1e-3)
    assert row.change == pytest.approx(309.591 / 8088.684, rel=1e-4)
    assert [one.number for one in snapshots_of(session, 2023)] == [2, 1]
    assert inventory_in(first).scope_1_and_2_location_t_co2 == pytest.approx(row.former_t_co2)


def test_the_base_year_asks_for_a_restatement_when_the_method_moves_it_by_more_than_the_threshold(
    session: Session, settings: Settings
) -> None:
    # 8,744 t of 2021 on the standard's set; diesel moves 1.6 % of 37 t on the other: far below 5 %, above 0.005 %
    a_graphitising_plant(session, year=2021)
    a_graphitising_plant(session, year=2025)
    assert check_base_year(session, threshold_percent=5.0) is None
    _closed(session, settings, year=2021)
    operations.prepare(session, 2025, FuelFactorSet.NDRC_24_SECTOR, version=0, by=ANNA, at=NOW)
    operations.verify(session, 2025, list(CHECKS), version=1, by=BERT, at=NOW)
    operations.close(session, 2025, version=2, settings=settings, by=BERT, at=NOW)
    large, small = (check_base_year(session, threshold_percent=one) for one in (5.0, 0.005))
    assert large is not None
    assert small is not None
    assert large.today_t_co2 - large.closed_t_co2 == pytest.approx(12 * (3.14512 - 3.09591), abs=1e-3)
    assert (large.is_due, small.is_due) == (False, True)
    closed = latest_snapshot(session, 2021)
    assert closed is not None
    assert inventory_of(session, 2021, at=NOW).scope_1_and_2_location_t_co2 == large.closed_t_co2
