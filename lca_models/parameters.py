"""Named parameters of the shipped model: definitions, and their values for one calculation."""

import difflib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lca_models.electricity import (
    EXPLICIT,
    NATIONAL,
    SCOPES,
    ElectricityTable,
    ElectricityView,
    direct_co2_refused,
    mixed_factor,
    typed_direct_co2,
    view_notices,
)
from lca_models.errors import N_, Notice, ParameterError
from lca_models.formulas import Formula, Number, evaluate
from lca_models.inventory import DirectCo2Factor
from lca_models.inventory import Distribution as Shape

FURNACE = "furnace"

Value = float | str | NDArray[np.float64]
"""What a parameter may be: a number, a choice, or (K,) numbers, one for each draw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Default:
    """Value a parameter takes when nobody sets it, with its usual range.

    Attributes
    ----------
    formula
        A number, or a formula of other parameters.
    low, high
        Usual range in the parameter's unit; None where the source gives none. Values outside are allowed and noted.
    shape
        How a value is distributed over the range; fixed where the range is a choice and not an uncertainty.

    """

    formula: Formula
    low: float | None
    high: float | None
    shape: Shape
    sources: tuple[str, ...]
    confidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterDefinition:
    """What a parameter is.

    Attributes
    ----------
    defaults
        By furnace; the key is empty if the furnace does not matter. A furnace that is missing has no such parameter.
    minimum, maximum
        Bounds that a value may not leave; None if there is none.
    choices
        Allowed words of a parameter that is not a number, the default first.
    alternatives
        Named values of other sources, with the reason why they are not the default.

    """

    name: str
    group: str
    unit: str
    meaning_en: str
    meaning_zh: str
    defaults: Mapping[str, Default]
    minimum: float | None
    maximum: float | None
    choices: tuple[str, ...] = ()
    alternatives: Mapping[str, "Alternative"]
    default: float | str
    """Value with the default furnace and the national electricity view."""

    @property
    def low(self) -> float | None:
        """Lower end of the usual range with the default furnace."""
        return self._first.low if self.defaults else None

    @property
    def high(self) -> float | None:
        """Upper end of the usual range with the default furnace."""
        return self._first.high if self.defaults else None

    @property
    def source(self) -> str:
        """Source keys, separated by semicolons."""
        return ";".join(self._first.sources) if self.defaults else ""

    @property
    def _first(self) -> Default:
        return next(iter(self.defaults.values()))

    def default_for(self, furnace: str) -> Default | None:
        """Return the default with one furnace, None if the parameter does not exist there."""
        return self.defaults.get("") or self.defaults.get(furnace)


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """A named value that may replace a default."""

    value: float
    sources: tuple[str, ...]
    reason_en: str
    reason_zh: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterValues:
    """All parameters of one calculation, or of K at once.

    Attributes
    ----------
    values
        By name; a number in the parameter's unit, (K,) numbers, or a choice.
    given
        Names that were set and not left to their defaults.

    """

    values: Mapping[str, Value]
    given: frozenset[str]
    view: ElectricityView
    notices: tuple[Notice, ...]

    @property
    def furnace(self) -> str:
        """Chosen furnace type."""
        return str(self.values[FURNACE])

    @property
    def words(self) -> Mapping[str, str]:
        """The parameters that are choices."""
        return {name: value for name, value in self.values.items() if isinstance(value, str)}

    def number(self, name: str) -> Number:
        """Return a parameter that is a number, or (K,) numbers."""
        if name not in self.values:
            raise ParameterError(
                N_("%(parameter)s has no default with the furnace %(furnace)s, and a formula needs it. Add one to the model."),
                parameter=name,
                furnace=self.furnace,
            )
        value = self.values[name]
        if isinstance(value, str):
            raise ParameterError(N_("%(parameter)s is a choice, not a number."), parameter=name)
        return value


def find_parameter(definitions: Mapping[str, ParameterDefinition], name: str) -> ParameterDefinition:
    """Return a definition; an unknown name is an error with the nearest ones."""
    if name not in definitions:
        near = difflib.get_close_matches(name, definitions, n=3, cutoff=0.5)
        raise ParameterError(
            N_("There is no parameter “%(parameter)s”. Near it: %(near)s. `anodeprint model parameters` lists all."),
            parameter=name,
            near=", ".join(near) or "-",
        )
    return definitions[name]


def check_value(definition: ParameterDefinition, value: object) -> float | str:
    """Return `value` as the parameter takes it: a number within its bounds, a choice, or the name of an alternative."""
    checked = _checked(definition, value)
    if isinstance(checked, np.ndarray):
        raise ParameterError(N_("%(parameter)s takes one value here, not several."), parameter=definition.name)
    return checked


def _checked(definition: ParameterDefinition, value: object) -> Value:
    if isinstance(value, DirectCo2Factor):
        raise direct_co2_refused(value)
    if definition.choices:
        return _choice(definition, value)
    if isinstance(value, str) and value in definition.alternatives:
        return definition.alternatives[value].value
    if isinstance(value, np.ndarray):
        for extreme in (np.min(value), np.max(value)):
            _check_bounds(definition, _number(definition, float(extreme)))
        return value
    number = _number(definition, value)
    _check_bounds(definition, number)
    return number


def _check_bounds(definition: ParameterDefinition, number: float) -> None:
    low, high = definition.minimum, definition.maximum
    if (low is not None and number < low) or (high is not None and number > high):
        raise ParameterError(
            N_("%(parameter)s = %(value)s %(unit)s is outside %(low)s to %(high)s. Check the value and its unit."),
            parameter=definition.name,
            value=f"{number:g}",
            unit=definition.unit,
            low="-∞" if low is None else f"{low:g}",
            high="∞" if high is None else f"{high:g}",
        )


def _choice(definition: ParameterDefinition, value: object) -> str:
    if value not in definition.choices:
        raise ParameterError(
            N_("%(parameter)s can't be “%(value)s”. Use one of: %(choices)s."),
            parameter=definition.name,
            value=value,
            choices=", ".join(definition.choices),
        )
    return str(value)


def _number(definition: ParameterDefinition, value: object) -> float:
    try:
        number = math.nan if isinstance(value, bool) or not isinstance(value, (int, float, str)) else float(value)
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise ParameterError(
            N_("%(parameter)s = “%(value)s” is not a finite number. Give it in %(unit)s%(alternatives)s."),
            parameter=definition.name,
            value=value,
            unit=definition.unit,
            alternatives=f" ({', '.join(definition.alternatives)})" if definition.alternatives else "",
        )
    return number


def resolve_parameters(
    definitions: Mapping[str, ParameterDefinition],
    given: Mapping[str, Value],
    *,
    electricity: ElectricityTable,
    view: ElectricityView,
) -> ParameterValues:
    """Return the values of all parameters: what was given, else the default of the furnace and the electricity view."""
    checked = {name: _checked(find_parameter(definitions, name), value) for name, value in given.items()}
    furnace = str(checked.get(FURNACE, definitions[FURNACE].default))
    resolver = _Resolver(definitions, checked, furnace=furnace, electricity=electricity, view=view)
    _check_conflicts(definitions, checked, furnace=furnace, view=view)
    names = [name for name, definition in definitions.items() if definition.choices or definition.default_for(furnace)]
    values = {
        name: checked.get(name, definitions[name].choices[0]) if definitions[name].choices else resolver.value_of(name)
        for name in names
    }
    shown = _shown_view(view, checked)
    return ParameterValues(
        values=values,
        given=frozenset(checked),
        view=shown,
        notices=(
            *view_notices(shown, values),
            *typed_direct_co2(electricity, checked),
            *_outside_usual_range(definitions, checked, furnace),
        ),
    )


class _Resolver:
    """Values by name, defaults evaluated when first needed; defaults never refer to each other in a circle (checked on loading)."""

    def __init__(
        self,
        definitions: Mapping[str, ParameterDefinition],
        given: Mapping[str, Value],
        *,
        furnace: str,
        electricity: ElectricityTable,
        view: ElectricityView,
    ) -> None:
        self._definitions = definitions
        self._known = {name: value for name, value in given.items() if not isinstance(value, str)}
        self._furnace = furnace
        self._electricity = electricity
        self._view = view

    def value_of(self, name: str) -> Number:
        """Return one value."""
        if name not in self._known:
            self._known[name] = self._default(name)
        return self._known[name]

    def _default(self, name: str) -> Number:
        if name in SCOPES and self._view.is_mixed:
            return mixed_factor(self._electricity, self._view, SCOPES[name], self.value_of)
        if SCOPES.get(name) == "":
            return self._view.kg_co2e_per_kwh
        default = find_parameter(self._definitions, name).default_for(self._furnace)
        if default is None:
            raise _not_with(name, self._furnace)
        return evaluate(default.formula, self.value_of)


def _check_conflicts(
    definitions: Mapping[str, ParameterDefinition], given: Mapping[str, Value], *, furnace: str, view: ElectricityView
) -> None:
    headline = next(name for name, prefix in SCOPES.items() if not prefix)
    if headline in given and view.key != NATIONAL:
        raise ParameterError(
            N_("%(parameter)s is set while the electricity view is “%(view)s”. Use one of the two."),
            parameter=headline,
            view=view.key,
        )
    for name in given:
        if not definitions[name].choices and definitions[name].default_for(furnace) is None:
            raise _not_with(name, furnace)


def _not_with(name: str, furnace: str) -> ParameterError:
    return ParameterError(
        N_("%(parameter)s does not exist with the furnace %(furnace)s. Leave it out."), parameter=name, furnace=furnace
    )


def _shown_view(view: ElectricityView, given: Mapping[str, Value]) -> ElectricityView:
    headline = next(name for name, prefix in SCOPES.items() if not prefix)
    if headline not in given:
        return view
    value = given[headline]
    shown = float(np.mean(value)) if isinstance(value, np.ndarray) else float(value)
    factor = replace(view.factor, flow=headline, value=shown, region="", year="")
    return ElectricityView(key=EXPLICIT, name_en="set explicitly", name_zh="直接给定", factor=factor, status="explicit")


def _outside_usual_range(
    definitions: Mapping[str, ParameterDefinition], given: Mapping[str, Value], furnace: str
) -> Iterable[Notice]:
    for name, value in given.items():
        default = definitions[name].default_for(furnace)
        if default is None or not isinstance(value, float):  # draws are meant to fill the range
            continue
        if (default.low is not None and value < default.low) or (default.high is not None and value > default.high):
            yield Notice(
                template=N_("%(parameter)s = %(value)s %(unit)s is outside its usual range %(low)s to %(high)s."),
                values={
                    "parameter": name,
                    "value": f"{value:g}",
                    "unit": definitions[name].unit,
                    "low": "-∞" if default.low is None else f"{default.low:g}",
                    "high": "∞" if default.high is None else f"{default.high:g}",
                },
                parameter=name,
            )
