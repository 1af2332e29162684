"""The document of a declared footprint: a PACT v3 ProductFootprint of a released record, the same bytes for the same facts."""

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

import rfc8785

from lca_models.calculation import Footprint
from lca_models.methods.biogenic import CarbonContent, carbon_content
from lca_models.methods.decisions import RecordedDecision, recorded_decisions
from lca_models.methods.exemption import Exemption, exempted_share
from lca_models.model import Model
from service.backgrounds.rules import stated_licences
from service.footprints.models import FootprintRecord
from service.footprints.ownership import parts_of
from service.product_footprints import texts
from service.product_footprints.identifiers import company_ids, product_ids
from service.product_footprints.lines import PrintedLines, plain, printed_lines, rounded
from service.product_footprints.models import ProductFootprint
from service.product_footprints.published_quality import PublishedQuality, published_packaging, published_quality
from service.product_footprints.statements import verification_of
from service.products.models import Plant, Product
from service.settings import Settings

SPEC_VERSION: Final = "3.0.3"
"""The latest published text of the PACT specification. The schemas that ship with us are of 3.0.4, seen only in PACT's own
conformance service; they ask for nothing else of a document."""
STANDARDS: Final = ("ISO14067", "PACT-3.0")
MODEL_SOURCE: Final = "AnodePrint process model of synthetic graphite anode material"
_CARBON_STEP: Final = Decimal("0.001")
_RECYCLED_STEP: Final = Decimal("0.01")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a document is made of.

    Attributes
    ----------
    footprint
        The record calculated again on its own model.
    exemptions
        What is left out, by the ledger.
    valid_until
        Last day of validity.
    statement
        A verifier's statement, as `statements` describes it.
    notes
        What else the comment is to say, each in both languages.

    """

    id: uuid.UUID
    record: FootprintRecord
    product: Product
    plant: Plant
    model: Model
    footprint: Footprint
    exemptions: Sequence[Exemption]
    preceding_ids: Sequence[str]
    valid_until: date
    statement: Mapping[str, Any] | None
    notes: Sequence[str]
    created: datetime


def build_document(subject: Subject, *, settings: Settings) -> Json:
    """Return the document without its status; what is not known is left out, never zero and never null."""
    product, record = subject.product, subject.record
    lines = printed_lines(record)
    quality = published_quality(record, parts_of(record, subject.model))
    document: Json = {
        "id": str(subject.id),
        "specVersion": SPEC_VERSION,
        "precedingPfIds": list(subject.preceding_ids) or None,
        "created": instant(subject.created),
        "validityPeriodStart": instant(start_of(record.period_end + timedelta(days=1))),
        "validityPeriodEnd": instant(start_of(subject.valid_until + timedelta(days=1))),
        "companyName": texts.named(settings.company_name_zh, settings.company_name_en),
        "companyIds": list(company_ids(settings)),
        "productDescription": texts.description(product),
        "productIds": list(product_ids(product, settings=settings)),
        "productClassifications": list(product.classifications or ()) or None,
        "productNameCompany": texts.trade_name(product),
        "comment": texts.comment(record, lines, quality, notes=subject.notes),
        "pcf": _pcf(subject, lines, quality),
    }
    return _known(document)


def sha256_of(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document's canonical JSON (RFC 8785)."""
    return hashlib.sha256(rfc8785.dumps(dict(document))).hexdigest()


def pact_document(footprint: ProductFootprint) -> Json:
    """Return what partners get: the document with the footprint's present status."""
    return {**footprint.document, "status": footprint.status.value}


def instant(at: datetime) -> str:
    """Write an instant in UTC, in whole seconds."""
    return at.astimezone(UTC).replace(microsecond=0).strftime("%Y-%m-%dT%H:%M:%SZ")


def start_of(day: date) -> datetime:
    """Return the first instant of a day of the calendar; periods are days, so that everybody reads the same ones, in UTC."""
    return datetime.combine(day, time(), tzinfo=UTC)


