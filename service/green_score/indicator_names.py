"""What indicators and dimensions are called, on every page; message ids."""

from collections.abc import Mapping
from typing import Final

from service.errors import N_

DIMENSION_NAMES: Final[Mapping[str, str]] = {
    "A": N_("Product carbon footprint"),
    "B": N_("Energy"),
    "C": N_("Management systems"),
    "D": N_("Climate targets"),
    "E": N_("Circularity and substances"),
    "F": N_("Transport"),
    "G": N_("Compliance"),
    "H": N_("Transparency"),
}
INDICATOR_NAMES: Final[Mapping[str, str]] = {
    "A1": N_("Footprint against the benchmark"),
    "A2": N_("Trend of the footprint"),
    "A3": N_("Share of own figures in the footprint"),
    "A4": N_("Quality of the figures"),
    "A5": N_("Verification of the footprint"),
    "B1": N_("Renewable electricity"),
    "B2": N_("Energy per tonne"),
    "B3": N_("Metering of electricity"),
    "C1": N_("Environmental management (ISO 14001)"),
    "C2": N_("Energy management (ISO 50001, GB/T 23331)"),
    "C3": N_("Greenhouse-gas inventory (ISO 14064-1)"),
    "C4": N_("Occupational health and safety (ISO 45001)"),
    "C5": N_("Quality management (ISO 9001, IATF 16949)"),
    "D1": N_("Climate target"),
    "D2": N_("Progress towards its own target"),
    "E1": N_("Recycled and by-product content"),
    "E2": N_("Return of packaging"),
    "E3": N_("Banned substances and hazardous waste"),
    "F1": N_("Emissions of transport"),
    "F2": N_("Transport by rail, water or electric lorry"),
    "G1": N_("Environmental records"),
    "G2": N_("Records on safety, labour and integrity"),
    "H1": N_("Complete answers"),
    "H2": N_("Answers in time"),
    "H3": N_("Evidence and few corrections"),
}
