"""Audit events as people read them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.accounts.access import Context
from service.accounts.queries import names_of_actors
from service.audit.models import AuditEvent
from service.errors import N_
from service.i18n import translate

ACTIONS: Mapping[str, str] = {
    "user_created": N_("Person added"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One event; `title` is its name in words, or its code where it has none yet."""

    title: str
    action: str
    at: datetime
    actor: str
    object_type: str
    object_id: str
    note: str


def event_lines(context: Context, events: Sequence[AuditEvent]) -> Sequence[EventLine]:
    """Return events with names and words in the reader's language."""
    names = names_of_actors(context.session, (event.actor for event in events))
    return [
        EventLine(
            title=translate(context.locale, ACTIONS.get(event.action, event.action)),
            action=event.action,
            at=event.at,
            actor=names.get(event.actor) or translate(context.locale, ACTORS.get(event.actor.partition(":")[0], event.actor)),
            object_type=event.object_type,
            object_id=event.object_id,
            note=", ".join(f"{name}: {value}" for name, value in event.details.items()),
        )
        for event in events
    ]


ACTORS: Mapping[str, str] = {
    "system": N_("the system"),
    "anonymous": N_("somebody not signed in"),
    "invitation": N_("a supplier by link"),
}
