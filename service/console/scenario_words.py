"""Words of scenarios: groups, settings and views in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import Final

from lca_models.model import Model
from lca_models.parameters import ParameterDefinition
from lca_models.scenarios import ELECTRICITY, Scenario
from service.console.choices import Options
from service.console.footprint_words import choice_name
from service.errors import N_
from service.i18n import Locale, translate
from service.web.formatting import format_exact

GROUPS: Final[Mapping[str, str]] = {
    "own": N_("Your own"),
    "furnace": N_("Furnace"),
    "yield": N_("Yields"),
    "grid": N_("Electricity"),
    "fuel": N_("Fuel of the kiln"),
    "transport": N_("Transport"),
    "recycling": N_("Recycled graphite"),
    "supply": N_("Materials"),
    "prospective": N_("Grids to come"),
}
_ELECTRICITY: Final = N_("Electricity view")


def scenario_name(scenario: Scenario, locale: Locale) -> str:
    """Return a scenario's name."""
    return scenario.name_zh if locale == "zh-CN" else scenario.name_en


def reasoning(scenario: Scenario, locale: Locale) -> str:
    """Return why anybody should believe a scenario."""
    return scenario.reasoning_zh if locale == "zh-CN" else scenario.reasoning_en


def setting_name(model: Model, setting: str, locale: Locale) -> str:
    """Return what a setting is: a parameter's meaning, or the electricity view."""
    if setting == ELECTRICITY:
        return translate(locale, _ELECTRICITY)
    definition = model.definitions.get(setting)
    return setting if definition is None else meaning(definition, locale)


def meaning(definition: ParameterDefinition, locale: Locale) -> str:
    """Return what a parameter means."""
    return definition.meaning_zh if locale == "zh-CN" else definition.meaning_en


def setting_value(model: Model, setting: str, value: float | str, locale: Locale) -> str:
    """Return a value with its unit, a choice or a view by name."""
    if setting == ELECTRICITY:
        view = model.electricity.views.get(str(value))
        return str(value) if view is None else (view.name_zh if locale == "zh-CN" else view.name_en)
    if isinstance(value, str):
        return _alternative(model.definitions.get(setting), value, locale) or str(choice_name(value, locale))
    definition = model.definitions.get(setting)
    unit = "" if definition is None or definition.unit == "1" else f" {definition.unit}"
    return f"{format_exact(float(f'{value:.6g}'), locale)}{unit}"


def _alternative(definition: ParameterDefinition | None, value: str, locale: Locale) -> str | None:
    found = definition.alternatives.get(value) if definition else None
    return None if found is None else (found.reason_zh if locale == "zh-CN" else found.reason_en)


def settings_of(model: Model, scenario: Scenario, locale: Locale) -> Sequence[tuple[str, str]]:
    """Return what a scenario sets: (what, to which value)."""
    return [
        (setting_name(model, name, locale), setting_value(model, name, value, locale)) for name, value in scenario.settings.items()
    ]


def view_options(model: Model, locale: Locale) -> Options:
    """Return the electricity views by name."""
    return [(view.key, view.name_zh if locale == "zh-CN" else view.name_en) for view in model.electricity.views.values()]
