"""Scores as rows: calculated from what is known, stored when something has changed, frozen, and found again from themselves."""

from datetime import date, timedelta

import pytest
from sqlmodel import Session

from service.compliance.models import ComplianceRecord, Declaration, Proof, RecordArea, RecordSearch, Veto, VetoKind, Violation
from service.green_score import queries
from service.green_score.operations import freeze_scores, run_scores, score_supplier
from service.green_score.periods import ended_quarter, latest_period
from service.green_score.rechecking import differences
from service.submissions.models import SubmissionStatus
from service.suppliers.models import Supplier
from tests import builders
from tests.builders import NOW, PERIOD
from tests.footprints.builders import TOLL_ANSWERS, a_toll_supplier, an_accepted_submission
from tests.green_score.builders import FLOW, a_benchmark

BY = "user:x"
BEFORE = (date(2024, 1, 1), date(2024, 12, 31))


def a_toll_plant(session: Session) -> Supplier:
    supplier = a_toll_supplier(session)
    an_accepted_submission(session, supplier, TOLL_ANSWERS)
    a_search(session, supplier)
    return supplier


def a_search(session: Session, supplier: Supplier) -> None:
    session.add(
        RecordSearch(
            supplier_id=supplier.id,
            area=RecordArea.ENVIRONMENT,
            searched_on=NOW.date(),
            source="register",
            searched_by=BY,
            recorded_at=NOW,
        )
    )
    session.flush()


def a_fine(session: Session, supplier: Supplier, *, happened_on: date) -> ComplianceRecord:
    fine = ComplianceRecord(
        supplier_id=supplier.id,
        area=RecordArea.ENVIRONMENT,
        violation=Violation.FINE_SMALL,
        happened_on=happened_on,
        description="dust",
        source="register",
        recorded_by=BY,
        recorded_at=NOW,
    )
    session.add(fine)
    session.flush()
    return fine


def test_the_same_inputs_and_method_give_the_row_that_is_there(session: Session) -> None:
    a_benchmark(session)
    supplier = a_toll_plant(session)

    first = score_supplier(session, supplier, FLOW, PERIOD, by=BY, at=NOW)
    again = score_supplier(session, supplier, FLOW, PERIOD, by=BY, at=NOW + timedelta(hours=1))

    assert again.id == first.id
    assert first.category == "toll_graphitization"
    assert first.total == pytest.approx(sum(one["points"] for one in first.indicators.values()))


def test_new_evidence_makes_a_new_row_and_the_old_one_stays(session: Session) -> None:
    a_benchmark(session)
    supplier = a_toll_plant(session)
    first = score_supplier(session, supplier, FLOW, PERIOD, by=BY, at=NOW)
    session.add(
        Declaration(
            supplier_id=supplier.id,
            indicator="E2",
            content={"number": 0.9},
            proof=Proof.METERED,
            evidence="ledger",
            period_end=PERIOD[1],
            recorded_by=BY,
            recorded_at=NOW,
        )
    )
    session.flush()

    second = score_supplier(session, supplier, FLOW, PERIOD, by=BY, at=NOW + timedelta(hours=1))

    # Profile of toll plants: 4 points for E, of which E2 has 3 / 8; full marks at 0.9, metered counts 0.9: 4 x 3 / 8 x 0.9 = 1.35
    assert second.total - first.total == pytest.approx(1.35)
    assert [one.id for one in queries.score_history(session, supplier.id, FLOW)] == [second.id, first.id]


def test_a_day_that_changes_next_to_nothing_makes_no_row_and_a_month_does(session: Session) -> None:
    a_benchmark(session)
    supplier = a_toll_plant(session)
    a_fine(session, supplier, happened_on=date(2026, 6, 1))
    first = score_supplier(session, supplier, FLOW, PERIOD, by=BY, at=NOW)

    # 20 points halve in a year: a day changes 20 x 0.72 x ln 2 / 365 = 0.027 of the value, at 0.063 points each
    next_day = score_supplier(session, supplier, FLOW, PERIOD, by=BY, at=NOW + timedelta(days=1))
    later = score_supplier(session, supplier, FLOW, PERIOD, by=BY, at=NOW + timedelta(days=60))

    assert next_day.id == first.id
    assert later.total > first.total


def test_who_stays_silent_gets_no_new_row_every_day(session: Session) -> None:
    a_benchmark(session)
    supplier = a_toll_supplier(session)
    builders.a_submission(session, supplier=supplier, status=SubmissionStatus.EXPIRED).deadline = date(2026, 6, 1)
    session.flush()
    first = score_supplier(session, supplier, FLOW, PERIOD, by=BY, at=NOW)

    later = score_supplier(session, supplier, FLOW, PERIOD, by=BY, at=NOW + timedelta(days=9))

    assert first.inputs["portal"]["days_late"] == [174.0]  # 1 June to 22 November
    assert later.id == first.id


