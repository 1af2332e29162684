"""The ministry's table: rules without a database, and what the platform's data say of a small company."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import Session

from service.compliance.models import ComplianceRecord, RecordArea, Veto, VetoKind, Violation
from service.errors import InvalidInputError, NotFoundError, StaleVersionError
from service.procurement.platform_counts import count_platform
from service.procurement.platform_evidence import evidence_by_item
from service.procurement.self_assessment import assessment_table, check_year, stars_for, total_points
from service.procurement.self_assessment_operations import rate_item
from service.procurement.self_assessment_queries import assessments_of
from service.submissions.models import SubmissionStatus
from service.suppliers.models import Supplier
from tests import builders
from tests.green_score.builders import NOW, a_purchase, a_score

TODAY = date(2026, 11, 22)
X11 = assessment_table().items["X11"]


def test_the_maxima_sum_to_one_hundred_and_each_group_to_its_own() -> None:
    table = assessment_table()
    by_group = {one.id: sum(item.most for item in table.items.values() if item.group == one.id) for one in table.groups}

    assert table.most == 100
    assert by_group == {"X1": 20, "X2": 20, "X3": 20, "X4": 20, "X5": 10, "X6": 10}


def test_the_table_says_that_it_is_not_verified_and_whose_stars_it_knows() -> None:
    table = assessment_table()

    assert not table.is_verified
    assert [band.stars for band in table.bands if band.is_inferred] == [5]


@pytest.mark.parametrize(("total", "stars"), [(90, 5), (89.9, 4), (85, 4), (80, 3), (75, 2), (70, 1), (69.9, None)])
def test_a_total_has_the_stars_of_its_band(total: float, stars: int | None) -> None:
    band = stars_for(total, assessment_table())

    assert (band.stars if band else None) == stars


def test_what_nobody_has_rated_earns_nothing() -> None:
    assert total_points([8, None, 2.5]) == 10.5


@pytest.mark.parametrize("year", [2015, 2027])
def test_a_year_before_the_first_call_or_to_come_is_refused(year: int) -> None:
    with pytest.raises(NotFoundError, match=f"no self-assessment for {year}; choose a year from 2016 to 2026"):
        check_year(year, this_year=2026)


def rate(session: Session, *, points: float = 5, evidence: str = "Plan 2026", version: int = 0) -> None:
    rate_item(session, X11, year=2026, points=points, evidence=evidence, version=version, by="user:a", at=NOW)


def test_more_points_than_an_item_has_are_refused_with_its_maximum(session: Session) -> None:
    with pytest.raises(InvalidInputError) as refused:
        rate(session, points=8.5)

    assert str(refused.value.fields["points"]) == "8.5 points are more than the 8 that X11 can have; enter 0 to 8."


def test_points_without_evidence_are_refused_but_none_need_none(session: Session) -> None:
    with pytest.raises(InvalidInputError) as refused:
        rate(session, evidence="")
    rate(session, points=0, evidence="")

    assert set(refused.value.fields) == {"evidence"}
    assert assessments_of(session, 2026)["X11"].points == 0


def test_a_rating_is_changed_only_by_who_has_seen_the_last_one(session: Session) -> None:
    rate(session)
    rate(session, points=6, version=1)
    for version in (0, 1):
        with pytest.raises(StaleVersionError):
            rate(session, points=7, version=version)

    kept = assessments_of(session, 2026)["X11"]
    assert (kept.points, kept.version) == (6, 2)
    assert assessments_of(session, 2025) == {}


def a_bought_from(session: Session, name: str, **score: Any) -> Supplier:
    supplier = builders.a_supplier(session, name_en=name)
    a_purchase(session, supplier)
    if score:
        a_score(session, supplier=supplier, calculated_at=datetime(2025, 6, 1, tzinfo=NOW.tzinfo), **score)
    return supplier


def a_violation(session: Session, supplier: Supplier, *, on: date, **fields: Any) -> None:
    columns = {"area": RecordArea.ENVIRONMENT, "violation": Violation.FINE_SMALL, "description": "x", "source": "x"}
    session.add(
        ComplianceRecord(supplier_id=supplier.id, happened_on=on, recorded_by="user:a", recorded_at=NOW, **(columns | fields))
    )


def a_veto(session: Session, supplier: Supplier) -> None:
    session.add(
        Veto(
            supplier_id=supplier.id,
            kind=VetoKind.PERMIT,
            since=date(2025, 3, 1),
            reason="x",
            evidence="x",
            raised_by="user:a",
            raised_at=NOW,
        )
    )


def test_low_risk_means_well_graded_not_excluded_and_without_open_violation(session: Session) -> None:
    a_bought_from(session, "good", grade="B")
    a_bought_from(session, "poor", grade="C")
    a_bought_from(session, "silent")  # never scored: not known to be at low risk
    a_veto(session, a_bought_from(session, "excluded", grade="A"))
    a_violation(session, a_bought_from(session, "fined", grade="A"), on=date(2025, 2, 1))
    a_violation(
        session,
        a_bought_from(session, "remedied", grade="A"),
        on=date(2025, 2, 1),
        remedied_on=date(2025, 5, 1),
        remedy_verified_by="user:b",
    )
    a_violation(session, a_bought_from(session, "long ago", grade="A"), on=date(2022, 1, 1))
    session.flush()

    seen = count_platform(session, 2025, today=TODAY)

    # good, remedied and long ago of seven.
    assert (seen.suppliers, seen.low_risk) == (7, 3)
    assert seen.low_risk_share == pytest.approx(3 / 7)


def test_the_newest_grade_of_each_material_counts_and_the_worst_of_them_decides(session: Session) -> None:
    better = a_bought_from(session, "better now", grade="D")
    a_score(session, supplier=better, grade="A", calculated_at=datetime(2025, 9, 1, tzinfo=NOW.tzinfo))
    mixed = a_bought_from(session, "two materials", grade="A")
    a_score(session, supplier=mixed, flow="nitrogen", grade="C", calculated_at=datetime(2025, 9, 1, tzinfo=NOW.tzinfo))

    assert count_platform(session, 2025, today=TODAY).low_risk == 1


def test_reviewed_suppliers_are_counted_in_the_year_of_the_decision(session: Session) -> None:
    supplier = a_bought_from(session, "reviewed")
    submission = builders.a_submission(session, supplier=supplier, status=SubmissionStatus.ACCEPTED)
    submission.decided_at = datetime(2025, 12, 31, 23, 59, tzinfo=NOW.tzinfo)
    session.flush()

    assert count_platform(session, 2025, today=TODAY).reviewed == 1
    assert count_platform(session, 2025, today=TODAY).audited_share == 1
    submission.decided_at += timedelta(minutes=1)
    session.flush()
    assert count_platform(session, 2025, today=TODAY).reviewed == 0


def test_without_purchases_no_share_is_made_up(session: Session) -> None:
    said = evidence_by_item(count_platform(session, 2026, today=TODAY))

    assert {item for item, sentences in said.items() if "No purchases" in sentences[0].text} == {
        "X22",
        "X23",
        "X24",
        "X25",
        "X26",
        "X62",
        "X63",
    }
    assert set(said) >= {"X51", "X61", "X64"}
