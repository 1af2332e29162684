"""Words of governance, in one place for lists, forms and files."""

from collections.abc import Mapping
from typing import Final

from service.accounts.access import Context
from service.console.choices import Options
from service.errors import N_
from service.governance.models import ActionStatus, CommitteeRole, FundingKind
from service.i18n import translate
from service.measures.models import MeasureStatus
from service.measures.queries import measures_of

ABOVE: Final = (N_("Governance"), "/console/plan/governance")
PLACES: Final[Mapping[CommitteeRole, str]] = {
    CommitteeRole.CHAIR: N_("Chair"),
    CommitteeRole.DEPUTY_CHAIR: N_("Deputy chair"),
    CommitteeRole.SECRETARY: N_("Secretary"),
    CommitteeRole.MEMBER: N_("Member"),
}
ACTION_STATUS: Final[Mapping[ActionStatus, str]] = {
    ActionStatus.OPEN: N_("To do"),
    ActionStatus.DOING: N_("Under way"),
    ActionStatus.DONE: N_("Done"),
    ActionStatus.DROPPED: N_("Dropped"),
}
FUNDING: Final[Mapping[FundingKind, str]] = {
    FundingKind.GREEN_LOAN: N_("Green loan"),
    FundingKind.GREEN_BOND: N_("Green bond"),
    FundingKind.PUBLIC_FUND: N_("Public fund"),
    FundingKind.TRANSITION_FINANCE: N_("Transition finance"),
    FundingKind.OWN_BUDGET: N_("Own budget"),
}


def measure_choices(context: Context) -> Options:
    """Return all measures by name, the dropped ones too, because rows may refer to them."""
    return [(str(one.id), one.name(context.locale)) for one in measures_of(context.session, statuses=frozenset(MeasureStatus))]


def governance_tabs(context: Context) -> list[tuple[str, str, bool]]:
    """Return the pages of governance; the one that is shown is marked."""
    path = context.request.url.path
    return [(translate(context.locale, label), address, path == address) for label, address in TABS]


TABS: Final = (
    (N_("Who answers for what"), "/console/plan/governance"),
    (N_("Action board"), "/console/plan/governance/board"),
    (N_("Actions of the plan"), "/console/plan/governance/actions"),
    (N_("Committee"), "/console/plan/governance/committee"),
    (N_("Departments and units"), "/console/plan/governance/units"),
    (N_("Responsibilities"), "/console/plan/governance/responsibilities"),
    (N_("Decisions"), "/console/plan/governance/decisions"),
)
