"""Rules on members of a PACT v3 footprint that ask for or forbid each other."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from service.conformance.findings import pointer
from service.conformance.footprint import Checked, Findings, error, warning
from service.errors import N_

PACT_3: Final = "PACT-3.0"
NEWEST_FACTORS: Final = "AR6"
_ALWAYS_IN_PACT_3: Final = ("primaryDataShare", "packagingEmissionsIncluded", "ccsTechnologicalCO2CaptureIncluded")
_OF_CAPTURE: Final = ("ccsTechnologicalCO2Capture", "technologicalCO2CaptureOrigin")


def packaging(checked: Checked) -> Findings:
    """R6: emissions of packaging stand there if they are included, and only then."""
    included, place = checked.pcf.get("packagingEmissionsIncluded"), pointer("pcf", "packagingGhgEmissions")
    value = checked.pcf.get("packagingGhgEmissions")
    if included is False and value is not None:
        template = N_("Packaging is said to be left out, but its emissions are given. Correct one of them.")
        yield error("PCF-R6", place, value, template)
    if included is True and value is None:
        template = N_("Packaging is said to be included, but its emissions are not given. Add them.")
        yield warning("PCF-R6", place, None, template)


def capture(checked: Checked) -> Findings:
    """R7: captured CO2 stands there with its origin if it is counted, and only then; a credit names its certificate."""
    included = checked.pcf.get("ccsTechnologicalCO2CaptureIncluded")
    for name in _OF_CAPTURE:
        value = checked.pcf.get(name)
        if included is False and value is not None and not _is_of_use(checked, name):
            template = N_("Capture and storage of CO2 is said to be left out, but this is given. Correct one of them.")
            yield error("PCF-R7", pointer("pcf", name), value, template)
        if included is True and value is None:
            template = N_("Capture and storage of CO2 is counted, so this must be given. Add it.")
            yield error("PCF-R7", pointer("pcf", name), None, template)
    if checked.pcf.get("ccuCalculationApproach") == "Credit" and "ccuCreditCertification" not in checked.pcf:
        template = N_("A credit for used CO2 needs the address of its certificate. Add it, or calculate by cut-off.")
        yield error("PCF-R7", pointer("pcf", "ccuCreditCertification"), None, template)


def _is_of_use(checked: Checked, name: str) -> bool:
    """Tell whether a member belongs to used CO2 as well as to stored CO2."""
    used = "ccuCarbonContent" in checked.pcf or "ccuCalculationApproach" in checked.pcf
    return used and name == "technologicalCO2CaptureOrigin"


def sources(checked: Checked) -> Findings:
    """R10: secondary sources are named where not all data are primary, and only there."""
    share, place = checked.amount("primaryDataShare"), pointer("pcf", "secondaryEmissionFactorSources")
    has_sources = "secondaryEmissionFactorSources" in checked.pcf
    if share is not None and share < 100 and not has_sources:  # noqa: PLR2004 - per cent
        template = N_(
            "Only %(share)s %% of the data are primary, but no source of the others is named. Name databases and versions."
        )
        yield warning("PCF-R10", place, None, template, share=share)
    if share == 100 and has_sources:  # noqa: PLR2004 - per cent
        template = N_("All data are said to be primary, but secondary sources are named. Correct one of them.")
        yield warning("PCF-R10", place, checked.pcf["secondaryEmissionFactorSources"], template)


def method(checked: Checked) -> Findings:
    """R11: who follows PACT v3 states what it demands beyond the schema, and uses the newest factors of the IPCC."""
    if PACT_3 not in checked.texts("crossSectoralStandards"):
        return
    for name in _ALWAYS_IN_PACT_3:
        if name not in checked.pcf:
            template = N_("The footprint claims to follow PACT-3.0, which demands this. Add it, or leave the claim out.")
            yield error("PCF-R11", pointer("pcf", name), None, template)
    factors = checked.texts("ipccCharacterizationFactors")
    if factors and NEWEST_FACTORS not in factors:
        template = N_("PACT-3.0 asks for the factors of AR6; here stands %(factors)s. Calculate with AR6, or leave the claim out.")
        yield error("PCF-R11", pointer("pcf", "ipccCharacterizationFactors"), None, template, factors=", ".join(factors)[:40])


def nulls(checked: Checked) -> Findings:
    """R15: nothing of ours is null; what is not known is left out."""
    if checked.own:
        for place in _nulls(checked.raw, ""):
            yield error("PCF-R15", place, None, N_("This is null. Leave out what is not known."))


def _nulls(value: object, place: str) -> Iterator[str]:
    if value is None:
        yield place
    members: Iterator[tuple[str | int, Any]] = iter(())
    if isinstance(value, Mapping):
        members = iter(value.items())
    elif isinstance(value, list):
        members = iter(enumerate(value))
    for name, one in members:
        yield from _nulls(one, place + pointer(name))
