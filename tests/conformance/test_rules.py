"""Each rule finds what only it can find; the golden footprint passes all of them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.conformance.findings import Format, Severity
from service.conformance.footprint import KnownFootprint
from service.conformance.number_rules import DECIMALS
from service.conformance.reading import without_nulls
from service.conformance.rules import check_pact3
from service.conformance.shapes import shape_findings
from tests.conformance.documents import changed, golden, spoiled

DOMAIN: Final = "anode.example"
OLD: Final = "11111111-2222-4333-8444-555555555555"

# rule, what is changed, where it is found, severity in our own output, severity in a partner's
MUTATIONS: Final[tuple[tuple[str, Mapping[str, object], str, str, str | None], ...]] = (
    ("PCF-R1", {"/pcf/aircraftGhgEmissions": "1e-3"}, "/pcf/aircraftGhgEmissions", "error", "warning"),
    ("PCF-R1", {"/pcf/fossilGhgEmissions": "+9.80"}, "/pcf/fossilGhgEmissions", "error", "warning"),
    ("PCF-R1", {"/pcf/dqi/temporalDQR": "1.4 "}, "/pcf/dqi/temporalDQR", "error", "warning"),
    ("PCF-R1", {"/pcf/packagingGhgEmissions": "NaN"}, "/pcf/packagingGhgEmissions", "error", "warning"),
    ("PCF-R1", {"/pcf/landAreaOccupation": "1,000"}, "/pcf/landAreaOccupation", "error", "warning"),
    ("PCF-R2", {"/pcf/landManagementFossilGhgEmissions": "-0.1"}, "/pcf/landManagementFossilGhgEmissions", "error", "error"),
    ("PCF-R2", {"/pcf/packagingGhgEmissions": "-0.05"}, "/pcf/packagingGhgEmissions", "error", "error"),
    ("PCF-R2", {"/pcf/declaredUnitAmount": "2"}, "/pcf/productMassPerDeclaredUnit", "error", "error"),
    (
        "PCF-R2",
        {"/pcf/declaredUnitAmount": "0", "/pcf/declaredUnitOfMeasurement": "hour"},
        "/pcf/declaredUnitAmount",
        "error",
        "error",
    ),
    (
        "PCF-R2",
        {"/pcf/productMassPerDeclaredUnit": "0", "/pcf/declaredUnitOfMeasurement": "piece"},
        "/pcf/productMassPerDeclaredUnit",
        "error",
        "error",
    ),
    ("PCF-R3", {"/pcf/fossilGhgEmissions": "9.70"}, "/pcf/pcfExcludingBiogenicUptake", "error", "warning"),
    ("PCF-R3", {"/pcf/biogenicCO2Uptake": "-0.01"}, "/pcf/pcfIncludingBiogenicUptake", "error", "warning"),
    ("PCF-R4", {"/pcf/geographyCountry": "CN"}, "/pcf/geographyCountry", "error", "error"),
    ("PCF-R4", {"/pcf/geographyCountrySubdivision": "XX-SC"}, "/pcf/geographyCountrySubdivision", "error", "error"),
    ("PCF-R5", {"/validityPeriodStart": "2025-12-31T00:00:00Z"}, "/validityPeriodStart", "error", "error"),
    ("PCF-R5", {"/validityPeriodEnd": "2029-01-01T00:00:01Z"}, "/validityPeriodEnd", "error", "error"),
    ("PCF-R5", {"/validityPeriodEnd": "2026-01-01T00:00:00Z"}, "/validityPeriodEnd", "error", "error"),
    ("PCF-R5", {"/pcf/referencePeriodStart": "2026-01-01T00:00:00Z"}, "/pcf/referencePeriodEnd", "error", "error"),
    ("PCF-R5", {"/pcf/referencePeriodStart": "2025-07-01T00:00:00Z"}, "/pcf/referencePeriodEnd", "warning", "warning"),
    ("PCF-R6", {"/pcf/packagingEmissionsIncluded": False}, "/pcf/packagingGhgEmissions", "error", "error"),
    ("PCF-R6", {"/pcf/packagingGhgEmissions": ...}, "/pcf/packagingGhgEmissions", "warning", "warning"),
    ("PCF-R7", {"/pcf/technologicalCO2CaptureOrigin": "well 7"}, "/pcf/technologicalCO2CaptureOrigin", "error", "error"),
    ("PCF-R7", {"/pcf/ccuCalculationApproach": "Credit"}, "/pcf/ccuCreditCertification", "error", "error"),
    (
        "PCF-R8",
        {"/pcf/primaryDataShare": "146.2", "/pcf/secondaryEmissionFactorSources": ...},
        "/pcf/primaryDataShare",
        "error",
        "error",
    ),
    ("PCF-R8", {"/pcf/dqi/temporalDQR": "0.9"}, "/pcf/dqi/temporalDQR", "error", "error"),
    ("PCF-R8", {"/pcf/exemptedEmissionsPercent": "3.1"}, "/pcf/exemptedEmissionsPercent", "warning", "warning"),
    ("PCF-R8", {"/pcf/exemptedEmissionsDescription": ""}, "/pcf/exemptedEmissionsDescription", "warning", "warning"),
    ("PCF-R9", {"/pcf/biogenicCarbonContent": "0.006"}, "/pcf/fossilCarbonContent", "error", "error"),
    ("PCF-R9", {"/pcf/recycledCarbonContent": "0.996"}, "/pcf/recycledCarbonContent", "error", "error"),
    ("PCF-R9", {"/pcf/fossilCarbonContent": "0.9"}, "/pcf/fossilCarbonContent", "warning", "warning"),
    ("PCF-R10", {"/pcf/secondaryEmissionFactorSources": ...}, "/pcf/secondaryEmissionFactorSources", "warning", "warning"),
    ("PCF-R10", {"/pcf/primaryDataShare": "100"}, "/pcf/secondaryEmissionFactorSources", "warning", "warning"),
    ("PCF-R11", {"/pcf/ccsTechnologicalCO2CaptureIncluded": ...}, "/pcf/ccsTechnologicalCO2CaptureIncluded", "error", "error"),
    ("PCF-R11", {"/pcf/primaryDataShare": ...}, "/pcf/primaryDataShare", "error", "error"),
    ("PCF-R11", {"/pcf/ipccCharacterizationFactors": ["AR5"]}, "/pcf/ipccCharacterizationFactors", "error", "error"),
    ("PCF-R12", {"/productClassifications": ["urn:x:1"]}, "/productClassifications/0", "error", "error"),
    (
        "PCF-R12",
        {"/productIds": ["urn:pact:anode.example:supplier-id:AG", "URN:PACT:anode.example:supplier-id:ag"]},
        "/productIds/1",
        "error",
        "error",
    ),
    ("PCF-R12", {"/companyIds": ["urn:pact:other.example:company-id:001"]}, "/companyIds", "error", None),
    ("PCF-R13", {"/precedingPfIds": ["6f0c1c52-6d0b-4b1a-9a51-1f7d6a0e2b10"]}, "/precedingPfIds/0", "error", "error"),
    ("PCF-R14", {"/created": "2026-11-20T08:00:00"}, "/created", "error", "error"),
    ("PCF-R14", {"/created": "2026-11-20T16:00:00+08:00"}, "/created", "error", None),
    ("PCF-R14", {"/created": "2026-11-20T08:00:00.5Z"}, "/created", "error", None),
    ("PCF-R14", {"/created": "20 Nov 2026, in the morning"}, "/created", "error", "error"),
    ("PCF-R15", {"/comment": None}, "/comment", "error", None),
    ("PCF-R15", {"/pcf/verification": {"comments": None}}, "/pcf/verification/comments", "error", None),
)


def test_the_golden_footprint_passes_schema_and_rules() -> None:
    assert not list(shape_findings(golden(), Format.PACT3))
    assert check_pact3(golden(), own=True, domain=DOMAIN, known={}) == ()
    assert check_pact3(golden(), own=False) == ()


@pytest.mark.parametrize(("rule", "changes", "place", "own", "received"), MUTATIONS)
def test_a_mutation_is_found_by_its_rule_alone(
    rule: str, changes: Mapping[str, object], place: str, own: str, received: str | None
) -> None:
    document = spoiled(changes)

    assert not list(shape_findings(without_nulls(document), Format.PACT3)), "the schema lets it pass"
    ours = check_pact3(document, own=True, domain=DOMAIN)
    assert [(one.rule, one.pointer, one.severity.value) for one in ours] == [(rule, place, own)]
    theirs = check_pact3(document, own=False)
    assert [(one.rule, one.pointer, one.severity.value) for one in theirs] == ([(rule, place, received)] if received else [])


def test_every_rule_has_two_mutations_at_least() -> None:
    counted = [rule for rule, *_ in MUTATIONS]

    assert {f"PCF-R{number}" for number in range(1, 16) if counted.count(f"PCF-R{number}") < 2} == {
        "PCF-R13"
    }  # it has its own tests


@pytest.mark.parametrize(("rule", "changes", "place", "own", "received"), MUTATIONS)
def test_messages_say_in_both_languages_what_to_do(
    rule: str, changes: Mapping[str, object], place: str, own: str, received: str | None
) -> None:
    del rule, place, own, received
    (finding,) = check_pact3(spoiled(changes), own=True, domain=DOMAIN)
    said = finding.as_json()

    assert said["message_en"] != said["message_zh"]
    assert any("一" <= letter <= "鿿" for letter in said["message_zh"])
    assert "%(" not in said["message_en"] + said["message_zh"]


def test_geography_is_a_country_or_a_region_or_nothing_too() -> None:
    nowhere = changed(golden(), "/pcf/geographyCountrySubdivision", ...)

    assert check_pact3(nowhere, own=True) == ()
    assert check_pact3(changed(nowhere, "/pcf/geographyCountry", "CN"), own=True) == ()
    (unknown,) = check_pact3(changed(nowhere, "/pcf/geographyCountry", "ZZ"), own=True)
    assert unknown.rule == "PCF-R4"


def test_a_line_break_behind_a_country_is_found_though_the_official_pattern_lets_it_pass() -> None:
    document = changed(changed(golden(), "/pcf/geographyCountrySubdivision", ...), "/pcf/geographyCountry", "CN\n")

    assert not list(shape_findings(document, Format.PACT3))
    assert [one.rule for one in check_pact3(document, own=False)] == ["PCF-R4"]


def test_the_sum_may_differ_by_half_of_its_last_digit() -> None:
    # 9.80 + 0.01 + 0.03 = 9.84; the total is printed with one digit: 9.8 stands for 9.75 to 9.85
    document = spoiled({"/pcf/pcfExcludingBiogenicUptake": "9.8", "/pcf/pcfIncludingBiogenicUptake": "9.8"})

    assert check_pact3(document, own=True) == ()
    rough = spoiled({"/pcf/pcfExcludingBiogenicUptake": "9.7", "/pcf/pcfIncludingBiogenicUptake": "9.7"})
    assert [one.rule for one in check_pact3(rough, own=True)] == ["PCF-R3"]


def test_removals_are_added_with_their_sign_and_parts_of_parts_are_not_added_again() -> None:
    # 9.80 + 0.01 + 0.03 + 0.5 - 0.4 - 0.2 - 0.1 = 9.64; aircraft and packaging are inside the fossil line
    document = spoiled(
        {
            "/pcf/landManagementBiogenicCO2Emissions": "0.5",
            "/pcf/landManagementBiogenicCO2Removals": "-0.4",
            "/pcf/technologicalCO2Removals": "-0.2",
            "/pcf/ccsTechnologicalCO2Capture": "-0.1",
            "/pcf/technologicalCO2CaptureOrigin": "North Sea, aquifer 4",
            "/pcf/ccsTechnologicalCO2CaptureIncluded": True,
            "/pcf/aircraftGhgEmissions": "0.2",
            "/pcf/landManagementFossilGhgEmissions": "0.3",
            "/pcf/pcfExcludingBiogenicUptake": "9.64",
            "/pcf/pcfIncludingBiogenicUptake": "9.64",
        }
    )

    assert check_pact3(document, own=True) == ()


def test_captured_co2_needs_amount_and_origin() -> None:
    found = check_pact3(changed(golden(), "/pcf/ccsTechnologicalCO2CaptureIncluded", True), own=False)

    assert [(one.rule, one.pointer) for one in found] == [
        ("PCF-R7", "/pcf/ccsTechnologicalCO2Capture"),
        ("PCF-R7", "/pcf/technologicalCO2CaptureOrigin"),
    ]


def test_ratings_are_all_three_or_none() -> None:
    assert check_pact3(changed(golden(), "/pcf/dqi", ...), own=True) == ()
    (found,) = check_pact3(changed(golden(), "/pcf/dqi", {"technologicalDQR": "2", "temporalDQR": "2"}), own=True)

    assert (found.rule, found.pointer, found.values["missing"]) == ("PCF-R8", "/pcf/dqi", "geographicalDQR")


def _old(**changes: Any) -> KnownFootprint:
    return KnownFootprint(**{"product_ids": ["urn:pact:anode.example:supplier-id:ag-300"], "status": "Deprecated", **changes})


@pytest.mark.parametrize(
    ("known", "says"),
    [
        ({}, "not on file"),
        ({OLD: _old(product_ids=["urn:pact:anode.example:supplier-id:AG-1"])}, "another product"),
        ({OLD: _old(status="Active")}, "still Active"),
        ({OLD: _old(preceding=["6f0c1c52-6d0b-4b1a-9a51-1f7d6a0e2b10"])}, "in a circle"),
    ],
)
def test_what_a_footprint_replaces_is_known_of_the_same_product_deprecated_and_no_circle(
    known: Mapping[str, KnownFootprint], says: str
) -> None:
    document = {**golden(), "precedingPfIds": [OLD]}

    (found,) = check_pact3(document, own=True, known=known)
    assert found.rule == "PCF-R13"
    assert says in found.message("en")
    assert check_pact3(document, own=True, known={OLD: _old()}) == ()


def test_an_id_is_used_once() -> None:
    (found,) = check_pact3(golden(), own=False, known={golden()["id"]: _old()})

    assert (found.rule, found.pointer) == ("PCF-R13", "/id")


_BROKEN = st.one_of(
    st.tuples(st.decimals(min_value=0, max_value=10**6, places=3), st.integers(-9, 9)).map(lambda two: f"{two[0]}e{two[1]}"),
    st.decimals(min_value=0, max_value=10**6, places=3).map(lambda number: f"+{number}"),
    st.tuples(st.sampled_from(" \t\n "), st.booleans()).map(lambda two: f"{two[0]}1.5" if two[1] else f"1.5{two[0]}"),
)


@given(name=st.sampled_from(DECIMALS), text=_BROKEN)
def test_any_exponent_plus_or_space_in_a_number_is_found(name: str, text: str) -> None:
    found = check_pact3(changed(golden(), f"/pcf/{name}", text), own=True)

    assert ("PCF-R1", f"/pcf/{name}") in {(one.rule, one.pointer) for one in found}


@given(number=st.decimals(min_value=Decimal("0.001"), max_value=10**9, places=3))
def test_plain_decimals_are_never_complained_of(number: Decimal) -> None:
    found = check_pact3(changed(golden(), "/pcf/aircraftGhgEmissions", format(number, "f")), own=True)

    assert found == ()


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(place=st.sampled_from(sorted({*golden(), *(f"pcf/{name}" for name in golden()["pcf"]), "pcf/dqi/temporalDQR"})), value=_JSON)
def test_no_value_whatever_breaks_a_rule(place: str, value: object) -> None:
    document = changed(golden(), place, value)

    for finding in (*check_pact3(document, own=True, known={}), *shape_findings(without_nulls(document), Format.PACT3)):
        assert finding.severity in Severity
        assert finding.as_json()["message_zh"]
