"""Scope 1: fuels burnt, and carbon of the process by the balances of GB/T 32151.34-2024. CO2 only."""

import math
import uuid
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from service.company_inventory import process_equations as equations
from service.company_inventory.amounts import Key, YearAmount
from service.company_inventory.factors import CARBON_TO_CO2, Fuel, FuelFactorSet, find_fuel
from service.company_inventory.lines import Category, Gap, GapKind, Line, Scope, Term
from service.monitoring.carriers import PROPERTIES, CarrierKind, carriers

Found = tuple[Sequence[Line], Sequence[Gap]]
Terms = Mapping[str, Term]
"""By symbol of the standard's equation."""

_STANDARD: Final = "GB/T 32151.34-2024, 5.2"
_AGENT: Final = "desulphurisation_agent"


def combustion(amounts: Mapping[Key, YearAmount], factor_set: FuelFactorSet) -> Found:
    """Return a line for each fuel of each site; calorific value and carbon as measured where they are, else of the set."""
    lines: list[Line] = []
    gaps: list[Gap] = []
    for one in amounts.values():
        if carriers()[one.carrier].kind is not CarrierKind.FUEL:
            continue
        fuel = find_fuel(one.carrier, factor_set)
        if fuel is None:
            gaps.append(
                Gap(kind=GapKind.FACTOR, scope=Scope.SCOPE_1, plant_id=one.plant_id, subject=one.carrier, detail=factor_set.value)
            )
        else:
            lines.append(_burnt(one, fuel))
    return lines, gaps


def _burnt(one: YearAmount, fuel: Fuel) -> Line:
    t_co2 = math.fsum(_month_t_co2(month.amount, month.properties, fuel) for month in one.months)
    is_measured = any({"ncv", "carbon_content"} & month.properties.keys() for month in one.months)
    return Line(
        scope=Scope.SCOPE_1,
        category=Category.COMBUSTION,
        plant_id=one.plant_id,
        subject=one.carrier,
        amount=one.amount,
        unit=one.unit,
        factor=t_co2 / one.amount if one.amount else fuel.t_co2_per_unit,
        factor_unit=f"t CO2/{one.unit}",
        factor_source=fuel.source,
        confidence="measured" if is_measured else fuel.confidence,
        quality=one.quality,
        entry_ids=one.entry_ids,
        t_co2=t_co2,
    )


def _month_t_co2(amount: float, properties: Mapping[str, float], fuel: Fuel) -> float:
    ncv = properties.get("ncv", fuel.ncv_gj_per_unit)
    carbon = properties.get("carbon_content", fuel.carbon_t_per_gj)
    return amount * ncv * carbon * fuel.oxidation * CARBON_TO_CO2


# ---- The process ----


def process(amounts: Mapping[Key, YearAmount]) -> Found:
    """Return a line for each step of each site that has any of its materials, and what its balance lacks."""
    lines: list[Line] = []
    gaps: list[Gap] = []
    for plant_id in dict.fromkeys(plant_id for plant_id, _ in amounts):
        for stage, balance in _BALANCES.items():
            found = [one for one in amounts.values() if one.plant_id == plant_id and carriers()[one.carrier].stage == stage]
            if found:
                more_lines, more_gaps = _step(stage, balance, found)
                lines.extend(more_lines)
                gaps.extend(more_gaps)
    lines.extend(_desulphurising(one) for one in amounts.values() if one.carrier == _AGENT)
    return lines, gaps


def _desulphurising(one: YearAmount) -> Line:
    t_co2 = math.fsum(
        equations.desulphurising_t_co2(
            agent_t=month.amount,
            carbonate_content=month.properties.get("carbonate_content", equations.CARBONATE_CONTENT),
            conversion=month.properties.get("conversion", equations.CONVERSION),
        )
        for month in one.months
    )
    return Line(
        scope=Scope.SCOPE_1,
        category=Category.PROCESS,
        plant_id=one.plant_id,
        subject=one.carrier,
        amount=one.amount,
        unit=one.unit,
        factor=t_co2 / one.amount if one.amount else None,
        factor_unit="t CO2/t",
        factor_source=f"{_STANDARD}; Table C.2",
        confidence="secondary",
        quality=one.quality,
        entry_ids=one.entry_ids,
        t_co2=t_co2,
    )


def _step(stage: str, balance: Callable[[Terms], float], found: Sequence[YearAmount]) -> Found:
    terms = {_symbol(one): _term(one) for one in found}
    gaps = [*_absent(stage, terms, found[0].plant_id), *_unmeasured(stage, found)]
    if gaps:
        return [], gaps
    t_co2 = balance(terms)
    if t_co2 < 0.0:
        detail = f"{t_co2:.6g} t CO2"
        gaps = [Gap(kind=GapKind.BALANCE_NEGATIVE, scope=Scope.SCOPE_1, plant_id=found[0].plant_id, subject=stage, detail=detail)]
    return [_balanced(stage, terms, found, t_co2)], gaps


