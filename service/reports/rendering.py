"""A report as PDF/A-3b with the declared footprint attached; the same report gives the same bytes."""

import hashlib
from functools import lru_cache
from typing import Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from service.pdf.bilingual import both
from service.pdf.errors import MissingCharactersError
from service.pdf.fonts import missing_characters
from service.pdf.rendering import PdfAttachment, PdfRenderer, shared_renderer
from service.reports.content import ReportDocument

ATTACHMENT: Final = "pact.json"


def render_report(document: ReportDocument, *, renderer: PdfRenderer | None = None) -> bytes:
    """Return the report as PDF.

    Raises
    ------
    MissingCharactersError
        If a text has characters that the typeface lacks.

    """
    html = report_html(document)
    if missing := missing_characters(html):
        raise MissingCharactersError(characters=missing)
    attached = PdfAttachment(name=ATTACHMENT, description="Declared footprint, PACT v3", content=document.pact)
    return (renderer or shared_renderer()).render(
        html,
        created_at=document.made_at,
        identifier=hashlib.sha256(html.encode()).digest()[:16],
        attachments=[attached],
    )


def report_html(document: ReportDocument) -> str:
    """Return the page that is set as PDF; its style sheet is inside."""
    return _environment().get_template("reports/report.html").render(document=document)


@lru_cache
def _environment() -> Environment:
    env = Environment(
        loader=PackageLoader("templates", ""), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.globals["_"] = both
    return env
