"""How sure a record is: its parameters drawn from what stands behind each of them, under every electricity view by itself.

What a supplier answered is as uncertain as its evidence; what stays at the model's default is as uncertain as the model's tables
say. Records that share a default or a submission share its draws, so that comparisons see only what differs.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from sqlmodel import Session

from lca_models.electricity import NATIONAL, PROVINCE, SCOPES, ElectricityView
from lca_models.emissions import GwpSet
from lca_models.errors import ModelError
from lca_models.inventory import Exchange
from lca_models.model import Model
from lca_models.parameters import FURNACE, ParameterDefinition
from lca_models.uncertainty.comparison import Comparison, compare
from lca_models.uncertainty.distributions import Distribution
from lca_models.uncertainty.drawn import Drawn
from lca_models.uncertainty.inputs import (
    ESTIMATED,
    Basis,
    Term,
    UncertainParameter,
    default_term,
    electricity_parameter,
    fixed_exchanges,
    spread_distribution,
    uncertain_parameters,
)
from lca_models.uncertainty.monte_carlo import Simulation, simulate_parameters
from lca_models.uncertainty.pedigree import sigma_of_scores
from lca_models.uncertainty.sampling import Design
from service.backgrounds.queries import draws_of_factors
from service.backgrounds.rules import SOURCE as BACKGROUND
from service.footprints.models import FootprintRecord
from service.footprints.operations import ModelRefusedError
from service.footprints.provenance import RECIPE
from service.footprints.views import HEADLINE, PROVINCES
from service.modelling.queries import model_of

SEED: Final = 1
"""One for all records: a page never changes, and a record has the same figures on its page and in every comparison."""
DRAWS: Final = 1000
MOST_DRAWS: Final = 10_000
"""Limit of one request: about a quarter of a second for each view."""

_OWN_FOOTPRINT: Final = "own_footprint"
_CALCULATED: Final = "calculated"
_PRIMARY: Final = "primary"
Draws = Mapping[tuple[str, str], tuple[float, ...]]
"""Draws of licensed backgrounds by background and parameter, in the parameter's unit."""

# By electricity parameter, where a view of a record keeps its factor.
_VIEW_FACTORS: Final[Mapping[str, str]] = {name: f"{prefix}kg_co2e_per_kwh" for name, prefix in SCOPES.items()}


class Calculated(Protocol):
    """What of a record a simulation reads; what-ifs have it too, and are stored nowhere."""

    @property
    def product_id(self) -> uuid.UUID:
        """The product that it is about."""

    @property
    def parameters(self) -> Mapping[str, Any]:
        """All parameters with their values."""

    @property
    def provenance(self) -> Mapping[str, Any]:
        """By parameter, as `Provenance.as_dict`."""

    @property
    def result(self) -> Mapping[str, Any]:
        """Of it `parameters`, `given` and `gwp`."""

    @property
    def views(self) -> Sequence[Any]:
        """Of it the entry of the headline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordUncertainty:
    """The uncertainty of a record.

    Attributes
    ----------
    by_view
        By key of the view, the headline first; views of records from before their factors were kept are left out.
    fixed
        Exchanges that no parameter sets.

    """

    model: Model
    by_view: Mapping[str, Simulation]
    fixed: tuple[Exchange, ...]

    @property
    def headline(self) -> Simulation:
        """The simulation under the national electricity view."""
        return self.by_view[HEADLINE]


def simulate_record(
    session: Session, record: FootprintRecord, *, draws: int = DRAWS, headline_only: bool = False
) -> RecordUncertainty:
    """Simulate a record under each of its electricity views, or under the headline alone.

    Raises
    ------
    ModelRefusedError
        If the record's distributions can't be drawn; in the model's own words.

    """
    model = model_of(session, record.result["content_hash"])
    design = Design(draws=draws, seed=SEED)
    drawn = draws_of_factors(session)
    views = (_headline(record),) if headline_only else _complete(record.views)
    try:
        simulations = {view["view"]: _simulated(model, record, view, design, drawn) for view in views}
    except ModelError as error:
        raise ModelRefusedError(error.template, **error.values) from error
    return RecordUncertainty(model=model, by_view=simulations, fixed=fixed_exchanges(model, str(record.parameters[FURNACE])))


def simulate_headline(model: Model, record: Calculated, drawn: Draws, *, draws: int = DRAWS) -> Simulation:
    """Simulate a record that need not be stored, under its headline alone; errors as in `simulate_record`."""
    try:
        return _simulated(model, record, _headline(record), Design(draws=draws, seed=SEED), drawn)
    except ModelError as error:
        raise ModelRefusedError(error.template, **error.values) from error


def compare_uncertainty(session: Session, first: FootprintRecord, second: FootprintRecord, *, draws: int = DRAWS) -> Comparison:
    """Compare two records with common draws under the national electricity view; errors as for one record."""
    design, drawn = Design(draws=draws, seed=SEED), draws_of_factors(session)
    try:
        simulations = [
            _simulated(model_of(session, record.result["content_hash"]), record, _headline(record), design, drawn)
            for record in (first, second)
        ]
        return compare(*simulations)
    except ModelError as error:
        raise ModelRefusedError(error.template, **error.values) from error


def _complete(views: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the views that keep the factor of every step; the headline's factors stand among the parameters anyway."""
    return (view for view in views if view["view"] == HEADLINE or set(_VIEW_FACTORS.values()) <= view.keys())


