"""What a campaign writes: the buyer's letter before the link, reminders to suppliers, the digest for its owner."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from service.errors import N_
from service.i18n import LOCALES, Locale, translate
from service.settings import Settings
from service.submissions.mails import Mail

NOTICE_SUBJECT = N_("%(company)s will ask you for production data")
NOTICE_BODY = N_(
    "Dear business partner,\n\n"
    "our customers ask for the carbon footprint of the anode material that we deliver to them, and a large part of it arises "
    "with our suppliers. In the next days you will receive a link from us to a short questionnaire on your production from "
    "%(start)s to %(end)s. Please answer it by %(deadline)s.\n\n"
    "What we ask for: quantities, electricity and fuels as they stand on your bills. No calculation is needed; "
    "it takes about half an hour on a phone or a computer.\n\n"
    "How your figures are used: only to calculate the footprint of our products. Your single figures are seen by our footprint "
    "team and the verifier, not by purchasing and not by our customers. In the award of orders only "
    "the result counts, and we send you your own result back, which you may give to your other customers too.\n\n"
    "Your contact: %(owner)s, %(email)s\n\n"
    "%(company)s"
)
REMINDER_SUBJECT = N_("Reminder: production data for %(company)s, by %(deadline)s")
REMINDER_BEFORE = N_(
    "Hello %(name)s,\n\n"
    "you still have %(days)s days to answer our request %(number)s on your production from %(start)s to %(end)s. "
    "It takes about half an hour with your bills at hand; what you have typed so far is kept.\n\n"
    "%(link)s\n\n"
    "If somebody else looks after this, forward this mail. If you can't answer, the page has a button for it."
)
REMINDER_TODAY = N_(
    "Hello %(name)s,\n\n"
    "our request %(number)s on your production from %(start)s to %(end)s is due today or tomorrow. "
    "It takes about half an hour with your bills at hand; what you have typed so far is kept.\n\n"
    "%(link)s\n\n"
    "If you need more time, write to %(owner)s."
)
REMINDER_AFTER = N_(
    "Hello %(name)s,\n\n"
    "our request %(number)s on your production from %(start)s to %(end)s was due on %(deadline)s, and your answers have not "
    "arrived. The link still opens for some days; what you have typed so far is kept.\n\n"
    "%(link)s\n\n"
    "If you need more time or have a question, write to %(owner)s."
)
OPT_OUT = N_("No more reminders about this request: %(address)s")
DIGEST_SUBJECT = N_("%(campaign)s: %(accepted)s of %(asked)s accepted")
DIGEST_HEAD = N_("“%(campaign)s”, answers due on %(deadline)s")
DIGEST_NEXT = N_("What you can do next:")
DIGEST_NOTHING = N_("Nothing waits for you.")
DIGEST_MORE = N_("... and %(count)s more on the page")
MAX_DIGEST_LINES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReminderFacts:
    """What a reminder says.

    Attributes
    ----------
    days_left
        Until the deadline; negative if it has passed.
    locale
        The supplier's language; None while it is not known, then the mail is in both.

    """

    contact_name: str
    number: str
    period_start: date
    period_end: date
    deadline: date
    days_left: int
    link: str
    owner: str
    opt_out_address: str
    locale: Locale | None


def notice_text(
    locale: Locale, *, period: tuple[date, date], deadline: date, owner_name: str, owner_email: str, settings: Settings
) -> str:
    """Return the letter that is offered for a campaign; its owner may change every word."""
    return translate(
        locale,
        NOTICE_BODY,
        company=settings.company_name(locale),
        start=period[0],
        end=period[1],
        deadline=deadline,
        owner=owner_name,
        email=owner_email,
    )


def notice_mail(*, notice_zh: str, notice_en: str, settings: Settings) -> Mail:
    """Return the letter as a mail in both languages."""
    subject = " / ".join(translate(locale, NOTICE_SUBJECT, company=settings.company_name(locale)) for locale in LOCALES)
    return Mail(subject=subject, body=f"{notice_zh}\n\n----\n\n{notice_en}")


def reminder_mail(facts: ReminderFacts, *, settings: Settings) -> Mail:
    """Write to a supplier that answers are due."""
    locales = [facts.locale] if facts.locale else LOCALES
    values = {locale: _reminder_values(facts, settings.company_name(locale)) for locale in locales}
    text = _reminder_text(facts.days_left)
    return Mail(
        subject=" / ".join(translate(locale, REMINDER_SUBJECT, **values[locale]) for locale in locales),
        body="\n\n----\n\n".join(
            f"{translate(locale, text, **values[locale])}\n\n{translate(locale, OPT_OUT, address=facts.opt_out_address)}"
            for locale in locales
        ),
    )


def digest_mail(
    locale: Locale,
    *,
    campaign: str,
    deadline: date,
    counts: Sequence[tuple[str, int]],
    asked: int,
    accepted: int,
    actions: Sequence[str],
    address: str,
) -> Mail:
    """Write to a campaign's owner how it goes.

    Parameters
    ----------
    counts
        Stages in the reader's language, and how many requests have reached each.
    actions
        One line per supplier for which there is something to do.

    """
    shown = [f"- {line}" for line in actions[:MAX_DIGEST_LINES]]
    if len(actions) > MAX_DIGEST_LINES:
        shown.append(translate(locale, DIGEST_MORE, count=len(actions) - MAX_DIGEST_LINES))
    todo = [translate(locale, DIGEST_NEXT), *shown] if actions else [translate(locale, DIGEST_NOTHING)]
    stages = [f"{name}: {count}" for name, count in counts]
    head = translate(locale, DIGEST_HEAD, campaign=campaign, deadline=deadline)
    return Mail(
        subject=translate(locale, DIGEST_SUBJECT, campaign=campaign, accepted=accepted, asked=asked),
        body="\n".join([head, "", *stages, "", *todo, "", address]),
    )


def _reminder_text(days_left: int) -> str:
    if days_left < 0:
        return REMINDER_AFTER
    return REMINDER_BEFORE if days_left > 1 else REMINDER_TODAY


def _reminder_values(facts: ReminderFacts, company: str) -> Mapping[str, object]:
    return {
        "company": company,
        "name": facts.contact_name,
        "number": facts.number,
        "start": facts.period_start,
        "end": facts.period_end,
        "deadline": facts.deadline,
        "days": facts.days_left,
        "link": facts.link,
        "owner": facts.owner,
    }
