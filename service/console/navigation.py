"""The areas of the console, and whose work they are: the navigation shows them, the search looks in them."""

from dataclasses import dataclass

from service.accounts.access import Context
from service.accounts.models import STAFF_ROLES, Role
from service.errors import N_
from service.i18n import translate
from service.plan.policies import READER_ROLES
from service.web.templating import NavigationItem

FIGURES = frozenset({Role.ENGINEER, Role.REVIEWER, Role.PROCUREMENT, Role.SALES, Role.AUDITOR})
DATA = frozenset({Role.ENGINEER, Role.REVIEWER, Role.PROCUREMENT, Role.AUDITOR})

INSIDERS = frozenset({Role.ENGINEER, Role.REVIEWER, Role.AUDITOR})

SUPPLIERS_AND_DATA = N_("Suppliers and data")
GREEN_PROCUREMENT = N_("Green procurement")
FOOTPRINTS_AND_MODEL = N_("Footprints and model")
CERTIFICATES_AND_SALES = N_("Certificates and sales")
EXCHANGE = N_("Data exchange")
CARBON_PLAN = N_("Carbon plan")
ENERGY_AND_EMISSIONS = N_("Energy and emissions")
CARRYING_OUT = N_("Carrying out the plan")
ADMINISTRATION = N_("Administration")

GROUPS = (
    "",
    SUPPLIERS_AND_DATA,
    GREEN_PROCUREMENT,
    FOOTPRINTS_AND_MODEL,
    CERTIFICATES_AND_SALES,
    EXCHANGE,
    CARBON_PLAN,
    ENERGY_AND_EMISSIONS,
    CARRYING_OUT,
    ADMINISTRATION,
)
"""In the order of the page."""
FEW = 16
"""So many entries fit on a screen with every group open."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A part of the console; `roles` are those who work in it, which may be fewer than may look at its pages.

    Attributes
    ----------
    group
        Heading under which neighbours of the same group stand together; empty without one.
    tabs
        Where pages of the area stand that are not below its path.

    """

    label: str
    path: str
    roles: frozenset[Role]
    group: str = ""
    tabs: tuple[str, ...] = ()


