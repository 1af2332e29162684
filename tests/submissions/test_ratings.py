"""How good answers are: what is suggested, what the reviewer may say, and what counts in the end."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from service.audit.models import AuditEvent
from service.errors import ConflictError, InvalidInputError
from service.submissions import evidence, operations, queries
from service.submissions.answers import Entry
from service.submissions.models import EvidenceKind, Submission
from service.submissions.rating import rate, suggested_ratings
from service.submissions.ratings import LEAST_RELIABILITY, Rating, find_problem, least_of, suggested
from tests.submissions.builders import NOW, REVIEWER, SUPPLIER_ACTOR, a_draft, a_review, a_stored_file, an_accepted

METERED = Rating(grade=EvidenceKind.METERED, reliability=1)
PDF = b"%PDF-1.7 meter log"


def a_backed_draft(session: Session, data_dir: Path, *, field: str | None, valid_until: date | None = None) -> Submission:
    submission = a_draft(session)
    stored = [a_stored_file(PDF, data_dir=data_dir)]
    (file,) = evidence.attach(session, submission, stored, field=field, by=SUPPLIER_ACTOR, at=NOW)
    file.valid_until = valid_until
    session.flush()
    return submission


@pytest.mark.parametrize(
    ("kind", "is_backed", "reliability"),
    [
        (EvidenceKind.METERED, True, 1),
        (EvidenceKind.METERED, False, 2),
        (EvidenceKind.BILLED, True, 2),
        (EvidenceKind.BILLED, False, 3),
        (EvidenceKind.CALCULATED, False, 3),
        (EvidenceKind.ESTIMATED, True, 4),
    ],
)
def test_a_meter_or_bill_that_nobody_can_see_is_one_less_reliable(kind: EvidenceKind, is_backed: bool, reliability: int) -> None:  # noqa: FBT001 - a table of cases
    assert suggested(Entry(evidence_kind=kind), overall="", is_backed=is_backed).reliability == reliability


def test_what_nobody_said_is_an_estimate() -> None:
    assert suggested(Entry(), overall="", is_backed=True).grade is EvidenceKind.ESTIMATED


def test_a_file_backs_its_figures_or_all_of_them_as_long_as_it_holds(session: Session, tmp_path: Path) -> None:
    one = suggested_ratings(session, a_backed_draft(session, tmp_path, field="charge_in"))
    assert (one["charge_in"].reliability, one["product_out"].reliability) == (1, 2)

    every = suggested_ratings(session, a_backed_draft(session, tmp_path, field=None))
    assert {found.reliability for found in every.values()} == {1}

    lapsed = suggested_ratings(session, a_backed_draft(session, tmp_path, field=None, valid_until=date(2025, 12, 30)))
    assert {found.reliability for found in lapsed.values()} == {2}


@given(st.sampled_from(EvidenceKind), st.tuples(*[st.integers(-1, 7)] * 5))
def test_only_scores_from_one_to_five_that_fit_the_source_are_taken(grade: EvidenceKind, scores: tuple[int, ...]) -> None:
    names = ("reliability", "completeness", "temporal", "geographical", "technological")
    rating = Rating(grade=grade, **dict(zip(names, scores, strict=True)))

    fits = all(1 <= score <= 5 for score in scores) and scores[0] >= LEAST_RELIABILITY[grade]

    assert (find_problem(rating) is None) is fits


def test_a_value_of_several_answers_is_as_good_as_the_weakest_in_each_indicator() -> None:
    assert least_of([(1, 2, 1, 1, 1), (2, 1, 1, 3, 1)]) == (2, 2, 1, 3, 1)
    assert least_of([]) == ()


def test_the_reviewer_rates_and_the_rest_is_kept_as_suggested_on_acceptance(session: Session) -> None:
    submission = a_review(session)
    worse = Rating(grade=EvidenceKind.CALCULATED, reliability=3, temporal=2)

    rate(
        session,
        submission,
        {"charge_in": worse, "product_out": suggested_ratings(session, submission)["product_out"]},
        by=REVIEWER,
        at=NOW,
    )
    operations.accept(session, submission, version=submission.version, by=REVIEWER, at=NOW)

    stored = queries.ratings_of(session, submission.id)
    assert (stored["charge_in"].grade, stored["charge_in"].temporal, stored["charge_in"].is_suggested) == ("calculated", 2, False)
    assert (stored["product_out"].reliability, stored["product_out"].is_suggested) == (2, True)  # metered, but no file shows it
    assert set(stored) == {
        field for field, value in queries.understood_answers(session, submission).values.items() if isinstance(value, float)
    }
    (event,) = session.exec(select(AuditEvent).where(AuditEvent.action == "submission_rated"))
    assert (event.actor, event.details["fields"]) == (REVIEWER, "charge_in")


def test_what_the_reviewer_said_is_what_calculations_get(session: Session) -> None:
    submission = a_review(session)
    rate(session, submission, {"charge_in": Rating(grade=EvidenceKind.BILLED, reliability=3, geographical=2)}, by=REVIEWER, at=NOW)
    operations.accept(session, submission, version=submission.version, by=REVIEWER, at=NOW)

    answers = queries.understood_answers(session, submission)

    assert answers.evidence_kinds["charge_in"] == "billed"
    assert answers.scores["charge_in"] == (3, 1, 1, 2, 1)


def test_a_rating_that_can_not_be_names_its_field_and_changes_nothing(session: Session) -> None:
    submission = a_review(session)
    ratings = {"charge_in": Rating(grade=EvidenceKind.ESTIMATED, reliability=1), "furnace_type": METERED, "product_out": METERED}

    with pytest.raises(InvalidInputError) as refused:
        rate(session, submission, ratings, by=REVIEWER, at=NOW)

    assert set(refused.value.fields) == {"rating.charge_in", "rating.furnace_type"}
    assert queries.ratings_of(session, submission.id) == {}


def test_accepted_answers_are_not_rated_again(session: Session) -> None:
    with pytest.raises(ConflictError):
        rate(session, an_accepted(session), {"charge_in": METERED}, by=REVIEWER, at=NOW)
