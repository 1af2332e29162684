"""Buildings: which use most electricity per square metre, what could be done, and their months from a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console.choices import Options
from service.console.monitoring_import import ENTRY_COLUMNS, apply_entries, entry_cells, plan_entries
from service.console.monitoring_words import month_words, name_of, source_choices, source_href
from service.console.register_columns import plant_choices, worded
from service.console.registers import Column, Ending, Kind, Register, add_register
from service.console.table_imports import SheetImport, add_import
from service.errors import N_
from service.i18n import translate
from service.monitoring.months import month_before, month_of
from service.monitoring.sheet import SheetEntry
from service.plan.policies import EDITOR_ROLES, PLAN_EDITORS, PLAN_READERS
from service.premises.models import Building, BuildingKind, Retrofit, RetrofitStatus
from service.premises.operations import add_building, change_building, check_building
from service.premises.queries import Intensity, find_buildings, find_retrofits, intensities, twelve_months
from service.premises.schemas import BuildingInput, RetrofitInput
from service.premises.sheet import electricity_table, electricity_workbook
from service.products.queries import all_plants
from service.suppliers.table_import import TablePlan
from service.web.charts import BarChart, Part, horizontal_bars

router = APIRouter()

PATH: Final = "/console/plan/buildings"
ABOVE: Final = (N_("Buildings"), PATH)
KINDS: Final[Mapping[BuildingKind, str]] = {
    BuildingKind.OFFICE: N_("Office building"),
    BuildingKind.CANTEEN: N_("Canteen"),
    BuildingKind.DORMITORY: N_("Dormitory"),
    BuildingKind.LABORATORY: N_("Laboratory"),
    BuildingKind.WAREHOUSE: N_("Warehouse"),
    BuildingKind.WORKSHOP: N_("Workshop"),
}
STATUS: Final[Mapping[RetrofitStatus, str]] = {
    RetrofitStatus.IDEA: N_("Idea"),
    RetrofitStatus.PLANNED: N_("Planned"),
    RetrofitStatus.DONE: N_("Done"),
}
MONTHS_OF_TEMPLATE: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingLine:
    """One building in the ranking; `counted` says through which figure it is in the company's emissions, once."""

    name: str
    site: str
    kind: str
    area_m2: float
    kwh: float | None
    kwh_per_m2: float | None
    missing: Sequence[str]
    counted: str
    source_href: str | None
    is_sample: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class RetrofitLine:
    """One retrofit; `cny_per_kwh` is cost per kilowatt-hour saved in a year."""

    name: str
    building: str
    cost_cny: float
    saving_kwh: float
    cny_per_kwh: float | None
    status: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingsPage:
    """The ranking of twelve months."""

    tabs: Sequence[tuple[str, str, bool]]
    start: str
    end: str
    lines: Sequence[BuildingLine]
    chart: BarChart | None
    retrofits: Sequence[RetrofitLine]
    may_write: bool


def buildings_tabs(context: Context) -> Sequence[tuple[str, str, bool]]:
    """Return the pages on buildings, the one that is open marked."""
    pages = ((N_("Ranking of buildings"), PATH), (N_("List of buildings"), f"{PATH}/list"), (N_("Retrofits"), f"{PATH}/retrofits"))
    return [(translate(context.locale, text), path, path == context.request.url.path) for text, path in pages]


@router.get(PATH)
@endpoint(PLAN_READERS)
def show_buildings(context: Context) -> Response:
    """Rank buildings by electricity per square metre of the last twelve months."""
    until = month_before(month_of(context.today))
    found = intensities(context.session, until=until)
    lines = [_line(context, one) for one in found]
    known = [Part(code=str(place), label=one.name, value=one.kwh_per_m2) for place, one in enumerate(lines) if one.kwh_per_m2]
    page = BuildingsPage(
        tabs=buildings_tabs(context),
        start=month_words(twelve_months(until)[0]),
        end=month_words(until),
        lines=lines,
        chart=horizontal_bars(known, unit="kWh/m²") if known else None,
        retrofits=[_retrofit(context, one) for one in find_retrofits(context.session)],
        may_write=bool(context.asking.roles & EDITOR_ROLES),
    )
    return render_page(context, "console/plan_buildings.html", page)


def _line(context: Context, one: Intensity) -> BuildingLine:
    building = one.building
    plants = dict(plant_choices(context))
    counted = one.within or one.source
    return BuildingLine(
        name=_name(context, building),
        site=plants[str(building.plant_id)],
        kind=translate(context.locale, KINDS[building.kind]),
        area_m2=building.area_m2,
        kwh=one.kwh,
        kwh_per_m2=one.kwh_per_m2,
        missing=[month_words(month) for month in one.missing],
        counted=name_of(counted, context) if counted else "",
        source_href=source_href(one.source) if one.source else None,
        is_sample=building.is_sample,
    )


