"""A declared footprint as Catena-X PCF 9.0.0 and 10.0.0 (mapping in docs/exports.md, what gets lost in docs/decisions/0025)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from service.errors import N_
from service.exports.errors import ExportRefusedError
from service.exports.facts import DeclaredFacts
from service.product_footprints.texts import both

TITLE_10: Final = "Catena-X PCF 10.0.0"
TITLE_9: Final = "Catena-X PCF 9.0.0"
SPEC: Final = "urn:io.catenax.pcf:datamodel:version:"
REGION_OF: Final[Mapping[str, str]] = {"CN": "Eastern Asia"}
"""Region of UN M49 by country; plants of the maker are in China."""
STANDARD_OF: Final[Mapping[str, str]] = {
    "ISO14067": "ISO 14067",
    "ISO14040-44": "ISO 14040-44",
    "GHGP-Product": "GHG Protocol Product",
    "PAS2050": "PAS 2050",
    "PEF": "PEF",
    "PACT-1.0": "PACT-1.0",
    "PACT-2.0": "PACT-2.0",
    "PACT-3.0": "PACT-3.0",
}
MOST_EXEMPTED: Final = 10
"""Per cent that the format takes."""
OF_CAPTURE: Final = ("ccsTechnologicalCO2Capture", "technologicalCO2Removals", "ccuCarbonContent")
LEGAL: Final = N_("The figure contains no offsets and no credits for avoided emissions.")
COMPARISON: Final = N_("Compare it only with figures made by the same rules, boundary and electricity view.")
_PRODUCTION: Final = (
    "pcfIncludingBiogenicUptake",
    "pcfExcludingBiogenicUptake",
    "biogenicNonCO2Emissions",
    "biogenicCO2Uptake",
    "landUseChangeGhgEmissions",
    "landManagementBiogenicCO2Emissions",
    "landManagementBiogenicCO2Removals",
    "aircraftGhgEmissions",
)
_RATINGS: Final = ("technologicalDQR", "temporalDQR", "geographicalDQR")

Json = dict[str, Any]


def catena_x_10(facts: DeclaredFacts) -> Json:
    """Return the footprint as Catena-X PCF 10.0.0.

    Raises
    ------
    ExportRefusedError
        If the format has no place for something that counts, or asks for what is not known.

    """
    _check(facts, TITLE_10)
    return {
        **_common(facts, "10.0.0", TITLE_10),
        "pcfAssessmentAndMethodology": [
            {
                "pcfAssessmentInformation": [_assessment_10(facts, TITLE_10)],
                "pcfMethodology": [_methodology_10(facts, TITLE_10)],
                "dataSourcesAndQuality": [_quality(facts)],
            }
        ],
    }


def catena_x_9(facts: DeclaredFacts) -> Json:
    """Return the footprint as Catena-X PCF 9.0.0; errors as `catena_x_10`.

    It has no usable place for what this one replaces (its list holds objects without members): that stands in the comment.
    """
    _check(facts, TITLE_9)
    assessment = _assessment_10(facts, TITLE_9)
    (identity,) = assessment["idAndVersion"]
    identity.pop("precedingPfIds", None)
    methodology = _methodology_10(facts, TITLE_9)
    (standards,) = methodology["standards"]
    standards["crossSectoralStandards"] = [_standard(one, TITLE_9) for one in facts.pcf["crossSectoralStandards"]]
    methodology["massBalancingInformation"] = [
        {
            "massBalancingUsed": False,
            "freeAttributionInMassBalancing": "not applicable",
            "massBalancingCertificateScheme": "not applicable",
        }
    ]
    return {
        **_common(facts, "9.0.0", TITLE_9),
        "pcfAssessmentAndMethodology": [
            {
                "pcfAssessmentInformation": [assessment],
                "pcfMethodology": [methodology],
                "dataSourcesAndQuality": [_quality(facts)],
            }
        ],
    }


def _check(facts: DeclaredFacts, title: str) -> None:
    pcf = facts.pcf
    if facts.bpnl is None:
        raise ExportRefusedError(
            format=title,
            field="companyIds",
            reason=N_("The company's business partner number (BPNL) is not known. Set ANODEPRINT_COMPANY_BPNL."),
        )
    if pcf.get("ccsTechnologicalCO2CaptureIncluded") or any(name in pcf for name in OF_CAPTURE):
        raise ExportRefusedError(
            format=title,
            field="ccsTechnologicalCO2Capture",
            reason=N_("The footprint counts captured CO2, for whose amount the format has no place. Hand over the PACT file."),
        )
    if Decimal(pcf["exemptedEmissionsPercent"]) > MOST_EXEMPTED:
        raise ExportRefusedError(
            format=title,
            field="exemptedEmissionsPercent",
            reason=N_("More than %(limit)s %% of the footprint are left out, which the format does not take."),
            limit=MOST_EXEMPTED,
        )


def _common(facts: DeclaredFacts, version: str, title: str) -> Json:
    found = {
        "scopeOfPcfForm": [{"specVersion": f"{SPEC}{version}", "partialFullPcf": "Cradle-to-gate"}],
        "companyAndProductInformation": [{"companyInformation": [_company(facts)], "productInformation": [_product(facts)]}],
        "general": [{"comment": _comment(facts), "pcfLegalStatement": f"{both(LEGAL)}\n{both(COMPARISON)}"}],
        "productLifeCycleStagesAndEmissions": [
            {
                "productionStage": [_production(facts, title)],
                "packagingStage": [_packaging(facts)],
                "distributionStage": [_distribution(facts)],
            }
        ],
        "carbonContent": [_carbon(facts)],
    }
    return found if facts.statement is None else {**found, "attestationOfConformance": [_attestation(facts.statement)]}


def _company(facts: DeclaredFacts) -> Json:
    others = [name for name in facts.document["companyIds"] if str(facts.bpnl).lower() not in name.lower()]
    return {"companyName": facts.document["companyName"], "companyIds": [f"urn:{facts.bpnl}", *others]}


def _product(facts: DeclaredFacts) -> Json:
    document, pcf = facts.document, facts.pcf
    return _known(
        {
            "productNameCompany": document["productNameCompany"],
            "productIds": list(document["productIds"]),
            "productDescription": document["productDescription"],
            "productClassifications": document.get("productClassifications"),
            "declaredUnitOfMeasurement": pcf["declaredUnitOfMeasurement"],
            "declaredUnitAmount": number(pcf["declaredUnitAmount"]),
            "productMassPerDeclaredUnit": number(pcf["productMassPerDeclaredUnit"]),
        }
    )


def _assessment_10(facts: DeclaredFacts, title: str) -> Json:
    document, pcf = facts.document, facts.pcf
    return {
        "idAndVersion": [
            _known(
                {
                    "id": document["id"],
                    "version": 0,
                    "status": document["status"],
                    "retroOrProspectivePcfType": "Retrospective PCF",
                    "precedingPfIds": document.get("precedingPfIds"),
                }
            )
        ],
        "boundarySpecifications": [
            _known(
                {
                    "exemptedEmissionsPercent": number(pcf["exemptedEmissionsPercent"]),
                    "exemptedEmissionsDescription": pcf.get("exemptedEmissionsDescription"),
                }
            )
        ],
        "technology": [
            _known(
                {
                    "ccsTechnologicalCO2CaptureIncluded": False,
                    "boundaryProcessesDescription": pcf.get("boundaryProcessesDescription"),
                }
            )
        ],
        "geography": [_geography(pcf, title)],
        "time": [
            _known(
                {
                    "referencePeriodStart": pcf["referencePeriodStart"],
                    "referencePeriodEnd": pcf["referencePeriodEnd"],
                    "created": document["created"],
                    "validityPeriodStart": document.get("validityPeriodStart"),
                    "validityPeriodEnd": document["validityPeriodEnd"],
                }
            )
        ],
    }


def _geography(pcf: Mapping[str, Any], title: str) -> Json:
    subdivision = pcf["geographyCountrySubdivision"]
    country = subdivision[:2]
    if country not in REGION_OF:
        raise ExportRefusedError(
            format=title,
            field="geographyRegionOrSubregion",
            reason=N_("The region of country %(country)s is not known to us. Hand over the PACT file."),
            country=country,
        )
    return {
        "geographyRegionOrSubregion": REGION_OF[country],
        "geographyCountry": country,
        "geographyCountrySubdivision": subdivision,
    }


def _methodology_10(facts: DeclaredFacts, title: str) -> Json:
    pcf = facts.pcf
    return {
        "standards": [
            {"crossSectoralStandards": _standard(pcf["crossSectoralStandards"][0], title), "productOrSectorSpecificRules": []}
        ],
        "gwpCharacterizationFactorDetails": [{"ipccCharacterizationFactors": pcf["ipccCharacterizationFactors"][0]}],
        "allocationInForeground": [
            _known(
                {
                    "allocationRulesDescription": pcf.get("allocationRulesDescription"),
                    "allocationWasteIncineration": "polluter pays principle",
                    "allocationRecycledCarbon": "cut-off",
                }
            )
        ],
        "massBalancingInformation": [{"massBalancingUsed": False}],
    }


def _standard(name: str, title: str) -> str:
    if name not in STANDARD_OF:
        raise ExportRefusedError(
            format=title,
            field="crossSectoralStandards",
            reason=N_("The standard %(name)s is not on the format's list. Hand over the PACT file."),
            name=name,
        )
    return STANDARD_OF[name]


def _quality(facts: DeclaredFacts) -> Json:
    pcf = facts.pcf
    sources = [f"{one['name']} {one['version']}" for one in pcf.get("secondaryEmissionFactorSources", ())]
    return _known(
        {
            "secondaryEmissionFactorSources": sources or None,
            "primaryDataShare": _number(pcf.get("primaryDataShare")),
            **{name: _number(pcf.get("dqi", {}).get(name)) for name in _RATINGS},
        }
    )


def _production(facts: DeclaredFacts, title: str) -> Json:
    """Return the positions of the format: aircraft (H) stands beside fossil (A) there, in PACT inside it."""
    pcf = facts.pcf
    if Decimal(pcf["pcfExcludingBiogenicUptake"]) < 0:
        raise ExportRefusedError(
            format=title, field="pcfExcludingBiogenicUptake", reason=N_("The total is negative, which the format does not take.")
        )
    fossil = Decimal(pcf["fossilGhgEmissions"]) - Decimal(pcf.get("aircraftGhgEmissions", "0"))
    return _known({"fossilGhgEmissions": number(fossil), **{name: _number(pcf.get(name)) for name in _PRODUCTION}})


def _packaging(facts: DeclaredFacts) -> Json:
    """Return the packaging, a part of the production stage; the carbon of its wood is not the product's."""
    pcf = facts.pcf
    return _known(
        {
            "packagingEmissionsIncluded": pcf["packagingEmissionsIncluded"],
            "packagingPcfExcludingBiogenicUptake": _number(pcf.get("packagingGhgEmissions")),
        }
    )


