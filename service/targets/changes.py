"""Why emissions or their intensity changed from one year to another: the groups of a decomposition out of inventory and output.

``C/V = Σ_ij (Q/V)(Q_i/Q)(E_i/Q_i)(E_ij/E_i)(C_ij/E_ij)`` with V output value, Q tonnes, i plants, j carriers, E energy in tce, C
tonnes of CO2; Q replaces Q/V for absolute emissions. A process without energy (carbon that reacts) has its material per tonne for
E/Q and a mix of 1. A ratio without a value, because the plant or carrier was not there, is taken as in the other year: what appears
or vanishes is then due to structure or mix alone, and the sum stays exact.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from math import fsum
from typing import Final

from lca_models.errors import N_
from service.strategy.lmdi import Decomposition, DecompositionError, decompose
from service.targets.catalogue import Basis, Indicator
from service.targets.figures import Line, LineKey, YearFigures

EFFECTS: Final = ("activity", "structure", "intensity", "mix", "factor")
"""Price and activity (Q/V, or Q), structure of plants, energy per tonne, mix of carriers, factors."""

Ratios = Mapping[str, float | None]


class Question(StrEnum):
    """What is asked about: emissions on one of the bases."""

    CURRENT_PRICE = "current_price"
    CONSTANT_PRICE = "constant_price"
    PER_TONNE = "per_tonne"
    ABSOLUTE = "absolute"

    @property
    def basis(self) -> Basis:
        """By what emissions are divided."""
        return Basis(self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """The effects of one plant and carrier."""

    key: LineKey
    effects: Mapping[str, float]

    @property
    def total(self) -> float:
        """All effects."""
        return fsum(self.effects.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A change with its effects: from end to end, and year by year added up.

    Attributes
    ----------
    before, after
        In t CO2 on the basis asked for.
    end_point, chained
        Effect by its name; both sum to the change and split it differently, because the chained one sees the path.
    steps
        Year by year.

    """

    question: Question
    first: int
    last: int
    before: float
    after: float
    end_point: Mapping[str, float]
    chained: Mapping[str, float]
    steps: tuple[Decomposition, ...]
    cells: tuple[Cell, ...]


def explain(years: Sequence[YearFigures], question: Question) -> Explanation:
    """Explain the change of CO2 from the first to the last of consecutive years.

    Raises
    ------
    DecompositionError
        If there are fewer than two years, output is missing in one of them, or a plant emits without making anything.

    """
    if len(years) < 2:  # noqa: PLR2004 - a change lies between two years
        raise DecompositionError(N_("A change needs two periods; here is %(count)s. Add another period."), count=len(years))
    keys = _keys(years)
    whole = _between(years[0], years[-1], question, keys)
    steps = tuple(_between(first, last, question, keys) for first, last in pairwise(years))
    before, after = (year.figure(Indicator.CO2, question.basis) or 0.0 for year in (years[0], years[-1]))
    return Explanation(
        question=question,
        first=years[0].year,
        last=years[-1].year,
        before=before,
        after=after,
        end_point=whole.additive,
        chained={name: fsum(step.additive[name] for step in steps) for name in EFFECTS},
        steps=steps,
        cells=tuple(Cell(key=keys[group], effects=effects) for group, effects in whole.cells.items()),
    )


def _keys(years: Iterable[YearFigures]) -> Mapping[str, LineKey]:
    """Return all plants and carriers of any of the years; what is handed on to others emits nothing here."""
    found = dict.fromkeys(one.key for year in years for one in year.own_lines() if one.amount >= 0)
    return {"|".join(str(part) for part in key): key for key in found}


def _between(first: YearFigures, last: YearFigures, question: Question, keys: Mapping[str, LineKey]) -> Decomposition:
    tables = [_Table(year, question, energy=_energy_keys((first, last)), sites=_sites((first, last))) for year in (first, last)]
    pairs = {group: _filled(tables[0].ratios(key), tables[1].ratios(key)) for group, key in keys.items()}
    return decompose(
        {group: before for group, (before, _) in pairs.items()},
        {group: after for group, (_, after) in pairs.items()},
        names=(str(first.year), str(last.year)),
    )


def _filled(before: Ratios, after: Ratios) -> tuple[Mapping[str, float], Mapping[str, float]]:
    """Return both years, each ratio without a value as in the other year, 0 where neither has one."""

    def known(one: float | None, other: float | None) -> float:
        return one if one is not None else other if other is not None else 0.0

    return (
        {name: known(before[name], after[name]) for name in EFFECTS},
        {name: known(after[name], before[name]) for name in EFFECTS},
    )


def _energy_keys(years: Iterable[YearFigures]) -> frozenset[LineKey]:
    return frozenset(one.key for year in years for one in year.own_lines() if one.tce is not None)


def _sites(years: Iterable[YearFigures]) -> frozenset[uuid.UUID]:
    """Return the plants that make something in one of the years; others belong to the company as a whole."""
    return frozenset(plant for year in years if year.output for plant, tonnes in year.output.by_plant_t.items() if tonnes)


class _Table:
    """The ratios of one year."""

    def __init__(self, year: YearFigures, question: Question, *, energy: frozenset[LineKey], sites: frozenset[uuid.UUID]) -> None:
        self._year, self._energy, self._sites = year, energy, sites
        self._tonnes = _known(None if year.output is None else year.output.total_t, year)
        self._activity = self._tonnes / _known(year.volume(question.basis), year)
        self._lines = {one.key: one for one in year.own_lines() if one.amount >= 0}

    def ratios(self, key: LineKey) -> Ratios:
        """Return activity, structure, intensity, mix and factor of a plant and carrier."""
        line, made = self._lines.get(key), self._made(key[0])
        if not made and line is not None and line.t_co2:
            raise DecompositionError(
                N_("A plant emits in %(year)s and makes nothing by the output entered. Enter its tonnes of that year."),
                year=self._year.year,
            )
        used, all_used = self._used(key, line)
        return {
            "activity": self._activity,
            "structure": made / self._tonnes,
            "intensity": all_used / made if made else None,
            "mix": used / all_used if all_used else None,
            "factor": line.t_co2 / used if line is not None and used else None,
        }

    def _made(self, plant: uuid.UUID | None) -> float:
        if plant is None or plant not in self._sites or self._year.output is None:
            return self._tonnes
        return self._year.output.by_plant_t.get(plant, 0.0)

    def _used(self, key: LineKey, line: Line | None) -> tuple[float, float]:
        """Return what is used of a carrier, and of all that it stands in a mix with: its plant's energy, or itself alone."""
        if key in self._energy:
            used = fsum(one.tce or 0.0 for other, one in self._lines.items() if other[0] == key[0] and other in self._energy)
            return (0.0 if line is None else line.tce or 0.0), used
        amount = 0.0 if line is None else line.amount or line.t_co2
        return amount, amount


def _known(value: float | None, year: YearFigures) -> float:
    if not value:
        raise DecompositionError(
            N_("The output of %(year)s is not entered, or lacks its price index or tonnes. Enter it under output."), year=year.year
        )
    return value
