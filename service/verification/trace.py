"""The solved system behind a footprint, laid open: what each process makes, takes and emits, with the factor it is counted with."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from lca_models.calculation import Footprint
from lca_models.explanations.links import trace_flows
from lca_models.inventory import Factor
from lca_models.model import Model, stage_of
from lca_models.parameters import ParameterDefinition
from lca_models.solution import Contribution
from service.modelling.inspection import factor_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedProcess:
    """A process of the system, for one kilogram of product.

    Attributes
    ----------
    makes
        Of its reference product, in `unit`.
    own_kg_co2e
        Its emissions and what it takes from the background.

    """

    process: str
    stage: str
    makes: float
    unit: str
    own_kg_co2e: float
    received_kg_co2e: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedLink:
    """What one process takes from another, for one kilogram of product."""

    producer: str
    consumer: str
    amount: float
    unit: str
    kg_co2e: float


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedBurden:
    """An emission of a process, or a part of what it takes from the background, for one kilogram of product.

    Attributes
    ----------
    key
        Of the factor.
    amount
        In `unit`.
    kg_co2e_per_unit
        The factor as it was counted; None where nothing flows.

    """

    process: str
    flow: str
    key: str
    nature: str
    gas: str
    amount: float
    unit: str
    kg_co2e_per_unit: float | None
    kg_co2e: float


@dataclass(frozen=True, slots=True, kw_only=True)
class UsedFactor:
    """A factor as it was counted in one footprint.

    Attributes
    ----------
    kg_co2e_per_unit
        As counted: the model's, or a supplier's own. None where nothing flows.
    stated
        The model's default in the same unit; for a gas its GWP100.
    sources
        Citations of where the model's default comes from; empty for a gas.

    """

    key: str
    flow: str
    nature: str
    unit: str
    amount: float
    kg_co2e_per_unit: float | None
    kg_co2e: float
    stated: float | None
    boundary: str
    region: str
    year: str
    confidence: str
    sources: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """A calculation from the first amount to the total; the burdens sum to the total."""

    total_kg_co2e: float
    processes: Sequence[TracedProcess]
    links: Sequence[TracedLink]
    burdens: Sequence[TracedBurden]
    factors: Sequence[UsedFactor]

    def as_json(self) -> dict[str, Any]:
        """Return the trace as JSON values, in full precision."""
        return asdict(self)


def trace_of(model: Model, footprint: Footprint) -> Trace:
    """Lay a footprint open."""
    flows = trace_flows(footprint.batch)
    return Trace(
        total_kg_co2e=footprint.total_kg_co2e,
        processes=[
            TracedProcess(
                process=one.process,
                stage=stage_of(one.process),
                makes=one.amount,
                unit=one.unit,
                own_kg_co2e=one.own_kg_co2e,
                received_kg_co2e=one.received_kg_co2e,
            )
            for one in sorted(flows.nodes, key=lambda node: node.process)
        ],
        links=[
            TracedLink(producer=one.producer, consumer=one.consumer, amount=one.amount, unit=one.unit, kg_co2e=one.kg_co2e)
            for one in sorted(flows.links, key=lambda link: (link.producer, link.consumer))
        ],
        burdens=[_burden(one) for one in footprint.contributions if one.amount],
        factors=_used_factors(model, footprint.contributions),
    )


def _burden(one: Contribution) -> TracedBurden:
    return TracedBurden(
        process=one.process,
        flow=one.burden.exchange.flow,
        key=one.burden.key,
        nature=one.burden.nature.value,
        gas=one.burden.gas,
        amount=one.amount,
        unit=one.burden.unit,
        kg_co2e_per_unit=_per_unit(one.kg_co2e, one.amount),
        kg_co2e=one.kg_co2e,
    )


def _per_unit(kg_co2e: float, amount: float) -> float | None:
    return kg_co2e / amount if amount else None


def _used_factors(model: Model, contributions: Iterable[Contribution]) -> list[UsedFactor]:
    """Return the factors by what they brought, the greatest first; the gases of one supply are parts of one factor."""
    parts: dict[str, list[Contribution]] = {}
    for one in contributions:
        if one.amount:
            parts.setdefault(one.burden.key, []).append(one)
    by_parameter = {line.parameter: line.factor for line in factor_lines(model) if line.parameter}
    found = [_used_factor(model, key, of_key, by_parameter.get(key)) for key, of_key in parts.items()]
    return sorted(found, key=lambda factor: (-abs(factor.kg_co2e), factor.key))


def _used_factor(model: Model, key: str, parts: Sequence[Contribution], library: Factor | None) -> UsedFactor:
    burden = parts[0].burden
    amount = math.fsum({(one.process, one.burden.position): one.amount for one in parts}.values())
    kg_co2e = math.fsum(one.kg_co2e for one in parts)
    definition = model.definitions.get(key)
    stated = definition.default if definition else burden.kg_co2e_per_unit
    return UsedFactor(
        key=key,
        flow=burden.exchange.flow,
        nature=burden.nature.value,
        unit=burden.unit,
        amount=amount,
        kg_co2e_per_unit=_per_unit(kg_co2e, amount),
        kg_co2e=kg_co2e,
        stated=stated if isinstance(stated, float) else None,
        boundary=library.boundary if library else "",
        region=library.region if library else "",
        year=library.year if library else "",
        confidence=library.evidence.confidence if library else "",
        sources=[model.sources[one].citation for one in _source_keys(definition, library)],
    )


def _source_keys(definition: ParameterDefinition | None, library: Factor | None) -> Sequence[str]:
    if library is not None:
        return library.evidence.sources
    return tuple(key for key in definition.source.split(";") if key) if definition else ()
