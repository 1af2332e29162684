from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import Session, select

from service.errors import ConflictError, InvalidInputError, SamePersonError, StaleVersionError
from service.green_score.models import Score
from service.jobs.models import Job
from service.procurement import appeals
from service.procurement.appeal_queries import visible_since
from service.procurement.appeal_rules import AppealTooLateError, last_day
from service.procurement.appeal_schemas import AppealInput, DecisionInput
from service.procurement.models import AppealStatus
from tests.builders import NOW
from tests.compliance.builders import a_held_certificate
from tests.green_score.builders import a_score
from tests.procurement.follow_up_builders import SUPPLIERS_PERSON, TIMEZONE, an_appeal

FIELDS = AppealInput(indicator="B3", words="The meter is read every month.")
OTHER = "user:01999999-0000-7000-8000-0000000000bb"
UPHELD = DecisionInput(version=1, verdict="upheld", decision="The bills show it; metering is corrected.")
REJECTED = DecisionInput(version=1, verdict="rejected", decision="The bills show one reading a year.")


def a_score_of(session: Session, at: datetime) -> Score:
    score = a_score(session)
    score.calculated_at = at
    session.add(score)
    session.flush()
    return score


def test_seven_whole_days_follow_the_day_on_which_a_score_became_visible() -> None:
    assert last_day(date(2026, 11, 22)) == date(2026, 11, 29)
    assert last_day(date(2028, 2, 25)) == date(2028, 3, 3)  # 2028 has a 29th of February: 4 days to it, 3 beyond


def test_the_last_moment_of_the_last_day_counts_where_the_deployment_is(session: Session) -> None:
    # 16:30 UTC on the 21st is 00:30 on the 22nd in Shanghai, so the last day is the 29th, which ends at 16:00 UTC.
    score = a_score_of(session, datetime(2026, 11, 21, 16, 30, tzinfo=UTC))
    too_late = datetime(2026, 11, 29, 16, 0, tzinfo=UTC)

    with pytest.raises(AppealTooLateError, match="until 2026-11-29"):
        appeals.file_appeal(session, score, FIELDS, timezone=TIMEZONE, by=SUPPLIERS_PERSON, at=too_late)
    appeal = appeals.file_appeal(session, score, FIELDS, timezone=TIMEZONE, by=SUPPLIERS_PERSON, at=too_late - timedelta(seconds=1))

    assert appeal.status is AppealStatus.FILED


def test_a_copy_kept_at_a_quarter_s_end_opens_no_second_week(session: Session) -> None:
    score = a_score_of(session, datetime(2026, 9, 1, tzinfo=UTC))
    kept = Score(**score.model_dump(exclude={"id", "frozen_quarter", "calculated_at"}), frozen_quarter="2026-Q3", calculated_at=NOW)
    session.add(kept)
    session.flush()

    assert visible_since(session, kept) == datetime(2026, 9, 1, tzinfo=UTC)


def test_an_indicator_and_the_whole_score_can_each_be_objected_to_once(session: Session) -> None:
    score = a_score_of(session, NOW)
    an_appeal(session, score, indicator="B3")
    an_appeal(session, score, indicator="C1")
    an_appeal(session, score, indicator=None)

    for indicator in ("B3", None):
        with pytest.raises(InvalidInputError) as caught:
            an_appeal(session, score, indicator=indicator)
        assert "already" in str(caught.value.fields["indicator"])


def test_an_indicator_that_the_score_does_not_have_is_refused(session: Session) -> None:
    with pytest.raises(InvalidInputError) as caught:
        an_appeal(session, a_score_of(session, NOW), indicator="Z9")
    assert "indicator" in caught.value.fields


def test_what_is_upheld_is_calculated_again_and_what_is_rejected_is_not(session: Session) -> None:
    score = a_score_of(session, NOW)
    upheld, rejected = an_appeal(session, score, indicator="B3"), an_appeal(session, score, indicator="C1")

    appeals.decide(session, rejected, REJECTED, by=OTHER, at=NOW)
    assert session.exec(select(Job).where(Job.name == appeals.RESCORE_TASK)).all() == []
    appeals.decide(session, upheld, UPHELD, by=OTHER, at=NOW)

    job = session.exec(select(Job).where(Job.name == appeals.RESCORE_TASK)).one()
    assert job.payload == {"appeal_id": str(upheld.id)}
    assert (upheld.status, rejected.status) == (AppealStatus.UPHELD, AppealStatus.REJECTED)
    assert rejected.decision == REJECTED.decision


def test_a_decision_is_made_once(session: Session) -> None:
    appeal = an_appeal(session, a_score_of(session, NOW))
    appeals.decide(session, appeal, REJECTED, by=OTHER, at=NOW)

    with pytest.raises(ConflictError, match="decided already"):
        appeals.decide(session, appeal, UPHELD, by=OTHER, at=NOW)


def test_of_two_who_saw_the_same_state_only_the_first_decides(session: Session) -> None:
    appeal = an_appeal(session, a_score_of(session, NOW))

    with pytest.raises(StaleVersionError):
        appeals.decide(session, appeal, DecisionInput(**REJECTED.model_dump() | {"version": 0}), by=OTHER, at=NOW)


def test_nobody_decides_on_a_score_that_rests_on_their_own_work(session: Session) -> None:
    recorder, calculator = "user:01999999-0000-7000-8000-0000000000cc", "user:01999999-0000-7000-8000-0000000000dd"
    certificate = a_held_certificate(session, recorded_by=recorder)
    score = a_score(session, inputs={"sources": {"C1": [f"held_certificate:{certificate.id}"], "B3": []}})
    score.calculated_at, score.calculated_by = NOW, calculator
    session.add(score)
    session.flush()
    about_c1, about_b3, whole = (an_appeal(session, score, indicator=name) for name in ("C1", "B3", None))

    for appeal, person in ((about_c1, recorder), (whole, recorder), (about_b3, calculator)):
        with pytest.raises(SamePersonError, match="another person"):
            appeals.decide(session, appeal, UPHELD, by=person, at=NOW)
    appeals.decide(session, about_b3, UPHELD, by=recorder, at=NOW)

    assert about_b3.decided_by == recorder
