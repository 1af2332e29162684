from datetime import date, timedelta

import pytest
from sqlmodel import Session, col, select

from service.accounts.models import LoginSession
from service.accounts.tokens import hash_token
from service.audit.models import AuditEvent
from service.errors import ConflictError, InvalidInputError, InvalidTransitionError, SamePersonError, StaleVersionError
from service.mail.models import MailMessage
from service.settings import Settings
from service.submissions import operations, queries
from service.submissions.answers import Entry
from service.submissions.invitation_queries import invitation_of
from service.submissions.models import Invitation, SubmissionStatus
from service.submissions.rules import NotEditableError, hash_answers
from tests import builders
from tests.submissions.builders import (
    NOW,
    OTHER_REVIEWER,
    REVIEWER,
    SUPPLIER_ACTOR,
    a_draft,
    a_review,
    an_accepted,
    an_invited_submission,
)


def a_plan(session: Session) -> operations.Submission:
    return operations.plan(
        session,
        builders.a_supplier(session),
        period_start=date(2025, 1, 1),
        period_end=date(2025, 12, 31),
        deadline=date(2026, 12, 31),
        message=None,
        by="user:e",
        at=NOW,
    )


def actions(session: Session) -> list[str]:
    return [event.action for event in session.exec(select(AuditEvent).order_by(col(AuditEvent.id)))]


def test_requests_of_a_year_are_numbered_one_after_the_other(session: Session) -> None:
    assert [a_plan(session).number for _ in range(3)] == ["S-2026-0001", "S-2026-0002", "S-2026-0003"]


def test_numbers_go_on_after_ten_thousand(session: Session) -> None:
    for number in ("S-2026-9999", "S-2026-10000"):
        builders.a_submission(session).number = number
    session.flush()

    assert a_plan(session).number == "S-2026-10001"


def test_a_period_must_end_after_it_starts(session: Session) -> None:
    with pytest.raises(InvalidInputError) as refused:
        operations.plan(
            session,
            builders.a_supplier(session),
            period_start=date(2025, 12, 31),
            period_end=date(2025, 1, 1),
            deadline=date(2026, 12, 31),
            message=None,
            by="user:e",
            at=NOW,
        )

    assert set(refused.value.fields) == {"period_end"}


def test_a_supplier_has_one_open_request_per_period(session: Session) -> None:
    supplier = builders.a_supplier(session)
    first = an_invited_submission(session, supplier=supplier)

    with pytest.raises(ConflictError, match=first.number):
        an_invited_submission(session, supplier=supplier)
    assert an_invited_submission(session, supplier=supplier, year=2024).number


def test_a_link_is_mailed_and_only_its_hash_is_stored(session: Session, settings: Settings) -> None:
    submission = a_plan(session)

    link = operations.invite(session, submission, settings=settings, by="user:e", at=NOW)

    token = link.removeprefix("http://127.0.0.1:8000/r/")
    invitation = session.exec(select(Invitation)).one()
    mail = session.exec(select(MailMessage)).one()
    assert submission.status is SubmissionStatus.INVITED
    assert len(token) >= 43  # 256 bits in base64
    assert invitation.token_hash == hash_token(token)
    assert link in mail.body
    assert "您好" in mail.body
    assert "Hello 王工" in mail.body


def test_a_new_link_ends_the_one_before_and_the_sessions_it_opened(session: Session, settings: Settings) -> None:
    submission = a_plan(session)
    operations.invite(session, submission, settings=settings, by="user:e", at=NOW)
    first = session.exec(select(Invitation)).one()
    session.add(
        LoginSession(
            token_hash="0" * 64,
            invitation_id=first.id,
            submission_id=submission.id,
            organisation_id=submission.organisation_id,
            created_at=NOW,
            last_seen_at=NOW,
        )
    )
    session.flush()

    operations.invite(session, submission, settings=settings, by="user:e", at=NOW + timedelta(hours=1))

    session.refresh(first)
    assert first.revoked_at == NOW + timedelta(hours=1)
    assert session.exec(select(LoginSession)).all() == []
    live = invitation_of(session, submission.id)
    assert live
    assert live.id != first.id


def test_a_link_for_a_deadline_long_past_needs_more_time_first(session: Session, settings: Settings) -> None:
    submission = a_plan(session)
    later = NOW + timedelta(days=60)

    with pytest.raises(ConflictError, match="Extend it first"):
        operations.invite(session, submission, settings=settings, by="user:e", at=later)
    operations.extend_deadline(session, submission, deadline=date(2027, 3, 1), timezone="Asia/Shanghai", by="user:e", at=later)
    assert operations.invite(session, submission, settings=settings, by="user:e", at=later)


def test_more_time_lets_the_present_link_live_on(session: Session, settings: Settings) -> None:
    submission = a_plan(session)
    operations.invite(session, submission, settings=settings, by="user:e", at=NOW)
    before = session.exec(select(Invitation)).one().expires_at

    operations.extend_deadline(session, submission, deadline=date(2027, 1, 31), timezone="Asia/Shanghai", by="user:e", at=NOW)

    session.flush()
    assert session.exec(select(Invitation)).one().expires_at - before == timedelta(days=31)


