"""Elementary flows to air: which have a climate effect, which gas they are and where ISO 14067 reports them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lca_models.inventory import check_sources
from lca_models.tables import read_table


class Category(StrEnum):
    """Where an emission is reported (ISO 14067:2018, 6.4.9): biogenic uptake and land-use change have lines of their own."""

    FOSSIL = "fossil"
    BIOGENIC = "biogenic"
    BIOGENIC_UPTAKE = "biogenic_uptake"
    LAND_USE = "land_use"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class EmissionFlow:
    """One flow.

    Attributes
    ----------
    gwp100
        kg CO2e per kg, IPCC AR6; negative for uptake; None where no climate effect is counted.

    """

    flow: str
    name_en: str
    name_zh: str
    gas: str
    category: Category
    gwp100: float | None


_COLUMNS: Final = ("flow", "name_en", "name_zh", "gas", "category", "gwp100", "unit", "source", "note")


def read_emission_flows(content: bytes, *, file: str, sources: Iterable[str]) -> Mapping[str, EmissionFlow]:
    """Read the flows by name; a flow without climate effect has category none and no GWP, any other has both."""
    known = frozenset(sources)
    flows: dict[str, EmissionFlow] = {}
    for row in read_table(content, file=file, required=_COLUMNS, optional=()):
        check_sources(row, known)
        row.choice("unit", ("kgCO2e/kg",))
        category = Category(row.choice("category", [one.value for one in Category]))
        flows[row.text("flow")] = EmissionFlow(
            flow=row.text("flow"),
            name_en=row.text("name_en"),
            name_zh=row.text("name_zh"),
            gas=row.text("gas"),
            category=category,
            gwp100=None if category is Category.NONE else row.number("gwp100"),
        )
    return flows
