"""A footprint record laid open for the planner: every source of its variance, and who could answer for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from lca_models.batch import calculate_batch
from lca_models.electricity import NATIONAL, SCOPES
from lca_models.emissions import GwpSet
from lca_models.model import Model
from lca_models.parameters import ParameterDefinition
from lca_models.uncertainty.distributions import Distribution, Fixed, Values
from lca_models.uncertainty.inputs import Term, UncertainParameter, drawn, evidence_distribution
from service.footprints.uncertainty import RecordUncertainty
from service.planning.ranking import Ask, Key, Source
from service.submissions.models import Depth
from service.submissions.questionnaire import questions_for
from service.suppliers.models import SupplierType

METERED: Final = "metered"
OWN_FOOTPRINT: Final = "own_footprint"
OWN_PLANT: Final = ""
_STRONG: Final = frozenset({"metered", "billed"})
_FACTORS: Final = "factors"
_PER_KG: Final = "kgCO2e/kg"
_OWN_PCF: Final = ("own_pcf",)
# Quantiles at which a distribution is looked at for its standard deviation: the middles of 400 equal parts.
_MIDDLES: Final = (np.arange(400) + 0.5) / 400
_STEP: Final = 0.5
"""Standard deviations to both sides over which a slope is taken."""

Parts = Sequence[Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """The parameters of a calculation with one term for each party, and the questions about them.

    Attributes
    ----------
    asks
        By parameter and position of the term.

    """

    model: Model
    given: Mapping[str, float | str]
    gwp: GwpSet
    parameters: tuple[UncertainParameter, ...]
    asks: Mapping[tuple[str, int], Ask]

    def questions(self) -> dict[Key, Ask]:
        """Return the questions by key."""
        return {one.key: one for one in self.asks.values()}


def open_record(found: RecordUncertainty, provenance: Mapping[str, Any], supplier_types: Mapping[str, SupplierType]) -> Opened:
    """Lay a record open under its headline electricity view.

    Parameters
    ----------
    provenance
        As the record keeps it: parts by parameter.
    supplier_types
        By id of the supplier.

    """
    headline = found.headline
    parameters, asks = [], {}
    for one in headline.parameters:
        parts: Parts = provenance.get(one.name, {}).get("parts", ())
        parted = split_by_party(one, parts)
        parameters.append(parted)
        for position, part in enumerate(parts if len(parted.terms) == len(parts) else ()):
            ask = ask_about(found.model, one, part, supplier_types)
            if ask is not None:
                asks[one.name, position] = ask
    return Opened(model=found.model, given=headline.given, gwp=headline.gwp, parameters=tuple(parameters), asks=asks)


def split_by_party(parameter: UncertainParameter, parts: Parts) -> UncertainParameter:
    """Return a parameter with one term for each part; a default that nobody replaced is one term of all until then."""
    if len(parameter.terms) == len(parts) or len(parameter.terms) != 1 or not parts:
        return parameter
    term = parameter.terms[0]
    return replace(parameter, terms=tuple(replace(term, weight=term.weight * float(part["weight"])) for part in parts))


def sources_of(opened: Opened) -> Iterator[Source]:
    """Yield the sources of variance, kg CO2e per kg of product."""
    slopes = slopes_of(opened)
    for parameter in drawn(opened.parameters):
        slope = slopes[parameter.name]
        for position, term in enumerate(parameter.terms):
            if isinstance(term.distribution, Fixed):
                continue
            ask = opened.asks.get((parameter.name, position))
            better = _answered(opened.model, parameter, term) if ask else None
            yield Source(
                stream=term.stream,
                effect=slope * term.weight * sd_of(term.distribution),
                known_effect=slope * term.weight * sd_of(better) if better else 0.0,
                key=ask.key if ask else None,
            )


def slopes_of(opened: Opened) -> dict[str, float]:
    """Return kg CO2e per kg by which the total moves per unit of each uncertain parameter, around the point values.

    Taken over half a standard deviation to both sides, as far as the parameter's bounds allow.
    """
    parameters = drawn(opened.parameters)
    places = {one.name: _around(opened.model.definitions[one.name], one) for one in parameters}
    values = {one.name: np.full(2 * len(parameters), one.point) for one in parameters}
    for position, one in enumerate(parameters):
        values[one.name][2 * position : 2 * position + 2] = places[one.name]
    totals = _totals(opened, values)
    return {
        one.name: float(totals[2 * position + 1] - totals[2 * position]) / (places[one.name][1] - places[one.name][0])
        for position, one in enumerate(parameters)
    }


def _around(definition: ParameterDefinition, parameter: UncertainParameter) -> tuple[float, float]:
    step, point = _STEP * _total_sd(parameter), parameter.point
    low = point - step if definition.minimum is None else max(point - step, definition.minimum)
    high = point + step if definition.maximum is None else min(point + step, definition.maximum)
    return low, high


def after_asking(opened: Opened, asked: frozenset[Key]) -> tuple[UncertainParameter, ...]:
    """Return the parameters as they would be once some questions are answered with what they say now, by better evidence."""
    return tuple(_after(opened, one, asked) for one in opened.parameters)


def sd_of(distribution: Distribution) -> float:
    """Return the standard deviation of a distribution, in its unit."""
    return float(distribution.quantile(_MIDDLES).std())


def _after(opened: Opened, parameter: UncertainParameter, asked: frozenset[Key]) -> UncertainParameter:
    terms = []
    for position, term in enumerate(parameter.terms):
        ask = opened.asks.get((parameter.name, position))
        known = ask is not None and ask.key in asked
        stream = f"{parameter.name}@{ask.key.supplier}" if ask else ""
        better = _answered(opened.model, parameter, term)
        terms.append(replace(term, distribution=better, stream=stream) if known else term)
    return replace(parameter, terms=tuple(terms))


def _answered(model: Model, parameter: UncertainParameter, term: Term) -> Distribution:
    """Return the distribution of the same value with the evidence that an answer would have."""
    definition = model.definitions[parameter.name]
    kind = OWN_FOOTPRINT if definition.group == _FACTORS else METERED
    return evidence_distribution(model.uncertainty, definition, term.distribution.point, kind)


def _total_sd(parameter: UncertainParameter) -> float:
    return sum(abs(term.weight) * sd_of(term.distribution) for term in parameter.terms)


def _totals(opened: Opened, values: Mapping[str, Values]) -> Values:
    explicit = {name: float(opened.given[name]) for name in SCOPES if name in opened.given}
    found = calculate_batch(
        opened.model,
        {**opened.given, **explicit, **values},
        electricity=NATIONAL,
        gwp=opened.gwp,
        replaced=frozenset(opened.given),
        allow_contradictions=True,
    )
    return np.broadcast_to(found.total_kg_co2e, (len(next(iter(values.values()))),))


def ask_about(
    model: Model, parameter: UncertainParameter, part: Mapping[str, Any], supplier_types: Mapping[str, SupplierType]
) -> Ask | None:
    """Return what to ask about a part; None if it is as sure as an answer could make it, or nobody is asked about it."""
    if part["evidence"] in _STRONG:
        return None
    if part["place"] == "own":
        supplier, supplier_type = OWN_PLANT, SupplierType.MAKER
    elif part["place"] == "supplier" and part["supplier_id"] in supplier_types:
        supplier, supplier_type = str(part["supplier_id"]), supplier_types[part["supplier_id"]]
    else:
        return None
    needs = fields_for(model, parameter.name, supplier_type)
    missing = tuple(field for field in part["missing"] if field in needs)
    if not needs:
        return None
    return Ask(key=Key(supplier, parameter.name), fields=missing or needs, is_missing=not part["evidence"])


def fields_for(model: Model, parameter: str, supplier_type: SupplierType) -> tuple[str, ...]:
    """Return the fields that give a parameter by themselves when a type of supplier answers them.

    A rule that changes only a part of a default leaves the rest as uncertain as it was, so for a factor it is the supplier's own
    footprint that narrows.
    """
    definition = model.definitions[parameter]
    questions = questions_for(supplier_type, Depth.FULL)
    feeds = (feed for question in questions for feed in question.feeds if feed.parameter == parameter and not feed.rule)
    found = next((feed.needs for feed in feeds), ())
    if found:
        return found
    is_whole_factor = definition.group == _FACTORS and definition.unit == _PER_KG and supplier_type is not SupplierType.MAKER
    return _OWN_PCF if is_whole_factor and any(question.key in _OWN_PCF for question in questions) else ()
