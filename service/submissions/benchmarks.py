"""What the model expects of a process, so that an answer can be compared with it."""

from dataclasses import dataclass

from lca_models import load_model

KG_PER_T = 1000.0
GRAPHITISATION = "P3_graphitisation:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Benchmark:
    """A default of the model with its range, per tonne of the process's product."""

    default: float
    low: float
    high: float


def furnace_benchmark(furnace: str, flow: str, *, per_tonne: float) -> Benchmark | None:
    """Return what one tonne of graphitised powder takes of a flow in a furnace; None where the model names no such flow.

    Parameters
    ----------
    flow
        `electricity_cn_grid` or `packing_coke_net`.
    per_tonne
        What one unit of the flow per kg makes per tonne: 1000 for kWh, 1 where t/t is asked.

    """
    process = load_model().processes.get(GRAPHITISATION + furnace)
    found = next((one for one in process.exchanges if one.flow == flow), None) if process else None
    if found is None or found.evidence.low is None or found.evidence.high is None:
        return None
    return Benchmark(default=found.amount * per_tonne, low=found.evidence.low * per_tonne, high=found.evidence.high * per_tonne)


def calcination_default(flow: str) -> float:
    """Return the amount of a flow per kg of calcined coke in the model's calciner (Edwards 2020)."""
    process = next(build for name, build in load_model().builds.items() if name.startswith("U1"))
    return next(one.amount for one in process.exchanges if one.flow == flow)
