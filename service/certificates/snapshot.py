"""What a certificate says, as canonical JSON: rounded, without any supplier's data, enough to set the document again."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import rfc8785

from lca_models.model import Model
from service.accounts.models import Organisation
from service.backgrounds.rules import stated_licences
from service.branding import company_logo
from service.certificates import figures
from service.certificates.figures import Interval
from service.clock import day_at
from service.footprints import protection
from service.footprints.models import FootprintRecord
from service.footprints.ownership import parts_of
from service.footprints.protection import Part
from service.green_power.queries import EvidencedSupply
from service.material_flows.recycled import RecycledShare
from service.method_library.models import AccountingMethod
from service.pdf.bilingual import both
from service.product_footprints.models import ProductFootprint
from service.products.models import Plant, Product
from service.products.quality import BY_KEY
from service.settings import Settings

SCHEMA: Final = "urn:anodeprint:certificate:2"
STANDARDS: Final = ("ISO 14067:2018", "GB/T 24067-2024", "PACT Methodology v3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a certificate is about: a declared footprint with its record, product and plant, and for whom.

    Attributes
    ----------
    interval
        How sure the total is; None where nobody could calculate it.
    supplies
        Electricity of known origin that the plant has evidence for in the record's period.
    recycled
        Recycled content that claims prove for the record's period; None where none does on the day of issue.
    method
        The version of the method library that gives the figure; None where none is released.

    """

    record: FootprintRecord
    declared: ProductFootprint
    product: Product
    plant: Plant
    customer: Organisation
    interval: Interval | None
    supplies: Sequence[EvidencedSupply]
    recycled: RecycledShare | None
    method: AccountingMethod | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """A file in another system's format that the certificate carries, or why it can't.

    Attributes
    ----------
    text
        JSON; None where the format can't carry the footprint.
    left_out_zh, left_out_en
        The reason; empty for a file that is there.

    """

    text: str | None
    left_out_zh: str = ""
    left_out_en: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What a certificate adds to its subject.

    Attributes
    ----------
    supersedes
        Number of the certificate that this one replaces.

    """

    number: str
    public_id: str
    revision: int
    supersedes: str | None
    part_no: str | None
    valid_from: date
    valid_until: date


def build_snapshot(
    subject: Subject, issue: Issue, *, settings: Settings, model: Model, exports: Mapping[str, Export]
) -> dict[str, Any]:
    """Return the content of a certificate: texts, whole numbers, and figures as decimal strings.

    Parameters
    ----------
    exports
        By file name; the snapshot keeps their hashes, so that whoever signs it signs them too.

    """
    record = subject.record
    parts = parts_of(record, model)
    step = protection.rounding_step(record.total_kg_co2e_per_kg)
    return {
        "schema": SCHEMA,
        "certificate": _certificate(subject, issue, settings),
        "footprint": _footprint(subject.declared),
        "issuer": _issuer(subject.plant, subject.declared, settings),
        "customer": _customer(subject.customer, issue),
        "product": {**_product(subject.product, subject.declared), **_recycled(subject.recycled)},
        "period": {"start": record.period_start.isoformat(), "end": record.period_end.isoformat()},
        "result": _result(subject, parts),
        "stages": figures.stages_of(parts, step, model),
        "blocks": figures.blocks_of(parts, step),
        "life_cycle": figures.life_cycle_of(parts, step),
        "electricity": {
            **figures.electricity_of(record, parts, step, model),
            "instruments": [_instrument(one) for one in subject.supplies],
        },
        "data": {**figures.kinds_of_data(parts), **_quality(subject.declared)},
        "method": _method(subject, settings),
        "assurance": subject.declared.statement,
        "exports": {name: _export(one) for name, one in exports.items()},
    }


def canonical(snapshot: Mapping[str, Any]) -> bytes:
    """Return the bytes that are hashed and attached (RFC 8785)."""
    return rfc8785.dumps(dict(snapshot))


def sha256_of(snapshot: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def _certificate(subject: Subject, issue: Issue, settings: Settings) -> dict[str, Any]:
    rows = (subject.record, subject.product, subject.plant, subject.customer)
    return {
        "number": issue.number,
        "public_id": issue.public_id,
        "verify_url": f"{settings.base_url}/verify/{issue.public_id}",
        "revision": issue.revision,
        "supersedes": issue.supersedes,
        "valid_from": issue.valid_from.isoformat(),
        "valid_until": issue.valid_until.isoformat(),
        "is_sample": any(row.is_sample for row in rows),
    }


def _issuer(plant: Plant, declared: ProductFootprint, settings: Settings) -> dict[str, Any]:
    """Return who issues; the logo is there with its bytes, so that the document can be set again when the company has another."""
    logo = company_logo(settings)
    return {
        "name_zh": settings.company_name_zh,
        "name_en": settings.company_name_en,
        "address_zh": settings.company_address_zh,
        "address_en": settings.company_address_en,
        "registration_no": settings.company_registration_no,
        "companyIds": list(declared.document["companyIds"]),
        "logo": None if logo is None else dict(logo.as_json()),
        "contact": settings.company_contact_email,
        "plant_zh": plant.name_zh,
        "plant_en": plant.name_en,
        "plant_address_zh": plant.address_zh,
        "plant_address_en": plant.address_en,
        "plant_province": plant.province_code,
        "plant_bpns": plant.bpns,
    }


def _customer(customer: Organisation, issue: Issue) -> dict[str, Any]:
    return {
        "name_zh": customer.name_zh,
        "name_en": customer.name_en,
        "registration_no": customer.registration_no,
        "part_no": issue.part_no,
    }


def _product(product: Product, declared: ProductFootprint) -> dict[str, Any]:
    return {
        "grade": product.grade,
        "name_zh": product.name_zh,
        "name_en": product.name_en,
        "description_zh": product.description_zh,
        "description_en": product.description_en,
        "cas": product.cas,
        "declared_unit": "1 kg",
        "productIds": list(declared.document["productIds"]),
        "classifications": list(declared.document.get("productClassifications", [])),
        "quality": [_property(key, stated) for key, stated in (product.quality or {}).items()],
    }


def _recycled(recycled: RecycledShare | None) -> dict[str, Any]:
    """Return the recycled content, to a hundredth of a per cent; nothing is said where nothing is proved."""
    if recycled is None:
        return {}
    shares = {name: str(round(Decimal(repr(getattr(recycled, name))), 4)) for name in ("share", "pre_consumer", "post_consumer")}
    return {"recycled": {**shares, "claims": list(recycled.claims), "valid_until": recycled.valid_until.isoformat()}}


def _property(key: str, stated: Mapping[str, Any]) -> dict[str, str]:
    name = both(BY_KEY[key].name)
    return {"key": key, "name_zh": name.zh, "name_en": name.en, "value": str(stated["value"]), "unit": BY_KEY[key].unit}


def _footprint(declared: ProductFootprint) -> dict[str, Any]:
    return {"id": str(declared.id), "status": declared.status.value, "document_sha256": declared.document_sha256}


def _result(subject: Subject, parts: Sequence[Part]) -> dict[str, Any]:
    """Return the result; what else the declared footprint states stands here word by word."""
    pcf: Mapping[str, Any] = subject.declared.document["pcf"]
    captures = pcf.get("ccsTechnologicalCO2CaptureIncluded", False)
    return {
        **figures.result_lines(subject.record),
        "removals": pcf.get("technologicalCO2Removals", None if captures else "0"),
        "interval": figures.interval_of(subject.interval, parts, subject.record.total_kg_co2e_per_kg),
        "carbon": {
            "unit": "kg C per kg",
            "fossil": pcf["fossilCarbonContent"],
            "biogenic": pcf.get("biogenicCarbonContent"),
            "recycled": pcf.get("recycledCarbonContent"),
            "packaging_biogenic": pcf.get("packagingBiogenicCarbonContent"),
        },
    }


def _instrument(supply: EvidencedSupply) -> dict[str, Any]:
    return {
        "kind": supply.instrument.value,
        "technology": supply.technology.value,
        "share": str(Decimal(repr(supply.share))),
        "evidence": supply.evidence,
    }


def _quality(declared: ProductFootprint) -> dict[str, Any]:
    pcf: Mapping[str, Any] = declared.document["pcf"]
    return {
        "primary_data_share": pcf.get("primaryDataShare"),
        "dqi": pcf.get("dqi"),
        "secondary_sources": [dict(one) for one in pcf.get("secondaryEmissionFactorSources", [])],
    }


def _method(subject: Subject, settings: Settings) -> dict[str, Any]:
    record, pcf = subject.record, subject.declared.document["pcf"]
    return {
        "boundary": "cradle-to-gate",
        "standards": list(STANDARDS),
        "gwp": "IPCC AR6 GWP100",
        "exempted_percent": pcf["exemptedEmissionsPercent"],
        "model_version": record.model_version,
        "model_sha256": record.result["content_hash"],
        "footprint": record.number,
        "calculated_on": day_at(record.calculated_at, settings.timezone).isoformat(),
        "backgrounds": [dict(one) for one in stated_licences(record.result["notices"])],
        **_cited(subject.method),
    }


def _cited(method: AccountingMethod | None) -> dict[str, Any]:
    if method is None:
        return {}
    return {"cites": {name: getattr(method, name) for name in ("label", "standard", "edition", "pcr")}}


def _export(export: Export) -> dict[str, str | None]:
    return {
        "sha256": None if export.text is None else hashlib.sha256(export.text.encode()).hexdigest(),
        "left_out_zh": export.left_out_zh or None,
        "left_out_en": export.left_out_en or None,
    }
