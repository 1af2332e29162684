"""Declared footprints in every format: right by official schemas and in their sums, refused where a format can't carry them."""

import csv
import dataclasses
import io
import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from sqlmodel import Session

from service.conformance.findings import Format, Severity
from service.conformance.shapes import validator_of
from service.conformance.validation import validate
from service.database import Database
from service.exports.battery import battery_component
from service.exports.catena_x import catena_x_9, catena_x_10
from service.exports.errors import ExportRefusedError
from service.exports.facts import DeclaredFacts, facts_of
from service.exports.formats import ExportFormat, canonical_file, document_of, export, refusal_of
from service.exports.life_cycle import life_cycle_split
from service.exports.table import COLUMNS, csv_table, harmless
from service.footprints.protection import Group
from service.i18n import explain, translate
from service.product_footprints.models import CustomerPartNumber
from service.products.models import Plant
from tests.builders import NOW, a_plant, a_product, a_supplier, an_organisation
from tests.footprints.builders import a_toll_product, an_accepted_submission
from tests.product_footprints.builders import SETTINGS, a_declared

BPNL, BPNS = "BPNL00000003CSGV", "BPNS00000003B2OM"
WITH_BPNL = SETTINGS.model_copy(update={"company_bpnl": BPNL})
STATEMENT: Mapping[str, Any] = {
    "id": "01999999-0000-7000-8000-0000000000aa",
    "case": "V-2026-0001",
    "body_name": "Some Verifier Ltd.",
    "accreditation": None,
    "coverage": "product",
    "level": "limited",
    "standard": "ISO 14064-3:2019",
    "criteria": "ISO 14067:2018",
    "materiality_percent": 5.0,
    "conclusion": "positive",
    "statement_zh": None,
    "statement_en": "Nothing came to our attention.",
    "completed_on": "2026-05-31",
    "valid_until": None,
}
JSON_FORMATS = {
    ExportFormat.PACT: Format.PACT3,
    ExportFormat.CATENA_X_10: Format.CATENA_X_10,
    ExportFormat.CATENA_X_9: Format.CATENA_X_9,
    ExportFormat.BATTERY: Format.BATTERY,
}


def some_facts(session: Session, *, toll: bool = False) -> DeclaredFacts:
    """Return the facts of a footprint that every format takes, to a customer with a part number."""
    plant = a_plant(session)
    plant.bpns = BPNS
    product = a_product(session, plant=plant, grade="AG-300")
    product.quality = {"d50": {"value": "15.2", "unit": "µm"}, "ph": {"value": "7", "unit": ""}}
    if toll:
        supplier = a_supplier(session)
        an_accepted_submission(session, supplier)
        a_toll_product(session, product, supplier)
    customer = an_organisation(session)
    session.add(
        CustomerPartNumber(product_id=product.id, customer_id=customer.id, part_no="CELL-7", recorded_by="user:x", recorded_at=NOW)
    )
    session.flush()
    return facts_of(session, a_declared(session, product), settings=WITH_BPNL, customer_id=customer.id)


def with_pcf(facts: DeclaredFacts, **changes: object) -> DeclaredFacts:
    """Return facts whose document has other members; None takes one out."""
    pcf = {name: value for name, value in {**facts.pcf, **changes}.items() if value is not None}
    return dataclasses.replace(facts, document={**facts.document, "pcf": pcf})


@pytest.fixture(scope="module")
def kept() -> dict[bool, DeclaredFacts]:
    """Return facts that have been gathered once; nobody changes them."""
    return {}


@pytest.fixture
def facts(kept: dict[bool, DeclaredFacts], request: pytest.FixtureRequest) -> DeclaredFacts:
    """Return the facts of a footprint by the model's default."""
    return _gathered(kept, request, toll=False)


@pytest.fixture
def toll_facts(kept: dict[bool, DeclaredFacts], request: pytest.FixtureRequest) -> DeclaredFacts:
    """Return the facts of a footprint that one toll plant's answers make up for the most part."""
    return _gathered(kept, request, toll=True)


def _gathered(kept: dict[bool, DeclaredFacts], request: pytest.FixtureRequest, *, toll: bool) -> DeclaredFacts:
    if toll not in kept:
        database: Database = request.getfixturevalue("sqlite_database")
        with database.writing() as session:
            kept[toll] = some_facts(session, toll=toll)
            session.expunge_all()
    return dataclasses.replace(kept[toll])


