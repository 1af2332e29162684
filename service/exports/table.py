"""Declared footprints as CSV: one line each, the columns of docs/exports.md, no text that a spreadsheet takes for a formula."""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final

from service.exports.facts import DeclaredFacts

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
"""What a spreadsheet takes for the beginning of a formula (OWASP, CSV injection)."""
OF_DOCUMENT: Final = (
    *("id", "specVersion", "status", "created", "validityPeriodStart", "validityPeriodEnd", "companyName", "companyIds"),
    *("productNameCompany", "productDescription", "productIds", "productClassifications", "precedingPfIds", "comment"),
)
OF_PCF: Final = (
    *(
        "declaredUnitOfMeasurement",
        "declaredUnitAmount",
        "productMassPerDeclaredUnit",
        "referencePeriodStart",
        "referencePeriodEnd",
    ),
    *("geographyCountrySubdivision", "pcfExcludingBiogenicUptake", "pcfIncludingBiogenicUptake", "fossilGhgEmissions"),
    *("landUseChangeGhgEmissions", "biogenicNonCO2Emissions", "biogenicCO2Uptake", "aircraftGhgEmissions"),
    *("fossilCarbonContent", "biogenicCarbonContent", "recycledCarbonContent"),
    *("packagingEmissionsIncluded", "packagingGhgEmissions", "packagingBiogenicCarbonContent"),
    *("ccsTechnologicalCO2CaptureIncluded", "ipccCharacterizationFactors", "crossSectoralStandards"),
    *("exemptedEmissionsPercent", "exemptedEmissionsDescription", "primaryDataShare"),
)
OF_DQI: Final = ("technologicalDQR", "geographicalDQR", "temporalDQR")
OF_SPLIT: Final = ("stage1RawMaterial", "stage2MainProduction", "stagesTotal")
COLUMNS: Final = (*OF_DOCUMENT, *OF_PCF, *OF_DQI, *OF_SPLIT, "verificationProvider", "verificationCompletedAt", "isSample")
SEPARATOR: Final = " | "


def csv_table(footprints: Iterable[DeclaredFacts]) -> bytes:
    """Return a CSV file in UTF-8 with the mark by which Excel knows it; what is not known is an empty cell."""
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(_cell(value)) for value in _row(one)] for one in footprints)
    return stream.getvalue().encode("utf-8-sig")


def harmless(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; a plain negative number is none."""
    is_number = text.removeprefix("-").replace(".", "", 1).isdigit()
    return f"'{text}" if text.startswith(FORMULA_STARTS) and not is_number else text


def _row(facts: DeclaredFacts) -> list[object]:
    pcf, split = facts.pcf, facts.life_cycle
    verification: Mapping[str, Any] = pcf.get("verification", {})
    dqi: Mapping[str, Any] = pcf.get("dqi", {})
    return [
        *(facts.document.get(name) for name in OF_DOCUMENT),
        *(pcf.get(name) for name in OF_PCF),
        *(dqi.get(name) for name in OF_DQI),
        *((None, None, None) if split is None else (split.raw_material, split.main_production, split.total)),
        verification.get("providerName"),
        verification.get("completedAt"),
        facts.is_sample,
    ]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return SEPARATOR.join(map(str, value)) if isinstance(value, list | tuple) else str(value)
