from collections.abc import Callable
from datetime import date, timedelta
from itertools import product

import pytest
from sqlmodel import Session, select

from service.accounts.models import Role
from service.errors import InvalidInputError, InvalidTransitionError, SamePersonError, StaleVersionError
from service.jobs.models import Job
from service.procurement import corrective_actions as actions
from service.procurement.corrective_action_queries import find_actions, suggested_scores
from service.procurement.corrective_action_rules import is_overdue
from service.procurement.models import ActionStatus, CorrectiveAction
from tests import builders
from tests.builders import NOW
from tests.green_score.builders import a_score
from tests.procurement.follow_up_builders import SUPPLIERS_PERSON, TODAY, an_action

OTHER = "user:01999999-0000-7000-8000-0000000000bb"
STEPS: dict[ActionStatus, Callable[..., None]] = {
    ActionStatus.DONE: lambda session, one: actions.say_done(
        session, one, evidence="photo", version=one.version, by=SUPPLIERS_PERSON, at=NOW
    ),
    ActionStatus.CLOSED: lambda session, one: actions.close(session, one, note="seen", version=one.version, by=OTHER, at=NOW),
    ActionStatus.OPEN: lambda session, one: actions.open_again(
        session, one, note="not enough", version=one.version, by=OTHER, at=NOW
    ),
    ActionStatus.CANCELLED: lambda session, one: actions.call_off(
        session, one, note="obsolete", version=one.version, by=OTHER, at=NOW
    ),
}
WAYS = {
    ActionStatus.OPEN: (),
    ActionStatus.DONE: (ActionStatus.DONE,),
    ActionStatus.CLOSED: (ActionStatus.DONE, ActionStatus.CLOSED),
    ActionStatus.CANCELLED: (ActionStatus.CANCELLED,),
}
ALLOWED = {
    (ActionStatus.OPEN, ActionStatus.DONE),
    (ActionStatus.OPEN, ActionStatus.CANCELLED),
    (ActionStatus.DONE, ActionStatus.CLOSED),
    (ActionStatus.DONE, ActionStatus.OPEN),
    (ActionStatus.DONE, ActionStatus.CANCELLED),
}


@pytest.mark.parametrize(("present", "wanted"), list(product(ActionStatus, ActionStatus)))
def test_an_action_takes_the_steps_that_it_may_and_no_others(session: Session, present: ActionStatus, wanted: ActionStatus) -> None:
    action = an_action(session, a_score(session))
    for step in WAYS[present]:
        STEPS[step](session, action)
    assert action.status is present

    if (present, wanted) in ALLOWED:
        STEPS[wanted](session, action)
        assert action.status is wanted
    else:
        with pytest.raises(InvalidTransitionError):
            STEPS[wanted](session, action)
        assert action.status is present


def test_neither_its_owner_nor_who_said_that_it_is_done_closes_it(session: Session) -> None:
    owner = builders.a_user(session, roles=[Role.PROCUREMENT])
    action = an_action(session, a_score(session), owner=owner)
    actions.say_done(session, action, evidence="photo", version=1, by=OTHER, at=NOW)

    for person in (f"user:{owner.id}", OTHER):
        with pytest.raises(SamePersonError, match="another person"):
            actions.close(session, action, note="seen", version=2, by=person, at=NOW)

    assert action.status is ActionStatus.DONE


def test_closing_has_the_supplier_scored_again(session: Session) -> None:
    action = an_action(session, a_score(session))
    STEPS[ActionStatus.DONE](session, action)
    STEPS[ActionStatus.CLOSED](session, action)

    job = session.exec(select(Job).where(Job.name == actions.RESCORE_TASK)).one()
    assert job.payload == {"action_id": str(action.id)}


def test_of_two_who_saw_the_same_state_only_the_first_gets_through(session: Session) -> None:
    action = an_action(session, a_score(session))
    actions.say_done(session, action, evidence="photo", version=1, by=SUPPLIERS_PERSON, at=NOW)

    with pytest.raises(StaleVersionError):
        actions.open_again(session, action, note="not enough", version=1, by=OTHER, at=NOW)


@pytest.mark.parametrize(
    ("due", "words"),
    [
        (TODAY, "2026-11-22 is not ahead of today"),
        (date(2027, 5, 25), "choose 2027-05-24 at the latest"),  # 183 days: 8 + 31 + 31 + 28 + 31 + 30 + 24
    ],
)
def test_a_day_that_has_come_or_lies_more_than_six_months_ahead_is_refused(session: Session, due: date, words: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        an_action(session, a_score(session), due=due)
    assert words in str(caught.value.fields["due"])


def test_the_last_possible_day_is_taken_and_numbers_run_on(session: Session) -> None:
    score = a_score(session)

    numbers = [an_action(session, score, due=date(2027, 5, 24)).number for _ in range(2)]

    assert numbers == ["K-2026-0001", "K-2026-0002"]


def test_somebody_of_another_company_cannot_look_after_it(session: Session) -> None:
    stranger = builders.a_user(session, roles=[Role.SUPPLIER], organisation=builders.an_organisation(session))

    with pytest.raises(InvalidInputError) as caught:
        an_action(session, a_score(session), owner=stranger)
    assert "owner_id" in caught.value.fields


def test_it_is_overdue_from_the_day_after_until_it_is_done(session: Session) -> None:
    action = an_action(session, a_score(session), due=date(2026, 12, 1))

    assert not is_overdue(action, today=date(2026, 12, 1))
    assert is_overdue(action, today=date(2026, 12, 2))
    STEPS[ActionStatus.DONE](session, action)
    assert not is_overdue(action, today=date(2026, 12, 2))


def test_grades_that_ask_for_an_action_suggest_one_until_one_is_open(session: Session) -> None:
    weak, good = a_score(session, grade="C"), a_score(session, grade="B")
    assert [one.id for one in suggested_scores(session)] == [weak.id]
    assert good.grade == "B"

    action = an_action(session, weak)

    assert list(suggested_scores(session)) == []
    STEPS[ActionStatus.CANCELLED](session, action)
    assert [one.id for one in suggested_scores(session)] == [weak.id]


def test_what_waits_comes_first_and_the_first_due_before_the_others(session: Session) -> None:
    score = a_score(session)
    called_off, late, soon = (an_action(session, score, due=TODAY + timedelta(days=days)) for days in (1, 90, 30))
    STEPS[ActionStatus.CANCELLED](session, called_off)

    found: list[CorrectiveAction] = list(find_actions(session))

    assert found == [soon, late, called_off]
