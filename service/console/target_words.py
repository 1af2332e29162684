"""How pages call bases, figures and effects; the neighbours of the pages on targets."""

from collections.abc import Mapping, Sequence
from typing import Final

from service.accounts.access import Context
from service.errors import N_
from service.i18n import translate
from service.strategy.trajectories import TrajectoryKind
from service.targets.forecasting import ForecastGap
from service.targets.models import AssetKind, DefinitionStatus, PathKind
from service.targets.standing import StandingStatus

PATHS: Final[Mapping[TrajectoryKind, str]] = {
    TrajectoryKind.LINEAR: N_("Straight line"),
    TrajectoryKind.GEOMETRIC: N_("Same percentage every year"),
    TrajectoryKind.STEPWISE: N_("Each target holds until the next"),
}
STATUS: Final[Mapping[StandingStatus, tuple[str, str]]] = {
    StandingStatus.MET: (N_("Target met"), "good"),
    StandingStatus.MISSED: (N_("Missed"), "bad"),
    StandingStatus.ON_PATH: (N_("On the path"), "good"),
    StandingStatus.SLIGHTLY_ABOVE: (N_("Up to 5 % above the path"), "attention"),
    StandingStatus.FAR_ABOVE: (N_("More than 5 % above the path"), "bad"),
    StandingStatus.NOT_KNOWN: (N_("Not known"), "neutral"),
}
"""Words and tone."""
EFFECTS: Final[Mapping[str, str]] = {
    "activity": N_("Prices and amount made"),
    "structure": N_("Which site makes how much"),
    "intensity": N_("Energy and material per tonne"),
    "mix": N_("Mix of energy"),
    "factor": N_("Emission factors"),
}
FORECAST_GAPS: Final[Mapping[ForecastGap, str]] = {
    ForecastGap.NO_CLOSED_YEAR: N_(
        "No year is closed. Close the inventory of a year first; a forecast begins with its figures per tonne."
    ),
    ForecastGap.NO_OUTPUT: N_("The tonnes of the last closed year are not entered. Enter the output of its months in monitoring."),
    ForecastGap.NO_PLAN: N_(
        "There is no forecast without a plan. Enter how many tonnes of each product are planned for the coming years."
    ),
    ForecastGap.NO_GRID_PATH: N_("Nothing is entered on the coming grid factor; it is held as it is."),
    ForecastGap.NO_PRICE_PATH: N_("Nothing is entered on coming selling prices; they are held as they are."),
}
DEFINITION_STATUS: Final[Mapping[DefinitionStatus, tuple[str, str]]] = {
    DefinitionStatus.PROPOSED: (N_("Waits for another person"), "attention"),
    DefinitionStatus.IN_FORCE: (N_("In force"), "good"),
    DefinitionStatus.REFUSED: (N_("Refused"), "neutral"),
    DefinitionStatus.REPLACED: (N_("Replaced"), "neutral"),
}
ASSETS: Final[Mapping[AssetKind, str]] = {
    AssetKind.CEA: N_("Carbon emission allowance (CEA)"),
    AssetKind.CCER: N_("China certified emission reduction (CCER)"),
    AssetKind.OTHER_CREDIT: N_("Other credit"),
    AssetKind.FOREST_SINK: N_("Forest sink"),
    AssetKind.SOIL_SINK: N_("Soil sink"),
    AssetKind.BIOCHAR: N_("Biochar"),
    AssetKind.DIRECT_AIR_CAPTURE: N_("Capture from air with storage"),
    AssetKind.BIOENERGY_CAPTURE: N_("Capture from bioenergy with storage"),
}
PATH_KINDS: Final[Mapping[PathKind, str]] = {
    PathKind.GRID_FACTOR: N_("Grid factor"),
    PathKind.PRICE_INDEX: N_("Selling prices"),
}
TARGETS_PATH: Final = "/console/plan/targets"
_TABS: Final = (
    (N_("Targets"), TARGETS_PATH),
    (N_("Statement on 2025"), f"{TARGETS_PATH}/2025"),
    (N_("Why it changed"), "/console/plan/changes"),
    (N_("Neutrality"), "/console/plan/neutrality"),
    (N_("Output value"), f"{TARGETS_PATH}/output"),
    (N_("Production plan"), f"{TARGETS_PATH}/activity"),
    (N_("Grid and prices to come"), f"{TARGETS_PATH}/paths"),
    (N_("What the plan leaves open"), f"{TARGETS_PATH}/definitions"),
)


def target_tabs(context: Context) -> Sequence[tuple[str, str, bool]]:
    """Return the neighbours of a page on targets: text, address, whether it is this."""
    path = context.request.url.path
    own = max((href for _, href in _TABS if path == href or path.startswith(f"{href}/")), key=len, default=TARGETS_PATH)
    return [(translate(context.locale, label), href, href == own) for label, href in _TABS]
