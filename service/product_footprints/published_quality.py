"""How good the data of a declared footprint are, rounded so that no supplier's input comes out of it (docs/decisions/0010)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from lca_models.methods.ratings import WORST
from service.footprints.models import FootprintRecord
from service.footprints.protection import SHARE_STEPS, Part, is_protected, publishable
from service.product_footprints.lines import rounded

BEST: Final = 1.0
"""Rating of data of the very plant, place and year."""
RATING_STEPS: Final = tuple(map(Decimal, ("0.1", "0.2", "0.5", "1.0")))
PACKED_IN: Final = ("P5", "logistics")
"""Stage and block of what goes with the product as its packaging; transport is in another stage."""
PACKAGING_STEPS: Final = tuple(map(Decimal, ("0.001", "0.002", "0.005", "0.01", "0.02", "0.05")))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedQuality:
    """Primary data share and ratings as they may leave the house.

    Attributes
    ----------
    primary_share
        0 to 1, a multiple of `share_step`.
    technology, geography, time
        1 (best) to 5, multiples of `rating_step`.

    """

    primary_share: Decimal
    share_step: Decimal
    technology: Decimal
    geography: Decimal
    time: Decimal
    rating_step: Decimal


def published_quality(record: FootprintRecord, parts: Sequence[Part]) -> PublishedQuality:
    """Round a record's share of primary data and its ratings; there is always a step that protects.

    The share times the total is a sum over primary inputs, so the rule of 0010 holds with only the rounding as doubt: a reader
    could know all others. One input moves a rating by at most its share of the total times the four points from best to worst.
    """
    quality: Mapping[str, Any] = record.result["data_quality"]
    total = sum(abs(part.kg_co2e) for part in parts)
    share_step = _finest(parts, SHARE_STEPS, weight=total)
    rating_step = _finest(parts, RATING_STEPS, weight=total / (WORST - BEST))
    return PublishedQuality(
        primary_share=rounded(quality["primary_data_share"], share_step),
        share_step=share_step,
        technology=_rating(quality["technology"], rating_step),
        geography=_rating(quality["geography"], rating_step),
        time=_rating(quality["time"], rating_step),
        rating_step=rating_step,
    )


def published_packaging(parts: Sequence[Part]) -> Decimal | None:
    """Return the emissions of packaging, kg CO2e/kg; None where no rounding protects a supplier of it."""
    found = publishable([part for part in parts if (part.stage, part.block) == PACKED_IN], steps=PACKAGING_STEPS)
    return None if found is None else found[0]


def _finest(parts: Sequence[Part], steps: Sequence[Decimal], *, weight: float) -> Decimal:
    protecting = (step for step in steps if is_protected(parts, step=float(step) * weight, others_known=True))
    return next(protecting, steps[-1])


def _rating(value: float, step: Decimal) -> Decimal:
    return min(max(rounded(value, step), Decimal(repr(BEST))), Decimal(repr(WORST))).quantize(step)
