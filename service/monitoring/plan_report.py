"""A version of the monitoring plan on paper, in one language: the same version gives the same bytes."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from jinja2 import Environment, PackageLoader, StrictUndefined

from service.pdf.bilingual import both
from service.pdf.errors import MissingCharactersError
from service.pdf.fonts import missing_characters
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
    html = _environment().get_template("reports/monitoring_plan.html").render(report=report, language=language)
    if missing := missing_characters(html):
        raise MissingCharactersError(characters=missing)
    identifier = hashlib.sha256(html.encode()).digest()[:16]
    return (renderer or shared_renderer()).render(html, created_at=report.proposed_at, identifier=identifier)


@lru_cache
def _environment() -> Environment:
    env = Environment(
        loader=PackageLoader("templates", ""), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    env.globals["_"] = both
    return env
