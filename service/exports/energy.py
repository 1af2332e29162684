"""From a kilogram of anode material to a kilowatt hour of battery, for cell makers.

kg CO2e/kWh = footprint (kg CO2e/kg) x anode material in the cell (kg/kWh) / (1 - share lost in making the cell): what is lost
was made too. Batteries are compared by the energy that they deliver over their life (JRC rules for electric vehicle batteries,
2023): one kWh of capacity delivers full-equivalent cycles a year x years of service.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

GRAMS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class AnodeUse:
    """How much anode material a battery takes.

    Attributes
    ----------
    g_per_kwh
        In the finished cell, g per kWh of capacity.
    loss_rate
        Share of the bought material that does not end up in cells, 0 to less than 1.
    delivered_kwh_per_kwh
        Energy delivered over the life by one kWh of capacity; None where it is not asked for.

    """

    g_per_kwh: float
    loss_rate: float
    delivered_kwh_per_kwh: float | None = None

    @property
    def bought_kg_per_kwh(self) -> float:
        """Material to be bought for one kWh of capacity, kg."""
        return self.g_per_kwh / GRAMS / (1.0 - self.loss_rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class PerKwh:
    """What the anode material adds to the footprint of a battery.

    Attributes
    ----------
    of_capacity
        kg CO2e per kWh of capacity, by the keys that came in: total, low, high, stages.
    of_life
        The same per kWh delivered over the life; None where it is not asked for.

    """

    bought_kg_per_kwh: float
    of_capacity: Mapping[str, float]
    of_life: Mapping[str, float] | None


def per_kwh(kg_co2e_per_kg: Mapping[str, float], use: AnodeUse) -> PerKwh:
    """Turn figures per kilogram of anode material into figures per kilowatt hour; all of them by the same factor."""
    bought = use.bought_kg_per_kwh
    of_capacity = {key: value * bought for key, value in kg_co2e_per_kg.items()}
    delivered = use.delivered_kwh_per_kwh
    of_life = None if delivered is None else {key: value / delivered for key, value in of_capacity.items()}
    return PerKwh(bought_kg_per_kwh=bought, of_capacity=of_capacity, of_life=of_life)
