"""The four life-cycle stages of battery rules, made of figures that are published anyway (docs/decisions/0025).

Seen from the component, as the Catena-X model for suppliers asks: what is bought in is raw material acquisition and pre-processing;
what the maker and its toll plants use and emit is main production; distribution and end of life lie outside the boundary.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from service.footprints.protection import Group

PRODUCTION_BLOCKS: Final = frozenset({"electricity", "direct"})
RAW_MATERIAL_BLOCKS: Final = frozenset({"coke", "auxiliaries", "logistics"})
"""With inbound transport and packaging, which are bought too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeCycleSplit:
    """Raw material and main production, kg CO2e per kg; distribution and end of life are outside the boundary."""

    raw_material: Decimal
    main_production: Decimal

    @property
    def total(self) -> Decimal:
        """The footprint, at the digit at which its parts are published."""
        return self.raw_material + self.main_production


def life_cycle_split(blocks: Iterable[Group]) -> LifeCycleSplit | None:
    """Return the stages as sums of published blocks; None where a published block lies in two of them.

    A sum of published figures tells nothing that they don't; any other split would be a new figure, from which an unpublished
    block, and behind it a supplier's input, could be worked out.
    """
    raw_material, main_production = Decimal(), Decimal()
    for group in blocks:
        if PRODUCTION_BLOCKS.issuperset(group.keys):
            main_production += group.kg_co2e
        elif RAW_MATERIAL_BLOCKS.issuperset(group.keys):
            raw_material += group.kg_co2e
        else:
            return None
    found = LifeCycleSplit(raw_material=raw_material, main_production=main_production)
    return found if found.total else None
