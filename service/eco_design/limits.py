"""Whether a variant keeps what customers ask for: quality parameters, and the product's footprint."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from service.eco_design.models import QualityLimit


class Verdict(StrEnum):
    """What is known of a limit."""

    KEPT = "kept"
    BROKEN = "broken"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class CarbonLimit:
    """The most that a customer accepts of the product's footprint, under the electricity view that is compared."""

    customer: str
    highest_kg_co2e_per_kg: float
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A limit held against a variant.

    Attributes
    ----------
    parameter
        Of quality; `footprint` for the product's footprint.
    value
        None where nobody has entered it: then nothing is known, which is not the same as kept.

    """

    customer: str
    parameter: str
    lowest: float | None
    highest: float | None
    value: float | None
    verdict: Verdict


FOOTPRINT = "footprint"


def checked(
    quality_limits: Sequence[QualityLimit], carbon_limits: Sequence[CarbonLimit], *, quality: Mapping[str, float], kg_co2e: float
) -> list[Checked]:
    """Hold every limit against a variant's quality and footprint, in the order given."""
    return [*_quality(quality_limits, quality), *_carbon(carbon_limits, kg_co2e)]


def quality_values(stored: Mapping[str, Any] | None) -> dict[str, float]:
    """Return the numbers of a product's quality parameters."""
    return {key: float(one["value"]) for key, one in (stored or {}).items()}


def _quality(limits: Sequence[QualityLimit], quality: Mapping[str, float]) -> Iterator[Checked]:
    for one in limits:
        value = quality.get(one.parameter)
        verdict = _verdict(value, lowest=one.lowest, highest=one.highest)
        yield Checked(
            customer=one.customer,
            parameter=one.parameter,
            lowest=one.lowest,
            highest=one.highest,
            value=value,
            verdict=verdict,
        )


def _carbon(limits: Sequence[CarbonLimit], kg_co2e: float) -> Iterator[Checked]:
    for one in limits:
        verdict = _verdict(kg_co2e, lowest=None, highest=one.highest_kg_co2e_per_kg)
        yield Checked(
            customer=one.customer,
            parameter=FOOTPRINT,
            lowest=None,
            highest=one.highest_kg_co2e_per_kg,
            value=kg_co2e,
            verdict=verdict,
        )


def _verdict(value: float | None, *, lowest: float | None, highest: float | None) -> Verdict:
    if value is None:
        return Verdict.UNKNOWN
    is_kept = (lowest is None or value >= lowest) and (highest is None or value <= highest)
    return Verdict.KEPT if is_kept else Verdict.BROKEN
