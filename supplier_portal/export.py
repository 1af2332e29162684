"""Taking everything along: all that a supplier ever submitted and all that was made of it, in one file."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from sqlmodel import select
from starlette.responses import Response, StreamingResponse

from service.accounts.access import SUPPLIER, Context, endpoint
from service.evidence.downloads import HEADERS
from service.submissions.archive import json_member, stream_archive, submitted_members
from service.suppliers.models import Supplier
from supplier_portal.score_views import action_views, appeal_views, certificate_views, record_views, score_views

router = APIRouter()

ACTION = ("number", "indicator", "finding", "wanted", "due", "status", "evidence", "done_at", "closed_at", "closing_note")
APPEAL = ("indicator", "words", "status", "filed_at", "decided_at")


@router.get("/portal/export")
@endpoint(SUPPLIER)
def download_all(context: Context) -> Response:
    """Stream a ZIP with answers, receipts, files and scores; who came by link gets the request that it opens."""
    members = submitted_members(context.session, visible_to=context.asking, data_dir=context.settings.data_dir)
    if not context.asking.by_link:
        members.append(json_member("scores.json", _standing(context)))
    disposition = {"Content-Disposition": 'attachment; filename="submitted-data.zip"'}
    chunks = stream_archive(members, at=context.at)
    return StreamingResponse(chunks, media_type="application/zip", headers={**HEADERS, **disposition})


def _standing(context: Context) -> Mapping[str, Any]:
    """Return what the page on scores shows: nothing more is told here than there."""
    supplier = context.session.exec(select(Supplier).where(Supplier.organisation_id == context.asking.organisation_id)).one()
    return {
        "scores": [asdict(one) for one in score_views(context, supplier)],
        "certificates": [asdict(one) for one in certificate_views(context, supplier)],
        "records": [asdict(one) for one in record_views(context, supplier)],
        "actions": _columns([one.row for one in action_views(context, supplier)], ACTION),
        "objections": _columns([one.row for one in appeal_views(context, supplier)], APPEAL),
    }


def _columns(rows: Sequence[object], names: Sequence[str]) -> list[dict[str, Any]]:
    return [{name: getattr(row, name) for name in names} for row in rows]
