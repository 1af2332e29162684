"""Which parameters are uncertain, how, and why: every parameter of a calculation with its distribution and source."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

import numpy as np

from lca_models.electricity import NATIONAL, SCOPES, ElectricityView
from lca_models.errors import N_, UncertaintyError
from lca_models.inventory import Distribution as Shape
from lca_models.inventory import Exchange
from lca_models.model import Model
from lca_models.parameters import FURNACE, Default, ParameterDefinition, ParameterValues, find_parameter, resolve_parameters
from lca_models.uncertainty.distributions import Distribution, Fixed, Lognormal, Triangular, Uniform, Values
from lca_models.uncertainty.fitting import lognormal_by_range, normal_by_range
from lca_models.uncertainty.pedigree import UncertaintyTables

HEADLINE: Final = next(name for name, prefix in SCOPES.items() if not prefix)
ESTIMATED: Final = "estimated"
UNSTATED_RANGE: Final = "unstated_range"
_DEFINITION: Final = ("definition",)
_NATIONAL_FACTOR: Final = "electricity_cn_grid"
_BY_STATUS: Final = {
    "official": "official_factor",
    "screening": "screening_factor",
    "contracts": "screening_factor",
    "unconfirmed": "official_factor",  # the rule of the view is unconfirmed, not the factor
    "explicit": "stated_factor",
}


class Basis(StrEnum):
    """Why a parameter has its distribution."""

    STATED = "stated"
    """The range that the model's tables state."""
    EVIDENCE = "evidence"
    """The kind of evidence behind a value that somebody gave."""
    GIVEN = "given"
    """A distribution that somebody gave."""
    FOLLOWS = "follows"
    """Calculated from other parameters, and uncertain as they are."""
    CHOICE = "choice"
    """Chosen for the product or the method: another choice is a scenario."""
    BACKGROUND = "background"
    """Drawn with the licensed background that the value comes from."""
    UNSTATED = "unstated"
    """No source states a range, which does not make a value certain: it takes the spread of such values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One source of uncertainty of a parameter.

    Attributes
    ----------
    weight
        Share of the parameter; 1 if it is all of it.
    stream
        Name of the random numbers: two terms of one stream always move together, two of different streams never.
    evidence
        Kind of evidence, if the spread follows from it.

    """

    weight: float = 1.0
    distribution: Distribution
    stream: str
    basis: Basis
    evidence: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UncertainParameter:
    """A parameter as the weighted sum of its terms, in its unit.

    Attributes
    ----------
    follows
        Parameters that it is calculated from; then it has no terms of its own.

    """

    name: str
    unit: str
    terms: tuple[Term, ...]
    follows: tuple[str, ...] = ()

    @property
    def point(self) -> float:
        """Value that the footprint is calculated with."""
        return sum(term.weight * term.distribution.point for term in self.terms)

    @property
    def is_certain(self) -> bool:
        """Whether nothing of it is drawn."""
        return all(isinstance(term.distribution, Fixed) for term in self.terms)

    @property
    def streams(self) -> tuple[str, ...]:
        """Streams that it is drawn from."""
        return tuple(term.stream for term in self.terms if not isinstance(term.distribution, Fixed))

    def values(self, shares: Mapping[str, Values]) -> Values:
        """Return its draws (K,) for the draws of its streams, which lie between 0 and 1."""
        found = [term.weight * term.distribution.quantile(_shares_of(term, shares)) for term in self.terms]
        total: Values = np.sum(found, axis=0)
        return total


def _shares_of(term: Term, shares: Mapping[str, Values]) -> Values:
    """Return a term's draws; a fixed one takes any, for their number."""
    return shares[term.stream] if term.stream in shares else next(iter(shares.values()))


def uncertain_parameters(
    model: Model,
    given: Mapping[str, float | str] | None = None,
    *,
    electricity: ElectricityView | str = NATIONAL,
    evidence: Mapping[str, str] | None = None,
    distributions: Mapping[str, Distribution] | None = None,
) -> tuple[UncertainParameter, ...]:
    """Return every number among the parameters of a calculation, with its distribution and where that comes from.

    Parameters
    ----------
    given
        Values that replace defaults.
    electricity
        One view; places are scenarios and never mixed into one distribution.
    evidence
        Kind of evidence (`evidence_uncertainty.csv`) of given values; without one a given value is an estimate.
    distributions
        Replace all else.

    """
    view = single_view(model, electricity)
    values = resolve_parameters(model.definitions, given or {}, electricity=model.electricity, view=view)
    said = _Said(model=model, values=values, view=view, evidence=evidence or {}, distributions=distributions or {})
    said.check()
    names = [name for name, value in values.values.items() if not isinstance(value, str)]
    return tuple(said.parameter(name) for name in names)


def single_view(model: Model, electricity: object) -> ElectricityView:
    """Return the one view of a simulation; several of them, or a distribution over them, are refused."""
    if isinstance(electricity, (Sequence, Mapping, np.ndarray)) and not isinstance(electricity, str):
        raise UncertaintyError(
            N_(
                "Electricity views are scenarios: a distribution over %(views)s would say nothing about any plant. "
                "Simulate each view by itself."
            ),
            views=", ".join(str(one) for one in electricity),
        )
    if not isinstance(electricity, (str, ElectricityView)):
        raise UncertaintyError(N_("“%(value)s” is not an electricity view. Name one view."), value=electricity)
    return model.electricity.view(electricity)