def test_a_stored_score_is_found_again_from_its_own_row(session: Session) -> None:
    a_benchmark(session)
    supplier = a_toll_plant(session)
    an_accepted_submission(session, supplier, TOLL_ANSWERS, period=BEFORE)
    a_fine(session, supplier, happened_on=date(2025, 6, 1))
    before = score_supplier(session, supplier, FLOW, BEFORE, by=BY, at=NOW)
    row = score_supplier(session, supplier, FLOW, PERIOD, by=BY, at=NOW)
    session.expire_all()

    assert row.previous_id == before.id
    assert [differences(session, one) for one in (before, row)] == [[], []]


def test_a_score_whose_row_was_tampered_with_is_told(session: Session) -> None:
    a_benchmark(session)
    row = score_supplier(session, a_toll_plant(session), FLOW, PERIOD, by=BY, at=NOW)
    row.total += 1.0
    row.robustness = {}

    assert differences(session, row) == ["total", "robustness"]
    row.inputs = {**row.inputs, "electricity": None}
    assert differences(session, row) == ["inputs_hash"]


def test_an_exclusion_is_seen_at_once_and_so_is_its_end(session: Session) -> None:
    a_benchmark(session)
    supplier = a_toll_plant(session)
    veto = Veto(
        supplier_id=supplier.id,
        kind=VetoKind.FALSIFICATION,
        since=date(2026, 11, 1),
        reason="meters",
        evidence="report",
        raised_by=BY,
        raised_at=NOW,
    )
    session.add(veto)
    session.flush()

    excluded = score_supplier(session, supplier, FLOW, PERIOD, by=BY, at=NOW)
    veto.cleared_by, veto.cleared_at = "user:y", NOW
    session.flush()
    cleared = score_supplier(session, supplier, FLOW, PERIOD, by=BY, at=NOW)

    assert excluded.grade == "V"
    assert cleared.grade != "V"
    assert cleared.total == excluded.total


def test_a_run_freezes_the_benchmarks_of_its_year_first(session: Session) -> None:
    supplier = a_toll_plant(session)

    rows = run_scores(session, [(supplier, FLOW)], by=BY, at=NOW)

    assert [(one.period_start, one.period_end) for one in rows] == [PERIOD]
    assert rows[0].inputs["anchors"]["origin"] == "dataset"
    assert f"benchmark:{FLOW}:2026:1" in rows[0].indicators["A1"]["sources"]


def test_adding_a_supplier_changes_nobody_else_s_score(session: Session) -> None:
    first = a_toll_plant(session)
    alone = run_scores(session, [(first, FLOW)], by=BY, at=NOW)[0]
    others = [(a_toll_plant(session), FLOW) for _ in range(5)]

    together = run_scores(session, [(first, FLOW), *others], by=BY, at=NOW + timedelta(hours=1))

    assert together[0].id == alone.id


def test_an_open_period_is_stored_but_starts_no_grade(session: Session) -> None:
    a_benchmark(session)
    supplier = a_toll_supplier(session)
    request = builders.a_submission(session, supplier=supplier, status=SubmissionStatus.OPENED, period=BEFORE)

    row = score_supplier(session, supplier, FLOW, BEFORE, by=BY, at=NOW)

    assert request.deadline > NOW.date()
    assert row.is_open
    assert queries.score_before(session, supplier.id, FLOW, PERIOD[1]) is None


def test_the_latest_scores_are_one_for_each_supplier_and_material(session: Session) -> None:
    a_benchmark(session)
    supplier = a_toll_plant(session)
    score_supplier(session, supplier, FLOW, BEFORE, by=BY, at=NOW + timedelta(hours=2))
    row = score_supplier(session, supplier, FLOW, PERIOD, by=BY, at=NOW)

    assert [one.id for one in queries.latest_scores(session)] == [row.id]
    assert queries.latest_score(session, supplier.id, FLOW) == row
    assert queries.scored_flows(session) == [FLOW]


def test_a_quarter_is_frozen_once(session: Session) -> None:
    a_benchmark(session)
    row = score_supplier(session, a_toll_plant(session), FLOW, PERIOD, by=BY, at=NOW)

    first = freeze_scores(session, "2026-Q3", at=NOW)
    again = freeze_scores(session, "2026-Q3", at=NOW)

    assert [(one.total, one.inputs_hash, one.frozen_quarter) for one in first] == [(row.total, row.inputs_hash, "2026-Q3")]
    assert again == []
    assert differences(session, first[0]) == []


@pytest.mark.parametrize(
    ("day", "quarter"), [(date(2026, 11, 22), "2026-Q3"), (date(2026, 1, 1), "2025-Q4"), (date(2026, 4, 1), "2026-Q1")]
)
def test_the_last_ended_quarter(day: date, quarter: str) -> None:
    assert ended_quarter(day) == quarter


def test_the_latest_period_is_the_last_ended_year() -> None:
    assert latest_period(date(2026, 11, 22)) == PERIOD
