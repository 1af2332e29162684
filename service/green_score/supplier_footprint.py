"""What a supplier's material counts in scores, swaps and allocations: its own footprint or a cautious stand-in."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

CAUTION: Final = 1.5
"""Silence counts this many times the benchmark, unless the peers' 90th percentile is worse; or silence would beat a bad truth."""


class Origin(StrEnum):
    """Where a footprint comes from."""

    OWN = "own"
    STAND_IN = "stand_in"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaterialFootprint:
    """Footprint of 1 kg of what one supplier delivers, or of 1 kg processed by a toll plant.

    Attributes
    ----------
    kg_co2e_per_kg
        Median.
    gsd
        Geometric standard deviation; None where it can't be computed.
    source
        `submission:<id>` of the answers it was calculated from, or `benchmark:<flow>:<year>:<revision>`.

    """

    kg_co2e_per_kg: float
    gsd: float | None
    origin: Origin
    period_end: date | None
    source: str

    @property
    def is_own(self) -> bool:
        """Whether it rests on the supplier's own answers."""
        return self.origin is Origin.OWN


def stand_in_kg_co2e_per_kg(benchmark_kg_co2e_per_kg: float, peers_p90_kg_co2e_per_kg: float | None) -> float:
    """Return what a supplier without data counts: the worse of its peers' 90th percentile and 1.5 times the benchmark."""
    cautious = CAUTION * benchmark_kg_co2e_per_kg
    return cautious if peers_p90_kg_co2e_per_kg is None else max(peers_p90_kg_co2e_per_kg, cautious)