def default_stream(definition: ParameterDefinition, furnace: str) -> str:
    """Return the stream of a default: what one furnace needs says nothing about another one, all other defaults are common."""
    return definition.name if "" in definition.defaults else f"{definition.name}:{furnace}"


def stated_distribution(default: Default, point: float) -> Distribution:
    """Return the distribution that the model's tables state around a value; fixed if they state none."""
    return ranged_distribution(default.shape, point, default.low, default.high)


def ranged_distribution(shape: Shape, point: float, low: float | None, high: float | None) -> Distribution:
    """Return the distribution of a value with a usual range; fixed if there is none."""
    if low is None or high is None or low == high:
        return Fixed(value=point)
    match shape:
        case Shape.TRIANGULAR:
            return Triangular(low=low, mode=point, high=high)
        case Shape.LOGNORMAL:
            return lognormal_by_range(point, low, high)
        case Shape.NORMAL:
            return normal_by_range(point, low, high)
        case Shape.UNIFORM:
            return Uniform(value=point, low=low, high=high)
        case Shape.FIXED:
            return Fixed(value=point)


def default_term(
    tables: UncertaintyTables,
    definition: ParameterDefinition,
    furnace: str,
    *,
    default: float,
    value: float,
    weight: float,
    sources: tuple[str, ...],
) -> Term:
    """Return the term of a default, or of a value that is the default but for a part that somebody knows.

    The stated distribution moves in proportion to the value, as the rest of it is as uncertain as it was, and is kept within the
    parameter's bounds.

    Parameters
    ----------
    default, value
        What the tables take with this furnace, and what is taken instead.

    """
    stated = definition.default_for(furnace)
    stream = default_stream(definition, furnace)
    if stated is None or stated.low is None or stated.high is None:
        found = evidence_distribution(tables, definition, value, UNSTATED_RANGE)
        return Term(
            weight=weight, distribution=found, stream=stream, basis=Basis.UNSTATED, evidence=UNSTATED_RANGE, sources=sources
        )
    found = _moved(stated_distribution(stated, default), definition, value / default) if default > 0 < value else Fixed(value=value)
    return Term(weight=weight, distribution=found, stream=stream, basis=Basis.STATED, sources=sources)


def _moved(stated: Distribution, definition: ParameterDefinition, factor: float) -> Distribution:
    found = stated.scaled(factor)
    if not isinstance(found, (Triangular, Uniform)):
        return found.bounded(definition.minimum, definition.maximum)
    low = found.low if definition.minimum is None else max(found.low, definition.minimum)
    high = found.high if definition.maximum is None else min(found.high, definition.maximum)
    return replace(found, low=low, high=high) if low < high else Fixed(value=found.point)


def evidence_distribution(tables: UncertaintyTables, definition: ParameterDefinition, value: float, evidence: str) -> Distribution:
    """Return the distribution of a value with its kind of evidence."""
    return spread_distribution(definition, value, sigma=tables.kind(evidence).sigma)


def spread_distribution(definition: ParameterDefinition, value: float, *, sigma: float) -> Distribution:
    """Return the lognormal distribution around a value, cut off at the parameter's bounds.

    A measured zero is a zero, and a negative value has no logarithm: both are fixed.

    Parameters
    ----------
    sigma
        Standard deviation of the natural logarithm.

    """
    if value <= 0:
        return Fixed(value=value)
    return Lognormal(median=value, sigma=sigma).bounded(definition.minimum, definition.maximum)


def electricity_distribution(model: Model, view: ElectricityView, value: float) -> tuple[Distribution, str, tuple[str, ...]]:
    """Return the distribution of a view's factor around `value`, its kind of evidence, and the sources.

    The national average, in whatever view, takes the range that the factor's own row states; all other factors take the spread of
    their status: official, derived for screening, or typed in. What place it is, is never part of it.
    """
    stated = model.factors.life_cycle.get(_NATIONAL_FACTOR)
    if stated is not None and view.factor.evidence.sources == stated.evidence.sources and stated.value == value:
        low, high = stated.evidence.low, stated.evidence.high
        if low is not None and high is not None:
            return Triangular(low=low, mode=value, high=high), "", stated.evidence.sources
    key = _BY_STATUS[view.status]
    kind = model.uncertainty.kind(key)
    return evidence_distribution(model.uncertainty, model.definitions[HEADLINE], value, key), key, kind.sources


