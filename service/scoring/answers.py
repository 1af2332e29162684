"""A ranking as JSON-ready values."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from lca_models.errors import N_
from service.scoring.decision_table import DecisionTable, RankingError
from service.scoring.methods import Ranking, spotis, topsis, vikor, weighted_sum
from service.scoring.promethee import promethee
from service.scoring.smaa import analyse

_METHODS: Final[Mapping[str, Callable[[DecisionTable], Ranking]]] = {
    "wsm": weighted_sum,
    "topsis": topsis,
    "promethee": promethee,
    "spotis": spotis,
}
METHODS: Final = (*_METHODS, "vikor", "smaa")


def rank_table(table: DecisionTable, *, method: str, samples: int, seed: int, v: float) -> dict[str, Any]:
    """Rank a table by a method.

    Parameters
    ----------
    samples, seed
        Of the weights that `smaa` draws.
    v
        Weight of the total regret in `vikor`.

    """
    if method not in METHODS:
        raise RankingError(N_("There is no method “%(value)s”. Use one of: %(known)s."), value=method, known=", ".join(METHODS))
    if method == "smaa":
        return _smaa(table, samples=samples, seed=seed)
    ranking = vikor(table, v=v) if method == "vikor" else _METHODS[method](table)
    answer: dict[str, Any] = {
        "method": method,
        "results": [
            {
                "alternative": name,
                "score": float(ranking.scores[row]),
                "rank": _rank(ranking.ranks[row]),
                **{key: float(values[row]) for key, values in ranking.details.items()},
            }
            for row, name in enumerate(table.alternatives)
        ],
    }
    if ranking.compromise_set is not None:
        answer["compromise_set"] = list(ranking.compromise_set)
    return answer


def _smaa(table: DecisionTable, *, samples: int, seed: int) -> dict[str, Any]:
    found = analyse(table, samples=samples, seed=seed)
    results = [
        {
            "alternative": name,
            "score": float(found.mean_scores[row]),
            "rank": _rank(found.ranks[row]),
            "expected_rank": float(found.expected_ranks[row]),
            "rank_acceptability": found.rank_acceptability[row].tolist(),
            "central_weight": None if np.isnan(found.central_weights[row]).any() else found.central_weights[row].tolist(),
        }
        for row, name in enumerate(table.alternatives)
    ]
    names = table.alternatives
    pairwise = None
    if found.pairwise is not None:
        pairwise = {
            one: {other: float(found.pairwise[i, j]) for j, other in enumerate(names) if i != j} for i, one in enumerate(names)
        }
    return {"method": "smaa", "samples": samples, "seed": seed, "results": results, "pairwise": pairwise}


def _rank(rank: float) -> int | float:
    return int(rank) if float(rank).is_integer() else float(rank)
