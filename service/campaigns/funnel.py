"""How far the suppliers of a campaign have come: counts by stage and the figures that tell how well the asking works."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from statistics import median

from service.submissions.models import SubmissionStatus as Status

LONGEST_PAUSE = timedelta(minutes=15)
"""A longer gap between two savings is a break, not work; own choice."""


class Stage(StrEnum):
    """A stage of the funnel; each of the first six includes those who have gone further."""

    INVITED = "invited"
    DELIVERED = "delivered"
    OPENED = "opened"
    STARTED = "in_progress"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    BOUNCED = "bounced"
    RETURNED = "returned"
    DECLINED = "declined"


STEPS = (Stage.INVITED, Stage.DELIVERED, Stage.OPENED, Stage.STARTED, Stage.SUBMITTED, Stage.ACCEPTED)
SIDE_EXITS = (Stage.BOUNCED, Stage.RETURNED, Stage.DECLINED)
# How far a status takes a request along STEPS; whoever opens a link has received it, whichever way it came.
_REACHES: Mapping[Status, Stage] = {
    Status.INVITED: Stage.INVITED,
    Status.BOUNCED: Stage.INVITED,
    Status.DELIVERED: Stage.DELIVERED,
    Status.OPENED: Stage.OPENED,
    Status.IN_PROGRESS: Stage.STARTED,
    Status.SUBMITTED: Stage.SUBMITTED,
    Status.IN_REVIEW: Stage.SUBMITTED,
    Status.RETURNED: Stage.SUBMITTED,
    Status.ACCEPTED: Stage.ACCEPTED,
    Status.IN_USE: Stage.ACCEPTED,
    Status.SUPERSEDED: Stage.ACCEPTED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What has happened to one request, oldest first.

    Attributes
    ----------
    statuses
        Each status that it came to, and when.
    touches
        When the supplier opened it, saved answers or handed them in.

    """

    statuses: Sequence[tuple[Status, datetime]]
    touches: Sequence[datetime]

    @property
    def since(self) -> datetime | None:
        """When it came to its present status; None if that was never recorded."""
        return self.statuses[-1][1] if self.statuses else None

    def times(self, status: Status) -> int:
        """Return how often it came to a status."""
        return sum(seen is status for seen, _ in self.statuses)

    @property
    def reached(self) -> frozenset[Stage]:
        """Every stage of the funnel that it has been at; a bounce takes back that the mail before it was delivered."""
        bounces = [place for place, (status, _) in enumerate(self.statuses) if status is Status.BOUNCED]
        since_bounce = self.statuses[bounces[-1] :] if bounces else self.statuses
        seen = [_REACHES[status] for status, _ in since_bounce if status in _REACHES]
        furthest = max((STEPS.index(stage) for stage in seen), default=-1)
        exits = {Stage(status.value) for status, _ in self.statuses if status.value in SIDE_EXITS}
        return frozenset(STEPS[: furthest + 1]) | exits

    @property
    def time_at_work(self) -> timedelta:
        """Time spent on the form before it was first handed in: the gaps between touches, longer pauses left out.

        Zero if it was touched only once, which says nothing about the time.
        """
        handed_in = next((at for status, at in self.statuses if status is Status.SUBMITTED), None)
        moments = [at for at in sorted(self.touches) if handed_in is None or at <= handed_in]
        gaps = (later - earlier for earlier, later in pairwise(moments))
        return sum((gap for gap in gaps if gap <= LONGEST_PAUSE), timedelta())


@dataclass(frozen=True, slots=True, kw_only=True)
class StageCount:
    """How many requests have reached a stage, and how many stand there now; `share` is of those invited, None for none."""

    stage: Stage
    reached: int
    now: int
    share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """The figures of a campaign; None where nothing can be said yet.

    Attributes
    ----------
    first_time_right
        Share of the questionnaires decided on that were accepted without having been returned.
    median_minutes
        Of the time at work, over questionnaires handed in that were touched more than once.
    returns_per_submission
        Returns over questionnaires handed in.
    drop_off
        The question at which most of the questionnaires begun and not handed in have stopped, and how many.

    """

    delivered: float | None
    opened: float | None
    started: float | None
    submitted: float | None
    first_time_right: float | None
    median_minutes: float | None
    returns_per_submission: float | None
    drop_off: tuple[str, int] | None


def count_stages(histories: Collection[History], present: Collection[Status]) -> Sequence[StageCount]:
    """Count by stage.

    Parameters
    ----------
    present
        The present status of every request.

    """
    reached = Counter(stage for history in histories for stage in history.reached)
    now = Counter(stage_now(status) for status in present)
    invited = reached[Stage.INVITED]
    return [
        StageCount(stage=stage, reached=reached[stage], now=now[stage], share=reached[stage] / invited if invited else None)
        for stage in (*STEPS, *SIDE_EXITS)
    ]


def calculate_figures(histories: Collection[History], *, stopped_at: Sequence[str]) -> Figures:
    """Calculate the figures of a campaign.

    Parameters
    ----------
    stopped_at
        For each questionnaire begun and not handed in, the first question without an answer.

    """
    reached = Counter(stage for history in histories for stage in history.reached)
    handed_in = [history for history in histories if Stage.SUBMITTED in history.reached]
    decided = [history for history in handed_in if {Stage.ACCEPTED, Stage.RETURNED} & history.reached]
    right = [history for history in decided if Stage.RETURNED not in history.reached]
    returns = sum(history.times(Status.RETURNED) for history in handed_in)
    minutes = [history.time_at_work / timedelta(minutes=1) for history in handed_in if history.time_at_work]
    shares = {stage: _share(reached[stage], reached[Stage.INVITED]) for stage in STEPS}
    return Figures(
        delivered=shares[Stage.DELIVERED],
        opened=shares[Stage.OPENED],
        started=shares[Stage.STARTED],
        submitted=shares[Stage.SUBMITTED],
        first_time_right=_share(len(right), len(decided)),
        median_minutes=median(minutes) if minutes else None,
        returns_per_submission=_share(returns, len(handed_in)),
        drop_off=min(Counter(stopped_at).items(), key=lambda item: (-item[1], item[0]), default=None),
    )


def stage_now(status: Status) -> Stage | None:
    """Return the stage at which a request stands; None before it is sent and after it was withdrawn or expired."""
    if status.value in SIDE_EXITS:
        return Stage(status.value)
    return _REACHES.get(status)


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
