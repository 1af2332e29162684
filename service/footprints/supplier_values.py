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

    """

    value: float
    formula: str
    evidence: str = ""

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

    """

    formula: str
    amount: float
    built_in: float
    kg_co2e_per_unit: float


def shown(value: float) -> str:
    """Write a number for a formula: thousands separated, at most ten digits."""
    return f"{value:,.10g}"


def _rounded(value: float) -> str:
    return f"{value:,.4g}"


def _ratio(parameter: str, unit: str, fields: tuple[str, ...], *, field_unit: str, scale: float) -> Reader:
    """Read the sum of period totals over the period's output of the toll plant; `scale` converts t/t or kWh/t to the unit."""

    def read(facts: SupplierFacts) -> SupplierValue:
        output = facts.number("product_out")
        value = sum(facts.number(field) for field in fields) / output / scale
        amounts = " + ".join(f"{field} {shown(facts.number(field))} {field_unit}" for field in fields)
        above = f"({amounts})" if len(fields) > 1 else amounts
        formula = f"{above} / product_out {shown(output)} t = {_rounded(value)} {unit}"
        return SupplierValue(value=value, formula=formula, evidence=facts.evidence("product_out", *fields))

    return Reader(parameter=parameter, needs=("product_out", *fields), read=read)


def _scaled(parameter: str, unit: str, field: str, *, field_unit: str, scale: float) -> Reader:
    """Read an answer that is already per tonne, or needs no conversion (`scale` 1)."""

    def read(facts: SupplierFacts) -> SupplierValue:
        given = facts.number(field)
        converted = "" if field_unit == unit else f" = {_rounded(given / scale)} {unit}"
        formula = f"{field} {shown(given)} {field_unit}{converted}"
        return SupplierValue(value=given / scale, formula=formula, evidence=facts.evidence(field))

    return Reader(parameter=parameter, needs=(field,), read=read)


def own_footprint(parameter: str) -> Reader:
    """Read a supplier's own product footprint, which replaces the whole factor."""
    return _scaled(parameter, "kgCO2e/kg", "own_pcf", field_unit="kgCO2e/t", scale=_KG_PER_T)


def _adjusted(facts: SupplierFacts, parameter: str, changes: list[_Change]) -> SupplierValue:
    base = facts.base_number(parameter)
    value = base + sum((one.amount - one.built_in) * one.kg_co2e_per_unit for one in changes)
    terms = [f"({one.formula} - {shown(one.built_in)}) × {shown(one.kg_co2e_per_unit)}" for one in changes]
    formula = " + ".join([f"default {_rounded(base)}", *terms]) + f" = {_rounded(value)} kgCO2e/kg"
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


