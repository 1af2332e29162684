"""Pages on what the company says of itself in public, and on what shows that it is so."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.accounts.queries import names_of_actors
from service.console.publicity import LIST
from service.console.publishing_steps import Step, steps_for, take_step
from service.console.table_imports import as_typed
from service.database import new_id
from service.errors import N_, NotSignedInError
from service.plan.policies import EDITOR_ROLES, PLAN_APPROVERS, PLAN_EDITORS, PLAN_READERS
from service.publicity import claims
from service.publicity.models import Claim, ClaimProof
from service.publicity.queries import find_claims, get_claim, holds, proofs_of
from service.publicity.rules import EDITABLE
from service.publicity.schemas import ClaimInput, ProofInput
from service.web.forms import FormState, parse_form

router = APIRouter()

CLAIMS: Final = f"{LIST}/claims"


class ClaimChange(ClaimInput):
    """The form of an existing claim: with the version it was read at."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofLine:
    """A proof, and whether it shows the claim today."""

    proof: ClaimProof
    holds: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """A claim of the list; `proven_until` is the last day that its proofs cover, None without one that holds today."""

    claim: Claim
    proven_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsPage:
    """All claims."""

    lines: Sequence[ClaimLine]
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimPage:
    """One claim with its proofs, or the form of a new one if `claim` is None."""

    claim: Claim | None
    form: FormState
    proof_form: FormState
    proofs: Sequence[ProofLine]
    authors: str
    steps: Sequence[Step]
    may_write: bool
    may_change: bool
    idempotency_key: str


def _show_form(context: Context, form: FormState, claim: Claim | None, *, proof_form: FormState | None = None) -> Response:
    proofs = proofs_of(context.session, [claim.id])[claim.id] if claim else ()
    names = names_of_actors(context.session, claim.authors if claim else ())
    may_write = context.asking.has(*EDITOR_ROLES)
    page = ClaimPage(
        claim=claim,
        form=form,
        proof_form=proof_form or FormState(),
        proofs=[ProofLine(proof=one, holds=holds(context.session, one, on=context.today)) for one in proofs],
        authors=", ".join(names.values()),
        steps=steps_for(context, claim.status, f"{CLAIMS}/{claim.id}") if claim else (),
        may_write=may_write,
        may_change=may_write and (claim is None or claim.status in EDITABLE),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/plan_claim.html", page, status=(proof_form or form).status)


def _show_new(context: Context, form: FormState) -> Response:
    return _show_form(context, form, None)


def _show(context: Context, form: FormState, claim_id: uuid.UUID) -> Response:
    return _show_form(context, form, get_claim(context.session, claim_id))


def _show_with_proof(context: Context, form: FormState, claim_id: uuid.UUID) -> Response:
    claim = get_claim(context.session, claim_id)
    return _show_form(context, FormState(values=_typed(claim)), claim, proof_form=form)


@router.get(CLAIMS)
@endpoint(PLAN_READERS)
def show_claims(context: Context) -> Response:
    """List all claims."""
    found = find_claims(context.session)
    proofs = proofs_of(context.session, [one.id for one in found])
    lines = [ClaimLine(claim=one, proven_until=_proven_until(context, proofs[one.id])) for one in found]
    return render_page(context, "console/plan_claims.html", ClaimsPage(lines=lines, may_write=context.asking.has(*EDITOR_ROLES)))


@router.get(f"{CLAIMS}/new")
@endpoint(PLAN_EDITORS)
def new_claim(context: Context) -> Response:
    """Show an empty form."""
    return _show_new(context, FormState())


@router.post(CLAIMS)
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_new)
def write_claim(context: Context) -> Response:
    """Add a draft, which whoever writes it looks after."""
    owner_id = context.asking.user_id
    if owner_id is None:
        raise NotSignedInError
    fields = parse_form(ClaimInput, context.form)
    claim = claims.write_claim(context.session, fields, owner_id=owner_id, by=context.asking.actor, at=context.at)
    return see_other(context, f"{CLAIMS}/{claim.id}", N_("Saved as a draft. Record its proof; another person approves it."))


@router.get(f"{CLAIMS}/{{claim_id}}")
@endpoint(PLAN_READERS)
def show_claim(context: Context, claim_id: uuid.UUID) -> Response:
    """Show one claim."""
    return _show_with_proof(context, FormState(), claim_id)


@router.post(f"{CLAIMS}/{{claim_id}}")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show)
def change_claim(context: Context, claim_id: uuid.UUID) -> Response:
    """Change what is not published; it is a draft again."""
    change = parse_form(ClaimChange, context.form)
    fields = ClaimInput(**change.model_dump(exclude={"version"}))
    claims.change_claim(context.session, claim_id, fields, version=change.version, by=context.asking.actor, at=context.at)
    return see_other(context, f"{CLAIMS}/{claim_id}", N_("Saved as a draft. Record its proof; another person approves it."))


@router.post(f"{CLAIMS}/{{claim_id}}/proofs")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_with_proof)
def add_proof(context: Context, claim_id: uuid.UUID) -> Response:
    """Record what shows it."""
    fields = parse_form(ProofInput, context.form)
    claims.add_proof(context.session, claim_id, fields, by=context.asking.actor, at=context.at, on=context.today)
    return see_other(context, f"{CLAIMS}/{claim_id}", N_("Proof recorded."))


@router.post(f"{CLAIMS}/{{claim_id}}/proofs/{{proof_id}}/withdraw")
@endpoint(PLAN_EDITORS)
def withdraw_proof(context: Context, claim_id: uuid.UUID, proof_id: uuid.UUID) -> Response:
    """Say that something shows it no longer."""
    claims.withdraw_proof(context.session, claim_id, proof_id, by=context.asking.actor, at=context.at, on=context.today)
    return see_other(context, f"{CLAIMS}/{claim_id}", N_("Proof withdrawn."))


@router.post(f"{CLAIMS}/{{claim_id}}/approve")
@endpoint(PLAN_APPROVERS)
def approve(context: Context, claim_id: uuid.UUID) -> Response:
    """Approve what others wrote and proved."""
    return take_step(context, claims.approve_claim, claim_id, N_("Approved."))


@router.post(f"{CLAIMS}/{{claim_id}}/publish")
@endpoint(PLAN_EDITORS)
def publish(context: Context, claim_id: uuid.UUID) -> Response:
    """Say it in public."""
    return take_step(context, claims.publish_claim, claim_id, N_("Published."), on=context.today)


@router.post(f"{CLAIMS}/{{claim_id}}/withdraw")
@endpoint(PLAN_EDITORS)
def withdraw(context: Context, claim_id: uuid.UUID) -> Response:
    """Stop saying it."""
    return take_step(context, claims.withdraw_claim, claim_id, N_("Withdrawn from the public pages."))


def _proven_until(context: Context, proofs: Sequence[ClaimProof]) -> date | None:
    return max((one.valid_until for one in proofs if holds(context.session, one, on=context.today)), default=None)


def _typed(claim: Claim) -> Mapping[str, str]:
    fields = ClaimInput.model_construct(**claim.model_dump(include=set(ClaimInput.model_fields)))
    return {**as_typed(fields), "version": str(claim.version)}
