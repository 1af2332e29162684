"""What one supplier's accepted answers say about the model's parameters, each with its arithmetic.

A reader turns answers of a reporting period into a value per kilogram. A supplier that describes its own process only partly
changes the model's default by the difference between its answer and what the default assumes; such a value counts as secondary,
because the rest of it is still the default's.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from lca_models.inventory import Direction
from lca_models.model import Model
from service.footprints.provenance import DataKind
from service.submissions.queries import AcceptedAnswers
from service.submissions.units import convert

# From the best evidence to the least; answers that rest on a meter, a bill or records are primary data, estimates are not.
_EVIDENCE: Final = ("metered", "billed", "calculated", "estimated")
_PRIMARY_EVIDENCE: Final = frozenset(_EVIDENCE[:3])
_KG_PER_T: Final = 1000.0
_PERCENT: Final = 100.0
# Life-cycle factors of the model that process data of suppliers are multiplied with.
_ELECTRICITY: Final = "electricity_cn_grid"
_GAS: Final = "natural_gas"
_HEAT_PER_MJ: Final = "heat_natural_gas"
_STEAM_PER_GJ: Final = "steam_gas"
_MJ_PER_GJ: Final = 1000.0
_HUNDRED_KM: Final = 100.0
# Net heating value behind the model's factor of natural gas: 389.31 GJ/10⁴ Nm³, default of the Chinese reporting guidelines.
_BUILT_IN_MJ_PER_NM3: Final = 38.931
# By energy of the vehicle and unit of its use: the unit used, the unit of the factor, and the factor.
_ENERGY_USED: Final[Mapping[tuple[str, str], tuple[str, str, str]]] = {
    ("diesel", "L/100km"): ("L_diesel", "kg", "diesel_burned"),
    ("diesel", "kg/100km"): ("kg", "kg", "diesel_burned"),
    ("electric", "kWh/100km"): ("kWh", "kWh", _ELECTRICITY),
}
_COAL: Final = "coking_coal"
# What suppliers buy from suppliers of their own.
TAR: Final = "coal_tar"
CALCINED_COKE: Final = "calcined_petroleum_coke"
PITCH: Final = "coal_tar_pitch"
PACKING_COKE: Final = "packing_coke_net"

_FREIGHT: Final[Mapping[tuple[str, str], str]] = {
    ("road", "diesel"): "truck_diesel_heavy",
    ("road", "lng"): "truck_lng_heavy",
    ("road", "electric"): "truck_bev_heavy",
    ("rail", ""): "rail_freight",
    ("inland_ship", ""): "inland_water_bulk",
    ("sea_ship", ""): "sea_container",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierFacts:
    """A supplier's accepted answers.

    Attributes
    ----------
    base
        Values of all parameters as they are without this supplier, in the parameters' units.

    """

    supplier_id: uuid.UUID
    answers: AcceptedAnswers
    base: Mapping[str, float | str]
    model: Model

    def has(self, *fields: str) -> bool:
        """Whether all of the fields are answered."""
        return all(self.answers.values.get(field) is not None for field in fields)

    def number(self, field: str) -> float:
        """Return an answer in the field's canonical unit."""
        return float(self.answers.values[field])

    def text(self, field: str) -> str:
        """Return a choice, empty if there is none."""
        return str(self.answers.values.get(field) or "")

    def evidence(self, *fields: str) -> str:
        """Return the least evidence that any of the fields has; what nobody said is an estimate."""
        overall = self.text("evidence_source")
        found = [str(self.answers.evidence_kinds.get(field) or overall) for field in fields]
        return max((one if one in _EVIDENCE else _EVIDENCE[-1] for one in found), key=_EVIDENCE.index)

    def factor(self, flow: str) -> float:
        """Return a life-cycle factor of the model, kg CO2e per its unit."""
        return self.model.factors.life_cycle[flow].value

    def base_number(self, parameter: str) -> float:
        """Return a parameter's value without this supplier."""
        return float(self.base[parameter])


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierValue:
    """A parameter's value at one supplier, in the parameter's unit.

    Attributes
    ----------
    evidence
        What all of the value rests on; empty if a part of it is still the default's.
    primary_share
        Of a supplier's own footprint: share that rests on its own measured data, 0 to 1; None where it hands none on.

    """

    value: float
    formula: str
    evidence: str = ""
    primary_share: float | None = None

    @property
    def kind(self) -> DataKind:
        """Primary if all of it rests on evidence, else secondary."""
        return "primary" if self.evidence in _PRIMARY_EVIDENCE else "secondary"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How answers make one parameter.

    Attributes
    ----------
    needs
        Fields without which the default stays.

    """

    parameter: str
    needs: tuple[str, ...]
    read: Callable[[SupplierFacts], SupplierValue]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """One amount of a build that a supplier's answer replaces.

    Attributes
    ----------
    amount, built_in
        Per kg of product, in the unit of the factor: as answered, and as the default assumes.
    kg_co2e_per_unit
        Of the amount answered.
    built_in_kg_co2e_per_unit
        Of the amount that the default assumes; None is the same factor.

    """

    formula: str
    amount: float
    built_in: float
    kg_co2e_per_unit: float
    built_in_kg_co2e_per_unit: float | None = None

    @property
    def kg_co2e(self) -> float:
        """What the answer changes, per kg of product."""
        if self.built_in_kg_co2e_per_unit is None:
            return (self.amount - self.built_in) * self.kg_co2e_per_unit
        return self.amount * self.kg_co2e_per_unit - self.built_in * self.built_in_kg_co2e_per_unit

    @property
    def term(self) -> str:
        """The same as arithmetic."""
        replaced, factor = self.built_in_kg_co2e_per_unit, shown(self.kg_co2e_per_unit)
        if replaced is None:
            return f"({self.formula} - {shown(self.built_in)}) × {factor}"
        return f"({self.formula} × {factor} - {shown(self.built_in)} × {shown(replaced)})"


def shown(value: float) -> str:
    """Write a number for a formula: thousands separated, at most ten digits."""
    return f"{value:,.10g}"


def rounded(value: float) -> str:
    """Write a result for a formula: four digits."""
    return f"{value:,.4g}"


def _adjusted(facts: SupplierFacts, parameter: str, changes: list[_Change]) -> SupplierValue:
    base = facts.base_number(parameter)
    value = base + sum(one.kg_co2e for one in changes)
    formula = " + ".join([f"default {rounded(base)}", *(one.term for one in changes)]) + f" = {rounded(value)} kgCO2e/kg"
    return SupplierValue(value=value, formula=formula)


def _built_in(facts: SupplierFacts, build: str, flow: str) -> float:
    """Return what a build takes of a flow per kg of product; what it does not name it does not take."""
    inputs = (Direction.INPUT, Direction.EMISSION_AIR)
    exchanges = facts.model.builds[build].exchanges
    return next((one.amount for one in exchanges if one.flow == flow and one.direction in inputs), 0.0)


def _per_tonne(facts: SupplierFacts, field: str, unit: str, *, factor: str, build: str) -> list[_Change]:
    """Return the change that an answer per tonne makes to a flow of a build; none if it was not answered."""
    if not facts.has(field):
        return []
    amount = facts.number(field) / _KG_PER_T
    return [
        _Change(
            formula=f"{field} {shown(facts.number(field))} {unit} / 1,000",
            amount=amount,
            built_in=_built_in(facts, build, factor),
            kg_co2e_per_unit=facts.factor(factor),
        )
    ]


def _bought_factor(facts: SupplierFacts, flow: str, default: float) -> float:
    """Return kg CO2e/kg of what the supplier buys: its own supplier's where that has answered."""
    bought = facts.answers.upstream.get(flow)
    return default if bought is None else bought.kg_co2e_per_kg


