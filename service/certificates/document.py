"""From a certificate's snapshot to its PDF: what the document says, and nothing else.

The document is bilingual: every text is a pair, and the template sets both with the same weight. Figures come in as published
(already aggregated and rounded by `disclosure`), as `Decimal` so that what stands here is what stands in the snapshot.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from itertools import groupby
from typing import Final

import segno
from jinja2 import Environment, PackageLoader, StrictUndefined

from service.branding import Logo
from service.i18n import translate
from service.pdf.errors import MissingCharactersError
from service.pdf.fonts import missing_characters
from service.pdf.rendering import PdfAttachment, PdfRenderer, shared_renderer
from service.web.charts import BarChart, Part, stacked_bar

SNAPSHOT_NAME: Final = "pcf.json"
UNIT: Final = "kg CO₂e/kg"
COMPACT_FROM: Final = 600
"""Characters of names and addresses from which the first page is set smaller, tried out on A4; a usual one has 200."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bilingual:
    """One text in both languages; where only one exists, both are that one."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues the certificate, and for which plant.

    Attributes
    ----------
    company_ids
        URNs, by which customers' systems know the company.
    logo
        None shows the product's mark.

    """

    name: Bilingual
    address: Bilingual
    registration_no: str
    company_ids: tuple[str, ...]
    logo: Logo | None
    plant: Bilingual
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Whom the certificate is issued to; `part_no` is the customer's own."""

    name: Bilingual
    part_no: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """The product the footprint is of."""

    grade: str
    name: Bilingual
    declared_unit: Bilingual
    cas: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The footprint, kg CO2e per kg of product, rounded for publication.

    Attributes
    ----------
    total
        GWP100 without biogenic uptake: the certificate's figure.
    total_with_uptake
        The same with biogenic uptake as a negative emission.
    biogenic, land_use
        None where they are known only as a part of `fossil`.
    low, high
        P5 and P95 of the uncertainty calculation; None where it has not been made.

    """

    total: Decimal
    total_with_uptake: Decimal
    fossil: Decimal
    biogenic: Decimal | None
    land_use: Decimal | None
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StageGroup:
    """Life-cycle stages shown as one figure; several where a single one would give a supplier's input away.

    Attributes
    ----------
    codes
        P1 to P7.
    kg_co2e
        Per kg of product.
    share
        Part of the total, 1 = all.

    """

    codes: tuple[str, ...]
    name: Bilingual
    kg_co2e: Decimal
    share: Decimal

    @property
    def code(self) -> str:
        """The code as printed: `P3`, or `P1+P3–P5` for a union."""
        numbers = [int(code.removeprefix("P")) for code in self.codes]
        runs = [[n for _, n in run] for _, run in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0])]
        return "+".join(f"P{run[0]}" if len(run) == 1 else f"P{run[0]}–P{run[-1]}" for run in runs)

    @property
    def colour_key(self) -> str:
        """The stage whose colour is used; a union has none of them."""
        return self.codes[0] if len(self.codes) == 1 else "union"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputBlock:
    """Inputs of one kind over all stages and suppliers, kg CO2e per kg of product and part of the total."""

    name: Bilingual
    kg_co2e: Decimal
    share: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectricityView:
    """The total under one choice of electricity factor.

    Attributes
    ----------
    kg_co2e_per_kwh
        Life-cycle factor; None where a view has no single one (contracts of several plants).
    total
        kg CO2e per kg of product under this view; None where it may not be published.
    headline
        Whether the certificate's figure uses this view.

    """

    name: Bilingual
    kg_co2e_per_kwh: Decimal | None
    total: Decimal | None
    note: Bilingual
    headline: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DataQuality:
    """Share of the total by kind of data (1 = all; None where it may not be published), and what to say about it."""

    primary: Decimal | None
    secondary: Decimal | None
    default: Decimal | None
    statement: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How the figure was made."""

    standards: tuple[str, ...]
    gwp_set: str
    boundary: Bilingual
    cut_off: Bilingual
    allocation: Bilingual
    period_start: date
    period_end: date
    model_version: str
    software: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateDocument:
    """Everything a certificate says.

    Attributes
    ----------
    revision
        1 for the first edition.
    supersedes
        Number of the certificate that this one replaces, if any.
    issued_at
        With its time zone; also the date inside the PDF.
    valid_until
        Last day of validity.
    stages, blocks
        In order; each sums to the total. Empty where no split may be published.
    electricity_kwh_per_kg
        Over all stages; None where it may not be published.
    is_electricity_coarse
        Whether it has been rounded more than other figures, so that no supplier's can be worked out.
    verification
        Whether a third party has verified the figure, in clear words.
    snapshot
        Canonical JSON of the certificate, attached as `pcf.json`; its SHA-256 stands on every page.

    """

    number: str
    public_id: str
    verify_url: str
    revision: int
    supersedes: str | None
    issued_at: datetime
    issued_on: date
    valid_until: date
    issuer: Issuer
    customer: Customer
    product: Product
    result: Result
    stages: tuple[StageGroup, ...]
    blocks: tuple[InputBlock, ...]
    electricity_kwh_per_kg: Decimal | None
    is_electricity_coarse: bool
    electricity_views: tuple[ElectricityView, ...]
    data_quality: DataQuality
    method: Method
    statements: tuple[Bilingual, ...]
    verification: Bilingual
    is_sample: bool
    snapshot: bytes

    @property
    def snapshot_sha256(self) -> str:
        """Hash of the snapshot, hexadecimal."""
        return hashlib.sha256(self.snapshot).hexdigest()


def render_certificate(document: CertificateDocument, *, renderer: PdfRenderer | None = None) -> bytes:
    """Return the certificate as PDF/A-3b with its snapshot attached; the same document gives the same bytes.

    Raises
    ------
    MissingCharactersError
        If a name has characters that the typeface lacks; raised before anything is drawn.
    LimitExceededError
        If the document needs too much time or memory.

    """
    html = certificate_html(document)
    if missing := missing_characters(html):
        raise MissingCharactersError(characters=missing)
    attachment = PdfAttachment(
        name=SNAPSHOT_NAME, description="Product carbon footprint, machine-readable", content=document.snapshot
    )
    return (renderer or shared_renderer()).render(
        html,
        created_at=document.issued_at,
        identifier=hashlib.sha256(document.snapshot).digest()[:16],
        attachments=[attachment],
    )


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
            unit=UNIT,
        )
    )


def _name_length(document: CertificateDocument) -> int:
    issuer = document.issuer
    names = (issuer.name, issuer.address, issuer.plant, document.customer.name, document.product.name)
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
    env.globals["_"] = _both
    env.filters.update(figure=format_figure, share=format_share)
    return env


def _both(message: str, **values: object) -> Bilingual:
    return Bilingual(zh=translate("zh-CN", message, **values), en=translate("en", message, **values))


def format_figure(value: Decimal) -> str:
    """Show a published figure as it is, all its digits kept, thousands apart; the same in both languages."""
    return f"{value:,f}".replace("-", "−")


def format_share(share: Decimal) -> str:
    """Show a share with two significant digits, in per cent; small ones stay readable."""
    percent = share * 100
    if abs(percent) >= 10:  # noqa: PLR2004 -- from here on two digits are whole numbers
        return f"{percent:.0f} %"
    return f"{percent:.1f} %"
