"""What makes the difference between two footprints: steps that sum to it exactly.

The footprints may be of other periods, suppliers, products, furnaces, electricity views, GWP sets or model versions. Everything
that differs belongs to one change; a combination of changes is one calculation with some of the values before and the others
after. Changes of numbers are rows of one batch; changes of choices are a batch each.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lca_models.batch import calculate_batch
from lca_models.calculation import Footprint
from lca_models.errors import N_, ComparisonError
from lca_models.explanations.differences import GWP, MODEL, Difference, Differences, find_differences
from lca_models.explanations.shapley import MOST_PLAYERS, Combinations, ordered_effects, shapley_values
from lca_models.model import Model
from lca_models.parameters import Value

_TOLERANCE: Final = 1e-9
"""Relative; far above the rounding of two ways to the same number, far below any change of an input."""


class Grouping(StrEnum):
    """What is one change: all parameters of a step of the chain, or each parameter."""

    GROUP = "group"
    PARAMETER = "parameter"


class Rule(StrEnum):
    """How joint effects are shared out."""

    SHAPLEY = "shapley"
    ORDERED = "ordered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of the two footprints, with the model that it was calculated with."""

    model: Model
    footprint: Footprint


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """The part of the difference that one change makes.

    Attributes
    ----------
    key
        Group or name of the parameters; a name of a choice; `MODEL`, `GWP` or `ELECTRICITY_VIEW` of `differences`.
    parameters
        What differs.

    """

    key: str
    parameters: tuple[Difference, ...]
    kg_co2e: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two totals, kg CO2e per kg, and the steps from one to the other in the order of the process chain.

    Attributes
    ----------
    rule
        Shapley values over all orders for up to `MOST_PLAYERS` changes; else the effects in the order of the chain, where a later
        change gets what it makes together with the earlier ones.
    combinations
        Calculations behind it.
    contradictory
        Combinations in which the parameters of the two sides contradict each other; a negative amount counts as zero there.

    """

    before_kg_co2e: float
    after_kg_co2e: float
    steps: tuple[Step, ...]
    rule: Rule
    combinations: int
    contradictory: int


def compare_footprints(before: Side, after: Side, *, grouping: Grouping = Grouping.GROUP) -> Comparison:
    """Share the difference out among what differs.

    Raises
    ------
    ComparisonError
        If the combination of all changes does not give the second footprint.

    """
    found = find_differences(before.model, before.footprint, after.model, after.footprint, grouped=grouping is Grouping.GROUP)
    combinations = _Combinations(before, after, found)
    rule = Rule.SHAPLEY if len(found.changes) <= MOST_PLAYERS else Rule.ORDERED
    share_out = shapley_values if rule is Rule.SHAPLEY else ordered_effects
    effects = share_out(combinations.totals, players=len(found.changes)).tolist() if found.changes else []
    _check(before.footprint.total_kg_co2e, after.footprint.total_kg_co2e, effects)
    return Comparison(
        before_kg_co2e=before.footprint.total_kg_co2e,
        after_kg_co2e=after.footprint.total_kg_co2e,
        steps=tuple(
            Step(key=key, parameters=found.parameters_of(key), kg_co2e=kg) for key, kg in zip(found.changes, effects, strict=True)
        ),
        rule=rule,
        combinations=combinations.count,
        contradictory=combinations.contradictory,
    )


def _check(before: float, after: float, effects: Sequence[float]) -> None:
    if not math.isclose(math.fsum((before, *effects)), after, rel_tol=_TOLERANCE):
        raise ComparisonError(
            N_(
                "The changes from %(before)s to %(after)s kg CO2e add up to %(sum)s: something that differs is not among them. "
                "Report this; no comparison is given."
            ),
            before=repr(before),
            after=repr(after),
            sum=repr(math.fsum((before, *effects))),
        )


class _Combinations:
    """Totals of combinations of changes; counts them."""

    def __init__(self, before: Side, after: Side, found: Differences) -> None:
        self._sides = (before, after)
        self._found = found
        self._switches = [place for place, key in enumerate(found.changes) if key in found.switches]
        self.count = 0
        self.contradictory = 0

    def totals(self, rows: Combinations) -> NDArray[np.float64]:
        """Return kg CO2e of each combination; those with the same choices are solved together."""
        totals = np.empty(len(rows))
        switched = rows[:, self._switches] @ (1 << np.arange(len(self._switches))) if self._switches else np.zeros(len(rows))
        for state in np.unique(switched):
            together = np.flatnonzero(switched == state)
            totals[together] = self._batch(rows[together])
        self.count += len(rows)
        return totals

    def _batch(self, rows: Combinations) -> NDArray[np.float64]:
        made = {key: rows[:, place] for place, key in enumerate(self._found.changes)}
        model_side, gwp_side = (self._sides[self._found.is_after(key, made)] for key in (MODEL, GWP))
        result = calculate_batch(
            model_side.model,
            self._parameters(made),
            gwp=gwp_side.footprint.gwp,
            replaced=gwp_side.footprint.given,
            allow_contradictions=True,
        )
        self.contradictory += int(np.broadcast_to(result.contradictory, len(rows)).sum())
        return np.broadcast_to(result.total_kg_co2e, len(rows))

    def _parameters(self, made: Mapping[str, NDArray[np.bool_]]) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for name, (before, after, key) in self._found.values.items():
            if isinstance(before, float) and isinstance(after, float) and key and key not in self._found.switches:
                found[name] = np.where(made[key], after, before)
                continue
            value = after if self._found.is_after(key, made) else before
            if value is not None:
                found[name] = value
        return found
