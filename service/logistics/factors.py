"""What transport emits per tonne-kilometre, well to wheel, in the terms of ISO 14083; values that the model knows are the model's.

A factor per tonne-kilometre has usual loads and empty trips in it. Shortest feasible distances are lengthened to what is driven.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final

from lca_models.model import Model
from service.errors import N_, ConflictError
from service.logistics.models import Mode
from service.submissions.units import convert


class UnknownVehicleClassError(ConflictError):
    """A leg names a means of transport that the platform or the model in use has no factor for."""

    code = "transport-factor-missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleClass:
    """A row of the transport factors.

    Attributes
    ----------
    model_flow
        Flow of the model whose factor it is; empty where the row has one of its own.
    kg_co2e_per_tkm
        Of a row of its own; None where the model has it.

    """

    key: str
    mode: Mode
    energy: str
    name_zh: str
    name_en: str
    model_flow: str
    kg_co2e_per_tkm: float | None
    source: str
    confidence: str
    note: str

    def name(self, locale: str) -> str:
        """Return the name in a reader's language."""
        return self.name_zh if locale.startswith("zh") else self.name_en


DISTANCE_ADJUSTMENT: Final[Mapping[Mode, float]] = MappingProxyType(
    {Mode.ROAD: 1.05, Mode.RAIL: 1.0, Mode.SEA: 1.15, Mode.INLAND_WATER: 1.0, Mode.AIR: 1.0}
)
"""What is driven per km of shortest feasible distance: 5 % by road and 15 % by sea, as the GLEC framework has it; from memory, to
be verified. Rail and inland ways have none, as their tariff distances are those that are driven."""

_DIESEL: Final = "diesel_burned"
_ELECTRICITY: Final = "electricity_cn_grid"


@lru_cache(maxsize=1)
def vehicle_classes() -> Mapping[str, VehicleClass]:
    """Return all rows by key."""
    text = (files("service.logistics") / "data" / "transport_factors.csv").read_text(encoding="utf-8")
    rows = (_vehicle_class(row) for row in csv.DictReader(text.splitlines()))
    return MappingProxyType({row.key: row for row in rows})


def _vehicle_class(row: Mapping[str, str]) -> VehicleClass:
    return VehicleClass(
        key=row["key"],
        mode=Mode(row["mode"]),
        energy=row["energy"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        model_flow=row["model_flow"],
        kg_co2e_per_tkm=float(row["kg_co2e_per_tkm"]) if row["kg_co2e_per_tkm"] else None,
        source=row["source"],
        confidence=row["confidence"],
        note=row["note"],
    )


def mode_of(key: str) -> Mode:
    """Return the mode of a means of transport."""
    return vehicle_classes()[key].mode


def factor_of(key: str, model: Model) -> float:
    """Return kg CO2e per tonne-kilometre of a means of transport.

    Raises
    ------
    UnknownVehicleClassError
        If neither the table nor the model in use has a value.

    """
    row = vehicle_classes().get(key)
    if row is not None and row.kg_co2e_per_tkm is not None:
        return row.kg_co2e_per_tkm
    found = model.factors.life_cycle.get(row.model_flow) if row is not None else None
    if found is None:
        raise UnknownVehicleClassError(N_("“%(key)s” has no transport factor; choose a means of transport from the list."), key=key)
    return found.value


def energy_factor(key: str, model: Model) -> float | None:
    """Return kg CO2e per unit in which a vehicle's own energy use is given; None where only factors per tonne-kilometre are known.

    Litres of diesel and kWh of the national grid, both with everything upstream.
    """
    energy = vehicle_classes()[key].energy if key in vehicle_classes() else ""
    if energy == "diesel":
        return diesel_factor(model)
    return grid_factor(model) if energy == "electricity" else None


def grid_factor(model: Model) -> float:
    """Return kg CO2e per kWh of the national grid at the user, life cycle."""
    return model.factors.life_cycle[_ELECTRICITY].value


def diesel_factor(model: Model) -> float:
    """Return kg CO2e per litre of diesel, burnt and upstream."""
    return convert(1.0, "L_diesel", to="kg") * model.factors.life_cycle[_DIESEL].value
