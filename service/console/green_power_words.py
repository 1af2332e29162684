"""Words of green power, in one place for pages, forms and files."""

from collections.abc import Mapping
from typing import Final

from service.accounts.access import Context
from service.accounts.opening import may_open
from service.console.choices import Options
from service.console.register_definition import Tabs
from service.errors import N_
from service.green_power.models import ContractKind, Scheme, Technology
from service.green_power.queries import find_contracts
from service.i18n import translate
from service.monitoring.carriers import carriers
from service.monitoring.queries import find_sources

HOME: Final = "/console/plan/green-power"
CONTRACTS: Final = f"{HOME}/contracts"
METERED: Final = f"{HOME}/delivered"
CERTIFICATES: Final = f"{HOME}/certificates"
WEIGHTS: Final = f"{HOME}/duties"
CLAIMS: Final = f"{HOME}/claims"
ABOVE: Final = (N_("Green power"), HOME)

TECHNOLOGIES: Final[Mapping[Technology, str]] = {
    Technology.WIND: N_("Wind"),
    Technology.SOLAR_PV: N_("Photovoltaics"),
    Technology.HYDRO: N_("Hydropower"),
    Technology.NUCLEAR: N_("Nuclear"),
    Technology.BIOMASS: N_("Biomass"),
}
KINDS: Final[Mapping[ContractKind, str]] = {
    ContractKind.DIRECT_LINE: N_("Line of its own from a power plant"),
    ContractKind.OWN_PLANT: N_("Power plant of our own on the site"),
    ContractKind.GREEN_TRADE: N_("Green power trade, certificates come with it"),
    ContractKind.CERTIFICATES: N_("Certificates alone"),
}
SCHEMES: Final[Mapping[Scheme, str]] = {Scheme.GEC: N_("Green certificate of China"), Scheme.I_REC: N_("I-REC, until 2024")}

_ELECTRICITY: Final = "electricity"


def green_power_tabs(context: Context) -> Tabs:
    """Return the pages of the ledger; whoever keeps the duties only gets that one."""
    path = context.request.url.path
    pages = (
        (N_("Overview"), HOME),
        (N_("Power contracts"), CONTRACTS),
        (N_("Delivered kWh"), METERED),
        (N_("Certificates"), CERTIFICATES),
        (N_("Duties"), WEIGHTS),
    )
    return [(translate(context.locale, text), href, path == href) for text, href in pages if may_open(context, href)]


def contract_choices(context: Context) -> Options:
    """Return contracts by their numbers."""
    return [(str(one.id), one.number) for one in find_contracts(context.session)]


def source_choices(context: Context) -> Options:
    """Return the sources of electricity that monitoring counts."""
    chinese = context.locale == "zh-CN"
    return [
        (str(one.id), f"{one.name_zh if chinese else one.name_en} ({one.code})")
        for one in find_sources(context.session)
        if carriers()[one.carrier].kind == _ELECTRICITY
    ]
