"""How much recycled material may be claimed: mass balance, no lot twice (ISO 22095 models, ISO 14021 kinds of content)."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from service.material_flows.models import Custody

_ROUNDING = 1e-9
"""Relative: sums of tonnes as typed may differ by rounding."""


class Receipt(Protocol):
    """A delivery as rules see it."""

    @property
    def received_on(self) -> date:
        """Day of the delivery."""

    @property
    def amount_t(self) -> float:
        """t, dry."""

    @property
    def pre_consumer_share(self) -> float:
        """Part recycled from production, 0 to 1."""

    @property
    def post_consumer_share(self) -> float:
        """Part recycled from used products, 0 to 1."""


class Claim(Protocol):
    """A claim as rules see it."""

    @property
    def period_start(self) -> date:
        """First day."""

    @property
    def period_end(self) -> date:
        """Last day."""

    @property
    def claimed_t(self) -> float:
        """T in the product."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecycledMass:
    """Recycled material, t after conversion, by where it was recycled from."""

    pre_consumer_t: float
    post_consumer_t: float

    @property
    def total_t(self) -> float:
        """Both kinds together."""
        return self.pre_consumer_t + self.post_consumer_t


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Days within which receipts and claims balance, both included."""

    start: date
    end: date

    def holds(self, day: date) -> bool:
        """Tell whether a day lies in it."""
        return self.start <= day <= self.end


def balance_window(custody: Custody, *, period_start: date, period_end: date) -> Window:
    """Return the days whose receipts a claim may use.

    Under mass balance that is the calendar year, twelve months being the longest usual balancing period; under controlled blending
    the lot is physically in the product, so only what came in by the end of the claim's own period, of that period, counts.
    """
    if custody is Custody.CONTROLLED_BLENDING:
        return Window(start=period_start, end=period_end)
    return Window(start=date(period_start.year, 1, 1), end=date(period_start.year, 12, 31))


def usable_mass(receipts: Iterable[Receipt], window: Window, *, conversion: float) -> RecycledMass:
    """Return what the receipts of a window give for products, t."""
    inside = [one for one in receipts if window.holds(one.received_on)]
    return RecycledMass(
        pre_consumer_t=math.fsum(one.amount_t * one.pre_consumer_share for one in inside) * conversion,
        post_consumer_t=math.fsum(one.amount_t * one.post_consumer_share for one in inside) * conversion,
    )


def claimed_mass(claims: Iterable[Claim], window: Window) -> float:
    """Return what is claimed already of a window, t: of claims that share a day with it."""
    return math.fsum(one.claimed_t for one in claims if one.period_start <= window.end and one.period_end >= window.start)


def exceeds(claimed_t: float, *, available_t: float) -> bool:
    """Tell whether more is claimed than there is, beyond the rounding of sums."""
    return claimed_t > available_t * (1.0 + _ROUNDING)


def overlapping(claims: Sequence[Claim], *, period_start: date, period_end: date) -> Claim | None:
    """Return the first claim that shares a day with a period."""
    return next((one for one in claims if one.period_start <= period_end and one.period_end >= period_start), None)
