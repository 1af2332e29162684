"""The yearly request: technical answers are there already, totals are asked anew."""

from datetime import date

from sqlmodel import Session

from service.submissions import operations, queries
from service.submissions.answers import Entry
from service.submissions.models import Absence, Depth, Submission, SubmissionStatus
from service.submissions.prefill import is_total, still_to_answer
from service.submissions.questionnaire import find_question, questions_for
from service.suppliers.models import Supplier
from tests.submissions.builders import (
    NOW,
    OTHER_REVIEWER,
    REVIEWER,
    SUPPLIER_ACTOR,
    TOLL_ANSWERS,
    an_accepted,
    an_invited_submission,
)

TOTALS = {
    "product_output": Entry(entered="13,000", unit="t"),
    "charge_in": Entry(entered="1100", unit="t"),
    "product_out": Entry(entered="1050", unit="t"),
    "grid_electricity": Entry(entered="14500", unit="万kWh"),
    "furnace_electricity": Entry(entered="990", unit="万kWh"),
    "auxiliary_electricity": Entry(entered="310,000", unit="kWh"),
    "packing_coke_net": Entry(entered="155", unit="t"),
}


def a_year_later(session: Session, accepted: Submission, *, prefill: bool = True, depth: Depth = Depth.FIRST) -> Submission:
    submission = operations.plan(
        session,
        session.get_one(Supplier, accepted.supplier_id),
        period_start=date(2026, 1, 1),
        period_end=date(2026, 12, 31),
        deadline=date(2027, 3, 31),
        message=None,
        depth=depth,
        prefill=prefill,
        by="user:engineer",
        at=NOW,
    )
    submission.status = SubmissionStatus.INVITED
    session.flush()
    return submission


def test_technical_answers_are_carried_over_and_totals_are_empty(session: Session) -> None:
    accepted = an_accepted(session)

    answers = queries.answers_of(session, a_year_later(session, accepted).id)

    assert set(answers) == {"site_province", "furnace_type", "power_source", "evidence_source"}
    assert {one.carried_from_id for one in answers.values()} == {accepted.id}
    assert answers["furnace_type"].entered == TOLL_ANSWERS["furnace_type"].entered


def test_a_clerk_touches_only_the_totals_when_nothing_else_changed(session: Session) -> None:
    """Seven or eight figures from bills at a quarter of a minute each are two minutes."""
    accepted = an_accepted(session, natural_gas=Entry(absent=Absence.NOT_APPLICABLE, note="no gas here"))
    submission = a_year_later(session, accepted)
    questions = questions_for("TOLL", Depth.FIRST)

    asked = {question.key for question in still_to_answer(questions, queries.answers_of(session, submission.id))}

    assert len(questions) == 15
    assert asked <= set(TOTALS)
    assert len(asked) <= 8
    operations.save_draft(session, submission, TOTALS, by=SUPPLIER_ACTOR, at=NOW)
    operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW)
    assert submission.receipt_no is not None


def test_what_does_not_apply_stays_so_and_what_nobody_knew_is_asked_again(session: Session) -> None:
    accepted = an_accepted(
        session,
        natural_gas=Entry(absent=Absence.NOT_APPLICABLE, note="no gas here"),
        packing_coke_net=Entry(absent=Absence.UNKNOWN, note="the book is lost"),
    )

    answers = queries.answers_of(session, a_year_later(session, accepted).id)

    assert answers["natural_gas"].absent is Absence.NOT_APPLICABLE
    assert "packing_coke_net" not in answers


def test_typing_an_answer_again_makes_it_ones_own(session: Session) -> None:
    submission = a_year_later(session, an_accepted(session))

    operations.save_draft(session, submission, {"furnace_type": Entry(entered="inner_string")}, by=SUPPLIER_ACTOR, at=NOW)

    answers = queries.answers_of(session, submission.id)
    assert answers["furnace_type"].carried_from_id is None
    assert answers["site_province"].carried_from_id is not None


def test_a_supplier_without_an_accepted_questionnaire_begins_empty(session: Session) -> None:
    assert queries.answers_of(session, an_invited_submission(session).id) == {}


def test_a_request_may_begin_empty_on_purpose(session: Session) -> None:
    assert queries.answers_of(session, a_year_later(session, an_accepted(session), prefill=False).id) == {}


def test_last_years_reviewer_may_review_what_was_carried_over(session: Session) -> None:
    submission = a_year_later(session, an_accepted(session))
    operations.save_draft(session, submission, {**TOLL_ANSWERS, **TOTALS}, by=SUPPLIER_ACTOR, at=NOW)
    operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW)
    operations.start_review(session, submission, by=REVIEWER, at=NOW)

    operations.accept(session, submission, version=submission.version, by=OTHER_REVIEWER, at=NOW)

    assert submission.status is SubmissionStatus.ACCEPTED


def test_totals_are_what_meters_bills_and_scales_count_over_a_period() -> None:
    expected = {"grid_electricity": True, "product_out": True, "natural_gas": True, "furnace_type": False, "charge_per_heat": False}

    found = {key: question for key in expected if (question := find_question("TOLL", key))}

    assert {key: is_total(question) for key, question in found.items()} == {key: expected[key] for key in found}
    assert len(found) >= 4
