"""A doubt about figures: found by calculating alone, put into words only when it is shown."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from service.submissions.plausibility.cases import Case
from service.submissions.plausibility.observations import Level, Observation
from service.submissions.questions import Limits
from service.web.formatting import format_exact

RATIO_DIGITS: Final = 5

Words = tuple[str, Mapping[str, Any]]
"""A message id and what fills it (`observations.Observation`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """What does not fit.

    Attributes
    ----------
    field
        Where it is shown.
    fields
        All whose figures it is about; a correction of one of them may settle it.

    """

    field: str
    rule: str
    fields: tuple[str, ...]
    words: Callable[[], Words]

    @property
    def key(self) -> str:
        """The same for the same doubt about other figures."""
        return f"{self.field}.{self.rule}"

    def observation(self, level: Level = Level.WARNING) -> Observation:
        """Return the doubt in words."""
        template, values = self.words()
        return Observation(field=self.field, rule=self.rule, level=level, template=template, values=values, about=self.fields)


Check = Callable[[Case, str | None], Iterator[Doubt]]
"""Doubts about a case; given a field, only those that its figure can raise or settle."""


def is_within(value: float, limits: Limits) -> bool:
    """Whether a value lies inside, the limits included."""
    return (limits.low is None or value >= limits.low) and (limits.high is None or value <= limits.high)


def range_words(limits: Limits) -> str:
    """Return the limits as people write them: `4,000–17,500`."""
    low, high = (number_words(bound) if bound is not None else "…" for bound in (limits.low, limits.high))
    return f"{low}–{high}"


def number_words(value: float) -> str:
    """Return every digit of a figure that somebody typed, or that it converts to."""
    return format_exact(float(f"{value:.10g}"), "en")


def rounded_words(value: float) -> str:
    """Return a calculated figure."""
    return format_exact(float(f"{value:.{RATIO_DIGITS}g}"), "en")
