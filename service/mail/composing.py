"""Texts of mails in the reader's language, or in both where it is not known."""

from collections.abc import Callable, Mapping
from typing import Final

from service.i18n import LOCALES, Locale, translate

RULE: Final = "\n\n----\n\n"


def compose(texts: tuple[str, str], values: Callable[[Locale], Mapping[str, object]], *, locale: str | None) -> tuple[str, str]:
    """Return subject and body.

    Parameters
    ----------
    texts
        Message ids of both.
    values
        What goes into them, by language.
    locale
        The reader's; None writes both, the Chinese first.

    """
    locales = [one for one in LOCALES if one == locale] or list(LOCALES)
    subject, body = ([translate(one, text, **values(one)) for one in locales] for text in texts)
    return " / ".join(subject), RULE.join(body)
