"""What differs between two footprints, sorted into changes."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from lca_models.calculation import Footprint
from lca_models.electricity import SCOPES
from lca_models.emissions import GwpSet
from lca_models.model import Model
from lca_models.parameters import FURNACE, ParameterDefinition

MODEL: Final = "model"
GWP: Final = "gwp"
ELECTRICITY_VIEW: Final = "electricity_view"

_ELECTRICITY: Final = "electricity"
_HEADLINE: Final = next(iter(SCOPES))
_SAME: Final = ""

Pair = tuple[float | str | None, float | str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A parameter on both sides, in its unit; None where a side has no such parameter."""

    parameter: str
    before: float | str | None
    after: float | str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """All changes between two footprints.

    Attributes
    ----------
    changes
        Their keys, switches first, then in the order of the process chain.
    switches
        Those that are a choice and not a number: model, GWP set, furnace and other choices.
    values
        By parameter: value before, value after, and the change it belongs to, empty if it is the same. None where a side has no
        such parameter.

    """

    changes: tuple[str, ...]
    switches: frozenset[str]
    values: Mapping[str, tuple[float | str | None, float | str | None, str]]

    def parameters_of(self, change: str) -> tuple[Difference, ...]:
        """Return what belongs to a change."""
        return tuple(
            Difference(parameter=name, before=before, after=after)
            for name, (before, after, key) in self.values.items()
            if key == change
        )

    def is_after(self, change: str, made: Mapping[str, NDArray[np.bool_]]) -> bool:
        """Tell whether a switch stands on the second footprint, in combinations that agree about it."""
        return change in made and bool(made[change][0])


def find_differences(model: Model, before: Footprint, other_model: Model, after: Footprint, *, grouped: bool) -> Differences:
    """Return what differs, each parameter in exactly one change.

    What follows other parameters by default on both sides is left to follow them. A parameter that nobody set but that differs
    belongs to the furnace or the model version that gave it another default. Electricity counts by its factors, whatever the
    views behind them; shares of contracts are in these factors already.

    Parameters
    ----------
    grouped
        One change for each group of parameters, else one for each parameter.

    """
    sorting = _Sorting((model, other_model), (before, after), grouped=grouped)
    names = dict.fromkeys((*other_model.definitions, *model.definitions))
    values = {name: (*sorting.pair(name), sorting.change_of(name)) for name in names if sorting.is_passed(name)}
    switches = {name for name in names if sorting.is_choice(name)} | {MODEL, GWP}
    keys = [*sorting.whole_changes(), *(key for _, _, key in values.values() if key)]
    changes = sorted(dict.fromkeys(keys), key=lambda key: key not in switches)
    return Differences(changes=tuple(changes), switches=frozenset(switches), values=values)


class _Sorting:
    """Which change a parameter belongs to."""

    def __init__(self, models: tuple[Model, Model], footprints: tuple[Footprint, Footprint], *, grouped: bool) -> None:
        self._models = models
        self._footprints = footprints
        self._grouped = grouped
        self._given = footprints[0].given | footprints[1].given
        self._same_model = models[0].content_hash == models[1].content_hash
        self._same_furnace = footprints[0].parameters[FURNACE] == footprints[1].parameters[FURNACE]
        self._views = tuple(one.electricity_view for one in footprints)

    def whole_changes(self) -> Iterable[str]:
        """Return the changes of the model and of the GWP set."""
        if not self._same_model:
            yield MODEL
        sets = {one.gwp for one in self._footprints}
        # With other values than those of AR6, it also counts of which factors the gases are known: not of those that were set.
        if len(sets) > 1 or (sets != {GwpSet.AR6} and self._footprints[0].given != self._footprints[1].given):
            yield GWP

    def pair(self, name: str) -> Pair:
        """Return the values of both sides."""
        before, after = (one.parameters.get(name) for one in self._footprints)
        return before, after

    def is_choice(self, name: str) -> bool:
        """Tell whether a parameter is a choice."""
        return bool(self._definition(name).choices)

    def is_passed(self, name: str) -> bool:
        """Tell whether a parameter has to be said: it differs or somebody set it, and it does not follow others."""
        before, after = self.pair(name)
        if name in SCOPES:
            return name == _HEADLINE or name in self._given or any(view.is_mixed for view in self._views)
        if self._definition(name).group == _ELECTRICITY:
            return False
        return name in self._given or (before != after and not self._follows(name))

    def change_of(self, name: str) -> str:
        """Return the key of the change; empty if both sides are the same."""
        before, after = self.pair(name)
        if before == after:
            return _SAME
        if self.is_choice(name):
            return name
        if before is None or after is None:
            return MODEL if any(name not in model.definitions for model in self._models) else FURNACE
        return self._of_number(name)

    def _of_number(self, name: str) -> str:
        if name in SCOPES and self._views[0].key != self._views[1].key:
            return ELECTRICITY_VIEW
        if name not in self._given and not self._same_furnace and "" not in self._definition(name).defaults:
            return FURNACE
        if name not in self._given and not self._same_model:
            return MODEL
        return self._definition(name).group if self._grouped else name

    def _follows(self, name: str) -> bool:
        """Tell whether nobody set a parameter and its default is made of others, in the same way on both sides."""
        default = self._definition(name).default_for(str(self._footprints[1].parameters[FURNACE]))
        used = default.formula.names if default else frozenset()
        return (
            self._same_model and self._same_furnace and name not in self._given and not used.isdisjoint(self._models[1].definitions)
        )

    def _definition(self, name: str) -> ParameterDefinition:
        return self._models[1].definitions.get(name) or self._models[0].definitions[name]