def test_facts_are_gathered_from_what_was_declared(session: Session) -> None:
    facts = some_facts(session, toll=True)

    assert sum((one.kg_co2e for one in facts.stages), Decimal()) == sum((one.kg_co2e for one in facts.blocks), Decimal())
    assert (facts.part_no, facts.bpnl, facts.plant.bpns) == ("CELL-7", BPNL, BPNS)
    assert facts.document["status"] == "Active"
    assert any(len(one.keys) > 1 for one in facts.blocks), "one toll plant's electricity is not shown alone"


@pytest.mark.parametrize("wanted", list(JSON_FORMATS))
@pytest.mark.parametrize("which", ["facts", "toll_facts"])
def test_every_format_satisfies_its_official_schema_and_our_rules(
    request: pytest.FixtureRequest, wanted: ExportFormat, which: str
) -> None:
    file = export(request.getfixturevalue(which), wanted)
    document = json.loads(file.content)

    assert list(validator_of(JSON_FORMATS[wanted]).iter_errors(document)) == []
    report = validate(file.content, own=True)
    assert (report.format, report.is_guessed) == (JSON_FORMATS[wanted], True)
    assert [one for one in report.findings if one.severity is Severity.ERROR] == []
    assert not [one for one in report.findings if one.rule == "PCF-R3"]
    assert file.name.startswith("F-")


def test_catena_x_tells_the_figures_of_the_pact_document(facts: DeclaredFacts) -> None:
    document = catena_x_10(facts)
    (stages,) = document["productLifeCycleStagesAndEmissions"]
    (production,) = stages["productionStage"]

    for theirs, ours in (
        ("pcfExcludingBiogenicUptake", "pcfExcludingBiogenicUptake"),
        ("pcfIncludingBiogenicUptake", "pcfIncludingBiogenicUptake"),
        ("fossilGhgEmissions", "fossilGhgEmissions"),
    ):
        assert Decimal(str(production[theirs])) == Decimal(facts.pcf[ours])
    (company,) = document["companyAndProductInformation"][0]["companyInformation"]
    assert company["companyIds"][0] == f"urn:{BPNL}"
    (where,) = document["pcfAssessmentAndMethodology"][0]["pcfAssessmentInformation"][0]["geography"]
    assert where == {
        "geographyRegionOrSubregion": "Eastern Asia",
        "geographyCountry": "CN",
        "geographyCountrySubdivision": "CN-GD",
    }
    assert stages["distributionStage"] == [{"distributionStageIncluded": False}]


def test_what_is_not_known_is_left_out_of_catena_x(facts: DeclaredFacts) -> None:
    bare = with_pcf(facts, landUseChangeGhgEmissions=None, packagingGhgEmissions=None, dqi=None, primaryDataShare=None)
    document = catena_x_10(bare)
    (stages,) = document["productLifeCycleStagesAndEmissions"]

    assert "landUseChangeGhgEmissions" not in stages["productionStage"][0]
    assert stages["packagingStage"] == [{"packagingEmissionsIncluded": True}]
    assert set(document["pcfAssessmentAndMethodology"][0]["dataSourcesAndQuality"][0]) == {"secondaryEmissionFactorSources"}
    assert "null" not in json.dumps(document)


def test_aircraft_stands_beside_fossil_in_catena_x_and_inside_it_in_pact(facts: DeclaredFacts) -> None:
    # PACT: fossil 9.80 of which aircraft 0.20; Catena-X: A 9.60 + H 0.20
    flown = with_pcf(
        facts,
        fossilGhgEmissions="9.80",
        aircraftGhgEmissions="0.20",
        biogenicNonCO2Emissions=None,
        landUseChangeGhgEmissions=None,
        biogenicCO2Uptake=None,
        pcfExcludingBiogenicUptake="9.80",
        pcfIncludingBiogenicUptake="9.80",
        packagingGhgEmissions="0.05",
    )
    (production,) = catena_x_10(flown)["productLifeCycleStagesAndEmissions"][0]["productionStage"]

    assert (production["fossilGhgEmissions"], production["aircraftGhgEmissions"]) == (9.6, 0.2)
    assert document_of(flown, ExportFormat.CATENA_X_10)


