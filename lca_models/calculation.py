"""The footprint of the shipped model: parameters in, result out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from lca_models.carbon import CarbonBalance, balance_carbon
from lca_models.electricity import NATIONAL, ElectricityView
from lca_models.emissions import Category
from lca_models.errors import N_, Notice, ParameterError
from lca_models.formulas import evaluate
from lca_models.inventory import Exchange, FactorTable, LifeCycleFactor, Process
from lca_models.linking import UNSPLIT, Background, Nature, link_system
from lca_models.model import PRODUCT, ExchangeFormula, Model, stage_of
from lca_models.parameters import ParameterValues, resolve_parameters
from lca_models.solution import Contribution, Solution, solve_system

_ELECTRICITY: Final = "electricity_cn_grid"
_GRAPHITIZATION: Final = "P3_graphitisation:"
# 1 - share may end a hair below zero; anything more means that parameters contradict each other.
_ROUNDING: Final = 1e-12
_CONSTANT: Final = "carbon_"


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """The result by the lines of ISO 14067, kg CO2e per kg.

    Attributes
    ----------
    fossil
        Includes `upstream_unsplit`: factors of supplies are published as one sum over all gases and origins.
    biogenic_uptake
        Negative or zero; not part of the total.

    """

    fossil: float
    upstream_unsplit: float
    biogenic: float
    biogenic_uptake: float
    land_use: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Footprint:
    """Climate change impact of 1 kg of packed anode material, cradle to gate, GWP100 of IPCC AR6.

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
        Emissions of the foreground by gas; supplies as ``upstream_unsplit``.
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
    notices: tuple[Notice, ...]
    model_version: str
    content_hash: str
    oracle_relative_difference: float | None
    contributions: tuple[Contribution, ...]

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
            "direct_co2_kg": self.direct_co2_kg,
            "carbon_balance": self.carbon_balance.as_dict(),
            "scaling": dict(self.scaling),
            "parameters": dict(self.parameters),
            "given": sorted(self.given),
            "notices": [{"template": one.template, "values": dict(one.values), "text": str(one)} for one in self.notices],
            "model_version": self.model_version,
            "content_hash": self.content_hash,
            "oracle_relative_difference": self.oracle_relative_difference,
        }


