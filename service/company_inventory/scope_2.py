"""Scope 2: purchased electricity and heat, by the grid of the province and by what is claimed of known origin. Direct CO2 only."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from lca_models.model import Model
from service.company_inventory.amounts import Key, YearAmount, entries_of, total_of, worst_of
from service.company_inventory.factors import KG_PER_T, Factor, grid_factor, heat_factor, residual_factor
from service.company_inventory.lines import Category, Gap, GapKind, Line, Scope, View
from service.monitoring.carriers import ELECTRICITY_IN, ELECTRICITY_OUT

Found = tuple[Sequence[Line], Sequence[Gap]]

PURCHASED: Final = "electricity_purchased"
HEAT_IN: Final = "heat_purchased"
HEAT_OUT: Final = "heat_exported"
UNCLAIMED: Final = "electricity_unclaimed"
"""Subject of the market view's line for electricity that nobody has a claim to."""
_ROUNDING_KWH: Final = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """Electricity of known origin that a site may count as such.

    Attributes
    ----------
    ids
        Of the certificates and contracts that prove it.

    """

    plant_id: uuid.UUID
    technology: str
    instrument: str
    kwh: float
    ids: tuple[uuid.UUID, ...]


def purchased_energy(
    amounts: Mapping[Key, YearAmount],
    claims: Sequence[Claim],
    *,
    provinces: Mapping[uuid.UUID, str],
    model: Model,
    year: int,
    factors_of: int | None = None,
) -> Found:
    """Return the lines of both views, of heat, and of what is given to others.

    Parameters
    ----------
    provinces
        Province code by site.
    factors_of
        Year whose factors are taken; None: those of `year`.

    """
    lines: list[Line] = []
    gaps: list[Gap] = []
    at = year if factors_of is None else factors_of
    for plant_id, province in provinces.items():
        site = _Site(plant_id=plant_id, amounts=amounts, claims=[one for one in claims if one.plant_id == plant_id])
        for more_lines, more_gaps in (
            site.location(grid_factor(model, province, at), province),
            site.market(residual_factor(model, at)),
            site.heat(),
            site.supplied(grid_factor(model, province, at)),
        ):
            lines.extend(more_lines)
            gaps.extend(more_gaps)
    return lines, gaps


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    plant_id: uuid.UUID
    amounts: Mapping[Key, YearAmount]
    claims: Sequence[Claim]

    def _total(self, *carriers: str) -> float:
        return total_of(self.amounts, self.plant_id, carriers)

    def location(self, factor: Factor | None, province: str) -> Found:
        if (self.plant_id, PURCHASED) not in self.amounts:
            return [], []
        if factor is None:
            return [], [self._gap(GapKind.FACTOR, PURCHASED, province)]
        return [self._electricity(View.LOCATION, PURCHASED, self._total(PURCHASED), factor)], []

    def market(self, residual: Factor | None) -> Found:
        """What is claimed counts nothing, all else the residual: also own power whose certificates were sold."""
        consumed = self._total(*ELECTRICITY_IN) - self._total(ELECTRICITY_OUT)
        claimed = sum(one.kwh for one in self.claims)
        gaps: list[Gap] = []
        if claimed > consumed + _ROUNDING_KWH:
            gaps.append(self._gap(GapKind.CLAIMS_EXCEED, PURCHASED, f"{claimed:.0f} kWh > {consumed:.0f} kWh"))
        if residual is None:
            return [], [*gaps, self._gap(GapKind.FACTOR, UNCLAIMED, "")]
        lines = [self._claimed(one) for one in self.claims]
        if rest := max(consumed - claimed, 0.0):
            lines.append(self._electricity(View.MARKET, UNCLAIMED, rest, residual))
        return lines, gaps

    def heat(self) -> Found:
        return self._plain(Scope.SCOPE_2, Category.HEAT, HEAT_IN, heat_factor(), per=1.0), []

    def supplied(self, factor: Factor | None) -> Found:
        """Energy given to others, as a negative amount of CO2."""
        lines = list(self._plain(Scope.SUPPLIED, Category.HEAT, HEAT_OUT, heat_factor(), per=-1.0))
        if factor is not None:
            lines.extend(self._plain(Scope.SUPPLIED, Category.ELECTRICITY, ELECTRICITY_OUT, factor, per=-1.0 / KG_PER_T))
        return lines, []

    def _plain(self, scope: Scope, category: Category, carrier: str, factor: Factor, *, per: float) -> Sequence[Line]:
        found = self.amounts.get((self.plant_id, carrier))
        if found is None:
            return []
        return [
            Line(
                scope=scope,
                category=category,
                plant_id=self.plant_id,
                subject=carrier,
                amount=found.amount,
                unit=found.unit,
                factor=factor.value,
                factor_unit=factor.unit,
                factor_source=factor.source,
                factor_year=factor.year,
                confidence=factor.confidence,
                quality=found.quality,
                entry_ids=found.entry_ids,
                t_co2=found.amount * factor.value * per,
            )
        ]

    def _electricity(self, view: View, subject: str, kwh: float, factor: Factor) -> Line:
        carriers = (PURCHASED,) if view is View.LOCATION else (*ELECTRICITY_IN, ELECTRICITY_OUT)
        return Line(
            scope=Scope.SCOPE_2,
            category=Category.ELECTRICITY,
            view=view,
            plant_id=self.plant_id,
            subject=subject,
            amount=kwh,
            unit="kWh",
            factor=factor.value,
            factor_unit=factor.unit,
            factor_source=factor.source,
            factor_year=factor.year,
            confidence=factor.confidence,
            quality=worst_of(self.amounts, self.plant_id, carriers),
            entry_ids=entries_of(self.amounts, self.plant_id, carriers),
            t_co2=kwh * factor.value / KG_PER_T,
        )

    def _claimed(self, claim: Claim) -> Line:
        return Line(
            scope=Scope.SCOPE_2,
            category=Category.ELECTRICITY,
            view=View.MARKET,
            plant_id=self.plant_id,
            subject=f"{claim.instrument}:{claim.technology}",
            amount=claim.kwh,
            unit="kWh",
            factor=0.0,
            factor_unit="kg CO2/kWh",
            factor_source="GB/T 32151.34-2024, Annex D",
            confidence="secondary",
            entry_ids=claim.ids,
            t_co2=0.0,
        )

    def _gap(self, kind: GapKind, subject: str, detail: str) -> Gap:
        return Gap(kind=kind, scope=Scope.SCOPE_2, plant_id=self.plant_id, subject=subject, detail=detail)
