"""The sample company's procurement shows something at first start: grades from A to excluded, plans and decisions."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlmodel import Session, select

from service.allocation.models import AllocationRun, Demand, Offer, SoleSourceWaiver
from service.compliance.models import ComplianceRecord, Declaration, HeldCertificate, RecordSearch, Veto
from service.compliance.queries import ending_certificates
from service.database import Database
from service.green_score import queries
from service.green_score.models import Benchmark, NotApplicable, Score
from service.green_score.rechecking import differences
from service.jobs.models import Job
from service.procurement.models import Appeal, AwardMemo, CorrectiveAction
from service.sample.loading import load_sample
from service.settings import Settings
from service.suppliers.models import Supplier
from service.swaps.models import FootprintLimit, SwapRun
from tests.databases import sqlite_copy

TABLES = (
    *(Supplier, Score, Offer, Demand, SoleSourceWaiver, AllocationRun, SwapRun, FootprintLimit, HeldCertificate, Declaration),
    *(ComplianceRecord, RecordSearch, Veto, CorrectiveAction, Appeal, AwardMemo, NotApplicable),
)
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    """Return the sample company, loaded once for all of these tests."""
    folder = tmp_path_factory.mktemp("sample")
    with sqlite_copy(sqlite_template, folder) as database:
        load_sample(database, Settings(data_dir=folder, env="test", secret_key="0" * 64), NOW)
        yield database


@pytest.fixture
def session(loaded: Database) -> Iterator[Session]:
    with loaded.reading() as session:
        yield session


def test_every_grade_is_there_and_each_score_is_found_again_from_its_own_row(session: Session) -> None:
    scores = queries.latest_scores(session)

    assert {one.grade for one in scores} == {"A", "B", "C", "D", "V"}
    assert any(one.is_open for one in scores)
    assert [(one.id, found) for one in scores if (found := differences(session, one))] == []


def test_materials_have_enough_suppliers_to_be_ranked(session: Session) -> None:
    flows = [one.flow for one in queries.latest_scores(session)]

    assert flows.count("graphitised_powder") >= 6
    assert flows.count("green_petroleum_coke") >= 5
    assert flows.count("coal_tar_pitch") >= 4
    assert min(flows.count("graphite_crucible"), flows.count("nitrogen")) >= 3


def test_six_toll_plants_make_their_own_benchmark(session: Session) -> None:
    rows = session.exec(select(Benchmark).where(Benchmark.flow == "graphitised_powder", Benchmark.scoring_year == 2026)).all()

    assert [one.origin for one in rows] == ["peers"]


def test_next_year_s_orders_have_a_plan_and_one_of_them_an_award(session: Session) -> None:
    run = session.exec(select(AllocationRun)).one()
    memo = session.exec(select(AwardMemo)).one()

    assert run.answer is not None
    assert run.answer["status"] == "optimal"
    assert {one["material"] for one in run.answer["allocations"]} == {one.flow for one in session.exec(select(Demand))}
    assert memo.allocation_id == run.id


def test_certificates_end_soon_or_have_ended(session: Session) -> None:
    soon = [one.valid_until for one, _ in ending_certificates(session, until=datetime(2027, 1, 25, tzinfo=UTC).date())]

    assert len(soon) >= 3
    assert min(soon) < NOW.date() < max(soon)


@pytest.mark.parametrize("table", TABLES)
def test_every_row_is_marked_as_sample(session: Session, table: type[Score]) -> None:
    rows = session.exec(select(table)).all()

    assert rows
    assert all(one.is_sample for one in rows)


def test_what_was_put_on_file_leaves_no_heap_of_jobs_behind(session: Session) -> None:
    assert len(session.exec(select(Job.id).where(Job.name == "score_suppliers")).all()) < 5
