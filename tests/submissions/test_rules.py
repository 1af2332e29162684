from datetime import UTC, date, datetime
from itertools import pairwise

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from service.errors import InvalidTransitionError, SamePersonError
from service.submissions.models import SubmissionStatus as Status
from service.submissions.rules import (
    EDITABLE,
    OPEN,
    TRANSITIONS,
    check_second_person,
    check_transition,
    find_pin_problem,
    hash_answers,
    link_expiry,
    receipt_number,
)


class Lifetime(RuleBasedStateMachine):
    """Any order of wishes leads only through histories that make sense."""

    def __init__(self) -> None:
        super().__init__()
        self.history = [Status.PLANNED]

    @property
    def present(self) -> Status:
        return self.history[-1]

    @rule(wanted=st.sampled_from(Status))
    def wish(self, wanted: Status) -> None:
        try:
            check_transition(self.present, wanted)
        except InvalidTransitionError:
            return
        self.history.append(wanted)

    @precondition(lambda self: self.present in {Status.WITHDRAWN, Status.SUPERSEDED, Status.EXPIRED})
    @rule(wanted=st.sampled_from(Status))
    def wish_after_the_end(self, wanted: Status) -> None:
        with pytest.raises(InvalidTransitionError):
            check_transition(self.present, wanted)

    @invariant()
    def a_decision_follows_a_review_and_a_review_follows_a_submission(self) -> None:
        for before, after in pairwise(self.history):
            if after in {Status.ACCEPTED, Status.RETURNED}:
                assert before is Status.IN_REVIEW
            if after is Status.IN_REVIEW:
                assert before is Status.SUBMITTED
            if after is Status.SUPERSEDED:
                assert before in {Status.ACCEPTED, Status.IN_USE}

    @invariant()
    def what_was_accepted_is_never_typed_again(self) -> None:
        if Status.ACCEPTED in self.history:
            assert not set(self.history[self.history.index(Status.ACCEPTED) :]) & EDITABLE


TestLifetime = Lifetime.TestCase


def test_every_status_can_be_reached_from_the_plan() -> None:
    reached, frontier = {Status.PLANNED}, {Status.PLANNED}
    while frontier:
        frontier = {after for before in frontier for after in TRANSITIONS[before]} - reached
        reached |= frontier

    assert reached == set(Status)


def test_an_illegal_step_names_present_wanted_and_allowed() -> None:
    with pytest.raises(InvalidTransitionError, match=r"in_review.*invited.*accepted, returned, withdrawn"):
        check_transition(Status.IN_REVIEW, Status.INVITED)


def test_open_means_that_somebody_still_has_work() -> None:
    assert OPEN.isdisjoint({Status.ACCEPTED, Status.SUPERSEDED, Status.DECLINED, Status.WITHDRAWN, Status.EXPIRED})
    assert OPEN >= EDITABLE


def test_who_typed_or_handed_in_may_not_accept() -> None:
    for by in ("user:a", "user:b"):
        with pytest.raises(SamePersonError):
            check_second_person(by, typed_by=["user:a"], submitted_by="user:b")
    check_second_person("user:c", typed_by=["user:a"], submitted_by="user:b")


def test_a_link_lives_until_the_end_of_the_fourteenth_day_after_the_deadline() -> None:
    # 31 December + 14 days is 14 January; 23:59:59 in Shanghai (UTC+8) is 15:59:59 UTC.
    assert link_expiry(date(2026, 12, 31), timezone="Asia/Shanghai") == datetime(2027, 1, 14, 15, 59, 59, tzinfo=UTC)


@pytest.mark.parametrize("pin", ["482913", "20260118", "korrekt pferd batterie", "回执单据电费地磅好石墨化炉"])
def test_a_pin_or_password_that_is_not_obvious_may_be_chosen(pin: str) -> None:
    assert find_pin_problem(pin) is None


@pytest.mark.parametrize(
    "pin",
    [
        "",
        "12345",
        "123456",
        "654321",
        "890123",
        "000000",
        "111111",
        "121212",
        "123123",
        "112233",
        "abc",
        "short1",
        "qwertyuiop123",
        "password1234",
        "x" * 129,
    ],
)
def test_a_pin_that_is_short_or_obvious_is_refused_without_repeating_it(pin: str) -> None:
    problem = find_pin_problem(pin)

    assert problem
    assert not pin or pin not in str(problem)


def test_each_handing_in_has_a_receipt_of_its_own() -> None:
    first = receipt_number("S-2026-0007", earlier=None)

    assert first == "R-2026-0007-1"
    assert receipt_number("S-2026-0007", earlier=first) == "R-2026-0007-2"


def test_the_hash_is_that_of_canonical_json_and_depends_on_every_figure() -> None:
    # printf '{"a":1.5,"b":"电"}' | sha256sum
    assert hash_answers({"b": "电", "a": 1.5}) == "bec035ba72c136238f0c8992a939df03c1015235f685d8f3c03985e6d82a5980"
    assert hash_answers({"a": 1.5}) != hash_answers({"a": 1.6})
