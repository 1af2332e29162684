"""Recycled sources: certificates, receipts, claims with the balance behind them."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.accounts.queries import names_of_actors
from service.console.choices import Options
from service.console.footprints import product_options
from service.console.material_words import CUSTODY, SOURCES, material_choices, recycler_choices, source_tabs
from service.console.register_columns import worded
from service.console.registers import Column, Ending, Kind, Register, add_register
from service.database import new_id
from service.errors import N_
from service.i18n import translate
from service.material_flows import recycled_operations as operations
from service.material_flows import recycled_queries as queries
from service.material_flows.balances_of_sources import SourceBalance, balance_of
from service.material_flows.models import ClaimStatus, RecycledClaim, RecycledReceipt, RecycledSource
from service.material_flows.recycled_rules import balance_window
from service.material_flows.schemas import ClaimInput, ReceiptInput, SourceInput
from service.plan.policies import PLAN_APPROVERS, PLAN_EDITORS, PLAN_READERS
from service.web.forms import FormInput, FormState, Version, parse_form

router = APIRouter()

_ABOVE: Final = (N_("Recycled sources"), SOURCES)
_CLAIMS: Final = f"{SOURCES}/claims"


def source_choices(context: Context) -> Options:
    """Return the sources by name."""
    chinese = context.locale == "zh-CN"
    return [(str(one.id), one.name_zh if chinese else one.name_en) for one in queries.all_sources(context.session)]


def is_valid_now(context: Context, source: RecycledSource) -> str:
    """Return in words whether a source's certificate holds today."""
    today = context.today
    return translate(context.locale, N_("Valid") if source.valid_from <= today <= source.valid_until else N_("Expired"))


