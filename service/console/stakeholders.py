"""Registers that look outside: the log of exchanges with stakeholders, and the benchmark table of peers."""

from typing import Any, Final

from fastapi import APIRouter

from service.accounts.access import Context
from service.console.choices import Options
from service.console.register_columns import worded
from service.console.register_definition import Tabs
from service.console.registers import Column, Ending, Kind, Register, add_register
from service.errors import N_
from service.i18n import translate
from service.plan.policies import PLAN_EDITORS, PLAN_READERS
from service.publicity.benchmark import INDICATORS
from service.publicity.models import ContactKind, PeerConfidence, PeerFigure, StakeholderContact
from service.publicity.own_values import own_values
from service.publicity.schemas import ContactInput, PeerFigureInput
from service.web.formatting import format_number

router = APIRouter()

LOG: Final = "/console/plan/stakeholders"
BENCHMARK: Final = f"{LOG}/benchmark"
CONTACT_WORDS: Final = {
    ContactKind.AUTHORITY: N_("Authority"),
    ContactKind.CUSTOMER: N_("Customer"),
    ContactKind.SUPPLIER: N_("Supplier"),
    ContactKind.INVESTOR: N_("Investor or bank"),
    ContactKind.COMMUNITY: N_("Neighbours and community"),
    ContactKind.MEDIA: N_("Press"),
    ContactKind.ASSOCIATION: N_("Industry association"),
}
CONFIDENCE_WORDS: Final = {
    PeerConfidence.VERIFIED: N_("Verified by a third party"),
    PeerConfidence.PUBLISHED: N_("Published, not verified"),
    PeerConfidence.DERIVED: N_("Derived from published figures"),
    PeerConfidence.REMEMBERED: N_("From memory, to be looked up"),
}


def _tabs(context: Context) -> Tabs:
    path = context.request.url.path
    return [
        (translate(context.locale, N_("Stakeholder log")), LOG, not path.startswith(BENCHMARK)),
        (translate(context.locale, N_("Benchmark of peers")), BENCHMARK, path.startswith(BENCHMARK)),
    ]


def _indicators(context: Context) -> Options:
    """Return the indicators with their units, so that no value stands without one."""
    return [(key, f"{translate(context.locale, one.name)}, {one.unit}") for key, one in INDICATORS.items()]


def _unit(_context: Context, row: Any) -> str:  # noqa: ANN401 - a row of the register
    return INDICATORS[row.indicator].unit


def _basis(context: Context, row: Any) -> str:  # noqa: ANN401 - a row of the register
    return translate(context.locale, INDICATORS[row.indicator].basis)


def _own(context: Context, row: Any) -> str | None:  # noqa: ANN401 - a row of the register
    """Return our own range beside a peer's figure; None where we have none on this basis."""
    found = own_values(context.session).get(row.indicator)
    if found is None:
        return None
    low, high = (format_number(value, context.locale) for value in found)
    return low if low == high else f"{low}–{high}"


def _own_href(row: Any) -> str | None:  # noqa: ANN401 - a row of the register
    return "/console/declared-footprints" if row.indicator == "pcf" else None


BENCHMARKS: Final = Register(
    key="peer_figure",
    path=BENCHMARK,
    title=N_("Benchmark of peers"),
    lead=N_("What others are said to reach; each figure with its source, the source's year and what it covers"),
    empty=N_("Enter what a peer has published, with source and year; figures on different bases are never set side by side."),
    add_label=N_("Enter a figure"),
    table=PeerFigure,
    fields=PeerFigureInput,
    columns=(
        Column(key="peer", label=N_("Company or group"), filtered=True),
        Column(
            key="sector",
            label=N_("Peer group"),
            hint=N_("Your own choice: the plan names several and fixes none"),
            filtered=True,
            in_list=False,
        ),
        Column(
            key="indicator",
            label=N_("Indicator"),
            kind=Kind.CHOICE,
            choices=_indicators,
            filtered=True,
        ),
        Column(key="value", label=N_("Value"), kind=Kind.NUMBER),
        Column(key="unit", label=N_("Unit"), computed=_unit, in_list=False),
        Column(key="own", label=N_("Ours, same basis"), computed=_own, href=_own_href),
        Column(key="basis", label=N_("Basis"), computed=_basis, in_list=False),
        Column(key="year", label=N_("Year of the figure"), kind=Kind.YEAR, in_list=False),
        Column(key="scope_note", label=N_("What it covers"), kind=Kind.LONG_TEXT),
        Column(key="source", label=N_("Source"), kind=Kind.LONG_TEXT, filtered=True),
        Column(key="source_year", label=N_("Year of the source"), kind=Kind.YEAR),
        Column(key="confidence", label=N_("How sure"), kind=Kind.CHOICE, choices=worded(CONFIDENCE_WORDS), filtered=True),
    ),
    identity=("peer", "indicator", "source"),
    sort=("indicator", "value"),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    ending=Ending(label=N_("Take out of the comparison")),
    tabs=_tabs,
)
CONTACTS: Final = Register(
    key="contact",
    path=LOG,
    title=N_("Stakeholder log"),
    lead=N_("Whom we talked to about the climate, about what, and what follows; organisations only, no outside person's data"),
    empty=N_("Note who asked or was asked, about what, and what you promised."),
    add_label=N_("Enter an exchange"),
    table=StakeholderContact,
    fields=ContactInput,
    columns=(
        Column(key="on_day", label=N_("Day"), kind=Kind.DATE),
        Column(key="organisation", label=N_("Organisation"), hint=N_("The organisation, not the person"), filtered=True),
        Column(key="kind", label=N_("Kind"), kind=Kind.CHOICE, choices=worded(CONTACT_WORDS), filtered=True),
        Column(key="topic", label=N_("About what"), kind=Kind.LONG_TEXT, filtered=True),
        Column(key="follow_up", label=N_("What follows"), kind=Kind.LONG_TEXT),
        Column(key="follow_up_by", label=N_("Until"), kind=Kind.DATE),
    ),
    identity=("on_day", "organisation", "topic"),
    sort=("-on_day", "organisation"),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    ending=Ending(label=N_("Done with")),
    tabs=_tabs,
)

add_register(router, BENCHMARKS)
add_register(router, CONTACTS)
