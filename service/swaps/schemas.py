"""What swaps are asked with."""

import uuid
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from service.footprints.schemas import PeriodInput
from service.footprints.views import ViewKey
from service.web.forms import FormInput

CarbonPrice = Annotated[float, Field(ge=0, le=1000)]
"""Yuan per t CO2e."""


class PeriodQuery(PeriodInput):
    """Which period an exploration is of."""


class LimitInput(FormInput):
    """A customer's limit, as its contract or letter states it."""

    product_id: uuid.UUID
    customer_id: uuid.UUID
    limit_kg_co2e_per_kg: float = Field(gt=0, le=1000)
    electricity_view: ViewKey
    valid_from: date
    source: str = Field(min_length=3, max_length=500)


class FrontQuery(FormInput):
    """How a run's front is looked at.

    Attributes
    ----------
    carbon
        Which figure is held against cost.
    first, second
        Numbers of two points, from 1, whose break-even price is asked.

    """

    carbon: Literal["point", "p90"] = "point"
    price: CarbonPrice | None = None
    first: int | None = Field(default=None, ge=1)
    second: int | None = Field(default=None, ge=1)
