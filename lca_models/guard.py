"""The guard: everything that speaks against releasing a footprint or a model version, found in one go."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from lca_models.calculation import Footprint, calculate_footprint
from lca_models.electricity import SCOPES
from lca_models.errors import N_, ModelError, Notice
from lca_models.linking import Nature
from lca_models.mass import balance_masses
from lca_models.methods.exemption import Exemption, find_excess
from lca_models.model import Model
from lca_models.parameters import FURNACE
from lca_models.route import factor_flows

MEMORY_LIMIT: Final = 0.05
"""Largest share of a result that may rest on emission factors of confidence `memory`."""

BALANCE_LIMIT: Final = 0.05
"""How far carbon or mass out may differ from what goes in."""

_MEMORY: Final = "memory"


def find_obstacles(
    model: Model, footprint: Footprint | None = None, *, exemptions: Sequence[Exemption] | None = None
) -> tuple[Notice, ...]:
    """Return all obstacles; nothing stands in the way of a release if there are none.

    Parameters
    ----------
    footprint
        Of this model; None examines the model's default route with each furnace.
    exemptions
        The ledger that counts; None is the model's own.

    """
    ledger = tuple(model.exemptions.values()) if exemptions is None else tuple(exemptions)
    if footprint is not None:
        return tuple(_of_footprint(model, footprint, ledger))
    found = [one for furnace in model.parameter(FURNACE).choices for one in _of_furnace(model, furnace, ledger)]
    return tuple({str(one): one for one in found}.values())


def memory_shares(model: Model, footprint: Footprint) -> Mapping[str, float]:
    """Return, by parameter, the share of the gross result that rests on factors of confidence `memory`, the largest first.

    A factor that somebody set has evidence of its own and does not count.
    """
    doubtful = _memory_factors(model, footprint)
    gross = sum(abs(one.kg_co2e) for one in footprint.contributions)
    shares: dict[str, float] = {}
    for one in footprint.contributions:
        key = one.burden.exchange.supply or one.burden.exchange.flow
        if one.burden.nature is Nature.SUPPLY and key in doubtful and one.kg_co2e:
            shares[key] = shares.get(key, 0.0) + abs(one.kg_co2e) / gross
    return dict(sorted(shares.items(), key=lambda item: -item[1]))


def _memory_factors(model: Model, footprint: Footprint) -> frozenset[str]:
    flows = factor_flows(model)
    factors = model.factors.life_cycle
    names = {name for name, flow in flows.items() if flow in factors and factors[flow].evidence.confidence == _MEMORY}
    names |= {flow for flow, factor in factors.items() if factor.evidence.confidence == _MEMORY}
    if footprint.electricity_view.factor.evidence.confidence == _MEMORY:
        names |= set(SCOPES)
    return frozenset(names - footprint.given)


def _of_furnace(model: Model, furnace: str, ledger: tuple[Exemption, ...]) -> Iterator[Notice]:
    """Examine a default route; what the calculation refuses is an obstacle, such as an emission that nothing characterises."""
    try:
        footprint = calculate_footprint(model, {FURNACE: furnace}, check=True)
    except ModelError as error:
        yield Notice(template=error.template, values=dict(error.values))
        return
    yield from _of_footprint(model, footprint, ledger)


def _of_footprint(model: Model, footprint: Footprint, ledger: tuple[Exemption, ...]) -> Iterator[Notice]:
    yield from _memory(model, footprint)
    yield from _carbon(footprint)
    yield from _masses(model, footprint)
    yield from _uncharacterised(footprint)
    yield from _unchecked(footprint)
    excess = find_excess(ledger, total_kg_co2e=footprint.total_kg_co2e)
    if excess is not None:
        yield excess


def _memory(model: Model, footprint: Footprint) -> Iterable[Notice]:
    shares = memory_shares(model, footprint)
    total = sum(shares.values())
    if total > MEMORY_LIMIT:
        yield Notice(
            template=N_(
                "Emission factors from memory make %(share)s %% of the result, more than %(limit)s %%: %(factors)s. "
                "Replace them by a supplier's data or a published source."
            ),
            values={
                "share": _percent(total),
                "limit": _percent(MEMORY_LIMIT),
                "factors": ", ".join(f"{name} {_percent(share)} %" for name, share in shares.items()),
            },
        )


def _carbon(footprint: Footprint) -> Iterable[Notice]:
    balance = footprint.carbon_balance
    if balance.closure is None or abs(balance.closure - 1.0) <= BALANCE_LIMIT:
        return
    yield Notice(
        template=N_(
            "The carbon balance of the chain is open: %(inputs)s kg C in, %(outputs)s kg C out per kg, %(open)s %% apart "
            "(limit %(limit)s %%). Check yields, pitch, fines and direct CO2."
        ),
        values={
            "inputs": f"{sum(balance.inputs_kg_c.values()):.3f}",
            "outputs": f"{sum(balance.outputs_kg_c.values()):.3f}",
            "open": _percent(abs(balance.closure - 1.0)),
            "limit": _percent(BALANCE_LIMIT),
        },
    )


def _masses(model: Model, footprint: Footprint) -> Iterable[Notice]:
    for one in balance_masses(footprint.batch, model.composition):
        if abs(one.closure - 1.0) > BALANCE_LIMIT:
            yield Notice(
                template=N_(
                    "The mass balance of %(process)s is open: %(inputs)s kg in, %(outputs)s kg out per kg of its product, "
                    "%(open)s %% apart (limit %(limit)s %%). Check its yield and its by-products."
                ),
                values={
                    "process": one.process,
                    "inputs": f"{one.inputs_kg:.3f}",
                    "outputs": f"{one.outputs_kg + one.gases_kg:.3f}",
                    "open": _percent(abs(one.closure - 1.0)),
                    "limit": _percent(BALANCE_LIMIT),
                },
            )


def _uncharacterised(footprint: Footprint) -> Iterable[Notice]:
    unknown = [flow for flow, reason in footprint.batch.system.uncharacterised.items() if reason == "unknown"]
    if unknown:
        yield Notice(
            template=N_(
                "These emissions are neither characterised nor listed as without climate effect: %(flows)s. "
                "Add each to the elementary flows."
            ),
            values={"flows": ", ".join(unknown)},
        )


def _unchecked(footprint: Footprint) -> Iterable[Notice]:
    if footprint.oracle_relative_difference is None:
        yield Notice(template=N_("Brightway has not checked this result. Calculate it with the check."), values={})


def _percent(share: float) -> str:
    return f"{share * 100:.2f}".rstrip("0").rstrip(".")
