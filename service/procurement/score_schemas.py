import uuid
from datetime import date, datetime

from pydantic import BaseModel, ConfigDict

from service.green_score.published import Disclosure, Visibility


class RunInput(BaseModel):
    """Whose scores shall be calculated again; everybody's unless a supplier is named."""

    model_config = ConfigDict(extra="forbid")

    supplier_id: uuid.UUID | None = None


class RunOut(BaseModel):
    """What a run has done: scores that hold now, or for everybody a task that was queued."""

    queued: bool
    scores: list["ScoreOut"]


class RangeOut(BaseModel):
    """Both ends are the same where a value is exact."""

    low: float
    high: float


class IndicatorOut(BaseModel):
    """One indicator; `value` and `points` are null where it is missing, left out, or stands in its dimension only."""

    id: str
    visibility: Visibility
    value: RangeOut | None
    credit: float
    possible: float
    points: RangeOut | None
    reasons: list[str]
    sources: list[str]


class ScoreOut(BaseModel):
    """A supplier's score for one material and period, as exactly as who asks may see it."""

    id: uuid.UUID
    supplier_id: uuid.UUID
    flow: str
    category: str
    period_start: date
    period_end: date
    method: str
    disclosure: Disclosure
    total: float
    grade: str
    grade_reasons: list[str]
    dimensions: dict[str, RangeOut]
    interval: RangeOut | None
    grade_probability: float | None
    is_open: bool
    frozen_quarter: str | None
    inputs_hash: str | None
    calculated_at: datetime
    is_sample: bool
    indicators: list[IndicatorOut] | None


class ScorePage(BaseModel):
    """Scores, the latest first."""

    items: list[ScoreOut]
