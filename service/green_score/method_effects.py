"""What another version of the method would change: the latest scores calculated again from their stored inputs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlmodel import Session

from service.green_score import queries
from service.green_score.method import ScoringMethod
from service.green_score.models import Score
from service.green_score.operations import previous_grade
from service.green_score.scoring import ScoreResult, score
from service.green_score.stored_facts import facts_from

MOST_SCORES: Final = 500
"""Scores of one preview, the best first; each takes about half a millisecond. Own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A score by the version that it was calculated with, and by the other one."""

    score: Score
    result: ScoreResult

    @property
    def changes_grade(self) -> bool:
        """Whether the grade would be another."""
        return self.score.grade != self.result.grade.letter


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What would change; `is_complete` is False if there are more scores than the preview holds."""

    effects: Sequence[Effect]
    is_complete: bool

    @property
    def changed(self) -> Sequence[Effect]:
        """Those whose grade would be another."""
        return [one for one in self.effects if one.changes_grade]


def effects_of(session: Session, method: ScoringMethod) -> Effects:
    """Return what a version would make of the latest scores, on the day and with the previous grade that each was given."""
    scores = [one for one in queries.latest_scores(session) if one.inputs]
    effects = [Effect(score=one, result=_again(session, one, method)) for one in scores[:MOST_SCORES]]
    return Effects(effects=effects, is_complete=len(scores) <= MOST_SCORES)


def _again(session: Session, found: Score, method: ScoringMethod) -> ScoreResult:
    facts = replace(facts_from(found.inputs), category=method.category_of(found.flow))
    before = None if found.previous_id is None else session.get_one(Score, found.previous_id)
    probabilities = found.robustness.get("grades", {})
    return score(facts, method, previous=previous_grade(before), probabilities=probabilities)
