"""What we write to people about their account; in their language, or in both when we don't know it."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.accounts.models import User
from service.errors import N_
from service.i18n import Locale
from service.mail.composing import compose
from service.settings import Settings

SET_UP_SUBJECT = N_("Your AnodePrint account")
SET_UP_BODY = N_(
    "Hello %(name)s,\n\n"
    "an account for the carbon footprints of %(company)s has been made for you. "
    "Open this link within 72 hours and choose a password:\n\n"
    "%(link)s\n\n"
    "The link works once. If it has run out, ask your administrator for a new one."
)
RESET_SUBJECT = N_("Choose a new AnodePrint password")
RESET_BODY = N_(
    "Hello %(name)s,\n\n"
    "somebody, probably you, asked for a new password. Open this link within 30 minutes and choose one:\n\n"
    "%(link)s\n\n"
    "The link works once. If you did not ask, do nothing: your password stays as it is."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A text ready to be queued."""

    subject: str
    body: str


def set_up_mail(user: User, *, link: str, settings: Settings) -> Mail:
    """Write to somebody whose account was just made."""
    return _write(SET_UP_SUBJECT, SET_UP_BODY, user=user, link=link, settings=settings)


def reset_mail(user: User, *, link: str, settings: Settings) -> Mail:
    """Write to somebody who asked for a new password."""
    return _write(RESET_SUBJECT, RESET_BODY, user=user, link=link, settings=settings)


def _write(subject: str, body: str, *, user: User, link: str, settings: Settings) -> Mail:
    def values(locale: Locale) -> Mapping[str, object]:
        return {"name": user.name, "company": settings.company_name(locale), "link": link}

    subject, body = compose((subject, body), values, locale=user.locale)
    return Mail(subject=subject, body=body)
