"""How firmly ranks stand, calculated once for a set of scores and stored beside them."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, select

from service.green_score.equal_data import EqualDataRank, rank_with_equal_data
from service.green_score.method import ScoringMethod
from service.green_score.method_queries import method_of
from service.green_score.models import MethodVersion, Score
from service.green_score.queries import latest_scores, method_version_of
from service.green_score.robustness import SEED, RankRobustness, rank_robustness
from service.procurement.models import RankRun
from service.procurement.ranking import Standing, standing_of
from service.suppliers.queries import all_active_suppliers

DRAWS: Final = 2_000_000
"""Scores drawn at most for one material, so that many suppliers share a bounded work."""
MOST_SAMPLES: Final = 10_000
LEAST_SAMPLES: Final = 1_000
SHOWN_RANKS: Final = 10
"""Places of which the share of draws is kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RankSpread:
    """How firmly one supplier's rank stands.

    Attributes
    ----------
    low, high
        Ranks reached in 5 % and in 95 % of the draws.
    acceptability
        Share of draws in each of the first places.
    equal_data
        Rank if everybody's data were as good as the best.

    """

    low: int
    high: int
    expected: float
    acceptability: tuple[float, ...]
    equal_data: int

    @property
    def first(self) -> float:
        """Share of draws in which it is first."""
        return self.acceptability[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedSet:
    """The ranked scores of a material, and the method by which they are compared: that of the newest of them."""

    flow: str
    scores: Sequence[Score]
    version: MethodVersion

    @property
    def basis(self) -> str:
        """What tells this set from any other."""
        named = "\n".join([str(self.version.id), *sorted(str(one.id) for one in self.scores)])
        return hashlib.sha256(named.encode()).hexdigest()


def ranked_set(session: Session, flow: str) -> RankedSet | None:
    """Return the ranked scores of the active suppliers of a material; None where there are none."""
    active = {one.id for one in all_active_suppliers(session)}
    latest = latest_scores(session, flow=flow)
    return set_of(session, flow, [one for one in latest if one.supplier_id in active and standing_of(one) is Standing.RANKED])


def set_of(session: Session, flow: str, scores: Sequence[Score]) -> RankedSet | None:
    """Return scores with the method of the newest of them; None without any."""
    if not scores:
        return None
    newest = max(scores, key=lambda one: (one.calculated_at, str(one.id)))
    return RankedSet(flow=flow, scores=scores, version=method_version_of(session, newest))


def find_run(session: Session, ranked: RankedSet) -> RankRun | None:
    """Return what was calculated for exactly these scores."""
    return session.exec(select(RankRun).where(RankRun.flow == ranked.flow, RankRun.basis == ranked.basis)).first()


def spreads_of(run: RankRun) -> Mapping[uuid.UUID, RankSpread]:
    """Return the spreads of a run by supplier."""
    return {
        uuid.UUID(supplier): RankSpread(**{**stored, "acceptability": tuple(stored["acceptability"])})
        for supplier, stored in run.ranks.items()
    }


def calculate_run(ranked: RankedSet, *, at: datetime) -> RankRun:
    """Draw weights and data, and return what becomes of the ranks; takes seconds, so nothing holds a transaction meanwhile."""
    method = method_of(ranked.version)
    samples = samples_for(len(ranked.scores))
    drawn = rank_robustness(ranked.scores, method, seed=SEED, samples=samples)
    return RankRun(
        flow=ranked.flow,
        basis=ranked.basis,
        method_id=ranked.version.id,
        ranks=_stored(ranked, drawn, method),
        seed=SEED,
        samples=samples,
        calculated_at=at,
        is_sample=any(one.is_sample for one in ranked.scores),
    )


def samples_for(suppliers: int) -> int:
    """Return how many draws so many suppliers get."""
    return min(max(DRAWS // max(suppliers, 1), LEAST_SAMPLES), MOST_SAMPLES)


def rank_material(session: Session, flow: str, *, at: datetime) -> RankRun | None:
    """Store how firmly the ranks of a material stand, unless that is known; None where nobody is ranked."""
    ranked = ranked_set(session, flow)
    if ranked is None:
        return None
    found = find_run(session, ranked)
    return found or keep_run(session, calculate_run(ranked, at=at))


def keep_run(session: Session, run: RankRun) -> RankRun:
    """Store a run, unless another worker has done so."""
    same = select(RankRun).where(RankRun.flow == run.flow, RankRun.basis == run.basis)
    found = session.exec(same).first()
    if found is None:
        session.add(run)
    return found or run


def _stored(ranked: RankedSet, drawn: Sequence[RankRobustness], method: ScoringMethod) -> dict[str, Any]:
    equal: Sequence[EqualDataRank] = rank_with_equal_data(ranked.scores, method)
    return {
        str(score.supplier_id): {
            "low": one.low,
            "high": one.high,
            "expected": one.expected,
            "acceptability": list(one.acceptability[:SHOWN_RANKS]),
            "equal_data": other.rank,
        }
        for score, one, other in zip(ranked.scores, drawn, equal, strict=True)
    }