def calculate_footprint(
    model: Model,
    parameters: Mapping[str, float | str] | None = None,
    *,
    electricity: ElectricityView | LifeCycleFactor | str = NATIONAL,
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
    check
        Let Brightway solve the same matrices; both must agree to 1e-12.

    """
    view = model.electricity.view(electricity)
    values = resolve_parameters(model.definitions, parameters or {}, electricity=model.electricity, view=view)
    processes = evaluate_processes(model, values)
    background = Background(factors=_parameter_factors(model, values), emission_flows=model.emission_flows)
    solution = solve_system(link_system(processes, background, product=PRODUCT), check=check)
    return _footprint(model, values, solution)


def evaluate_processes(model: Model, values: ParameterValues) -> tuple[Process, ...]:
    """Return the processes of the chosen furnace with their amounts calculated from the parameters."""

    def value_of(name: str) -> float:
        constant = model.carbon_contents.get(name.removeprefix(_CONSTANT))
        return values.number(name) if constant is None else constant

    chosen = _GRAPHITIZATION + values.furnace
    names = [name for name in model.processes if not name.startswith(_GRAPHITIZATION) or name == chosen]
    return tuple(_evaluated(model, model.processes[name], value_of) for name in names)


def _evaluated(model: Model, process: Process, value_of: Any) -> Process:  # noqa: ANN401
    formulas = model.formulas[process.name]
    exchanges: list[Exchange] = []
    for exchange in process.exchanges:
        parts = formulas.get((exchange.flow, exchange.direction), ())
        exchanges.extend(_part(exchange, part, evaluate(part.formula, value_of)) for part in parts)
        if not parts:
            exchanges.append(exchange)
    return replace(process, exchanges=tuple(exchanges))


def _part(exchange: Exchange, part: ExchangeFormula, amount: float) -> Exchange:
    if amount < -_ROUNDING:
        raise ParameterError(
            N_("%(process)s would take or emit %(amount)s %(unit)s of %(flow)s: the parameters %(names)s contradict each other."),
            parameter=part.driver,
            process=exchange.process,
            amount=f"{amount:g}",
            unit=exchange.unit,
            flow=exchange.flow,
            names=", ".join(sorted(name for name in part.formula.names if not name.startswith(_CONSTANT))),
        )
    return replace(exchange, amount=max(amount, 0.0), part=part.part, supply=part.factor_parameter, driver=part.driver)


def _parameter_factors(model: Model, values: ParameterValues) -> FactorTable:
    """Return the life-cycle factors as the parameters set them, by parameter name."""
    names = {part.factor_parameter: key[0] for flows in model.formulas.values() for key, parts in flows.items() for part in parts}
    names.pop("", None)
    template = next(iter(model.factors.life_cycle.values()))
    factors = {
        name: replace(
            model.factors.life_cycle.get(flow, template),
            flow=flow,
            value=values.number(name),
            unit=model.definitions[name].unit.partition("/")[2],
        )
        for name, flow in names.items()
    }
    return FactorTable(life_cycle=factors, characterization={}, direct_co2={})


def _footprint(model: Model, values: ParameterValues, solution: Solution) -> Footprint:
    uptake = sum(one.kg_co2e for one in solution.contributions if one.burden.category is Category.BIOGENIC_UPTAKE)
    electricity = {name: _amount(solution, name, Nature.SUPPLY, _ELECTRICITY) for name in solution.scaling}
    return Footprint(
        total_kg_co2e=solution.total_kg_co2e - uptake,
        by_stage_kg_co2e=_by_stage(model, solution),
        by_process_kg_co2e=solution.by_process(),
        by_activity_kg_co2e=solution.sum_by(_activity),
        by_gas_kg_co2e=solution.sum_by(lambda one: one.burden.gas),
        by_stage_and_flow_kg_co2e=_by_stage_and_flow(model, solution),
        by_process_and_flow_kg_co2e=solution.by_process_and_flow(),
        split_kg_co2e=split(solution),
        electricity_kwh=sum(electricity.values()),
        electricity_kwh_by_process={name: amount for name, amount in electricity.items() if amount},
        direct_co2_kg=sum(_amount(solution, name, Nature.EMISSION, "CO2_fossil") for name in solution.scaling),
        carbon_balance=balance_carbon(solution, model.carbon_contents),
        scaling=solution.scaling,
        parameters=values.values,
        given=values.given,
        electricity_view=values.view,
        notices=values.notices,
        model_version=model.model_version,
        content_hash=model.content_hash,
        oracle_relative_difference=solution.oracle_relative_difference,
        contributions=solution.contributions,
    )


def _activity(contribution: Contribution) -> str:
    burden = contribution.burden
    return contribution.process if burden.nature is Nature.EMISSION else burden.exchange.flow


def _amount(solution: Solution, process: str, nature: Nature, flow: str) -> float:
    return sum(
        one.amount
        for one in solution.contributions
        if (one.process, one.burden.nature, one.burden.exchange.flow) == (process, nature, flow)
    )


def _by_stage(model: Model, solution: Solution) -> dict[str, float]:
    found = solution.sum_by(lambda one: stage_of(one.process))
    return {stage.code: found.get(stage.code, 0.0) for stage in model.stages}


def _by_stage_and_flow(model: Model, solution: Solution) -> dict[str, dict[str, float]]:
    pairs = solution.sum_by(lambda one: f"{stage_of(one.process)} {one.burden.exchange.flow}")
    return {
        stage.code: {name.partition(" ")[2]: value for name, value in pairs.items() if name.startswith(f"{stage.code} ")}
        for stage in model.stages
    }


def split(solution: Solution) -> Split:
    """Return a result by the lines of ISO 14067."""
    found = solution.sum_by(lambda one: one.burden.category.value)
    return Split(
        fossil=found.get(Category.FOSSIL, 0.0),
        upstream_unsplit=solution.sum_by(lambda one: one.burden.gas).get(UNSPLIT, 0.0),
        biogenic=found.get(Category.BIOGENIC, 0.0),
        biogenic_uptake=found.get(Category.BIOGENIC_UPTAKE, 0.0),
        land_use=found.get(Category.LAND_USE, 0.0),
    )
