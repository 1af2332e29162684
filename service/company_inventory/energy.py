"""Energy of a year in standard coal: calorific equivalent and equal value, and the same in gigajoules by another way.

Coke, pitch and packing used as material are not energy (GB/T 2589-2020); only what is burnt, and electricity and heat.
Equal value takes grid electricity, bought less supplied, at what power stations needed for it; own wind and sun keep 0.1229.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.company_inventory.amounts import Key, YearAmount
from service.company_inventory.factors import (
    GJ_PER_KWH,
    GJ_PER_TCE,
    Factor,
    FuelFactorSet,
    equal_value,
    find_fuel,
    listed_tce,
    tce_factor,
)
from service.company_inventory.lines import EnergyLine, Gap, GapKind, Scope
from service.company_inventory.scope_2 import HEAT_OUT, PURCHASED, Claim
from service.monitoring.carriers import ELECTRICITY_OUT, CarrierKind, carriers

ENERGY_KINDS: Final = frozenset({CarrierKind.ELECTRICITY, CarrierKind.HEAT, CarrierKind.FUEL})
GIVEN_AWAY: Final = frozenset({ELECTRICITY_OUT, HEAT_OUT})
OWN_RENEWABLE: Final = frozenset({"electricity_pv_own", "electricity_wind_own"})
_DIRECT_LINE: Final = "direct_line"
TOLERANCE: Final = 0.02
"""How far standard coal and calorific values may differ on one carrier before it is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EnergyTotals:
    """Energy of a year.

    Attributes
    ----------
    tce, tce_equal_value
        All energy in both conventions; the second is None without a coefficient.
    tce_fossil
        As `tce` without electricity of known non-fossil origin, claimed or made and used on site.
    gj
        By calorific values.
    gj_of_tce
        29.3076 GJ for each tce.

    """

    tce: float
    tce_equal_value: float | None
    tce_fossil: float
    gj: float

    @property
    def gj_of_tce(self) -> float:
        """All energy in GJ, from standard coal."""
        return self.tce * GJ_PER_TCE


def energy_lines(
    amounts: Mapping[Key, YearAmount], *, factor_set: FuelFactorSet, year: int
) -> tuple[Sequence[EnergyLine], Sequence[Gap]]:
    """Return a line for each carrier of energy of each site."""
    lines: list[EnergyLine] = []
    gaps: list[Gap] = []
    coefficient = equal_value(year)
    for one in amounts.values():
        if carriers()[one.carrier].kind not in ENERGY_KINDS:
            continue
        factor = tce_factor(one.carrier, factor_set)
        if factor is None:
            gaps.append(Gap(kind=GapKind.FACTOR, scope=Scope.SCOPE_1, plant_id=one.plant_id, subject=one.carrier, detail="tce"))
        else:
            lines.append(_line(one, factor, coefficient, factor_set))
    return lines, gaps


def _line(one: YearAmount, factor: Factor, coefficient: Factor | None, factor_set: FuelFactorSet) -> EnergyLine:
    sign = -1.0 if one.carrier in GIVEN_AWAY else 1.0
    tce = sign * math.fsum(month_tce(month.amount, month.properties, factor) for month in one.months)
    return EnergyLine(
        plant_id=one.plant_id,
        carrier=one.carrier,
        amount=one.amount,
        unit=one.unit,
        tce=tce,
        tce_equal_value=_equal(one, tce, sign, coefficient),
        gj=sign * math.fsum(_month_gj(month.amount, month.properties, one, factor_set) for month in one.months),
        tce_source=factor.source,
        confidence=factor.confidence,
        is_fossil=one.carrier not in OWN_RENEWABLE,
        entry_ids=one.entry_ids,
    )


def month_tce(amount: float, properties: Mapping[str, float], factor: Factor) -> float:
    """Return tce of a month: by the measured calorific value where there is one, else as listed."""
    return amount * (properties["ncv"] / GJ_PER_TCE if "ncv" in properties else factor.value)


def _equal(one: YearAmount, tce: float, sign: float, coefficient: Factor | None) -> float | None:
    if one.carrier not in {PURCHASED, ELECTRICITY_OUT}:
        return tce
    return None if coefficient is None else sign * one.amount * coefficient.value


def _month_gj(amount: float, properties: Mapping[str, float], one: YearAmount, factor_set: FuelFactorSet) -> float:
    if one.unit == "kWh":
        return amount * GJ_PER_KWH
    fuel = find_fuel(one.carrier, factor_set)
    if fuel is None:
        return amount  # heat is kept in GJ
    return amount * properties.get("ncv", fuel.ncv_gj_per_unit)


def energy_totals(lines: Iterable[EnergyLine], claims: Sequence[Claim]) -> EnergyTotals:
    """Add up the energy of a year; own wind and solar power, which claims on a direct line may contain, counts once."""
    known = list(lines)
    equal = [one.tce_equal_value for one in known]
    own_kwh = math.fsum(one.amount for one in known if not one.is_fossil)
    by_line_kwh = math.fsum(one.kwh for one in claims if one.instrument == _DIRECT_LINE)
    by_grid_kwh = math.fsum(one.kwh for one in claims if one.instrument != _DIRECT_LINE)
    non_fossil_kwh = max(own_kwh, by_line_kwh) + by_grid_kwh
    return EnergyTotals(
        tce=math.fsum(one.tce for one in known),
        tce_equal_value=None if None in equal else math.fsum(one for one in equal if one is not None),
        tce_fossil=math.fsum(one.tce for one in known) - non_fossil_kwh * listed_tce()[PURCHASED].value,
        gj=math.fsum(one.gj for one in known),
    )


def differing(lines: Iterable[EnergyLine]) -> Sequence[EnergyLine]:
    """Return the lines on which standard coal and calorific value differ by more than the tolerance."""
    return [one for one in lines if abs(one.tce * GJ_PER_TCE - one.gj) > TOLERANCE * abs(one.gj)]
