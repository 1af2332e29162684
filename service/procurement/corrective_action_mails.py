"""What is written about corrective actions: to the supplier's contact when it must act, to the owner when it says that it has."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlmodel import Session

from service.accounts.models import User
from service.errors import N_
from service.i18n import Locale
from service.mail.composing import compose
from service.mail.operations import queue
from service.procurement.models import CorrectiveAction
from service.settings import Settings
from service.suppliers.models import Supplier

Texts = tuple[str, str]

OPENED: Final[Texts] = (
    N_("%(company)s asks you to put something right (%(number)s)"),
    N_(
        "Hello,\n\n%(company)s asks you to put something right by %(day)s. What it is, and where you say that it is done, "
        "stands beside your score:\n\n%(link)s"
    ),
)
OPEN_AGAIN: Final[Texts] = (
    N_("%(number)s: something is still missing"),
    N_(
        "Hello,\n\n%(company)s has looked at what you did and asks for more, by %(day)s. The words stand beside your score:"
        "\n\n%(link)s"
    ),
)
DONE: Final[Texts] = (
    N_("%(number)s: the supplier says that it is done"),
    N_("Hello,\n\na supplier says that %(number)s is done. Please have another person look at it and close it:\n\n%(link)s"),
)


def tell_supplier(session: Session, action: CorrectiveAction, texts: Texts, *, settings: Settings, at: datetime) -> None:
    """Write to the supplier's contact, in both languages; without an address the supplier sees it in the portal only."""
    address = session.get_one(Supplier, action.supplier_id).contact_email
    if address is not None:
        _queue(session, action, texts, to=address, locale=None, link=f"{settings.base_url}/portal/score", settings=settings, at=at)


def tell_owner(session: Session, action: CorrectiveAction, texts: Texts, *, settings: Settings, at: datetime) -> None:
    """Write to whoever looks after the action, in their language."""
    owner = session.get_one(User, action.owner_id)
    if owner.is_active:
        link = f"{settings.base_url}/console/corrective-actions/{action.id}"
        _queue(session, action, texts, to=owner.email, locale=owner.locale, link=link, settings=settings, at=at)


def _queue(
    session: Session,
    action: CorrectiveAction,
    texts: Texts,
    *,
    to: str,
    locale: str | None,
    link: str,
    settings: Settings,
    at: datetime,
) -> None:
    def values(one: Locale) -> Mapping[str, object]:
        return {"company": settings.company_name(one), "number": action.number, "day": action.due, "link": link}

    subject, body = compose(texts, values, locale=locale)
    about = f"corrective_action:{action.id}"
    queue(session, to=to, subject=subject, body=body, about=about, organisation_id=action.organisation_id, at=at)
