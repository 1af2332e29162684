"""What a measure moves: the catalogue of levers, each with the basis on which its effect is calculated."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from typing import Final

from service.errors import N_


class Basis(StrEnum):
    """How the effect of a lever is calculated."""

    PRODUCT = "product"
    ELECTRICITY_SAVED = "electricity_saved"
    OWN_GENERATION = "own_generation"
    CONTRACTED_POWER = "contracted_power"
    NATURAL_GAS_SAVED = "natural_gas_saved"
    DIESEL_SAVED = "diesel_saved"
    FREIGHT_AVOIDED = "freight_avoided"


UNITS: Final[Mapping[Basis, str]] = {
    Basis.ELECTRICITY_SAVED: "kWh",
    Basis.OWN_GENERATION: "kWh",
    Basis.CONTRACTED_POWER: "kWh",
    Basis.NATURAL_GAS_SAVED: "Nm3",
    Basis.DIESEL_SAVED: "t",
    Basis.FREIGHT_AVOIDED: "t CO2e",
}
"""Of the yearly amount of a lever at a site; a lever on products has parameters instead."""

BASIS_NAMES: Final[Mapping[Basis, str]] = {
    Basis.PRODUCT: N_("Parameters of the product model"),
    Basis.ELECTRICITY_SAVED: N_("Electricity saved, kWh a year"),
    Basis.OWN_GENERATION: N_("Electricity made and used at the site, kWh a year"),
    Basis.CONTRACTED_POWER: N_("Green electricity bought, kWh a year"),
    Basis.NATURAL_GAS_SAVED: N_("Natural gas saved, Nm³ a year"),
    Basis.DIESEL_SAVED: N_("Diesel saved, t a year"),
    Basis.FREIGHT_AVOIDED: N_("Emissions of transport avoided, t CO2e a year"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lever:
    """One line of the catalogue."""

    key: str
    basis: Basis
    name_zh: str
    name_en: str

    @property
    def is_on_products(self) -> bool:
        """Whether it changes the product model; else it is an amount at one site."""
        return self.basis is Basis.PRODUCT

    def name(self, locale: str) -> str:
        """Return the name in a reader's language."""
        return self.name_zh if locale.startswith("zh") else self.name_en


@lru_cache(maxsize=1)
def levers() -> Mapping[str, Lever]:
    """Return the catalogue by key."""
    rows = tomllib.loads((files("service.measures") / "data" / "levers.toml").read_text(encoding="utf-8"))
    return {key: Lever(key=key, **{**row, "basis": Basis(row["basis"])}) for key, row in rows.items()}