def _calcined_coke(facts: SupplierFacts) -> SupplierValue:
    build, green = "U1_calcined_petroleum_coke", "green_petroleum_coke"
    yield_share = facts.number("calcination_yield") / _PERCENT
    changes = [
        _Change(
            formula=f"1 / calcination_yield {shown(facts.number('calcination_yield'))} %",
            amount=1 / yield_share,
            built_in=_built_in(facts, build, green),
            kg_co2e_per_unit=facts.base_number("green_petroleum_coke_kg_co2e_per_kg"),
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
    """Replace the distillation energy; the tar stays the default's, because co-products carry what more tar brings."""
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
    ]
    return _adjusted(facts, "coal_tar_pitch_kg_co2e_per_kg", changes)


def _crucible(facts: SupplierFacts) -> SupplierValue:
    """Replace electricity and add bake fuel per kg of block; what machining takes off is carried by what is left."""
    build = "U3_graphite_crucible_block"
    changes = [
        *_per_tonne(facts, "block_electricity", "kWh/t", factor=_ELECTRICITY, build=build),
        *_per_tonne(facts, "block_gas", "Nm3/t", factor=_GAS, build=build),
    ]
    block = _adjusted(facts, "graphite_crucible_kg_co2e_per_kg", changes)
    if not facts.has("machining_loss"):
        return block
    loss = facts.number("machining_loss")
    value = block.value / (1 - loss / _PERCENT)
    formula = f"({block.formula}) / (1 - machining_loss {shown(loss)} %) = {_rounded(value)} kgCO2e/kg"
    return SupplierValue(value=value, formula=formula)


def _nitrogen(facts: SupplierFacts) -> SupplierValue:
    given, factor = facts.number("nitrogen_electricity"), facts.factor(_ELECTRICITY)
    formula = f"nitrogen_electricity {shown(given)} kWh/Nm3 × {shown(factor)} kgCO2e/kWh = {_rounded(given * factor)} kgCO2e/Nm3"
    return SupplierValue(value=given * factor, formula=formula, evidence=facts.evidence("nitrogen_electricity"))


def _bag_factor(facts: SupplierFacts) -> SupplierValue:
    """Take the new resin out for the recycled share (cut-off), keep the weaving."""
    base, resin = facts.base_number("pp_big_bag_kg_co2e_per_kg"), facts.factor("pp_resin")
    share = facts.number("recycled_share")
    value = base - share / _PERCENT * resin
    formula = f"default {_rounded(base)} - recycled_share {shown(share)} % × {shown(resin)} = {_rounded(value)} kgCO2e/kg"
    return SupplierValue(value=value, formula=formula)


def _bag_amount(facts: SupplierFacts) -> SupplierValue:
    base, trips = facts.base_number("big_bag_kg_per_kg"), facts.number("trips")
    formula = f"default {shown(base)} / trips {shown(trips)} = {_rounded(base / trips)} kg/kg"
    return SupplierValue(value=base / trips, formula=formula)


def _freight(facts: SupplierFacts) -> SupplierValue:
    mode = facts.text("transport_mode")
    energy = (facts.text("vehicle_energy") or "diesel") if mode == "road" else ""
    flow = _FREIGHT[mode, energy]
    formula = f"transport_mode {mode} {energy}".rstrip() + f" = {flow} {shown(facts.factor(flow))} kgCO2e/tkm"
    return SupplierValue(value=facts.factor(flow), formula=formula)


TOLL_FLOW: Final = "graphitised_powder"
FREIGHT_FLOW: Final = "truck_diesel_heavy"
COKE_FLOWS: Final = ("green_petroleum_coke", "needle_coke_green_oil")
COKE_DISTANCE: Final = _scaled("coke_transport_distance_km", "km", "transport_distance", field_unit="km", scale=1.0)

# By flow that suppliers deliver (or, for toll work, hand back); a supplier's own footprint comes before its process data.
READERS: Final[Mapping[str, tuple[Reader, ...]]] = {
    TOLL_FLOW: (
        _ratio("graphitization_feed_kg_per_kg", "kg/kg", ("charge_in",), field_unit="t", scale=1.0),
        _ratio(
            "graphitization_electricity_kwh_per_kg",
            "kWh/kg",
            ("furnace_electricity", "auxiliary_electricity"),
            field_unit="kWh",
            scale=_KG_PER_T,
        ),
        _ratio("packing_coke_net_kg_per_kg", "kg/kg", ("packing_coke_net",), field_unit="t", scale=1.0),
        _ratio("packing_coke_sold_kg_per_kg", "kg/kg", ("packing_coke_sold",), field_unit="t", scale=1.0),
    ),
    "coated_powder": (
        _scaled("carbonization_electricity_kwh_per_kg", "kWh/kg", "carbonization_electricity", field_unit="kWh/t", scale=_KG_PER_T),
        _scaled("carbonization_natural_gas_nm3_per_kg", "Nm3/kg", "carbonization_gas", field_unit="Nm3/t", scale=_KG_PER_T),
        _scaled("carbonization_nitrogen_nm3_per_kg", "Nm3/kg", "carbonization_nitrogen", field_unit="Nm3/t", scale=_KG_PER_T),
    ),
    "packing_coke_net": (
        Reader(parameter="packing_coke_kg_co2e_per_kg", needs=("calcination_yield", "calcination_co2"), read=_calcined_coke),
    ),
    "coal_tar_pitch": (Reader(parameter="coal_tar_pitch_kg_co2e_per_kg", needs=("distillation_fuel",), read=_pitch),),
    "graphite_crucible": (
        Reader(parameter="graphite_crucible_kg_co2e_per_kg", needs=("block_electricity", "block_gas"), read=_crucible),
    ),
    "nitrogen": (Reader(parameter="nitrogen_kg_co2e_per_nm3", needs=("nitrogen_electricity",), read=_nitrogen),),
    "pp_big_bag": (
        Reader(parameter="pp_big_bag_kg_co2e_per_kg", needs=("recycled_share",), read=_bag_factor),
        Reader(parameter="big_bag_kg_per_kg", needs=("trips",), read=_bag_amount),
    ),
    FREIGHT_FLOW: (
        Reader(parameter="truck_kg_co2e_per_tkm", needs=("transport_mode",), read=_freight),
        _scaled("coke_transport_distance_km", "km", "route_distance", field_unit="km", scale=1.0),
    ),
}