def _distribution(facts: DeclaredFacts) -> Json:
    delivery = _number(facts.pcf.get("outboundLogisticsGhgEmissions"))
    return _known({"distributionStageIncluded": delivery is not None, "distributionStagePcfExcludingBiogenicUptake": delivery})


def _carbon(facts: DeclaredFacts) -> Json:
    pcf = facts.pcf
    fossil, biogenic = Decimal(pcf["fossilCarbonContent"]), pcf.get("biogenicCarbonContent")
    return _known(
        {
            "carbonContentTotal": None if biogenic is None else number(fossil + Decimal(biogenic)),
            "fossilCarbonContent": number(fossil),
            "biogenicCarbonContent": _number(biogenic),
            "recycledCarbonContent": _number(pcf.get("recycledCarbonContent")),
        }
    )


def _attestation(statement: Mapping[str, Any]) -> Json:
    return {
        "attestationType": "PCF 3rd party verification",
        "standardName": statement["criteria"],
        "attestationStandard": statement["standard"],
        "attestationOfConformanceId": statement["id"],
        "providerName": statement["body_name"],
        "completedAt": f"{statement['completed_on']}T00:00:00Z",
    }


def _comment(facts: DeclaredFacts) -> str:
    """Return the comment with what the format has no member for: further standards, and in 9.0.0 what is replaced."""
    standards = f"Standards: {', '.join(facts.pcf['crossSectoralStandards'])}"
    replaced = facts.document.get("precedingPfIds")
    lines = [facts.document.get("comment"), standards, f"Replaces: {', '.join(replaced)}" if replaced else None]
    return "\n".join(line for line in lines if line)


def number(value: str | Decimal) -> float | int:
    """Return a decimal as the JSON number that is written with the same digits: a footprint has fewer than fifteen."""
    exact = Decimal(value)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def _number(value: str | None) -> float | int | None:
    return None if value is None else number(value)


def _known(fields: Mapping[str, Any]) -> Json:
    return {name: value for name, value in fields.items() if value is not None}
