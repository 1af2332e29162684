"""What a certificate says, as canonical JSON: rounded, without any supplier's data, enough to set the document again."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import rfc8785

from lca_models.model import Model
from service.accounts.models import Organisation
from service.backgrounds.rules import stated_licences
from service.branding import company_logo
from service.clock import day_at
from service.errors import N_
from service.footprints import protection
from service.footprints.models import FootprintRecord
from service.footprints.ownership import BLOCKS, parts_of
from service.footprints.protection import Group, Part
from service.i18n import translate
from service.products.models import Plant, Product
from service.settings import Settings

SCHEMA = "urn:anodeprint:certificate:1"
PUBLIC_VIEWS = frozenset({"national", "market"})
"""The view by province is left out: with one toll plant it would tell where that plant is and what it uses."""
STEP_OF_STAGE = {
    "P3": "graphitization_electricity_kg_co2e_per_kwh",
    "P4": "carbonization_electricity_kg_co2e_per_kwh",
}
"""Steps that others may do, with electricity of their own, as `footprints.views` names them."""
BLOCK_NAMES = {
    "electricity": N_("Electricity"),
    "direct": N_("Direct emissions and waste treatment"),
    "coke": N_("Coke and packing coke"),
    "auxiliaries": N_("Pitch, crucibles, gases and fuels"),
    "logistics": N_("Transport and packaging"),
}
INSIDE_FOSSIL = N_(
    "Published factors of purchased materials are one sum over all gases and origins; their biogenic and land-use parts are "
    "inside the fossil line."
)
KWH_STEPS = tuple(map(Decimal, ("0.1", "0.5", "1", "2", "5", "10")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What a certificate is about: a released footprint, its product and plant, and for whom."""

    record: FootprintRecord
    product: Product
    plant: Plant
    customer: Organisation


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


def build_snapshot(subject: Subject, issue: Issue, *, settings: Settings, model: Model) -> dict[str, Any]:
    """Return the content of a certificate: texts, whole numbers, and figures as decimal strings."""
    record = subject.record
    parts = parts_of(record, model)
    step = protection.rounding_step(record.total_kg_co2e_per_kg)
    return {
        "schema": SCHEMA,
        "certificate": _certificate(subject, issue, settings),
        "issuer": _issuer(subject.plant, settings),
        "customer": _customer(subject.customer, issue),
        "product": _product(subject.product),
        "period": {"start": record.period_start.isoformat(), "end": record.period_end.isoformat()},
        "result": _result(record, step),
        "stages": _groups(
            protection.split(parts, _stage, order=[one.code for one in model.stages], step=step),
            {one.code: (one.name_zh, one.name_en[:1].upper() + one.name_en[1:]) for one in model.stages},
        ),
        "blocks": _groups(
            protection.split(parts, _block, order=BLOCKS, step=step),
            {key: (translate("zh-CN", name), name) for key, name in BLOCK_NAMES.items()},
        ),
        "electricity": _electricity(record, parts, step),
        "data": _data(parts),
        "method": {
            "boundary": "cradle-to-gate",
            "gwp": "IPCC AR6 GWP100",
            "model_version": record.model_version,
            "footprint": record.number,
            "calculated_on": day_at(record.calculated_at, settings.timezone).isoformat(),
            "backgrounds": [dict(one) for one in stated_licences(record.result["notices"])],
        },
    }


def canonical(snapshot: Mapping[str, Any]) -> bytes:
    """Return the bytes that are hashed and attached (RFC 8785)."""
    return rfc8785.dumps(dict(snapshot))


