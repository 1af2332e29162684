"""The whole model before Brightway: every furnace, view, GWP set and shipped scenario, and drawn parameters."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lca_models.batch import BatchResult, Case, calculate_batch
from lca_models.electricity import NATIONAL
from lca_models.emissions import GwpSet
from lca_models.model import Model
from lca_models.oracle import replay
from lca_models.parameters import FURNACE
from lca_models.scenarios import combine, shipped_scenarios
from lca_models.uncertainty.inputs import drawn, uncertain_parameters
from lca_models.uncertainty.monte_carlo import streams_of
from lca_models.uncertainty.sampling import Design


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemCheck:
    """What Brightway says of some systems of one kind.

    Attributes
    ----------
    what
        A view, a set of GWP100 values, a scenario or drawn parameters.
    rows
        How many systems were replayed.
    total_kg_co2e
        Of the first of them, kg CO2e per kg.
    relative_difference
        The largest between engine and Brightway; above 1e-12 is an error and never gets here.

    """

    what: str
    furnace: str
    electricity: str
    gwp: str
    rows: int
    total_kg_co2e: float
    relative_difference: float

    def as_dict(self) -> dict[str, Any]:
        """Return JSON-ready values."""
        return {name: getattr(self, name) for name in self.__slots__}


def verify_model(model: Model, *, draws: int, seed: int) -> tuple[SystemCheck, ...]:
    """Let Brightway replay the model; a difference above 1e-12 raises `OracleDisagreementError`.

    Parameters
    ----------
    draws
        Parameter vectors drawn for each furnace.

    """
    furnaces = model.parameter(FURNACE).choices
    return (
        *(_checked(model, view, {FURNACE: furnace}, view=view) for furnace in furnaces for view in model.electricity.views),
        *(_checked(model, gwp.value, {}, gwp=gwp) for gwp in GwpSet),
        *_scenarios(model),
        *(_drawn(model, furnace, draws=draws, seed=seed) for furnace in furnaces),
    )


def _scenarios(model: Model) -> Iterable[SystemCheck]:
    for key, scenario in shipped_scenarios().items():
        case = combine(model, Case(), [scenario]).case
        yield _checked(model, key, case.parameters, view=case.electricity)


def _checked(
    model: Model, what: str, parameters: Mapping[str, float | str], *, view: str = NATIONAL, gwp: GwpSet = GwpSet.AR6
) -> SystemCheck:
    return _check(what, calculate_batch(model, parameters, electricity=view, gwp=gwp), gwp=gwp)


def _drawn(model: Model, furnace: str, *, draws: int, seed: int) -> SystemCheck:
    uncertain = uncertain_parameters(model, {FURNACE: furnace})
    shares = Design(draws=draws, seed=seed).shares(streams_of(uncertain))
    values = {one.name: one.values(shares) for one in drawn(uncertain)}
    return _check("draws", calculate_batch(model, {FURNACE: furnace, **values}, allow_contradictions=True))


def _check(what: str, batch: BatchResult, *, gwp: GwpSet = GwpSet.AR6) -> SystemCheck:
    return SystemCheck(
        what=what,
        furnace=str(batch.values[FURNACE]),
        electricity=batch.parameters.view.key,
        gwp=gwp.value,
        rows=len(batch.levels),
        total_kg_co2e=float(batch.total_kg_co2e[0]),
        relative_difference=replay(batch).relative_difference,
    )
