"""Words for what a model is made of: processes, flows, tables, directions, confidence, in the reader's language."""

from collections.abc import Mapping
from typing import Final

from lca_models.model import Model, stage_of
from service.errors import N_
from service.i18n import Locale, translate
from service.modelling.inspection import furnace_of
from service.products.recipe import FURNACE_LABELS
from service.suppliers.flows import FLOWS

_PROCESSES: Final[Mapping[str, str]] = {
    "P7b_toll_graphitisation_transport": N_("Transport to and from the toll graphitizer"),
}
# What the model calls a product is what a supplier of ours sells as a service: the model's word comes first.
_FLOWS: Final[Mapping[str, str]] = {
    "anode_graphite_packed": N_("Packed anode material"),
    "CO2_fossil": N_("Direct CO₂"),
    "CO_fossil": N_("Carbon monoxide"),
    "coated_powder": N_("Coated powder"),
    "coke_fines": N_("Coke fines"),
    "diesel_burned": N_("Diesel"),
    "electricity_cn_grid": N_("Electricity"),
    "finishing_rejects": N_("Finishing rejects"),
    "graphitised_packing_coke": N_("Graphitized packing coke, sold"),
    "graphitised_powder": N_("Graphitized powder"),
    "inbound_transport_per_kg": N_("Inbound transport"),
    "packing_coke_gross": N_("Packing coke put in"),
    "precarbonised_granulate": N_("Pre-carbonized granulate"),
    "shaped_coke_powder": N_("Shaped powder"),
    "site_utilities_per_kg": N_("Site utilities"),
    "tap_water": N_("Water"),
    "tar_hazardous_waste_HW11": N_("Tar treatment"),
    "toll_transport_per_kg": N_("Toll transport"),
}
DIRECTIONS: Final[Mapping[str, str]] = {
    "reference": N_("Product"),
    "input": N_("Goes in"),
    "waste": N_("Goes to treatment"),
    "emission_air": N_("Emitted to air"),
    "byproduct": N_("By-product, no credit"),
    "info": N_("For information"),
    "byproduct_info": N_("By-product, for information"),
}
DISTRIBUTIONS: Final[Mapping[str, str]] = {
    "fixed": N_("fixed"),
    "lognormal": N_("lognormal"),
    "normal": N_("normal"),
    "triangular": N_("triangular"),
    "uniform": N_("uniform"),
}
CONFIDENCES: Final[Mapping[str, tuple[str, str]]] = {
    "high": (N_("High"), "good"),
    "published/verified": (N_("Published, verified"), "good"),
    "medium": (N_("Medium"), "info"),
    "secondary": (N_("From a second source"), "info"),
    "derived": (N_("Derived"), "info"),
    "low": (N_("Low"), "attention"),
    "memory": (N_("From practice, not verified"), "bad"),
    "definition": (N_("By definition"), "neutral"),
}
"""Words and tone of each confidence."""
FACTOR_KINDS: Final[Mapping[str, str]] = {
    "life_cycle": N_("Life cycle, kg CO₂e"),
    "gwp100": N_("GWP100, kg CO₂e"),
    "direct_co2": N_("Direct CO₂ only, not for product footprints"),
}
TABLES: Final[Mapping[str, str]] = {
    "allocation_cases.csv": N_("Allocation decisions"),
    "alternatives.csv": N_("Alternative values"),
    "background_splits.csv": N_("Gases in supplies"),
    "carbon_contents.csv": N_("Carbon contents"),
    "electricity_cn.csv": N_("Electricity factors"),
    "emission_flows.csv": N_("Gases and their GWP"),
    "evidence_uncertainty.csv": N_("Uncertainty by kind of evidence"),
    "exemptions.csv": N_("Flows left out"),
    "exchange_formulas.csv": N_("Formulas of exchanges"),
    "factor_sets.csv": N_("Versions of the electricity factors"),
    "furnace_defaults.csv": N_("Defaults by furnace"),
    "linked_exchanges.csv": N_("Exchanges that parameters switch on"),
    "literature_factors.csv": N_("Factors of the literature route"),
    "literature_route.csv": N_("Literature route"),
    "parameters.csv": N_("Parameters"),
    "pedigree.csv": N_("Pedigree scores"),
    "sources.toml": N_("Sources"),
    "stages.csv": N_("Life-cycle stages"),
    "unit_processes.csv": N_("Exchanges of the processes"),
    "upstream_builds.csv": N_("Builds of upstream materials"),
    "upstream_factors.csv": N_("Factors of what is bought"),
}


def process_name(model: Model, process: str, locale: Locale) -> str:
    """Return the name of a process: its stage, and the furnace of a variant."""
    if process in _PROCESSES:
        return translate(locale, _PROCESSES[process])
    furnace = furnace_of(process)
    stage = next((one for one in model.stages if one.code == stage_of(process)), None)
    if stage is None:
        return process.partition("_")[2].replace("_", " ")
    name = stage.name_zh if locale == "zh-CN" else stage.name_en
    return f"{name} · {furnace_name(furnace, locale)}" if furnace else name


def furnace_name(furnace: str, locale: Locale) -> str:
    """Return the name of a furnace; one that a later model adds keeps its key."""
    return translate(locale, FURNACE_LABELS.get(furnace, furnace))


def model_flow_name(model: Model, flow: str, locale: Locale) -> str:
    """Return the name of a flow as the model means it; one without a name keeps its key, made readable."""
    if flow in _FLOWS:
        return translate(locale, _FLOWS[flow])
    if flow in FLOWS:
        return translate(locale, FLOWS[flow].label)
    if flow in model.emission_flows:
        found = model.emission_flows[flow]
        return found.name_zh if locale == "zh-CN" else found.name_en
    factor = model.factors.life_cycle.get(flow)
    if factor is not None and factor.name_zh and locale == "zh-CN":
        return factor.name_zh
    return flow.replace("_", " ")


def direction_name(direction: str, locale: Locale) -> str:
    """Return what an exchange does."""
    return translate(locale, DIRECTIONS.get(direction, direction))


def distribution_name(distribution: str, locale: Locale) -> str:
    """Return the name of a distribution."""
    return translate(locale, DISTRIBUTIONS.get(distribution, distribution))


def confidence_words(confidence: str, locale: Locale) -> tuple[str, str]:
    """Return words and tone of a confidence; none stated is a dash."""
    words, tone = CONFIDENCES.get(confidence, (confidence or "–", "neutral"))
    return translate(locale, words), tone


def table_name(file: str, locale: Locale) -> str:
    """Return the name of a table; one without a name keeps its file name."""
    return translate(locale, TABLES.get(file, file))


def meaning_of(model: Model, parameter: str, locale: Locale) -> str:
    """Return what a parameter of this model means."""
    definition = model.definitions.get(parameter)
    if definition is None:
        return parameter
    return definition.meaning_zh if locale == "zh-CN" else definition.meaning_en


def stage_label(model: Model, code: str, locale: Locale) -> str:
    """Return the name of a stage of this model."""
    stage = next((one for one in model.stages if one.code == code), None)
    if stage is None:
        return code
    return stage.name_zh if locale == "zh-CN" else stage.name_en
