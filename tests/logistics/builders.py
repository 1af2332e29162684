"""Legs with plausible defaults; a test names only what it is about."""

import itertools
from datetime import date
from typing import Any

from sqlmodel import Session

from service.logistics.models import Leg, Vehicle
from service.logistics.operations import add_leg
from service.logistics.schemas import LegInput, VehicleInput
from service.products.models import Plant
from service.registers.operations import add_row
from tests.builders import NOW

BY = "user:01999999-0000-7000-8000-00000000000e"
_numbers = itertools.count(1)


def a_vehicle(session: Session, **details: Any) -> Vehicle:
    """Return a diesel truck of the maker with its own energy use."""
    fields = {
        "plate": f"P-{next(_numbers)}",
        "vehicle_class": "road_diesel_heavy",
        "owner": "maker",
        "payload_t": 30.0,
        "energy_use_per_100km": 36.0,
        **details,
    }
    return add_row(session, Vehicle, VehicleInput.model_validate(fields), by=BY, at=NOW)


def a_leg(session: Session, plant: Plant, **details: Any) -> Leg:
    """Bring 1,000 t of petroleum coke 500 km by truck, in March 2025."""
    fields = {
        "waybill": f"W-{next(_numbers)}",
        "plant_id": plant.id,
        "direction": "inbound",
        "flow": "green_petroleum_coke",
        "vehicle_class": "road_diesel_heavy",
        "month": date(2025, 3, 1),
        "load_t": 25.0,
        "trips": 40,
        "distance_km": 500.0,
        "distance_kind": "actual",
        "payer": "supplier",
        "source": "waybills of March",
        **details,
    }
    return add_leg(session, LegInput.model_validate(fields), by=BY, at=NOW)
