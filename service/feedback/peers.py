"""Where a supplier stands among others that do the same work, told so coarsely that no other supplier can be worked out.

A position is one of four quarters. It is given only if at least five others answered for the same period, and none of them makes
more than half of what the others make together. It rests on the first accepted answers of everybody: a correction moves
nothing, so nobody finds another's figure by correcting his own step by step. The group grows by three at a time, so two cards never
differ by a single peer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

LEAST_PEERS: Final = 5
"""k: others without whom there is no comparison."""
GROWTH: Final = 3
"""Others that join the group together."""
MOST_PEERS: Final = 29
"""Others that are looked at: 5 and eight times 3; more make a quarter no truer."""
LARGEST_SHARE: Final = 0.5
"""Of the output of the others: with more than that one of them dominates."""


class Quarter(IntEnum):
    """Place among the others, 1 has the lowest footprints."""

    LOWEST = 1
    SECOND = 2
    THIRD = 3
    HIGHEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """Another supplier's first accepted answers of the period.

    Attributes
    ----------
    kg_co2e
        Per unit, with the national electricity factor.
    output
        Of the period, in the unit that all of the group have.

    """

    kg_co2e: float
    output: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """What a supplier is told: a quarter, and how many others stand behind it."""

    quarter: Quarter
    peers: int


def position_among(own_kg_co2e: float, peers: Sequence[Peer]) -> Position | None:
    """Return the quarter that a figure lies in; None where telling it could give somebody away.

    Parameters
    ----------
    peers
        In the order in which their answers were accepted.

    """
    group = peers[: group_size(len(peers))]
    if len(group) < LEAST_PEERS or dominates(group):
        return None
    lower = sum(one.kg_co2e < own_kg_co2e for one in group)
    equal = sum(one.kg_co2e == own_kg_co2e for one in group)
    share = (lower + equal / 2) / len(group)
    return Position(quarter=Quarter(min(int(share * len(Quarter)) + 1, len(Quarter))), peers=len(group))


def group_size(peers: int) -> int:
    """Return how many of the others are looked at: none, 5, 8, 11, ..."""
    if peers < LEAST_PEERS:
        return 0
    return min(LEAST_PEERS + (peers - LEAST_PEERS) // GROWTH * GROWTH, MOST_PEERS)


def dominates(group: Sequence[Peer]) -> bool:
    """Tell whether one of the group makes more than half of what all of it make."""
    total = sum(one.output for one in group)
    return total <= 0 or max(one.output for one in group) > LARGEST_SHARE * total
