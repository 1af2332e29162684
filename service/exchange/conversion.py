"""From PACT v2.3 to v3: partners' older documents in the shape that everything here reads.

v2 states emissions, carbon contents and mass per one unit, v3 per declared amount of units, so every one of them is multiplied by
`unitaryProductAmount` (PACT ADR-36): 80 kg at 2.5 kg CO2e/kg are 200.0 kg CO2e. What v3 has no place for is kept in the original,
which is stored beside the converted document.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from service.conformance.amounts import amount_of
from service.conformance.reading import without_nulls
from service.errors import N_, ServiceError
from service.product_footprints.documents import SPEC_VERSION

Json = dict[str, Any]

_KEPT: Final = (
    "id",
    "precedingPfIds",
    "created",
    "status",
    "validityPeriodStart",
    "validityPeriodEnd",
    "companyName",
    "companyIds",
    "productDescription",
    "productIds",
    "productNameCompany",
    "extensions",
)
_PCF_KEPT: Final = (
    "referencePeriodStart",
    "referencePeriodEnd",
    "geographyRegionOrSubregion",
    "geographyCountry",
    "geographyCountrySubdivision",
    "boundaryProcessesDescription",
    "packagingEmissionsIncluded",
    "productOrSectorSpecificRules",
    "exemptedEmissionsDescription",
    "allocationRulesDescription",
    "secondaryEmissionFactorSources",
)
_PER_UNIT: Final = {
    "pCfExcludingBiogenic": "pcfExcludingBiogenicUptake",
    "pCfIncludingBiogenic": "pcfIncludingBiogenicUptake",
    "fossilGhgEmissions": "fossilGhgEmissions",
    "fossilCarbonContent": "fossilCarbonContent",
    "biogenicCarbonContent": "biogenicCarbonContent",
    "dLucGhgEmissions": "landUseChangeGhgEmissions",
    "otherBiogenicGhgEmissions": "biogenicNonCO2Emissions",
    "biogenicCarbonWithdrawal": "biogenicCO2Uptake",
    "aircraftGhgEmissions": "aircraftGhgEmissions",
    "packagingGhgEmissions": "packagingGhgEmissions",
    "productMassPerDeclaredUnit": "productMassPerDeclaredUnit",
}
"""Fields per one unit, and what they are called in v3."""
_LAND_MANAGEMENT: Final = "landManagementGhgEmissions"
_STANDARDS: Final = {
    "GHG Protocol Product standard": "GHGP-Product",
    "ISO Standard 14067": "ISO14067",
    "ISO Standard 14044": "ISO14040-44",
}
_METHODOLOGY: Final = "PACT-2.0"
_CPC: Final = "urn:pact:productclassification:un-cpc:"


class ConversionError(ServiceError):
    """A v2 document that lacks what a conversion needs."""

    code = "footprint-not-convertible"
    status = 422


def is_version_2(document: Mapping[str, Any]) -> bool:
    """Tell whether a document says that it follows version 2 of the specification."""
    return str(document.get("specVersion", "")).startswith("2.")


def convert_to_version_3(original: Mapping[str, Any]) -> Json:
    """Return a v2.3 document as v3; the original stays as it is.

    The data quality ratings of v2 (1 to 3) can't be told in those of v3 (1 to 5) and are left out; what was not stated stays
    unstated, except the mass of a kilogram.

    Raises
    ------
    ConversionError
        It has no footprint, or a number in it can't be read.

    """
    document = without_nulls(original)
    pcf = document.get("pcf")
    if not isinstance(pcf, dict):
        raise ConversionError(N_("The document holds no footprint: its member “pcf” is missing."))
    made: Json = {name: document[name] for name in _KEPT if name in document}
    made["specVersion"] = SPEC_VERSION
    made["productClassifications"] = _classifications(document)
    made["comment"] = _comment(document, pcf)
    made["pcf"] = _pcf(pcf)
    return {name: value for name, value in made.items() if value not in (None, "", [])}


def _pcf(pcf: Mapping[str, Any]) -> Json:
    amount = _amount(pcf, "unitaryProductAmount")
    if amount is None:
        raise ConversionError(
            N_("“%(field)s” is missing; without it nobody knows what the figures are per."), field="unitaryProductAmount"
        )
    made: Json = {"declaredUnitOfMeasurement": pcf.get("declaredUnit"), "declaredUnitAmount": _plain(amount)}
    made |= {name: pcf[name] for name in _PCF_KEPT if name in pcf}
    made |= _scaled(pcf, amount)
    made["ipccCharacterizationFactors"] = pcf.get("ipccCharacterizationFactorsSources") or _listed(
        pcf.get("characterizationFactors")
    )
    made["crossSectoralStandards"] = _standards(pcf)
    made["exemptedEmissionsPercent"] = _percentage(pcf.get("exemptedEmissionsPercent"))
    made["primaryDataShare"] = _percentage(pcf.get("primaryDataShare"))
    made["verification"] = _verification(pcf.get("assurance"))
    return {name: value for name, value in made.items() if value not in (None, "", [], {})}


def _scaled(pcf: Mapping[str, Any], amount: Decimal) -> Json:
    found = {new: value * amount for old, new in _PER_UNIT.items() if (value := _amount(pcf, old)) is not None}
    if pcf.get("declaredUnit") == "kilogram":
        found.setdefault("productMassPerDeclaredUnit", amount)
    uptake = found.get("biogenicCO2Uptake")
    if uptake is not None and "pcfExcludingBiogenicUptake" in found:
        found.setdefault("pcfIncludingBiogenicUptake", found["pcfExcludingBiogenicUptake"] + uptake)
    managed = _amount(pcf, _LAND_MANAGEMENT)
    if managed is not None:  # v2 states one net figure, v3 emissions and removals apart
        found["landManagementBiogenicCO2Removals" if managed < 0 else "landManagementBiogenicCO2Emissions"] = managed * amount
    return {name: _plain(value) for name, value in found.items()}


def _amount(pcf: Mapping[str, Any], name: str) -> Decimal | None:
    if name not in pcf:
        return None
    stated = pcf[name]
    text = str(stated) if isinstance(stated, int | float | Decimal) and not isinstance(stated, bool) else stated
    found = amount_of(text)
    if found is None:
        raise ConversionError(N_("“%(field)s” holds %(value)s, which is no number."), field=name, value=str(stated)[:60])
    return found


def _plain(value: Decimal) -> str:
    return f"{value:f}"


def _percentage(stated: object) -> str | None:
    found = amount_of(str(stated)) if stated is not None else None
    return None if found is None else _plain(found)


def _listed(stated: object) -> list[Any]:
    return [] if stated is None else [stated]


def _standards(pcf: Mapping[str, Any]) -> list[str]:
    used = pcf.get("crossSectoralStandardsUsed")
    named = pcf.get("crossSectoralStandards")
    found = [_STANDARDS.get(str(one), str(one)) for one in (used if isinstance(used, list) else [])]
    found += [str(one) for one in (named if isinstance(named, list) else [])]
    if not any(one.startswith("PACT-") for one in found):
        found.append(_METHODOLOGY)
    return list(dict.fromkeys(found))


def _classifications(document: Mapping[str, Any]) -> list[Any]:
    stated = document.get("productClassifications")
    found = list(stated) if isinstance(stated, list) else []
    code = document.get("productCategoryCpc")
    urn = f"{_CPC}{code}"
    return found if not isinstance(code, str) or not code or urn in found else [*found, urn]


def _comment(document: Mapping[str, Any], pcf: Mapping[str, Any]) -> str:
    stated = document.get("comment")
    indirect = pcf.get("iLucGhgEmissions")
    noted = f"iLucGhgEmissions (PACT v2, per unit, in no sum): {indirect}" if indirect is not None else ""
    return "; ".join(part for part in (str(stated or ""), noted) if part)


def _verification(assurance: object) -> Json | None:
    """Return what v3 can say of an assurance; its coverage, level and boundary have no place of their own there."""
    if not isinstance(assurance, dict) or assurance.get("assurance") is not True:
        return None
    kept = {name: assurance[name] for name in ("providerName", "completedAt", "standardName") if name in assurance}
    others = [f"{name}: {assurance[name]}" for name in ("coverage", "level", "boundary") if name in assurance]
    words = "; ".join([*others, *([str(assurance["comments"])] if "comments" in assurance else [])])
    return {**kept, **({"comments": words} if words else {})}
