import uuid
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from service.errors import N_
from service.logistics.factors import vehicle_classes
from service.logistics.models import Direction, DistanceKind, Payer, VehicleOwner
from service.monitoring.months import month_of
from service.suppliers.schemas import FlowKey
from service.web.forms import FieldErrorInValidator, FormInput


def known_class(key: str) -> str:
    """Refuse a means of transport that the table does not have."""
    if key not in vehicle_classes():
        raise FieldErrorInValidator(N_("“%(input)s” is not one of the choices; pick one from the list."), input=key)
    return key


Month = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31)), AfterValidator(month_of)]
VehicleClassKey = Annotated[str, Field(max_length=40), AfterValidator(known_class)]
Source = Annotated[str, Field(min_length=2, max_length=300)]


class VehicleInput(FormInput):
    """A vehicle as it is typed."""

    plate: str = Field(min_length=2, max_length=20)
    vehicle_class: VehicleClassKey
    owner: VehicleOwner
    payload_t: float = Field(gt=0, le=400_000)
    energy_use_per_100km: float | None = Field(default=None, gt=0, le=1000)


class LegInput(FormInput):
    """A leg as a waybill, or a month's waybills of one way, have it."""

    waybill: str = Field(min_length=1, max_length=80)
    plant_id: uuid.UUID
    direction: Direction
    flow: FlowKey | None = None
    supplier_id: uuid.UUID | None = None
    product_id: uuid.UUID | None = None
    receiver: str | None = Field(default=None, max_length=200)
    part: int = Field(default=1, ge=1, le=9)
    vehicle_class: VehicleClassKey
    vehicle_id: uuid.UUID | None = None
    month: Month
    load_t: float = Field(gt=0, le=400_000)
    trips: int = Field(ge=1, le=100_000)
    distance_km: float = Field(gt=0, le=40_000)
    distance_kind: DistanceKind
    empty_trip_factor: float | None = Field(default=None, ge=0, le=2)
    payer: Payer
    freight_cny: float | None = Field(default=None, ge=0, le=1e10)
    source: Source

    @model_validator(mode="after")
    def says_what_is_carried(self) -> Self:
        """Refuse a leg that does not say what it carries."""
        if self.direction is Direction.INBOUND and self.flow is None:
            raise FieldErrorInValidator(
                N_("Waybill %(waybill)s comes in: choose the material that it brings."), waybill=self.waybill
            )
        if self.direction is Direction.OUTBOUND and self.product_id is None:
            raise FieldErrorInValidator(
                N_("Waybill %(waybill)s goes out: choose the product that it carries."), waybill=self.waybill
            )
        if self.flow is None and self.product_id is None:
            raise FieldErrorInValidator(
                N_("Waybill %(waybill)s carries nothing: choose a material or a product."), waybill=self.waybill
            )
        return self


class HubInput(FormInput):
    """What a warehouse or a place of transhipment needed in a month, as it is typed."""

    plant_id: uuid.UUID
    hub: str = Field(min_length=1, max_length=120)
    month: Month
    throughput_t: float = Field(gt=0, le=1e8)
    electricity_kwh: float = Field(ge=0, le=1e9)
    diesel_l: float = Field(ge=0, le=1e8)
    in_site_meters: bool
    source: Source
