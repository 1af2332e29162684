"""The committee's page on paper."""

import hashlib
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from service.committee.presented import Presented
from service.i18n import Locale, translate
from service.pdf.errors import MissingCharactersError
from service.pdf.fonts import missing_characters
from service.pdf.rendering import PdfRenderer, shared_renderer


def make_paper(shown: Presented, *, locale: Locale, renderer: PdfRenderer | None = None) -> bytes:
    """Return the page as PDF; the same content gives the same bytes.

    Raises
    ------
    MissingCharactersError
        If a name has characters that the typeface lacks.

    """
    html = _environment(locale).get_template("reports/committee.html").render(shown=shown, locale=locale)
    if missing := missing_characters(html):
        raise MissingCharactersError(characters=missing)
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    return (renderer or shared_renderer()).render(html, created_at=shown.made_at, identifier=identifier)


@lru_cache
def _environment(locale: Locale) -> Environment:
    env = Environment(
        loader=PackageLoader("templates", ""), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.globals["_"] = lambda message, **values: translate(locale, message, **values)
    return env
