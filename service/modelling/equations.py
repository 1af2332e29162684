"""The equations of a model as people read them: amounts as formulas with what stands in them, and the matrices of a route."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from lca_models.compilation import CONSTANT
from lca_models.formulas import Formula
from lca_models.inventory import Direction
from lca_models.model import Model
from service.modelling.inspection import ExchangeLine, default_footprint, exchange_lines, route_of

_SIGNS: Final = ((" * ", " × "), (" / ", " ÷ "), (" - ", " − "))


@dataclass(frozen=True, slots=True, kw_only=True)
class Symbol:
    """A name in an equation with its value; `is_constant` for carbon contents, which are no parameters."""

    name: str
    value: float
    unit: str
    is_constant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessEquations:
    """The amounts of one process, per amount of its reference product, and the names in them."""

    process: str
    lines: Sequence[ExchangeLine]
    symbols: Sequence[Symbol]


@dataclass(frozen=True, slots=True, kw_only=True)
class Technosphere:
    """The matrix A of a route with what it is solved for.

    Attributes
    ----------
    processes
        (N,) columns; row i is the product of process i.
    values
        N rows of N, outputs positive, inputs negative.
    levels
        (N,) the solution x of A x = f for 1 kg of packed product.
    own_kg_co2e
        (N,) c · B · x by process.

    """

    processes: Sequence[str]
    values: Sequence[Sequence[float]]
    levels: Sequence[float]
    own_kg_co2e: Sequence[float]


def readable(formula: Formula) -> str:
    """Return a formula with mathematical signs and its brackets where they are needed."""
    text = ast.unparse(formula.tree)
    for plain, sign in _SIGNS:
        text = text.replace(plain, sign)
    return text


def equations_of(model: Model, furnace: str) -> tuple[ProcessEquations, ...]:
    """Return the equations of every process of a route."""
    parameters = default_footprint(model, furnace).parameters
    found = []
    for process in route_of(model, furnace):
        lines = [line for line in exchange_lines(model, process, furnace) if _is_counted(line)]
        found.append(ProcessEquations(process=process, lines=lines, symbols=_symbols(model, lines, parameters)))
    return tuple(found)


def _is_counted(line: ExchangeLine) -> bool:
    return line.is_counted and line.exchange.direction not in {Direction.INFO, Direction.BYPRODUCT_INFO}


def _symbols(model: Model, lines: Sequence[ExchangeLine], parameters: Mapping[str, float | str]) -> tuple[Symbol, ...]:
    names = {name: None for line in lines if line.formula for name in sorted(line.formula.formula.names)}
    return tuple(_symbol(model, name, parameters) for name in names)


def _symbol(model: Model, name: str, parameters: Mapping[str, float | str]) -> Symbol:
    constant = model.carbon_contents.get(name.removeprefix(CONSTANT))
    if name not in parameters and constant is not None:
        return Symbol(name=name, value=constant, unit="kg/kg", is_constant=True)
    return Symbol(name=name, value=float(parameters[name]), unit=model.definitions[name].unit, is_constant=False)


def technosphere_of(model: Model, furnace: str) -> Technosphere:
    """Return the technosphere matrix of a route with the default parameters."""
    footprint = default_footprint(model, furnace)
    system, batch = footprint.batch.system, footprint.batch
    values = np.diag(system.outputs)
    np.subtract.at(values, (system.supply_producer, system.supply_consumer), batch.supplies[0])
    order = [system.names.index(name) for name in route_of(model, furnace) if name in system.names]
    names = [system.names[position] for position in order]
    return Technosphere(
        processes=names,
        values=values[np.ix_(order, order)].tolist(),
        levels=batch.levels[0][order].tolist(),
        own_kg_co2e=[footprint.by_process_kg_co2e.get(name, 0.0) for name in names],
    )