def _bought(facts: SupplierFacts, build: str, flow: str, default: float) -> list[_Change]:
    """Return the change by what the supplier's own supplier answered, in the amount of the build; none if it was not asked."""
    if flow not in facts.answers.upstream:
        return []
    kg, factor = _built_in(facts, build, flow), _bought_factor(facts, flow, default)
    formula = f"{flow} {shown(kg)} kg"
    return [_Change(formula=formula, amount=kg, built_in=kg, kg_co2e_per_unit=factor, built_in_kg_co2e_per_unit=default)]


def _tar(facts: SupplierFacts, build: str) -> list[_Change]:
    """Put the tar that the supplier's own supplier answered for into the place of coal and coke oven.

    The build allocates by mass, so one kilogram of pitch carries one kilogram of tar.
    """
    tar = facts.answers.upstream.get(TAR)
    if tar is None:
        return []
    coal, oven = _built_in(facts, build, _COAL), _built_in(facts, build, "CO2_fossil")
    return [
        _Change(formula=f"{TAR} 1 kg", amount=1.0, built_in=0.0, kg_co2e_per_unit=tar.kg_co2e_per_kg),
        _Change(formula=f"{_COAL} 0 kg", amount=0.0, built_in=coal, kg_co2e_per_unit=facts.factor(_COAL)),
        _Change(formula="CO2_fossil 0 kg", amount=0.0, built_in=oven, kg_co2e_per_unit=1.0),
    ]


