"""What lines and gaps are called, in both languages: on pages, on paper and in workbooks."""

from collections.abc import Mapping
from typing import Final

from service.company_inventory.lines import GAP_TEXTS, Category, Gap, Scope, View
from service.company_inventory.models import RestatementCause
from service.company_inventory.scope_2 import UNCLAIMED
from service.errors import N_
from service.monitoring.carriers import carriers
from service.pdf.bilingual import Bilingual, both, same
from service.suppliers.flows import FLOWS

SCOPES: Final[Mapping[Scope, str]] = {
    Scope.SCOPE_1: N_("Direct emissions (Scope 1)"),
    Scope.SCOPE_2: N_("Purchased electricity and heat (Scope 2)"),
    Scope.SCOPE_3: N_("Supply chain (Scope 3)"),
    Scope.SUPPLIED: N_("Energy supplied to others"),
}
CATEGORIES: Final[Mapping[Category, str]] = {
    Category.COMBUSTION: N_("Fuels burnt"),
    Category.PROCESS: N_("Carbon of the process"),
    Category.ELECTRICITY: N_("Electricity"),
    Category.HEAT: N_("Heat and steam"),
    Category.PURCHASED_GOODS: N_("Purchased materials (category 1)"),
    Category.TOLL_GRAPHITISATION: N_("Graphitization done by others (category 1)"),
    Category.FUEL_AND_ENERGY: N_("Supply of fuels and electricity (category 3)"),
    Category.FREIGHT: N_("Freight that we pay (category 4)"),
}
CATEGORY_WORDS: Final[Mapping[str, str]] = {key.value: text for key, text in CATEGORIES.items()}
VIEWS: Final[Mapping[View, str]] = {
    View.BOTH: N_("both views"),
    View.LOCATION: N_("by the grid of the province"),
    View.MARKET: N_("by what is claimed"),
}
CAUSES: Final[Mapping[RestatementCause, str]] = {
    RestatementCause.STRUCTURE: N_("The company changed: sites bought, sold, outsourced"),
    RestatementCause.METHOD: N_("The method changed"),
    RestatementCause.FACTORS: N_("Newer factors were published"),
    RestatementCause.ERROR: N_("An error was found"),
}
_STAGES: Final[Mapping[str, str]] = {
    "calcining": N_("Calcining, carbon balance"),
    "baking": N_("Baking and carbonization, carbon balance"),
    "graphitising": N_("Graphitization, carbon balance"),
    "fumes": N_("Tar burnt with fumes, carbon balance"),
}
_SUPPLIES: Final[Mapping[str, str]] = {
    "contract": N_("by contract and certificates"),
    "direct_line": N_("own or direct line"),
}
_TECHNOLOGIES: Final[Mapping[str, str]] = {
    "wind": N_("Wind power"),
    "solar_pv": N_("Solar power"),
    "hydro": N_("Hydropower"),
    "nuclear": N_("Nuclear power"),
    "biomass": N_("Biomass power"),
}
_DIRECTIONS: Final[Mapping[str, str]] = {
    "inbound": N_("To our sites"),
    "internal": N_("Between our sites"),
    "outbound": N_("To customers"),
}
_MODES: Final[Mapping[str, str]] = {
    "road": N_("by road"),
    "rail": N_("by rail"),
    "sea": N_("by sea"),
    "inland_water": N_("by inland waterway"),
    "air": N_("by air"),
}


def subject_words(subject: str) -> Bilingual:
    """Return what a line is about; a key that nothing names is shown as it is."""
    carrier = carriers().get(subject)
    if carrier is not None:
        return Bilingual(zh=carrier.name_zh, en=carrier.name_en)
    if subject == UNCLAIMED:
        return both(N_("Electricity that nobody claims"))
    if subject == "hub":
        return both(N_("Handling in hubs"))
    for known in (_STAGES, CATEGORY_WORDS):
        if subject in known:
            return both(known[subject])
    if subject in FLOWS:
        return both(FLOWS[subject].label)
    return _pair(subject)


def _pair(subject: str) -> Bilingual:
    """Return the words of a key in two parts: a supply and its technology, a direction and its mode."""
    first, _, second = subject.partition(":")
    for heads, tails in ((_SUPPLIES, _TECHNOLOGIES), (_DIRECTIONS, _MODES)):
        if first in heads and second in tails:
            head, tail = both(heads[first]), both(tails[second])
            return Bilingual(zh=f"{tail.zh}·{head.zh}", en=f"{tail.en}, {head.en}")
    return same(subject)


def source_words(source: str) -> Bilingual:
    """Return where a factor comes from: records by their kind and what they are about, papers as they call themselves."""
    parts = [_source(part) for part in source.split("; ")]
    return Bilingual(zh="；".join(part.zh for part in parts), en="; ".join(part.en for part in parts))


def _source(part: str) -> Bilingual:
    kind, _, rest = part.partition(":")
    if kind == "submission":
        return both(N_("Submission %(id)s of the supplier"), id=rest)
    subject, *edition = rest.split(":")
    if kind != "benchmark" or not edition:
        return same(part)
    named = subject_words(subject)
    message = N_("Benchmark of %(year)s: %(material)s")
    return Bilingual(
        zh=both(message, year=edition[0], material=named.zh).zh, en=both(message, year=edition[0], material=named.en).en
    )


def gap_words(gap: Gap) -> Bilingual:
    """Return what is missing and how to mend it."""
    return both(GAP_TEXTS[gap.kind], detail=gap.detail)