def test_a_verification_becomes_an_attestation(facts: DeclaredFacts) -> None:
    verified = dataclasses.replace(facts, statement=STATEMENT)

    assert catena_x_10(verified)["attestationOfConformance"] == [
        {
            "attestationType": "PCF 3rd party verification",
            "standardName": "ISO 14067:2018",
            "attestationStandard": "ISO 14064-3:2019",
            "attestationOfConformanceId": "01999999-0000-7000-8000-0000000000aa",
            "providerName": "Some Verifier Ltd.",
            "completedAt": "2026-05-31T00:00:00Z",
        }
    ]
    assert "attestationOfConformance" not in catena_x_10(facts)
    assert export(verified, ExportFormat.CATENA_X_9)


def test_version_9_tells_in_its_comment_what_is_replaced(facts: DeclaredFacts) -> None:
    old = "11111111-2222-4333-8444-555555555555"
    following = dataclasses.replace(facts, document={**facts.document, "precedingPfIds": [old]})
    of_ten, of_nine = catena_x_10(following), catena_x_9(following)

    assert of_ten["pcfAssessmentAndMethodology"][0]["pcfAssessmentInformation"][0]["idAndVersion"][0]["precedingPfIds"] == [old]
    assert "precedingPfIds" not in of_nine["pcfAssessmentAndMethodology"][0]["pcfAssessmentInformation"][0]["idAndVersion"][0]
    assert f"Replaces: {old}" in of_nine["general"][0]["comment"]


def test_the_battery_model_has_four_stages_that_sum_to_the_total(facts: DeclaredFacts) -> None:
    document = battery_component(facts)
    stages = {name: one["stageValue"] for name, one in document["pcfValues"]["sharesPerStage"].items() if name != "declaredUnit"}
    total = Decimal(str(stages["absPcfValue"]))

    assert sum(Decimal(str(value)) for name, value in stages.items() if name != "absPcfValue") == total
    # the document has one digit more than the stages
    assert abs(total - Decimal(facts.pcf["pcfExcludingBiogenicUptake"])) <= facts.step
    assert (stages["stage3Distribution"], stages["stage4EndOfLifeRecycling"]) == (0, 0)
    assert document["pcfValues"]["sharesPerStage"]["declaredUnit"] == "CO2KG/KG"
    assert (document["customerPartId"], document["manufacturerPartId"]) == ("CELL-7", "AG-300")
    assert (document["siteIdentifier"], document["legalidentifier"]) == (BPNS, BPNL)
    assert document["productQualityParameter"][0] == f"{translate('zh-CN', 'Particle size D50')} / Particle size D50: 15.2 µm"
    assert "stated as 0" in document["productQualityParameter"][-1]


def test_the_overall_rating_is_the_mean_of_the_three(facts: DeclaredFacts) -> None:
    # (1.8 + 1.6 + 1.4) / 3 = 1.6
    rated = with_pcf(facts, dqi={"technologicalDQR": "1.8", "geographicalDQR": "1.6", "temporalDQR": "1.4"})

    assert battery_component(rated)["dataQualityRating"] == 1.6


def _groups(*sizes: tuple[tuple[str, ...], str]) -> list[Group]:
    return [Group(keys=keys, kg_co2e=Decimal(kg)) for keys, kg in sizes]


def test_stages_are_sums_of_published_blocks() -> None:
    split = life_cycle_split(_groups((("electricity", "direct"), "9.1"), (("coke",), "2.3"), (("auxiliaries", "logistics"), "1.1")))

    assert split is not None
    assert (split.main_production, split.raw_material, split.total) == (Decimal("9.1"), Decimal("3.4"), Decimal("12.5"))


@pytest.mark.parametrize(
    "blocks",
    [
        [],
        _groups((("electricity",), "8.0"), (("direct", "coke"), "3.4"), (("auxiliaries", "logistics"), "1.1")),
        _groups((("electricity", "direct", "coke", "auxiliaries", "logistics"), "12.5")),
    ],
)
def test_a_block_that_lies_in_two_stages_forbids_the_split(blocks: list[Group], facts: DeclaredFacts) -> None:
    """Electricity and direct emissions as one stage less published electricity would be the direct emissions."""
    assert life_cycle_split(blocks) is None
    with pytest.raises(ExportRefusedError) as refused:
        battery_component(dataclasses.replace(facts, blocks=blocks))
    assert refused.value.field == "sharesPerStage"


