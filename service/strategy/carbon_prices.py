"""The internal carbon price: a ladder over the years that decides nothing but how options are compared.

It is a price the company sets for itself. Prices of allowances, of certified reductions and of border adjustments are cash and
stand apart; they are never added to it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.strategy.finance import npv

SENSITIVITY_CNY_PER_T: Final = (0.0, 100.0, 200.0, 500.0, 1000.0)
"""Prices at which a decision is tried: whether it depends on the price is worth more than the price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceLadder:
    """Yuan per tonne by the year from which it holds, until the next step."""

    steps: Mapping[int, float]

    def price_in(self, year: int) -> float | None:
        """Return the price of a year; None before the first step, because nobody has set one."""
        held = [start for start in self.steps if start <= year]
        return self.steps[max(held)] if held else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Project:
    """An investment with its flows.

    Attributes
    ----------
    flows_cny
        Of year 0, 1, 2...: investment negative, savings positive.
    t_co2
        Avoided in the same years.

    """

    key: str
    flows_cny: Sequence[float]
    t_co2: Sequence[float]


def npv_at_price(project: Project, *, rate: float, cny_per_t: float) -> float:
    """Return the net present value if every tonne avoided were worth a price."""
    return npv([flow + cny_per_t * t for flow, t in zip(project.flows_cny, project.t_co2, strict=True)], rate=rate)


def ranking_at_price(projects: Sequence[Project], *, rate: float, cny_per_t: float) -> tuple[str, ...]:
    """Return the keys of projects, the greatest net present value first; equal ones in the order of their keys."""
    return tuple(one.key for one in sorted(projects, key=lambda one: (-npv_at_price(one, rate=rate, cny_per_t=cny_per_t), one.key)))
