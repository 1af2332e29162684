"""Many calculations at once: whatever differs between draws, scenarios or suppliers is one more row of the same solve."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from lca_models.compilation import apply_shares, evaluate_amounts, evaluate_factors
from lca_models.electricity import NATIONAL, ElectricityView
from lca_models.emissions import Category, GwpSet
from lca_models.errors import N_, Notice, ParameterError
from lca_models.inventory import LifeCycleFactor
from lca_models.linking import Burden
from lca_models.methods.sharing import shares_of, unused_shares
from lca_models.model import Model, stage_of
from lca_models.parameters import ParameterValues, Value, resolve_parameters
from lca_models.route import compile_route, value_reader
from lca_models.solution import Amounts, SolvedSystem, solve_system


@dataclass(frozen=True, kw_only=True)
class BatchResult(SolvedSystem):
    """Footprints of 1 kg of packed anode material for K parameter vectors.

    Attributes
    ----------
    parameters
        All parameters as they were used: a number or choice for all draws, or (K,) numbers.
    contradictory
        (K,) whether the parameters of a draw contradict each other; its result means nothing.
    physical_amounts
        (K, E) `amounts` before allocation: what flows through each process, for balances.

    """

    parameters: ParameterValues
    physical_amounts: Amounts
    contradictory: NDArray[np.bool_]

    @property
    def values(self) -> Mapping[str, Value]:
        """All parameters by name."""
        return self.parameters.values

    @property
    def notices(self) -> tuple[Notice, ...]:
        """What a reader must know about the parameters."""
        return self.parameters.notices

    def sum_by(self, key: Callable[[Burden], str]) -> dict[str, Amounts]:
        """Return (K,) kg CO2e by group, biogenic uptake left out; the parts sum to the total."""
        kept = [position for position, one in enumerate(self.system.burdens) if one.category is not Category.BIOGENIC_UPTAKE]
        return self.sum_columns(kept, key)

    @cached_property
    def uptake_kg_co2e(self) -> Amounts:
        """(K,) biogenic uptake, negative or zero."""
        taken_up = [position for position, one in enumerate(self.system.burdens) if one.category is Category.BIOGENIC_UPTAKE]
        uptake: Amounts = self.contributions_kg_co2e[:, taken_up].sum(axis=1)
        return uptake

    @cached_property
    def total_kg_co2e(self) -> Amounts:
        """(K,) kg CO2e per kg, biogenic uptake left out."""
        return self.score_kg_co2e - self.uptake_kg_co2e

    def by_stage(self, model: Model) -> dict[str, Amounts]:
        """Return (K,) kg CO2e by life-cycle stage, in the order of the chain."""
        found = self.sum_by(lambda one: stage_of(self.system.names[one.process]))
        zero = np.zeros(len(self.levels))
        return {stage.code: found.get(stage.code, zero) for stage in model.stages}


def calculate_batch(
    model: Model,
    parameters: Mapping[str, Value] | None = None,
    *,
    electricity: ElectricityView | LifeCycleFactor | str = NATIONAL,
    gwp: GwpSet = GwpSet.AR6,
    replaced: frozenset[str] | None = None,
    allow_contradictions: bool = False,
) -> BatchResult:
    """Calculate K footprints at once.

    Parameters
    ----------
    parameters
        By name in the parameter's unit: one value for all, or (K,) values. What is missing takes its default, which follows the
        draws of the parameters it is made of. A choice is one word for all.
    electricity
        A view, its key, or a life-cycle factor, for all.
    gwp
        Set of GWP100 values.
    replaced
        Factor parameters that are another's than the model's own, so that their gases are not known; by default those given as one
        number, because arrays are draws of the model's own.
    allow_contradictions
        Mark draws whose parameters contradict each other, instead of refusing them.

    """
    given = parameters or {}
    view = model.electricity.view(electricity)
    values = resolve_parameters(model.definitions, given, electricity=model.electricity, view=view)
    system = compile_route(
        model,
        furnace=values.furnace,
        replaced=_replaced(given) if replaced is None else replaced,
        gwp=gwp,
        unused=unused_shares(values.words),
    )
    draws = _draws(given)
    value_of = value_reader(model, values.number)
    found = evaluate_amounts(system, value_of, draws=draws, allow_contradictions=allow_contradictions)
    carried = apply_shares(system, found.amounts, shares_of(values.words, values.number))
    solved = solve_system(system, carried, evaluate_factors(system, value_of, draws=draws))
    return BatchResult(
        **{name: getattr(solved, name) for name in SolvedSystem.__dataclass_fields__},
        parameters=values,
        contradictory=found.contradictory,
        physical_amounts=found.amounts,
    )


def _replaced(given: Mapping[str, Value]) -> frozenset[str]:
    return frozenset(name for name, value in given.items() if not isinstance(value, np.ndarray))


def _draws(given: Mapping[str, Value]) -> int:
    lengths = {name: len(value) for name, value in given.items() if isinstance(value, np.ndarray)}
    if len(set(lengths.values())) > 1:
        raise ParameterError(
            N_("%(parameter)s has %(length)s values while others have %(others)s. Give every parameter one value or as many."),
            parameter=min(lengths, key=lambda name: lengths[name]),
            length=min(lengths.values()),
            others=max(lengths.values()),
        )
    return max(lengths.values(), default=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One scenario, supplier or point of a grid."""

    parameters: Mapping[str, float | str] = field(default_factory=dict)
    electricity: str = NATIONAL


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseResults:
    """Results of n cases in their order.

    Attributes
    ----------
    total_kg_co2e
        (n,) kg CO2e per kg.
    by_stage_kg_co2e
        (n,) for each stage; they sum to the total.

    """

    total_kg_co2e: Amounts
    by_stage_kg_co2e: Mapping[str, Amounts]