@pytest.mark.parametrize(
    ("changes", "wanted", "field"),
    [
        ({"bpnl": None}, ExportFormat.CATENA_X_10, "companyIds"),
        ({"bpnl": None}, ExportFormat.CATENA_X_9, "companyIds"),
        ({"bpnl": None}, ExportFormat.BATTERY, "legalidentifier"),
        ({"part_no": None}, ExportFormat.BATTERY, "customerPartId"),
        ({"part_no": ""}, ExportFormat.BATTERY, "customerPartId"),
    ],
)
def test_a_format_that_lacks_a_number_says_which(
    facts: DeclaredFacts, changes: dict[str, Any], wanted: ExportFormat, field: str
) -> None:
    refused = refusal_of(dataclasses.replace(facts, **changes), wanted)

    assert refused is not None
    assert refused.field == field
    assert explain("zh-CN", refused) != explain("en", refused)


@pytest.mark.parametrize(
    ("changes", "wanted", "field"),
    [
        ({"ccsTechnologicalCO2CaptureIncluded": True}, ExportFormat.CATENA_X_10, "ccsTechnologicalCO2Capture"),
        ({"technologicalCO2Removals": "-0.1"}, ExportFormat.CATENA_X_9, "ccsTechnologicalCO2Capture"),
        ({"exemptedEmissionsPercent": "10.1"}, ExportFormat.CATENA_X_10, "exemptedEmissionsPercent"),
        ({"geographyCountrySubdivision": "DE-BY"}, ExportFormat.CATENA_X_10, "geographyRegionOrSubregion"),
        ({"crossSectoralStandards": ["Own rules"]}, ExportFormat.CATENA_X_10, "crossSectoralStandards"),
        ({"pcfExcludingBiogenicUptake": "-1"}, ExportFormat.CATENA_X_10, "pcfExcludingBiogenicUptake"),
        ({"dqi": None}, ExportFormat.BATTERY, "dataQualityRating"),
        ({"fossilGhgEmissions": "1.0"}, ExportFormat.PACT, "/pcf/pcfExcludingBiogenicUptake"),
    ],
)
def test_what_a_format_cannot_carry_is_refused(
    facts: DeclaredFacts, changes: dict[str, object], wanted: ExportFormat, field: str
) -> None:
    with pytest.raises(ExportRefusedError) as refused:
        export(with_pcf(facts, **changes), wanted)

    assert refused.value.field == field


def test_the_site_number_is_asked_for(facts: DeclaredFacts) -> None:
    unnumbered = dataclasses.replace(facts, plant=Plant(name_zh="厂", name_en="Plant", province_code="CN-GD", created_at=NOW))

    assert getattr(refusal_of(unnumbered, ExportFormat.BATTERY), "field", None) == "siteIdentifier"
    assert refusal_of(unnumbered, ExportFormat.CATENA_X_10) is None


def test_canonical_files_are_the_same_for_the_same_facts(facts: DeclaredFacts) -> None:
    first = canonical_file(facts, ExportFormat.BATTERY)

    assert first == canonical_file(facts, ExportFormat.BATTERY)
    assert json.loads(first) == json.loads(export(facts, ExportFormat.BATTERY).content)


def test_the_table_has_one_line_with_all_columns(facts: DeclaredFacts) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_table([facts]).decode("utf-8-sig"))))

    assert len(rows) == 1
    assert list(rows[0]) == list(COLUMNS)
    assert rows[0]["pcfExcludingBiogenicUptake"] == facts.pcf["pcfExcludingBiogenicUptake"]
    split = facts.life_cycle
    assert split is not None
    assert Decimal(rows[0]["stage1RawMaterial"]) + Decimal(rows[0]["stage2MainProduction"]) == split.total
    assert rows[0]["verificationProvider"] == ""


@pytest.mark.parametrize(
    ("text", "cell"),
    [("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-2+3", "'-2+3"), ("-0.05", "-0.05"), ("\tx", "'\tx"), ("AG-300", "AG-300")],
)
def test_no_text_of_the_table_is_a_formula(text: str, cell: str) -> None:
    assert harmless(text) == cell
