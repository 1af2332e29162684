"""The words of the method library: states, choices, tabs."""

from collections.abc import Mapping
from typing import Final

from lca_models.explanations.differences import ELECTRICITY_VIEW, GWP
from service.accounts.access import Context
from service.accounts.opening import may_open
from service.console import footprint_words
from service.console.choices import Options
from service.console.register_columns import Column, Kind
from service.errors import N_
from service.i18n import Locale, translate
from service.method_library.choices import DEFAULT, EXCLUDED, INCLUDED, PARAMETERS, choices_for
from service.method_library.comparing import UPTAKE
from service.method_library.gaps import RuleState
from service.method_library.models import MethodStatus
from service.modelling.queries import active_model

METHODS: Final = "/console/plan/methods"
STATES: Final[Mapping[MethodStatus, str]] = {
    MethodStatus.DRAFT: N_("Draft"),
    MethodStatus.RELEASED: N_("Released"),
    MethodStatus.RETIRED: N_("Retired"),
}
VIEWS: Final[Mapping[str, str]] = {"national": N_("National average"), "market": N_("Contracts and residual mix")}
UPTAKES: Final[Mapping[str, str]] = {EXCLUDED: N_("Left out of the total"), INCLUDED: N_("Counted as a negative emission")}
STEPS: Final[Mapping[str, str]] = {
    GWP: N_("GWP values"),
    ELECTRICITY_VIEW: N_("Electricity view"),
    UPTAKE: N_("Biogenic uptake"),
}
CHOICE_LABELS: Final[Mapping[str, str]] = {
    "packing_coke_allocation": N_("Sold graphitized packing coke"),
    "fines_allocation": N_("Sold fines of milling"),
    "petroleum_coke": N_("Petroleum coke at the refinery"),
    "coal_tar_pitch": N_("Coal tar pitch at the coke oven"),
}
RULE_STATES: Final[Mapping[RuleState, tuple[str, str]]] = {
    RuleState.FULFILLED: (N_("Fulfilled"), "good"),
    RuleState.BROKEN: (N_("Not fulfilled"), "bad"),
    RuleState.UNKNOWN: (N_("Not looked at"), "neutral"),
}
_TABS: Final = (
    (N_("Method versions"), METHODS),
    (N_("One footprint, two methods"), f"{METHODS}/compare"),
    (N_("Gap to the standards"), f"{METHODS}/gap"),
)


def method_tabs(context: Context) -> list[tuple[str, str, bool]]:
    """Return the pages of the library that whoever asks may see: a footprint's breakdown is for insiders."""
    path = context.request.url.path
    return [(translate(context.locale, label), address, path == address) for label, address in _TABS if may_open(context, address)]


def words_of(choice: str) -> Column:
    """Return the column of one choice of method, with the words that the model in use knows."""

    def words(context: Context) -> Options:
        return [(word, word_of(choice, word, context.locale)) for word in choices_for(active_model(context.session), choice)]

    return Column(key=choice, label=CHOICE_LABELS[choice], kind=Kind.CHOICE, choices=words, in_list=False)


def word_of(choice: str, word: str, locale: Locale) -> str:
    """Return a word of a choice as people read it."""
    if word == DEFAULT:
        return translate(locale, N_("The model's default"))
    if word in footprint_words.CHOICES:
        return translate(locale, footprint_words.CHOICES[word])
    return footprint_words.alternative_reason(PARAMETERS[choice], word, locale)


def step_name(key: str, locale: Locale) -> str:
    """Return what a step of a comparison is called."""
    if key in STEPS:
        return translate(locale, STEPS[key])
    choice = next((name for name, parameter in PARAMETERS.items() if parameter == key), None)
    return translate(locale, CHOICE_LABELS[choice]) if choice else footprint_words.parameter_meaning(key, locale)


def stage_name(code: str, locale: Locale) -> str:
    """Return what a stage is called."""
    return f"{code} {footprint_words.stage_name(code, locale)}"
