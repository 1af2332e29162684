"""How pages and statements call bases and indicators."""

from collections.abc import Mapping
from typing import Final

from service.errors import N_
from service.targets.catalogue import Basis, Indicator

BASES: Final[Mapping[Basis, str]] = {
    Basis.CURRENT_PRICE: N_("Per 10 000 yuan, prices of each year (as the plan says)"),
    Basis.CONSTANT_PRICE: N_("Per 10 000 yuan, prices of 2021"),
    Basis.PER_TONNE: N_("Per tonne of anode material"),
    Basis.ABSOLUTE: N_("Absolute amount (the plan sets no cap)"),
}
INDICATORS: Final[Mapping[Indicator, str]] = {
    Indicator.CO2: N_("CO₂"),
    Indicator.ENERGY: N_("Energy"),
}