def _balanced(stage: str, terms: Terms, found: Sequence[YearAmount], t_co2: float) -> Line:
    leading = next(iter(_NEEDED[stage]))
    return Line(
        scope=Scope.SCOPE_1,
        category=Category.PROCESS,
        plant_id=found[0].plant_id,
        subject=stage,
        amount=terms[leading].amount_t,
        unit="t",
        factor=None,
        factor_unit="",
        factor_source=_STANDARD,
        confidence="measured",
        quality=max(one.quality for one in found),
        entry_ids=tuple(entry for one in found for entry in one.entry_ids),
        terms=tuple(terms.values()),
        t_co2=t_co2,
    )


_NEEDED: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "calcining": {"G": ("fixed_carbon", "volatile_matter"), "P": ("fixed_carbon", "volatile_matter")},
    "baking": {"F": ("fixed_carbon", "volatile_matter"), "B": ("fixed_carbon", "volatile_matter"), "Q": ("fixed_carbon",)},
    "graphitising": {"M": ("fixed_carbon", "volatile_matter"), "T": ("fixed_carbon",), "Q": ("fixed_carbon",)},
    "fumes": {"tar": ("fixed_carbon",)},
}
"""By step: the materials without which there is no balance, and what must be measured of each. What leaves as dust lowers
the result and may be left out."""


def _symbol(one: YearAmount) -> str:
    return carriers()[one.carrier].term or ""


def _term(one: YearAmount) -> Term:
    return Term(
        symbol=_symbol(one),
        carrier=one.carrier,
        amount_t=one.amount,
        fixed_carbon=one.mean("fixed_carbon"),
        volatile_matter=one.mean("volatile_matter"),
    )


def _absent(stage: str, terms: Terms, plant_id: uuid.UUID) -> Sequence[Gap]:
    names = {one.term: one for one in carriers().values() if one.stage == stage}
    return [
        Gap(
            kind=GapKind.BALANCE_TERM,
            scope=Scope.SCOPE_1,
            plant_id=plant_id,
            subject=stage,
            detail=f"{names[symbol].name_zh} {names[symbol].name_en}",
        )
        for symbol in _NEEDED[stage]
        if symbol not in terms
    ]


def _unmeasured(stage: str, found: Sequence[YearAmount]) -> Sequence[Gap]:
    return [
        Gap(
            kind=GapKind.MEASUREMENT,
            scope=Scope.SCOPE_1,
            plant_id=month.plant_id,
            subject=month.carrier,
            source_id=month.source_id,
            month=month.month,
            detail=f"{PROPERTIES[name].key}, {month.month:%Y-%m}",
        )
        for one in found
        for name in _NEEDED[stage].get(_symbol(one), ())
        for month in one.months
        if name not in month.properties
    ]


def _amount(terms: Terms, symbol: str) -> float:
    return terms[symbol].amount_t if symbol in terms else 0.0


def _carbon(terms: Terms, symbol: str) -> float:
    return terms[symbol].fixed_carbon or 0.0


def _volatiles(terms: Terms, symbol: str) -> float:
    return terms[symbol].volatile_matter or 0.0


def _calcining(terms: Terms) -> float:
    return equations.calcining_t_co2(
        feed_t=_amount(terms, "G"),
        feed_carbon=_carbon(terms, "G"),
        feed_volatiles=_volatiles(terms, "G"),
        product_t=_amount(terms, "P"),
        product_carbon=_carbon(terms, "P"),
        product_volatiles=_volatiles(terms, "P"),
        underburnt_t=_amount(terms, "U"),
        dust_t=_amount(terms, "D"),
    )


def _baking(terms: Terms) -> float:
    return equations.baking_t_co2(
        packing_t=_amount(terms, "F"),
        packing_carbon=_carbon(terms, "F"),
        packing_volatiles=_volatiles(terms, "F"),
        green_t=_amount(terms, "B"),
        green_carbon=_carbon(terms, "B"),
        green_volatiles=_volatiles(terms, "B"),
        carbon_out_t=_amount(terms, "W"),
        product_t=_amount(terms, "Q"),
        product_carbon=_carbon(terms, "Q"),
    )


def _graphitising(terms: Terms) -> float:
    return equations.graphitising_t_co2(
        packing_t=_amount(terms, "M"),
        packing_carbon=_carbon(terms, "M"),
        packing_volatiles=_volatiles(terms, "M"),
        charge_t=_amount(terms, "T"),
        charge_carbon=_carbon(terms, "T"),
        carbon_out_t=_amount(terms, "W"),
        product_t=_amount(terms, "Q"),
        product_carbon=_carbon(terms, "Q"),
    )


def _fumes(terms: Terms) -> float:
    return equations.fumes_t_co2(tar_t=_amount(terms, "tar"), tar_carbon=_carbon(terms, "tar"))


_BALANCES: Final[Mapping[str, Callable[[Terms], float]]] = {
    "calcining": _calcining,
    "baking": _baking,
    "graphitising": _graphitising,
    "fumes": _fumes,
}