def _retrofit(context: Context, one: Retrofit) -> RetrofitLine:
    building = context.session.get_one(Building, one.building_id)
    return RetrofitLine(
        name=one.name,
        building=_name(context, building),
        cost_cny=one.cost_cny,
        saving_kwh=one.saving_kwh,
        cny_per_kwh=one.cost_cny / one.saving_kwh if one.saving_kwh else None,
        status=translate(context.locale, STATUS[one.status]),
    )


def _name(context: Context, building: Building) -> str:
    return building.name_zh if context.locale == "zh-CN" else building.name_en


def building_choices(context: Context) -> Options:
    """Return the buildings by site and name."""
    chinese = context.locale == "zh-CN"
    plants = {one.id: one.name_zh if chinese else one.name_en for one in all_plants(context.session)}
    return [(str(one.id), f"{_name(context, one)} · {plants[one.plant_id]}") for one in find_buildings(context.session)]


# ---- Months from a table ----


def _template(context: Context) -> bytes:
    until = month_before(month_of(context.today))
    return electricity_workbook(find_buildings(context.session), twelve_months(until)[-MONTHS_OF_TEMPLATE:])


def _plan(context: Context, answer: Mapping[str, Any]) -> TablePlan[SheetEntry]:
    return plan_entries(context, answer, electricity_table(find_buildings(context.session)))


add_import(
    router,
    SheetImport(
        title=N_("Import the electricity of buildings"),
        list_title=N_("Buildings"),
        path=PATH,
        above=None,
        policy=PLAN_EDITORS,
        columns=ENTRY_COLUMNS,
        fields=SheetEntry,
        template=_template,
        plan=_plan,
        cells=entry_cells,
        apply=apply_entries,
        done=N_("%(count)s figures stored."),
    ),
)

# ---- Lists ----

add_register(
    router,
    Register(
        key="building",
        path=f"{PATH}/list",
        title=N_("List of buildings"),
        lead=N_("Buildings of the sites, each with the source that counts its electricity"),
        empty=N_("Add the first building; its electricity is a source of the monitoring, mostly a sub-meter."),
        add_label=N_("Add a building"),
        table=Building,
        fields=BuildingInput,
        columns=(
            Column(key="name_zh", label=N_("Chinese name"), filtered=True),
            Column(key="name_en", label=N_("English name")),
            Column(key="plant_id", label=N_("Site"), kind=Kind.CHOICE, choices=plant_choices, filtered=True),
            Column(key="kind", label=N_("Use of the building"), kind=Kind.CHOICE, choices=worded(KINDS), filtered=True),
            Column(key="area_m2", label=N_("Floor area"), kind=Kind.NUMBER, unit="m²"),
            Column(key="built", label=N_("Year built"), kind=Kind.YEAR),
            Column(key="source_id", label=N_("Its electricity"), kind=Kind.CHOICE, choices=source_choices),
        ),
        identity=("plant_id", "name_zh"),
        sort=("plant_id", "name_zh"),
        readers=PLAN_READERS,
        writers=PLAN_EDITORS,
        add=add_building,
        change=change_building,
        check=check_building,
        ending=Ending(),
        above=ABOVE,
        tabs=buildings_tabs,
    ),
)

add_register(
    router,
    Register(
        key="retrofit",
        path=f"{PATH}/retrofits",
        title=N_("Retrofits"),
        lead=N_("What could be done to buildings, what it costs and what it saves"),
        empty=N_("Add the first retrofit, such as new lighting or insulation."),
        add_label=N_("Add a retrofit"),
        table=Retrofit,
        fields=RetrofitInput,
        columns=(
            Column(key="name", label=N_("Retrofit"), filtered=True),
            Column(key="building_id", label=N_("Building"), kind=Kind.CHOICE, choices=building_choices, filtered=True),
            Column(key="cost_cny", label=N_("Cost"), kind=Kind.NUMBER, unit="CNY"),
            Column(key="saving_kwh", label=N_("Electricity saved in a year"), kind=Kind.NUMBER, unit="kWh"),
            Column(key="status", label=N_("Status"), kind=Kind.CHOICE, choices=worded(STATUS), filtered=True),
            Column(key="year", label=N_("Year"), kind=Kind.YEAR),
        ),
        identity=("building_id", "name"),
        sort=("building_id", "name"),
        readers=PLAN_READERS,
        writers=PLAN_EDITORS,
        ending=Ending(),
        above=ABOVE,
        tabs=buildings_tabs,
    ),
)
