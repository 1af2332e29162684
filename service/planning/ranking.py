"""Which question narrows a footprint most: each source of variance by who could answer for it, and the best order of asking.

To first order the variance of a footprint is the sum over independent streams of (sum of the stream's effects)²: what shares a
stream moves together, so a supplier that leaves a default takes its own part out of a larger square. An effect is slope x weight x
standard deviation, kg CO2e. Asking replaces the effect by that of the evidence which the answer would have, in a stream of its own.
"""

import math
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

Z_90: Final = 1.6448536269514722
"""Standard normal quantile of 95 %: P5 to P95 reach this many standard deviations to both sides."""
_NOTHING: Final = 1e-3
"""Share of the variance below which a question is not worth the clerk's minutes (own choice)."""


class Key(NamedTuple):
    """Who is asked for what; empty supplier is the maker's own plant."""

    supplier: str
    parameter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One source of variance.

    Attributes
    ----------
    effect, known_effect
        kg CO2e by which one standard deviation moves the total, as it is and once the question is answered.
    key
        The question that would replace it; None if nobody can be asked.

    """

    stream: str
    effect: float
    known_effect: float = 0.0
    key: Key | None = None

    def times(self, amount: float) -> "Source":
        """Return the same source in an amount of product."""
        return Source(stream=self.stream, effect=self.effect * amount, known_effect=self.known_effect * amount, key=self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """A question.

    Attributes
    ----------
    fields
        Fields that feed the parameter together: they count together.
    is_missing
        Whether nothing was answered; else the answer rests on weak evidence.

    """

    key: Key
    fields: tuple[str, ...]
    is_missing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One question in the order of asking.

    Attributes
    ----------
    new_fields
        Fields that no earlier question of the same supplier has asked.
    reduction
        Share (0 to 1) of the present variance that falls away with it, after all earlier ones.
    sd_after
        Standard deviation that is left, kg CO2e.

    """

    ask: Ask
    new_fields: tuple[str, ...]
    reduction: float
    sd_after: float

    @property
    def width_after(self) -> float:
        """P5 to P95 that is left, if the result is about normal."""
        return 2 * Z_90 * self.sd_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """The order in which questions narrow most per field asked.

    Attributes
    ----------
    sd
        Standard deviation now, kg CO2e.

    """

    sd: float
    steps: tuple[Step, ...]

    @property
    def width(self) -> float:
        """P5 to P95 now, if the result is about normal."""
        return 2 * Z_90 * self.sd


def variance(sources: Iterable[Source], asked: Collection[Key] = frozenset()) -> float:
    """Return the variance to first order, (kg CO2e)², once some questions are answered."""
    streams: dict[str, float] = defaultdict(float)
    for one in sources:
        if one.key is not None and one.key in asked:
            streams[_own_stream(one.key)] += one.known_effect
        else:
            streams[one.stream] += one.effect
    return math.fsum(effect**2 for effect in streams.values())


def rank(sources: Sequence[Source], asks: Mapping[Key, Ask]) -> Ranking:
    """Return the questions, the one first that narrows most per field that it adds.

    After each question the others are valued anew: two suppliers that share a default are worth more together than apart, and a
    field that has been asked already costs nothing again. Questions that narrow nothing are left out.
    """
    board = _Board(sources)
    present = board.variance
    left, steps = dict(asks), []
    seen: dict[str, set[str]] = defaultdict(set)
    while left:
        key = max(left, key=lambda one: (board.reduction(one) / _cost(left[one], seen[one.supplier]), one))
        ask, reduction = left.pop(key), board.reduction(key)
        if reduction <= _NOTHING * present:
            continue
        board.answer(key)
        new = tuple(field for field in ask.fields if field not in seen[key.supplier])
        seen[key.supplier].update(ask.fields)
        steps.append(Step(ask=ask, new_fields=new, reduction=reduction / present, sd_after=math.sqrt(max(board.variance, 0.0))))
    return Ranking(sd=math.sqrt(present), steps=tuple(steps))


def _cost(ask: Ask, seen: Collection[str]) -> int:
    """Return how many fields a clerk would have to answer besides those asked already; asking at all costs one."""
    return max(1, sum(field not in seen for field in ask.fields))


def _own_stream(key: Key) -> str:
    return f"{key.parameter}@{key.supplier}"


class _Board:
    """Sums by stream, kept up to date as questions are answered."""

    def __init__(self, sources: Sequence[Source]) -> None:
        self._streams: dict[str, float] = defaultdict(float)
        self._of: dict[Key, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        self._known: dict[Key, float] = defaultdict(float)
        for one in sources:
            self._streams[one.stream] += one.effect
            if one.key is not None:
                self._of[one.key][one.stream] += one.effect
                self._known[one.key] += one.known_effect
        self.variance = math.fsum(effect**2 for effect in self._streams.values())

    def reduction(self, key: Key) -> float:
        """Return by how much the variance falls if a question is answered; negative if better evidence says less than a default."""
        taken = ((self._streams[stream], effect) for stream, effect in self._of[key].items())
        return math.fsum(whole**2 - (whole - part) ** 2 for whole, part in taken) - self._known[key] ** 2

    def answer(self, key: Key) -> None:
        """Take a question's sources out of their streams."""
        self.variance -= self.reduction(key)
        for stream, effect in self._of[key].items():
            self._streams[stream] -= effect
        self._of[key] = {_own_stream(key): self._known[key]}
