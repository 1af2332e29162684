"""What a supplier can do about its own footprint: changes of single figures of its step, each calculated by the engine.

No source gives costs, so what needs no investment comes first, and of equal ones what saves most.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Final

from lca_models.builds import build_of
from lca_models.gate_to_gate import ELECTRICITY, BuildStep, ChainStep, Step
from lca_models.model import Model
from lca_models.parameters import FURNACE
from service.errors import N_
from service.feedback.own_footprint import OwnFootprint, location_view, market_total
from service.footprints.parameters import resolved

SHOWN: Final = 3
_LEAST_SHARE: Final = 0.002
"""Of the footprint: what saves less is not worth a line (own choice)."""
_NEAR: Final = 1.02
"""A figure up to 2 % above the usual one counts as usual (own choice)."""
SHARE: Final = "1"
_GRAPHITIZATION: Final = "P3_graphitisation:"


class Effort(IntEnum):
    """What a change takes, the least first."""

    OPERATION = 1
    """Working differently with what is there."""
    CONTRACT = 2
    """Buying something else."""
    EQUIPMENT = 3
    """A new furnace or machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """Words for one kind of change; message ids."""

    title: str
    how: str
    effort: Effort


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """A change and what it saves.

    Attributes
    ----------
    saved_kg_co2e
        Per unit of the supplier's product, under the location view; of green power under the view that counts contracts.
    present, target
        Of the figure that changes, in `unit`; None where a choice changes.

    """

    advice: Advice
    saved_kg_co2e: float
    present: float | None = None
    target: float | None = None
    unit: str = ""
    furnace: str = ""
    by_market: bool = False


_ELECTRICITY: Final = Advice(
    title=N_("Use less electricity per tonne"),
    how=N_(
        "Compare the meter of each heat with its load: full loads, tight contacts, whole insulation and no idling of fans and "
        "pumps bring the worst heats to the level of the best."
    ),
    effort=Effort.OPERATION,
)
_COKE: Final = Advice(
    title=N_("Burn less packing coke"),
    how=N_("Cover the charge well, keep air out while the furnace cools, sieve the coke and use it again."),
    effort=Effort.OPERATION,
)
_GAS: Final = Advice(
    title=N_("Use less gas or fuel"),
    how=N_("Check burner settings and excess air, mend doors and seals, preheat with exhaust gas."),
    effort=Effort.OPERATION,
)
_NITROGEN: Final = Advice(
    title=N_("Use less nitrogen"),
    how=N_("Meter it by furnace, mend seals, and lower the flow when the oxygen content allows it."),
    effort=Effort.OPERATION,
)
_STEAM: Final = Advice(
    title=N_("Use less steam"),
    how=N_("Mend steam traps and insulation, return the condensate."),
    effort=Effort.OPERATION,
)
_FEED: Final = Advice(
    title=N_("Raise the yield"),
    how=N_("Less burning off and fewer rejects: what is not lost need not be made."),
    effort=Effort.OPERATION,
)
_DIRECT: Final = Advice(
    title=N_("Burn off less in the kiln"),
    how=N_("Keep air out of the kiln and burn the volatiles instead of the coke."),
    effort=Effort.OPERATION,
)
GREEN_POWER: Final = Advice(
    title=N_("Buy green power with certificates"),
    how=N_(
        "Sign for the electricity that has none yet, and keep certificates and settlement sheets. "
        "It counts only where your customer counts contracts."
    ),
    effort=Effort.CONTRACT,
)
OTHER_FURNACE: Final = Advice(
    title=N_("Next time you rebuild: another type of furnace"),
    how=N_("Usual figures of the other type are taken instead of yours; check that the powder keeps its quality."),
    effort=Effort.EQUIPMENT,
)
BY_PARAMETER: Final[Mapping[str, Advice]] = {
    "graphitization_electricity_kwh_per_kg": _ELECTRICITY,
    "carbonization_electricity_kwh_per_kg": _ELECTRICITY,
    "packing_coke_net_kg_per_kg": _COKE,
    "carbonization_natural_gas_nm3_per_kg": _GAS,
    "carbonization_nitrogen_nm3_per_kg": _NITROGEN,
}
BY_FLOW: Final[Mapping[str, Advice]] = {
    ELECTRICITY: _ELECTRICITY,
    "natural_gas": _GAS,
    "heat_natural_gas": _GAS,
    "steam_gas": _STEAM,
    "green_petroleum_coke": _FEED,
    "needle_coke_green_oil": _FEED,
    "CO2_fossil": _DIRECT,
}


