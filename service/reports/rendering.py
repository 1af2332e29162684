"""A report as PDF/A-3b with the declared footprint attached; the same report gives the same bytes."""

import hashlib
from typing import Final

from service.pdf.pages import bilingual_pages
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
    attached = PdfAttachment(name=ATTACHMENT, description="Declared footprint, PACT v3", content=document.pact)
    return (renderer or shared_renderer()).render(
        html,
        created_at=document.made_at,
        identifier=hashlib.sha256(html.encode()).digest()[:16],
        attachments=[attached],
    )


def report_html(document: ReportDocument) -> str:
    """Return the page that is set as PDF; its style sheet is inside."""
    return bilingual_pages().get_template("reports/report.html").render(document=document)
