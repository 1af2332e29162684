"""A supplier's own footprint as one bilingual page for its other customers."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from service.errors import N_
from service.feedback.own_footprint import OwnFootprint
from service.feedback.pact import SCREENING, canonical
from service.feedback.wording import FLOW_NAMES, PRODUCT_NAMES, UNIT_NAMES
from service.pdf.bilingual import Bilingual, both
from service.pdf.pages import bilingual_pages
from service.pdf.rendering import PdfAttachment, shared_renderer
from service.suppliers.provinces import provinces

ATTACHMENT: Final = "pcf.json"
NATIONAL_NAME: Final = N_("National average")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What one flow brings, as shown."""

    name: Bilingual
    kg_co2e: str
    share: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFootprintDocument:
    """What the page says; figures as they are shown.

    Attributes
    ----------
    market
        Total with green power counted; empty without green power.
    file
        The same as data, attached.

    """

    supplier: Bilingual
    registration_no: str
    product: Bilingual
    boundary: Bilingual
    period: str
    unit: str
    total: str
    low: str
    high: str
    market: str
    lines: tuple[Line, ...]
    electricity: Bilingual
    electricity_factor: str
    electricity_status: Bilingual | None
    given_share: str
    primary_data_share: str
    quality: tuple[str, str, str]
    model_version: str
    number: str
    created_at: datetime
    is_sample: bool
    file: bytes

    @property
    def sha256(self) -> str:
        """Hash of the attached file, hexadecimal."""
        return hashlib.sha256(self.file).hexdigest()


def document_of(
    own: OwnFootprint, pact: Mapping[str, Any], *, supplier: Bilingual, registration_no: str, accepted_at: datetime, is_sample: bool
) -> OwnFootprintDocument:
    """Return the page of an own footprint and its file."""
    found, answers = own.found, own.answers
    quality = found.quality
    return OwnFootprintDocument(
        supplier=supplier,
        registration_no=registration_no,
        product=both(PRODUCT_NAMES[found.product]),
        boundary=both(own.own.boundary),
        period=f"{answers.period_start} – {answers.period_end}",
        unit=f"kg CO₂e/{UNIT_NAMES[found.unit]}",
        total=_shown(found.total_kg_co2e),
        low=_shown(own.low_kg_co2e),
        high=_shown(own.high_kg_co2e),
        market="" if own.market_kg_co2e is None else _shown(own.market_kg_co2e),
        lines=tuple(
            Line(name=both(FLOW_NAMES.get(flow, flow)), kg_co2e=_shown(kg), share=_percent(kg / found.total_kg_co2e))
            for flow, kg in found.by_flow_kg_co2e.items()
        ),
        electricity=_place(own),
        electricity_factor=f"{found.electricity.kg_co2e_per_kwh:.4f}",
        electricity_status=both(SCREENING) if found.electricity.status == "screening" else None,
        given_share=_percent(found.given_share),
        primary_data_share=_percent(found.primary_data_share),
        quality=(f"{quality.technology:.1f}", f"{quality.geography:.1f}", f"{quality.time:.1f}"),
        model_version=found.model_version,
        number=answers.number,
        created_at=accepted_at,
        is_sample=is_sample,
        file=canonical(pact),
    )


def render_document(document: OwnFootprintDocument) -> bytes:
    """Return the page as PDF/A-3b with the file attached; the same document gives the same bytes.

    Raises
    ------
    MissingCharactersError
        If a name has characters that the typeface lacks.

    """
    html = document_html(document)
    attached = PdfAttachment(name=ATTACHMENT, description="Product carbon footprint, PACT data model", content=document.file)
    return shared_renderer().render(
        html, created_at=document.created_at, identifier=hashlib.sha256(document.file).digest()[:16], attachments=[attached]
    )


def document_html(document: OwnFootprintDocument) -> str:
    """Return the page that is set as PDF; its style sheet is inside."""
    return bilingual_pages().get_template("certificates/own_footprint.html").render(document=document)


def _place(own: OwnFootprint) -> Bilingual:
    province = provinces().get(str(own.answers.values.get("site_province", "")))
    return both(NATIONAL_NAME) if province is None else Bilingual(zh=province.name_zh, en=province.name_en)


def _shown(value: float) -> str:
    """Return three significant digits without exponent."""
    digits = max(0, 2 - _magnitude(value))
    return f"{value:,.{digits}f}".replace("-", "−")


def _magnitude(value: float) -> int:
    return int(f"{value:e}".partition("e")[2]) if value else 0


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %" if share >= 0.01 or not share else "< 1 %"  # noqa: PLR2004 -- below one per cent none is shown