def test_answers_are_handed_in_with_a_receipt_and_the_hash_of_their_content(session: Session) -> None:
    submission = a_draft(session)

    operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW)

    content = {
        "format": "anodeprint-answers/1",
        "submission": submission.number,
        "supplier_type": "TOLL",
        "depth": "first",
        "period": ["2025-01-01", "2025-12-31"],
        "answers": {
            "site_province": {"choice": "CN-NM"},
            "product_output": {"value": 12500.0, "unit": "t"},
            "furnace_type": {"choice": "box"},
            "charge_in": {"value": 1000.0, "unit": "t"},
            "product_out": {"value": 960.0, "unit": "t"},
            "grid_electricity": {"value": 140_000_000.0, "unit": "kWh"},
            "furnace_electricity": {"value": 9_120_000.0, "unit": "kWh"},
            "auxiliary_electricity": {"value": 288_000.0, "unit": "kWh"},
            "power_source": {"choice": "grid"},
            "natural_gas": {"value": 0.0, "unit": "Nm3"},
            "packing_coke_net": {"value": 144.0, "unit": "t"},
            "evidence_source": {"choice": "metered"},
        },
        "evidence": [],
    }
    assert submission.status is SubmissionStatus.SUBMITTED
    assert submission.receipt_no == f"R{submission.number[1:]}-1"
    assert submission.answers_sha256 == hash_answers(content)


def test_handing_in_twice_gives_one_receipt(session: Session) -> None:
    submission = a_draft(session)

    receipts = [operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW).receipt_no for _ in range(2)]

    assert receipts[0] == receipts[1]
    assert actions(session).count("submission_submitted") == 1


def test_errors_keep_the_questionnaire_open_and_name_their_fields(session: Session) -> None:
    submission = a_draft(session, charge_in=Entry(entered="a lot", unit="t"), natural_gas=Entry())

    with pytest.raises(InvalidInputError) as refused:
        operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW)

    assert set(refused.value.fields) == {"charge_in", "natural_gas"}
    assert submission.status is SubmissionStatus.IN_PROGRESS
    assert queries.answers_of(session, submission.id)["charge_in"].entered == "a lot"


def test_a_doubt_needs_a_reason_and_then_never_blocks(session: Session) -> None:
    submission = a_draft(session, furnace_electricity=Entry(entered="1200", unit="万kWh"))  # 12,500 kWh/t in a box furnace
    key = "furnace_electricity.outside_furnace_range"

    with pytest.raises(InvalidInputError) as refused:
        operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW)
    assert set(refused.value.fields) == {f"reason.{key}"}

    operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW, reasons={key: "Old furnaces, meter checked in June"})

    finding = queries.findings_of(session, submission.id)[0]
    assert (finding.field, finding.rule, finding.level) == ("furnace_electricity", "outside_furnace_range", "warning")
    assert finding.reason == "Old furnaces, meter checked in June"
    assert finding.values["ratio"] == "12,500"


def test_a_reason_kept_for_later_counts_until_the_figures_change(session: Session) -> None:
    submission = a_draft(session, furnace_electricity=Entry(entered="1200", unit="万kWh"))
    operations.keep_reasons(session, submission, {"furnace_electricity.outside_furnace_range": "Old furnaces"})

    operations.save_draft(
        session, submission, {"furnace_electricity": Entry(entered="1300", unit="万kWh")}, by=SUPPLIER_ACTOR, at=NOW
    )
    with pytest.raises(InvalidInputError):
        operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW)

    operations.save_draft(
        session, submission, {"furnace_electricity": Entry(entered="1200", unit="万kWh")}, by=SUPPLIER_ACTOR, at=NOW
    )
    operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW)
    assert queries.findings_of(session, submission.id)[0].reason == "Old furnaces"


def test_answers_handed_in_cannot_be_typed_over(session: Session) -> None:
    submission = a_review(session)

    with pytest.raises(NotEditableError):
        operations.save_draft(session, submission, {"charge_in": Entry(entered="5", unit="t")}, by=SUPPLIER_ACTOR, at=NOW)
    with pytest.raises(NotEditableError):
        operations.keep_reasons(session, submission, {})


def test_a_planned_request_cannot_be_answered(session: Session) -> None:
    with pytest.raises(NotEditableError):
        operations.save_draft(session, a_plan(session), {}, by=SUPPLIER_ACTOR, at=NOW)


def test_a_returned_questionnaire_is_handed_in_again_with_a_new_receipt(session: Session, settings: Settings) -> None:
    submission = a_review(session)

    operations.return_to_supplier(
        session,
        submission,
        comments={"charge_in": "Is this dry?", "": "Thank you so far", "product_out": "  "},
        version=submission.version,
        settings=settings,
        by=REVIEWER,
        at=NOW,
    )
    open_comments = {one.field: one.text for one in queries.comments_of(session, submission.id) if one.is_open}
    operations.save_draft(session, submission, {"charge_in": Entry(entered="990", unit="t")}, by=SUPPLIER_ACTOR, at=NOW)
    is_still_returned = submission.status is SubmissionStatus.RETURNED
    operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW)

    assert open_comments == {"charge_in": "Is this dry?", "": "Thank you so far"}
    assert is_still_returned
    assert submission.receipt_no == f"R{submission.number[1:]}-2"
    session.expire_all()
    assert not any(one.is_open for one in queries.comments_of(session, submission.id))
    assert "questions about some of them" in session.exec(select(MailMessage)).one().body


