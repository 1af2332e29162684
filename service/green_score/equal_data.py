"""Who would win if data were as good: what part of an order is performance, and what part is how well it is shown."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from service.green_score.facts import Facts
from service.green_score.method import ScoringMethod
from service.green_score.models import Score
from service.green_score.points import Valued, give_points
from service.green_score.stored_facts import facts_from
from service.green_score.valuing import value_indicators

_QUALITY = ("A3", "A4", "A5")
"""What says how well a footprint is known, and not how large it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EqualDataRank:
    """A score as it would be with data as good as the best of those compared.

    Attributes
    ----------
    total
        0 to 100.
    rank
        1 is best; equal totals share the better rank.

    """

    score_id: uuid.UUID
    total: float
    rank: int


def rank_with_equal_data(scores: Sequence[Score], method: ScoringMethod) -> tuple[EqualDataRank, ...]:
    """Return the scores of one material as they would be if everybody's data were as good as the best, in the order given.

    Everybody who has a footprint gets the least spread, and the best value of A3 (share of primary data), A4 (data quality) and A5
    (verification) among those compared; every value that needs proof gets the best credit that anybody's proof of it earns. What is
    missing stays missing: nobody knows what it would be. The ranks tell who should be asked for better data, and are no score.
    """
    facts = [facts_from(one.inputs) for one in scores]
    least_spread = min((_spread(one, method) for one in facts if one.footprint), default=method.values.unknown_gsd)
    valued = [value_indicators(_with_spread(one, least_spread), method) for one in facts]
    best = _best(valued, method)
    totals = [
        give_points(method, one.category, {name: _lifted(name, known, best) for name, known in own.items()}).total
        for one, own in zip(facts, valued, strict=True)
    ]
    return tuple(
        EqualDataRank(score_id=score.id, total=total, rank=1 + sum(other > total + 1e-9 for other in totals))
        for score, total in zip(scores, totals, strict=True)
    )


def _spread(facts: Facts, method: ScoringMethod) -> float:
    gsd = facts.footprint.gsd if facts.footprint else None
    return method.values.unknown_gsd if gsd is None else gsd


def _with_spread(facts: Facts, gsd: float) -> Facts:
    return facts if facts.footprint is None else replace(facts, footprint=replace(facts.footprint, gsd=gsd))


def _best(valued: Sequence[Mapping[str, Valued]], method: ScoringMethod) -> Mapping[str, tuple[float, float]]:
    """Return by indicator the best value and the best credit of those that have a value."""
    found: dict[str, tuple[float, float]] = {}
    for name in method.indicators:
        known = [one[name] for one in valued if one[name].value is not None and not one[name].left_out]
        found[name] = max((one.value or 0.0 for one in known), default=0.0), max((one.credit for one in known), default=0.0)
    return found


def _lifted(name: str, known: Valued, best: Mapping[str, tuple[float, float]]) -> Valued:
    if known.value is None or known.left_out:
        return known
    value, credit = best[name]
    return replace(known, value=value if name in _QUALITY else known.value, credit=credit)
