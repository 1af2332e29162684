"""Every SELECT on legs, vehicles and hubs, and what follows from them for footprints and Scope 3."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlmodel import Session, col, select

from service.errors import NotFoundError
from service.logistics.factors import mode_of
from service.logistics.models import Direction, HubOperation, Leg, Mode, Payer, Vehicle
from service.logistics.rules import Haul, Work, category_of, haul_of, hub_kg_co2e, work_of
from service.modelling.queries import active_model

_KG_PER_T: Final = 1000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class LegEmission:
    """What one leg emits.

    Attributes
    ----------
    t_co2e
        Well to wheel.
    category
        Of Scope 3: 4 or 9; None for the maker's own vehicles, whose energy is in its meters and bills.

    """

    leg_id: uuid.UUID
    plant_id: uuid.UUID
    direction: Direction
    mode: Mode
    tonnes: float
    tkm: float
    t_co2e: float
    payer: Payer
    category: int | None
    is_sample: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HubEmission:
    """What a hub's energy of a month emits; `is_counted_elsewhere`: the site's own meters have it."""

    operation_id: uuid.UUID
    plant_id: uuid.UUID
    hub: str
    month: date
    throughput_t: float
    t_co2e: float
    is_counted_elsewhere: bool
    is_sample: bool


def leg_emissions(session: Session, *, start: date, end: date, plant_id: uuid.UUID | None = None) -> Sequence[LegEmission]:
    """Return what legs emit, of the months from that of `start` to that of `end`."""
    return [
        LegEmission(
            leg_id=leg.id,
            plant_id=leg.plant_id,
            direction=leg.direction,
            mode=mode_of(leg.vehicle_class),
            tonnes=work.tonnes,
            tkm=work.tkm,
            t_co2e=work.kg_co2e / _KG_PER_T,
            payer=leg.payer,
            category=category_of(leg, vehicle),
            is_sample=leg.is_sample,
        )
        for leg, vehicle, work in worked_legs(session, find_legs(session, start=start, end=end, plant_id=plant_id))
    ]


def hub_emissions(session: Session, *, start: date, end: date, plant_id: uuid.UUID | None = None) -> Sequence[HubEmission]:
    """Return what hubs emit in the months from that of `start` to that of `end`; of category 4 where nothing else counts it."""
    model = active_model(session)
    return [
        HubEmission(
            operation_id=hub.id,
            plant_id=hub.plant_id,
            hub=hub.hub,
            month=hub.month,
            throughput_t=hub.throughput_t,
            t_co2e=hub_kg_co2e(hub, model) / _KG_PER_T,
            is_counted_elsewhere=hub.in_site_meters,
            is_sample=hub.is_sample,
        )
        for hub in find_hubs(session, start=start, end=end, plant_id=plant_id)
    ]


def worked_legs(session: Session, legs: Sequence[Leg]) -> Sequence[tuple[Leg, Vehicle | None, Work]]:
    """Return legs with their vehicles and what they do."""
    model, vehicles = active_model(session), {one.id: one for one in find_vehicles(session)}
    found = [(leg, vehicles.get(leg.vehicle_id) if leg.vehicle_id is not None else None) for leg in legs]
    return [(leg, vehicle, work_of(leg, vehicle, model)) for leg, vehicle in found]


def hauls(session: Session, *, start: date, end: date, plant_id: uuid.UUID | None = None) -> Sequence[Haul]:
    """Return legs with their work, of the months from that of `start` to that of `end`."""
    legs = find_legs(session, start=start, end=end, plant_id=plant_id)
    return [haul_of(leg, work) for leg, _, work in worked_legs(session, legs)]


def find_leg(session: Session, waybill: str) -> Leg | None:
    """Return the leg of a waybill, also one that was taken back."""
    return session.exec(select(Leg).where(Leg.waybill == waybill)).first()


def find_legs(
    session: Session,
    *,
    start: date | None = None,
    end: date | None = None,
    plant_id: uuid.UUID | None = None,
    direction: Direction | None = None,
) -> Sequence[Leg]:
    """Return legs, the latest month first; those that were taken back are left out."""
    query = select(Leg).where(col(Leg.ended_at).is_(None)).order_by(col(Leg.month).desc(), Leg.waybill)
    if start is not None:
        query = query.where(col(Leg.month) >= start.replace(day=1))
    if end is not None:
        query = query.where(col(Leg.month) <= end)
    if plant_id is not None:
        query = query.where(Leg.plant_id == plant_id)
    if direction is not None:
        query = query.where(Leg.direction == direction)
    return session.exec(query).all()


def get_vehicle(session: Session, vehicle_id: uuid.UUID) -> Vehicle:
    """Return a vehicle."""
    vehicle = session.get(Vehicle, vehicle_id)
    if vehicle is None:
        raise NotFoundError
    return vehicle


def find_vehicles(session: Session) -> Sequence[Vehicle]:
    """Return vehicles by plate."""
    return session.exec(select(Vehicle).order_by(Vehicle.plate)).all()


def find_hubs(session: Session, *, start: date, end: date, plant_id: uuid.UUID | None = None) -> Sequence[HubOperation]:
    """Return what hubs needed, the latest month first."""
    query = select(HubOperation).where(col(HubOperation.month) >= start.replace(day=1), col(HubOperation.month) <= end)
    query = query.where(col(HubOperation.ended_at).is_(None)).order_by(col(HubOperation.month).desc(), HubOperation.hub)
    return session.exec(query if plant_id is None else query.where(HubOperation.plant_id == plant_id)).all()
