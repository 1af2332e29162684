"""Words of material flows and recycled sources, in one place for lists, forms and files."""

from collections.abc import Mapping
from typing import Final

from service.accounts.access import Context
from service.console.choices import Options
from service.errors import N_
from service.i18n import translate
from service.material_flows.balances import Cause
from service.material_flows.catalogue import materials, nodes
from service.material_flows.models import Custody, FlowBasis, FlowKind, Treatment
from service.material_flows.queries import find_accounts
from service.products.queries import all_plants
from service.suppliers.models import SupplierType
from service.suppliers.queries import find_suppliers

FLOWS: Final = "/console/plan/material-flows"
SOURCES: Final = "/console/plan/recycled-sources"

KINDS: Final[Mapping[FlowKind, str]] = {
    FlowKind.INPUT: N_("Input"),
    FlowKind.PRODUCT: N_("Product or intermediate"),
    FlowKind.BY_PRODUCT: N_("By-product"),
    FlowKind.LOOP: N_("Loop: used again"),
    FlowKind.WASTE: N_("Waste"),
    FlowKind.LOSS: N_("Loss to the air"),
}
BASES: Final[Mapping[FlowBasis, str]] = {
    FlowBasis.MEASURED: N_("Weighed or from the stock ledger"),
    FlowBasis.BALANCE: N_("By difference"),
    FlowBasis.DEFAULT: N_("Default of the model"),
}
DATA_KINDS: Final[Mapping[FlowBasis, str]] = {
    FlowBasis.MEASURED: "primary",
    FlowBasis.BALANCE: "secondary",
    FlowBasis.DEFAULT: "default",
}
TREATMENTS: Final[Mapping[Treatment, str]] = {
    Treatment.RECYCLING: N_("Recycling outside"),
    Treatment.ENERGY_RECOVERY: N_("Energy recovery"),
    Treatment.INCINERATION: N_("Incineration"),
    Treatment.LANDFILL: N_("Landfill"),
    Treatment.HAZARDOUS_TREATMENT: N_("Treatment of hazardous waste"),
}
CUSTODY: Final[Mapping[Custody, str]] = {
    Custody.MASS_BALANCE: N_("Mass balance, by calendar year"),
    Custody.CONTROLLED_BLENDING: N_("Controlled blending, in its own period"),
}
CAUSES: Final[Mapping[Cause, str]] = {
    Cause.ONE_FLOW: N_(
        "The difference is about as large as “%(material)s”: that flow may be entered twice, or missing on the other side."
    ),
    Cause.MISSING_OUTPUT: N_(
        "More goes in than comes out: look for fines, waste or loss that is not recorded, or stock that grew."
    ),
    Cause.MISSING_INPUT: N_(
        "More comes out than goes in: look for an input or a loop that is not recorded, or stock that was used."
    ),
}
_TABS: Final = (
    (N_("Material accounts"), FLOWS),
    (N_("Periods of accounts"), f"{FLOWS}/accounts"),
    (N_("Flows"), f"{FLOWS}/flows"),
)
_SOURCE_TABS: Final = (
    (N_("Recycled sources"), SOURCES),
    (N_("Receipts"), f"{SOURCES}/receipts"),
    (N_("Claims"), f"{SOURCES}/claims"),
)


def flow_tabs(context: Context) -> list[tuple[str, str, bool]]:
    """Return the pages of material flows; the one that is shown is marked."""
    return _tabs(context, _TABS)


def source_tabs(context: Context) -> list[tuple[str, str, bool]]:
    """Return the pages of recycled sources; the one that is shown is marked."""
    return _tabs(context, _SOURCE_TABS)


def _tabs(context: Context, tabs: tuple[tuple[str, str], ...]) -> list[tuple[str, str, bool]]:
    path = context.request.url.path
    return [(translate(context.locale, label), address, path == address) for label, address in tabs]


def node_choices(context: Context) -> Options:
    """Return processes and outside places."""
    return [(key, node_name(key, context.locale)) for key in nodes()]


def node_name(key: str, locale: str) -> str:
    """Return a place by name; a stage with its code."""
    node = nodes()[key]
    return f"{key} {node.name(locale)}" if key.startswith("P") and not node.is_outside else node.name(locale)


def material_choices(context: Context) -> Options:
    """Return the materials."""
    return [(key, one.name(context.locale)) for key, one in materials().items()]


def account_choices(context: Context) -> Options:
    """Return the accounts by plant and period."""
    chinese = context.locale == "zh-CN"
    plants = {plant.id: plant.name_zh if chinese else plant.name_en for plant in all_plants(context.session)}
    return [
        (str(one.id), f"{plants[one.plant_id]} · {one.period_start} – {one.period_end}") for one in find_accounts(context.session)
    ]


def recycler_choices(context: Context) -> Options:
    """Return the suppliers of recycled graphite."""
    page = find_suppliers(context.session, supplier_type=SupplierType.RECYCLED, limit=200)
    return [(str(row.id), row.name(context.locale)) for row in page.rows]
