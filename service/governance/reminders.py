"""Mails about actions that are late: once a week, one mail to each person, in their language."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session

from service.accounts.models import User
from service.errors import N_
from service.governance.models import PlanAction
from service.governance.operations import note_reminder
from service.governance.queries import overdue_actions
from service.i18n import Locale
from service.mail.composing import compose
from service.mail.operations import queue
from service.settings import Settings

BETWEEN_REMINDERS: Final = timedelta(days=7)
TEXTS: Final = (
    N_("%(count)s actions of the carbon plan are late"),
    N_(
        "Hello,\n\nthese actions of the carbon plan are yours and were due earlier:\n\n%(actions)s\n\nSay what shows that they are "
        "done, or give them a new day:\n\n%(link)s"
    ),
)


def remind_of_actions(session: Session, *, on: date, settings: Settings, at: datetime) -> int:
    """Write to everybody with late actions who was not reminded of them in the last seven days; return how many mails."""
    due: dict[uuid.UUID, list[PlanAction]] = {}
    for action in overdue_actions(session, on=on):
        if action.reminded_on is None or on - action.reminded_on >= BETWEEN_REMINDERS:
            due.setdefault(action.person_id, []).append(action)
    return sum(
        _remind(session, session.get_one(User, person), late, on=on, settings=settings, at=at) for person, late in due.items()
    )


def _remind(session: Session, person: User, late: Sequence[PlanAction], *, on: date, settings: Settings, at: datetime) -> bool:
    if not person.is_active:
        return False

    def values(_locale: Locale) -> Mapping[str, object]:
        listed = "\n".join(f"{one.due}  {one.what}" for one in late)
        return {"count": len(late), "actions": listed, "link": f"{settings.base_url}/console/plan/governance/board"}

    subject, body = compose(TEXTS, values, locale=person.locale)
    queue(session, to=person.email, subject=subject, body=body, about=f"user:{person.id}", at=at)
    for action in late:
        note_reminder(action, on=on)
    return True
