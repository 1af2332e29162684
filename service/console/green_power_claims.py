"""Claims of green power: proposed by one person in a form, looked at with all that stands behind them, decided by another."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.accounts.queries import names_of_actors
from service.console import green_power_words as words
from service.console.choices import Options
from service.console.green_power import ClaimLine, claim_line
from service.console.register_columns import plant_choices
from service.console.register_definition import Tabs
from service.database import new_id
from service.errors import N_
from service.green_power import claims, queries
from service.green_power.models import CertificateStatus, ClaimStatus, GreenCertificate, PowerContract, SupplyClaim
from service.green_power.rules import METERED_KINDS
from service.green_power.schemas import CertificateClaimInput, MeteredClaimInput
from service.i18n import translate
from service.plan.policies import APPROVER_ROLES, EDITOR_ROLES, PLAN_APPROVERS, PLAN_EDITORS, PLAN_READERS
from service.products.queries import find_products, get_product
from service.web.forms import FormInput, FormState, Version, VersionInput, parse_form

router = APIRouter()

PLAN_KEEPERS = roles(*EDITOR_ROLES, *APPROVER_ROLES)
"""Whoever approves may refuse, and whoever proposed may take it back."""


class ReasonForm(FormInput):
    """The button that refuses or takes back a claim, with the reason."""

    version: Version
    reason: str = Field(min_length=2, max_length=500)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFormPage:
    """One way to propose a claim: by certificates, or by the meter of a line or of an own plant."""

    tabs: Tabs
    by_meter: bool
    plants: Options
    products: Options
    contracts: Options
    free: Sequence[GreenCertificate]
    form: FormState
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPage:
    """A claim with all that stands behind it."""

    line: ClaimLine
    product: str
    contract: PowerContract | None
    months: Mapping[str, float]
    certificates: Sequence[GreenCertificate]
    proposed_by: str
    decided_by: str
    withdrawn_by: str
    form: FormState
    may_approve: bool
    may_refuse: bool
    may_withdraw: bool


def _show_form(context: Context, form: FormState, *, by_meter: bool) -> Response:
    session, locale = context.session, context.locale
    cancelled = queries.find_certificates(session, status=CertificateStatus.CANCELLED)
    ways = ((N_("By cancelled certificates"), "new", not by_meter), (N_("By a meter"), "new-by-meter", by_meter))
    page = ClaimFormPage(
        tabs=[(translate(locale, text), f"{words.CLAIMS}/{end}", active) for text, end, active in ways],
        by_meter=by_meter,
        plants=plant_choices(context),
        products=[(str(one.id), f"{one.grade} · {one.plant_name(locale)}") for one in find_products(session, limit=200).rows],
        contracts=[(str(one.id), one.number) for one in queries.find_contracts(session) if one.kind in METERED_KINDS],
        free=[one for one in cancelled if one.claim_id is None],
        form=form,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/green_power_claim_form.html", page, status=form.status)


def _show(context: Context, form: FormState, supply_claim_id: uuid.UUID) -> Response:
    session, claim = context.session, queries.get_claim(context.session, supply_claim_id)
    people = names_of_actors(session, [one for one in (claim.proposed_by, claim.decided_by, claim.withdrawn_by) if one])
    contract = queries.get_contract(session, claim.contract_id) if claim.contract_id else None
    is_proposed, mine = claim.status is ClaimStatus.PROPOSED, claim.proposed_by == context.asking.actor
    page = ClaimPage(
        line=claim_line(claim, dict(plant_choices(context)), context.locale),
        product=get_product(session, claim.product_id).grade if claim.product_id else "",
        contract=contract,
        months=_months(context, claim, contract),
        certificates=queries.certificates_by_claim(session, [claim.id]).get(claim.id, ()),
        proposed_by=people.get(claim.proposed_by, claim.proposed_by),
        decided_by=people.get(claim.decided_by, claim.decided_by) if claim.decided_by else "",
        withdrawn_by=people.get(claim.withdrawn_by, claim.withdrawn_by) if claim.withdrawn_by else "",
        form=form,
        may_approve=is_proposed and not mine and bool(context.asking.roles & APPROVER_ROLES),
        may_refuse=is_proposed and bool(context.asking.roles & (APPROVER_ROLES | EDITOR_ROLES)),
        may_withdraw=claim.status is ClaimStatus.APPROVED and bool(context.asking.roles & APPROVER_ROLES),
    )
    return render_page(context, "console/green_power_claim.html", page, status=form.status)


def _show_certificate_form(context: Context, form: FormState) -> Response:
    return _show_form(context, form, by_meter=False)


def _show_metered_form(context: Context, form: FormState) -> Response:
    return _show_form(context, form, by_meter=True)


@router.get(f"{words.CLAIMS}/new")
@endpoint(PLAN_EDITORS)
def new_claim(context: Context) -> Response:
    """Show the form for certificates; site and year may stand in the address."""
    return _show_certificate_form(context, _given(context))


@router.get(f"{words.CLAIMS}/new-by-meter")
@endpoint(PLAN_EDITORS)
def new_metered_claim(context: Context) -> Response:
    """Show the form for a line or an own plant."""
    return _show_metered_form(context, _given(context))


@router.post(f"{words.CLAIMS}/certificates")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_certificate_form)
def propose_by_certificates(context: Context) -> Response:
    """Propose to spend cancelled certificates."""
    fields = parse_form(CertificateClaimInput, context.form)
    claim = claims.propose_certificates(
        context.session,
        fields,
        tolerance_months=context.settings.green_certificate_tolerance_months,
        by=context.asking.actor,
        at=context.at,
    )
    return see_other(context, f"{words.CLAIMS}/{claim.id}", N_("Proposed. Another person approves it."))


@router.post(f"{words.CLAIMS}/metered")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_metered_form)
def propose_by_meter(context: Context) -> Response:
    """Propose what a line or an own plant delivered."""
    fields = parse_form(MeteredClaimInput, context.form)
    claim = claims.propose_metered(context.session, fields, by=context.asking.actor, at=context.at)
    return see_other(context, f"{words.CLAIMS}/{claim.id}", N_("Proposed. Another person approves it."))


@router.get(f"{words.CLAIMS}/{{supply_claim_id}}")
@endpoint(PLAN_READERS)
def show_claim(context: Context, supply_claim_id: uuid.UUID) -> Response:
    """Show a claim with all that stands behind it."""
    return _show(context, FormState(), supply_claim_id)


@router.post(f"{words.CLAIMS}/{{supply_claim_id}}/approve")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(_show)
def approve_claim(context: Context, supply_claim_id: uuid.UUID) -> Response:
    """Approve a claim that another person proposed."""
    claims.approve_claim(
        context.session,
        supply_claim_id,
        version=parse_form(VersionInput, context.form).version,
        tolerance_months=context.settings.green_certificate_tolerance_months,
        by=context.asking.actor,
        at=context.at,
    )
    return see_other(context, f"{words.CLAIMS}/{supply_claim_id}", N_("Approved. Footprints calculated from now on count it."))


@router.post(f"{words.CLAIMS}/{{supply_claim_id}}/reject")
@endpoint(PLAN_KEEPERS)
@refusals_shown_by(_show)
def reject_claim(context: Context, supply_claim_id: uuid.UUID) -> Response:
    """Refuse a proposal, or take one's own back."""
    given = parse_form(ReasonForm, context.form)
    claims.reject_claim(
        context.session, supply_claim_id, version=given.version, reason=given.reason, by=context.asking.actor, at=context.at
    )
    return see_other(context, f"{words.CLAIMS}/{supply_claim_id}", N_("Refused. Its certificates are free again."))


@router.post(f"{words.CLAIMS}/{{supply_claim_id}}/withdraw")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(_show)
def withdraw_claim(context: Context, supply_claim_id: uuid.UUID) -> Response:
    """Take back an approved claim."""
    given = parse_form(ReasonForm, context.form)
    claims.withdraw_claim(
        context.session, supply_claim_id, version=given.version, reason=given.reason, by=context.asking.actor, at=context.at
    )
    return see_other(context, f"{words.CLAIMS}/{supply_claim_id}", N_("Withdrawn. Its certificates stay spent."))


def _given(context: Context) -> FormState:
    names = {"plant_id", "year", "product_id", "contract_id"}
    return FormState(values={name: text for name, text in context.request.query_params.items() if name in names})


def _months(context: Context, claim: SupplyClaim, contract: PowerContract | None) -> Mapping[str, float]:
    if contract is None:
        return {}
    months = queries.metered_months(context.session, contract, start=claim.period_start, end=claim.period_end)
    return {f"{month:%Y-%m}": kwh for month, kwh in sorted(months.items())}
