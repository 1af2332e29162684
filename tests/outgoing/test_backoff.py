from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from service.outgoing.backoff import GIVEN_UP_AFTER, next_attempt

SINCE = datetime(2026, 11, 1, 8, 0, tzinfo=UTC)


def pauses(seed: str) -> list[timedelta]:
    found, at, attempts = [], SINCE, 0
    while True:
        attempts += 1
        following = next_attempt(attempts, SINCE, at, seed=seed)
        if following is None:
            return found
        found.append(following - at)
        at = following


def test_the_first_pauses_double_from_five_seconds() -> None:
    first = pauses("a")[:4]

    # each between half and all of 5, 10, 20, 40 seconds
    assert all(timedelta(seconds=5 * 2**k / 2) <= pause <= timedelta(seconds=5 * 2**k) for k, pause in enumerate(first))


@given(st.text(max_size=8))
def test_the_pauses_of_a_dead_partner_fill_72_hours_exactly(seed: str) -> None:
    found = pauses(seed)

    assert sum(found, timedelta()) == GIVEN_UP_AFTER == timedelta(hours=72)
    assert max(found) <= timedelta(hours=6)
    assert 20 < len(found) < 50


def test_messages_of_one_outage_come_back_at_different_moments_and_each_always_at_the_same() -> None:
    assert pauses("a") != pauses("b")
    assert pauses("a") == pauses("a")


def test_nothing_is_tried_after_72_hours() -> None:
    assert next_attempt(3, SINCE, SINCE + timedelta(hours=72), seed="a") is None
