"""From a certificate's content to its PDF; the same content gives the same bytes."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Final

import segno
from jinja2 import Environment, PackageLoader, StrictUndefined

from service.certificates.attachments import MANIFEST_NAME
from service.certificates.document import CertificateDocument, DataQuality, StageGroup
from service.pdf.bilingual import both
from service.pdf.rendering import PdfAttachment, PdfRenderer, shared_renderer
from service.web.charts import BarChart, Part, stacked_bar

UNIT: Final = "kg CO₂e/kg"
COMPACT_FROM: Final = 600
"""Characters of names and addresses from which the first page is set smaller, tried out on A4; a usual one has 200."""


def render_certificate(document: CertificateDocument, *, renderer: PdfRenderer | None = None) -> bytes:
    """Return the certificate as PDF/A-3b with its files attached; the same document gives the same bytes.

    Raises
    ------
    MissingCharactersError
        If a name has characters that the typeface lacks; raised before anything is drawn.
    LimitExceededError
        If the document needs too much time or memory.

    """
    return set_page(certificate_html(document), document, renderer=renderer)


def set_page(html: str, document: CertificateDocument, *, renderer: PdfRenderer | None = None) -> bytes:
    """Return the page as PDF/A-3b with the document's files attached; errors as `render_certificate`."""
    return (renderer or shared_renderer()).render(
        html,
        created_at=document.issued_at,
        identifier=hashlib.sha256(document.snapshot).digest()[:16],
        attachments=_attachments(document),
    )


def _attachments(document: CertificateDocument) -> list[PdfAttachment]:
    manifest = PdfAttachment(name=MANIFEST_NAME, description="Files of this certificate with SHA-256", content=document.manifest)
    files = [PdfAttachment(name=one.name, description=one.title.en, content=one.content) for one in document.attachments]
    return [*files, manifest]


def certificate_html(document: CertificateDocument) -> str:
    """Return the page that is set as PDF; its style sheet is inside."""
    return (
        _environment()
        .get_template("certificates/certificate.html")
        .render(
            document=document,
            stage_chart=stage_chart(document.stages),
            kind_chart=kind_chart(document.data_quality),
            qr=qr_path(document.verify_url),
            compact=_name_length(document) > COMPACT_FROM,
            manifest_sha256=hashlib.sha256(document.manifest).hexdigest(),
            unit=UNIT,
        )
    )


def _name_length(document: CertificateDocument) -> int:
    issuer = document.issuer
    names = [issuer.name, issuer.address, issuer.plant, document.customer.name, document.product.name]
    if issuer.plant_address:
        names.append(issuer.plant_address)
    return sum(len(name.zh) + len(name.en) for name in names) + sum(map(len, issuer.company_ids))


def stage_chart(stages: Sequence[StageGroup]) -> BarChart:
    """Return the stage bar; a union of stages is neutral in colour."""
    parts = [Part(code=stage.colour_key, label=stage.code, value=float(stage.kg_co2e)) for stage in stages]
    return stacked_bar(parts, unit=UNIT)


def kind_chart(quality: DataQuality) -> BarChart | None:
    """Return the bar of data kinds; None where the shares may not be published."""
    shares = {"primary": quality.primary, "secondary": quality.secondary, "default": quality.default}
    parts = [Part(code=kind, label=kind, value=float(share)) for kind, share in shares.items() if share is not None]
    return stacked_bar(parts, unit="1") if len(parts) == len(shares) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class QrPath:
    """A QR code as one SVG path in a square of `size` modules, quiet zone included."""

    size: int
    path: str


def qr_path(address: str) -> QrPath:
    """Encode an address with error correction M, which survives a crumpled print."""
    quiet = 4  # modules, ISO/IEC 18004
    matrix = segno.make(address, error="m", micro=False).matrix
    pieces = (f"M{x + quiet} {y + quiet}h{length}v1h-{length}z" for y, row in enumerate(matrix) for x, length in _dark_runs(row))
    return QrPath(size=len(matrix) + 2 * quiet, path="".join(pieces))


def _dark_runs(row: Sequence[int]) -> Iterator[tuple[int, int]]:
    position = 0
    for dark, run in groupby(row):
        length = len(list(run))
        if dark:
            yield position, length
        position += length


@lru_cache
def _environment() -> Environment:
    env = Environment(
        loader=PackageLoader("templates", ""),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals["_"] = both
    env.filters.update(figure=format_figure, share=format_share)
    return env


def format_figure(value: Decimal) -> str:
    """Show a published figure as it is, all its digits kept, thousands apart; the same in both languages."""
    return f"{value:,f}".replace("-", "−")


def format_share(share: Decimal) -> str:
    """Show a share with two significant digits, in per cent; small ones stay readable."""
    percent = share * 100
    if abs(percent) >= 10:  # noqa: PLR2004 -- from here on two digits are whole numbers
        return f"{percent:.0f} %"
    return f"{percent:.1f} %"
