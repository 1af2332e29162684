"""What another set of electricity factors would change: which factors, and each result before and after."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from lca_models.batch import Case, calculate_cases
from lca_models.electricity import SCOPES, ElectricityTable
from lca_models.errors import N_, FactorSetError
from lca_models.factor_sets import LifeCycleSet
from lca_models.model import Model
from lca_models.parameters import resolve_parameters

_NAMES: Final = ("footprint", "screening")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorChange:
    """One factor of two sets, kg CO2e per kWh; None where a set has no such factor."""

    region: str
    kind: str
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultChange:
    """One footprint under both sets, kg CO2e per kg.

    Attributes
    ----------
    by_stage_kg_co2e
        After less before, by stage; sums to the difference.
    parameters
        Electricity parameters that take another value: before and after, kg CO2e per kWh.

    """

    before_kg_co2e: float
    after_kg_co2e: float
    by_stage_kg_co2e: Mapping[str, float]
    parameters: Mapping[str, tuple[float, float]]

    @property
    def difference_kg_co2e(self) -> float:
        """After less before."""
        return self.after_kg_co2e - self.before_kg_co2e


def changed_factors(before: ElectricityTable, after: ElectricityTable) -> tuple[FactorChange, ...]:
    """Return the life-cycle factors in force that differ, in the order of region and kind."""
    old, new = _in_force(before), _in_force(after)
    return tuple(
        FactorChange(region=region, kind=kind, before=old.get((region, kind)), after=new.get((region, kind)))
        for region, kind in sorted(old.keys() | new.keys())
        if old.get((region, kind)) != new.get((region, kind))
    )


def _in_force(table: ElectricityTable) -> dict[tuple[str, str], float]:
    sets = [table.life_cycle_set(table.in_force[family]) for family in _NAMES]
    return {key: factor.value for one in sets for key, factor in one.factors.items()}


def changed_results(
    model: Model, before: ElectricityTable, after: ElectricityTable, cases: Sequence[Case]
) -> tuple[ResultChange, ...]:
    """Calculate every case under both tables.

    Parameters
    ----------
    cases
        Parameters as they were set; those that nobody set follow the tables.

    """
    models = [with_electricity(model, table) for table in (before, after)]
    old, new = (calculate_cases(one, cases) for one in models)
    return tuple(
        ResultChange(
            before_kg_co2e=float(old.total_kg_co2e[position]),
            after_kg_co2e=float(new.total_kg_co2e[position]),
            by_stage_kg_co2e={
                stage: float(values[position] - old.by_stage_kg_co2e[stage][position])
                for stage, values in new.by_stage_kg_co2e.items()
            },
            parameters=_changed_parameters(models, case),
        )
        for position, case in enumerate(cases)
    )


def _changed_parameters(models: Sequence[Model], case: Case) -> dict[str, tuple[float, float]]:
    before, after = (
        resolve_parameters(
            one.definitions, case.parameters, electricity=one.electricity, view=one.electricity.view(case.electricity)
        )
        for one in models
    )
    pairs = {name: (float(before.values[name]), float(after.values[name])) for name in SCOPES}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def with_electricity(model: Model, table: ElectricityTable) -> Model:
    """Return the model with other electricity views; its hash tells it apart from the model it came from."""
    mark = f"{model.content_hash} {sorted(table.in_force.items())} {sorted(_in_force(table).items())}"
    return replace(model, electricity=table, content_hash=hashlib.sha256(mark.encode()).hexdigest())


def tables_between(table: ElectricityTable, *, before: str, after: str) -> tuple[ElectricityTable, ElectricityTable]:
    """Return the table with one set in force, and with another of the same family.

    Raises
    ------
    FactorSetError
        A set does not exist, or the two are of different families.
    DirectCo2FactorError
        A set holds direct-CO2 factors.

    """
    old: LifeCycleSet = table.life_cycle_set(before)
    new: LifeCycleSet = table.life_cycle_set(after)
    if old.head.family != new.head.family:
        raise FactorSetError(
            N_(
                "“%(before)s” (%(before_family)s) and “%(after)s” (%(after_family)s) are of different families. Compare two of one."
            ),
            before=before,
            before_family=old.head.family,
            after=after,
            after_family=new.head.family,
        )
    return table.with_set(before), table.with_set(after)
