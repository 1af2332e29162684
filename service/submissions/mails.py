"""What we write to suppliers: in both languages, because we don't know who opens it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.errors import N_
from service.i18n import LOCALES, Locale, translate
from service.settings import Settings
from service.submissions.models import Submission
from service.suppliers.models import Supplier

INVITATION_SUBJECT = N_("%(company)s asks for production data, %(start)s to %(end)s")
INVITATION_BODY = N_(
    "Hello %(name)s,\n\n"
    "%(company)s calculates the carbon footprint of its anode material and asks you for your production data "
    "from %(start)s to %(end)s. It takes about half an hour, on a phone or a computer, with your bills at hand. "
    "No calculation is needed.\n\n"
    "%(link)s\n\n"
    "The link shows first what is asked and how your figures are used. At first opening you choose a PIN; with link and PIN "
    "you can come back from any device. Please answer by %(deadline)s. The request has the number %(number)s."
)
CHAT_MESSAGE = N_(
    "Hello, %(company)s asks you for production data from %(start)s to %(end)s, for the carbon footprint of our anode material. "
    "It takes about half an hour on a phone or a computer. Please answer by %(deadline)s: %(link)s"
)
MESSAGE_HEADING = N_("From your contact:")
RETURNED_SUBJECT = N_("Questions about your answers, %(number)s")
RETURNED_BODY = N_(
    "Hello %(name)s,\n\n"
    "thank you for your answers to request %(number)s. There are questions about some of them: open your link again, "
    "they stand beside the fields. Then hand the answers in once more, by %(deadline)s if you can."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """A text ready to be queued."""

    subject: str
    body: str


def invitation_mail(submission: Submission, supplier: Supplier, *, link: str, settings: Settings) -> Mail:
    """Write to a supplier that answers are asked of it."""
    return _write(INVITATION_SUBJECT, INVITATION_BODY, submission, supplier, link=link, settings=settings)


def chat_messages(submission: Submission, *, link: str, settings: Settings) -> Sequence[tuple[Locale, str]]:
    """Return what to paste into a chat, by language."""
    values = {"start": submission.period_start, "end": submission.period_end, "deadline": submission.deadline, "link": link}
    company: Mapping[Locale, str] = {"zh-CN": settings.company_name_zh, "en": settings.company_name_en}
    return [(locale, translate(locale, CHAT_MESSAGE, company=company[locale], **values)) for locale in LOCALES]


def returned_mail(submission: Submission, supplier: Supplier, *, settings: Settings) -> Mail:
    """Write to a supplier that a reviewer has questions."""
    return _write(RETURNED_SUBJECT, RETURNED_BODY, submission, supplier, link="", settings=settings)


def _write(subject: str, body: str, submission: Submission, supplier: Supplier, *, link: str, settings: Settings) -> Mail:
    values = {locale: _values(locale, submission, supplier, link=link, settings=settings) for locale in LOCALES}
    heading = " / ".join(translate(locale, MESSAGE_HEADING) for locale in LOCALES)
    message = [f"{heading}\n{submission.message}"] if submission.message else []
    return Mail(
        subject=" / ".join(translate(locale, subject, **values[locale]) for locale in LOCALES),
        body="\n\n----\n\n".join([*(translate(locale, body, **values[locale]) for locale in LOCALES), *message]),
    )


def _values(locale: Locale, submission: Submission, supplier: Supplier, *, link: str, settings: Settings) -> Mapping[str, str]:
    return {
        "name": supplier.contact_name or "",
        "company": settings.company_name(locale),
        "number": submission.number,
        "start": submission.period_start.isoformat(),
        "end": submission.period_end.isoformat(),
        "deadline": submission.deadline.isoformat(),
        "link": link,
    }
