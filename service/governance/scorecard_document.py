"""An approved scorecard as PDF: set from the snapshot alone, so that the same assessment always gives the same bytes."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from service.governance.scoring import Scorecard, canonical, from_snapshot
from service.pdf.bilingual import Bilingual
from service.pdf.pages import bilingual_pages
from service.pdf.rendering import PdfAttachment, shared_renderer
from service.web.formatting import format_number

ATTACHMENT: Final = "scorecard.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class LineShown:
    """One indicator as printed."""

    name: Bilingual
    unit: str
    weight: str
    floor: str
    target: str
    value: str
    points: str
    weighted: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ScorecardDocument:
    """Everything a scorecard says; figures as they are printed."""

    number: str
    unit: Bilingual
    company: Bilingual
    year: int
    lines: tuple[LineShown, ...]
    total: str
    grade: str
    comment: str
    review: str
    assessed_by: str
    assessed_at: datetime
    approved_by: str
    approved_at: datetime
    is_sample: bool
    snapshot: bytes

    @property
    def sha256(self) -> str:
        """Hash of the attached scorecard, hexadecimal."""
        return hashlib.sha256(self.snapshot).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """Who assessed and who approved, and in which words."""

    comment: str
    review: str
    assessed_by: str
    assessed_at: datetime
    approved_by: str
    approved_at: datetime


def document_of(stored: Mapping[str, Any], approval: Approval, *, company: Bilingual, is_sample: bool) -> ScorecardDocument:
    """Return the document of an approved assessment."""
    card: Scorecard = from_snapshot(stored)
    snapshot = canonical(stored)
    return ScorecardDocument(
        number=f"KPI-{card.year}-{hashlib.sha256(snapshot).hexdigest()[:8]}",
        unit=Bilingual(zh=card.unit_zh, en=card.unit_en),
        company=company,
        year=card.year,
        lines=tuple(
            LineShown(
                name=Bilingual(zh=line.name_zh, en=line.name_en),
                unit=line.unit,
                weight=_shown(line.weight),
                floor=_shown(line.floor),
                target=_shown(line.target),
                value=_shown(line.value),
                points=_shown(line.points),
                weighted=_shown(line.weighted),
                source=line.basis[:16] or line.evidence,
            )
            for line in card.lines
        ),
        total=_shown(card.total),
        grade=card.grade,
        comment=approval.comment,
        review=approval.review,
        assessed_by=approval.assessed_by,
        assessed_at=approval.assessed_at,
        approved_by=approval.approved_by,
        approved_at=approval.approved_at,
        is_sample=is_sample,
        snapshot=snapshot,
    )


def render_scorecard(document: ScorecardDocument) -> bytes:
    """Return the scorecard as PDF/A-3b with its snapshot attached.

    Raises
    ------
    MissingCharactersError
        If a text has characters that the typeface lacks.

    """
    html = bilingual_pages().get_template("certificates/scorecard.html").render(document=document)
    attached = PdfAttachment(name=ATTACHMENT, description="Scorecard, machine-readable", content=document.snapshot)
    identifier = hashlib.sha256(document.number.encode() + document.snapshot).digest()[:16]
    return shared_renderer().render(html, created_at=document.approved_at, identifier=identifier, attachments=[attached])


def _shown(value: float) -> str:
    return format_number(value, "en", 5, padded=False)
