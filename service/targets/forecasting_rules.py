"""Business as usual, drawn: planned tonnes x latest coefficients x path of the grid factor; pure arrays, no session.

For plant s, ``C_s(y) = Q_s(y) (f_s + e_s g(y))`` with f the fuels and processes and e the electricity per tonne of the last closed
year, and g the grid factor of y as a ratio to that year. Every input has a low, a likely and a high value (triangular); a draw
keeps its place between low and high over all years, because a plan that is missed in one year is missed in the next. Products are
drawn apart.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from service.targets.catalogue import Basis, Indicator

DRAWS: Final = 2000
PERCENTILES: Final = (10, 50, 90)

Draws = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Low, likely and high."""

    low: float
    likely: float
    high: float


CERTAIN: Final = Range(low=1.0, likely=1.0, high=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """What is expected with its spread."""

    p10: float
    p50: float
    p90: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Coefficients:
    """Of one plant, per tonne of its anode material, in the last closed year.

    Attributes
    ----------
    energy_tce
        Standard coal; the grid factor does not change it.

    """

    direct_t_co2: float
    electricity_t_co2: float
    energy_tce: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """What a forecast starts from.

    Attributes
    ----------
    plant_of
        Plant by product.
    toll_t_co2_per_t
        CO2e of graphitising done by others per tonne, by product.
    unplaced_t_co2, unplaced_tce
        Of what belongs to no plant: held as it is.
    constant_price_10k_cny_per_t, price_index
        Of the last closed year; None where output value or index is not entered.

    """

    year: int
    coefficients: Mapping[uuid.UUID, Coefficients]
    plant_of: Mapping[uuid.UUID, uuid.UUID]
    toll_t_co2_per_t: Mapping[uuid.UUID, float]
    unplaced_t_co2: float
    unplaced_tce: float
    constant_price_10k_cny_per_t: float | None
    price_index: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """Every draw of one year."""

    anode_t: Draws
    t_co2: Draws
    toll_t_co2: Draws
    energy_tce: Draws
    constant_price_10k_cny: Draws | None
    current_price_10k_cny: Draws | None

    def amount(self, indicator: Indicator, *, with_toll: bool = False) -> Draws:
        """Return t CO2 or tce."""
        if indicator is Indicator.ENERGY:
            return self.energy_tce
        return self.t_co2 + self.toll_t_co2 if with_toll else self.t_co2

    def volume(self, basis: Basis) -> Draws | None:
        """Return by what amounts are divided on a basis."""
        by_basis = {
            Basis.CURRENT_PRICE: self.current_price_10k_cny,
            Basis.CONSTANT_PRICE: self.constant_price_10k_cny,
            Basis.PER_TONNE: self.anode_t,
            Basis.ABSOLUTE: np.ones_like(self.anode_t),
        }
        return by_basis[basis]

    def figure(self, indicator: Indicator, basis: Basis, *, with_toll: bool = False) -> Draws | None:
        """Return amounts on a basis; None where output value is not known or nothing is made."""
        volume = self.volume(basis)
        if volume is None or not volume.all():
            return None
        return self.amount(indicator, with_toll=with_toll) / volume


def band_of(draws: Draws) -> Band:
    """Return the percentiles of draws."""
    p10, p50, p90 = np.percentile(draws, PERCENTILES)
    return Band(p10=float(p10), p50=float(p50), p90=float(p90))


def draw_year(
    situation: Situation, *, plan: Mapping[uuid.UUID, Range], grid: Range, price: Range, seed: int, draws: int = DRAWS
) -> Drawn:
    """Return all draws of one year; the same seed places every product equally in every year."""
    places = _places(plan, seed=seed, draws=draws)
    tonnes = {product: _triangular(found, places[str(product)]) for product, found in plan.items()}
    factor = _triangular(grid, places["grid"])
    anode_t = _total(tonnes.values(), draws)
    by_plant = {
        plant: (found, _total((t for product, t in tonnes.items() if situation.plant_of[product] == plant), draws))
        for plant, found in situation.coefficients.items()
    }
    value = situation.constant_price_10k_cny_per_t
    constant = None if value is None else anode_t * value
    index = None if situation.price_index is None else situation.price_index * _triangular(price, places["price"])
    return Drawn(
        anode_t=anode_t,
        t_co2=_total((t * (one.direct_t_co2 + one.electricity_t_co2 * factor) for one, t in by_plant.values()), draws)
        + situation.unplaced_t_co2,
        toll_t_co2=_total((t * situation.toll_t_co2_per_t.get(product, 0.0) for product, t in tonnes.items()), draws),
        energy_tce=_total((t * one.energy_tce for one, t in by_plant.values()), draws) + situation.unplaced_tce,
        constant_price_10k_cny=constant,
        current_price_10k_cny=None if constant is None or index is None else constant * index,
    )


def between(stated: Mapping[int, Range], year: int) -> Range | None:
    """Return what is stated for a year, or on the straight line between two stated years; None outside of them."""
    if year in stated:
        return stated[year]
    for earlier, later in pairwise(sorted(stated)):
        if earlier < year < later:
            part, first, last = (year - earlier) / (later - earlier), stated[earlier], stated[later]
            return Range(
                low=first.low + (last.low - first.low) * part,
                likely=first.likely + (last.likely - first.likely) * part,
                high=first.high + (last.high - first.high) * part,
            )
    return None


def held(stated: Mapping[int, Range], year: int, *, since: int) -> Range:
    """Return a path's value: as stated, on the line from the last closed year (1) to what is stated, held after the last."""
    path = {since: CERTAIN, **{y: one for y, one in stated.items() if y > since}}
    return between(path, year) or path[max(path)]


def _places(plan: Mapping[uuid.UUID, Range], *, seed: int, draws: int) -> Mapping[str, Draws]:
    # One stream for each input by its name, so that one more product does not move the draws of the others.
    names: Sequence[str] = (*(str(product) for product in plan), "grid", "price")
    return {name: np.random.default_rng([seed, *name.encode()]).random(draws) for name in names}


def _triangular(found: Range, places: Draws) -> Draws:
    """Return the quantiles of a triangular distribution; a range without width is its value."""
    width = found.high - found.low
    if not width:
        return np.full_like(places, found.likely)
    rise, fall = found.likely - found.low, found.high - found.likely
    left = found.low + np.sqrt(places * width * rise)
    right = found.high - np.sqrt((1 - places) * width * fall)
    return np.where(places * width < rise, left, right)


def _total(parts: Iterable[Draws], draws: int) -> Draws:
    return sum(parts, np.zeros(draws))
