"""What is kept of a year when it is closed: all that its report says, so that the report follows from it alone.

No names of people are kept: who answers for a source is its unit, who verified and closed is an id.
"""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlmodel import Session

from service.company_inventory.contents import as_json
from service.company_inventory.inventory import Inventory
from service.company_inventory.models import CompanyInventory, InventoryFinding, InventorySnapshot
from service.company_inventory.queries import findings_of
from service.monitoring.models import EmissionSource
from service.monitoring.queries import all_sources, monthly_amounts
from service.monitoring.rules import counts_in
from service.plan.models import OrgUnit
from service.products.queries import all_plants
from service.settings import Settings

SCHEMA: Final = "urn:anodeprint:company-inventory:1"


def content_of(
    session: Session,
    inventory: Inventory,
    work: CompanyInventory,
    *,
    number: int,
    former: InventorySnapshot | None,
    settings: Settings,
    by: str,
    at: datetime,
) -> dict[str, Any]:
    """Return the JSON of a closing.

    Parameters
    ----------
    former
        The closing that this one restates; None for the first.

    """
    return {
        "schema": SCHEMA,
        "year": work.year,
        "number": number,
        "closed_at": at.isoformat(),
        "closed_by": by,
        "is_sample": inventory.is_sample,
        "company": _company(settings),
        "sites": _sites(session),
        "sources": _sources(session, work.year),
        "entries": _entries(session, work.year),
        "verification": _verification(work, findings_of(session, work.id)),
        "restatement": _restatement(work, former),
        "inventory": as_json(inventory),
    }


def _company(settings: Settings) -> Mapping[str, str]:
    return {
        "name_zh": settings.company_name_zh,
        "name_en": settings.company_name_en,
        "address_zh": settings.company_address_zh,
        "address_en": settings.company_address_en,
        "registration_no": settings.company_registration_no,
    }


def _sites(session: Session) -> Sequence[Mapping[str, str]]:
    return [
        {"id": str(plant.id), "name_zh": plant.name_zh, "name_en": plant.name_en, "province": plant.province_code}
        for plant in all_plants(session)
    ]


def _sources(session: Session, year: int) -> Sequence[Mapping[str, Any]]:
    known = all_sources(session)
    months = [date(year, month, 1) for month in range(1, 13)]
    return [
        _source(session, one, meter.serial if (meter := known.meter_of(one)) is not None else None)
        for one in known.sources
        if any(counts_in(one, month) for month in months)
    ]


def _source(session: Session, one: EmissionSource, meter: str | None) -> Mapping[str, Any]:
    unit = session.get(OrgUnit, one.unit_id) if one.unit_id is not None else None
    return {
        "id": str(one.id),
        "site": str(one.plant_id),
        "code": one.code,
        "name_zh": one.name_zh,
        "name_en": one.name_en,
        "carrier": one.carrier,
        "method": one.method.value,
        "meter": meter,
        "unit_zh": unit.name_zh if unit else None,
        "unit_en": unit.name_en if unit else None,
        "has_responsible": one.responsible_id is not None,
    }


def _entries(session: Session, year: int) -> Sequence[Mapping[str, Any]]:
    amounts = monthly_amounts(session, start=date(year, 1, 1), end=date(year, 12, 31), with_sub_meters=True)
    return [
        {
            "id": str(one.entry_id),
            "source": str(one.source_id),
            "month": f"{one.month:%Y-%m}",
            "amount": one.amount,
            "unit": one.unit,
            "evidence": one.evidence,
            "grade": one.grade.value,
            "is_within": one.within is not None,
        }
        for one in amounts
    ]


def _verification(work: CompanyInventory, findings: Sequence[InventoryFinding]) -> Mapping[str, Any]:
    return {
        "prepared_by": work.prepared_by,
        "verified_by": work.verified_by,
        "verified_at": work.verified_at.isoformat() if work.verified_at else None,
        "figures_sha256": work.verified_sha256,
        "checks": list(work.checks),
        "findings": [
            {
                "check": one.check,
                "text": one.text,
                "entry": str(one.entry_id) if one.entry_id else None,
                "resolution": one.resolution,
            }
            for one in findings
        ],
    }


def _restatement(work: CompanyInventory, former: InventorySnapshot | None) -> Mapping[str, Any] | None:
    if former is None or work.reopened_cause is None:
        return None
    return {
        "former_number": former.number,
        "former_sha256": former.sha256,
        "former_t_co2": total_in(former.content),
        "cause": work.reopened_cause.value,
        "reason": work.reopened_because,
    }


def total_in(content: Mapping[str, Any]) -> float:
    """Return Scope 1 and Scope 2 by location of a closing's JSON, t CO2."""
    lines = content["inventory"]["lines"]
    return float(sum(one["t_co2"] for one in lines if one["scope"] in {"scope_1", "scope_2"} and one["view"] != "market"))


def site_names(content: Mapping[str, Any]) -> Mapping[uuid.UUID, tuple[str, str]]:
    """Return the sites' Chinese and English names by id."""
    return {uuid.UUID(one["id"]): (one["name_zh"], one["name_en"]) for one in content["sites"]}
