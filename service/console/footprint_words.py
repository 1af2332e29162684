"""Words for what a footprint is made of: stages, flows, parameters, formulas, in the reader's language."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from lca_models.model import load_model
from service.console.choices import flow_label
from service.errors import N_
from service.i18n import Locale, translate
from service.products.recipe import FURNACE_LABELS
from service.submissions.models import Depth
from service.submissions.questionnaire import questions_for
from service.suppliers.flows import FLOWS
from service.suppliers.models import SupplierType

# Flows of the model that nobody buys from a supplier of ours.
_OTHER_FLOWS: Final[Mapping[str, str]] = {
    "electricity_cn_grid": N_("Electricity"),
    "CO2_fossil": N_("Direct CO₂"),
    "CO_fossil": N_("Carbon monoxide"),
    "tap_water": N_("Water"),
    "diesel_burned": N_("Diesel"),
    "tar_hazardous_waste_HW11": N_("Tar treatment"),
    "rail_freight": N_("Rail freight"),
    "CO2_biogenic_uptake": N_("Biogenic carbon taken up"),
    "fuel_petroleum_coke": N_("Fuel coke that fines replace"),
    "recycled_graphite_concentrate": N_("Recycled graphite"),
}
_GASES: Final[Mapping[str, str]] = {
    "upstream_unsplit": N_("In supplies, gases not told apart (published as one sum)"),
    "CO2": N_("Carbon dioxide"),
    "CO": N_("Carbon monoxide"),
    "CH4": N_("Methane"),
    "N2O": N_("Nitrous oxide"),
}
SPLIT: Final[Mapping[str, str]] = {
    "fossil": N_("Fossil"),
    "biogenic": N_("Biogenic, emitted"),
    "biogenic_uptake": N_("Biogenic, taken up (not part of the total)"),
    "land_use": N_("Land use and land-use change"),
}
_GROUPS: Final[Mapping[str, str]] = {
    "milling": N_("Milling and shaping (P1)"),
    "granulation": N_("Granulation and pre-carbonization (P2)"),
    "graphitization": N_("Graphitization (P3)"),
    "coating": N_("Coating and carbonization (P4)"),
    "finishing": N_("Finishing and packaging (P5)"),
    "utilities": N_("Site utilities (P6)"),
    "transport": N_("Inbound transport (P7)"),
    "allocation": N_("Allocation"),
    "electricity": N_("Electricity factors"),
    "factors": N_("Factors of what is bought"),
    "method": N_("Method"),
}
CHOICES: Final[Mapping[str, str]] = {
    "subdivision": N_("Subdivision: net use and all furnace power"),
    "substitution": N_("Substitution: credit for what is replaced"),
    "economic": N_("By revenue (price times amount)"),
    "mass": N_("By mass"),
    "none": N_("No allocation: the product carries all"),
    "cut_off": N_("Cut-off: no credit, no burden"),
}
"""Words of the allocation choices."""
VIEWS: Final[Mapping[str, tuple[str, str]]] = {
    "national": (
        N_("National average"),
        N_("Official life-cycle factor of China; the headline figure, comparable between plants."),
    ),
    "provinces": (
        N_("Provinces of the plants"),
        N_("Each plant with its own province; the factors are derived for screening and not official."),
    ),
    "market": (
        N_("Contracts"),
        N_("Evidenced green power at its own factor, all other electricity at the residual mix."),
    ),
    "eu_draft": (
        N_("EU draft act"),
        N_(
            "National consumption mix, or an evidenced direct line; contracts and certificates do not count. "
            "Final text not confirmed."
        ),
    ),
    "china_label": (
        N_("China label"),
        N_("Evidenced green power at its own factor, all other electricity at the national average. Rule not confirmed."),
    ),
}
_FIELD: Final = re.compile(r"[a-z_]{4,}")
_DEFAULT_WORD: Final = N_("default")


def stage_name(code: str, locale: Locale) -> str:
    """Return the name of a life-cycle stage."""
    stage = next(stage for stage in load_model().stages if stage.code == code)
    return stage.name_zh if locale == "zh-CN" else stage.name_en


def flow_name(flow: str, locale: Locale) -> str:
    """Return the name of a flow."""
    return flow_label(flow, locale) if flow in FLOWS else translate(locale, _OTHER_FLOWS.get(flow, flow))


def gas_name(gas: str, locale: Locale) -> str:
    """Return the name of a greenhouse gas; one without a name keeps its formula."""
    return translate(locale, _GASES.get(gas, gas))


def group_name(group: str, locale: Locale) -> str:
    """Return the name of a group of parameters."""
    return translate(locale, _GROUPS.get(group, group))


def parameter_meaning(parameter: str, locale: Locale) -> str:
    """Return what a parameter means; one that a later model has dropped keeps its name."""
    definition = load_model().definitions.get(parameter)
    if definition is None:
        return parameter
    return definition.meaning_zh if locale == "zh-CN" else definition.meaning_en


def choice_name(value: float | str, locale: Locale) -> float | str:
    """Return the name of a choice; a number stays as it is."""
    return translate(locale, FURNACE_LABELS.get(value) or CHOICES.get(value, value)) if isinstance(value, str) else value


def alternative_reason(parameter: str, alternative: str, locale: Locale) -> str:
    """Return what stands behind a named alternative of a factor; one that a later model has dropped keeps its name."""
    definition = load_model().definitions.get(parameter)
    found = definition.alternatives.get(alternative) if definition else None
    if found is None:
        return alternative
    return found.reason_zh if locale == "zh-CN" else found.reason_en


def parameter_group(parameter: str) -> str:
    """Return the group of a parameter."""
    definition = load_model().definitions.get(parameter)
    return definition.group if definition else ""


def field_label(field: str, locale: Locale) -> str:
    """Return the label of a field of the questionnaires; another word keeps itself."""
    return _field_labels(locale).get(field, field)


def readable_formula(formula: str, locale: Locale) -> str:
    """Put the labels of the questionnaires into a formula that names fields by key."""
    return _FIELD.sub(lambda match: field_label(match[0], locale), formula)


@lru_cache
def _field_labels(locale: Locale) -> Mapping[str, str]:
    labels = {
        question.key: translate(locale, question.label) for one in SupplierType for question in questions_for(one, Depth.FULL)
    }
    return labels | {"default": translate(locale, _DEFAULT_WORD)}
