"""Kinds of electricity factors as people read them; the tables name them by key."""

from collections.abc import Mapping
from typing import Final

from service.errors import N_
from service.i18n import Locale, translate

KINDS: Final[Mapping[str, str]] = {
    "direct_co2_average": N_("Direct CO₂, average of the grid"),
    "direct_co2_excl_market_traded_nonfossil": N_("Direct CO₂, without traded non-fossil power"),
    "direct_co2_fossil_only": N_("Direct CO₂, fossil power only"),
    "ets_grid_factor_legacy": N_("Earlier factor of emission trading"),
    "lifecycle_residual_screening_derived": N_("Residual mix, derived for screening"),
    "lifecycle_screening_derived": N_("Grid of the province, derived for screening"),
    "pcf_green_supply_via_grid_biomass": N_("Biomass power through the grid"),
    "pcf_green_supply_via_grid_hydro": N_("Hydropower through the grid"),
    "pcf_green_supply_via_grid_nuclear": N_("Nuclear power through the grid"),
    "pcf_green_supply_via_grid_solar_pv": N_("Photovoltaic power through the grid"),
    "pcf_green_supply_via_grid_wind": N_("Wind power through the grid"),
    "pcf_lifecycle_average": N_("Average of the nation at the user"),
    "pcf_lifecycle_generation_biomass": N_("Biomass power at the plant"),
    "pcf_lifecycle_generation_coal": N_("Coal power at the plant"),
    "pcf_lifecycle_generation_gas": N_("Gas power at the plant"),
    "pcf_lifecycle_generation_hydro": N_("Hydropower at the plant"),
    "pcf_lifecycle_generation_nuclear": N_("Nuclear power at the plant"),
    "pcf_lifecycle_generation_solar_csp": N_("Concentrated solar power at the plant"),
    "pcf_lifecycle_generation_solar_pv": N_("Photovoltaic power at the plant"),
    "pcf_lifecycle_generation_wind": N_("Wind power at the plant"),
    "pcf_lifecycle_td_excl_losses": N_("Transmission and distribution, without losses"),
    "pcf_lifecycle_td_incl_losses": N_("Transmission and distribution, with losses"),
}


def kind_name(kind: str, locale: Locale) -> str:
    """Return what a kind is; of one that an edited model added, its key."""
    return translate(locale, KINDS[kind]) if kind in KINDS else kind
