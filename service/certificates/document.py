"""What a certificate's paper says, in order; nothing else reaches the template.

The document is bilingual: every text is a pair, and the template sets both with the same weight. Figures come in as published
(already aggregated and rounded by `service.footprints.protection`), as `Decimal` so that what stands here is what stands in the
snapshot.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby

from service.branding import Logo
from service.certificates.attachments import AttachedFile, MissingFile
from service.pdf.bilingual import Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuer:
    """Who issues the certificate, and for which plant.

    Attributes
    ----------
    company_ids
        URNs, by which customers' systems know the company.
    logo
        None shows the product's mark.
    plant_bpns
        Catena-X number of the site; None where the company has none.

    """

    name: Bilingual
    address: Bilingual
    registration_no: str
    company_ids: tuple[str, ...]
    logo: Logo | None
    plant: Bilingual
    plant_address: Bilingual | None
    plant_bpns: str | None
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Whom the certificate is issued to; `part_no` is the customer's own."""

    name: Bilingual
    part_no: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityValue:
    """A property of the product (GB/T 24533) with its unit; empty for one without."""

    name: Bilingual
    value: str
    unit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecycledContent:
    """Recycled content by mass of the product, 1 = all; the claims that prove it, and when the first source's certificate ends."""

    share: Decimal
    pre_consumer: Decimal
    post_consumer: Decimal
    claims: tuple[str, ...]
    valid_until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """The product the footprint is of.

    Attributes
    ----------
    description
        None where the company has written none.
    product_ids, classifications
        URNs, by which customers' systems know the product and its kind.
    recycled
        None where no recycled content is proved.

    """

    grade: str
    name: Bilingual
    description: Bilingual | None
    declared_unit: Bilingual
    cas: str
    product_ids: tuple[str, ...]
    classifications: tuple[str, ...]
    quality: tuple[QualityValue, ...]
    recycled: RecycledContent | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarbonContent:
    """kg C per kg of product; None where it is not known."""

    fossil: Decimal
    biogenic: Decimal | None
    recycled: Decimal | None
    packaging: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """The footprint, kg CO2e per kg of product, rounded for publication.

    Attributes
    ----------
    total
        GWP100 without biogenic uptake: the certificate's figure.
    total_with_uptake
        The same with biogenic uptake as a negative emission.
    biogenic, biogenic_uptake, land_use
        None where they are known only as a part of `fossil`.
    aircraft
        A part of `fossil`; None where it is not known.
    removals
        Technical removals, zero or negative; zero where nothing is captured, None where it is not known.
    low, high
        P5 and P95 of the uncertainty calculation; None where it has not been made.

    """

    total: Decimal
    total_with_uptake: Decimal
    fossil: Decimal
    biogenic: Decimal | None
    biogenic_uptake: Decimal | None
    land_use: Decimal | None
    aircraft: Decimal | None
    removals: Decimal | None
    low: Decimal | None
    high: Decimal | None
    carbon: CarbonContent


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
class LifeCyclePart:
    """One of the four stages of battery rules, or a union of two: raw material, production, distribution, end of life.

    Attributes
    ----------
    kg_co2e
        Per kg of product; None where the stage lies outside the boundary.

    """

    name: Bilingual
    kg_co2e: Decimal | None
    note: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectricityView:
    """The total under one choice of electricity factor.

    Attributes
    ----------
    kg_co2e_per_kwh
        Life-cycle factor; None where a view has no single one (contracts of several plants).
    total
        kg CO2e per kg of product under this view; None where it may not be published.
    source
        Of the factor, with its year; None where the record keeps none.
    headline
        Whether the certificate's figure uses this view.

    """

    name: Bilingual
    kg_co2e_per_kwh: Decimal | None
    total: Decimal | None
    source: Bilingual | None
    note: Bilingual
    headline: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """Electricity of known origin that the plant has evidence for; `share` is of the plant's electricity, 1 = all."""

    kind: Bilingual
    technology: Bilingual
    share: Decimal
    evidence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DataQuality:
    """How good the data are.

    Attributes
    ----------
    primary, secondary, default
        Share of the total by kind of data, 1 = all; None where it may not be published.
    primary_data_share
        As PACT defines it, per cent; None where it may not be published.
    ratings
        Technology, place and time, 1 best to 5 worst, in words for each; empty where they may not be published.
    secondary_sources
        Databases and factor sets, with versions.
    hot_spots
        The largest shares of the total that the certificate shows, the largest first.

    """

    primary: Decimal | None
    secondary: Decimal | None
    default: Decimal | None
    statement: Bilingual
    primary_data_share: Decimal | None
    ratings: tuple[tuple[Bilingual, Decimal], ...]
    secondary_sources: tuple[str, ...]
    hot_spots: tuple[tuple[Bilingual, Decimal], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """How the figure was made; `cites` names the version of the maker's method library, empty where none is released."""

    standards: tuple[str, ...]
    gwp_set: str
    boundary: Bilingual
    cut_off: Bilingual
    exempted: Bilingual
    allocation: Bilingual
    waste: Bilingual
    period_start: date
    period_end: date
    model_version: str
    software: str
    cites: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Assurance:
    """What a third party stated of the footprint.

    Attributes
    ----------
    accreditation, materiality_percent
        None where the statement names none.
    text
        The statement, word by word.

    """

    body: str
    accreditation: str | None
    level: Bilingual
    coverage: Bilingual
    conclusion: Bilingual
    standard: str
    criteria: str
    materiality_percent: str | None
    completed_on: date
    text: Bilingual | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LogEntry:
    """Where the issue stands in the tamper-evident log, as of a signed checkpoint.

    Attributes
    ----------
    index
        Of the entry, from 0.
    size, root
        Of the log at the checkpoint; the root in base64, as the checkpoint spells it.

    """

    origin: str
    index: int
    size: int
    root: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateDocument:
    """Everything a certificate says.

    Attributes
    ----------
    footprint_id
        Of the declared footprint, as customers' systems get it.
    footprint_status
        Of the declared footprint on the day of issue.
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
    life_cycle
        The four stages of battery rules; empty where they may not be told apart.
    electricity_kwh_per_kg
        Over all stages; None where it may not be published.
    is_electricity_coarse
        Whether it has been rounded more than other figures, so that no supplier's can be worked out.
    assurance
        None for a figure that no third party has verified; `verification` says either in clear words.
    attachments
        The first is the snapshot; its SHA-256 stands on every page.

    """

    number: str
    public_id: str
    verify_url: str
    footprint_id: str
    footprint_status: str
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
    life_cycle: tuple[LifeCyclePart, ...]
    electricity_kwh_per_kg: Decimal | None
    is_electricity_coarse: bool
    electricity_views: tuple[ElectricityView, ...]
    instruments: tuple[Instrument, ...]
    data_quality: DataQuality
    method: Method
    statements: tuple[Bilingual, ...]
    verification: Bilingual
    assurance: Assurance | None
    attachments: tuple[AttachedFile, ...]
    missing_files: tuple[MissingFile, ...]
    manifest: bytes
    log: LogEntry
    is_sample: bool

    @property
    def snapshot(self) -> bytes:
        """Canonical JSON of the certificate."""
        return self.attachments[0].content

    @property
    def snapshot_sha256(self) -> str:
        """Hash of the snapshot, hexadecimal."""
        return self.attachments[0].sha256
