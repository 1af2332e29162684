"""What a supplier's footprint per kilogram becomes in the model's parameters where its answers don't set them.

Of a material it is the factor. The work of a toll plant has no factor in the model: it is electricity, packing coke and much else.
There the plant counts with the model's figures and as much electricity as its footprint leaves for it, at the national factor.
"""

from collections.abc import Mapping
from typing import Final

from lca_models.calculation import calculate_footprint
from lca_models.electricity import NATIONAL, PROVINCE
from lca_models.gate_to_gate import BuildStep, ChainStep, Step
from lca_models.model import Model
from lca_models.parameters import FURNACE
from service.footprints.parameters import factor_parameter
from service.footprints.supplier_values import TOLL_FLOW
from service.green_score.materials import materials
from service.swaps.evaluation import RESIN

_WORK: Final[Mapping[str, tuple[str, str, str]]] = {
    TOLL_FLOW: ("P3_", "graphitization_electricity_kwh_per_kg", "graphitization_electricity_kg_co2e_per_kwh"),
    "coated_powder": ("P4_", "carbonization_electricity_kwh_per_kg", "carbonization_electricity_kg_co2e_per_kwh"),
}
_BUILDS: Final[Mapping[str, str]] = {"nitrogen": "U5_nitrogen_on_site"}
_RESIN_FACTOR: Final = "coating_pitch_kg_co2e_per_kg"


def deciding_parameter(model: Model, flow: str) -> str:
    """Return the parameter that mostly makes an input's footprint: who leaves it unanswered counts as without data."""
    if flow in _WORK:
        return _WORK[flow][1]
    return _RESIN_FACTOR if flow == RESIN else factor_parameter(model, flow)


def as_parameter(model: Model, flow: str, kg_co2e_per_kg: float, *, furnace: str) -> float:
    """Return the deciding parameter's value, within its bounds, at which an input counts `kg_co2e_per_kg`."""
    name = deciding_parameter(model, flow)
    if flow not in _WORK:
        return _within(model, name, kg_co2e_per_kg * materials()[flow].kg_per_unit)
    per_kg, kwh, factor = _work(model, flow, furnace)
    return _within(model, name, kwh + (kg_co2e_per_kg - per_kg) / factor)


def at_national_factor(model: Model, flow: str, kg_co2e_per_kg: float, *, province: str | None, furnace: str) -> float:
    """Return what a footprint that was calculated with a province's electricity comes to with the national factor.

    It changes as the model's own figures for such work do, so that nothing but the footprint itself is told. Only of work and
    gas, which are nearly all electricity; of everything else, and without a factor of the province, the footprint stays.
    """
    view = f"{PROVINCE}{province}"
    if view not in model.electricity.views or flow not in {*_WORK, *_BUILDS}:
        return kg_co2e_per_kg
    step = _default_step(model, flow, furnace)
    return kg_co2e_per_kg * step.total_kg_co2e(model, NATIONAL) / step.total_kg_co2e(model, view)


def _default_step(model: Model, flow: str, furnace: str) -> Step:
    if flow in _BUILDS:
        return BuildStep(build=_BUILDS[flow], amounts={}, evidence={})
    footprint = calculate_footprint(model, {FURNACE: furnace}, check=False)
    process = next(name for name in footprint.scaling if name.startswith(_WORK[flow][0]))
    return ChainStep(process=process, given={FURNACE: furnace}, evidence={})


def default_kg_co2e_per_kg(model: Model, flow: str, *, furnace: str) -> float:
    """Return what the model's default counts."""
    if flow in _WORK:
        return _work(model, flow, furnace)[0]
    value = calculate_footprint(model, {FURNACE: furnace}, check=False).parameters[deciding_parameter(model, flow)]
    return float(value) / materials()[flow].kg_per_unit


def _within(model: Model, name: str, value: float) -> float:
    definition = model.definitions[name]
    low = 0.0 if definition.minimum is None else definition.minimum
    return max(low, value if definition.maximum is None else min(value, definition.maximum))


def _work(model: Model, flow: str, furnace: str) -> tuple[float, float, float]:
    """Return kg CO2e per kg worked, its kWh/kg and the factor of these, all by default."""
    prefix, kwh, factor = _WORK[flow]
    footprint = calculate_footprint(model, {FURNACE: furnace}, check=False)
    process = next(name for name in footprint.by_process_kg_co2e if name.startswith(prefix))
    per_kg = footprint.by_process_kg_co2e[process] / footprint.scaling[process]
    return per_kg, float(footprint.parameters[kwh]), float(footprint.parameters[factor])
