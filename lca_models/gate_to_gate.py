"""The footprint of one step of the chain alone: work on material that somebody else brings, or a material made by a supplier.

A step of the model is taken out of the solved chain: what its own process emits and what it takes from the background, per unit of
what it makes. The material that comes from the step before is left out, because its owner accounts for it. A build is a unit
process of `upstream_builds.csv`, from cradle to gate. Both go through the same engine, point value and draws alike.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final, Protocol

import numpy as np

from lca_models.batch import calculate_batch
from lca_models.builds import adapted_build, background_with, build_of
from lca_models.calculation import calculate_footprint
from lca_models.compilation import CompiledSystem, compile_system
from lca_models.electricity import NATIONAL, SCOPES, ElectricityView
from lca_models.emissions import Category, GwpSet
from lca_models.inventory import Direction
from lca_models.inventory import Distribution as Shape
from lca_models.inventory import Evidence as Stated
from lca_models.linking import Burden, Nature, link_system
from lca_models.methods.data_quality import DeliveredPart, rate_contributions, rate_factor
from lca_models.methods.ratings import UNKNOWN, Geography, Rated, Rating, Technology, data_quality, primary_data_share, rating
from lca_models.model import Model
from lca_models.oracle import replay
from lca_models.solution import Contribution, SolvedSystem, first_solution, solve_system
from lca_models.uncertainty.distributions import Distribution, Fixed, Lognormal, Values
from lca_models.uncertainty.inputs import (
    ESTIMATED,
    drawn,
    electricity_distribution,
    ranged_distribution,
    uncertain_parameters,
)
from lca_models.uncertainty.monte_carlo import streams_of
from lca_models.uncertainty.sampling import Design

ELECTRICITY: Final = "electricity_cn_grid"
PRIMARY: Final = frozenset({"metered", "billed", "calculated"})
"""Kinds of evidence that rest on meters, bills or records; an estimate is no primary data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one flow brings to the footprint.

    Attributes
    ----------
    kg_co2e
        Per unit of the product.
    rests_on_given
        Whether the amount was given, and not left to the model.

    """

    flow: str
    kg_co2e: float
    rated: Rated
    rests_on_given: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFootprint:
    """Climate change impact of one step, GWP100, biogenic uptake left out.

    Attributes
    ----------
    unit
        Of the product: all figures are kg CO2e per one of it.
    draws_kg_co2e
        (K,) draws of the same figure.

    """

    product: str
    unit: str
    parts: tuple[Part, ...]
    draws_kg_co2e: Values
    electricity: ElectricityView
    gwp: GwpSet
    model_version: str

    @property
    def total_kg_co2e(self) -> float:
        """Sum of all parts."""
        return sum(one.kg_co2e for one in self.parts)

    @property
    def by_flow_kg_co2e(self) -> Mapping[str, float]:
        """Sum of parts by flow, the largest first; flows that bring nothing are left out."""
        found: dict[str, float] = {}
        for one in self.parts:
            found[one.flow] = found.get(one.flow, 0.0) + one.kg_co2e
        return dict(sorted(((flow, kg) for flow, kg in found.items() if kg), key=lambda item: -abs(item[1])))

    @property
    def given_share(self) -> float:
        """Share (0 to 1) of the gross contributions whose amount was given."""
        gross = sum(abs(one.kg_co2e) for one in self.parts)
        return sum(abs(one.kg_co2e) for one in self.parts if one.rests_on_given) / gross if gross else 0.0

    @property
    def primary_data_share(self) -> float:
        """Share (0 to 1) by the rule of PACT v3: an input is primary only as far as both its amount and its factor are."""
        return primary_data_share([one.rated for one in self.parts])

    @property
    def quality(self) -> Rating:
        """Ratings of PACT v3, 1 (best) to 5."""
        return data_quality([one.rated for one in self.parts])

    def percentile(self, percent: float) -> float:
        """Return the figure below which `percent` (0 to 100) of the draws lie."""
        return float(np.percentile(self.draws_kg_co2e, percent))


class Step(Protocol):
    """A step with somebody's own figures."""

    def product(self, model: Model) -> str:
        """Return the flow that it makes."""

    def calculate(
        self, model: Model, electricity: ElectricityView | str, *, reference_end: date, design: Design, check: bool = True
    ) -> StepFootprint:
        """Return its footprint under an electricity view; `check` lets Brightway solve the same matrices."""

    def total_kg_co2e(self, model: Model, electricity: ElectricityView | str) -> float:
        """Return the sum alone, without draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainStep:
    """A process of the model's chain, such as graphitization in one type of furnace.

    Attributes
    ----------
    process
        Name in the model, such as ``P3_graphitisation:box``.
    given
        Parameters that differ from the defaults, in their units; furnace included.
    evidence
        Kind of evidence of the numbers given.

    """

    process: str
    given: Mapping[str, float | str]
    evidence: Mapping[str, str]

    def product(self, model: Model) -> str:
        """Return the flow that it makes."""
        return model.processes[self.process].reference.flow

    def calculate(
        self, model: Model, electricity: ElectricityView | str, *, reference_end: date, design: Design, check: bool = True
    ) -> StepFootprint:
        """Return its footprint; the material that comes from the step before is not in it."""
        view = model.electricity.view(electricity)
        footprint = calculate_footprint(model, self.given, electricity=view, check=check)
        rated = rate_contributions(model, footprint, self._delivered(reference_end), reference_end=reference_end)
        made = footprint.scaling[self.process]
        return StepFootprint(
            product=self.product(model),
            unit=model.processes[self.process].reference.unit,
            parts=tuple(
                self._part(contribution, one, made)
                for contribution, (_, one) in zip(footprint.contributions, rated, strict=True)
                if contribution.process == self.process
            ),
            draws_kg_co2e=self._draws(model, view, design),
            electricity=footprint.electricity_view,
            gwp=footprint.gwp,
            model_version=footprint.model_version,
        )

    def total_kg_co2e(self, model: Model, electricity: ElectricityView | str) -> float:
        """Return the sum alone, without draws."""
        footprint = calculate_footprint(model, self.given, electricity=electricity, check=False)
        return footprint.by_process_kg_co2e[self.process] / footprint.scaling[self.process]

    def _part(self, contribution: Contribution, rated: Rated, made: float) -> Part:
        exchange = contribution.burden.exchange
        return Part(
            flow=exchange.flow,
            kg_co2e=contribution.kg_co2e / made,
            rated=replace(rated, kg_co2e=contribution.kg_co2e / made),
            rests_on_given=exchange.driver in self.given,
        )

    def _delivered(self, reference_end: date) -> dict[str, tuple[DeliveredPart, ...]]:
        own = rating(Technology.SAME_PLANT, Geography.SAME_SUBDIVISION, data_end=reference_end, reference_end=reference_end)
        return {
            name: (DeliveredPart(weight=1.0, primary_share=1.0, rating=own),)
            for name, kind in self.evidence.items()
            if kind in PRIMARY
        }

    def _draws(self, model: Model, view: ElectricityView, design: Design) -> Values:
        parameters = uncertain_parameters(model, self.given, electricity=view, evidence=self.evidence)
        shares = design.shares(streams_of(parameters))
        values = {one.name: one.values(shares) for one in drawn(parameters)}
        batch = calculate_batch(
            model,
            {**self.given, **values},
            electricity=NATIONAL if any(name in values for name in SCOPES) else view,
            replaced=frozenset(self.given),
            allow_contradictions=True,
        )
        system = batch.system
        process = system.names.index(self.process)
        columns = [
            position
            for position, one in enumerate(system.burdens)
            if one.process == process and one.category is not Category.BIOGENIC_UPTAKE
        ]
        made = batch.levels[:, process] * system.outputs[process]
        found: Values = batch.contributions_kg_co2e[:, columns].sum(axis=1) / made
        return np.broadcast_to(found, (design.draws,))


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildStep:
    """A unit process of the builds with a supplier's own amounts.

    Attributes
    ----------
    amounts
        By flow, per unit of product, as `calculate_build` takes them.
    evidence
        Kind of evidence of the amounts; without one an amount is an estimate.
    kept_share
        Share of the product that is left after machining, 0 to 1; what is left carries all.

    """

    build: str
    amounts: Mapping[str, float]
    evidence: Mapping[str, str]
    kept_share: float = 1.0

    def product(self, model: Model) -> str:
        """Return the flow that it makes."""
        return build_of(model, self.build).reference.flow

    def calculate(
        self, model: Model, electricity: ElectricityView | str, *, reference_end: date, design: Design, check: bool = True
    ) -> StepFootprint:
        """Return its footprint from cradle to gate; the build's own amounts stay where none was given."""
        view = model.electricity.view(electricity)
        system = self._system(model, view)
        solved = solve_system(system)
        if check:
            replay(solved)
        solution = first_solution(solved, without=Category.BIOGENIC_UPTAKE)
        scale = 1.0 / self.kept_share
        return StepFootprint(
            product=self.product(model),
            unit=build_of(model, self.build).reference.unit,
            parts=tuple(self._part(model, view, one, scale, reference_end) for one in solution.contributions),
            draws_kg_co2e=self._draws(model, view, system, design) * scale,
            electricity=view,
            gwp=GwpSet.AR6,
            model_version=model.model_version,
        )

    def total_kg_co2e(self, model: Model, electricity: ElectricityView | str) -> float:
        """Return the sum alone, without draws."""
        system = self._system(model, model.electricity.view(electricity))
        return first_solution(solve_system(system), without=Category.BIOGENIC_UPTAKE).total_kg_co2e / self.kept_share

    def _system(self, model: Model, view: ElectricityView) -> CompiledSystem:
        process = adapted_build(model, self.build, self.amounts)
        background = background_with(model, {ELECTRICITY: view.kg_co2e_per_kwh})
        return compile_system(link_system([process], background, product=process.reference.flow))

    def _part(self, model: Model, view: ElectricityView, one: Contribution, scale: float, reference_end: date) -> Part:
        kg, flow = one.kg_co2e * scale, one.burden.exchange.flow
        return Part(
            flow=flow, kg_co2e=kg, rated=self._rated(model, view, one, kg, reference_end), rests_on_given=flow in self.amounts
        )

    def _rated(self, model: Model, view: ElectricityView, one: Contribution, kg: float, reference_end: date) -> Rated:
        """Rate an emission by who measured it, and a supply by its factor, which is never the supplier's own."""
        if one.burden.nature is Nature.SUPPLY:
            flow = one.burden.exchange.flow
            factor = view.factor if flow == ELECTRICITY else model.factors.life_cycle[flow]
            return Rated(kg_co2e=kg, primary_share=0.0, rating=rate_factor(factor, reference_end=reference_end))
        if self.evidence.get(one.burden.exchange.flow) not in PRIMARY:
            return Rated(kg_co2e=kg, primary_share=0.0, rating=UNKNOWN)
        own = rating(Technology.SAME_PLANT, Geography.SAME_SUBDIVISION, data_end=reference_end, reference_end=reference_end)
        return Rated(kg_co2e=kg, primary_share=1.0, rating=own)

    def _draws(self, model: Model, view: ElectricityView, system: CompiledSystem, design: Design) -> Values:
        amounts = {
            f"{self.build}/{one.flow}": self._amount(model, one.flow, one.amount, one.evidence)
            for one in system.exchanges
            if one.direction in {Direction.INPUT, Direction.WASTE, Direction.EMISSION_AIR}
        }
        factors = {one.key: _factor(model, view, one) for one in system.burdens if one.nature is Nature.SUPPLY}
        shares = design.shares([*amounts, *factors])
        values = {name: found.quantile(shares[name]) for name, found in (amounts | factors).items()}
        drawn_amounts = np.tile(system.stated_amounts, (design.draws, 1))
        for position, one in enumerate(system.exchanges):
            drawn_amounts[:, position] = values.get(f"{self.build}/{one.flow}", one.amount)
        drawn_factors = np.tile(system.stated_factors, (design.draws, 1))
        for position, burden in enumerate(system.burdens):
            if burden.nature is Nature.SUPPLY:
                drawn_factors[:, position] = values[burden.key] * burden.share
        return _without_uptake(solve_system(system, drawn_amounts, drawn_factors))

    def _amount(self, model: Model, flow: str, amount: float, stated: Stated) -> Distribution:
        if flow not in self.amounts:
            return _stated(stated, amount)
        if amount <= 0:
            return Fixed(value=amount)
        return Lognormal(median=amount, sigma=model.uncertainty.kind(self.evidence.get(flow, ESTIMATED)).sigma)


def _factor(model: Model, view: ElectricityView, burden: Burden) -> Distribution:
    if burden.exchange.flow == ELECTRICITY:
        return electricity_distribution(model, view, view.kg_co2e_per_kwh)[0]
    factor = model.factors.life_cycle[burden.exchange.flow]
    return _stated(factor.evidence, factor.value)


def _stated(stated: Stated, value: float) -> Distribution:
    return ranged_distribution(Shape(stated.distribution), value, stated.low, stated.high)


def _without_uptake(solved: SolvedSystem) -> Values:
    kept: Iterable[int] = (n for n, one in enumerate(solved.system.burdens) if one.category is not Category.BIOGENIC_UPTAKE)
    found: Values = solved.contributions_kg_co2e[:, list(kept)].sum(axis=1)
    return found