def _pcf(subject: Subject, lines: PrintedLines, quality: PublishedQuality) -> Json:
    record, model = subject.record, subject.model
    decisions: tuple[RecordedDecision, ...] = recorded_decisions(
        model.allocation_cases, model.definitions, subject.footprint.parameters
    )
    return _known(
        {
            "declaredUnitOfMeasurement": "kilogram",
            "declaredUnitAmount": "1",
            "productMassPerDeclaredUnit": "1",
            "referencePeriodStart": instant(start_of(record.period_start)),
            "referencePeriodEnd": instant(start_of(record.period_end + timedelta(days=1))),
            "geographyCountrySubdivision": subject.plant.province_code,
            "boundaryProcessesDescription": texts.both(texts.BOUNDARY),
            **_emissions(lines),
            **_carbon(carbon_content(model, subject.footprint)),
            **_packaging(subject),
            "ccsTechnologicalCO2CaptureIncluded": False,
            "ipccCharacterizationFactors": [record.result["gwp"].upper()],
            "crossSectoralStandards": list(STANDARDS),
            **_exempted(subject.exemptions, total_kg_co2e=record.total_kg_co2e_per_kg),
            "allocationRulesDescription": texts.allocation(decisions),
            "secondaryEmissionFactorSources": _sources(record),
            **_quality(quality),
            "verification": verification_of(subject.statement) if subject.statement else None,
        }
    )


def _emissions(lines: PrintedLines) -> Json:
    """Return the sums and lines, kg CO2e per kg; they add up as printed (formulas of the PACT schema)."""
    return {
        "pcfExcludingBiogenicUptake": plain(lines.excluding_uptake),
        "pcfIncludingBiogenicUptake": plain(lines.including_uptake),
        "fossilGhgEmissions": plain(lines.fossil),
        "landUseChangeGhgEmissions": _plain(lines.land_use),
        "biogenicNonCO2Emissions": _plain(lines.biogenic),
        "biogenicCO2Uptake": _plain(lines.uptake),
        "aircraftGhgEmissions": _plain(lines.aircraft),
    }


def _carbon(content: CarbonContent) -> Json:
    """Return the carbon of the product, kg C per kg; the packaging's stands with the packaging."""
    return {
        "fossilCarbonContent": plain(rounded(content.fossil, _CARBON_STEP)),
        "biogenicCarbonContent": plain(rounded(content.biogenic, _CARBON_STEP)),
        "recycledCarbonContent": plain(rounded(content.recycled, _RECYCLED_STEP)),
    }


def _packaging(subject: Subject) -> Json:
    kg = published_packaging(parts_of(subject.record, subject.model))
    carbon = carbon_content(subject.model, subject.footprint).packaging_biogenic
    return {
        "packagingEmissionsIncluded": True,
        "packagingGhgEmissions": _plain(kg),
        "packagingBiogenicCarbonContent": None if kg is None else plain(rounded(carbon, _CARBON_STEP)),
    }


def _exempted(exemptions: Sequence[Exemption], *, total_kg_co2e: float) -> Json:
    share = exempted_share(exemptions, total_kg_co2e=total_kg_co2e)
    return {
        "exemptedEmissionsPercent": plain(texts.percent(share)),
        "exemptedEmissionsDescription": texts.exempted(exemptions),
    }


def _sources(record: FootprintRecord) -> list[Json]:
    """Return where factors come from: the model names every source of its own under its version; backgrounds name themselves."""
    backgrounds = [{"name": one["name"], "version": one["name"]} for one in stated_licences(record.result["notices"])]
    return [{"name": MODEL_SOURCE, "version": record.model_version}, *backgrounds]


def _quality(quality: PublishedQuality) -> Json:
    return {
        "primaryDataShare": plain((quality.primary_share * 100).quantize(Decimal(1))),
        "dqi": {
            "technologicalDQR": plain(quality.technology),
            "geographicalDQR": plain(quality.geography),
            "temporalDQR": plain(quality.time),
        },
    }


def _plain(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _known(fields: Mapping[str, Any]) -> Json:
    return {name: value for name, value in fields.items() if value is not None}
