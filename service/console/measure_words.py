"""How pages call what belongs to measures, and their neighbours."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from service.accounts.access import Context
from service.console.choices import Options
from service.errors import N_
from service.i18n import Locale, translate
from service.measures.activity import OutputKind
from service.measures.models import InvestmentKind, MeasureStatus
from service.measures.site_accounts import Line
from service.measures.uptake import Curve
from service.strategy.choosing import Ending
from service.targets.catalogue import Scope

MEASURES_PATH: Final = "/console/plan/measures"
CURVE_PATH: Final = f"{MEASURES_PATH}/macc"
PLAN_PATH: Final = f"{MEASURES_PATH}/plan"
INVESTMENTS_PATH: Final = f"{MEASURES_PATH}/investments"
TECHNOLOGY_PATH: Final = f"{MEASURES_PATH}/technology"
ABOVE: Final = (N_("Measures"), MEASURES_PATH)

CNY_PER_T: Final = N_("yuan/t")
CNY_PER_10K: Final = 10_000.0

LINES: Final[Mapping[Line, str]] = {
    Line.OWN: N_("Own fuels and processes"),
    Line.ELECTRICITY_LOCATION: N_("Electricity by the grid's factor"),
    Line.ELECTRICITY_MARKET: N_("Electricity by contracts and certificates"),
    Line.TOLL: N_("Graphitization done by others"),
    Line.SUPPLY: N_("Materials and transport"),
}
SCOPES: Final[Mapping[Scope, str]] = {
    Scope.LOCATION: N_("Own fuels, processes, electricity and heat; electricity by the grid's factor"),
    Scope.MARKET: N_("Own fuels, processes, electricity and heat; electricity by contracts and certificates"),
}
OUTPUTS: Final[Mapping[OutputKind, str]] = {
    OutputKind.ACTUAL: N_("with the tonnes made in the year"),
    OutputKind.PLANNED: N_("with the tonnes planned for the year"),
    OutputKind.CARRIED: N_("with the tonnes of the last closed year, because none are planned"),
}
CURVES: Final[Mapping[Curve, str]] = {
    Curve.AT_ONCE: N_("All at once"),
    Curve.LINEAR: N_("The same step every year"),
    Curve.S_CURVE: N_("Slow, fast, slow"),
}
KINDS: Final[Mapping[InvestmentKind, str]] = {
    InvestmentKind.EQUIPMENT: N_("Equipment"),
    InvestmentKind.PHOTOVOLTAICS: N_("Photovoltaics"),
    InvestmentKind.WIND: N_("Wind power"),
    InvestmentKind.STORAGE: N_("Electricity storage"),
    InvestmentKind.REMOVAL: N_("Carbon removal"),
    InvestmentKind.OTHER: N_("Something else"),
}
ENDINGS: Final[Mapping[Ending, tuple[str, str]]] = {
    Ending.MET: (N_("All targets are met at least cost"), "good"),
    Ending.NOT_MET: (N_("Not every target can be met with these measures and this money"), "bad"),
    Ending.CUT_SHORT: (N_("The search ran out of time; the plan may not be the cheapest"), "attention"),
}
TONES: Final[Mapping[MeasureStatus, str]] = {
    MeasureStatus.IDEA: "neutral",
    MeasureStatus.ASSESSED: "info",
    MeasureStatus.APPROVED: "attention",
    MeasureStatus.RUNNING: "good",
    MeasureStatus.DONE: "good",
    MeasureStatus.DROPPED: "neutral",
}


def worded(words: Mapping[Any, str], locale: Locale) -> Options:
    """Return values of an enum with their words."""
    return [(str(key), translate(locale, text)) for key, text in words.items()]


def measure_tabs(context: Context, active: str) -> Sequence[tuple[str, str, bool]]:
    """Return the neighbours of the pages on measures."""
    pages = (
        (N_("Measures"), MEASURES_PATH),
        (N_("Cost curve"), CURVE_PATH),
        (N_("Choose and time"), PLAN_PATH),
        (N_("Investments"), INVESTMENTS_PATH),
        (N_("Technology"), TECHNOLOGY_PATH),
    )
    return [(translate(context.locale, text), path, path == active) for text, path in pages]
