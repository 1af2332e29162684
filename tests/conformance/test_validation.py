"""One door for all formats: reading, telling the format, schema and rules."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.conformance.findings import Format
from service.conformance.reading import LARGEST_BYTES, UnknownFormatError, UnreadableError, read_document
from service.conformance.validation import guess_format, validate
from tests.conformance.documents import EXAMPLES, changed, golden

BATTERY = json.loads((EXAMPLES / "pcf-for-battery-component-supplier-1.0.0-example.json").read_text("utf-8"))
CATENA_X = json.loads((EXAMPLES / "pcf-10.0.0-example.json").read_text("utf-8"))


def _old() -> dict[str, object]:
    """Return a footprint of PACT v2.3: 80 kg as the unit, 2.5 kg CO2e per kilogram."""
    return {
        "id": "6f0c1c52-6d0b-4b1a-9a51-1f7d6a0e2b10",
        "specVersion": "2.3.0",
        "version": 1,
        "created": "2024-03-01T00:00:00Z",
        "status": "Active",
        "comment": "",
        "companyName": "Coke Works",
        "companyIds": ["urn:uuid:1"],
        "productDescription": "Calcined coke",
        "productIds": ["urn:gtin:4712345060507"],
        "productCategoryCpc": "3350",
        "productNameCompany": "CPC-1",
        "pcf": {
            "declaredUnit": "kilogram",
            "unitaryProductAmount": "80",
            "pCfExcludingBiogenic": "2.5",
            "fossilGhgEmissions": "2.5",
            "fossilCarbonContent": "0.98",
            "biogenicCarbonContent": "0",
            "characterizationFactors": "AR6",
            "ipccCharacterizationFactorsSources": ["AR6"],
            "crossSectoralStandardsUsed": ["ISO Standard 14067"],
            "boundaryProcessesDescription": "gate",
            "referencePeriodStart": "2023-01-01T00:00:00Z",
            "referencePeriodEnd": "2024-01-01T00:00:00Z",
            "exemptedEmissionsPercent": 0,
            "exemptedEmissionsDescription": "",
            "packagingEmissionsIncluded": False,
        },
    }


def test_formats_are_told_from_the_document() -> None:
    assert guess_format(golden()) is Format.PACT3
    assert guess_format(_old()) is Format.PACT2
    assert guess_format(CATENA_X) is Format.CATENA_X_10
    assert guess_format(BATTERY) is Format.BATTERY
    with pytest.raises(UnknownFormatError) as refused:
        validate(b'{"data": []}')
    assert "Choose the format" in str(refused.value)


def test_a_named_format_is_not_guessed() -> None:
    report = validate(json.dumps(golden()).encode(), format=Format.PACT3)

    assert (report.format, report.is_guessed, report.is_valid, report.findings) == (Format.PACT3, False, True, ())
    assert report.as_json() == {"format": "pact3", "format_guessed": False, "valid": True, "findings": []}
    assert not validate(golden(), format=Format.BATTERY).is_valid


def test_version_2_3_passes_its_schema_and_shared_rules() -> None:
    assert validate(_old()).findings == ()


@pytest.mark.parametrize(
    ("place", "value", "rule"),
    [
        ("/pcf/fossilGhgEmissions", "2.5e0", "PCF-R1"),
        ("/pcf/aircraftGhgEmissions", "-1", "PCF-R2"),
        ("/pcf/biogenicCarbonWithdrawal", "1", "PCF-R2"),
        ("/pcf/unitaryProductAmount", "0", "PCF-R2"),
        ("/pcf/geographyCountry", "UK", "PCF-R4"),
        ("/pcf/referencePeriodStart", "2024-06-01T00:00:00Z", "PCF-R5"),
        ("/created", "2024-03-01", "PCF-R14"),
    ],
)
def test_rules_that_both_versions_share_hold_for_the_older_one(place: str, value: str, rule: str) -> None:
    assert rule in {one.rule for one in validate(changed(_old(), place, value)).findings}


def test_sums_of_the_battery_model_are_checked() -> None:
    # 1 + 2 + 0.5 + 0 = 3.5
    stages = {name: {"stageValue": 0.0} for name in BATTERY["pcfValues"]["sharesPerStage"] if name.startswith("stage")}
    stages["stage1RawMaterialAquisitionPreProcessing"] = {"stageValue": 1.0}
    stages["stage2MainProductProduction"] = {"stageValue": 2.0}
    stages["stage3Distribution"] = {"stageValue": 0.5}
    right = {**BATTERY, "dataQualityRating": 2.4, "pcfValues": {"sharesPerStage": {**stages, "declaredUnit": "CO2KG/KG"}}}
    right["pcfValues"]["sharesPerStage"]["absPcfValue"] = {"stageValue": 3.5}

    assert validate(right).findings == ()
    wrong = changed(right, "/pcfValues/sharesPerStage/absPcfValue", {"stageValue": 3.6})
    assert [one.rule for one in validate(wrong).findings] == ["PCF-R3"]
    late = changed(right, "/validityPeriod", {"validFrom": "2026-01-01T00:00:00Z", "validTo": "2025-01-01T00:00:00Z"})
    assert [one.pointer for one in validate(late).findings] == ["/validityPeriod/validTo"]


def test_dates_and_carbon_of_catena_x_are_checked() -> None:
    times = "/pcfAssessmentAndMethodology/0/pcfAssessmentInformation/0/time/0"
    late = changed(CATENA_X, f"{times}/referencePeriodEnd", "2021-12-31T00:00:00Z")
    odd = changed(CATENA_X, f"{times}/created", "2022-05-22T21:47:32")
    carbon = changed(CATENA_X, "/carbonContent/0/recycledCarbonContent", 0.2)

    assert ("PCF-R5", f"{times}/referencePeriodEnd") in {(one.rule, one.pointer) for one in validate(late).findings}
    assert ("PCF-R14", f"{times}/created") in {(one.rule, one.pointer) for one in validate(odd).findings}
    assert ("PCF-R9", "/carbonContent/0/recycledCarbonContent") in {(one.rule, one.pointer) for one in validate(carbon).findings}


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "line 1, column 1"),
        (b"[]", "no JSON object"),
        (b"\xff\xfe{", "not UTF-8"),
        (b'{"a": NaN}', "NaN is no JSON number"),
        (b'{"a": -Infinity}', "-Infinity is no JSON number"),
        (b'{"a": 1, "a": 2}', "“a” stands twice"),
        (b'{"a": 1e999999999}', "beyond anything"),
        (b'{"a": ' + b"9" * 5000 + b"}", "beyond anything"),
        (b'{"a": "\\ud800"}', "lone surrogate"),
        (b'{"\\udfff": 1}', "lone surrogate"),
        (b'{"\\ud800": 1, "\\ud800": 2}', "stands twice"),
        (b'{"a":' * 60 + b"1" + b"}" * 60, "levels deep"),
        (b'{"a":' * 200_000 + b"1" + b"}" * 200_000, "levels deep"),
        (b'{"a": [' + b"{}," * 2000 + b"{}]}", "more values"),
        (b'{"a": "' + b" " * LARGEST_BYTES + b'"}', "bytes; a footprint may have"),
    ],
)
def test_hostile_files_get_a_clear_answer(content: bytes, says: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        read_document(content)
    assert says in str(refused.value)


def test_a_byte_order_mark_is_no_fault() -> None:
    assert validate(b"\xef\xbb\xbf" + json.dumps(golden()).encode()).is_valid


def test_numbers_keep_their_digits() -> None:
    assert read_document(b'{"a": 2.90, "b": 3}') == {"a": Decimal("2.90"), "b": 3}


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_whatever_bytes_come_the_answer_is_a_document_or_a_reason(content: bytes) -> None:
    try:
        found = read_document(content)
    except UnreadableError as refused:
        assert str(refused)  # noqa: PT017 - either outcome is right
    else:
        assert isinstance(found, dict)
