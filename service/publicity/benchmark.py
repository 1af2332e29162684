"""What peers are compared by. A figure of a peer is never set beside one of ours on another basis."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from service.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """One thing that is compared.

    Attributes
    ----------
    basis
        What a figure must include to stand in this row; others belong in another one.

    """

    key: str
    name: str
    unit: str
    basis: str


def _by_key(*indicators: Indicator) -> Mapping[str, Indicator]:
    return {one.key: one for one in indicators}


INDICATORS: Final = _by_key(
    Indicator(
        key="pcf",
        name=N_("Footprint of anode material"),
        unit="kg CO₂e/kg",
        basis=N_("cradle to gate, grid electricity of the place"),
    ),
    Indicator(
        key="graphitization_kwh_per_t",
        name=N_("Electricity of graphitization"),
        unit="kWh/t",
        basis=N_("furnace and rectifier, per tonne of graphitized product"),
    ),
    Indicator(
        key="site_kwh_per_t",
        name=N_("All electricity of the site"),
        unit="kWh/t",
        basis=N_("all electricity of an integrated site, per tonne of anode material"),
    ),
    Indicator(
        key="reduction_percent",
        name=N_("Reduction announced"),
        unit="%",
        basis=N_("of emissions against the base year that the source names"),
    ),
    Indicator(
        key="renewable_percent",
        name=N_("Share of renewable electricity"),
        unit="%",
        basis=N_("of all electricity used"),
    ),
)
