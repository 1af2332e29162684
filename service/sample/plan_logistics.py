"""The sample company's transport of 2025: vehicles, legs and warehouses, read from `data/plan_logistics.toml`."""

import tomllib
import uuid
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from sqlmodel import Session

from service.logistics.models import HubOperation, Vehicle
from service.logistics.operations import add_leg
from service.logistics.schemas import HubInput, LegInput, VehicleInput
from service.registers.operations import add_row
from service.sample.cast import Cast
from service.sample.plan_green_power import plant_id
from service.settings import Settings

QUARTERS: Final = (date(2025, 2, 1), date(2025, 5, 1), date(2025, 8, 1), date(2025, 11, 1))
"""A leg of the file is four rows, one for each quarter of the year."""
HUB_MONTHS: Final = tuple(date(2025, month, 1) for month in range(1, 13))
_SOURCE: Final = "样例：运单汇总与运费结算单"

Row = Mapping[str, Any]


@lru_cache
def logistics() -> Row:
    """Return the data file."""
    return tomllib.loads((files("service.sample") / "data" / "plan_logistics.toml").read_text(encoding="utf-8"))


def load_logistics(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    """Enter vehicles, the legs of the year and what its warehouses needed."""
    del settings
    by = cast.actor("engineer")
    vehicles = {
        row["plate"]: add_row(session, Vehicle, VehicleInput(**row), by=by, at=at, is_sample=True).id
        for row in logistics()["vehicles"]
    }
    for row in logistics()["legs"]:
        for fields in _legs(cast, row, vehicles):
            add_leg(session, fields, by=by, at=at, is_sample=True)
    for row in logistics()["hubs"]:
        for month in HUB_MONTHS:
            own = {name: value for name, value in row.items() if name != "plant"}
            hub = HubInput(plant_id=plant_id(cast, row), month=month, source=_SOURCE, **own)
            add_row(session, HubOperation, hub, by=by, at=at, is_sample=True)


def _legs(cast: Cast, row: Row, vehicles: Mapping[str, uuid.UUID]) -> Iterator[LegInput]:
    """Yield a way's waybills by quarter; its tonnes are whole trips in each."""
    trips = round(row["tonnes"] / row["load_t"] / len(QUARTERS))
    tkm = trips * row["load_t"] * row["distance_km"]
    for number, month in enumerate(QUARTERS, start=1):
        yield LegInput(
            waybill=f"样例-2025-{row['way']}-{number}",
            plant_id=plant_id(cast, row),
            direction=row["direction"],
            flow=row.get("flow"),
            supplier_id=cast.suppliers[row["supplier"]].id if "supplier" in row else None,
            product_id=cast.products[row["product"]].id if "product" in row else None,
            part=row.get("part", 1),
            vehicle_class=row["vehicle_class"],
            vehicle_id=vehicles[row["vehicle"]] if "vehicle" in row else None,
            month=month,
            load_t=row["load_t"],
            trips=trips,
            distance_km=row["distance_km"],
            distance_kind=row.get("distance_kind", "actual"),
            empty_trip_factor=row.get("empty_trip_factor"),
            payer=row["payer"],
            freight_cny=tkm * row["freight_cny_per_tkm"] if "freight_cny_per_tkm" in row else None,
            source=_SOURCE,
        )
