"""What the kilowatt-hour calculator takes and gives."""

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.errors import N_
from service.exports.energy import AnodeUse
from service.web.forms import FieldErrorInValidator, FormInput

PERCENT = 100


class KwhInput(FormInput):
    """Figures per kilogram of anode material, and how much of it a battery takes."""

    footprint: float = Field(gt=0, le=1000, description="kg CO2e per kg of anode material")
    low: float | None = Field(default=None, gt=0, le=1000, description="lower end of its interval")
    high: float | None = Field(default=None, gt=0, le=1000, description="upper end of its interval")
    raw_material: float | None = Field(default=None, ge=0, le=1000, description="of the footprint: raw material and pre-processing")
    production: float | None = Field(default=None, ge=0, le=1000, description="of the footprint: main production")
    grams: float = Field(gt=0, le=10_000, description="g of anode material in the cell per kWh of capacity")
    loss: float = Field(default=0, ge=0, lt=100, description="% of the bought material that does not end up in cells")
    cycles: float | None = Field(default=None, gt=0, le=10_000, description="full-equivalent cycles per year")
    years: float | None = Field(default=None, gt=0, le=100, description="years of service")

    @model_validator(mode="after")
    def with_a_whole_life(self) -> Self:
        """Refuse cycles without years, years without cycles, and an interval that the footprint lies outside of."""
        if (self.cycles is None) != (self.years is None):
            raise FieldErrorInValidator(N_("Cycles per year and years of service go together: fill in both or none."))
        if (self.low is not None and self.low > self.footprint) or (self.high is not None and self.high < self.footprint):
            raise FieldErrorInValidator(N_("The footprint lies outside the interval. Correct one of them."))
        return self

    @property
    def use(self) -> AnodeUse:
        """The battery's part of what was typed."""
        delivered = None if self.cycles is None or self.years is None else self.cycles * self.years
        return AnodeUse(g_per_kwh=self.grams, loss_rate=self.loss / PERCENT, delivered_kwh_per_kwh=delivered)

    @property
    def figures(self) -> dict[str, float]:
        """What was typed per kilogram, by key; what is not known is left out."""
        typed = {
            "total": self.footprint,
            "low": self.low,
            "high": self.high,
            "raw_material": self.raw_material,
            "production": self.production,
        }
        return {key: value for key, value in typed.items() if value is not None}


class KwhOut(BaseModel):
    """What the anode material adds to a battery's footprint, kg CO2e per kWh."""

    model_config = ConfigDict(extra="forbid")

    bought_kg_per_kwh: float
    per_kwh_of_capacity: dict[str, float]
    per_kwh_delivered: dict[str, float] | None
    formula: str