def _calcined_coke(facts: SupplierFacts) -> SupplierValue:
    build, green = "U1_calcined_petroleum_coke", "green_petroleum_coke"
    default_green = facts.base_number("green_petroleum_coke_kg_co2e_per_kg")
    yield_share = facts.number("calcination_yield") / _PERCENT
    changes = [
        _Change(
            formula=f"1 / calcination_yield {shown(facts.number('calcination_yield'))} %",
            amount=1 / yield_share,
            built_in=_built_in(facts, build, green),
            kg_co2e_per_unit=_bought_factor(facts, green, default_green),
            built_in_kg_co2e_per_unit=default_green if green in facts.answers.upstream else None,
        ),
        _Change(
            formula=f"calcination_co2 {shown(facts.number('calcination_co2'))} t/t",
            amount=facts.number("calcination_co2"),
            built_in=_built_in(facts, build, "CO2_fossil"),
            kg_co2e_per_unit=1.0,
        ),
        *_per_tonne(facts, "calciner_gas", "Nm3/t", factor=_GAS, build=build),
        *_per_tonne(facts, "calciner_electricity", "kWh/t", factor=_ELECTRICITY, build=build),
    ]
    return _adjusted(facts, "packing_coke_kg_co2e_per_kg", changes)


def _pitch(facts: SupplierFacts) -> SupplierValue:
    """Replace the distillation energy, and the tar if its supplier answered: otherwise co-products carry what more tar brings."""
    build = "U4_coal_tar_pitch"
    gas_heat = _built_in(facts, build, _GAS) * facts.factor(_GAS) / facts.factor(_HEAT_PER_MJ)
    fuel = facts.number("distillation_fuel")
    changes = [
        _Change(
            formula=f"distillation_fuel {shown(fuel)} GJ/t",
            amount=fuel * _MJ_PER_GJ / _KG_PER_T,
            built_in=gas_heat,
            kg_co2e_per_unit=facts.factor(_HEAT_PER_MJ),
        ),
        *_per_tonne(facts, "electricity_per_t", "kWh/t", factor=_ELECTRICITY, build=build),
        *_per_tonne(facts, "steam_per_t", "GJ/t", factor=_STEAM_PER_GJ, build=build),
        *_tar(facts, build),
    ]
    return _adjusted(facts, "coal_tar_pitch_kg_co2e_per_kg", changes)


def _crucible(facts: SupplierFacts) -> SupplierValue:
    """Replace electricity and add bake fuel per kg of block; what machining takes off is carried by what is left."""
    build = "U3_graphite_crucible_block"
    changes = [
        *_per_tonne(facts, "block_electricity", "kWh/t", factor=_ELECTRICITY, build=build),
        *_per_tonne(facts, "block_gas", "Nm3/t", factor=_GAS, build=build),
        *_bought(facts, build, CALCINED_COKE, facts.factor(CALCINED_COKE)),
        *_bought(facts, build, PITCH, facts.base_number("coal_tar_pitch_kg_co2e_per_kg")),
    ]
    block = _adjusted(facts, "graphite_crucible_kg_co2e_per_kg", changes)
    if not facts.has("machining_loss"):
        return block
    loss = facts.number("machining_loss")
    value = block.value / (1 - loss / _PERCENT)
    formula = f"({block.formula}) / (1 - machining_loss {shown(loss)} %) = {rounded(value)} kgCO2e/kg"
    return SupplierValue(value=value, formula=formula)


def _nitrogen(facts: SupplierFacts) -> SupplierValue:
    given, factor = facts.number("nitrogen_electricity"), facts.factor(_ELECTRICITY)
    formula = f"nitrogen_electricity {shown(given)} kWh/Nm3 × {shown(factor)} kgCO2e/kWh = {rounded(given * factor)} kgCO2e/Nm3"
    return SupplierValue(value=given * factor, formula=formula, evidence=facts.evidence("nitrogen_electricity"))


