"""Rules of governance beyond the forms."""

import uuid
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from service.accounts.models import Role, User
from service.errors import ConflictError, InvalidInputError
from service.governance.models import ActionStatus, CommitteeMember, CommitteeRole, PlanAction, Responsibility
from service.governance.operations import add_action, add_member, add_responsibility, change_responsibility
from service.governance.queries import responsibilities
from service.governance.reminders import remind_of_actions
from service.governance.schemas import CommitteeMemberInput, PlanActionInput, ResponsibilityInput
from service.mail.models import MailMessage
from service.plan.models import OrgUnit
from service.plan.operations import add_unit, change_unit
from service.plan.schemas import OrgUnitInput
from service.registers.operations import change_row, end_row
from service.settings import Settings
from tests import builders
from tests.builders import NOW

BY = "user:1"
TODAY = date(2026, 11, 22)


def a_unit(session: Session) -> OrgUnit:
    return add_unit(session, OrgUnitInput(name_zh="能源部", name_en="Energy"), by=BY, at=NOW)


def an_action(session: Session, person: User, unit: OrgUnit, **changes: object) -> PlanAction:
    values = {"item": "task_05", "what": "Sign", "unit_id": unit.id, "person_id": person.id, "due": TODAY - timedelta(days=1)}
    return add_action(session, PlanActionInput.model_validate(values | changes), by=BY, at=NOW)


def a_responsibility(session: Session, unit: OrgUnit, person: User, deputy_id: uuid.UUID | None = None) -> Responsibility:
    fields = ResponsibilityInput(item="task_05", unit_id=unit.id, person_id=person.id, deputy_id=deputy_id, since=TODAY)
    return add_responsibility(session, fields, by=BY, at=NOW)


def test_one_line_of_the_plan_has_one_accountable_unit(session: Session) -> None:
    person, unit = builders.a_user(session, roles=(Role.ENGINEER,)), a_unit(session)
    first = a_responsibility(session, unit, person)

    with pytest.raises(InvalidInputError):
        a_responsibility(session, unit, person)
    end_row(session, Responsibility, first.id, reason="moved", version=1, by=BY, at=NOW)
    second = a_responsibility(session, unit, person)

    assert {one.item: one.row_id for one in responsibilities(session)}["task_05"] == second.id


def test_a_line_whose_unit_no_longer_works_is_missing_again(session: Session) -> None:
    person, unit = builders.a_user(session, roles=(Role.ENGINEER,)), a_unit(session)
    a_responsibility(session, unit, person)
    assert sum(one.is_missing for one in responsibilities(session)) == 27

    gone = OrgUnitInput(name_zh="能源部", name_en="Energy", is_active=False)
    change_unit(session, unit.id, gone, version=1, by=BY, at=NOW)

    assert sum(one.is_missing for one in responsibilities(session)) == 28


def test_nobody_is_their_own_deputy(session: Session) -> None:
    person, unit = builders.a_user(session, roles=(Role.ENGINEER,)), a_unit(session)

    with pytest.raises(InvalidInputError):
        a_responsibility(session, unit, person, person.id)


def test_a_responsibility_passes_to_another_person(session: Session) -> None:
    person, other = (builders.a_user(session, roles=(Role.ENGINEER,)) for _ in (1, 2))
    unit = a_unit(session)
    row = a_responsibility(session, unit, person)
    fields = ResponsibilityInput(item="task_05", unit_id=unit.id, person_id=other.id, since=TODAY)

    change_responsibility(session, row.id, fields, version=1, by=BY, at=NOW)

    assert {one.item: one.person for one in responsibilities(session)}["task_05"] == other.name


@pytest.mark.parametrize("status", [ActionStatus.DONE, ActionStatus.DROPPED])
def test_an_action_is_not_done_or_dropped_without_saying_why(session: Session, status: ActionStatus) -> None:
    person, unit = builders.a_user(session, roles=(Role.ENGINEER,)), a_unit(session)

    with pytest.raises(InvalidInputError) as caught:
        an_action(session, person, unit, status=status)
    assert set(caught.value.fields) == {"evidence"}
    assert an_action(session, person, unit, status=status, evidence="minutes 4").status is status


def test_what_has_ended_is_kept_as_it_was(session: Session) -> None:
    person, unit = builders.a_user(session, roles=(Role.ENGINEER,)), a_unit(session)
    action = an_action(session, person, unit)
    end_row(session, PlanAction, action.id, reason="twice", version=1, by=BY, at=NOW)
    fields = PlanActionInput(item="task_05", what="Other", unit_id=unit.id, person_id=person.id, due=TODAY)

    with pytest.raises(ConflictError):
        change_row(session, PlanAction, action.id, fields, version=2, by=BY, at=NOW)


def test_a_late_action_is_told_its_person_once_a_week(session: Session, settings: Settings) -> None:
    person, unit = builders.a_user(session, roles=(Role.ENGINEER,)), a_unit(session)
    an_action(session, person, unit, what="Sign the contract")
    an_action(session, person, unit, what="Not yet late", due=TODAY)

    sent = [remind_of_actions(session, on=TODAY + timedelta(days=n), settings=settings, at=NOW) for n in (0, 6)]
    mails = session.exec(select(MailMessage)).all()

    assert sent == [1, 1]  # on the sixth day the other one has become late, and is the only one in the mail
    assert "Sign the contract" in mails[0].body
    assert "Not yet late" not in mails[0].body
    assert "Sign the contract" not in mails[1].body
    assert mails[0].recipient == person.email


def test_a_term_does_not_end_before_it_begins(session: Session) -> None:
    person = builders.a_user(session, roles=(Role.COMMITTEE,))
    fields = CommitteeMemberInput(
        user_id=person.id, place=CommitteeRole.CHAIR, term_start=TODAY, term_end=TODAY - timedelta(days=1)
    )

    with pytest.raises(InvalidInputError):
        add_member(session, fields, by=BY, at=NOW)
    assert session.exec(select(CommitteeMember)).all() == []