def sha256_of(snapshot: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical bytes."""
    return hashlib.sha256(canonical(snapshot)).hexdigest()


def _stage(part: Part) -> str:
    return part.stage


def _block(part: Part) -> str:
    return part.block


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


def _issuer(plant: Plant, settings: Settings) -> dict[str, Any]:
    """Return who issues; the logo is there with its bytes, so that the document can be set again when the company has another."""
    logo = company_logo(settings)
    return {
        "name_zh": settings.company_name_zh,
        "name_en": settings.company_name_en,
        "address_zh": settings.company_address_zh,
        "address_en": settings.company_address_en,
        "registration_no": settings.company_registration_no,
        "companyIds": [settings.company_urn],
        "logo": None if logo is None else dict(logo.as_json()),
        "contact": settings.company_contact_email,
        "plant_zh": plant.name_zh,
        "plant_en": plant.name_en,
        "plant_address_zh": plant.address_zh,
        "plant_address_en": plant.address_en,
        "plant_province": plant.province_code,
    }


def _customer(customer: Organisation, issue: Issue) -> dict[str, Any]:
    return {
        "name_zh": customer.name_zh,
        "name_en": customer.name_en,
        "registration_no": customer.registration_no,
        "part_no": issue.part_no,
    }


def _product(product: Product) -> dict[str, Any]:
    return {
        "grade": product.grade,
        "name_zh": product.name_zh,
        "name_en": product.name_en,
        "cas": product.cas,
        "declared_unit": "1 kg",
    }


def _result(record: FootprintRecord, step: Decimal) -> dict[str, Any]:
    """Return the lines with one digit more than stages and blocks, so that their sum does not suffer from rounding.

    A line that is known only as a part of the fossil one is null, never zero, and `not_split` says why.
    """
    lines: Mapping[str, float] = record.result["split"]
    hidden = {name for name in ("biogenic", "biogenic_uptake", "land_use") if lines["upstream_unsplit"] and not lines[name]}
    finer = step / 10
    return {
        "unit": "kg CO2e per kg",
        "total": _rounded(record.total_kg_co2e_per_kg, finer),
        "including_uptake": _rounded(record.total_kg_co2e_per_kg + lines["biogenic_uptake"], finer),
        "fossil": _rounded(lines["fossil"], finer),
        "biogenic": None if "biogenic" in hidden else _rounded(lines["biogenic"], finer),
        "biogenic_uptake": None if "biogenic_uptake" in hidden else _rounded(lines["biogenic_uptake"], finer),
        "land_use_change": None if "land_use" in hidden else _rounded(lines["land_use"], finer),
        "not_split": {"reason_zh": translate("zh-CN", INSIDE_FOSSIL), "reason_en": INSIDE_FOSSIL} if hidden else None,
    }


def _rounded(value: float, step: Decimal) -> str:
    return str(((Decimal(repr(float(value))) / step).to_integral_value() * step).quantize(step) + 0)


def _groups(groups: Sequence[Group], names: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    total = sum((group.kg_co2e for group in groups), Decimal())
    return [
        {
            "keys": list(group.keys),
            "name_zh": "、".join(names[key][0] for key in group.keys),
            "name_en": "; ".join(names[key][1] for key in group.keys),
            "kg_co2e": str(group.kg_co2e),
            "share": str(round(group.kg_co2e / total, 3)),
        }
        for group in groups
    ]


def _electricity(record: FootprintRecord, parts: Sequence[Part], step: Decimal) -> dict[str, Any]:
    """Return consumption, in steps coarse enough for its suppliers, and the totals under views that single out nobody."""
    kwh = protection.publishable(parts, steps=KWH_STEPS, measure=protection.by_kwh)
    headline = next(view for view in record.views if view["is_headline"])
    return {
        "kwh_per_kg": None if kwh is None else str(kwh[0]),
        "kwh_rounded_to": None if kwh is None else str(kwh[1]),
        "views": [_view(view, headline, parts, step) for view in record.views if view["view"] in PUBLIC_VIEWS],
    }


def _view(view: Mapping[str, Any], headline: Mapping[str, Any], parts: Sequence[Part], step: Decimal) -> dict[str, Any]:
    """Return a view's total where it may stand beside the headline: the difference of the two is electricity by factor."""

    def measure(part: Part) -> float:
        return part.kwh * abs(_factor(view, part.stage) - _factor(headline, part.stage))

    is_public = view is headline or protection.is_protected(parts, step=2 * float(step), measure=measure)
    return {
        "key": view["view"],
        "kg_co2e_per_kwh": str(view["kg_co2e_per_kwh"]),
        "total": _rounded(view["total_kg_co2e"], step) if is_public else None,
        "is_headline": view is headline,
    }


def _factor(view: Mapping[str, Any], stage: str) -> float:
    """Return what a kWh of a stage counts in a view: the mix of the sites that share the step, or the maker's plant."""
    sites = [site for site in view["sites"] if site["step"] == STEP_OF_STAGE.get(stage)]
    mixed: float = sum(site["kwh_share"] * site["kg_co2e_per_kwh"] for site in sites)
    return mixed if sites else float(view["kg_co2e_per_kwh"])


def _data(parts: Sequence[Part]) -> dict[str, Any]:
    """Return the shares of the total by kind of data, in one step coarse enough for each of them."""
    found = protection.shares_by_kind(parts)
    if found is None:
        return {"shares": None, "rounded_to": None}
    shares, step = found
    return {"shares": {kind: str(share) for kind, share in shares.items()}, "rounded_to": str(step)}