_AREAS = (
    Area(label=N_("Work queue"), path="/console", roles=STAFF_ROLES),
    Area(label=N_("Suppliers"), path="/console/suppliers", roles=DATA, group=SUPPLIERS_AND_DATA),
    Area(label=N_("Campaigns"), path="/console/campaigns", roles=DATA, group=SUPPLIERS_AND_DATA),
    Area(label=N_("Requests"), path="/console/requests", roles=DATA, group=SUPPLIERS_AND_DATA),
    Area(label=N_("Request planner"), path="/console/planner", roles=INSIDERS, group=SUPPLIERS_AND_DATA),
    Area(
        label=N_("Review"),
        path="/console/review",
        roles=frozenset({Role.REVIEWER, Role.ENGINEER, Role.AUDITOR}),
        group=SUPPLIERS_AND_DATA,
    ),
    Area(label=N_("Products"), path="/console/products", roles=FIGURES, group=SUPPLIERS_AND_DATA),
    Area(
        label=N_("Purchases"),
        path="/console/purchases",
        roles=frozenset({Role.ENGINEER, Role.PROCUREMENT, Role.AUDITOR}),
        group=SUPPLIERS_AND_DATA,
    ),
    Area(label=N_("Ranking"), path="/console/ranking", roles=DATA, group=GREEN_PROCUREMENT),
    Area(label=N_("Supplier swaps"), path="/console/swaps", roles=DATA, group=GREEN_PROCUREMENT),
    Area(label=N_("Order allocation"), path="/console/allocations", roles=DATA, group=GREEN_PROCUREMENT),
    Area(label=N_("Certificates of suppliers"), path="/console/held-certificates", roles=DATA, group=GREEN_PROCUREMENT),
    Area(label=N_("Corrective actions"), path="/console/corrective-actions", roles=DATA, group=GREEN_PROCUREMENT),
    Area(label=N_("Objections to scores"), path="/console/appeals", roles=DATA, group=GREEN_PROCUREMENT),
    Area(label=N_("Engagement"), path="/console/engagement", roles=DATA, group=GREEN_PROCUREMENT),
    Area(label=N_("Self-assessment"), path="/console/self-assessment", roles=DATA, group=GREEN_PROCUREMENT),
    Area(label=N_("Footprints"), path="/console/footprints", roles=FIGURES, group=FOOTPRINTS_AND_MODEL),
    Area(
        label=N_("Declared footprints"),
        path="/console/declared-footprints",
        roles=FIGURES - {Role.PROCUREMENT},
        group=FOOTPRINTS_AND_MODEL,
    ),
    Area(label=N_("Footprint limits"), path="/console/footprint-limits", roles=FIGURES, group=FOOTPRINTS_AND_MODEL),
    Area(label=N_("Life-cycle model"), path="/console/model", roles=INSIDERS, group=FOOTPRINTS_AND_MODEL),
    Area(label=N_("Scenarios"), path="/console/scenarios", roles=INSIDERS, group=FOOTPRINTS_AND_MODEL),
    Area(label=N_("Electricity factors"), path="/console/factor-sets", roles=INSIDERS, group=FOOTPRINTS_AND_MODEL),
    Area(
        label=N_("Licensed backgrounds"),
        path="/console/backgrounds",
        roles=frozenset({Role.ENGINEER, Role.REVIEWER, Role.AUDITOR, Role.ADMIN}),
        group=FOOTPRINTS_AND_MODEL,
    ),
    Area(
        label=N_("Kilowatt-hour calculator"),
        path="/console/kwh-calculator",
        roles=FIGURES - {Role.PROCUREMENT},
        group=FOOTPRINTS_AND_MODEL,
    ),
    Area(label=N_("Check a footprint file"), path="/console/validator", roles=FIGURES, group=FOOTPRINTS_AND_MODEL),
    Area(label=N_("Sales"), path="/console/sales", roles=FIGURES - {Role.PROCUREMENT}, group=CERTIFICATES_AND_SALES),
    Area(label=N_("Verifications"), path="/console/verification", roles=INSIDERS, group=FOOTPRINTS_AND_MODEL),
    Area(label=N_("Requests for footprints"), path="/console/exchange/requests", roles=INSIDERS, group=EXCHANGE),
    Area(label=N_("Received footprints"), path="/console/exchange/received", roles=INSIDERS, group=EXCHANGE),
    Area(label=N_("Messages to partners"), path="/console/exchange/deliveries", roles=INSIDERS | {Role.ADMIN}, group=EXCHANGE),
    Area(label=N_("Partners"), path="/console/partners", roles=frozenset({Role.ADMIN}), group=EXCHANGE),
    Area(label=N_("Certificates"), path="/console/certificates", roles=FIGURES - {Role.PROCUREMENT}, group=CERTIFICATES_AND_SALES),
    Area(label=N_("Customers"), path="/console/customers", roles=frozenset({Role.SALES}), group=CERTIFICATES_AND_SALES),
    Area(
        label=N_("Customers' part numbers"),
        path="/console/part-numbers",
        roles=frozenset({Role.SALES}),
        group=CERTIFICATES_AND_SALES,
    ),
    Area(label=N_("State of the plan"), path="/console/plan", roles=READER_ROLES, group=CARBON_PLAN),
    Area(
        label=N_("Targets"),
        path="/console/plan/targets",
        roles=READER_ROLES,
        group=CARBON_PLAN,
        tabs=("/console/plan/changes", "/console/plan/neutrality"),
    ),
    Area(label=N_("Carbon assets"), path="/console/plan/carbon-assets", roles=READER_ROLES, group=CARBON_PLAN),
    Area(label=N_("Monitoring"), path="/console/plan/monitoring", roles=READER_ROLES, group=ENERGY_AND_EMISSIONS),
    Area(label=N_("Buildings"), path="/console/plan/buildings", roles=READER_ROLES, group=ENERGY_AND_EMISSIONS),
    Area(label=N_("Office"), path="/console/plan/office", roles=READER_ROLES, group=ENERGY_AND_EMISSIONS),
    Area(label=N_("Green power"), path="/console/plan/green-power", roles=READER_ROLES, group=ENERGY_AND_EMISSIONS),
    Area(label=N_("Logistics"), path="/console/plan/logistics", roles=READER_ROLES, group=ENERGY_AND_EMISSIONS),
    Area(label=N_("Company inventory"), path="/console/plan/inventory", roles=READER_ROLES, group=ENERGY_AND_EMISSIONS),
    Area(label=N_("Energy"), path="/console/plan/energy", roles=READER_ROLES, group=ENERGY_AND_EMISSIONS),
    Area(label=N_("Measures"), path="/console/plan/measures", roles=READER_ROLES, group=CARBON_PLAN),
    Area(label=N_("Material flows"), path="/console/plan/material-flows", roles=READER_ROLES, group=CARRYING_OUT),
    Area(label=N_("Recycled sources"), path="/console/plan/recycled-sources", roles=READER_ROLES, group=CARRYING_OUT),
    Area(label=N_("Project gate"), path="/console/plan/project-gate", roles=READER_ROLES, group=CARRYING_OUT),
    Area(label=N_("Methods"), path="/console/plan/methods", roles=READER_ROLES, group=CARRYING_OUT),
    Area(label=N_("Governance"), path="/console/plan/governance", roles=READER_ROLES, group=CARRYING_OUT),
    Area(label=N_("Assessment"), path="/console/plan/assessment", roles=READER_ROLES, group=CARRYING_OUT),
    Area(label=N_("Resources"), path="/console/plan/resources", roles=READER_ROLES, group=CARRYING_OUT),
    Area(label=N_("Green supply chain"), path="/console/plan/supply-chain", roles=READER_ROLES, group=CARRYING_OUT),
    Area(label=N_("Eco-design"), path="/console/plan/eco-design", roles=READER_ROLES, group=CARRYING_OUT),
    Area(label=N_("Publicity"), path="/console/plan/publicity", roles=READER_ROLES, group=CARRYING_OUT),
    Area(label=N_("Stakeholders"), path="/console/plan/stakeholders", roles=READER_ROLES, group=CARRYING_OUT),
    Area(label=N_("Employees"), path="/console/plan/people", roles=READER_ROLES, group=CARRYING_OUT),
    Area(label=N_("People"), path="/console/people", roles=frozenset({Role.ADMIN}), group=ADMINISTRATION),
    Area(label=N_("Personal data"), path="/console/personal-data", roles=frozenset({Role.ADMIN}), group=ADMINISTRATION),
    Area(label=N_("Other systems"), path="/console/systems", roles=frozenset({Role.ADMIN}), group=ADMINISTRATION),
    Area(label=N_("Mails and jobs"), path="/console/deliveries", roles=frozenset({Role.ADMIN}), group=ADMINISTRATION),
    Area(label=N_("Audit trail"), path="/console/audit", roles=frozenset({Role.ADMIN, Role.AUDITOR}), group=ADMINISTRATION),
)


AREAS = tuple(sorted(_AREAS, key=lambda area: GROUPS.index(area.group)))


def navigation(context: Context) -> tuple[NavigationItem, ...]:
    """Return the entries that the roles of whoever asks may use; none for suppliers."""
    asking = context.principal
    if asking is None or not asking.is_staff:
        return ()
    areas = [area for area in AREAS if area.roles & asking.roles]
    active = _active_path(context.request.url.path, areas)
    here = {area.group for area in areas if area.path == active}
    return tuple(
        NavigationItem(
            label=translate(context.locale, area.label),
            href=area.path,
            active=area.path == active,
            group=translate(context.locale, area.group) if area.group else "",
            is_open=area.group in here or len(areas) <= FEW,
        )
        for area in areas
    )


def works_in(context: Context, path: str) -> bool:
    """Tell whether an area is the work of whoever asks."""
    return any(area.path == path and area.roles & context.asking.roles for area in AREAS)


def _active_path(path: str, areas: list[Area]) -> str | None:
    places = [(place, area.path) for area in areas for place in (area.path, *area.tabs)]
    inside = [(place, area) for place, area in places if path == place or (path.startswith(place + "/") and place != "/console")]
    return max(inside, key=lambda one: len(one[0]), default=("", None))[1]
