"""Rows of the methodology's tables on choices and checks, calculated anew from the model each time.

Every function returns the header and the rows of one table of `docs/methodology.md`.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Final

from lca_models.calculation import Footprint, calculate_footprint
from lca_models.electricity import ElectricityTable
from lca_models.emissions import GwpSet
from lca_models.errors import ModelError
from lca_models.guard import memory_shares
from lca_models.linking import Nature
from lca_models.mass import balance_masses
from lca_models.methods.biogenic import carbon_content, two_results
from lca_models.methods.exemption import LIMIT, exempted_share
from lca_models.model import Model, stage_of
from lca_models.parameters import FURNACE
from lca_models.route import factor_flows

Table = tuple[Sequence[str], Iterable[Sequence[object]]]

_SHOWN_PARAMETERS: Final = 15
_PROVINCE: Final = "province:"
_OF_EMISSIONS: Final = "GWP100 of emissions"
_CONFIDENCES: Final = ("high", "medium", "low", "memory", "definition", _OF_EMISSIONS)


def scope_rows(model: Model) -> Table:
    """Return the unit processes of the default route with their products."""
    footprint = calculate_footprint(model, check=False)
    names = {stage.code: stage.name_en for stage in model.stages}
    rows = [
        (
            stage_of(name),
            names[stage_of(name)],
            f"`{name}`",
            model.processes[name].reference.flow,
            f"{footprint.scaling[name]:.4f} {model.processes[name].reference.unit}",
        )
        for name in sorted(footprint.scaling)
    ]
    return ("stage", "name", "unit process", "product", "per kg of anode material"), rows


def exemption_rows(model: Model) -> Table:
    """Return what is left out, with estimates as shares of the default result, and their sum against the limit."""
    total = calculate_footprint(model, check=False).total_kg_co2e
    ledger = tuple(model.exemptions.values())
    rows = [(one.name_en, f"{one.share(total):.2%}", one.reason_en, one.evidence_en, one.confidence) for one in ledger]
    share = exempted_share(ledger, total_kg_co2e=total)
    return ("flow left out", "share", "reason", "estimate", "confidence"), [
        *rows,
        ("**sum**", f"**{share:.2%}**", f"limit {LIMIT:.0%}", "", ""),
    ]


def choice_rows(model: Model) -> Table:
    """Return the default result under every choice of method that is a parameter, and under every GWP set."""
    default = calculate_footprint(model, check=False).total_kg_co2e
    found = [
        (f"`{one.name}`", choice, calculate_footprint(model, {one.name: choice}, check=False).total_kg_co2e)
        for one in model.parameters
        for choice in one.choices
        if one.name != FURNACE
    ]
    found += [("GWP100", one.value, calculate_footprint(model, gwp=one, check=False).total_kg_co2e) for one in GwpSet]
    rows = [(name, f"`{choice}`", f"{total:.3f}", f"{round(total - default, 3) + 0.0:+.3f}") for name, choice, total in found]
    return ("choice", "value", "kg CO2e/kg", "difference"), rows


def line_rows(model: Model) -> Table:
    """Return the default result by the lines that ISO 14067 wants apart."""
    footprint = calculate_footprint(model, check=False)
    split = footprint.split_kg_co2e
    both = two_results(footprint, carbon_content(model, footprint))
    lines = [(name.replace("_", " "), getattr(split, name)) for name in type(split).__slots__]
    lines += [("result without biogenic uptake", both.excluding_uptake), ("result with biogenic uptake", both.including_uptake)]
    return ("line", "kg CO2e/kg"), [(name, f"{value:.4f}") for name, value in lines]


def carbon_rows(model: Model) -> Table:
    """Return the carbon of the default chain, in and out."""
    balance = calculate_footprint(model, check=False).carbon_balance
    inputs = [("in", flow, f"{carbon:.4f}") for flow, carbon in balance.inputs_kg_c.items()]
    outputs = [("out", flow, f"{carbon:.4f}") for flow, carbon in balance.outputs_kg_c.items()]
    sums = [
        ("**in**", "**sum**", f"**{sum(balance.inputs_kg_c.values()):.4f}**"),
        ("**out**", "**sum**", f"**{sum(balance.outputs_kg_c.values()):.4f}**"),
    ]
    return ("side", "flow", "kg C per kg"), [*inputs, *outputs, *sums]


def mass_rows(model: Model) -> Table:
    """Return the mass balance of each process of the default chain."""
    balances = balance_masses(calculate_footprint(model, check=False).batch, model.composition)
    rows = [
        (f"`{one.process}`", f"{one.inputs_kg:.4f}", f"{one.outputs_kg:.4f}", f"{one.gases_kg:.4f}", f"{one.closure:.2%}")
        for one in balances
    ]
    return ("process", "in, kg", "product, by-products, wastes, kg", "gases, kg", "out / in"), rows


def confidence_rows(model: Model) -> Table:
    """Return how much of the default result rests on factors of each confidence, with and without the amounts."""
    footprint = calculate_footprint(model, check=False)
    by_factor, by_amount = _by_confidence(model, footprint)
    rows = [
        (confidence, f"{by_factor.get(confidence, 0.0):.1%}", f"{by_amount.get(confidence, 0.0):.1%}")
        for confidence in dict.fromkeys(chain(by_factor, by_amount))
    ]
    memory = sum(memory_shares(model, footprint).values())
    return ("confidence", "share of the result by factor", "by amount"), [
        *rows,
        ("factors counted by the guard as from memory", f"{memory:.1%}", "limit 5 %"),
    ]


def _by_confidence(model: Model, footprint: Footprint) -> tuple[dict[str, float], dict[str, float]]:
    """Return the shares of the gross result by confidence of the factor and of the amount."""
    flows = factor_flows(model)
    gross = sum(abs(one.kg_co2e) for one in footprint.contributions)
    by_factor: dict[str, float] = {}
    by_amount: dict[str, float] = {}
    for one in footprint.contributions:
        exchange, share = one.burden.exchange, abs(one.kg_co2e) / gross
        factor = model.factors.life_cycle.get(flows.get(exchange.supply, exchange.flow))
        is_supply = one.burden.nature is Nature.SUPPLY and factor is not None
        sure = factor.evidence.confidence if is_supply and factor is not None else _OF_EMISSIONS
        by_factor[sure] = by_factor.get(sure, 0.0) + share
        by_amount[exchange.evidence.confidence] = by_amount.get(exchange.evidence.confidence, 0.0) + share
    return _ordered(by_factor), _ordered(by_amount)


def _ordered(shares: Mapping[str, float]) -> dict[str, float]:
    return {key: shares[key] for key in _CONFIDENCES if key in shares}


def sensitivity_rows(model: Model) -> Table:
    """Return the parameters that move the default result most over their usual range, one at a time."""
    default = calculate_footprint(model, check=False)
    spans = [
        (span, one.name, one.low, one.high, below, above)
        for one in model.parameters
        if one.low is not None and one.high is not None and not one.choices
        for below, above in [(_total(model, one.name, one.low), _total(model, one.name, one.high))]
        if below is not None and above is not None and (span := abs(above - below)) > 0
    ]
    rows = [
        (f"`{name}`", f"{low:.4g} to {high:.4g}", f"{below:.3f}", f"{above:.3f}", f"{span / default.total_kg_co2e:.1%}")
        for span, name, low, high, below, above in sorted(spans, reverse=True)[:_SHOWN_PARAMETERS]
    ]
    return ("parameter", "usual range", "at the lower end, kg CO2e/kg", "at the upper end", "span"), rows


def _total(model: Model, name: str, value: float) -> float | None:
    """Return the result with one parameter set; None where the others contradict it."""
    try:
        return calculate_footprint(model, {name: value}, check=False).total_kg_co2e
    except ModelError:
        return None


def furnace_rows(model: Model) -> Table:
    """Return the default result with every furnace, by stage, as engine and Brightway agree on it."""
    found = {furnace: calculate_footprint(model, {FURNACE: furnace}) for furnace in model.parameter(FURNACE).choices}
    rows = [
        (f"`{furnace}`", *(f"{value:.3f}" for value in one.by_stage_kg_co2e.values()), f"**{one.total_kg_co2e:.3f}**")
        for furnace, one in found.items()
    ]
    return ("furnace", *(stage.code for stage in model.stages), "total, kg CO2e/kg"), rows


def view_rows(model: Model) -> Table:
    """Return the default result under every electricity view but those of provinces, of which the lowest and highest."""
    rows = [
        (f"`{key}`", model.electricity.views[key].name_en, model.electricity.views[key].status, f"{total:.3f}")
        for key in _shown_views(model.electricity)
        for total in [calculate_footprint(model, electricity=key, check=False).total_kg_co2e]
    ]
    return ("view", "name", "status", "kg CO2e/kg"), rows


def _shown_views(table: ElectricityTable) -> list[str]:
    provinces = sorted((key for key in table.views if key.startswith(_PROVINCE)), key=lambda key: table.views[key].kg_co2e_per_kwh)
    return [*(key for key in table.views if not key.startswith(_PROVINCE)), *dict.fromkeys((*provinces[:1], *provinces[-1:]))]
