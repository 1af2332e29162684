"""Words of the project gate, in one place for lists, forms and pages."""

from collections.abc import Mapping
from typing import Final

from service.accounts.access import Context
from service.console.choices import Options, province_options
from service.console.register_columns import Column, Kind, worded
from service.errors import N_
from service.i18n import translate
from service.project_gate.models import ProjectDocument, ProjectKind, ProjectProcess, ProjectStatus
from service.project_gate.rules import GateLight, Remark
from service.project_gate.words import RULES

GATE: Final = "/console/plan/project-gate"
KINDS: Final[Mapping[ProjectKind, str]] = {
    ProjectKind.NEW: N_("New build"),
    ProjectKind.EXPANSION: N_("Expansion"),
    ProjectKind.RETROFIT: N_("Retrofit"),
    ProjectKind.RELOCATION: N_("Relocation"),
}
PROCESSES: Final[Mapping[ProjectProcess, str]] = {
    ProjectProcess.GRAPHITIZATION: N_("Graphitization"),
    ProjectProcess.CARBONIZATION: N_("Carbonization"),
    ProjectProcess.GRANULATION: N_("Granulation"),
    ProjectProcess.MILLING: N_("Milling"),
    ProjectProcess.WHOLE_PLANT: N_("Whole plant"),
    ProjectProcess.OTHER: N_("Other"),
}
STATES: Final[Mapping[ProjectStatus, str]] = {
    ProjectStatus.DRAFT: N_("Waits for its assessment"),
    ProjectStatus.ASSESSED: N_("Assessed, waits for verdicts"),
    ProjectStatus.APPROVED: N_("Approved"),
    ProjectStatus.CONDITIONAL: N_("Approved with conditions"),
    ProjectStatus.REFUSED: N_("Refused"),
}
LIGHTS: Final[Mapping[str, tuple[str, str]]] = {
    GateLight.GREEN: (N_("Green"), "good"),
    GateLight.AMBER: (N_("Amber"), "attention"),
    GateLight.RED: (N_("Red"), "bad"),
}
REMARKS: Final[Mapping[str, str]] = {
    Remark.WITHIN: N_("Within the limit"),
    Remark.NOT_CONCERNED: N_("Not concerned"),
    Remark.LISTED: N_("The class is listed; the authority has to say whether this project is meant"),
    Remark.ABOVE_THRESHOLD: N_("Reaches the threshold: documents are needed"),
    Remark.ABOVE_LIMIT: N_("Breaks the limit"),
    Remark.BETWEEN: N_("Better than most, but not as good as the best"),
    Remark.NOT_KNOWN: N_("Not known: a figure of the company or of the province is missing"),
    Remark.OUTSIDE_PARK: N_("Outside an industrial park"),
}
_TABS: Final = (
    (N_("Projects"), GATE),
    (N_("Rules in force"), f"{GATE}/rules"),
    (N_("Rows of rules"), f"{GATE}/rule-rows"),
)


def gate_tabs(context: Context) -> list[tuple[str, str, bool]]:
    """Return the pages of the gate; the one that is shown is marked."""
    path = context.request.url.path
    return [(translate(context.locale, label), address, path == address) for label, address in _TABS]


def document_href(document: ProjectDocument) -> str:
    """Return a document's own page."""
    return f"{GATE}/{document.project_id}/documents/{document.id}"


def rule_choices(context: Context) -> Options:
    """Return the rules by name."""
    return [(key, translate(context.locale, name)) for key, name in RULES.items()]


def _number(key: str, label: str, unit: str, hint: str = "", *, in_list: bool = False) -> Column:
    return Column(key=key, label=label, kind=Kind.NUMBER, unit=unit, hint=hint, in_list=in_list)


PROJECT_COLUMNS: Final = (
    Column(key="title", label=N_("Project"), filtered=True),
    Column(key="kind", label=N_("Kind of project"), kind=Kind.CHOICE, choices=worded(KINDS), filtered=True),
    Column(key="process", label=N_("Process"), kind=Kind.CHOICE, choices=worded(PROCESSES), filtered=True),
    Column(
        key="province_code",
        label=N_("Province"),
        kind=Kind.CHOICE,
        choices=lambda context: province_options(context.locale),
        in_list=False,
    ),
    Column(key="class_code", label=N_("Class of GB/T 4754"), in_list=False, hint=N_("3091: graphite and carbon products")),
    Column(key="commissioning_year", label=N_("Year of commissioning"), kind=Kind.YEAR),
    _number(
        "energy_tce",
        N_("Energy, by calorific value"),
        "tce/a",
        N_("One kilowatt-hour counts 0.1229 kg of standard coal"),
        in_list=True,
    ),
    _number(
        "energy_equal_value_tce",
        N_("Energy, by equal value"),
        "tce/a",
        N_("One kilowatt-hour counts what power stations take for it"),
    ),
    _number("electricity_kwh", N_("Electricity"), "kWh/a"),
    _number("coal_t", N_("Coal"), "t/a"),
    _number("output_t", N_("Output"), "t/a"),
    _number("output_10k_cny", N_("Output value"), "10k CNY/a"),
    _number("kwh_per_t", N_("Electricity per tonne"), "kWh/t", N_("Of the process's product")),
    _number("t_co2", N_("Direct and purchased CO₂"), "t CO2/a", N_("Fuels, processes and purchased electricity"), in_list=True),
    _number("avoided_t_co2", N_("CO₂ avoided"), "t CO2/a", N_("Against today; with a minus where it adds")),
    _number("green_share", N_("Green power"), "1", N_("Part of its electricity, 0 to 1")),
    Column(key="is_in_park", label=N_("In an industrial park"), kind=Kind.YES_NO, in_list=False),
    Column(key="is_toll", label=N_("Done by a toll plant"), kind=Kind.YES_NO, in_list=False),
    _number("capex_10k_cny", N_("Investment"), "10k CNY"),
    _number("yearly_gain_10k_cny", N_("Yearly gain"), "10k CNY/a", N_("Earnings less running costs, without any price on carbon")),
    _number("lifetime_years", N_("Lifetime"), "a"),
    Column(
        key="replacement",
        label=N_("What replaces the energy it adds"),
        kind=Kind.LONG_TEXT,
        in_list=False,
        hint=N_("Measures elsewhere that save as much energy and coal"),
    ),
)