RECEIPTS: Final = Register(
    key="recycled_receipt",
    path=f"{SOURCES}/receipts",
    title=N_("Receipts of recycled material"),
    lead=N_("What came in, by batch; a receipt is never changed, only taken back with a reason"),
    empty=N_("Record what a source has delivered, batch by batch."),
    add_label=N_("Record a receipt"),
    table=RecycledReceipt,
    fields=ReceiptInput,
    columns=(
        Column(key="source_id", label=N_("Recycled source"), kind=Kind.CHOICE, choices=source_choices, filtered=True),
        Column(key="batch", label=N_("Batch")),
        Column(key="received_on", label=N_("Received on"), kind=Kind.DATE),
        Column(key="amount_t", label=N_("Amount"), kind=Kind.NUMBER, unit="t"),
        Column(
            key="pre_consumer_share",
            label=N_("From production scrap"),
            kind=Kind.NUMBER,
            unit="1",
            hint=N_("Part of the amount, 0 to 1: scrap of production that was never used"),
        ),
        Column(
            key="post_consumer_share",
            label=N_("From used products"),
            kind=Kind.NUMBER,
            unit="1",
            hint=N_("Part of the amount, 0 to 1: from batteries or electrodes that were used"),
        ),
        Column(key="evidence", label=N_("Evidence"), hint=N_("Delivery note, certificate of the lot, weigh-bridge slip")),
    ),
    identity=("source_id", "batch"),
    sort=("-received_on",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=operations.record_receipt,
    change=operations.keep_receipt,
    ending=Ending(label=N_("Take this receipt back"), run=operations.reverse_receipt),
    above=_ABOVE,
    tabs=source_tabs,
)
RECYCLED_SOURCES: Final = Register(
    key="recycled_source",
    path=SOURCES,
    title=N_("Recycled sources"),
    lead=N_("Suppliers of recycled graphite and own scrap, with the certificate that proves how the material is told apart"),
    empty=N_("Add a supplier of recycled graphite, or your own scrap, with its chain-of-custody certificate."),
    add_label=N_("Add a recycled source"),
    table=RecycledSource,
    fields=SourceInput,
    columns=(
        Column(key="name_zh", label=N_("Chinese name"), filtered=True),
        Column(key="name_en", label=N_("English name")),
        Column(
            key="supplier_id",
            label=N_("Supplier"),
            kind=Kind.CHOICE,
            choices=recycler_choices,
            hint=N_("Leave empty for own scrap"),
            filtered=True,
            href=lambda row: f"/console/suppliers/{row.supplier_id}" if row.supplier_id else None,
        ),
        Column(key="material", label=N_("Material"), kind=Kind.CHOICE, choices=material_choices, filtered=True),
        Column(key="custody", label=N_("Chain of custody"), kind=Kind.CHOICE, choices=worded(CUSTODY), filtered=True),
        Column(key="certificate_no", label=N_("Certificate number")),
        Column(key="valid_from", label=N_("Valid from"), kind=Kind.DATE, in_list=False),
        Column(key="valid_until", label=N_("Valid until"), kind=Kind.DATE),
        Column(
            key="conversion",
            label=N_("Conversion"),
            kind=Kind.NUMBER,
            unit="t/t",
            hint=N_("Tonnes in the product per tonne received, 0 to 1"),
        ),
        Column(key="is_valid", label=N_("Today"), computed=is_valid_now),
    ),
    identity=("name_zh",),
    sort=("name_zh",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=operations.add_source,
    change=operations.change_source,
    tabs=source_tabs,
)


class DecisionForm(FormInput):
    """A verdict on a claim, or its withdrawal."""

    version: Version
    reason: Annotated[str, Field(max_length=300)] = ""


class WithdrawalForm(FormInput):
    """A withdrawal says why."""

    version: Version
    reason: Annotated[str, Field(min_length=2, max_length=300)]


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """One claim in words.

    Attributes
    ----------
    counts
        Whether it counts in what is issued today: approved, and its source's certificate holds.

    """

    claim: RecycledClaim
    source: str
    product: str
    proposed_by: str
    counts: bool
    may_decide: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPage:
    """One claim with the receipts that it rests on."""

    line: ClaimLine
    source: RecycledSource
    balance: SourceBalance
    receipts: Sequence[RecycledReceipt]
    form: FormState


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsPage:
    """Claims, the balance of each source and year, and the form for one more."""

    tabs: Sequence[tuple[str, str, bool]]
    lines: Sequence[ClaimLine]
    balances: Sequence[tuple[str, SourceBalance]]
    sources: Options
    products: Options
    form: FormState
    may_write: bool
    idempotency_key: str = field(default_factory=lambda: str(new_id()))


def _show(context: Context, form: FormState) -> Response:
    session, names = context.session, dict(source_choices(context))
    sources = queries.all_sources(session)
    claims = queries.claims_of(session)
    years = sorted({(one.source_id, one.period_start.year) for one in claims}, key=lambda pair: (-pair[1], str(pair[0])))
    by_id = {one.id: one for one in sources}
    page = ClaimsPage(
        tabs=source_tabs(context),
        lines=_lines(context, claims, by_id, names),
        balances=[(names[str(source_id)], balance_of(session, by_id[source_id], year=year)) for source_id, year in years],
        sources=list(names.items()),
        products=product_options(context),
        form=form,
        may_write=PLAN_EDITORS.lets_in(context.principal),
    )
    return render_page(context, "console/recycled_claims.html", page, status=form.status)


def _show_claim(context: Context, form: FormState, recycled_claim_id: uuid.UUID) -> Response:
    session = context.session
    claim = queries.get_claim(session, recycled_claim_id)
    source = queries.get_source(session, claim.source_id)
    window = balance_window(source.custody, period_start=claim.period_start, period_end=claim.period_end)
    page = ClaimPage(
        line=_lines(context, [claim], {source.id: source}, dict(source_choices(context)))[0],
        source=source,
        balance=balance_of(session, source, year=claim.period_start.year),
        receipts=[one for one in queries.receipts_of(session, source.id) if window.holds(one.received_on)],
        form=form,
    )
    return render_page(context, "console/recycled_claim.html", page, status=form.status)


@router.get("/console/plan/recycled-sources/claims")
@endpoint(PLAN_READERS)
def show_claims(context: Context) -> Response:
    """Show claims with the mass balance behind them."""
    return _show(context, FormState())


@router.post("/console/plan/recycled-sources/claims")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show)
def propose_claim(context: Context) -> Response:
    """Propose a claim; another person approves it."""
    fields = parse_form(ClaimInput, context.form)
    claim = operations.propose_claim(context.session, fields, by=context.asking.actor, at=context.at)
    return see_other(context, _CLAIMS, N_("Claim %(number)s waits for another person."), number=claim.number)


@router.get("/console/plan/recycled-sources/claims/{recycled_claim_id}")
@endpoint(PLAN_READERS)
def show_claim(context: Context, recycled_claim_id: uuid.UUID) -> Response:
    """Show a claim with the receipts that it rests on."""
    return _show_claim(context, FormState(), recycled_claim_id)


@router.post("/console/plan/recycled-sources/claims/{recycled_claim_id}/approve")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(_show_claim)
def approve_claim(context: Context, recycled_claim_id: uuid.UUID) -> Response:
    """Approve a claim, so that it counts on certificates issued from now on."""
    return _decide(context, recycled_claim_id, approve=True)


@router.post("/console/plan/recycled-sources/claims/{recycled_claim_id}/refuse")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(_show_claim)
def refuse_claim(context: Context, recycled_claim_id: uuid.UUID) -> Response:
    """Refuse a claim; its tonnes are free again."""
    return _decide(context, recycled_claim_id, approve=False)


@router.post("/console/plan/recycled-sources/claims/{recycled_claim_id}/withdraw")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_claim)
def withdraw_claim(context: Context, recycled_claim_id: uuid.UUID) -> Response:
    """Take a claim back, with the reason."""
    form = parse_form(WithdrawalForm, context.form)
    actor = context.asking.actor
    operations.withdraw_claim(context.session, recycled_claim_id, reason=form.reason, version=form.version, by=actor, at=context.at)
    return see_other(context, _CLAIMS, N_("Withdrawn."))


add_register(router, RECEIPTS)
add_register(router, RECYCLED_SOURCES)


def _decide(context: Context, claim_id: uuid.UUID, *, approve: bool) -> Response:
    form = parse_form(DecisionForm, context.form)
    actor = context.asking.actor
    operations.decide_claim(
        context.session, claim_id, approve=approve, reason=form.reason, version=form.version, by=actor, at=context.at
    )
    return see_other(context, _CLAIMS, N_("Approved.") if approve else N_("Refused."))


def _lines(
    context: Context, claims: Sequence[RecycledClaim], sources: Mapping[uuid.UUID, RecycledSource], names: Mapping[str, str]
) -> Sequence[ClaimLine]:
    products = dict(product_options(context))
    people = names_of_actors(context.session, {one.proposed_by for one in claims})
    today: date = context.today
    approves = PLAN_APPROVERS.lets_in(context.principal)
    edits = PLAN_EDITORS.lets_in(context.principal)
    return [
        ClaimLine(
            claim=one,
            source=names[str(one.source_id)],
            product=products.get(str(one.product_id), "–"),
            proposed_by=people.get(one.proposed_by, "–"),
            counts=one.status is ClaimStatus.APPROVED
            and sources[one.source_id].valid_from <= today <= sources[one.source_id].valid_until,
            may_decide=approves and one.status is ClaimStatus.PROPOSED and one.proposed_by != context.asking.actor,
            may_withdraw=edits and one.status in queries.HOLDING,
        )
        for one in claims
    ]
