"""Factors of upstream materials from a supplier's own amounts: coke, pitch, crucibles, needle coke, nitrogen.

A build is a unit process of `upstream_builds.csv`. The supplier's amounts replace the build's; what was not given stays.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from lca_models.compilation import compile_system
from lca_models.errors import N_, ParameterError
from lca_models.inventory import Direction, Exchange, FactorTable, Process
from lca_models.linking import Background, link_system
from lca_models.model import Model
from lca_models.oracle import replay
from lca_models.solution import first_solution, solve_system


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """A factor made from a build.

    Attributes
    ----------
    kg_co2e_per_unit
        Per `unit` of the build's product.
    by_flow_kg_co2e
        The same by the flow that brings it.
    given_share
        Share of the result that rests on the supplier's own amounts, 0 to 1.

    """

    product: str
    unit: str
    kg_co2e_per_unit: float
    by_flow_kg_co2e: Mapping[str, float]
    given_share: float


def calculate_build(
    model: Model,
    build: str,
    amounts: Mapping[str, float],
    *,
    factors: Mapping[str, float] | None = None,
    check: bool = True,
) -> BuildResult:
    """Return the factor of an upstream material.

    Parameters
    ----------
    model
        Gives the build and the factors of what it takes.
    build
        Name of the build, such as ``U1_calcined_petroleum_coke``.
    amounts
        By flow, per unit of product: a flow of the build in the build's unit, or any flow with a life-cycle factor in the unit of
        that factor.
    factors
        Other life-cycle factors by flow, such as the electricity of the supplier's view, in the unit of the shipped factor.
    check
        Let Brightway solve the same matrices.

    """
    process = adapted_build(model, build, amounts)
    background = background_with(model, factors or {})
    solved = solve_system(compile_system(link_system([process], background, product=process.reference.flow)))
    if check:
        replay(solved)
    solution = first_solution(solved)
    by_flow = solution.by_process_and_flow()[process.name]
    total = solution.total_kg_co2e
    return BuildResult(
        product=process.reference.flow,
        unit=process.reference.unit,
        kg_co2e_per_unit=total / process.reference.amount,
        by_flow_kg_co2e=by_flow,
        given_share=sum(value for flow, value in by_flow.items() if flow in amounts) / total if total else 0.0,
    )


def adapted_build(model: Model, name: str, amounts: Mapping[str, float]) -> Process:
    """Return a build with a supplier's amounts in place of its own; amounts as in `calculate_build`."""
    return _with_amounts(model, build_of(model, name), amounts)


def background_with(model: Model, factors: Mapping[str, float]) -> Background:
    """Return what builds link to, some life-cycle factors replaced."""
    return Background(factors=_with_factors(model.factors, factors), emission_flows=model.emission_flows)


def build_of(model: Model, name: str) -> Process:
    """Return a build as the tables have it; an unknown name is an error that lists them all."""
    if name not in model.builds:
        raise ParameterError(
            N_("There is no build “%(parameter)s”. Use one of: %(known)s."), parameter=name, known=", ".join(model.builds)
        )
    return model.builds[name]


def _with_amounts(model: Model, process: Process, amounts: Mapping[str, float]) -> Process:
    for flow, amount in amounts.items():
        # Written so that NaN fails too.
        if not 0.0 <= amount < float("inf"):
            raise ParameterError(
                N_("%(parameter)s = %(value)s in %(build)s must be a finite amount, zero or more."),
                parameter=flow,
                value=amount,
                build=process.name,
            )
    present = {exchange.flow for exchange in process.exchanges}
    kept = [replace(one, amount=amounts.get(one.flow, one.amount)) for one in process.exchanges]
    added = [_added(model, process, flow, amount) for flow, amount in amounts.items() if flow not in present]
    return replace(process, exchanges=(*kept, *added))


def _added(model: Model, process: Process, flow: str, amount: float) -> Exchange:
    factor = model.factors.life_cycle.get(flow)
    if factor is None:
        raise ParameterError(
            N_("%(build)s has no flow “%(parameter)s” and there is no life-cycle factor of that name."),
            parameter=flow,
            build=process.name,
        )
    return replace(process.reference, flow=flow, direction=Direction.INPUT, amount=amount, unit=factor.unit)


def _with_factors(table: FactorTable, factors: Mapping[str, float]) -> FactorTable:
    unknown = [flow for flow in factors if flow not in table.life_cycle]
    if unknown:
        raise ParameterError(N_("There is no life-cycle factor “%(parameter)s” to replace."), parameter=unknown[0])
    replaced = {flow: replace(table.life_cycle[flow], value=value) for flow, value in factors.items()}
    return replace(table, life_cycle={**table.life_cycle, **replaced})
