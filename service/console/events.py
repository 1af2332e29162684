"""Audit events as people read them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.accounts.access import Context
from service.accounts.queries import names_of_actors
from service.audit.models import AuditEvent
from service.console.event_words import ACTORS, OBJECTS, VERBS
from service.errors import N_
from service.i18n import Locale, translate


@dataclass(frozen=True, slots=True, kw_only=True)
class EventLine:
    """One event in words; what has no words yet is shown by its code."""

    title: str
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
            title=title_of(event.action, context.locale),
            at=event.at,
            actor=names.get(event.actor) or translate(context.locale, ACTORS.get(event.actor.partition(":")[0], event.actor)),
            object_type=event.object_type,
            object_id=event.object_id,
            note=", ".join(f"{name}: {value}" for name, value in event.details.items()),
        )
        for event in events
    ]


def title_of(action: str, locale: Locale) -> str:
    """Return an action such as `submission_accepted` in words."""
    subject = max((name for name in OBJECTS if action.startswith(name + "_")), key=len, default="")
    done = VERBS.get(action) or VERBS.get(action.removeprefix(f"{subject}_"))
    if not subject or done is None:
        return action
    return translate(locale, N_("%(subject)s: %(verb)s"), subject=translate(locale, OBJECTS[subject]), verb=translate(locale, done))