def fixed_exchanges(model: Model, furnace: str) -> tuple[Exchange, ...]:
    """Return the exchanges of a furnace's chain that no parameter sets: their amounts are certain in every simulation."""
    other = [f":{one}" for one in model.definitions[FURNACE].choices if one != furnace]
    return tuple(
        exchange
        for name, process in model.processes.items()
        if not name.endswith(tuple(other))
        for exchange in process.exchanges
        if (exchange.flow, exchange.direction) not in model.formulas[name]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Said:
    """What is said about the parameters of one calculation."""

    model: Model
    values: ParameterValues
    view: ElectricityView
    evidence: Mapping[str, str]
    distributions: Mapping[str, Distribution]

    def check(self) -> None:
        """Refuse evidence and distributions of what is not a number, or not given."""
        for name in (*self.evidence, *self.distributions):
            definition = find_parameter(self.model.definitions, name)
            if definition.choices:
                raise UncertaintyError(
                    N_("%(parameter)s is a choice: its words are scenarios and have no distribution. Simulate each by itself."),
                    parameter=name,
                )
        for name, kind in self.evidence.items():
            self.model.uncertainty.kind(kind)
            if name not in self.values.given:
                raise UncertaintyError(
                    N_("%(parameter)s has evidence “%(evidence)s”, but no value. Give the value that the evidence is for."),
                    parameter=name,
                    evidence=kind,
                )

    def parameter(self, name: str) -> UncertainParameter:
        """Return one parameter."""
        definition = self.model.definitions[name]
        if name in SCOPES and name not in self.distributions:
            return self._electricity(name, definition)
        default = definition.default_for(self.values.furnace)
        is_default = name not in self.values.given and name not in self.distributions
        if is_default and default is not None and default.formula.names & set(self.model.definitions):
            return UncertainParameter(name=name, unit=definition.unit, terms=(), follows=tuple(sorted(default.formula.names)))
        return UncertainParameter(name=name, unit=definition.unit, terms=(self._term(name, definition, default),))

    def _term(self, name: str, definition: ParameterDefinition, default: Default | None) -> Term:
        point = self._point(name)
        if name in self.distributions:
            return Term(distribution=_bounded(self.distributions[name], definition), stream=name, basis=Basis.GIVEN)
        if default is not None and _is_choice(default):
            return Term(distribution=Fixed(value=point), stream=name, basis=Basis.CHOICE)
        if name in self.values.given:
            return self._evidenced(name, definition, point)
        if default is None:  # a parameter that the furnace does not have is not among the values
            raise AssertionError(name)
        return default_term(
            self.model.uncertainty,
            definition,
            self.values.furnace,
            default=point,
            value=point,
            weight=1.0,
            sources=default.sources,
        )

    def _evidenced(self, name: str, definition: ParameterDefinition, point: float) -> Term:
        key = self.evidence.get(name, ESTIMATED)
        kind = self.model.uncertainty.kind(key)
        found = evidence_distribution(self.model.uncertainty, definition, point, key)
        return Term(distribution=found, stream=name, basis=Basis.EVIDENCE, evidence=key, sources=kind.sources)

    def _electricity(self, name: str, definition: ParameterDefinition) -> UncertainParameter:
        """Return an electricity factor: one that was given has its own stream, all others move with the view's factor."""
        point = self._point(name)
        if name in self.values.given and (name in self.evidence or name != HEADLINE):
            key = self.evidence.get(name, _BY_STATUS["explicit"])
            kind = self.model.uncertainty.kind(key)
            found = evidence_distribution(self.model.uncertainty, definition, point, key)
            term = Term(distribution=found, stream=name, basis=Basis.EVIDENCE, evidence=key, sources=kind.sources)
            return UncertainParameter(name=name, unit=definition.unit, terms=(term,))
        return electricity_parameter(self.model, self.values.view, name, point=point, headline=self._point(HEADLINE))

    def _point(self, name: str) -> float:
        return float(self.values.number(name))


def electricity_parameter(model: Model, view: ElectricityView, name: str, *, point: float, headline: float) -> UncertainParameter:
    """Return an electricity factor of a view; all factors of a view move together, because they come from one source.

    Parameters
    ----------
    point, headline
        Factor of the step, and of the plant as a whole, kg CO2e per kWh.

    """
    found, evidence, sources = electricity_distribution(model, view, headline)
    distribution = found.scaled(point / headline) if headline > 0 and point > 0 else Fixed(value=point)
    term = Term(
        distribution=distribution,
        stream=HEADLINE,
        basis=Basis.EVIDENCE if evidence else Basis.STATED,
        evidence=evidence,
        sources=sources,
    )
    return UncertainParameter(name=name, unit=model.definitions[name].unit, terms=(term,))


def _is_choice(default: Default) -> bool:
    """Whether a default is chosen: by definition, or within a range that spans choices and is not an uncertainty."""
    return default.shape is Shape.FIXED and (default.sources == _DEFINITION or default.low != default.high)


def _bounded(distribution: Distribution, definition: ParameterDefinition) -> Distribution:
    try:
        return distribution.bounded(definition.minimum, definition.maximum)
    except UncertaintyError as error:
        raise UncertaintyError(N_("%(parameter)s: %(problem)s"), parameter=definition.name, problem=error) from error


def drawn(parameters: Iterable[UncertainParameter]) -> tuple[UncertainParameter, ...]:
    """Return the parameters that are drawn."""
    return tuple(one for one in parameters if one.terms and not one.is_certain)
