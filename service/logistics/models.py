import uuid
from datetime import date
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field

from service.database import text_enum
from service.registers.models import RegisterRow


class Direction(StrEnum):
    """Where a leg leads, seen from the site."""

    INBOUND = "inbound"
    INTERNAL = "internal"
    OUTBOUND = "outbound"


class Mode(StrEnum):
    """Means of transport."""

    ROAD = "road"
    RAIL = "rail"
    SEA = "sea"
    INLAND_WATER = "inland_water"
    AIR = "air"


class Payer(StrEnum):
    """Who pays the freight, which decides where its emissions belong."""

    MAKER = "maker"
    SUPPLIER = "supplier"
    CUSTOMER = "customer"


class DistanceKind(StrEnum):
    """What a distance is: driven as the records say, or the shortest feasible way, which falls short of it."""

    ACTUAL = "actual"
    SHORTEST_FEASIBLE = "shortest_feasible"


class VehicleOwner(StrEnum):
    """Whose vehicle it is; the energy of the maker's own vehicles is in its meters and bills already."""

    MAKER = "maker"
    CARRIER = "carrier"


class Vehicle(RegisterRow, table=True):
    """A vehicle with what it needs on the road."""

    __tablename__ = "transport_vehicle"
    __table_args__ = (UniqueConstraint("plate"),)

    plate: str = Field(max_length=20)
    vehicle_class: str = Field(max_length=40, description="key of a row of the transport factors")
    owner: VehicleOwner = Field(sa_type=text_enum(VehicleOwner))
    payload_t: float
    energy_use_per_100km: float | None = Field(
        default=None, description="litres of a diesel, kWh of an electric vehicle, loaded and empty alike; None: by the factor"
    )


class Leg(RegisterRow, table=True):
    """A transport chain element: goods carried one way by one means of transport, so often in a month."""

    __tablename__ = "transport_leg"
    __table_args__ = (UniqueConstraint("waybill"),)

    waybill: str = Field(max_length=80)
    plant_id: uuid.UUID = Field(foreign_key="plant.id", index=True)
    direction: Direction = Field(sa_type=text_enum(Direction))
    flow: str | None = Field(default=None, max_length=60, description="what comes in, as products name their inputs")
    supplier_id: uuid.UUID | None = Field(default=None, foreign_key="supplier.id", index=True)
    product_id: uuid.UUID | None = Field(default=None, foreign_key="product.id", index=True)
    receiver: str | None = Field(default=None, max_length=200)
    part: int = Field(default=1, description="1: the first or only leg of its goods; further legs carry the same goods on")
    vehicle_class: str = Field(max_length=40, description="key of a row of the transport factors")
    vehicle_id: uuid.UUID | None = Field(default=None, foreign_key="transport_vehicle.id", index=True)
    month: date = Field(index=True, description="its first day")
    load_t: float = Field(description="t carried on one trip")
    trips: int
    distance_km: float
    distance_kind: DistanceKind = Field(sa_type=text_enum(DistanceKind))
    empty_trip_factor: float | None = Field(
        default=None, description="empty km per loaded km; counts with a vehicle's own energy use, factors per tkm have it in them"
    )
    payer: Payer = Field(sa_type=text_enum(Payer))
    freight_cny: float | None = None
    source: str = Field(max_length=300)


class HubOperation(RegisterRow, table=True):
    """What a warehouse or a place of transhipment needed in a month; its goods stay the same, its energy does not move them."""

    __tablename__ = "hub_operation"
    __table_args__ = (UniqueConstraint("hub", "month"),)

    plant_id: uuid.UUID = Field(foreign_key="plant.id", index=True)
    hub: str = Field(max_length=120)
    month: date = Field(description="its first day")
    throughput_t: float
    electricity_kwh: float
    diesel_l: float
    in_site_meters: bool = Field(description="the site's own meters and bills have this energy already")
    source: str = Field(max_length=300)
