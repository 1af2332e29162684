"""Asking a supplier of one's own: its footprint counts in the answers, and neither reads the other's."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import SUPPLIER, Context, endpoint
from service.accounts.limits import Limit
from service.accounts.pages import render_page, see_other
from service.cascade import operations, queries, rules
from service.errors import N_, NotFoundError, ServiceError
from service.i18n import translate
from service.submissions.invitation_queries import invitation_of
from service.submissions.link_tokens import link_of
from service.submissions.models import Submission, SubmissionStatus, UpstreamRequest
from service.submissions.rules import USABLE
from service.submissions.upstream_queries import find_upstream_request, upstream_requests_of
from service.web.forms import FormState, rejected
from supplier_portal.frames import Frame, frame_of, path_of, questionnaire_of

router = APIRouter()

ASK_LIMIT = (Limit(name="ask-upstream", tries=20, per_s=3600),)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedLine:
    """A supplier that was asked.

    Attributes
    ----------
    link
        To hand on; None when nothing is left to answer.
    kg_co2e_per_kg
        Rounded to `step`; None until the answers are accepted, or if they make no footprint.

    """

    label: str
    name: str
    status: SubmissionStatus
    link: str | None
    kg_co2e_per_kg: Decimal | None
    step: Decimal | None
    own_share: float | None
    is_accepted: bool
    take_back_action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class UpstreamPage:
    """Context of the page for asking suppliers.

    Attributes
    ----------
    open_flows
        What nobody was asked about yet: (key, label).

    """

    frame: Frame
    lines: Sequence[AskedLine]
    open_flows: Sequence[tuple[str, str]]
    form: FormState
    idempotency_key: str


def upstream_href(context: Context, submission: Submission) -> str | None:
    """Return the address of the page where the supplier asks its own; None where there is nothing to ask for."""
    is_asked_itself = find_upstream_request(context.session, submission.id) is not None
    if is_asked_itself or context.asking.delegation_id is not None or submission.supplier_type not in rules.SUPPLIES:
        return None
    return f"{path_of(submission)}/suppliers"


@router.get("/portal/submissions/{submission_id}/suppliers")
@endpoint(SUPPLIER)
def show_upstream(context: Context, submission_id: uuid.UUID) -> Response:
    """Show what the supplier buys, and whom it has asked."""
    return _page(context, questionnaire_of(context, submission_id), FormState())


@router.post("/portal/submissions/{submission_id}/suppliers")
@endpoint(SUPPLIER, limited=ASK_LIMIT)
def ask_supplier(context: Context, submission_id: uuid.UUID) -> Response:
    """Ask a supplier; the link to hand on stands on the page afterwards."""
    submission = questionnaire_of(context, submission_id)
    flow, name, email = (str(context.form.get(key, "")) for key in ("flow", "name", "email"))
    try:
        with context.session.begin_nested():
            operations.ask(
                context.session,
                submission,
                flow=flow,
                name=name,
                email=email,
                settings=context.settings,
                by=context.asking.actor,
                at=context.at,
            )
    except ServiceError as error:
        return _page(context, submission, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"{path_of(submission)}/suppliers", N_("Asked. Copy the link below and send it to your supplier."))


@router.post("/portal/submissions/{submission_id}/suppliers/{upstream_id}/take-back")
@endpoint(SUPPLIER)
def take_back(context: Context, submission_id: uuid.UUID, upstream_id: uuid.UUID) -> Response:
    """Take a question to a supplier back."""
    submission = questionnaire_of(context, submission_id)
    request = queries.get_request(context.session, submission, upstream_id)
    operations.take_back(context.session, request, by=context.asking.actor, at=context.at)
    return see_other(context, f"{path_of(submission)}/suppliers", N_("Taken back. The link no longer opens."))


def _page(context: Context, submission: Submission, form: FormState, *, status: int = 200) -> Response:
    if upstream_href(context, submission) is None:
        raise NotFoundError
    asked = upstream_requests_of(context.session, submission.id)
    flows = {request.flow for request, _ in asked}
    supplies = rules.SUPPLIES.get(submission.supplier_type, ()) if submission.status in rules.ASKING else ()
    page = UpstreamPage(
        frame=frame_of(context, submission),
        lines=[_asked_line(context, submission, request, other) for request, other in asked],
        open_flows=[(one.flow, translate(context.locale, one.label)) for one in supplies if one.flow not in flows],
        form=form,
        idempotency_key=str(uuid.uuid4()),
    )
    return render_page(context, "portal/upstream.html", page, status=status)


def _asked_line(context: Context, submission: Submission, request: UpstreamRequest, other: Submission) -> AskedLine:
    invitation = invitation_of(context.session, other.id)
    is_accepted = other.status in USABLE
    shown = rules.rounded_for_customer(request.kg_co2e_per_kg) if is_accepted and request.kg_co2e_per_kg is not None else None
    supply = rules.find_supply(submission.supplier_type, request.flow)
    return AskedLine(
        label=translate(context.locale, supply.label) if supply else request.flow,
        name=request.name,
        status=other.status,
        link=link_of(invitation, settings=context.settings) if invitation and not is_accepted else None,
        kg_co2e_per_kg=shown[0] if shown else None,
        step=shown[1] if shown else None,
        own_share=round(request.own_share, 1) if shown and request.own_share is not None else None,
        is_accepted=is_accepted,
        take_back_action=f"{path_of(submission)}/suppliers/{request.id}/take-back",
    )
