"""A supplier's own footprint as a file for its other customers, in the shape of the PACT data model 3.0.

Only fields that are known are there. The file says that nobody has verified the figure, and that toll work is counted from gate to
gate: a customer adds the material that was brought.
"""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any, Final

from lca_models.model import Model
from service.errors import N_
from service.feedback.own_footprint import OwnFootprint

SPEC_VERSION: Final = "3.0.4"
_DIGITS: Final = 6
"""Significant digits of a figure in the file."""
_NAMESPACE: Final = uuid.UUID("6c1c2f2e-7a55-5d0f-9a35-0d8f6a4e21b7")
"""Makes ids that are the same each time the file is made."""
_UNITS: Final[Mapping[str, str]] = {"kg": "kilogram", "Nm3": "cubic meter"}
_NOT_VERIFIED: Final = (
    "Not third-party verified. Calculated by AnodePrint from the supplier's own accepted answers; what was not answered takes the "
    "default of the model {model}. Electricity: {view} (life-cycle factor{status}). P5 to P95: {low} to {high} kg CO2e. {boundary}"
)
SCREENING: Final = N_("derived for screening, not official")
_SAMPLE: Final = "SAMPLE DATA, not of a real company. "


@dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """Whose product it is.

    Attributes
    ----------
    product_name
        What the supplier supplies, in English.

    """

    organisation_id: uuid.UUID
    name: str
    product_name: str
    province_code: str
    is_sample: bool


def pact_footprint(own: OwnFootprint, model: Model, *, owner: Owner, accepted_at: datetime) -> dict[str, Any]:
    """Return the product footprint as JSON-ready values; figures are decimal strings."""
    answers = own.answers
    return {
        "id": str(uuid.uuid5(_NAMESPACE, f"{answers.submission_id} {own.found.model_version} {_figure(own.found.total_kg_co2e)}")),
        "specVersion": SPEC_VERSION,
        "created": _instant(accepted_at),
        "status": "Active",
        "companyName": owner.name,
        "companyIds": [f"urn:uuid:{owner.organisation_id}"],
        "productDescription": (_SAMPLE if owner.is_sample else "") + f"{owner.product_name}. {own.own.boundary}",
        "productIds": [f"urn:uuid:{uuid.uuid5(_NAMESPACE, f'{owner.organisation_id} {own.found.product}')}"],
        "productNameCompany": owner.product_name,
        "comment": _comment(own, owner),
        "pcf": _carbon_footprint(own, model, owner),
    }


def canonical(document: Mapping[str, Any]) -> bytes:
    """Return the file: UTF-8, readable, the same bytes each time."""
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _comment(own: OwnFootprint, owner: Owner) -> str:
    words = _NOT_VERIFIED.format(
        model=own.found.model_version,
        view=own.found.electricity.name_en,
        status=f", {SCREENING}" if own.found.electricity.status == "screening" else "",
        low=_figure(own.low_kg_co2e),
        high=_figure(own.high_kg_co2e),
        boundary=own.own.boundary,
    )
    return (_SAMPLE if owner.is_sample else "") + words


def _carbon_footprint(own: OwnFootprint, model: Model, owner: Owner) -> dict[str, Any]:
    found, answers = own.found, own.answers
    total = _figure(found.total_kg_co2e)
    place = {"geographyCountrySubdivision": owner.province_code} if owner.province_code else {"geographyCountry": "CN"}
    quality = found.quality
    return {
        "declaredUnitOfMeasurement": _UNITS[found.unit],
        "declaredUnitAmount": "1",
        "productMassPerDeclaredUnit": _figure(own.own.mass_kg),
        "referencePeriodStart": _midnight(answers.period_start),
        "referencePeriodEnd": _midnight(answers.period_end + timedelta(days=1)),
        **place,
        "boundaryProcessesDescription": own.own.boundary,
        "pcfExcludingBiogenicUptake": total,
        "pcfIncludingBiogenicUptake": total,
        "fossilGhgEmissions": total,
        "fossilCarbonContent": _figure(model.carbon_contents.get(found.product, 0.0) * own.own.mass_kg),
        "packagingEmissionsIncluded": False,
        "ipccCharacterizationFactors": ["AR6"],
        "crossSectoralStandards": ["ISO14067"],
        "exemptedEmissionsPercent": "0",
        "exemptedEmissionsDescription": "",
        "secondaryEmissionFactorSources": [{"name": f"AnodePrint model {model.version}", "version": found.model_version}],
        "primaryDataShare": _figure(100.0 * found.primary_data_share),
        "dqi": {
            "technologicalDQR": _figure(quality.technology),
            "geographicalDQR": _figure(quality.geography),
            "temporalDQR": _figure(quality.time),
        },
    }


def _figure(value: float) -> str:
    """Return a decimal string without exponent, at most six significant digits."""
    return format(Decimal(f"{value:.{_DIGITS}g}").normalize(), "f")


def _midnight(day: date) -> str:
    """Return the start of a day in China, in universal time."""
    return _instant(datetime.combine(day, time.min, tzinfo=timezone(timedelta(hours=8))))


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
