"""The footprint of the shipped model: parameters in, result out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from lca_models.batch import BatchResult, calculate_batch
from lca_models.carbon import CarbonBalance, balance_carbon
from lca_models.compilation import apply_shares, evaluate_amounts
from lca_models.electricity import NATIONAL, ElectricityView
from lca_models.emissions import Category, GwpSet
from lca_models.errors import Notice
from lca_models.inventory import Direction, LifeCycleFactor, Process
from lca_models.linking import UNSPLIT, Nature
from lca_models.methods.sharing import shares_of, unused_shares
from lca_models.model import PRODUCT, Model, stage_of
from lca_models.oracle import Replay, replay
from lca_models.parameters import ParameterValues
from lca_models.route import compile_route, value_reader
from lca_models.solution import Contribution, Solution, first_solution

_ELECTRICITY: Final = "electricity_cn_grid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The result by the lines of ISO 14067, kg CO2e per kg.

    Attributes
    ----------
    fossil
        Includes `upstream_unsplit`, because most factors of supplies are published as one sum over all gases and origins, and
        `aircraft`.
    biogenic_uptake
        Negative or zero; not part of the total.

    """

    fossil: float
    upstream_unsplit: float
    biogenic: float
    biogenic_uptake: float
    land_use: float
    aircraft: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """Climate change impact of 1 kg of packed anode material, cradle to gate, GWP100.

    Attributes
    ----------
    total_kg_co2e
        Biogenic uptake left out.
    by_stage_kg_co2e
        By life-cycle stage P1 to P7; toll transport is in P7. Sums to the total, as do all other ``by_``.
    by_process_kg_co2e
        By unit process: its own emissions and the supplies it takes.
    by_activity_kg_co2e
        By where it arises: direct emissions under their process, supplies under the supply.
    by_gas_kg_co2e
        Emissions by gas; what the factors of supplies do not tell apart as ``upstream_unsplit``.
    by_stage_and_flow_kg_co2e, by_process_and_flow_kg_co2e
        By the flow that brings it: electricity, coke, pitch, direct CO2...
    electricity_kwh, electricity_kwh_by_process
        Purchased electricity of the foreground, per kg.
    direct_co2_kg
        Fossil CO2 that leaves the processes; combustion of natural gas and diesel counts with their factors.
    scaling
        Amount of reference product of each process, per kg.
    oracle_relative_difference
        Between the engine and Brightway; None if it was not asked for.
    system_sha256
        Of the matrices that both solved; None likewise.
    batch
        The solved system that all of this was read from, one draw.

    """

    total_kg_co2e: float
    by_stage_kg_co2e: Mapping[str, float]
    by_process_kg_co2e: Mapping[str, float]
    by_activity_kg_co2e: Mapping[str, float]
    by_gas_kg_co2e: Mapping[str, float]
    by_stage_and_flow_kg_co2e: Mapping[str, Mapping[str, float]]
    by_process_and_flow_kg_co2e: Mapping[str, Mapping[str, float]]
    split_kg_co2e: Split
    electricity_kwh: float
    electricity_kwh_by_process: Mapping[str, float]
    direct_co2_kg: float
    carbon_balance: CarbonBalance
    scaling: Mapping[str, float]
    parameters: Mapping[str, float | str]
    given: frozenset[str]
    electricity_view: ElectricityView
    gwp: GwpSet
    notices: tuple[Notice, ...]
    model_version: str
    content_hash: str
    oracle_relative_difference: float | None
    system_sha256: str | None
    contributions: tuple[Contribution, ...]
    batch: BatchResult

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON-ready values in full precision."""
        view = self.electricity_view
        return {
            "product": PRODUCT,
            "declared_unit": "1 kg",
            "total_kg_co2e": self.total_kg_co2e,
            "by_stage": dict(self.by_stage_kg_co2e),
            "by_process": dict(self.by_process_kg_co2e),
            "by_activity": dict(self.by_activity_kg_co2e),
            "by_gas": dict(self.by_gas_kg_co2e),
            "by_stage_and_flow": {stage: dict(flows) for stage, flows in self.by_stage_and_flow_kg_co2e.items()},
            "by_process_and_flow": {process: dict(flows) for process, flows in self.by_process_and_flow_kg_co2e.items()},
            "split": {name: getattr(self.split_kg_co2e, name) for name in Split.__slots__},
            "electricity_kwh": self.electricity_kwh,
            "electricity_kwh_by_process": dict(self.electricity_kwh_by_process),
            "electricity_view": {
                "key": view.key,
                "name_en": view.name_en,
                "name_zh": view.name_zh,
                "kg_co2e_per_kwh": self.parameters["electricity_kg_co2e_per_kwh"],
                "status": view.status,
                "year": view.factor.year,
            },
            "gwp": self.gwp.value,
            "direct_co2_kg": self.direct_co2_kg,
            "carbon_balance": self.carbon_balance.as_dict(),
            "scaling": dict(self.scaling),
            "parameters": dict(self.parameters),
            "given": sorted(self.given),
            "notices": [one.as_dict() for one in self.notices],
            "model_version": self.model_version,
            "content_hash": self.content_hash,
            "oracle_relative_difference": self.oracle_relative_difference,
            "system_sha256": self.system_sha256,
        }


def calculate_footprint(
    model: Model,
    parameters: Mapping[str, float | str] | None = None,
    *,
    electricity: ElectricityView | LifeCycleFactor | str = NATIONAL,
    gwp: GwpSet = GwpSet.AR6,
    check: bool = True,
) -> Footprint:
    """Return the footprint of 1 kg of packed anode material.

    Parameters
    ----------
    model
        A model version.
    parameters
        Values by parameter name in the parameter's unit; what is missing takes its default.
    electricity
        A view, its key, or a life-cycle factor. A direct-CO2 factor is refused.
    gwp
        Set of GWP100 values that emissions are characterised with.
    check
        Let Brightway solve the same matrices; both must agree to 1e-12.

    """
    batch = calculate_batch(model, parameters, electricity=electricity, gwp=gwp)
    return _footprint(model, batch, gwp=gwp, replayed=replay(batch) if check else None)


def evaluate_processes(model: Model, values: ParameterValues) -> tuple[Process, ...]:
    """Return the processes of the chosen furnace with their amounts calculated from the parameters."""
    unused = unused_shares(values.words)
    system = compile_route(model, furnace=values.furnace, replaced=frozenset(), gwp=GwpSet.AR6, unused=unused)
    physical = evaluate_amounts(system, value_reader(model, values.number), draws=1).amounts
    amounts = apply_shares(system, physical, shares_of(values.words, values.number))[0].tolist()
    evaluated = [replace(one, amount=amount) for one, amount in zip(system.exchanges, amounts, strict=True)]
    return tuple(
        replace(process, exchanges=tuple(one for one in evaluated if one.process == process.name)) for process in system.processes
    )


def _footprint(model: Model, batch: BatchResult, *, gwp: GwpSet, replayed: Replay | None) -> Footprint:
    solution = first_solution(batch, without=Category.BIOGENIC_UPTAKE)
    electricity = _amounts_by_process(batch, _ELECTRICITY, Direction.INPUT)
    return Footprint(
        total_kg_co2e=solution.total_kg_co2e,
        by_stage_kg_co2e=_by_stage(model, solution),
        by_process_kg_co2e=solution.by_process(),
        by_activity_kg_co2e=solution.sum_by(_activity),
        by_gas_kg_co2e=solution.sum_by(lambda one: one.burden.gas),
        by_stage_and_flow_kg_co2e=_by_stage_and_flow(model, solution),
        by_process_and_flow_kg_co2e=solution.by_process_and_flow(),
        split_kg_co2e=split(solution, biogenic_uptake=float(batch.uptake_kg_co2e[0])),
        electricity_kwh=sum(electricity.values()),
        electricity_kwh_by_process={name: amount for name, amount in electricity.items() if amount},
        direct_co2_kg=sum(_amounts_by_process(batch, "CO2_fossil", Direction.EMISSION_AIR).values()),
        carbon_balance=balance_carbon(batch, model.composition),
        scaling=solution.scaling,
        parameters={name: value for name, value in batch.values.items() if isinstance(value, float | str)},
        given=batch.parameters.given,
        electricity_view=batch.parameters.view,
        gwp=gwp,
        notices=batch.notices,
        model_version=model.model_version,
        content_hash=model.content_hash,
        oracle_relative_difference=None if replayed is None else replayed.relative_difference,
        system_sha256=None if replayed is None else replayed.system_sha256,
        contributions=solution.contributions,
        batch=batch,
    )


def _activity(contribution: Contribution) -> str:
    burden = contribution.burden
    return contribution.process if burden.nature is Nature.EMISSION else burden.exchange.flow


def _amounts_by_process(batch: BatchResult, flow: str, direction: Direction) -> dict[str, float]:
    """Return how much of a flow the exchanges of each process take or give, per kg of product."""
    system = batch.system
    found = dict.fromkeys(system.names, 0.0)
    for position, exchange in enumerate(system.exchanges):
        if exchange.flow == flow and exchange.direction is direction:
            process = int(system.exchange_process[position])
            found[system.names[process]] += float(batch.amounts[0, position] * batch.levels[0, process])
    return found


def _by_stage(model: Model, solution: Solution) -> dict[str, float]:
    found = solution.sum_by(lambda one: stage_of(one.process))
    return {stage.code: found.get(stage.code, 0.0) for stage in model.stages}


def _by_stage_and_flow(model: Model, solution: Solution) -> dict[str, dict[str, float]]:
    pairs = solution.sum_by(lambda one: f"{stage_of(one.process)} {one.burden.exchange.flow}")
    return {
        stage.code: {name.partition(" ")[2]: value for name, value in pairs.items() if name.startswith(f"{stage.code} ")}
        for stage in model.stages
    }


def split(solution: Solution, *, biogenic_uptake: float) -> Split:
    """Return a result by the lines of ISO 14067."""
    found = solution.sum_by(lambda one: one.burden.category.value)
    return Split(
        fossil=found.get(Category.FOSSIL, 0.0) + found.get(Category.AIRCRAFT, 0.0),
        upstream_unsplit=solution.sum_by(lambda one: one.burden.gas).get(UNSPLIT, 0.0),
        biogenic=found.get(Category.BIOGENIC, 0.0),
        biogenic_uptake=biogenic_uptake,
        land_use=found.get(Category.LAND_USE, 0.0),
        aircraft=found.get(Category.AIRCRAFT, 0.0),
    )
