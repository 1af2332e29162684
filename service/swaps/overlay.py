"""Another supplier for an input as an overlay on the product's parameters: the model itself is never touched.

A combination names for each input who delivers how much of it. Inputs that share no parameter are rebuilt one by one and laid over
each other, so that ten thousand combinations cost no more than their few dozen distinct choices, and one solve of all rows.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from lca_models.batch import Case
from lca_models.model import Model
from service.footprints.parameter_setting import Answers, Background, StandIns, Values
from service.footprints.parameters import parameters_from
from service.footprints.provenance import Provenance
from service.footprints.supplier_readers import OWN_PLANT
from service.footprints.supplier_values import COKE_FLOWS, FREIGHT_FLOW, PACKING_COKE, TOLL_FLOW
from service.footprints.views import Locations, headline_parameters
from service.products.models import Product

Mix = Mapping[uuid.UUID, float]
"""Share of each supplier of one input, 0 to 1; they sum to one."""
Combination = Mapping[str, Mix]
"""By flow; a flow that is left out stays as it is today."""

_TOGETHER: Final = (frozenset({TOLL_FLOW, PACKING_COKE}), frozenset({*COKE_FLOWS, FREIGHT_FLOW}))
"""Inputs that set the same parameters: packing coke of toll plants, and the way of all coke."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workbench:
    """A product in a period, with the answers of everybody who could deliver to it.

    Attributes
    ----------
    today
        Shares of the suppliers of the period, the maker's own plant among them.
    stand_ins
        What suppliers count where they have not answered.

    """

    product: Product
    model: Model
    background: Background
    answers: Answers
    locations: Locations
    stand_ins: StandIns
    today: Combination

    @property
    def inputs(self) -> tuple[str, ...]:
        """The flows whose suppliers can be swapped."""
        return tuple(flow for flow in self.today if flow != OWN_PLANT)

    def rebuild(self, combination: Combination) -> tuple[dict[str, float | str], dict[str, Provenance]]:
        """Return all that the headline of a combination is calculated with, from the answers on, and where it comes from.

        Raises
        ------
        ParametersError
            If the answers of a supplier can't make this product.

        """
        parameters, provenance = parameters_from(
            self.product,
            {**self.today, **combination},
            self.answers,
            self.model,
            background=self.background,
            stand_ins=self.stand_ins,
        )
        given = headline_parameters(self.model, parameters, provenance, answers=self.answers, locations=self.locations)
        return given, provenance


_Key = tuple[tuple[str, frozenset[tuple[uuid.UUID, float]]], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Change:
    """What one choice makes of today's parameters; parameters that are taken away follow the model again."""

    values: Values
    removed: tuple[str, ...]
    provenance: Mapping[str, Provenance]


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlays:
    """Combinations laid over today's parameters; every choice is rebuilt once and kept."""

    workbench: Workbench
    base: Values
    _known: dict[_Key, _Change] = field(default_factory=dict)

    def case(self, combination: Combination) -> Case:
        """Return what is calculated for a combination; errors as in `Workbench.rebuild`."""
        parameters = dict(self.base)
        for choice in choices_of(combination):
            change = self._change(choice)
            for name in change.removed:
                parameters.pop(name, None)
            parameters.update(change.values)
        return Case(parameters=parameters)

    def rebuilt(self, choice: Combination) -> tuple[Values, Mapping[str, Provenance]]:
        """Return the parameters of one choice over today's suppliers, and where they come from; errors as in `case`."""
        return self.case(choice).parameters, self._change(choice).provenance

    def _change(self, choice: Combination) -> _Change:
        key = key_of(choice)
        if key not in self._known:
            rebuilt, provenance = self.workbench.rebuild(choice)
            self._known[key] = _Change(
                values={name: value for name, value in rebuilt.items() if self.base.get(name) != value},
                removed=tuple(name for name in self.base if name not in rebuilt),
                provenance=provenance,
            )
        return self._known[key]


def overlays_of(workbench: Workbench) -> Overlays:
    """Return the overlays over today's suppliers; errors as in `Workbench.rebuild`."""
    base, _ = workbench.rebuild({})
    return Overlays(workbench=workbench, base=base)


def choices_of(combination: Combination) -> Sequence[Combination]:
    """Split a combination into choices that share no parameter."""
    left = dict(combination)
    together: list[dict[str, Mix]] = []
    for group in _TOGETHER:
        found = {flow: left.pop(flow) for flow in tuple(left) if flow in group}
        if found:
            together.append(found)
    return [*together, *({flow: mix} for flow, mix in left.items())]


def key_of(combination: Combination) -> _Key:
    """Return a combination as something to look up by; suppliers with no share don't count."""
    return tuple((flow, frozenset(item for item in combination[flow].items() if item[1])) for flow in sorted(combination))


def whole(supplier_id: uuid.UUID) -> Mix:
    """Return the mix in which one supplier delivers all."""
    return {supplier_id: 1.0}


def is_nothing(combination: Combination, today: Combination) -> bool:
    """Tell whether a combination leaves everything as it is today."""
    return all(key_of({flow: mix}) == key_of({flow: today[flow]}) for flow, mix in combination.items())


def halves(suppliers: Iterable[uuid.UUID]) -> Mix:
    """Return the mix in which suppliers deliver equal parts."""
    named = tuple(suppliers)
    return dict.fromkeys(named, 1.0 / len(named))
