"""Registers of logistics: legs from waybills, vehicles, and what warehouses and places of transhipment needed."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import APIRouter

from service.accounts.access import Context
from service.console.choices import Options, flow_options, supplier_options
from service.console.register_columns import plant_choices, worded
from service.console.register_definition import Tabs
from service.console.registers import Column, Ending, Kind, Register, add_register
from service.errors import N_
from service.i18n import translate
from service.logistics import operations
from service.logistics.factors import mode_of, vehicle_classes
from service.logistics.models import Direction, DistanceKind, HubOperation, Leg, Mode, Payer, Vehicle, VehicleOwner
from service.logistics.queries import find_vehicles, worked_legs
from service.logistics.schemas import HubInput, LegInput, VehicleInput
from service.plan.policies import PLAN_EDITORS, PLAN_READERS
from service.products.queries import find_products
from service.suppliers.queries import all_active_suppliers

router = APIRouter()

_KG_PER_T: Final = 1000.0

HOME: Final = "/console/plan/logistics"
LEGS: Final = f"{HOME}/legs"
VEHICLES: Final = f"{HOME}/vehicles"
HUBS: Final = f"{HOME}/hubs"
WHAT_IF: Final = f"{HOME}/what-if"
ABOVE: Final = (N_("Logistics"), HOME)

DIRECTIONS: Final[Mapping[Direction, str]] = {
    Direction.INBOUND: N_("Comes in"),
    Direction.INTERNAL: N_("Between our sites and toll plants"),
    Direction.OUTBOUND: N_("Goes out to customers"),
}
MODES: Final[Mapping[Mode, str]] = {
    Mode.ROAD: N_("Road"),
    Mode.RAIL: N_("Rail"),
    Mode.SEA: N_("Sea"),
    Mode.INLAND_WATER: N_("Inland water"),
    Mode.AIR: N_("Air"),
}
PAYERS: Final[Mapping[Payer, str]] = {Payer.MAKER: N_("We"), Payer.SUPPLIER: N_("The supplier"), Payer.CUSTOMER: N_("The customer")}
DISTANCES: Final[Mapping[DistanceKind, str]] = {
    DistanceKind.ACTUAL: N_("As driven"),
    DistanceKind.SHORTEST_FEASIBLE: N_("Shortest feasible way, from a map"),
}
OWNERS: Final[Mapping[VehicleOwner, str]] = {VehicleOwner.MAKER: N_("Ours"), VehicleOwner.CARRIER: N_("A carrier's")}


def logistics_tabs(context: Context) -> Tabs:
    """Return the pages of logistics."""
    path = context.request.url.path
    pages = (
        (N_("Overview"), HOME),
        (N_("Transport legs"), LEGS),
        (N_("Vehicles"), VEHICLES),
        (N_("Warehouses and transhipment"), HUBS),
        (N_("What if"), WHAT_IF),
    )
    return [(translate(context.locale, text), href, path == href) for text, href in pages]


def class_choices(context: Context) -> Options:
    """Return the means of transport."""
    return [(key, one.name(context.locale)) for key, one in vehicle_classes().items()]


def flow_choices(context: Context) -> Options:
    """Return what suppliers deliver."""
    return flow_options(context.locale)


def product_choices(context: Context) -> Options:
    """Return the products with their sites."""
    rows = find_products(context.session, limit=200).rows
    return [(str(one.id), f"{one.grade} · {one.plant_name(context.locale)}") for one in rows]


def _suppliers(context: Context) -> Options:
    return supplier_options(all_active_suppliers(context.session), context.locale)


def _vehicles(context: Context) -> Options:
    return [(str(one.id), one.plate) for one in find_vehicles(context.session)]


def _tkm(context: Context, row: Any) -> float:  # noqa: ANN401 - a row of the register
    ((_, _, work),) = worked_legs(context.session, [row])
    return work.tkm


def _t_co2e(context: Context, row: Any) -> float:  # noqa: ANN401 - a row of the register
    ((_, _, work),) = worked_legs(context.session, [row])
    return work.kg_co2e / _KG_PER_T


def _mode(context: Context, row: Any) -> str:  # noqa: ANN401 - a row of the register
    return translate(context.locale, MODES[mode_of(row.vehicle_class)])


LEG_REGISTER = Register(
    key="transport_leg",
    path=LEGS,
    title=N_("Transport legs"),
    lead=N_("Waybills, or all of a month's on one way. Footprints and the inventory take the way of the goods from here."),
    empty=N_(
        "Enter the first waybill, or import them from Excel. Without legs, suppliers' answers and the model's distances count."
    ),
    add_label=N_("Add a leg"),
    table=Leg,
    fields=LegInput,
    columns=(
        Column(key="waybill", label=N_("Waybill"), filtered=True, hint=N_("Number of the waybill or of the monthly list")),
        Column(key="plant_id", label=N_("Site"), kind=Kind.CHOICE, choices=plant_choices, filtered=True),
        Column(key="direction", label=N_("Direction"), kind=Kind.CHOICE, choices=worded(DIRECTIONS), filtered=True),
        Column(key="flow", label=N_("Material"), kind=Kind.CHOICE, choices=flow_choices, filtered=True),
        Column(key="supplier_id", label=N_("Supplier"), kind=Kind.CHOICE, choices=_suppliers, in_list=False),
        Column(key="product_id", label=N_("Product"), kind=Kind.CHOICE, choices=product_choices, filtered=True),
        Column(key="receiver", label=N_("Receiver"), in_list=False),
        Column(
            key="part",
            label=N_("Part of the way"),
            kind=Kind.NUMBER,
            in_list=False,
            hint=N_("1 for the first or only leg; 2, 3 for legs that carry the same goods on"),
        ),
        Column(key="mode", label=N_("Mode"), computed=_mode),
        Column(key="vehicle_class", label=N_("Means of transport"), kind=Kind.CHOICE, choices=class_choices, filtered=True),
        Column(key="vehicle_id", label=N_("Vehicle"), kind=Kind.CHOICE, choices=_vehicles, in_list=False),
        Column(key="month", label=N_("Month"), kind=Kind.DATE, hint=N_("Any day of the month")),
        Column(key="load_t", label=N_("Load of one trip"), kind=Kind.NUMBER, unit="t"),
        Column(key="trips", label=N_("Trips"), kind=Kind.NUMBER),
        Column(key="distance_km", label=N_("Distance one way"), kind=Kind.NUMBER, unit="km"),
        Column(
            key="distance_kind",
            label=N_("How the distance is known"),
            kind=Kind.CHOICE,
            choices=worded(DISTANCES),
            in_list=False,
            hint=N_("From a map 5 percent are added by road and 15 percent by sea"),
        ),
        Column(
            key="empty_trip_factor",
            label=N_("Empty km per loaded km"),
            kind=Kind.NUMBER,
            in_list=False,
            hint=N_("Counts only with a vehicle whose own energy use is known; factors have usual empty trips in them"),
        ),
        Column(key="payer", label=N_("Who pays the freight"), kind=Kind.CHOICE, choices=worded(PAYERS)),
        Column(key="freight_cny", label=N_("Freight"), kind=Kind.NUMBER, unit="yuan", in_list=False),
        Column(key="source", label=N_("Source of the figures"), in_list=False),
        Column(key="tkm", label=N_("Transport activity"), kind=Kind.NUMBER, unit="t·km", computed=_tkm),
        Column(key="t_co2e", label=N_("Emissions"), kind=Kind.NUMBER, unit="t CO₂e", computed=_t_co2e),
    ),
    identity=("waybill",),
    sort=("-month", "waybill"),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=operations.add_leg,
    change=operations.change_leg,
    check=operations.check_leg,
    ending=Ending(label=N_("Take this leg back")),
    above=ABOVE,
    tabs=logistics_tabs,
)

VEHICLE_REGISTER = Register(
    key="transport_vehicle",
    path=VEHICLES,
    title=N_("Vehicles"),
    lead=N_("Our own vehicles, and carriers' whose energy use is known. The energy of our own is in our meters and bills already."),
    empty=N_("Enter the first vehicle."),
    add_label=N_("Add a vehicle"),
    table=Vehicle,
    fields=VehicleInput,
    columns=(
        Column(key="plate", label=N_("Number plate"), filtered=True),
        Column(key="vehicle_class", label=N_("Means of transport"), kind=Kind.CHOICE, choices=class_choices, filtered=True),
        Column(key="owner", label=N_("Whose it is"), kind=Kind.CHOICE, choices=worded(OWNERS), filtered=True),
        Column(key="payload_t", label=N_("Payload"), kind=Kind.NUMBER, unit="t"),
        Column(
            key="energy_use_per_100km",
            label=N_("Energy for 100 km"),
            kind=Kind.NUMBER,
            hint=N_("Litres of diesel, or kWh; leave it empty for other energies: then the factor counts"),
        ),
    ),
    identity=("plate",),
    sort=("plate",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    ending=Ending(label=N_("Take out of service")),
    above=ABOVE,
    tabs=logistics_tabs,
)

HUB_REGISTER = Register(
    key="hub_operation",
    path=HUBS,
    title=N_("Warehouses and transhipment"),
    lead=N_("What each place needed in a month. What the site's own meters have already is shown here and counted there."),
    empty=N_("Enter the first month of a warehouse."),
    add_label=N_("Add a month"),
    table=HubOperation,
    fields=HubInput,
    columns=(
        Column(key="hub", label=N_("Place"), filtered=True),
        Column(key="plant_id", label=N_("Site"), kind=Kind.CHOICE, choices=plant_choices, filtered=True),
        Column(key="month", label=N_("Month"), kind=Kind.DATE, hint=N_("Any day of the month")),
        Column(key="throughput_t", label=N_("Throughput"), kind=Kind.NUMBER, unit="t"),
        Column(key="electricity_kwh", label=N_("Electricity"), kind=Kind.NUMBER, unit="kWh"),
        Column(key="diesel_l", label=N_("Diesel"), kind=Kind.NUMBER, unit="L"),
        Column(key="in_site_meters", label=N_("In the site's own meters"), kind=Kind.YES_NO),
        Column(key="source", label=N_("Source of the figures")),
    ),
    identity=("hub", "month"),
    sort=("-month", "hub"),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    ending=Ending(label=N_("Take this month back")),
    above=ABOVE,
    tabs=logistics_tabs,
)

for _register in (LEG_REGISTER, VEHICLE_REGISTER, HUB_REGISTER):
    add_register(router, _register)
