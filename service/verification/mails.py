"""What a verification writes: to the verifier's people when the team answers, to the team when the verifier asks or states."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from service.accounts.models import User
from service.errors import N_
from service.i18n import LOCALES, Locale, translate
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
    link = f"{settings.base_url.rstrip('/')}/{place}/{case.id}"
    subject, body = texts
    locales = [locale for locale in LOCALES if locale == user.locale] or list(LOCALES)
    queue(
        session,
        to=user.email,
        subject=" / ".join(translate(locale, subject, number=case.number) for locale in locales),
        body="\n\n----\n\n".join(_body(body, locale, user, case, link=link, settings=settings) for locale in locales),
        about=f"verification:{case.id}",
        organisation_id=user.organisation_id,
        at=at,
    )


def _body(body: str, locale: Locale, user: User, case: VerificationCase, *, link: str, settings: Settings) -> str:
    company = settings.company_name_zh if locale == "zh-CN" else settings.company_name_en
    return translate(locale, body, name=user.name, number=case.number, company=company, day=case.closes_on, link=link)
