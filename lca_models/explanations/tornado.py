"""What each parameter could change: the result at both ends of its usual range, all else as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lca_models.batch import BatchResult, calculate_batch
from lca_models.electricity import NATIONAL, SCOPES, ElectricityView
from lca_models.emissions import GwpSet
from lca_models.inventory import Distribution, LifeCycleFactor
from lca_models.model import Model
from lca_models.parameters import FURNACE, Default, Value

_HEADLINE: Final = next(iter(SCOPES))
_FACT: Final = "contract_"
"""Shares of electricity with evidenced contracts are what the evidence says; they have no usual range."""

Range = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Swing:
    """A parameter at both ends of its usual range.

    Attributes
    ----------
    value, low, high
        In `unit`.
    at_low_kg_co2e, at_high_kg_co2e
        Result per kg; None where this end contradicts the other parameters, such as more recovered than is lost.
    is_choice
        Whether the range is what a maker may choose, and not what is uncertain.

    """

    parameter: str
    unit: str
    value: float
    low: float
    high: float
    at_low_kg_co2e: float | None
    at_high_kg_co2e: float | None
    is_choice: bool

    @property
    def span_kg_co2e(self) -> float:
        """How far the result moves between the ends."""
        ends = [one for one in (self.at_low_kg_co2e, self.at_high_kg_co2e) if one is not None]
        return max(ends) - min(ends) if ends else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tornado:
    """Parameters by how far they move the result, the greatest first.

    Attributes
    ----------
    fixed
        Parameters without a range in their source; they are not varied, which does not mean that they are certain.

    """

    total_kg_co2e: float
    swings: tuple[Swing, ...]
    fixed: tuple[str, ...]


def swing_parameters(
    model: Model,
    parameters: Mapping[str, float | str] | None = None,
    *,
    electricity: ElectricityView | LifeCycleFactor | str = NATIONAL,
    gwp: GwpSet = GwpSet.AR6,
) -> Tornado:
    """Return the result with each parameter at both ends of its range, all parameters in one batch.

    What follows a parameter by default follows it here too: the electricity factor of graphitization that of the plant, for
    example. Parameters that others follow are therefore one batch, those that follow them a second.

    Parameters
    ----------
    parameters
        As given to the footprint; ranges are those of its furnace.

    """
    base = calculate_batch(model, parameters, electricity=electricity, gwp=gwp)
    given = dict(parameters or {}) | _factors_of_view(base)
    defaults = _defaults(model, str(base.values[FURNACE]))
    ranges = {name: (one.low, one.high) for name, one in defaults.items() if one.low is not None and one.high is not None}
    results: dict[str, tuple[float | None, float | None]] = {}
    for together in _rounds(model, defaults, given, tuple(ranges)):
        results |= _at_ends(model, given, base, {name: ranges[name] for name in together}, gwp=gwp)
    swings = [
        Swing(
            parameter=name,
            unit=model.definitions[name].unit,
            value=float(base.parameters.number(name)),
            low=low,
            high=high,
            at_low_kg_co2e=results[name][0],
            at_high_kg_co2e=results[name][1],
            is_choice=defaults[name].shape is Distribution.FIXED,
        )
        for name, (low, high) in ranges.items()
    ]
    return Tornado(
        total_kg_co2e=float(base.total_kg_co2e[0]),
        swings=tuple(sorted(swings, key=lambda one: -one.span_kg_co2e)),
        fixed=tuple(name for name in defaults if name not in ranges),
    )


def _factors_of_view(base: BatchResult) -> dict[str, float]:
    """Return the electricity factors of the view as numbers, so that they can be varied; those that follow are left to follow."""
    view = base.parameters.view
    if view.key == NATIONAL:
        return {}
    names = tuple(SCOPES) if view.is_mixed else (_HEADLINE,)
    return {name: float(base.parameters.number(name)) for name in names}


def _defaults(model: Model, furnace: str) -> dict[str, Default]:
    """Return the defaults of all numbers that exist with a furnace and are no facts of evidence."""
    found = {name: one.default_for(furnace) for name, one in model.definitions.items() if not one.choices and _FACT not in name}
    return {name: default for name, default in found.items() if default is not None}


def _rounds(
    model: Model, defaults: Mapping[str, Default], given: Mapping[str, float | str], names: Sequence[str]
) -> list[list[str]]:
    """Return the parameters in rounds: first those that follow no other, then those that follow these, and so on."""

    def depth(name: str) -> int:
        if name in given or name not in defaults:
            return 0
        return max((1 + depth(used) for used in defaults[name].formula.names if used in model.definitions), default=0)

    rounds: dict[int, list[str]] = {}
    for name in names:
        rounds.setdefault(depth(name), []).append(name)
    return [rounds[level] for level in sorted(rounds)]


def _at_ends(
    model: Model, given: Mapping[str, float | str], base: BatchResult, ranges: Mapping[str, Range], *, gwp: GwpSet
) -> dict[str, tuple[float | None, float | None]]:
    rows: dict[str, Value] = dict(given)
    for place, (name, ends) in enumerate(ranges.items()):
        column = np.full(2 * len(ranges), base.parameters.number(name))
        column[2 * place : 2 * place + 2] = ends
        rows[name] = column
    result = calculate_batch(model, rows, gwp=gwp, allow_contradictions=True)
    totals = [None if broken else total for broken, total in zip(result.contradictory, result.total_kg_co2e.tolist(), strict=True)]
    return {name: (totals[2 * place], totals[2 * place + 1]) for place, name in enumerate(ranges)}
