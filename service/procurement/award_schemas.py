import uuid

from pydantic import Field

from service.allocation.schemas import AMOUNT_MAX
from service.suppliers.schemas import FlowKey
from service.web.forms import FormInput


class AwardedOrder(FormInput):
    """How much a supplier gets, t per year."""

    supplier_id: uuid.UUID
    t: float = Field(ge=0, le=AMOUNT_MAX)


class AwardInput(FormInput):
    """A decision on who delivers a material.

    Attributes
    ----------
    allocation_id
        Plan that it follows or departs from; None for a decision by hand.
    carbon_price_per_t
        Yuan per t CO2e that bids were compared with; 0 where carbon did not count.

    """

    flow: FlowKey
    allocation_id: uuid.UUID | None = None
    title: str = Field(min_length=3, max_length=200)
    reason: str = Field(min_length=10, max_length=2000)
    carbon_price_per_t: float = Field(default=0.0, ge=0, le=1e6)
    orders: tuple[AwardedOrder, ...] = Field(max_length=200)
