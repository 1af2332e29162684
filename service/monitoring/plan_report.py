"""A version of the monitoring plan on paper, in one language: the same version gives the same bytes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.pdf.pages import bilingual_pages
from service.pdf.rendering import PdfRenderer, shared_renderer


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReport:
    """What the paper says, in the reader's language.

    Attributes
    ----------
    sha256
        Of the version's content; stands on every page.

    """

    number: str
    title: str
    company: str
    facts: Sequence[tuple[str, str]]
    heads: Sequence[str]
    rows: Sequence[Sequence[str]]
    proposed_at: datetime
    sha256: str
    is_sample: bool


def render_plan(report: PlanReport, *, language: str, renderer: PdfRenderer | None = None) -> bytes:
    """Return the plan as PDF.

    Raises
    ------
    MissingCharactersError
        If a text has characters that the typeface lacks.

    """
    html = bilingual_pages().get_template("reports/monitoring_plan.html").render(report=report, language=language)
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    return (renderer or shared_renderer()).render(html, created_at=report.proposed_at, identifier=identifier)
