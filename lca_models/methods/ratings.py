"""Primary data share and the three data-quality ratings of PACT Methodology v3; 1 is best, 5 is worst or unknown."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

WORST: Final = 5.0

# Days between the end of the reference period and the end of the data, by score (one leap year among them).
_AGE_LIMITS: Final = ((366, 1.0), (731, 2.0), (1096, 3.0), (1461, 4.0))


class Technology(StrEnum):
    """How the data stand for the technology of the process."""

    SAME_PLANT = "same_plant"
    SAME_COMPANY = "same_company"
    AVERAGE = "average"
    PROXY = "proxy"
    UNKNOWN = "unknown"


class Geography(StrEnum):
    """How near to the process the data come from."""

    SAME_SUBDIVISION = "same_subdivision"
    SAME_COUNTRY = "same_country"
    SAME_REGION = "same_region"
    GLOBAL = "global"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """Scores of one contribution, 1 to 5."""

    technology: float
    geography: float
    time: float


UNKNOWN: Final = Rating(technology=WORST, geography=WORST, time=WORST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """One contribution to a footprint.

    Attributes
    ----------
    kg_co2e
        Without biogenic uptake; the sign does not matter.
    primary_share
        0 to 1; an input counts as primary only as far as both its amount and its factor are.

    """

    kg_co2e: float
    primary_share: float
    rating: Rating


def rating(technology: Technology, geography: Geography, *, data_end: date | None, reference_end: date) -> Rating:
    """Return the scores of one factor or direct emission."""
    return Rating(
        technology=_score(Technology, technology),
        geography=_score(Geography, geography),
        time=time_score(data_end, reference_end=reference_end),
    )


def time_score(data_end: date | None, *, reference_end: date) -> float:
    """Return the score of age: days from the end of the data to the end of the reference period; unknown is the worst."""
    if data_end is None:
        return WORST
    age = (reference_end - data_end).days
    return next((score for limit, score in _AGE_LIMITS if age <= limit), WORST)


def mixed_rating(parts: Iterable[tuple[float, Rating]]) -> Rating:
    """Return the mean of ratings, each with its weight; without any weight it is the worst."""
    found = list(parts)
    total = math.fsum(abs(weight) for weight, _ in found)
    if total == 0:
        return UNKNOWN
    mean = {
        name: math.fsum(abs(weight) * getattr(one, name) for weight, one in found) / total
        for name in ("technology", "geography", "time")
    }
    return Rating(**mean)


def primary_data_share(contributions: Sequence[Rated]) -> float:
    """Return sum(|kg CO2e| x primary share) / sum(|kg CO2e|), 0 to 1; zero where nothing contributes (PACT Methodology v3)."""
    total = math.fsum(abs(one.kg_co2e) for one in contributions)
    return math.fsum(abs(one.kg_co2e) * one.primary_share for one in contributions) / total if total else 0.0


def data_quality(contributions: Sequence[Rated]) -> Rating:
    """Return sum(|kg CO2e| x score) / sum(|kg CO2e|) for technology, geography and time (PACT Methodology v3)."""
    return mixed_rating((one.kg_co2e, one.rating) for one in contributions)


def quality_by_group(contributions: Sequence[tuple[str, Rated]]) -> Mapping[str, tuple[float, Rating]]:
    """Return primary data share and ratings by group, in order of first appearance."""
    groups: dict[str, list[Rated]] = {}
    for group, one in contributions:
        groups.setdefault(group, []).append(one)
    return {group: (primary_data_share(found), data_quality(found)) for group, found in groups.items()}


def _score(kind: type[StrEnum], value: StrEnum) -> float:
    return float(list(kind).index(value) + 1)
