import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from service.database import UtcDateTime, new_id, text_enum


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


class Vehicle(SQLModel, table=True):
    """A vehicle with what it needs on the road."""

    __tablename__ = "transport_vehicle"
    __table_args__ = (UniqueConstraint("plate"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    plate: str = Field(max_length=20)
    vehicle_class: str = Field(max_length=40, description="key of a row of the transport factors")
    owner: VehicleOwner = Field(sa_type=text_enum(VehicleOwner))
    payload_t: float
    in_use_since: date
    in_use_until: date | None = None
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    recorded_by: str = Field(max_length=80)
    is_sample: bool = False
    version: int = 1


class Leg(SQLModel, table=True):
    """A transport chain element: goods carried one way by one means of transport, so often in a month."""

    __tablename__ = "transport_leg"
    __table_args__ = (UniqueConstraint("waybill"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    waybill: str = Field(max_length=80)
    plant_id: uuid.UUID = Field(foreign_key="plant.id", index=True)
    direction: Direction = Field(sa_type=text_enum(Direction))
    flow: str | None = Field(default=None, max_length=60, description="what comes in, as products name their inputs")
    supplier_id: uuid.UUID | None = Field(default=None, foreign_key="supplier.id", index=True)
    product_id: uuid.UUID | None = Field(default=None, foreign_key="product.id", index=True)
    receiver: str | None = Field(default=None, max_length=200)
    part: int = Field(default=1, description="1: the first or only leg of its goods; further legs carry the same goods on")
    mode: Mode = Field(sa_type=text_enum(Mode))
    vehicle_class: str = Field(max_length=40, description="key of a row of the transport factors")
    vehicle_id: uuid.UUID | None = Field(default=None, foreign_key="transport_vehicle.id", index=True)
    month: date = Field(index=True, description="its first day")
    load_t: float = Field(description="t carried on one trip")
    trips: int
    distance_km: float
    distance_kind: DistanceKind = Field(sa_type=text_enum(DistanceKind))
    empty_trip_factor: float | None = Field(
        default=None, description="empty km per loaded km; None: as much as the factor already has in it"
    )
    payer: Payer = Field(sa_type=text_enum(Payer))
    freight_cny: float | None = None
    source: str = Field(max_length=300)
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False
    version: int = 1


class HubOperation(SQLModel, table=True):
    """What a warehouse or a place of transhipment needed in a month; its goods stay the same, its energy does not move them."""

    __tablename__ = "hub_operation"
    __table_args__ = (UniqueConstraint("hub", "month"),)

    id: uuid.UUID = Field(default_factory=new_id, primary_key=True)
    plant_id: uuid.UUID = Field(foreign_key="plant.id", index=True)
    hub: str = Field(max_length=120)
    month: date = Field(description="its first day")
    throughput_t: float
    electricity_kwh: float
    diesel_l: float
    in_site_meters: bool = Field(description="the site's own meters and bills have this energy already")
    source: str = Field(max_length=300)
    recorded_by: str = Field(max_length=80)
    recorded_at: datetime = Field(sa_type=UtcDateTime)
    is_sample: bool = False
    version: int = 1
