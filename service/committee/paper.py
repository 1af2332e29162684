"""The committee's page on paper."""

import hashlib
from functools import lru_cache
from typing import Final

from jinja2 import Environment
from markupsafe import Markup

from service.committee.drawings import Drawings
from service.committee.presented import Presented
from service.i18n import Locale
from service.pdf.errors import MissingCharactersError
from service.pdf.fonts import missing_characters
from service.pdf.page_charts import on_paper
from service.pdf.rendering import PdfRenderer, shared_renderer
from service.web.templating import environment

_SHEETS: Final = ("charts.css", "explanations.css", "paths.css")


def make_paper(shown: Presented, drawn: Drawings, *, locale: Locale, timezone: str, renderer: PdfRenderer | None = None) -> bytes:
    """Return the page as PDF, with the page's charts; the same content gives the same bytes.

    Raises
    ------
    MissingCharactersError
        If a name has characters that the typeface lacks.

    """
    template = _environment(locale, timezone).get_template("reports/committee.html")
    html = template.render(shown=shown, drawn=drawn)
    if missing := missing_characters(html):
        raise MissingCharactersError(characters=missing)
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    return (renderer or shared_renderer()).render(html, created_at=shown.made_at, identifier=identifier)


@lru_cache
def _environment(locale: Locale, timezone: str) -> Environment:
    """Return the environment of pages, which charts are made for, with what sets them on paper."""
    env = environment(locale, timezone).overlay()
    env.filters = {**env.filters, "on_paper": _chart}
    return env


def _chart(markup: Markup) -> Markup:
    return Markup(on_paper(markup, _SHEETS))  # noqa: S704 - a chart of ours, escaped by its template