def _headline(record: Calculated) -> Mapping[str, Any]:
    return next(view for view in record.views if view["view"] == HEADLINE)


def _simulated(model: Model, record: Calculated, view: Mapping[str, Any], design: Design, drawn: Draws) -> Simulation:
    given = {name: record.result["parameters"][name] for name in record.result["given"] if name not in SCOPES}
    factors = _factors(record, view)
    parameters = _parameters(model, record, given, view=_model_view(model, view), factors=factors, drawn=drawn)
    return simulate_parameters(model, given | factors, parameters, design=design, gwp=GwpSet(record.result["gwp"]))


def _factors(record: Calculated, view: Mapping[str, Any]) -> dict[str, float]:
    """Return the electricity factor of each step under a view, kg CO2e per kWh."""
    if view["view"] == HEADLINE:
        return {name: float(record.parameters[name]) for name in SCOPES}
    return {name: float(view[key]) for name, key in _VIEW_FACTORS.items()}


def _model_view(model: Model, view: Mapping[str, Any]) -> ElectricityView:
    """Return the model's view whose kind of factor a record's view has; that of provinces is the plant's."""
    if view["view"] != PROVINCES:
        return model.electricity.view(view["view"])
    plant = next((site["province"] for site in view["sites"] if not site["step"]), "")
    key = f"{PROVINCE}{plant}"
    return model.electricity.view(key if key in model.electricity.views else NATIONAL)


def _parameters(
    model: Model,
    record: Calculated,
    given: Mapping[str, float | str],
    *,
    view: ElectricityView,
    factors: Mapping[str, float],
    drawn: Draws,
) -> list[UncertainParameter]:
    """Return all parameters: those that were given by what stands behind them, all others as the model states them."""
    headline = factors[next(iter(SCOPES))]
    found = []
    for one in uncertain_parameters(model, given):
        if one.name in factors:
            found.append(electricity_parameter(model, view, one.name, point=factors[one.name], headline=headline))
        elif one.name in given and one.name in record.provenance and _is_evidenced(one):
            found.append(_traced(model, record, one, drawn))
        else:
            found.append(one)
    return found


def _is_evidenced(parameter: UncertainParameter) -> bool:
    """Whether a given value is uncertain at all: what is chosen for a product is not."""
    return any(term.basis is Basis.EVIDENCE for term in parameter.terms)


def _traced(model: Model, record: Calculated, parameter: UncertainParameter, drawn: Draws) -> UncertainParameter:
    """Return a parameter as the sum of the parts that were mixed, each as uncertain as what stands behind it."""
    provenance = record.provenance[parameter.name]
    parts: Sequence[Mapping[str, Any]] = provenance["parts"]
    plain = sum(part["weight"] * part["value"] for part in parts)
    # Ratios were mixed by another amount besides the share; their parts are scaled so that they still sum to the value.
    scale = provenance["value"] / plain if plain else 1.0
    terms = tuple(_term(model, record, parameter.name, part, weight=part["weight"] * scale, drawn=drawn) for part in parts)
    return UncertainParameter(name=parameter.name, unit=parameter.unit, terms=terms)


def _term(model: Model, record: Calculated, name: str, part: Mapping[str, Any], *, weight: float, drawn: Draws) -> Term:
    definition, value = model.definitions[name], float(part["value"])
    background = str(part["source"]).removeprefix(BACKGROUND) if str(part["source"]).startswith(BACKGROUND) else ""
    if (background, name) in drawn:
        return _drawn_term(drawn[background, name], value, weight=weight, source=part["source"])
    evidence = _evidence(part)
    if evidence:
        owner = part["submission_id"] or record.product_id
        return Term(
            weight=weight,
            distribution=_evidenced(model, definition, value, evidence, part.get("scores") or ()),
            stream=f"{name}@{owner}",
            basis=Basis.EVIDENCE,
            evidence=evidence,
            sources=(part["source"],),
        )
    return default_term(
        model.uncertainty,
        definition,
        str(record.parameters[FURNACE]),
        default=float(record.provenance[name]["default"]),
        value=value,
        weight=weight,
        sources=tuple(part["source"].split(";")),
    )


def _drawn_term(draws: tuple[float, ...], value: float, *, weight: float, source: str) -> Term:
    """Return a background's factor: all factors of one background share its stream, so that they are drawn together."""
    return Term(
        weight=weight, distribution=Drawn(value=value, draws=draws), stream=source, basis=Basis.BACKGROUND, sources=(source,)
    )


def _evidence(part: Mapping[str, Any]) -> str:
    """Return the kind of evidence of a part; empty for defaults, adjusted or not.

    Records from before the evidence was kept say only that a part is primary: the least that primary data can be is calculated.
    """
    if part["source"] == RECIPE:
        return ESTIMATED
    if part.get("evidence"):
        return str(part["evidence"])
    return _CALCULATED if part["kind"] == _PRIMARY else ""


def _evidenced(model: Model, definition: ParameterDefinition, value: float, evidence: str, scores: Sequence[int]) -> Distribution:
    """Return the distribution of a value by the reviewer's scores, or by its kind of evidence where nobody has rated it.

    A supplier's own footprint is never surer than such footprints are, whatever it names.
    """
    tables = model.uncertainty
    sigma = sigma_of_scores(tables.pedigree, scores) if scores else tables.kind(evidence).sigma
    least = tables.kind(_OWN_FOOTPRINT).sigma if definition.group == "factors" else 0.0
    return spread_distribution(definition, value, sigma=max(sigma, least))
