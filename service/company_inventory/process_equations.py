"""CO2 of the process by the mass balances of GB/T 32151.34-2024 for producers of carbon materials.

Own notation of the standard's equations: contents in t per t as received, masses in t, results in t CO2. Volatile matter counts
as methane that is burnt (44/16) by a factor K. The oxidation of the furnace's own body is outside the standard.
"""

from typing import Final

from service.company_inventory.factors import CARBON_TO_CO2

VOLATILES_AS_METHANE: Final = 0.35
"""K of all three steps where it is not measured."""
METHANE_TO_CO2: Final = 44.0 / 16.0
CACO3_TO_CO2: Final = 0.440
"""t CO2 per t of pure limestone, Table C.2."""
CARBONATE_CONTENT: Final = 0.90
CONVERSION: Final = 1.00
"""Purity of the desulphurisation agent and share converted where they are not measured, clause 5.2.5."""


def calcining_t_co2(
    *,
    feed_t: float,
    feed_carbon: float,
    feed_volatiles: float,
    product_t: float,
    product_carbon: float,
    product_volatiles: float,
    underburnt_t: float = 0.0,
    dust_t: float = 0.0,
    k: float = VOLATILES_AS_METHANE,
) -> float:
    """Return E = [G·Cg − (P + U + D)·Cp]·44/12 + (G·Vg − P·Vp)·K·44/16."""
    carbon = feed_t * feed_carbon - (product_t + underburnt_t + dust_t) * product_carbon
    volatiles = feed_t * feed_volatiles - product_t * product_volatiles
    return carbon * CARBON_TO_CO2 + volatiles * k * METHANE_TO_CO2


def baking_t_co2(
    *,
    packing_t: float,
    packing_carbon: float,
    packing_volatiles: float,
    green_t: float,
    green_carbon: float,
    green_volatiles: float,
    carbon_out_t: float,
    product_t: float,
    product_carbon: float,
    k: float = VOLATILES_AS_METHANE,
) -> float:
    """Return E = [F·Cf + B·Cb − (W + Q·Cq)]·44/12 + (F·Vf + B·Vb)·K·44/16; W is carbon in dust, chips and by-products."""
    carbon = packing_t * packing_carbon + green_t * green_carbon - (carbon_out_t + product_t * product_carbon)
    volatiles = packing_t * packing_volatiles + green_t * green_volatiles
    return carbon * CARBON_TO_CO2 + volatiles * k * METHANE_TO_CO2


def graphitising_t_co2(
    *,
    packing_t: float,
    packing_carbon: float,
    packing_volatiles: float,
    charge_t: float,
    charge_carbon: float,
    carbon_out_t: float,
    product_t: float,
    product_carbon: float,
    k: float = VOLATILES_AS_METHANE,
) -> float:
    """Return E = [M·Cm + T·Ct − (W + Q·Cq)]·44/12 + M·Vm·K·44/16; M is insulation and resistor material."""
    carbon = packing_t * packing_carbon + charge_t * charge_carbon - (carbon_out_t + product_t * product_carbon)
    return carbon * CARBON_TO_CO2 + packing_t * packing_volatiles * k * METHANE_TO_CO2


def fumes_t_co2(*, tar_t: float, tar_carbon: float) -> float:
    """Return the CO2 of tar that is burnt with the fumes, from its measured carbon."""
    return tar_t * tar_carbon * CARBON_TO_CO2


def desulphurising_t_co2(*, agent_t: float, carbonate_content: float = CARBONATE_CONTENT, conversion: float = CONVERSION) -> float:
    """Return E = CAL·I·EF·TR of limestone."""
    return agent_t * carbonate_content * CACO3_TO_CO2 * conversion
