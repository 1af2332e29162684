"""Scenarios: named overlays on the parameters and the electricity view, laid over a base, compared, and spread over grids."""

import itertools
import math
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from lca_models.batch import Case, CaseResults, calculate_cases
from lca_models.electricity import NATIONAL, SCOPES
from lca_models.errors import N_, ParameterError, ScenarioError
from lca_models.model import Model, load_model
from lca_models.parameters import FURNACE, ParameterDefinition, check_value, find_parameter

Status = Literal["sourced", "assumption"]
STATUSES: Final[tuple[Status, ...]] = ("sourced", "assumption")
GROUPS: Final = ("furnace", "yield", "grid", "fuel", "transport", "recycling", "supply", "prospective")
ELECTRICITY: Final = "electricity"
MOST_POINTS: Final = 100_000
"""Points of one grid; keeps its arrays below 200 MB. Own choice."""

_HEADLINE_FACTOR: Final = next(name for name, prefix in SCOPES.items() if not prefix)
_FIELDS: Final = frozenset({"group", "name_en", "name_zh", "status", "sources", "reasoning_en", "reasoning_zh", "parameters"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """A named overlay.

    Attributes
    ----------
    parameters
        What it sets, by name: a number in the parameter's unit, a choice, or the name of an alternative.
    electricity
        Electricity view it takes; None keeps the view of the base.
    status
        Sourced, or a stated assumption.
    sources
        Keys of `sources.toml`; empty for scenarios that users made.

    """

    key: str
    group: str
    name_en: str
    name_zh: str
    parameters: Mapping[str, float | str]
    electricity: str | None = None
    status: Status = "assumption"
    sources: tuple[str, ...] = ()
    reasoning_en: str = ""
    reasoning_zh: str = ""

    @property
    def settings(self) -> Mapping[str, float | str]:
        """Everything it sets, the view under the name ``electricity``."""
        return {**self.parameters, **({} if self.electricity is None else {ELECTRICITY: self.electricity})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """Two scenarios laid over each other want different things; the later one wins.

    Attributes
    ----------
    setting
        A parameter, or ``electricity`` for the view.

    """

    setting: str
    earlier: str
    earlier_value: float | str
    later: str
    later_value: float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Combination:
    """Scenarios laid over a base in their order.

    Attributes
    ----------
    keys
        Of the scenarios; empty for the base itself.
    case
        What is calculated.
    dropped
        Parameters of the base that belong to another furnace and therefore follow the new furnace's defaults.

    """

    keys: tuple[str, ...]
    case: Case
    conflicts: tuple[Conflict, ...] = ()
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A base and n combinations beside each other; position 0 of the results is the base.

    Attributes
    ----------
    results
        (n + 1,) totals, in all and by stage, kg CO2e per kg.

    """

    combinations: tuple[Combination, ...]
    results: CaseResults

    @property
    def difference_kg_co2e(self) -> NDArray[np.float64]:
        """(n + 1,) total less that of the base; the first is zero."""
        total = self.results.total_kg_co2e
        difference: NDArray[np.float64] = total - total[0]
        return difference


@cache
def shipped_scenarios() -> Mapping[str, Scenario]:
    """Return the shipped library by key; whether a model has what a scenario sets is seen when it is calculated."""
    content = (files("lca_models") / "library" / "scenarios.toml").read_bytes()
    return read_scenarios(content, sources=load_model().sources)


def read_scenarios(content: bytes, *, sources: Collection[str]) -> Mapping[str, Scenario]:
    """Read a library: every scenario needs names, a status, known sources and a reason."""
    found: dict[str, Scenario] = {}
    for key, entry in tomllib.loads(content.decode()).items():
        missing, unknown = _FIELDS - entry.keys(), entry.keys() - _FIELDS - {ELECTRICITY}
        if missing or unknown or entry["group"] not in GROUPS or entry["status"] not in STATUSES:
            raise ScenarioError(
                N_(
                    "The scenario “%(scenario)s” lacks %(missing)s, or has unknown fields (%(unknown)s), or an unknown group or "
                    "status. Groups: %(groups)s; status: %(statuses)s."
                ),
                scenario=key,
                missing=", ".join(sorted(missing)) or "-",
                unknown=", ".join(sorted(unknown)) or "-",
                groups=", ".join(GROUPS),
                statuses=", ".join(STATUSES),
            )
        absent = [source for source in entry["sources"] if source not in sources]
        if absent or not entry["sources"]:
            raise ScenarioError(
                N_("The scenario “%(scenario)s” needs a source that is in sources.toml; not there: %(sources)s."),
                scenario=key,
                sources=", ".join(absent) or "-",
            )
        found[key] = Scenario(key=key, **{**entry, "sources": tuple(entry["sources"])})
    return found


def check_scenario(model: Model, scenario: Scenario) -> Scenario:
    """Return a scenario whose parameters exist and lie within their bounds, and whose view exists.

    Raises
    ------
    ParameterError
        With the parameter it is about.
    ScenarioError
        If it sets nothing, or a view and the factor of the electricity at once.

    """
    if not scenario.settings:
        raise ScenarioError(N_("The scenario “%(scenario)s” changes nothing. Set a parameter or a view."), scenario=scenario.key)
    for name, value in scenario.parameters.items():
        check_value(find_parameter(model.definitions, name), value)
    if scenario.electricity is not None:
        model.electricity.view(scenario.electricity)
        if scenario.electricity != NATIONAL and _HEADLINE_FACTOR in scenario.parameters:
            raise ParameterError(
                N_("%(parameter)s is set while the electricity view is “%(view)s”. Use one of the two."),
                parameter=_HEADLINE_FACTOR,
                view=scenario.electricity,
            )
    return scenario


def find_scenario(scenarios: Mapping[str, Scenario], key: str) -> Scenario:
    """Return a scenario; an unknown key is an error that lists the known ones."""
    if key not in scenarios:
        raise ScenarioError(
            N_("There is no scenario “%(scenario)s”. Use one of: %(known)s."), scenario=key, known=", ".join(scenarios)
        )
    return scenarios[key]


def combine(model: Model, base: Case, scenarios: Sequence[Scenario]) -> Combination:
    """Lay scenarios over a base in their order; where two want different things the later one wins and the conflict is named.

    A new furnace takes its own defaults: what the base says of another furnace is dropped, unless a scenario sets it.
    """
    settings: dict[str, tuple[float | str, str]] = {}
    conflicts: list[Conflict] = []
    for scenario in scenarios:
        for name, value in scenario.settings.items():
            conflicts.extend(_conflicts(settings, name, value, scenario.key))
            settings[name] = (value, scenario.key)
    dropped = _dropped(model, base, settings)
    overlay = {name: value for name, (value, _) in settings.items() if name != ELECTRICITY}
    kept = {name: value for name, value in base.parameters.items() if name not in dropped}
    view = str(settings[ELECTRICITY][0]) if ELECTRICITY in settings else base.electricity
    if ELECTRICITY in settings:
        kept.pop(_HEADLINE_FACTOR, None)
    elif _HEADLINE_FACTOR in overlay:
        view = NATIONAL
    return Combination(
        keys=tuple(scenario.key for scenario in scenarios),
        case=Case(parameters={**kept, **overlay}, electricity=view),
        conflicts=tuple(conflicts),
        dropped=dropped,
    )


def _conflicts(settings: dict[str, tuple[float | str, str]], name: str, value: float | str, key: str) -> Iterable[Conflict]:
    """Return what a setting overrides, and take away what it makes void: a view and the factor itself exclude each other."""
    excluded = {ELECTRICITY: _HEADLINE_FACTOR, _HEADLINE_FACTOR: ELECTRICITY}.get(name, name)
    for other in dict.fromkeys((name, excluded)):
        if other in settings and (other != name or settings[other][0] != value):
            earlier_value, earlier = settings[other]
            yield Conflict(setting=other, earlier=earlier, earlier_value=earlier_value, later=key, later_value=value)
    if excluded != name:
        settings.pop(excluded, None)


def _dropped(model: Model, base: Case, settings: Mapping[str, tuple[float | str, str]]) -> tuple[str, ...]:
    present = base.parameters.get(FURNACE, model.parameter(FURNACE).default)
    if FURNACE not in settings or settings[FURNACE][0] == present:
        return ()
    return tuple(name for name in base.parameters if name not in settings and _follows_furnace(model.definitions[name]))


def _follows_furnace(definition: ParameterDefinition) -> bool:
    return bool(definition.defaults) and "" not in definition.defaults


def compare(model: Model, base: Case, overlays: Sequence[Sequence[Scenario]]) -> Comparison:
    """Calculate a base and what each overlay makes of it, all in one go.

    Parameters
    ----------
    overlays
        Each a sequence of scenarios that are laid over the base in their order.

    """
    combinations = (Combination(keys=(), case=base), *(combine(model, base, one) for one in overlays))
    return Comparison(combinations=combinations, results=calculate_cases(model, [one.case for one in combinations]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Axis:
    """Values that one parameter runs through."""

    parameter: str
    values: tuple[float | str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GridResult:
    """Results over all combinations of the values of some parameters.

    Attributes
    ----------
    total_kg_co2e
        kg CO2e per kg; one array axis for each of `axes`, in their order.

    """

    axes: tuple[Axis, ...]
    total_kg_co2e: NDArray[np.float64]


def parse_axis(model: Model, text: str) -> Axis:
    """Read ``name=low:high:count`` (evenly spaced) or ``name=word,word``.

    Raises
    ------
    ParameterError
        If the parameter does not exist, a value is out of bounds, or the text is not of that form.

    """
    name, _, spread = (part.strip() for part in text.partition("="))
    definition = find_parameter(model.definitions, name)
    parts = [part.strip() for part in spread.split(":")]
    if len(parts) == 3 and not definition.choices:  # noqa: PLR2004 - low, high, count
        return Axis(parameter=name, values=_spaced(definition, *parts))
    values = [part.strip() for part in spread.split(",") if part.strip()]
    if not values:
        raise _malformed(name, text)
    return Axis(parameter=name, values=tuple(check_value(definition, value) for value in values))


def _spaced(definition: ParameterDefinition, low: str, high: str, count: str) -> tuple[float, ...]:
    first, last = (float(check_value(definition, value)) for value in (low, high))
    if not (count.isascii() and count.isdecimal() and 2 <= int(count) <= MOST_POINTS):  # noqa: PLR2004 - both ends
        raise _malformed(definition.name, f"{low}:{high}:{count}")
    return tuple(float(value) for value in np.linspace(first, last, int(count)))


def _malformed(name: str, text: str) -> ParameterError:
    return ParameterError(
        N_(
            "“%(value)s” is not a range for %(parameter)s. Write low:high:count, for example 6:16:11 (2 to %(most)s values), "
            "or words with commas."
        ),
        parameter=name,
        value=text,
        most=MOST_POINTS,
    )


def evaluate_grid(model: Model, base: Case, axes: Sequence[Axis]) -> GridResult:
    """Calculate every combination of the values of the axes over a base."""
    names = [axis.parameter for axis in axes]
    if not names or len(set(names)) < len(names):
        raise ScenarioError(N_("A grid needs parameters, each once; given: %(names)s."), names=", ".join(names) or "-")
    shape = tuple(len(axis.values) for axis in axes)
    if math.prod(shape) > MOST_POINTS:
        raise ScenarioError(
            N_("The grid has %(points)s points, more than %(most)s. Take fewer values."), points=math.prod(shape), most=MOST_POINTS
        )
    points = itertools.product(*(axis.values for axis in axes))
    cases = [_point(model, base, dict(zip(names, point, strict=True))) for point in points]
    return GridResult(axes=tuple(axes), total_kg_co2e=calculate_cases(model, cases).total_kg_co2e.reshape(shape))


def _point(model: Model, base: Case, values: Mapping[str, float | str]) -> Case:
    settings = {name: (value, "") for name, value in values.items()}
    dropped = _dropped(model, base, settings) if FURNACE in values else ()
    kept = {name: value for name, value in base.parameters.items() if name not in dropped}
    view = NATIONAL if _HEADLINE_FACTOR in values else base.electricity
    return Case(parameters={**kept, **values}, electricity=view)
