"""What other methods make of the same scores: second opinions, never the official order.

Each ranks the dimensions (0 to 100, more is better) by the points that the profile gives them. TOPSIS, VIKOR and PROMETHEE II
compare suppliers with each other, so that one more supplier may turn their order; SPOTIS holds them against 0 and 100.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from service.green_score.models import Score
from service.scoring.decision_table import DecisionTable
from service.scoring.methods import spotis, topsis, vikor
from service.scoring.promethee import promethee

INDIFFERENCE: Final = 5.0
"""Points of a dimension below which PROMETHEE sees no difference; our choice."""
PREFERENCE: Final = 20.0
"""Points of a dimension from which PROMETHEE fully prefers; our choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondOpinion:
    """One method's order.

    Attributes
    ----------
    ranks
        By supplier, 1 is best; ties share the mean of their ranks.
    compromise
        Suppliers that VIKOR can't tell apart from its best; None for the others.

    """

    method: str
    ranks: Mapping[uuid.UUID, float]
    compromise: frozenset[uuid.UUID] | None = None


def second_opinions(scores: Sequence[Score], weights: Mapping[str, float]) -> tuple[SecondOpinion, ...]:
    """Return every method's order of scores of one material; none of fewer than two.

    Parameters
    ----------
    weights
        Points by dimension of the material's profile.

    """
    if len(scores) < 2:  # noqa: PLR2004 -- an order needs two
        return ()
    table = _table(scores, weights)
    answers = {"topsis": topsis(table), "vikor": vikor(table), "promethee": promethee(table), "spotis": spotis(table)}
    return tuple(
        SecondOpinion(
            method=method,
            ranks={one.supplier_id: float(rank) for one, rank in zip(scores, answer.ranks, strict=True)},
            compromise=None if answer.compromise_set is None else frozenset(map(uuid.UUID, answer.compromise_set)),
        )
        for method, answer in answers.items()
    )


def _table(scores: Sequence[Score], weights: Mapping[str, float]) -> DecisionTable:
    dimensions = tuple(weights)
    given = np.array([weights[one] for one in dimensions])
    return DecisionTable(
        alternatives=tuple(str(one.supplier_id) for one in scores),
        criteria=dimensions,
        values=np.array([[float(one.dimensions[name]) for name in dimensions] for one in scores]),
        signs=np.ones(len(dimensions)),
        weights=given / given.sum(),
        properties={
            "@low": dict.fromkeys(dimensions, 0.0),
            "@high": dict.fromkeys(dimensions, 100.0),
            "@q": dict.fromkeys(dimensions, INDIFFERENCE),
            "@p": dict.fromkeys(dimensions, PREFERENCE),
        },
        preferences=dict.fromkeys(dimensions, "V"),
    )
