"""The pages of one footprint in a case: those of the console, with everything that leads elsewhere left out."""

import uuid

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console.footprint_electricity import electricity_page
from service.console.footprint_explaining import explain_page
from service.console.footprint_inputs import inputs_page
from service.console.footprint_methods import methods_page
from service.console.footprint_pages import record_page
from service.console.footprint_tabs import FootprintHead
from service.console.footprint_uncertainty import uncertainty_page
from service.errors import N_
from service.footprints.queries import get_row
from service.i18n import translate
from service.verification.models import VerificationCase
from service.verification.rules import Part
from service.verification.words import PART_LABELS
from service.verifier_room.cases import VERIFIER, record_of

router = APIRouter()


def room_head(context: Context, case: VerificationCase, record_id: uuid.UUID, active: Part) -> FootprintHead:
    """Return the head of a page of a footprint in the room."""
    base = f"/room/cases/{case.id}"
    path = f"{base}/footprints/{record_id}"
    return FootprintHead(
        row=get_row(context.session, record_id),
        tabs=[
            (translate(context.locale, label), path if part is Part.RESULT else f"{path}/{part}", part is active)
            for part, label in PART_LABELS.items()
        ],
        path=path,
        steps=[(translate(context.locale, N_("Verifications")), "/room"), (case.number, base)],
        answers_path=f"{base}/answers",
        ask_href=f"{base}/questions?about={record_id}/{active}",
    )


@router.get("/room/cases/{case_id}/footprints/{record_id}")
@endpoint(VERIFIER)
def show_result(context: Context, case_id: uuid.UUID, record_id: uuid.UUID) -> Response:
    """Show the result with its full breakdown."""
    case, record = record_of(context, case_id, record_id, page=Part.RESULT)
    page = record_page(context, record, room_head(context, case, record_id, Part.RESULT))
    return render_page(context, "console/footprint.html", page)


@router.get("/room/cases/{case_id}/footprints/{record_id}/explain")
@endpoint(VERIFIER)
def show_explanations(context: Context, case_id: uuid.UUID, record_id: uuid.UUID) -> Response:
    """Show where the footprint comes from."""
    case, record = record_of(context, case_id, record_id, page=Part.EXPLAIN)
    page = explain_page(context, record, room_head(context, case, record_id, Part.EXPLAIN))
    return render_page(context, "console/footprint_explain.html", page)


@router.get("/room/cases/{case_id}/footprints/{record_id}/inputs")
@endpoint(VERIFIER)
def show_inputs(context: Context, case_id: uuid.UUID, record_id: uuid.UUID) -> Response:
    """Show every parameter with where its value comes from."""
    case, record = record_of(context, case_id, record_id, page=Part.INPUTS)
    page = inputs_page(context, record, room_head(context, case, record_id, Part.INPUTS))
    return render_page(context, "console/footprint_inputs.html", page)


@router.get("/room/cases/{case_id}/footprints/{record_id}/electricity")
@endpoint(VERIFIER)
def show_electricity(context: Context, case_id: uuid.UUID, record_id: uuid.UUID) -> Response:
    """Show the footprint under every electricity view."""
    case, record = record_of(context, case_id, record_id, page=Part.ELECTRICITY)
    page = electricity_page(context, record, room_head(context, case, record_id, Part.ELECTRICITY))
    return render_page(context, "console/footprint_electricity.html", page)


@router.get("/room/cases/{case_id}/footprints/{record_id}/methods")
@endpoint(VERIFIER)
def show_methods(context: Context, case_id: uuid.UUID, record_id: uuid.UUID) -> Response:
    """Show the choices of method, what is left out, data quality and balances."""
    case, record = record_of(context, case_id, record_id, page=Part.METHODS)
    page = methods_page(context, record, room_head(context, case, record_id, Part.METHODS))
    return render_page(context, "console/footprint_methods.html", page)


@router.get("/room/cases/{case_id}/footprints/{record_id}/uncertainty")
@endpoint(VERIFIER)
def show_uncertainty(context: Context, case_id: uuid.UUID, record_id: uuid.UUID) -> Response:
    """Show how sure the footprint is."""
    case, record = record_of(context, case_id, record_id, page=Part.UNCERTAINTY)
    page = uncertainty_page(context, record, room_head(context, case, record_id, Part.UNCERTAINTY))
    return render_page(context, "console/footprint_uncertainty.html", page)
