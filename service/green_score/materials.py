"""What the shipped table says of each delivered flow: what its footprint and its energy are held against."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """A row of `data/materials.toml`, which describes the columns.

    Attributes
    ----------
    kg_per_unit
        Mass of one unit of the factor and of the engine's result; 1 where they are per kilogram, or per tonne-kilometre.

    """

    flow: str
    reason: str
    factor: str = ""
    processes: tuple[str, ...] = ()
    product: str = ""
    stated: str = ""
    kg_per_unit: float = 1.0
    energy_levels: str = ""

    @property
    def made(self) -> str:
        """Product of the model that the engine's own footprint of a supplier must be of."""
        return self.product or self.flow


@lru_cache
def materials() -> Mapping[str, Material]:
    """Return the table by flow."""
    text = (files("service.green_score") / "data" / "materials.toml").read_text(encoding="utf-8")
    rows = tomllib.loads(text)
    return {flow: Material(flow=flow, **{**row, "processes": tuple(row.get("processes", ()))}) for flow, row in rows.items()}
