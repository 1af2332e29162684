"""Months of one source kind at one site added up, keeping which entries they are and how good the worst of them is."""

import math
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.monitoring.queries import MonthlyAmount

Key = tuple[uuid.UUID, str]
"""Site and carrier."""


@dataclass(frozen=True, slots=True, kw_only=True)
class YearAmount:
    """All months of a carrier at a site; `months` may be fewer than twelve."""

    plant_id: uuid.UUID
    carrier: str
    unit: str
    months: tuple[MonthlyAmount, ...]

    @property
    def amount(self) -> float:
        """Sum of the months."""
        return math.fsum(one.amount for one in self.months)

    @property
    def entry_ids(self) -> tuple[uuid.UUID, ...]:
        """The entries it comes from, in the order of their months."""
        return tuple(one.entry_id for one in self.months)

    @property
    def quality(self) -> str:
        """The worst grade of its entries, A to D."""
        return max(one.grade.value for one in self.months)

    def mean(self, name: str) -> float | None:
        """Return a measured property's mean weighted by amount; None where one of the months lacks it."""
        if any(name not in one.properties for one in self.months):
            return None
        if self.amount == 0.0:
            return math.fsum(one.properties[name] for one in self.months) / len(self.months)
        return math.fsum(one.amount * one.properties[name] for one in self.months) / self.amount


def by_site_and_carrier(amounts: Iterable[MonthlyAmount]) -> Mapping[Key, YearAmount]:
    """Add up what monitoring hands out, in its order."""
    groups: dict[Key, list[MonthlyAmount]] = defaultdict(list)
    for one in amounts:
        groups[one.plant_id, one.carrier].append(one)
    return {
        (plant_id, carrier): YearAmount(plant_id=plant_id, carrier=carrier, unit=months[0].unit, months=tuple(months))
        for (plant_id, carrier), months in groups.items()
    }


def total_of(amounts: Mapping[Key, YearAmount], plant_id: uuid.UUID, carriers: Sequence[str]) -> float:
    """Return the sum of some carriers of a site; carriers without a source add nothing."""
    return math.fsum(one.amount for key, one in amounts.items() if key[0] == plant_id and key[1] in carriers)


def entries_of(amounts: Mapping[Key, YearAmount], plant_id: uuid.UUID, carriers: Sequence[str]) -> tuple[uuid.UUID, ...]:
    """Return the entries of some carriers of a site."""
    return tuple(entry for key, one in amounts.items() if key[0] == plant_id and key[1] in carriers for entry in one.entry_ids)


def worst_of(amounts: Mapping[Key, YearAmount], plant_id: uuid.UUID, carriers: Sequence[str]) -> str:
    """Return the worst grade of some carriers of a site; empty where there are none."""
    return max((one.quality for key, one in amounts.items() if key[0] == plant_id and key[1] in carriers), default="")
