"""What a method version may choose, and the footprint that follows from its choices: pure functions on the model."""

from collections.abc import Mapping
from typing import Final, Protocol

from lca_models.calculation import Footprint, calculate_footprint
from lca_models.electricity import EXPLICIT, NATIONAL
from lca_models.emissions import GwpSet
from lca_models.methods.sharing import FINES, PACKING_COKE
from lca_models.model import Model

DEFAULT: Final = "default"
"""Stands for the model's own factor where alternatives have names."""
EXCLUDED: Final = "excluded"
INCLUDED: Final = "included"
GWP_SETS: Final = tuple(one.value for one in GwpSet)

PARAMETERS: Final[Mapping[str, str]] = {
    "packing_coke_allocation": PACKING_COKE,
    "fines_allocation": FINES,
    "petroleum_coke": "green_petroleum_coke_kg_co2e_per_kg",
    "coal_tar_pitch": "coal_tar_pitch_kg_co2e_per_kg",
}
"""Parameter of the model that each choice of allocation sets."""


class MethodChoices(Protocol):
    """The choices of a method version."""

    @property
    def gwp(self) -> str:
        """Set of GWP100."""

    @property
    def electricity(self) -> str:
        """Key of the electricity view."""

    @property
    def uptake(self) -> str:
        """Whether biogenic uptake counts in the total."""

    @property
    def packing_coke_allocation(self) -> str:
        """How the furnace shares with the packing coke it sells."""

    @property
    def fines_allocation(self) -> str:
        """How milling shares with the fines it sells."""

    @property
    def petroleum_coke(self) -> str:
        """Allocation at the refinery."""

    @property
    def coal_tar_pitch(self) -> str:
        """Allocation at the coke oven."""


def choices_for(model: Model, choice: str) -> tuple[str, ...]:
    """Return the words that a choice of allocation may take in a model."""
    definition = model.definitions[PARAMETERS[choice]]
    return tuple(definition.choices) or (DEFAULT, *definition.alternatives)


def footprint_by(model: Model, given: Mapping[str, float | str], method: MethodChoices, *, view: str) -> Footprint:
    """Return the footprint of given parameters under a method's choices.

    A factor that a supplier or the maker has given stays: a method chooses among the model's factors, it does not replace
    primary data.

    Parameters
    ----------
    view
        Electricity view of the record: a factor set explicitly in `given` stays under every method.

    """
    chosen = {PARAMETERS[name]: _value(model, name, getattr(method, name)) for name in PARAMETERS}
    kept = {name: value for name, value in given.items() if not _is_choice(model, name, value)}
    parameters = {**{name: value for name, value in chosen.items() if value is not None}, **kept}
    electricity = NATIONAL if view == EXPLICIT else method.electricity
    return calculate_footprint(model, parameters, electricity=electricity, gwp=GwpSet(method.gwp), check=False)


def _value(model: Model, choice: str, word: str) -> float | str | None:
    definition = model.definitions[PARAMETERS[choice]]
    if definition.choices:
        return word
    return None if word == DEFAULT else definition.alternatives[word].value


def _is_choice(model: Model, name: str, value: float | str) -> bool:
    """Tell whether a parameter's value is one that methods choose: a word, the default, or a named alternative."""
    if name not in PARAMETERS.values():
        return False
    definition = model.definitions[name]
    return (
        bool(definition.choices) or value == definition.default or value in {one.value for one in definition.alternatives.values()}
    )


def reported_total(footprint: Footprint, method: MethodChoices) -> float:
    """Return the total as the method reports it, kg CO2e per kg: with biogenic uptake as a negative emission, or without."""
    uptake = footprint.split_kg_co2e.biogenic_uptake if method.uptake == INCLUDED else 0.0
    return footprint.total_kg_co2e + uptake
