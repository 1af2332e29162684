"""What a site takes, makes and gives away: the one registry of carriers, in the shape of the questionnaire's fields."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any, Final

from service.errors import N_
from service.submissions.questions import Limits
from service.submissions.units import convert


class CarrierKind(StrEnum):
    """What a carrier is for the balance of a site."""

    ELECTRICITY = "electricity"
    HEAT = "heat"
    FUEL = "fuel"
    PROCESS = "process"
    OUTPUT = "output"
    SERVICE = "service"
    WATER = "water"
    WASTE = "waste"


@dataclass(frozen=True, slots=True, kw_only=True)
class Property:
    """What may be measured of a month's amount, such as the carbon in a material.

    Attributes
    ----------
    unit
        As it is kept and shown; of `ncv` and `carbon_content` without the carrier's own unit.
    high
        The largest value that can be right, in that unit; the smallest is 0.

    """

    key: str
    label: str
    unit: str
    high: float


PROPERTIES: Final[Mapping[str, Property]] = {
    one.key: one
    for one in (
        Property(key="fixed_carbon", label=N_("Fixed carbon, as received"), unit="t/t", high=1.0),
        Property(key="volatile_matter", label=N_("Volatile matter, as received"), unit="t/t", high=1.0),
        Property(key="ncv", label=N_("Measured calorific value"), unit="GJ", high=60.0),
        Property(key="carbon_content", label=N_("Measured carbon content"), unit="tC/GJ", high=0.12),
        Property(key="carbonate_content", label=N_("Carbonate in the agent"), unit="t/t", high=1.0),
        Property(key="conversion", label=N_("Share converted"), unit="t/t", high=1.0),
    )
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """One carrier.

    Attributes
    ----------
    unit
        Canonical unit, in which amounts are kept.
    units
        Units offered where it is typed; the first is preselected.
    limits
        For one month of one source, in the canonical unit; outside of it a reason is needed.
    per_tonne
        Usual amount of a site's month per tonne of anode material it made, in the canonical unit per tonne; None where nothing is
        usual.
    properties
        What may be measured beside the amount.
    fuel
        Its name in the tables of fuel factors (GB/T 32151.34-2024 Table C.1); None of what is no fuel.
    stage, term
        Step and symbol in the process equations of GB/T 32151.34-2024; None of what is no process material.

    """

    key: str
    name_zh: str
    name_en: str
    kind: CarrierKind
    unit: str
    units: tuple[str, ...]
    limits: Limits
    per_tonne: Limits | None
    properties: tuple[Property, ...]
    fuel: str | None
    stage: str | None
    term: str | None

    def name(self, locale: str) -> str:
        """Return the name in a reader's language."""
        return self.name_zh if locale.startswith("zh") else self.name_en


ANODE_OUTPUT: Final = "anode_output"
ELECTRICITY_IN: Final = ("electricity_purchased", "electricity_pv_own", "electricity_wind_own")
ELECTRICITY_OUT: Final = "electricity_exported"

_FILE: Final = "carriers.toml"


@lru_cache(maxsize=1)
def carriers() -> Mapping[str, Carrier]:
    """Return all carriers by key, in the order in which people go through them."""
    rows = tomllib.loads((files("service.monitoring") / "data" / _FILE).read_text(encoding="utf-8"))["carrier"]
    return MappingProxyType({row["key"]: _carrier(row) for row in rows})


def _carrier(row: Mapping[str, Any]) -> Carrier:
    """Read an entry strictly: units that do not convert to the canonical one, or an unknown property, stop the start."""
    unit = row["unit"]
    for offered in row["units"]:
        convert(1.0, offered, to=unit)
    band = row.get("per_tonne")
    return Carrier(
        key=row["key"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        kind=CarrierKind(row["kind"]),
        unit=unit,
        units=tuple(row["units"]),
        limits=Limits(low=None, high=float(row["high"]), unit=unit),
        per_tonne=None if band is None else Limits(low=float(band[0]), high=float(band[1]), unit=f"{unit}/t"),
        properties=tuple(PROPERTIES[key] for key in row.get("properties", ())),
        fuel=row.get("fuel"),
        stage=row.get("stage"),
        term=row.get("term"),
    )
