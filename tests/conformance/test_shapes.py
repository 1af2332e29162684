"""Official schemas, offline, and their complaints in words."""

from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped] # it ships no types

from service.conformance.findings import Format, Severity
from service.conformance.shapes import MOST_FINDINGS, schema_of, shape_findings
from service.conformance.validation import validate
from tests.conformance.documents import EXAMPLES, changed, golden

SCHEMAS = Path(__file__).parents[2] / "service" / "conformance" / "schemas"
PROSE = frozenset({"description", "title", "examples", "example", "summary"})


def _without_prose(value: Any, *, of_names: bool = False) -> Any:
    if isinstance(value, dict):
        return {
            name: _without_prose(one, of_names=name in {"properties", "schemas"})
            for name, one in value.items()
            if of_names or not (name in PROSE or name.startswith("x-"))
        }
    return [_without_prose(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("version", ["3.0.4", "2.3.3"])
def test_the_model_is_that_of_the_published_openapi(version: str) -> None:
    published = yaml.safe_load((SCHEMAS / f"pact-openapi-{version}.yaml").read_text("utf-8"))

    assert schema_of(f"pact-model-{version}.json") == {
        "components": {"schemas": _without_prose(published["components"]["schemas"])}
    }


@pytest.mark.parametrize(
    ("name", "format_", "warnings"),
    [
        ("pcf-10.0.0-example.json", Format.CATENA_X_10, {"PCF-R3", "PCF-R9"}),
        ("pcf-9.0.0-example.json", Format.CATENA_X_9, {"PCF-R3", "PCF-R9"}),
        ("pcf-for-battery-component-supplier-1.0.0-example.json", Format.BATTERY, {"PCF-R3", "PCF-R8"}),
    ],
)
def test_published_examples_have_the_right_shape_and_wrong_sums(name: str, format_: Format, warnings: set[str]) -> None:
    report = validate((EXAMPLES / name).read_bytes())

    assert (report.format, report.is_guessed, report.is_valid) == (format_, True, True)
    assert {(one.rule, one.severity) for one in report.findings} == {(rule, Severity.WARNING) for rule in warnings}


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        ("/id", "not-a-uuid", "The text is no uuid"),
        ("/specVersion", "3.0", "doesn't have the form"),
        ("/companyName", ..., "“companyName” is missing"),
        ("/companyIds", [], "at least 1 entries"),
        ("/companyIds", ["urn:aa:1", "urn:aa:1"], "holds something twice"),
        ("/status", "Draft", "Choose one of: Active, Deprecated"),
        ("/pcf/fossilGhgEmissions", 9.8, "must be text in quotation marks"),
        ("/pcf/packagingEmissionsIncluded", "yes", "must be true or false"),
        ("/pcf/geographyRegionOrSubregion", "Atlantis", "Choose one of: Africa"),
        ("/pcf", [], "must be an object"),
    ],
)
def test_a_wrong_shape_is_told_with_its_place(place: str, value: object, says: str) -> None:
    found = [one for one in shape_findings(changed(golden(), place, value), Format.PACT3) if says in one.message("en")]

    assert [(one.rule, one.severity, one.pointer.startswith(place)) for one in found] == [("PCF-S1", Severity.ERROR, True)]


def test_each_missing_member_is_told_once() -> None:
    found = list(shape_findings({}, Format.PACT3))

    assert [one.pointer for one in found] == [
        f"/{name}"
        for name in (
            *("id", "specVersion", "created", "status", "companyName"),
            *("companyIds", "productDescription", "productIds", "productNameCompany", "pcf"),
        )
    ]


def test_null_counts_as_absent() -> None:
    assert validate(changed(golden(), "/comment", None)).findings == ()
    assert [one.pointer for one in validate(changed(golden(), "/companyName", None)).findings] == ["/companyName"]


def test_a_document_that_is_all_wrong_gets_a_bounded_answer() -> None:
    document = changed(golden(), "/companyIds", [f"x{number}" for number in range(900)])

    assert len(list(shape_findings(document, Format.PACT3))) == MOST_FINDINGS
