"""Transport parameters from the maker's own legs: where legs exist they stand for the way, and what suppliers say of it does not.

The model carries coke and auxiliary materials over one distance each, of which a share goes by rail. What goes neither by road nor
by rail counts in the factor of the other way, by its tonne-kilometres.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from lca_models.formulas import evaluate
from service.footprints.parameter_setting import Setting, own_provenance
from service.footprints.provenance import LEGS, DataKind, Part, Provenance
from service.footprints.supplier_values import COKE_FLOWS, PACKING_COKE, PITCH, TOLL_FLOW, rounded
from service.logistics.rules import Carriage

AUXILIARY_FLOWS: Final = (PITCH, "coating_resin", PACKING_COKE, "graphite_crucible")
"""What the model's distance of pitch, packing coke and crucibles is of."""

COKE_KM: Final = "coke_transport_distance_km"
AUXILIARY_KM: Final = "auxiliary_transport_distance_km"
INBOUND_RAIL: Final = "inbound_rail_share"
INBOUND_FACTOR: Final = "truck_kg_co2e_per_tkm"
TOLL_KM: Final = "toll_distance_km"
TOLL_RAIL: Final = "toll_rail_share"
TOLL_FACTOR: Final = "toll_transport_kg_co2e_per_tkm"
RAIL_FACTOR: Final = "rail_kg_co2e_per_tkm"
LEG_PARAMETERS: Final = (COKE_KM, AUXILIARY_KM, INBOUND_RAIL, INBOUND_FACTOR, TOLL_KM, TOLL_RAIL, TOLL_FACTOR, RAIL_FACTOR)

_PROCESS: Final = "P7_inbound_transport"
_ROAD: Final = "truck_diesel_heavy"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Way:
    """One way of goods to the plant, per kg of product; `tkm` is what the model takes for it."""

    tkm: float
    rail_share: float
    road_factor: float
    rail_factor: float


def leg_mixes(setting: Setting) -> dict[str, Provenance]:
    """Return the transport parameters that legs give; none for goods that have no legs."""
    found: dict[str, float] = {}
    coke, auxiliary = _joined(setting, COKE_FLOWS), _joined(setting, AUXILIARY_FLOWS)
    if coke or auxiliary:
        found |= _inbound(setting, coke, auxiliary)
    toll = setting.carriages.get(TOLL_FLOW)
    if toll is not None and TOLL_KM in setting.base:
        found |= _toll(toll)
    known = {name: value for name, value in found.items() if name in setting.base}
    return {name: _provenance(setting, name, value) for name, value in known.items()}


def _inbound(setting: Setting, coke: Carriage | None, auxiliary: Carriage | None) -> dict[str, float]:
    distances = {
        name: _base(setting, name) if one is None else one.km for name, one in ((COKE_KM, coke), (AUXILIARY_KM, auxiliary))
    }
    ways = [
        _way(setting, one, tkm=_tkm(setting, {**dict.fromkeys(distances, 0.0), name: distances[name]}))
        for name, one in ((COKE_KM, coke), (AUXILIARY_KM, auxiliary))
    ]
    given = {name: distances[name] for name, one in ((COKE_KM, coke), (AUXILIARY_KM, auxiliary)) if one is not None}
    total = sum(way.tkm for way in ways)
    if total <= 0:
        return given
    by_rail = sum(way.tkm * way.rail_share for way in ways)
    result = {**given, INBOUND_RAIL: by_rail / total}
    if total > by_rail:
        result[INBOUND_FACTOR] = sum(way.tkm * (1 - way.rail_share) * way.road_factor for way in ways) / (total - by_rail)
        # By default the way to the toll plant has the factor of inbound transport: it keeps the one it had.
        if TOLL_FACTOR in setting.base:
            result[TOLL_FACTOR] = _base(setting, TOLL_FACTOR)
    if by_rail > 0:
        result[RAIL_FACTOR] = sum(way.tkm * way.rail_share * way.rail_factor for way in ways) / by_rail
    return result


def _toll(toll: Carriage) -> dict[str, float]:
    result = {TOLL_KM: toll.km, TOLL_RAIL: toll.rail_share}
    if toll.road_factor is not None:
        result[TOLL_FACTOR] = toll.road_factor
    return result


def _way(setting: Setting, carriage: Carriage | None, *, tkm: float) -> _Way:
    """Return how some goods come; goods without legs come as the product's set-up and the model have it."""
    base_road, base_rail = _base(setting, INBOUND_FACTOR), _base(setting, RAIL_FACTOR)
    if carriage is None:
        return _Way(tkm=tkm, rail_share=_base(setting, INBOUND_RAIL), road_factor=base_road, rail_factor=base_rail)
    return _Way(
        tkm=tkm,
        rail_share=carriage.rail_share,
        road_factor=base_road if carriage.road_factor is None else carriage.road_factor,
        rail_factor=base_rail if carriage.rail_factor is None else carriage.rail_factor,
    )


def _tkm(setting: Setting, distances: Mapping[str, float]) -> float:
    """Return the tonne-kilometres per kg of product that the model's own formula makes of distances, all by road."""
    values = {**setting.base, **distances, INBOUND_RAIL: 0.0}
    parts = next(parts for (flow, _), parts in setting.model.formulas[_PROCESS].items() if flow == _ROAD)
    return float(sum(evaluate(part.formula, lambda name: float(values[name])) for part in parts))


def _joined(setting: Setting, flows: Iterable[str]) -> Carriage | None:
    """Return how several flows come together, by tonnes for the distance and by tonne-kilometres for all else."""
    found = [setting.carriages[flow] for flow in flows if flow in setting.carriages]
    if not found:
        return None
    tkm = sum(one.tonnes * one.km for one in found)
    rail = sum(one.tonnes * one.km * one.rail_share for one in found)
    tonnes = sum(one.tonnes for one in found)
    return Carriage(
        tonnes=tonnes,
        km=tkm / tonnes,
        rail_share=rail / tkm,
        road_factor=_averaged((one.tonnes * one.km * (1 - one.rail_share), one.road_factor) for one in found),
        rail_factor=_averaged((one.tonnes * one.km * one.rail_share, one.rail_factor) for one in found),
    )


def _averaged(weighted: Iterable[tuple[float, float | None]]) -> float | None:
    known = [(weight, value) for weight, value in weighted if value is not None and weight > 0]
    total = sum(weight for weight, _ in known)
    return sum(weight * value for weight, value in known) / total if total > 0 else None


def _base(setting: Setting, parameter: str) -> float:
    return float(setting.base[parameter])


def _provenance(setting: Setting, parameter: str, value: float) -> Provenance:
    """Return where a parameter comes from: distances are the maker's own data, factors are tables applied to them."""
    if value == setting.base[parameter]:
        return own_provenance(setting, parameter)
    is_factor = parameter in {INBOUND_FACTOR, TOLL_FACTOR, RAIL_FACTOR}
    kind: DataKind = "secondary" if is_factor else "primary"
    unit = setting.unit(parameter)
    part = Part(
        kind=kind,
        value=value,
        weight=1.0,
        source=LEGS,
        formula=f"legs: Σ t·km / Σ t = {rounded(value)} {unit}" if unit == "km" else f"legs = {rounded(value)} {unit}",
        evidence="" if is_factor else "calculated",
    )
    return Provenance(unit=unit, value=value, default=setting.defaults[parameter], parts=(part,))