@pytest.mark.parametrize("comments", [{}, {"charge_in": " "}, {"no_such_field": "x"}, {"charge_in": "x" * 1001}])
def test_a_return_says_on_a_field_what_to_change(session: Session, comments: dict[str, str]) -> None:
    submission = a_review(session)

    with pytest.raises(InvalidInputError):
        operations.return_to_supplier(session, submission, comments=comments, version=submission.version, by=REVIEWER, at=NOW)
    assert submission.status is SubmissionStatus.IN_REVIEW


def test_who_typed_an_answer_may_not_accept_it(session: Session) -> None:
    submission = a_draft(session)
    operations.save_draft(session, submission, {"charge_in": Entry(entered="990", unit="t")}, by=REVIEWER, at=NOW)
    operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW)
    operations.start_review(session, submission, by=REVIEWER, at=NOW)

    with pytest.raises(SamePersonError):
        operations.accept(session, submission, version=submission.version, by=REVIEWER, at=NOW)
    operations.accept(session, submission, version=submission.version, by=OTHER_REVIEWER, at=NOW)
    assert submission.decided_by == OTHER_REVIEWER


def test_what_was_handed_in_is_reviewed_before_it_is_accepted(session: Session) -> None:
    submission = a_draft(session)
    operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW)

    with pytest.raises(InvalidTransitionError):
        operations.accept(session, submission, version=submission.version, by=REVIEWER, at=NOW)


def test_a_decision_on_an_older_version_is_refused(session: Session) -> None:
    submission = a_review(session)

    with pytest.raises(StaleVersionError):
        operations.accept(session, submission, version=submission.version - 1, by=REVIEWER, at=NOW)


def test_accepting_supersedes_what_was_accepted_for_the_period_before(session: Session) -> None:
    supplier = builders.a_supplier(session)
    other_year = an_accepted(session, supplier=supplier, year=2024)
    first = an_accepted(session, supplier=supplier)
    second = an_accepted(session, supplier=supplier, product_out=Entry(entered="950", unit="t"))

    session.refresh(first)
    session.refresh(other_year)
    assert (first.status, second.status, second.supersedes_id) == (
        SubmissionStatus.SUPERSEDED,
        SubmissionStatus.ACCEPTED,
        first.id,
    )
    assert other_year.status is SubmissionStatus.ACCEPTED


def test_declining_needs_a_reason_and_ends_the_link(session: Session, settings: Settings) -> None:
    submission = a_plan(session)
    operations.invite(session, submission, settings=settings, by="user:e", at=NOW)

    with pytest.raises(InvalidInputError):
        operations.decline(session, submission, reason=" ", by=SUPPLIER_ACTOR, at=NOW)
    operations.decline(session, submission, reason="We have no meters", by=SUPPLIER_ACTOR, at=NOW)

    assert submission.status is SubmissionStatus.DECLINED
    assert invitation_of(session, submission.id) is None
    assert [one.text for one in queries.comments_of(session, submission.id)] == ["We have no meters"]
    assert operations.invite(session, submission, settings=settings, by="user:e", at=NOW)


def test_characters_that_no_database_holds_do_no_harm(session: Session) -> None:
    submission = a_draft(session, furnace_electricity=Entry(entered="1200", unit="万kWh"))
    reasons = {"furnace_electricity.outside_furnace_range": "Old\0 furnaces"}
    operations.submit(session, submission, by=SUPPLIER_ACTOR, at=NOW, reasons=reasons)
    operations.start_review(session, submission, by=REVIEWER, at=NOW)
    comments = {"charge_in": "Dry\0?"}
    operations.return_to_supplier(session, submission, comments=comments, version=submission.version, by=REVIEWER, at=NOW)
    operations.decline(session, submission, reason="No\0 meters", by=SUPPLIER_ACTOR, at=NOW)

    assert [one.reason for one in queries.findings_of(session, submission.id)] == ["Old furnaces"]
    assert {one.text for one in queries.comments_of(session, submission.id)} == {"Dry?", "No meters"}


def test_a_withdrawn_request_is_over(session: Session, settings: Settings) -> None:
    submission = a_plan(session)
    operations.withdraw(session, submission, by="user:e", at=NOW)

    with pytest.raises(InvalidTransitionError):
        operations.invite(session, submission, settings=settings, by="user:e", at=NOW)


def test_every_change_of_state_is_in_the_audit_trail_without_answers(session: Session) -> None:
    an_accepted(session)

    events = session.exec(select(AuditEvent).order_by(col(AuditEvent.id))).all()
    assert [event.action for event in events] == [
        "submission_planned",
        "submission_in_progress",
        "answers_saved",
        "submission_submitted",
        "submission_in_review",
        "submission_accepted",
    ]
    assert not any("912" in str(event.details) for event in events)
