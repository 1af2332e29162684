"""The official order of suppliers: by the score between fixed anchors, and by nothing else."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeVar

from service.green_score.method import VETOED
from service.green_score.models import Score

Key = TypeVar("Key")
_DIGITS: Final = 9
"""Scores that differ by less than rounding errors do are equal."""


class Standing(StrEnum):
    """Whether a supplier takes part in the order."""

    RANKED = "ranked"
    OPEN = "open"
    EXCLUDED = "excluded"


def standing_of(score: Score) -> Standing:
    """Return whether a score is ranked: not while its period is open for answers, nor while its supplier is excluded."""
    if score.grade == VETOED:
        return Standing.EXCLUDED
    return Standing.OPEN if score.is_open else Standing.RANKED


def official_ranks(totals: Mapping[Key, float]) -> Mapping[Key, int]:
    """Return ranks, 1 for the highest score; equal scores share the better rank, and the next one is skipped.

    Adding or removing somebody never changes the order of the others, because each score stands by itself.
    """
    rounded = {key: round(total, _DIGITS) for key, total in totals.items()}
    ordered = sorted(rounded.values(), reverse=True)
    first = {total: place for place, total in reversed(list(enumerate(ordered, start=1)))}
    return {key: first[total] for key, total in rounded.items()}
