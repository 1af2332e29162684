"""Pure rules of transport: tonne-kilometres, emissions, and which category of Scope 3 a leg belongs to."""

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lca_models.model import Model
from service.logistics.factors import (
    DISTANCE_ADJUSTMENT,
    diesel_factor,
    energy_factor,
    factor_of,
    grid_factor,
    mode_of,
)
from service.logistics.models import Direction, DistanceKind, HubOperation, Leg, Mode, Payer, Vehicle, VehicleOwner

UPSTREAM_CATEGORY: Final = 4
DOWNSTREAM_CATEGORY: Final = 9

_HUNDRED_KM: Final = 100.0
_KG_PER_T: Final = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What a leg does.

    Attributes
    ----------
    tonnes
        Carried on all trips of the month.
    km
        One way, as driven.
    kg_co2e
        Well to wheel.
    by_energy
        Whether it follows from the vehicle's own energy use; else from a factor per tonne-kilometre.

    """

    tonnes: float
    km: float
    kg_co2e: float
    by_energy: bool

    @property
    def tkm(self) -> float:
        """Transport activity."""
        return self.tonnes * self.km


def work_of(leg: Leg, vehicle: Vehicle | None, model: Model) -> Work:
    """Return what a leg does, by its vehicle's own energy use where that is known."""
    tonnes, km = leg.load_t * leg.trips, driven_km(leg)
    by_energy = _by_energy(leg, vehicle, model, km=km)
    kg_co2e = tonnes * km * factor_of(leg.vehicle_class, model) if by_energy is None else by_energy
    return Work(tonnes=tonnes, km=km, kg_co2e=kg_co2e, by_energy=by_energy is not None)


def driven_km(leg: Leg) -> float:
    """Return the distance of one trip as it is driven."""
    return leg.distance_km * (
        DISTANCE_ADJUSTMENT[mode_of(leg.vehicle_class)] if leg.distance_kind is DistanceKind.SHORTEST_FEASIBLE else 1.0
    )


def category_of(leg: Leg, vehicle: Vehicle | None) -> int | None:
    """Return the category of Scope 3 that a leg belongs to; None: its energy is in the maker's own meters and bills.

    Category 4 takes what comes in, whoever pays, and everything else that the maker pays for. What customers fetch or pay for is
    category 9. (GHG Protocol, Corporate Value Chain Standard, 5.4 and 5.9.)
    """
    if vehicle is not None and vehicle.owner is VehicleOwner.MAKER:
        return None
    is_upstream = leg.direction is Direction.INBOUND or leg.payer is Payer.MAKER
    return UPSTREAM_CATEGORY if is_upstream else DOWNSTREAM_CATEGORY


def hub_kg_co2e(hub: HubOperation, model: Model) -> float:
    """Return what a hub's energy of a month emits, with everything upstream."""
    return hub.electricity_kwh * grid_factor(model) + hub.diesel_l * diesel_factor(model)


@dataclass(frozen=True, slots=True, kw_only=True)
class Haul:
    """A leg with its work, as what-ifs change it."""

    leg_id: uuid.UUID
    plant_id: uuid.UUID
    direction: Direction
    flow: str | None
    supplier_id: uuid.UUID | None
    product_id: uuid.UUID | None
    part: int
    vehicle_class: str
    work: Work
    freight_cny: float | None


def haul_of(leg: Leg, work: Work) -> Haul:
    """Return a leg with its work."""
    return Haul(
        leg_id=leg.id,
        plant_id=leg.plant_id,
        direction=leg.direction,
        flow=leg.flow,
        supplier_id=leg.supplier_id,
        product_id=leg.product_id,
        part=leg.part,
        vehicle_class=leg.vehicle_class,
        work=work,
        freight_cny=leg.freight_cny,
    )


def hauls_of_product(
    hauls: Iterable[Haul], product_id: uuid.UUID, *, suppliers: Mapping[str, Collection[uuid.UUID]]
) -> Sequence[Haul]:
    """Return the legs that a product's goods take: of its own, or of nobody's in particular, from suppliers that deliver for it.

    Parameters
    ----------
    suppliers
        Who delivers for the product, by flow; of a flow that names nobody, all legs count.

    """
    return [
        one
        for one in hauls
        if one.product_id in {None, product_id}
        and (one.supplier_id is None or one.supplier_id in suppliers.get(one.flow or "", (one.supplier_id,)))
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """How some goods are carried on average, as the model's transport parameters want it.

    Attributes
    ----------
    tonnes
        Delivered: legs that carry the same goods on count once.
    km
        All tonne-kilometres over the tonnes delivered.
    rail_share
        Part of the tonne-kilometres that goes by rail, 0 to 1.
    road_factor, rail_factor
        kg CO2e per tonne-kilometre by rail, and by everything else; None where nothing goes so.

    """

    tonnes: float
    km: float
    rail_share: float
    road_factor: float | None
    rail_factor: float | None


def carriage_of(hauls: Iterable[Haul]) -> Carriage | None:
    """Return the average of legs; None where none delivers anything."""
    listed = tuple(hauls)
    tonnes = sum(one.work.tonnes for one in listed if one.part == 1)
    tkm = sum(one.work.tkm for one in listed)
    if tonnes <= 0 or tkm <= 0:
        return None
    rail = [one.work for one in listed if mode_of(one.vehicle_class) is Mode.RAIL]
    other = [one.work for one in listed if mode_of(one.vehicle_class) is not Mode.RAIL]
    return Carriage(
        tonnes=tonnes,
        km=tkm / tonnes,
        rail_share=sum(work.tkm for work in rail) / tkm,
        road_factor=_factor(other),
        rail_factor=_factor(rail),
    )


def carriages_by_flow(hauls: Iterable[Haul]) -> Mapping[str, Carriage]:
    """Return how each flow comes to the site, by inbound and internal legs; flows without legs are absent."""
    by_flow: dict[str, list[Haul]] = {}
    for one in hauls:
        if one.flow is not None and one.direction is not Direction.OUTBOUND:
            by_flow.setdefault(one.flow, []).append(one)
    found = {flow: carriage_of(listed) for flow, listed in sorted(by_flow.items())}
    return {flow: one for flow, one in found.items() if one is not None}


def delivery_kg_co2e_per_kg(hauls: Iterable[Haul], product_id: uuid.UUID) -> float | None:
    """Return what bringing a kilogram of a product to its customers emits; None where no leg carries it."""
    carriage = carriage_of(one for one in hauls if one.direction is Direction.OUTBOUND and one.product_id == product_id)
    if carriage is None:
        return None
    rail, road = carriage.rail_factor or 0.0, carriage.road_factor or 0.0
    return carriage.km / _KG_PER_T * (carriage.rail_share * rail + (1.0 - carriage.rail_share) * road)


def _factor(works: Iterable[Work]) -> float | None:
    listed = tuple(works)
    tkm = sum(work.tkm for work in listed)
    return sum(work.kg_co2e for work in listed) / tkm if tkm > 0 else None


def _by_energy(leg: Leg, vehicle: Vehicle | None, model: Model, *, km: float) -> float | None:
    if vehicle is None or vehicle.energy_use_per_100km is None:
        return None
    per_unit = energy_factor(vehicle.vehicle_class, model)
    if per_unit is None:
        return None
    all_km = km * leg.trips * (1.0 + (leg.empty_trip_factor or 0.0))
    return all_km / _HUNDRED_KM * vehicle.energy_use_per_100km * per_unit
