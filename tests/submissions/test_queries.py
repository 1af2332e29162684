import uuid
from datetime import date

import pytest
from sqlmodel import Session

from service.accounts.access import Principal
from service.accounts.models import OrganisationKind, Role
from service.errors import NotFoundError
from service.submissions import queries
from service.submissions.answers import Entry
from service.submissions.models import EvidenceKind, Submission, SubmissionStatus
from tests import builders
from tests.submissions.builders import a_review, an_accepted, an_invited_submission


def a_principal(submission: Submission, *, kind: OrganisationKind = OrganisationKind.SUPPLIER, by_link: bool = False) -> Principal:
    return Principal(
        user_id=None if by_link else uuid.uuid4(),
        invitation_id=uuid.uuid4() if by_link else None,
        submission_id=submission.id if by_link else None,
        organisation_id=submission.organisation_id,
        organisation_kind=kind,
        organisation_name_zh="",
        organisation_name_en="",
        name="",
        roles=frozenset({Role.SUPPLIER if kind is OrganisationKind.SUPPLIER else Role.REVIEWER}),
        locale=None,
        session_hash="",
    )


def accepted(session: Session, submission: Submission, start: date = date(2025, 1, 1), end: date = date(2025, 12, 31)) -> object:
    return queries.accepted_answers(session, [submission.supplier_id], period_start=start, period_end=end)


def test_accepted_answers_are_numbers_in_canonical_units_and_choices(session: Session) -> None:
    gas = Entry(entered="1,000", unit="m3", evidence_kind=EvidenceKind.BILLED)
    submission = an_accepted(session, natural_gas=gas)

    answers = queries.accepted_answers(
        session, [submission.supplier_id], period_start=date(2025, 1, 1), period_end=date(2025, 12, 31)
    )[submission.supplier_id]

    assert (answers.submission_id, answers.number, answers.supplier_type) == (submission.id, submission.number, "TOLL")
    assert answers.values["furnace_electricity"] == 9_120_000  # 912 万kWh
    assert answers.units["furnace_electricity"] == "kWh"
    assert answers.values["furnace_type"] == "box"
    assert answers.values["natural_gas"] == pytest.approx(1000 * 273.15 / 293.15)
    assert answers.evidence_kinds["natural_gas"] == "billed"
    assert answers.evidence_kinds["furnace_electricity"] == "metered"  # as for most figures
    assert "green_electricity" not in answers.values


def test_only_accepted_answers_that_cover_the_period_count(session: Session) -> None:
    reviewed = a_review(session)
    submission = an_accepted(session)

    assert accepted(session, reviewed) == {}
    assert accepted(session, submission, date(2024, 7, 1), date(2025, 6, 30)) == {}
    assert accepted(session, submission, date(2025, 4, 1), date(2025, 6, 30)) != {}


def test_the_year_before_is_shown_beside_this_year(session: Session) -> None:
    supplier = builders.a_supplier(session)
    an_accepted(session, supplier=supplier, year=2023, charge_in=Entry(entered="970", unit="t"))
    an_accepted(session, supplier=supplier, year=2024, charge_in=Entry(entered="980", unit="t"))
    submission = an_invited_submission(session, supplier=supplier)

    previous = queries.find_previous_answers(session, submission)

    assert previous
    assert previous.values["charge_in"] == 980


def test_a_supplier_sees_its_own_and_staff_sees_all(session: Session) -> None:
    own, other = an_invited_submission(session), an_invited_submission(session)
    supplier, staff = a_principal(own), a_principal(own, kind=OrganisationKind.MAKER)

    assert [row.id for row in queries.find_submissions(session, visible_to=supplier)] == [own.id]
    assert {row.id for row in queries.find_submissions(session, visible_to=staff)} == {own.id, other.id}
    with pytest.raises(NotFoundError):
        queries.get_submission(session, other.id, visible_to=supplier)


def test_a_link_opens_its_one_questionnaire_only(session: Session) -> None:
    supplier = builders.a_supplier(session)
    linked, sibling = (
        an_invited_submission(session, supplier=supplier),
        an_invited_submission(session, supplier=supplier, year=2024),
    )
    principal = a_principal(linked, by_link=True)

    assert queries.get_submission(session, linked.id, visible_to=principal).id == linked.id
    with pytest.raises(NotFoundError):
        queries.get_submission(session, sibling.id, visible_to=principal)


@pytest.mark.parametrize("status", [SubmissionStatus.PLANNED, SubmissionStatus.WITHDRAWN])
def test_what_was_not_asked_or_was_taken_back_is_not_shown_to_a_supplier(session: Session, status: SubmissionStatus) -> None:
    submission = builders.a_submission(session, status=status)

    with pytest.raises(NotFoundError):
        queries.get_submission(session, submission.id, visible_to=a_principal(submission))


def test_long_lists_come_in_pages_in_either_order(session: Session) -> None:
    made = sorted(an_invited_submission(session).id for _ in range(5))

    first = queries.find_submissions(session, limit=2)
    second = queries.find_submissions(session, limit=2, after=first[-1].id)
    oldest = queries.find_submissions(session, oldest_first=True, limit=3)

    assert [row.id for row in (*first, *second)] == made[:0:-1]
    assert [row.id for row in oldest] == made[:3]
