"""What a verification writes: to the verifier's people when the team answers, to the team when the verifier asks or states."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from sqlmodel import Session

from service.accounts.models import User
from service.errors import N_
from service.i18n import Locale
from service.mail.composing import compose
from service.mail.operations import queue
from service.settings import Settings
from service.verification.models import VerificationCase

OPENED: Final = (
    N_("Verification %(number)s is open for you"),
    N_(
        "Hello %(name)s,\n\n"
        "%(company)s has opened the verification %(number)s for you, to %(day)s. You see there the footprints with everything "
        "behind them, ask your questions and record your statement:\n\n%(link)s"
    ),
)
ASKED: Final = (
    N_("Verification %(number)s: the verifier has a question"),
    N_("Hello %(name)s,\n\nthe verifier has written something in the verification %(number)s. Please answer there:\n\n%(link)s"),
)
ANSWERED: Final = (
    N_("Verification %(number)s: the team has written"),
    N_("Hello %(name)s,\n\n%(company)s has written something in the verification %(number)s:\n\n%(link)s"),
)
STATED: Final = (
    N_("Verification %(number)s: the statement is made"),
    N_(
        "Hello %(name)s,\n\nthe verifier has recorded its statement in the verification %(number)s. What to do next stands "
        "there:\n\n%(link)s"
    ),
)
WITHDRAWN: Final = (
    N_("Verification %(number)s: the statement is withdrawn"),
    N_(
        "Hello %(name)s,\n\nthe verifier has withdrawn its statement in the verification %(number)s. Footprints that carried it "
        "are no longer active:\n\n%(link)s"
    ),
)


def write(
    session: Session, user: User | None, texts: tuple[str, str], case: VerificationCase, *, settings: Settings, at: datetime
) -> None:
    """Queue a mail about a case, in the reader's language or in both; nobody to write to is no error."""
    if user is None or not user.is_active:
        return
    place = "room/cases" if user.organisation_id == case.organisation_id else "console/verification"

    def values(locale: Locale) -> Mapping[str, object]:
        return {
            "name": user.name,
            "number": case.number,
            "company": settings.company_name(locale),
            "day": case.closes_on,
            "link": f"{settings.base_url}/{place}/{case.id}",
        }

    subject, body = compose(texts, values, locale=user.locale)
    about, organisation_id = f"verification:{case.id}", user.organisation_id
    queue(session, to=user.email, subject=subject, body=body, about=about, organisation_id=organisation_id, at=at)
