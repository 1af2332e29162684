"""One footprint with all that explains it, in one call."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from lca_models.batch import BatchResult
from lca_models.calculation import Footprint
from lca_models.emissions import Category
from lca_models.explanations.attribution import Origin, attribute
from lca_models.explanations.links import Flows, trace_flows
from lca_models.explanations.tree import Branch, contribution_tree
from lca_models.linking import Burden
from lca_models.model import Model, stage_of
from lca_models.quality import KINDS, Kind, Mixture, mixture_of
from lca_models.solution import SolvedSystem

_TOLL_SHARE: Final = "toll_share"


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanations:
    """Where a footprint comes from, kg CO2e per kg; every ``by_`` sums to the total, to rounding.

    Attributes
    ----------
    total_kg_co2e
        Biogenic uptake left out, as in every part.
    by_flow_kg_co2e
        By what brings it: electricity, direct CO2, coke, pitch...
    by_scope_kg_co2e, by_party_kg_co2e
        As `attribution` says.
    by_kind_kg_co2e
        By primary, secondary and default data.
    flows
        Between the processes.
    tree
        From the product down.

    """

    total_kg_co2e: float
    by_stage_kg_co2e: Mapping[str, float]
    by_process_kg_co2e: Mapping[str, float]
    by_flow_kg_co2e: Mapping[str, float]
    by_gas_kg_co2e: Mapping[str, float]
    by_scope_kg_co2e: Mapping[str, float]
    by_party_kg_co2e: Mapping[str, float]
    by_kind_kg_co2e: Mapping[Kind, float]
    flows: Flows
    tree: Branch


def explain(
    model: Model, result: Footprint | BatchResult, *, origins: Mapping[str, Origin] | None = None, draw: int = 0
) -> Explanations:
    """Explain a footprint, or one draw of a batch.

    Parameters
    ----------
    model
        The one that the result was calculated with.
    origins
        What stands behind the parameters, by name; without it everything is the model's default, with nobody named.

    """
    solved = result.batch if isinstance(result, Footprint) else result
    flows = trace_flows(solved, draw=draw)
    toll_share = float(np.broadcast_to(solved.parameters.number(_TOLL_SHARE), len(solved.levels))[draw])
    attribution = attribute(model, solved, toll_share=toll_share, origins=origins, draw=draw)
    contributions = _counted(solved, draw)
    names = solved.system.names
    multipliers = np.array([flows.multipliers[name] for name in names])
    return Explanations(
        total_kg_co2e=math.fsum(kg_co2e for _, kg_co2e in contributions),
        by_stage_kg_co2e=_by_stage(model, solved, contributions),
        by_process_kg_co2e=_sums((names[one.process], kg_co2e) for one, kg_co2e in contributions),
        by_flow_kg_co2e=_sums((one.exchange.flow, kg_co2e) for one, kg_co2e in contributions),
        by_gas_kg_co2e=_sums((one.gas, kg_co2e) for one, kg_co2e in contributions),
        by_scope_kg_co2e=attribution.by_scope_kg_co2e,
        by_party_kg_co2e=attribution.by_party_kg_co2e,
        by_kind_kg_co2e=_by_kind(contributions, origins or {}),
        flows=flows,
        tree=contribution_tree(solved, multipliers, draw=draw),
    )


_Contributions = list[tuple[Burden, float]]


def _counted(solved: SolvedSystem, draw: int) -> _Contributions:
    rows = zip(solved.system.burdens, solved.contributions_kg_co2e[draw].tolist(), strict=True)
    return [(burden, kg_co2e) for burden, kg_co2e in rows if burden.category is not Category.BIOGENIC_UPTAKE]


def _sums(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    groups: dict[str, list[float]] = {}
    for name, value in pairs:
        if value:
            groups.setdefault(name, []).append(value)
    return {name: math.fsum(values) for name, values in groups.items()}


def _by_stage(model: Model, solved: SolvedSystem, contributions: _Contributions) -> dict[str, float]:
    names = solved.system.names
    found = _sums((stage_of(names[one.process]), kg_co2e) for one, kg_co2e in contributions)
    return {stage.code: found.get(stage.code, 0.0) for stage in model.stages}


def _by_kind(contributions: _Contributions, origins: Mapping[str, Origin]) -> dict[Kind, float]:
    kinds: dict[str, Kind | Mixture] = {name: one.kinds for name, one in origins.items()}
    mixtures: dict[tuple[str, str], Mixture] = {}
    parts: dict[Kind, list[float]] = {kind: [] for kind in KINDS}
    for burden, kg_co2e in contributions:
        key = (burden.exchange.driver, burden.exchange.supply)
        if key not in mixtures:
            mixtures[key] = mixture_of(burden.exchange, kinds)
        for kind, share in mixtures[key].items():
            parts[kind].append(share * kg_co2e)
    return {kind: math.fsum(values) for kind, values in parts.items()}
