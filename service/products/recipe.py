"""Which model parameters a product may set, and reading what was typed for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from lca_models.electricity import NATIONAL
from lca_models.errors import ParameterError
from lca_models.model import Model, load_model
from lca_models.parameters import ParameterDefinition, check_value, resolve_parameters
from service.errors import N_, FieldError, InvalidInputError
from service.i18n import Locale

RECIPE_GROUPS: Mapping[str, str] = {
    "milling": N_("Milling and shaping (P1)"),
    "granulation": N_("Granulation and pre-carbonization (P2)"),
    "graphitization": N_("Graphitization (P3)"),
    "coating": N_("Coating and carbonization (P4)"),
    "finishing": N_("Finishing and packaging (P5)"),
    "utilities": N_("Site utilities (P6)"),
    "transport": N_("Inbound transport (P7)"),
    "allocation": N_("Allocation"),
}
"""Groups of `parameters.csv` on the maker's plant and on methods; factors come from suppliers and the electricity view."""
OWN_FIELDS = frozenset({"furnace", "toll_share"})

FURNACE_LABELS: Mapping[str, str] = {
    "acheson_crucible": N_("Acheson furnace, crucibles"),
    "box": N_("Box furnace"),
    "inner_string": N_("Inner-string furnace"),
    "continuous": N_("Continuous furnace"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeParameter:
    """A parameter as the recipe form shows it.

    Attributes
    ----------
    default
        What the model takes when nothing is set, with this furnace; in `unit`.
    minimum, maximum
        Bounds that a value may not leave.
    low, high
        Usual range; outside it is allowed and noted.
    choices
        Allowed words of a choice, the default first; empty for a number.

    """

    name: str
    group: str
    unit: str
    meaning_en: str
    meaning_zh: str
    default: float | str
    minimum: float | None
    maximum: float | None
    low: float | None
    high: float | None
    source: str
    choices: tuple[str, ...]

    def is_unusual(self, value: float | str) -> bool:
        """Whether a value lies outside the usual range, which is allowed and worth a second look."""
        if isinstance(value, str):
            return False
        return (self.low is not None and value < self.low) or (self.high is not None and value > self.high)

    def meaning(self, locale: Locale) -> str:
        """Return the meaning in a language."""
        return self.meaning_zh if locale == "zh-CN" else self.meaning_en


def furnaces() -> tuple[str, ...]:
    """Return the furnaces, the default first; versions of the model change what they need, not which there are."""
    return load_model().parameter("furnace").choices


def recipe_parameters(model: Model, furnace: str) -> tuple[RecipeParameter, ...]:
    """Return what a product with this furnace may set, in the order of the route."""
    view = model.electricity.view(NATIONAL)
    resolved = resolve_parameters(model.definitions, {"furnace": furnace}, electricity=model.electricity, view=view)
    shown = [one for one in model.parameters if one.group in RECIPE_GROUPS and one.name not in OWN_FIELDS]
    return tuple(
        _shown(definition, furnace, resolved.words.get(definition.name) or float(resolved.number(definition.name)))
        for definition in shown
        if definition.choices or definition.default_for(furnace)
    )


def read_recipe(model: Model, typed: Mapping[str, object], *, furnace: str) -> Mapping[str, float | str]:
    """Check parameters of a recipe; empty texts are left out.

    Raises
    ------
    InvalidInputError
        With a message per parameter that is unknown with this furnace, no number or choice, or out of bounds.

    """
    known = {parameter.name: parameter for parameter in recipe_parameters(model, furnace)}
    values: dict[str, float | str] = {}
    errors: dict[str, FieldError] = {}
    for name, given in typed.items():
        if given is None or (isinstance(given, str) and not given.strip()):
            continue
        try:
            if name not in known:
                raise _not_in_recipe(name, furnace)
            values[name] = _read_value(model, name, given)
        except FieldError as error:
            errors[name] = error
    if errors:
        raise InvalidInputError(errors)
    return values


def _shown(definition: ParameterDefinition, furnace: str, default: float | str) -> RecipeParameter:
    usual = definition.default_for(furnace)
    return RecipeParameter(
        name=definition.name,
        group=definition.group,
        unit=definition.unit,
        meaning_en=definition.meaning_en,
        meaning_zh=definition.meaning_zh,
        default=default,
        minimum=definition.minimum,
        maximum=definition.maximum,
        low=usual.low if usual else None,
        high=usual.high if usual else None,
        source=definition.source,
        choices=definition.choices,
    )


def _not_in_recipe(name: str, furnace: str) -> FieldError:
    return FieldError(
        N_("%(parameter)s is not part of the recipe with the furnace %(furnace)s; leave it out."), parameter=name, furnace=furnace
    )


def _read_value(model: Model, name: str, given: object) -> float | str:
    text = given.strip().replace(",", "") if isinstance(given, str) else given
    try:
        return check_value(model.parameter(name), text)
    except ParameterError as error:
        raise FieldError(error.template, **error.values) from error
