from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Role
from service.accounts.pages import render_page
from service.audit import tree
from service.audit.models import AuditCheck
from service.audit.queries import find_latest_check, find_latest_events
from service.console.events import EventLine, event_lines
from service.i18n import translate

router = APIRouter()

PAGE_ROWS = 100
ID_MAX = 2**63 - 1
FINDINGS_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class LogState:
    """How the log stands.

    Attributes
    ----------
    signed
        Events under the newest checkpoint, made at `signed_at`.
    checked_at
        When the whole log was last compared; None before the first time.
    findings
        What that found, in words.

    """

    size: int
    signed: int
    signed_at: datetime | None
    checked_at: datetime | None
    checked: int
    findings: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPage:
    """Context of the audit trail; `next_before` leads to the page of older events."""

    log: LogState
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
        log=_log_state(context),
        events=event_lines(context, events[:PAGE_ROWS]),
        object_id=wanted,
        next_before=events[PAGE_ROWS - 1].id if len(events) > PAGE_ROWS else None,
    )
    return render_page(context, "console/audit.html", page)


def _log_state(context: Context) -> LogState:
    edge, checkpoint = tree.edge_of(context.session), tree.newest_checkpoint(context.session)
    check = find_latest_check(context.session)
    return LogState(
        size=edge.size if edge else 0,
        signed=checkpoint.size if checkpoint else 0,
        signed_at=checkpoint.at if checkpoint else None,
        checked_at=check.at if check else None,
        checked=check.size if check else 0,
        findings=_in_words(context, check) if check else (),
    )


def _in_words(context: Context, check: AuditCheck) -> Sequence[str]:
    return [translate(context.locale, template, **values) for template, values in check.findings[:FINDINGS_SHOWN]]
