"""PACT v2.3 becomes v3: figures per unit become figures per declared amount, and nothing is made up."""

import copy
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.conformance.findings import Format
from service.conformance.validation import validate
from service.exchange.conversion import ConversionError, convert_to_version_3

VERSION_2: Mapping[str, Any] = {
    "id": "3fa85f64-5717-4562-b3fc-2c963f66afa6",
    "specVersion": "2.3.0",
    "version": 0,
    "created": "2025-11-20T08:00:00Z",
    "updated": "2025-11-21T08:00:00Z",
    "status": "Active",
    "statusComment": "current",
    "comment": "made with care",
    "companyName": "Example Pitch Ltd",
    "companyIds": ["urn:pact:pitch.example:company-id:1"],
    "productDescription": "Coal tar pitch",
    "productIds": ["urn:pact:pitch.example:supplier-id:P-80"],
    "productCategoryCpc": "33500",
    "productNameCompany": "P-80",
    "pcf": {
        "declaredUnit": "kilogram",
        "unitaryProductAmount": "80",
        "pCfExcludingBiogenic": "2.5",
        "pCfIncludingBiogenic": "2.4",
        "fossilGhgEmissions": "2.3",
        "dLucGhgEmissions": "0.05",
        "otherBiogenicGhgEmissions": "0.15",
        "iLucGhgEmissions": "0.7",
        "biogenicCarbonWithdrawal": "-0.1",
        "fossilCarbonContent": "0.9",
        "biogenicCarbonContent": "0",
        "characterizationFactors": "AR6",
        "ipccCharacterizationFactorsSources": ["AR6"],
        "crossSectoralStandardsUsed": ["ISO Standard 14067"],
        "boundaryProcessesDescription": "from tar to gate",
        "referencePeriodStart": "2024-01-01T00:00:00Z",
        "referencePeriodEnd": "2025-01-01T00:00:00Z",
        "geographyCountry": "CN",
        "exemptedEmissionsPercent": 1.5,
        "exemptedEmissionsDescription": "laboratory",
        "packagingEmissionsIncluded": False,
        "primaryDataShare": 56.12,
        "secondaryEmissionFactorSources": [{"name": "ecoinvent", "version": "3.10"}],
        "dqi": {
            "coveragePercent": 100,
            "technologicalDQR": 2.0,
            "temporalDQR": 2.0,
            "geographicalDQR": 2.0,
            "completenessDQR": 2.0,
            "reliabilityDQR": 2.0,
        },
        "assurance": {
            "assurance": True,
            "coverage": "product line",
            "level": "limited",
            "providerName": "A verifier",
            "standardName": "ISO 14064-3",
        },
    },
}


def version_2(**pcf: object) -> dict[str, Any]:
    document = copy.deepcopy(dict(VERSION_2))
    document["pcf"] = {name: value for name, value in {**document["pcf"], **pcf}.items() if value is not None}
    return document


def test_eighty_kilograms_at_two_and_a_half_are_two_hundred() -> None:
    pcf = convert_to_version_3(VERSION_2)["pcf"]

    assert (pcf["declaredUnitOfMeasurement"], pcf["declaredUnitAmount"]) == ("kilogram", "80")
    assert pcf["pcfExcludingBiogenicUptake"] == "200.0"  # 80 x 2.5
    assert pcf["pcfIncludingBiogenicUptake"] == "192.0"  # 80 x 2.4
    assert pcf["fossilCarbonContent"] == "72.0"  # 80 x 0.9
    assert pcf["productMassPerDeclaredUnit"] == "80"  # of kilograms the mass is the amount
    assert pcf["biogenicCO2Uptake"] == "-8.0"
    assert (pcf["landUseChangeGhgEmissions"], pcf["biogenicNonCO2Emissions"]) == ("4.00", "12.00")


def test_what_version_3_has_no_place_for_is_not_forced_into_it() -> None:
    document = convert_to_version_3(VERSION_2)
    pcf = document["pcf"]

    assert "dqi" not in pcf  # 1 to 3 can't be told in 1 to 5
    assert not {"version", "updated", "statusComment"} & set(document)
    assert "0.7" in document["comment"]  # indirect land use change is in no sum
    assert pcf["verification"] == {
        "providerName": "A verifier",
        "standardName": "ISO 14064-3",
        "comments": "coverage: product line; level: limited",
    }
    assert pcf["crossSectoralStandards"] == ["ISO14067", "PACT-2.0"]
    assert (pcf["exemptedEmissionsPercent"], pcf["primaryDataShare"]) == ("1.5", "56.12")
    assert document["productClassifications"] == ["urn:pact:productclassification:un-cpc:33500"]


def test_a_converted_document_has_the_shape_of_version_3_and_its_sums_close() -> None:
    # 2.3 + 0.05 + 0.15 = 2.5 and 2.5 - 0.1 = 2.4, each times 80
    report = validate(convert_to_version_3(VERSION_2), format=Format.PACT3)

    assert report.is_valid, [one.message("en") for one in report.findings]


def test_the_original_is_not_touched() -> None:
    before = copy.deepcopy(dict(VERSION_2))

    convert_to_version_3(VERSION_2)

    assert before == VERSION_2


@pytest.mark.parametrize("name", ["pCfIncludingBiogenic", "productMassPerDeclaredUnit", "primaryDataShare", "dLucGhgEmissions"])
def test_what_was_not_stated_stays_unstated(name: str) -> None:
    absent = {"pCfIncludingBiogenic": "pcfIncludingBiogenicUptake", "dLucGhgEmissions": "landUseChangeGhgEmissions"}
    document = version_2(**{name: None}, declaredUnit="liter", biogenicCarbonWithdrawal=None)

    assert absent.get(name, name) not in convert_to_version_3(document)["pcf"]


def test_a_net_figure_of_land_management_is_an_emission_or_a_removal_by_its_sign() -> None:
    emission = convert_to_version_3(version_2(landManagementGhgEmissions="0.5"))["pcf"]
    removal = convert_to_version_3(version_2(landManagementGhgEmissions="-0.5"))["pcf"]

    assert emission["landManagementBiogenicCO2Emissions"] == "40.0"
    assert removal["landManagementBiogenicCO2Removals"] == "-40.0"
    assert "landManagementBiogenicCO2Removals" not in emission


@given(
    st.decimals(min_value=0, max_value=1000, places=3, allow_nan=False),
    st.decimals(min_value=Decimal("0.001"), max_value=1000, places=3, allow_nan=False),
)
def test_every_figure_is_multiplied_exactly(per_unit: Decimal, amount: Decimal) -> None:
    pcf = convert_to_version_3(version_2(pCfExcludingBiogenic=f"{per_unit:f}", unitaryProductAmount=f"{amount:f}"))["pcf"]

    assert Decimal(pcf["pcfExcludingBiogenicUptake"]) == per_unit * amount
    assert "E" not in pcf["pcfExcludingBiogenicUptake"]


@pytest.mark.parametrize(
    "document",
    [
        {"specVersion": "2.3.0"},
        version_2(unitaryProductAmount=None),
        version_2(unitaryProductAmount="eighty"),
        version_2(fossilGhgEmissions="NaN"),
        version_2(fossilGhgEmissions=["1"]),
        version_2(fossilGhgEmissions="1e400"),
    ],
)
def test_a_document_whose_figures_cannot_be_read_is_refused_with_the_field(document: dict[str, Any]) -> None:
    with pytest.raises(ConversionError, match=r"pcf|unitaryProductAmount|fossilGhgEmissions"):
        convert_to_version_3(document)
