"""The verification report of a closed year, made from its snapshot alone: the same snapshot gives the same bytes."""

import hashlib
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

import rfc8785

from service.company_inventory import report_chapters as chapters
from service.company_inventory.contents import from_json
from service.company_inventory.inventory import Inventory
from service.company_inventory.models import InventorySnapshot
from service.company_inventory.report_chapters import Closing
from service.company_inventory.snapshotting import site_names
from service.errors import N_
from service.pdf.bilingual import Bilingual, both
from service.pdf.pages import bilingual_pages
from service.pdf.rendering import PdfAttachment, PdfRenderer, shared_renderer
from service.reports.content import Chapter

Language = Literal["zh", "en"]

ATTACHMENT: Final = "inventory.json"
CHAPTERS: Final[Sequence[Callable[[Closing], Chapter]]] = (
    *(chapters.organisation, chapters.results, chapters.by_site, chapters.lines, chapters.balances, chapters.supply_chain),
    *(chapters.energy, chapters.sources, chapters.activity, chapters.quality, chapters.verification, chapters.restatement),
    chapters.missing,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryReport:
    """What the report of a closed year says.

    Attributes
    ----------
    number
        Year and closing: ``INV-2025-1``.
    total_t_co2, market_total_t_co2
        Scope 1 and Scope 2 by location, and by market.
    content
        The snapshot as canonical JSON, attached.

    """

    number: str
    title: Bilingual
    year: int
    company: Bilingual
    total_t_co2: str
    market_total_t_co2: str
    energy_tce: str
    closed_at: datetime
    chapters: tuple[Chapter, ...]
    sha256: str
    is_sample: bool
    content: bytes


def make_report(snapshot: InventorySnapshot) -> InventoryReport:
    """Return the report of a snapshot."""
    closing = closing_of(snapshot.content, snapshot_id=snapshot.id, sha256=snapshot.sha256)
    inventory = closing.inventory
    company = closing.content["company"]
    return InventoryReport(
        number=f"INV-{inventory.year}-{inventory.number}",
        title=both(N_("Greenhouse gas inventory and verification report")),
        year=inventory.year,
        company=Bilingual(zh=company["name_zh"], en=company["name_en"]),
        total_t_co2=chapters.figure(inventory.scope_1_and_2_location_t_co2).zh,
        market_total_t_co2=chapters.figure(inventory.scope_1_and_2_market_t_co2).zh,
        energy_tce=chapters.figure(inventory.energy_tce).zh,
        closed_at=datetime.fromisoformat(closing.content["closed_at"]),
        chapters=tuple(chapter(closing) for chapter in CHAPTERS),
        sha256=snapshot.sha256,
        is_sample=inventory.is_sample,
        content=rfc8785.dumps(dict(snapshot.content)),
    )


def closing_of(content: Mapping[str, Any], *, snapshot_id: uuid.UUID, sha256: str) -> Closing:
    """Return a closing with its inventory read."""
    inventory: Inventory = from_json(content["inventory"], snapshot_id=snapshot_id, sha256=sha256, number=content["number"])
    sites = {key: Bilingual(zh=zh, en=en) for key, (zh, en) in site_names(content).items()}
    return Closing(content=content, inventory=inventory, sites=sites)


def render_report(report: InventoryReport, *, language: Language, renderer: PdfRenderer | None = None) -> bytes:
    """Return the report as PDF in one language, with the snapshot attached.

    Raises
    ------
    MissingCharactersError
        If a text has characters that the typeface lacks.

    """
    html = bilingual_pages().get_template("reports/inventory.html").render(report=report, language=language)
    attached = PdfAttachment(name=ATTACHMENT, description="Closed inventory", content=report.content)
    return (renderer or shared_renderer()).render(
        html,
        created_at=report.closed_at,
        identifier=hashlib.sha256(html.encode()).digest()[:16],
        attachments=[attached],
    )
