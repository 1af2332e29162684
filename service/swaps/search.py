"""Every combination of the candidates that were picked, and what no other combination beats."""

import itertools
import math
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from service.errors import N_, ConflictError, FieldError, InvalidInputError
from service.swaps.desk import Desk
from service.swaps.outcomes import Outcome, Scores, outcomes
from service.swaps.overlay import Combination, Mix, halves, key_of, whole
from service.swaps.pareto import front
from service.swaps.spread import Spread

MOST: Final = 10_000
"""Combinations of one run; own choice, a few seconds of work."""
_CHUNK: Final = 500
_SHOWN_WITHOUT_PRICE: Final = 10

Picked = Mapping[str, Sequence[uuid.UUID]]


class TooManyCombinationsError(ConflictError):
    """A run would try more combinations than one may."""

    code = "too-many-combinations"


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A combination that is shown, per kg or t of product as in `Outcome`.

    Attributes
    ----------
    on_front, on_p90_front
        Whether no other beats it in cost and footprint, or in cost and the footprint's 90th percentile.

    """

    outcome: Outcome
    p90_kg_co2e_per_kg: float
    on_front: bool
    on_p90_front: bool

    def as_dict(self) -> dict[str, Any]:
        """Return what a run keeps."""
        return {
            "mixes": {
                flow: {str(supplier_id): share for supplier_id, share in mix.items()}
                for flow, mix in self.outcome.combination.items()
            },
            "kg_co2e_per_kg": self.outcome.kg_co2e_per_kg,
            "p90_kg_co2e_per_kg": self.p90_kg_co2e_per_kg,
            "cny_per_t": self.outcome.cny_per_t,
            "score": self.outcome.score,
            "defect_share": self.outcome.defect_share,
            "on_front": self.on_front,
            "on_p90_front": self.on_p90_front,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a run finds.

    Attributes
    ----------
    points
        Of the two fronts, the cheapest first.
    without_price
        Combinations that have no cost: how many, and those of the smallest footprint.

    """

    points: tuple[Point, ...]
    today: Point
    without_price_count: int
    without_price: tuple[Point, ...]


def read_picked(typed: Mapping[str, Sequence[str]]) -> Picked:
    """Return the suppliers that were ticked by flow; a flow with none stays as it is today.

    Raises
    ------
    InvalidInputError
        If one of them is no supplier, or none is ticked at all.

    """
    picked: dict[str, list[uuid.UUID]] = {}
    for flow, texts in typed.items():
        try:
            picked[flow] = [uuid.UUID(text) for text in texts]
        except ValueError as error:
            raise _unknown(flow) from error
    if not any(picked.values()):
        raise InvalidInputError({"try": FieldError(N_("Tick the suppliers to try, for at least one input."))})
    return {flow: suppliers for flow, suppliers in picked.items() if suppliers}


def _unknown(flow: str) -> InvalidInputError:
    return InvalidInputError({f"try.{flow}": FieldError(N_("One of these does not deliver this input; pick from the list."))})


def check_picked(desk: Desk, picked: Picked) -> None:
    """Refuse what can't be tried, by field of the form.

    Raises
    ------
    InvalidInputError
        A flow or a supplier that is no candidate, or one whose answers can't make the product.

    """
    for flow, suppliers in picked.items():
        known = {one.supplier_id: one for one in desk.candidates.get(flow, ())}
        for supplier_id in suppliers:
            if supplier_id not in known:
                raise InvalidInputError(
                    {f"try.{flow}": FieldError(N_("One of these does not deliver this input; pick from the list."))}
                )
            problem = known[supplier_id].problem
            if problem is not None:
                raise InvalidInputError({f"try.{flow}": FieldError(problem.template, **problem.values)})


def combinations_of(desk: Desk, picked: Picked, *, with_halves: bool) -> list[Combination]:
    """Return every combination of the picked suppliers; today's mix of an input is always among its choices.

    Raises
    ------
    TooManyCombinationsError
        With the number and the limit.

    """
    options = {flow: _options(desk, flow, suppliers, with_halves=with_halves) for flow, suppliers in picked.items() if suppliers}
    count = math.prod(len(one) for one in options.values())
    if count > MOST:
        raise TooManyCombinationsError(
            N_("These suppliers make %(count)s combinations, more than %(most)s. Pick fewer of them, or leave out the halves."),
            count=count,
            most=MOST,
        )
    return [dict(zip(options, mixes, strict=True)) for mixes in itertools.product(*options.values())]


def _options(desk: Desk, flow: str, suppliers: Sequence[uuid.UUID], *, with_halves: bool) -> list[Mix]:
    pairs = itertools.combinations(suppliers, 2) if with_halves else ()
    mixes: list[Mix] = [desk.today[flow], *map(whole, suppliers), *map(halves, pairs)]
    return list({key_of({flow: mix}): mix for mix in reversed(mixes)}.values())[::-1]


def search(
    desk: Desk, combinations: Sequence[Combination], scores: Scores, spread: Spread, *, report: Callable[[int], None]
) -> Found:
    """Evaluate combinations and keep what is worth showing.

    Parameters
    ----------
    report
        Is told how many are done; what it raises ends the search.

    """
    found: list[Outcome] = []
    for some in _chunks(combinations):
        found.extend(outcomes(desk, some, scores))
        report(len(found))
    carbon = [one.kg_co2e_per_kg for one in found]
    p90 = spread.p90_kg_co2e_per_kg(combinations, carbon)
    cost = np.array([math.nan if one.cny_per_t is None else one.cny_per_t for one in found])
    fronts = (set(front(cost, np.array(carbon))), set(front(cost, p90)))
    shown = sorted(fronts[0] | fronts[1], key=lambda number: (cost[number], carbon[number]))
    without = sorted((number for number, one in enumerate(found) if one.cny_per_t is None), key=lambda number: carbon[number])

    def point(number: int) -> Point:
        return Point(
            outcome=found[number],
            p90_kg_co2e_per_kg=float(p90[number]),
            on_front=number in fronts[0],
            on_p90_front=number in fronts[1],
        )

    today = outcomes(desk, [desk.today], scores)[0]
    return Found(
        points=tuple(map(point, shown)),
        today=Point(
            outcome=today,
            p90_kg_co2e_per_kg=float(spread.p90_kg_co2e_per_kg([{}], [today.kg_co2e_per_kg])[0]),
            on_front=False,
            on_p90_front=False,
        ),
        without_price_count=len(without),
        without_price=tuple(map(point, without[:_SHOWN_WITHOUT_PRICE])),
    )


def _chunks(combinations: Sequence[Combination]) -> Iterator[Sequence[Combination]]:
    return (combinations[start : start + _CHUNK] for start in range(0, len(combinations), _CHUNK))
