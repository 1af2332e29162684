"""What the pages of one footprint share: the head, and a tab for each question about the number."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from service.accounts.access import Context
from service.console.green_power_words import CLAIMS
from service.errors import N_
from service.footprints import queries
from service.footprints.disclosure import may_see_inputs
from service.footprints.queries import RecordRow
from service.footprints.staleness import withdrawn_supplies
from service.green_power.models import SupplyClaim
from service.i18n import translate


class FootprintTab(StrEnum):
    """A page of a footprint, by the last part of its address."""

    RESULT = ""
    EXPLAIN = "explain"
    UNCERTAINTY = "uncertainty"
    ELECTRICITY = "electricity"
    METHODS = "methods"
    INPUTS = "inputs"


_LABELS: Final[Mapping[FootprintTab, str]] = {
    FootprintTab.RESULT: N_("Result"),
    FootprintTab.EXPLAIN: N_("Explanation"),
    FootprintTab.UNCERTAINTY: N_("Uncertainty"),
    FootprintTab.ELECTRICITY: N_("Electricity"),
    FootprintTab.METHODS: N_("Methods"),
    FootprintTab.INPUTS: N_("Inputs"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnSupply:
    """A claim of green power that a footprint counts and that was withdrawn."""

    claim: SupplyClaim
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FootprintHead:
    """Head of a footprint's page, for the macro `footprint_head`.

    Attributes
    ----------
    tabs
        Text, address and whether it is the page shown; empty for those who see the result only.
    path
        Address of the footprint; its other pages lie below.
    steps
        Text and address of the pages above.
    answers_path
        Below this address lie the answers of a submission, by its id.
    withdrawn_supplies
        Claims of green power that it counts and that were withdrawn, and the addresses of their pages.
    ask_href
        Where a verifier asks about this page; None in the console, whose pages also lead to other footprints and to changes.

    """

    row: RecordRow
    tabs: Sequence[tuple[str, str, bool]]
    path: str
    steps: Sequence[tuple[str, str]]
    answers_path: str
    withdrawn_supplies: Sequence[WithdrawnSupply] = ()
    ask_href: str | None = None


def footprint_head(context: Context, record_id: uuid.UUID, active: FootprintTab) -> FootprintHead:
    """Return the head of a page of a footprint."""
    row = queries.get_row(context.session, record_id)
    return FootprintHead(
        row=row,
        tabs=_tabs(context, record_id, active) if may_see_inputs(context.asking) else (),
        path=footprint_href(record_id, FootprintTab.RESULT),
        steps=[(translate(context.locale, N_("Footprints")), "/console/footprints")],
        answers_path="/console/review",
        withdrawn_supplies=[
            WithdrawnSupply(claim=claim, href=f"{CLAIMS}/{claim.id}") for claim in withdrawn_supplies(context.session, record_id)
        ]
        if row.is_stale
        else (),
    )


def footprint_href(record_id: uuid.UUID, tab: FootprintTab) -> str:
    """Return the address of a page of a footprint."""
    return f"/console/footprints/{record_id}/{tab}".removesuffix("/")


def _tabs(context: Context, record_id: uuid.UUID, active: FootprintTab) -> list[tuple[str, str, bool]]:
    return [(translate(context.locale, label), footprint_href(record_id, tab), tab is active) for tab, label in _LABELS.items()]
