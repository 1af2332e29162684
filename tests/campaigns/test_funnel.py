from datetime import UTC, datetime, timedelta

import pytest

from service.campaigns.funnel import History, Stage, calculate_figures, count_stages
from service.campaigns.rules import NextAction, next_action
from service.submissions.models import SubmissionStatus as Status

START = datetime(2026, 11, 2, 1, 0, tzinfo=UTC)


def a_history(*statuses: Status, touches: tuple[int, ...] = ()) -> History:
    """Return a history with a day between statuses, and touches at minutes after the start."""
    return History(
        statuses=[(status, START + timedelta(days=number)) for number, status in enumerate(statuses)],
        touches=[START + timedelta(minutes=minute) for minute in touches],
    )


ACCEPTED = a_history(
    Status.INVITED, Status.DELIVERED, Status.OPENED, Status.IN_PROGRESS, Status.SUBMITTED, Status.IN_REVIEW, Status.ACCEPTED
)
BY_HAND = a_history(Status.INVITED, Status.OPENED, Status.IN_PROGRESS)  # handed on by WeChat: never "delivered" by a mail server
RETURNED = a_history(
    Status.INVITED, Status.OPENED, Status.IN_PROGRESS, Status.SUBMITTED, Status.IN_REVIEW, Status.RETURNED, Status.SUBMITTED
)
BOUNCED = a_history(Status.INVITED, Status.DELIVERED, Status.BOUNCED)  # taken first, then a notification came back
DECLINED = a_history(Status.INVITED, Status.DELIVERED, Status.OPENED, Status.DECLINED)
ALL = (ACCEPTED, BY_HAND, RETURNED, BOUNCED, DECLINED)


def test_each_stage_counts_those_who_have_gone_further() -> None:
    present = [Status.ACCEPTED, Status.IN_PROGRESS, Status.SUBMITTED, Status.BOUNCED, Status.DECLINED]
    counted = {count.stage: (count.reached, count.now) for count in count_stages(ALL, present)}

    assert counted == {
        Stage.INVITED: (5, 0),
        Stage.DELIVERED: (4, 0),  # the bounce takes its delivery back; who opened by hand has received it
        Stage.OPENED: (4, 0),
        Stage.STARTED: (3, 1),
        Stage.SUBMITTED: (2, 1),
        Stage.ACCEPTED: (1, 1),
        Stage.BOUNCED: (1, 1),
        Stage.RETURNED: (1, 0),
        Stage.DECLINED: (1, 1),
    }


def test_after_a_corrected_address_the_delivery_counts_again() -> None:
    corrected = a_history(Status.INVITED, Status.BOUNCED, Status.INVITED, Status.DELIVERED)

    assert corrected.reached == {Stage.INVITED, Stage.DELIVERED, Stage.BOUNCED}


def test_the_figures_equal_the_hand_calculation() -> None:
    figures = calculate_figures(ALL, stopped_at=["grid_electricity", "natural_gas", "grid_electricity"])

    assert figures.delivered == pytest.approx(4 / 5)
    assert figures.opened == pytest.approx(4 / 5)
    assert figures.started == pytest.approx(3 / 5)
    assert figures.submitted == pytest.approx(2 / 5)
    assert figures.first_time_right == pytest.approx(1 / 2)  # one accepted at once, one returned
    assert figures.returns_per_submission == pytest.approx(1 / 2)
    assert figures.drop_off == ("grid_electricity", 2)


def test_breaks_are_no_work_and_what_follows_the_handing_in_is_not_counted() -> None:
    history = History(
        statuses=[(Status.SUBMITTED, START + timedelta(minutes=140))],
        touches=[START + timedelta(minutes=minute) for minute in (0, 10, 20, 120, 130, 140, 150)],
    )

    # 10 + 10, a break of 100, 10 + 10; the touch at 150 came after a return
    assert history.time_at_work == timedelta(minutes=40)
    assert calculate_figures([history], stopped_at=[]).median_minutes == pytest.approx(40)


def test_nothing_is_said_where_nothing_is_known() -> None:
    figures = calculate_figures([], stopped_at=[])

    assert (figures.delivered, figures.first_time_right, figures.median_minutes, figures.drop_off) == (None, None, None, None)


@pytest.mark.parametrize(
    ("status", "days_left", "days_in_stage", "action"),
    [
        (None, 10, None, NextAction.START),
        (Status.INVITED, 10, 1, NextAction.HAND_ON),
        (Status.DELIVERED, 10, 6, NextAction.WAIT),
        (Status.DELIVERED, 10, 7, NextAction.CALL),
        (Status.OPENED, -1, 8, NextAction.EXTEND),
        (Status.BOUNCED, -1, 8, NextAction.CORRECT_ADDRESS),
        (Status.RETURNED, 3, 2, NextAction.WAIT),
        (Status.SUBMITTED, -9, 9, NextAction.REVIEW),
        (Status.DECLINED, 9, 9, NextAction.READ_REASON),
        (Status.ACCEPTED, -9, 99, NextAction.NOTHING),
    ],
)
def test_each_state_has_its_next_action(
    status: Status | None, days_left: int, days_in_stage: int | None, action: NextAction
) -> None:
    in_stage = None if days_in_stage is None else timedelta(days=days_in_stage)

    assert next_action(status, days_left=days_left, in_stage=in_stage) is action


def test_every_status_has_a_next_action() -> None:
    assert all(next_action(status, days_left=1, in_stage=None) in NextAction for status in Status)
