"""A stored score calculated again from its own row: facts, method and the grade that it started from."""

import math
from typing import Final

from sqlmodel import Session

from service.green_score.method_queries import method_of
from service.green_score.models import Score
from service.green_score.operations import indicators_as_stored, previous_grade
from service.green_score.queries import method_version_of
from service.green_score.robustness import score_robustness
from service.green_score.scoring import score
from service.green_score.stored_facts import facts_from, hash_of

TOLERANCE: Final = 1e-9
_DRAWN: Final = 1e-6
"""Points by which sums of draws may differ from one processor to another."""


def differences(session: Session, row: Score) -> list[str]:
    """Return which parts of a stored score another calculation from its own inputs does not give again; none is as it should be."""
    if hash_of(row.inputs) != row.inputs_hash:
        return ["inputs_hash"]  # what was changed behind our back says nothing of the rest
    facts = facts_from(row.inputs)
    previous = None if row.previous_id is None else session.get_one(Score, row.previous_id)
    method = method_of(method_version_of(session, row))
    drawn = {name: row.robustness[name] for name in ("seed", "samples") if name in row.robustness}
    firm = score_robustness(facts, method, **drawn)
    found = score(facts, method, previous=previous_grade(previous), probabilities=firm.by_points)
    agrees = {
        "total": abs(found.points.total - row.total) < TOLERANCE,
        "grade": found.grade.letter == row.grade,
        "indicators": indicators_as_stored(found, facts.sources) == row.indicators,
        "robustness": all(abs(row.robustness.get(name, math.inf) - value) < _DRAWN for name, value in firm.percentiles.items()),
    }
    return [name for name, is_same in agrees.items() if not is_same]