def _bag_factor(facts: SupplierFacts) -> SupplierValue:
    """Take the new resin out for the recycled share (cut-off), keep the weaving."""
    base, resin = facts.base_number("pp_big_bag_kg_co2e_per_kg"), facts.factor("pp_resin")
    share = facts.number("recycled_share")
    value = base - share / _PERCENT * resin
    formula = f"default {rounded(base)} - recycled_share {shown(share)} % × {shown(resin)} = {rounded(value)} kgCO2e/kg"
    return SupplierValue(value=value, formula=formula)


def _bag_amount(facts: SupplierFacts) -> SupplierValue:
    base, trips = facts.base_number("big_bag_kg_per_kg"), facts.number("trips")
    formula = f"default {shown(base)} / trips {shown(trips)} = {rounded(base / trips)} kg/kg"
    return SupplierValue(value=base / trips, formula=formula)


def _natural_gas(facts: SupplierFacts) -> SupplierValue:
    """Scale the default with the heating value: heat and carbon of a cubic metre go together."""
    base, given = facts.base_number("natural_gas_kg_co2e_per_nm3"), facts.number("gas_heating_value")
    value = base * given / _BUILT_IN_MJ_PER_NM3
    formula = f"default {shown(base)} × gas_heating_value {shown(given)} MJ/Nm3 / {shown(_BUILT_IN_MJ_PER_NM3)} = {rounded(value)}"
    return SupplierValue(value=value, formula=f"{formula} kgCO2e/Nm3")


def _freight(facts: SupplierFacts) -> SupplierValue:
    mode = facts.text("transport_mode")
    energy = (facts.text("vehicle_energy") or "diesel") if mode == "road" else ""
    used = _ENERGY_USED.get((energy, facts.answers.units.get("fuel_use", "")))
    if used and facts.has("fuel_use", "vehicle_payload", "load_share", "empty_return_share"):
        unit, to, flow = used
        return _freight_by_fuel(facts, kg_co2e_per_unit=convert(1.0, unit, to=to) * facts.factor(flow))
    flow = _FREIGHT[mode, energy]
    formula = f"transport_mode {mode} {energy}".rstrip() + f" = {flow} {shown(facts.factor(flow))} kgCO2e/tkm"
    return SupplierValue(value=facts.factor(flow), formula=formula)


def _freight_by_fuel(facts: SupplierFacts, *, kg_co2e_per_unit: float) -> SupplierValue:
    """Divide the fuel of 100 km by the load; an empty way back is driven on as much fuel, which is on the safe side."""
    fuel, payload = facts.number("fuel_use"), facts.number("vehicle_payload")
    load, empty = facts.number("load_share") / _PERCENT, facts.number("empty_return_share") / _PERCENT
    value = fuel / _HUNDRED_KM * kg_co2e_per_unit * (1 + empty) / (payload * load)
    formula = (
        f"fuel_use {shown(fuel)} {facts.answers.units['fuel_use']} / 100 km × {shown(kg_co2e_per_unit)} kgCO2e × "
        f"(1 + empty_return_share {shown(100 * empty)} %) / "
        f"(vehicle_payload {shown(payload)} t × load_share {shown(100 * load)} %) = {rounded(value)} kgCO2e/tkm"
    )
    fields = ("fuel_use", "vehicle_payload", "load_share", "empty_return_share")
    return SupplierValue(value=value, formula=formula, evidence=facts.evidence(*fields))


TOLL_FLOW: Final = "graphitised_powder"
FREIGHT_FLOW: Final = "truck_diesel_heavy"
COKE_FLOWS: Final = ("green_petroleum_coke", "needle_coke_green_oil")

# What a feed of the registry names as its rule: a change of a default, or a choice of a factor.
RULES: Final[Mapping[str, Callable[[SupplierFacts], SupplierValue]]] = {
    "calcined_coke": _calcined_coke,
    "pitch": _pitch,
    "crucible": _crucible,
    "nitrogen": _nitrogen,
    "natural_gas": _natural_gas,
    "bag_factor": _bag_factor,
    "bag_amount": _bag_amount,
    "freight": _freight,
}
