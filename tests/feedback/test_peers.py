"""Where a supplier stands among others, and that nobody can be worked out from it."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feedback.peers import GROWTH, LEAST_PEERS, MOST_PEERS, Peer, Quarter, dominates, group_size, position_among


def peers(*figures: float, output: float = 100.0) -> list[Peer]:
    return [Peer(kg_co2e=figure, output=output) for figure in figures]


@pytest.mark.parametrize(
    ("own", "quarter"),
    [
        (7.0, Quarter.LOWEST),  # 0 of 8 are lower
        (9.5, Quarter.SECOND),  # 2 of 8 = 0.25
        (11.5, Quarter.THIRD),  # 4 of 8 = 0.5
        (13.5, Quarter.HIGHEST),  # 6 of 8 = 0.75
        (99.0, Quarter.HIGHEST),
        (11.0, Quarter.SECOND),  # 3 lower and 1 equal of 8 = 0.4375
    ],
)
def test_the_quarter_is_the_share_of_others_that_are_lower(own: float, quarter: Quarter) -> None:
    position = position_among(own, peers(8, 9, 10, 11, 12, 13, 14, 15))

    assert position is not None
    assert (position.quarter, position.peers) == (quarter, 8)


def test_four_others_are_too_few_and_five_are_enough() -> None:
    assert position_among(10.0, peers(8, 9, 11, 12)) is None
    assert position_among(10.0, peers(8, 9, 11, 12, 13)) is not None


def test_nothing_is_told_where_one_of_the_others_makes_more_than_half() -> None:
    small = peers(8, 9, 11, 12)

    assert position_among(10.0, [*small, Peer(kg_co2e=13, output=400.0)]) is not None  # 400 of 800
    assert position_among(10.0, [*small, Peer(kg_co2e=13, output=401.0)]) is None  # 401 of 801


def test_output_that_nobody_made_is_no_group() -> None:
    assert dominates(peers(8, 9, 10, 11, 12, output=0.0))


def test_the_group_grows_by_three_so_that_no_two_cards_differ_by_one_peer() -> None:
    sizes = sorted({group_size(count) for count in range(40)})

    assert sizes == [0, 5, 8, 11, 14, 17, 20, 23, 26, 29]
    assert all(later - earlier >= GROWTH for earlier, later in pairwise(sizes))
    assert (sizes[1], sizes[-1]) == (LEAST_PEERS, MOST_PEERS)


FIGURES = st.lists(st.floats(min_value=1, max_value=50), min_size=LEAST_PEERS, max_size=14)


@given(figures=FIGURES, own=st.floats(min_value=1, max_value=50), joined=st.floats(min_value=1, max_value=50))
def test_a_card_before_and_after_one_peer_joined_can_not_be_told_apart_unless_two_more_joined(
    figures: list[float], own: float, joined: float
) -> None:
    """Differencing two cards needs cards that differ by one peer, and there are none."""
    before, after = position_among(own, peers(*figures)), position_among(own, peers(*figures, joined))

    if group_size(len(figures)) == group_size(len(figures) + 1):
        assert before == after


@given(figures=FIGURES, own=st.floats(min_value=1, max_value=50), place=st.integers(min_value=0, max_value=13))
def test_no_peer_is_ever_pinned_between_two_values(figures: list[float], own: float, place: int) -> None:
    """Whatever a card says, all values of a peer on the same side of one's own would say the same: one never learns how far."""
    group = peers(*figures)
    place %= len(group)
    card = position_among(own, group)
    same_side = [0.01, own / 2] if group[place].kg_co2e < own else [own * 2, 5000.0]

    for other in same_side if group[place].kg_co2e != own else []:
        changed = [*group[:place], Peer(kg_co2e=other, output=group[place].output), *group[place + 1 :]]
        assert position_among(own, changed) == card
