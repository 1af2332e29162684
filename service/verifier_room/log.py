"""What happened to a footprint and to what it rests on, each event with its proof that the log holds it unchanged."""

import json
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.audit.models import AuditEvent
from service.audit.tree import checkpointed, newest_checkpoint
from service.console.events import EventLine, event_lines
from service.console.footprint_tabs import FootprintHead
from service.errors import NotFoundError
from service.verification.packing import proof_of, record_events
from service.verification.rules import Part
from service.verifier_room.cases import VERIFIER, record_of
from service.verifier_room.footprints import room_head

router = APIRouter()

_SHOWN = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class LogPage:
    """The newest events first; `lines` are (id of the event, its words, whether a checkpoint holds it)."""

    head: FootprintHead
    lines: Sequence[tuple[int, EventLine, bool]]
    has_more: bool
    checkpoint: str | None


@router.get("/room/cases/{case_id}/footprints/{record_id}/log")
@endpoint(VERIFIER)
def show_log(context: Context, case_id: uuid.UUID, record_id: uuid.UUID) -> Response:
    """Show what happened to the footprint, its product and the answers behind it."""
    case, record = record_of(context, case_id, record_id, page=Part.LOG)
    events = record_events(context.session, record)[::-1]
    shown = list(islice(events, _SHOWN))
    checkpoint = newest_checkpoint(context.session)
    held = checkpointed(context.session, [event.id or 0 for event in shown])
    page = LogPage(
        head=room_head(context, case, record_id, Part.LOG),
        lines=[(event.id or 0, line, event.id in held) for event, line in zip(shown, event_lines(context, shown), strict=True)],
        has_more=len(events) > _SHOWN,
        checkpoint=checkpoint.note if checkpoint else None,
    )
    return render_page(context, "verifier/log.html", page)


@router.get("/room/cases/{case_id}/footprints/{record_id}/log/{event_id}")
@endpoint(VERIFIER)
def download_proof(context: Context, case_id: uuid.UUID, record_id: uuid.UUID, event_id: int) -> Response:
    """Return the proof that an event stands in the log, as `anodeprint audit` reads it."""
    _, record = record_of(context, case_id, record_id, page=f"proof of event {event_id}")
    event = next((one for one in record_events(context.session, record) if one.id == event_id), None)
    if event is None:
        raise NotFoundError
    return _proof(context, event)


def _proof(context: Context, event: AuditEvent) -> Response:
    proof = proof_of(context.session, event, newest_checkpoint(context.session))
    if proof is None:
        raise NotFoundError
    headers = {
        "Content-Disposition": f'attachment; filename="log-proof-{event.id}.json"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(json.dumps(proof, ensure_ascii=False, indent=2), media_type="application/json", headers=headers)
