"""What a declared footprint says, by the fields of PACT v3."""

import json
from decimal import Decimal

from sqlmodel import Session

from service.conformance.validation import validate
from service.product_footprints.documents import pact_document, sha256_of
from service.product_footprints.models import ProductFootprint
from service.products.models import Plant
from service.products.queries import get_plant, get_product
from tests.builders import a_product, a_supplier
from tests.footprints.builders import a_toll_product, an_accepted_submission
from tests.product_footprints.builders import a_declared


def test_a_released_record_is_declared_as_a_document_of_its_own_id(session: Session) -> None:
    footprint = a_declared(session)

    document = pact_document(footprint)

    assert document["id"] == str(footprint.id)
    assert document["status"] == "Active"
    assert document["specVersion"] == "3.0.3"
    assert "precedingPfIds" not in document


def test_the_document_keeps_schema_and_rules_as_our_own_output(session: Session) -> None:
    document = pact_document(a_declared(session))

    assert validate(document, own=True).findings == ()


def test_periods_are_whole_days_and_their_end_is_the_day_after(session: Session) -> None:
    document = pact_document(a_declared(session))

    # 2025-01-01 to 2025-12-31; three years of validity from the end of the period
    assert document["pcf"]["referencePeriodStart"] == "2025-01-01T00:00:00Z"
    assert document["pcf"]["referencePeriodEnd"] == "2026-01-01T00:00:00Z"
    assert document["validityPeriodStart"] == "2026-01-01T00:00:00Z"
    assert document["validityPeriodEnd"] == "2029-01-01T00:00:00Z"


def test_the_sums_are_those_of_the_printed_lines_to_the_last_digit(session: Session) -> None:
    pcf = pact_document(a_declared(session))["pcf"]

    # four digits of 12.48; the wood of the pallets, 0.02 kg x 0.446 x 44/12 = 0.0327, is the uptake
    lines = ("fossilGhgEmissions", "landUseChangeGhgEmissions", "biogenicNonCO2Emissions")
    excluding = sum((Decimal(pcf[name]) for name in lines if name in pcf), Decimal())
    assert Decimal(pcf["pcfExcludingBiogenicUptake"]) == excluding == Decimal("12.48")
    assert pcf["biogenicCO2Uptake"] == "-0.03"
    assert Decimal(pcf["pcfIncludingBiogenicUptake"]) == excluding + Decimal("-0.03")


def test_what_is_not_known_is_left_out_and_never_zero(session: Session) -> None:
    document = pact_document(a_declared(session))

    assert not {"landUseChangeGhgEmissions", "biogenicNonCO2Emissions", "aircraftGhgEmissions"} & document["pcf"].keys()
    assert "null" not in json.dumps(document)


def test_the_plant_is_told_by_its_province_and_nothing_finer(session: Session) -> None:
    footprint = a_declared(session)
    plant: Plant = get_plant(session, get_product(session, footprint.product_id).plant_id)

    pcf = pact_document(footprint)["pcf"]

    assert pcf["geographyCountrySubdivision"] == plant.province_code == "CN-GD"
    assert not {"geographyCountry", "geographyRegionOrSubregion"} & pcf.keys()


def test_the_hash_is_that_of_the_document_as_it_is_stored(session: Session) -> None:
    footprint = a_declared(session)
    session.expire(footprint)

    again = session.get_one(ProductFootprint, footprint.id)

    assert sha256_of(again.document) == again.document_sha256
    assert sha256_of(json.loads(json.dumps(again.document))) == again.document_sha256


def test_quality_is_rounded_so_that_one_plant_does_not_come_out_of_it(session: Session) -> None:
    supplier = a_supplier(session)
    an_accepted_submission(session, supplier)
    pcf = pact_document(a_declared(session, a_toll_product(session, a_product(session), supplier)))["pcf"]

    # the plant's electricity is more than half of the result: 0.1 x 0.5 of it is the least doubt, a step of 10 % or more
    assert Decimal(pcf["primaryDataShare"]) % 10 == 0
    assert all(Decimal(value) % Decimal("0.5") == 0 for value in pcf["dqi"].values())


def test_texts_are_there_in_both_languages(session: Session) -> None:
    document = pact_document(a_declared(session))

    for text in (document["comment"], document["pcf"]["boundaryProcessesDescription"], document["productDescription"]):
        assert any("一" <= letter <= "鿿" for letter in text)
        assert any("a" <= letter <= "z" for letter in text)
