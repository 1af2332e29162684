"""Inventory and output of one year, side by side: what every figure of a target is divided out of."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import fsum

from service.targets.catalogue import Basis, Indicator
from service.targets.output import Output


class LineKind(StrEnum):
    """What a line of the inventory is, as forecasts and decompositions treat it."""

    FUEL = "fuel"
    ELECTRICITY = "electricity"
    HEAT = "heat"
    PROCESS = "process"
    TOLL = "toll"


LineKey = tuple[uuid.UUID | None, str, LineKind]
"""Plant, carrier and kind: what a line is told from others by, the same in every year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An amount with what it emits, by the reading of scope and standard coal that is asked for.

    Attributes
    ----------
    plant_id
        None of what belongs to no plant.
    amount
        In `unit`; negative where something is handed on (electricity sold).
    tce
        None of what is no energy: process materials, toll services.

    """

    plant_id: uuid.UUID | None
    carrier: str
    kind: LineKind
    amount: float
    unit: str
    t_co2: float
    tce: float | None

    @property
    def key(self) -> LineKey:
        """What the line is told from others by."""
        return self.plant_id, self.carrier, self.kind

    @property
    def t_co2_per_unit(self) -> float | None:
        """Factor; None where nothing was used."""
        return self.t_co2 / self.amount if self.amount else None


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryReference:
    """Which inventory figures rest on, so that they can be found again.

    Attributes
    ----------
    sha256
        Of the snapshot; None of a year that is still open.

    """

    year: int
    status: str
    snapshot_id: str | None
    sha256: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class YearFigures:
    """One year.

    Attributes
    ----------
    is_complete
        Whether nothing is missing in the inventory; else its figures are too low and no target is judged by them.
    toll_known
        Whether toll graphitisation is known; without a toll plant it is known to be 0.
    by_location_t_co2, at_base_factors_t_co2
        Own CO2 by location, with the grid factors of the year and with those of 2021.

    """

    year: int
    lines: tuple[Line, ...]
    output: Output | None
    inventory: InventoryReference
    is_complete: bool
    is_closed: bool
    toll_known: bool
    by_location_t_co2: float
    at_base_factors_t_co2: float
    is_sample: bool

    def own_lines(self) -> Sequence[Line]:
        """Return the lines within the company's own boundary."""
        return [one for one in self.lines if one.kind is not LineKind.TOLL]

    def amount(self, indicator: Indicator, *, with_toll: bool = False) -> float | None:
        """Return t CO2 or tce; toll graphitisation is added to CO2 where asked for, as t CO2e of toll plants, None if unknown."""
        if indicator is Indicator.ENERGY:
            return fsum(one.tce for one in self.lines if one.tce is not None)
        if with_toll and not self.toll_known:
            return None
        return fsum(one.t_co2 for one in (self.lines if with_toll else self.own_lines()))

    def volume(self, basis: Basis) -> float | None:
        """Return by what amounts are divided on a basis; 1 for the absolute amount, None where it is not entered."""
        if basis is Basis.ABSOLUTE:
            return 1.0
        return None if self.output is None else volume_of(self.output, basis)

    def figure(self, indicator: Indicator, basis: Basis, *, with_toll: bool = False) -> float | None:
        """Return the amount on a basis; None where output is missing."""
        volume, amount = self.volume(basis), self.amount(indicator, with_toll=with_toll)
        return None if not volume or amount is None else amount / volume


def volume_of(output: Output, basis: Basis) -> float | None:
    """Return output on a basis: 10 000 yuan or tonnes."""
    by_basis: Mapping[Basis, float | None] = {
        Basis.CURRENT_PRICE: output.current_price_10k_cny,
        Basis.CONSTANT_PRICE: output.constant_price_10k_cny,
        Basis.PER_TONNE: output.total_t,
        Basis.ABSOLUTE: 1.0,
    }
    return by_basis[basis]
