from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page
from service.audit.queries import find_latest_events
from service.console.events import EventLine, event_lines

router = APIRouter()

PAGE_ROWS = 100
ID_MAX = 2**63 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """Context of the audit trail; `next_before` leads to the page of older events."""

    events: Sequence[EventLine]
    object_id: str
    next_before: int | None


@router.get("/console/audit")
@endpoint(roles(Role.ADMIN, Role.AUDITOR))
def show_audit_trail(
    context: Context,
    before: Annotated[int | None, Query(ge=1, le=ID_MAX)] = None,
    object_id: Annotated[str, Query(max_length=64)] = "",
) -> Response:
    """Show what happened, newest first; of one object where its id is given."""
    wanted = object_id.replace("\0", "").strip()
    events = find_latest_events(context.session, before=before, object_id=wanted or None, limit=PAGE_ROWS + 1)
    page = AuditPage(
        events=event_lines(context, events[:PAGE_ROWS]),
        object_id=wanted,
        next_before=events[PAGE_ROWS - 1].id if len(events) > PAGE_ROWS else None,
    )
    return render_page(context, "console/audit.html", page)
