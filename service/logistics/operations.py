"""Every write on legs; vehicles and hubs are plain registers."""

import uuid
from datetime import datetime

from sqlmodel import Session

from service.errors import N_, FieldError, InvalidInputError
from service.logistics import queries
from service.logistics.factors import vehicle_classes
from service.logistics.models import Leg
from service.logistics.schemas import LegInput
from service.products.queries import get_plant, get_product
from service.registers.operations import add_row, change_row


def add_leg(session: Session, fields: LegInput, *, by: str, at: datetime, is_sample: bool = False) -> Leg:
    """Add a leg; a waybill is entered once."""
    plant = get_plant(session, fields.plant_id)
    check_leg(session, fields)
    if queries.find_leg(session, fields.waybill) is not None:
        message = N_("Waybill %(waybill)s is entered already; a waybill is entered once.")
        raise InvalidInputError({"waybill": FieldError(message, waybill=fields.waybill)})
    return add_row(session, Leg, fields, by=by, at=at, is_sample=is_sample or plant.is_sample)


def change_leg(session: Session, leg_id: uuid.UUID, fields: LegInput, *, version: int, by: str, at: datetime) -> Leg:
    """Change a leg that nobody else has changed since."""
    check_leg(session, fields)
    return change_row(session, Leg, leg_id, fields, version=version, by=by, at=at)


def check_leg(session: Session, fields: LegInput) -> None:
    """Refuse a leg whose vehicle or product is another site's or another kind's, or that carries more than the vehicle can.

    Raises
    ------
    InvalidInputError
        With one message per field.

    """
    problems: dict[str, FieldError] = {}
    if fields.vehicle_id is not None:
        vehicle = queries.get_vehicle(session, fields.vehicle_id)
        if vehicle.vehicle_class != fields.vehicle_class:
            problems["vehicle_class"] = FieldError(
                N_("Vehicle %(plate)s is registered as “%(registered)s”; choose the same means of transport, or no vehicle."),
                plate=vehicle.plate,
                registered=vehicle_classes()[vehicle.vehicle_class].name_en,
            )
        if fields.load_t > vehicle.payload_t:
            problems["load_t"] = FieldError(
                N_("%(load)s t on one trip is more than the %(payload)s t that vehicle %(plate)s carries; check load and trips."),
                load=f"{fields.load_t:g}",
                payload=f"{vehicle.payload_t:g}",
                plate=vehicle.plate,
            )
    if fields.product_id is not None and get_product(session, fields.product_id).plant_id != fields.plant_id:
        problems["product_id"] = FieldError(N_("This product is made at another site; choose the site where it is made."))
    if problems:
        raise InvalidInputError(problems)
