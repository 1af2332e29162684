"""Words for what a supplier supplies and for what its footprint is made of; message ids."""

from collections.abc import Mapping
from typing import Final

from service.errors import N_
from service.feedback.effect import Effect
from service.feedback.peers import Quarter

PRODUCT_NAMES: Final[Mapping[str, str]] = {
    "graphitised_powder": N_("Toll graphitization of the customer's powder"),
    "coated_powder": N_("Toll carbonization of the customer's powder"),
    "calcined_petroleum_coke": N_("Calcined petroleum coke"),
    "needle_coke_calcined_oil": N_("Calcined needle coke (oil)"),
    "coal_tar_pitch": N_("Coal tar pitch"),
    "graphite_crucible": N_("Graphite crucibles"),
    "nitrogen": N_("Nitrogen"),
}
FLOW_NAMES: Final[Mapping[str, str]] = {
    "electricity_cn_grid": N_("Electricity"),
    "CO2_fossil": N_("Direct CO₂"),
    "CO_fossil": N_("Carbon monoxide"),
    "CH4_fossil": N_("Methane"),
    "packing_coke_net": N_("Packing coke (calcined)"),
    "graphite_crucible": N_("Graphite crucibles"),
    "tap_water": N_("Water"),
    "nitrogen": N_("Nitrogen"),
    "natural_gas": N_("Natural gas"),
    "heat_natural_gas": N_("Fuel heat"),
    "steam_gas": N_("Steam"),
    "coal_tar_pitch": N_("Coal tar pitch"),
    "coking_coal": N_("Coking coal"),
    "green_petroleum_coke": N_("Green petroleum coke"),
    "needle_coke_green_oil": N_("Green needle coke (oil)"),
    "calcined_petroleum_coke": N_("Calcined petroleum coke"),
    "recycled_graphite_concentrate": N_("Recycled graphite"),
    "quicklime": N_("Quicklime"),
    "hfo_heat": N_("Heavy oil heat"),
    "lubricating_oil": N_("Lubricating oil"),
}
QUARTERS: Final[Mapping[Quarter, str]] = {
    Quarter.LOWEST: N_("You are among the quarter with the lowest footprints."),
    Quarter.SECOND: N_("You are in the second best quarter: lower than about half of the others."),
    Quarter.THIRD: N_("You are in the third quarter: about half of the others are lower."),
    Quarter.HIGHEST: N_("You are among the quarter with the highest footprints."),
}
EFFECTS: Final[Mapping[Effect, str]] = {
    Effect.LOWERS_MUCH: N_("With your figures instead of the average, our product's footprint is at least 5 % lower."),
    Effect.LOWERS: N_("With your figures instead of the average, our product's footprint is 1 to 5 % lower."),
    Effect.HARDLY: N_("With your figures instead of the average, our product's footprint changes by less than 1 %."),
    Effect.RAISES: N_("With your figures instead of the average, our product's footprint is 1 to 5 % higher."),
    Effect.RAISES_MUCH: N_("With your figures instead of the average, our product's footprint is at least 5 % higher."),
}
UNIT_NAMES: Final[Mapping[str, str]] = {"kg": "kg", "Nm3": "Nm³"}
