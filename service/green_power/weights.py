"""Duties to consume renewable electricity (消纳责任权重) by province and year: policy duties, never emission factors.

Graphite anode is no sector on which the announcements of 2025 lay a duty of its own; the province's weight is a yardstick.
"""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Weight:
    """A province's weight of a year.

    Attributes
    ----------
    total, nonhydro
        Share of all electricity used, 0 to 1.
    document
        Number of the announcement.
    note
        What is not certain about it; empty for one that an administrator has entered.

    """

    province_code: str
    year: int
    total: float
    nonhydro: float
    document: str
    note: str


_PERCENT: Final = 100.0


@lru_cache(maxsize=1)
def shipped_weights() -> Mapping[tuple[str, int], Weight]:
    """Return the weights that come with the platform, by province and year."""
    text = (files("service.green_power") / "data" / "consumption_weights.csv").read_text(encoding="utf-8")
    weights = (_weight(row) for row in csv.DictReader(text.splitlines()))
    return MappingProxyType({(one.province_code, one.year): one for one in weights})


def _weight(row: Mapping[str, str]) -> Weight:
    return Weight(
        province_code=row["province_code"],
        year=int(row["year"]),
        total=float(row["total_percent"]) / _PERCENT,
        nonhydro=float(row["nonhydro_percent"]) / _PERCENT,
        document=row["document"],
        note=row["note"],
    )