def calculate_cases(model: Model, cases: Sequence[Case], *, gwp: GwpSet = GwpSet.AR6) -> CaseResults:
    """Calculate many cases; those that differ in numbers only are solved together."""
    total = np.zeros(len(cases))
    stages = {stage.code: np.zeros(len(cases)) for stage in model.stages}
    for rows, result in solve_together(model, cases, gwp=gwp):
        total[rows] = result.total_kg_co2e
        for code, values in result.by_stage(model).items():
            stages[code][rows] = values
    return CaseResults(total_kg_co2e=total, by_stage_kg_co2e=stages)


def solve_together(model: Model, cases: Sequence[Case], *, gwp: GwpSet = GwpSet.AR6) -> Iterator[tuple[list[int], BatchResult]]:
    """Yield the solved systems of cases that differ in numbers only, with the positions of these cases."""
    for positions, together in _groups(cases).items():
        replaced = frozenset(together[0].parameters)
        yield (
            list(positions),
            calculate_batch(model, _stacked(together), electricity=together[0].electricity, gwp=gwp, replaced=replaced),
        )


def _groups(cases: Sequence[Case]) -> dict[tuple[int, ...], list[Case]]:
    """Return the cases that can be solved together, by their positions: the same view, choices and names of parameters."""
    found: dict[object, list[int]] = {}
    for position, case in enumerate(cases):
        numbers = frozenset(name for name, value in case.parameters.items() if not isinstance(value, str))
        words = frozenset((name, value) for name, value in case.parameters.items() if isinstance(value, str))
        found.setdefault((case.electricity, numbers, words), []).append(position)
    return {tuple(positions): [cases[position] for position in positions] for positions in found.values()}


def _stacked(cases: Sequence[Case]) -> dict[str, Value]:
    """Return the parameters of cases of one group."""
    stacked: dict[str, Value] = {}
    for name, first in cases[0].parameters.items():
        values = [case.parameters[name] for case in cases]
        stacked[name] = first if isinstance(first, str) else np.array(values, dtype=np.float64)
    return stacked
