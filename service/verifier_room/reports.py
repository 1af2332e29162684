"""The full report of a declared footprint, as only verifiers read it: with the breakdown that customers do not see."""

import uuid

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.console.exports import attachment
from service.errors import NotFoundError
from service.product_footprints.queries import latest_footprint_of
from service.reports.content import Audience, ReportKind
from service.reports.making import make_report
from service.reports.rendering import render_report
from service.verifier_room.cases import VERIFIER, record_of

router = APIRouter()


@router.get("/room/cases/{case_id}/footprints/{record_id}/report.pdf")
@endpoint(VERIFIER)
def download_report(context: Context, case_id: uuid.UUID, record_id: uuid.UUID) -> Response:
    """Send the study in the order of GB/T 24067, dated by the declaration: the same footprint gives the same report."""
    return _report(context, case_id, record_id, ReportKind.GB_T_24067)


@router.get("/room/cases/{case_id}/footprints/{record_id}/report-iso-14067.pdf")
@endpoint(VERIFIER)
def download_iso_report(context: Context, case_id: uuid.UUID, record_id: uuid.UUID) -> Response:
    """Send the study in the order of ISO 14067."""
    return _report(context, case_id, record_id, ReportKind.ISO_14067)


def _report(context: Context, case_id: uuid.UUID, record_id: uuid.UUID, kind: ReportKind) -> Response:
    _, record = record_of(context, case_id, record_id, page=f"report/{kind}")
    declared = latest_footprint_of(context.session, record.id)
    if declared is None:
        context.noted.clear()
        raise NotFoundError
    report = make_report(
        context.session, declared, kind=kind, audience=Audience.VERIFIER, settings=context.settings, at=declared.declared_at
    )
    return attachment(render_report(report), "application/pdf", f"{report.number}-{kind}.pdf")
