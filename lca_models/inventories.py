"""The same calculation on anybody's inventory: tables of processes and factors, and the product wanted."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from lca_models.calculation import Split, split
from lca_models.compilation import compile_system
from lca_models.emissions import Category
from lca_models.errors import N_, TableError
from lca_models.inventory import FactorTable, Process, read_factors, read_processes
from lca_models.linking import Background, link_system
from lca_models.model import Model
from lca_models.oracle import replay
from lca_models.solution import Contribution, Solution, SolvedSystem, first_solution, solve_system


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryResult:
    """Climate change impact of one unit of a product of somebody's inventory.

    Attributes
    ----------
    solution
        Its total contains biogenic uptake as the characterization gives it; `split` shows it on its own line.

    """

    product: str
    product_unit: str
    solution: Solution
    split: Split
    oracle_relative_difference: float | None
    model_version: str

    def as_dict(self) -> dict[str, Any]:
        """Return the result as JSON-ready values in full precision."""
        return {
            "product": self.product,
            "declared_unit": f"1 {self.product_unit}",
            "total_kg_co2e": self.solution.total_kg_co2e,
            "total_without_biogenic_uptake_kg_co2e": self.solution.total_kg_co2e - self.split.biogenic_uptake,
            "by_process": self.solution.by_process(),
            "by_process_and_flow": self.solution.by_process_and_flow(),
            "by_gas": self.solution.sum_by(lambda one: one.burden.gas),
            "split": {name: getattr(self.split, name) for name in Split.__slots__},
            "scaling": dict(self.solution.scaling),
            "uncharacterised": list(self.solution.system.uncharacterised),
            "uncharacterised_reasons": dict(self.solution.system.uncharacterised),
            "model_version": self.model_version,
            "oracle_relative_difference": self.oracle_relative_difference,
        }


def calculate_inventory(
    model: Model,
    *,
    processes: Mapping[str, bytes],
    factors: Mapping[str, bytes],
    product: str,
    use: Sequence[str] = (),
    allow_uncharacterised: bool = False,
    check: bool = True,
) -> InventoryResult:
    """Calculate a product of somebody's tables.

    Parameters
    ----------
    model
        Gives the GWP100 of emissions that `factors` leaves out.
    processes, factors
        Tables by file name, in the columns of `unit_processes.csv` and `upstream_factors.csv`.
    product
        The flow to make one unit of.
    use
        Processes to take where several make the same flow.
    allow_uncharacterised
        Count unknown emissions as zero and list them.
    check
        Let Brightway solve the same matrices.

    """
    table = read_processes(processes, sources=None)
    _check_not_empty(table, processes)
    known = read_factors(factors, sources=None)
    return calculate_processes(
        model, table, known, product=product, use=use, allow_uncharacterised=allow_uncharacterised, check=check
    )


def calculate_processes(
    model: Model,
    table: Sequence[Process],
    factors: FactorTable,
    *,
    product: str,
    use: Sequence[str] = (),
    allow_uncharacterised: bool = False,
    check: bool = True,
) -> InventoryResult:
    """Calculate a product of processes that have been read already; otherwise as `calculate_inventory`."""
    background = Background(factors=factors, emission_flows=model.emission_flows, allow_uncharacterised=allow_uncharacterised)
    system = compile_system(link_system(table, background, product=product, use=use))
    with np.errstate(over="ignore", invalid="ignore"):  # what is not finite is refused below
        solved = solve_system(system)
    _check_finite(solved)
    solution = first_solution(solved)
    return InventoryResult(
        product=product,
        product_unit=solution.system.processes[0].reference.unit,
        solution=solution,
        split=split(solution, biogenic_uptake=solution.sum_by(_category).get(Category.BIOGENIC_UPTAKE.value, 0.0)),
        oracle_relative_difference=replay(solved).relative_difference if check else None,
        model_version=model.model_version,
    )


def _check_finite(solved: SolvedSystem) -> None:
    beyond = [one for one, kg in zip(solved.system.burdens, solved.contributions_kg_co2e[0], strict=True) if not np.isfinite(kg)]
    if beyond:
        raise TableError(
            N_("The amounts are beyond what can be calculated, for example in %(exchange)s. Check amounts and units."),
            exchange=beyond[0].exchange,
        )


def _category(contribution: Contribution) -> str:
    return contribution.burden.category.value


def _check_not_empty(table: tuple[Process, ...], files: Mapping[str, bytes]) -> None:
    if not table:
        raise TableError(N_("There is no process in %(files)s. Add rows below the header line."), files=", ".join(files))