def improvements(own: OwnFootprint, model: Model) -> Sequence[Improvement]:
    """Return the changes that need least and save most, at most three."""
    least = _LEAST_SHARE * own.found.total_kg_co2e
    found = [one for one in _all(own, model) if one.saved_kg_co2e > least]
    return sorted(found, key=lambda one: (one.advice.effort, -one.saved_kg_co2e))[:SHOWN]


def target_of(present: float, *, usual: float, low: float | None) -> float | None:
    """Return where a figure could go: down to the usual one, or from there half the way to the low end of the usual range.

    None where it is as low as the range goes.
    """
    if present > usual * _NEAR:
        return usual
    if low is None or present <= low:
        return None
    return (present + low) / 2


def _all(own: OwnFootprint, model: Model) -> Iterator[Improvement]:
    step = own.own.step
    if isinstance(step, ChainStep):
        yield from _of_parameters(own, model, step)
        yield from _other_furnaces(own, model, step)
    elif isinstance(step, BuildStep):
        yield from _of_amounts(own, model, step)
    yield from _green_power(own, model)


def _of_parameters(own: OwnFootprint, model: Model, step: ChainStep) -> Iterator[Improvement]:
    shape = {name: value for name, value in step.given.items() if name == FURNACE}
    usual = resolved(model, shape)
    for name, advice in BY_PARAMETER.items():
        present = step.given.get(name)
        default = model.definitions[name].default_for(str(usual[FURNACE]))
        if not isinstance(present, float) or default is None:
            continue
        target = target_of(present, usual=float(usual[name]), low=default.low)
        if target is not None:
            changed = replace(step, given={**step.given, name: target})
            yield _improvement(own, model, changed, advice, present=present, target=target, unit=model.definitions[name].unit)


def _of_amounts(own: OwnFootprint, model: Model, step: BuildStep) -> Iterator[Improvement]:
    stated = {one.flow: one for one in build_of(model, step.build).exchanges}
    for flow, advice in BY_FLOW.items():
        present, exchange = step.amounts.get(flow), stated.get(flow)
        if not present or exchange is None:
            continue
        target = target_of(present, usual=exchange.amount, low=exchange.evidence.low)
        if target is not None:
            changed = replace(step, amounts={**step.amounts, flow: target})
            unit = f"{exchange.unit}/{build_of(model, step.build).reference.unit}"
            yield _improvement(own, model, changed, advice, present=present, target=target, unit=unit)


def _other_furnaces(own: OwnFootprint, model: Model, step: ChainStep) -> Iterator[Improvement]:
    """Yield the best other type of furnace, with the usual figures of that type."""
    if not step.process.startswith(_GRAPHITIZATION):
        return
    present = str(step.given[FURNACE])
    others = [one for one in model.definitions[FURNACE].choices if one != present]
    changed = [ChainStep(process=_GRAPHITIZATION + one, given={FURNACE: one}, evidence={}) for one in others]
    found = [_improvement(own, model, one, OTHER_FURNACE, furnace=str(one.given[FURNACE])) for one in changed]
    yield max(found, key=lambda one: one.saved_kg_co2e)


def _green_power(own: OwnFootprint, model: Model) -> Iterator[Improvement]:
    if own.own.green_share < 1.0:
        saved = market_total(own.own, model) - market_total(own.own.with_green_share(1.0), model)
        yield Improvement(
            advice=GREEN_POWER, saved_kg_co2e=saved, present=own.own.green_share, target=1.0, unit=SHARE, by_market=True
        )


def _improvement(
    own: OwnFootprint,
    model: Model,
    changed: Step,
    advice: Advice,
    *,
    present: float | None = None,
    target: float | None = None,
    unit: str = "",
    furnace: str = "",
) -> Improvement:
    after = changed.total_kg_co2e(model, location_view(own.answers, model))
    saved = own.found.total_kg_co2e - after
    return Improvement(advice=advice, saved_kg_co2e=saved, present=present, target=target, unit=unit, furnace=furnace)
