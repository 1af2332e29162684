import json

import jsonschema  # type: ignore[import-untyped] # it ships no types
import pytest
from starlette.testclient import TestClient
from typer.testing import CliRunner

from service.accounts.models import Role
from service.cli import app as command_line
from service.submissions.json_schema import answers_schema
from service.submissions.models import Depth
from service.suppliers.models import SupplierType
from tests.conftest import SignIn
from tests.submissions.builders import TOLL_ANSWERS

ANSWERS = {field: {"entered": entry.entered, "unit": entry.unit} for field, entry in TOLL_ANSWERS.items() if entry.unit}


@pytest.mark.parametrize("supplier_type", SupplierType)
def test_each_schema_is_one_of_draft_2020_12(supplier_type: SupplierType) -> None:
    for depth in Depth:
        jsonschema.Draft202012Validator.check_schema(answers_schema(supplier_type, depth, "zh-CN"))


def test_answers_that_the_api_takes_fit_and_others_do_not() -> None:
    check = jsonschema.Draft202012Validator(answers_schema("TOLL", Depth.FIRST, "en"))

    assert check.is_valid({"answers": ANSWERS})
    assert check.is_valid({"answers": {"furnace_type": {"entered": "box"}, "own_pcf": {"absent": "unknown", "note": "none yet"}}})
    assert not check.is_valid({"answers": {"furnace_type": {"entered": "plasma"}}})
    assert not check.is_valid({"answers": {"furnace_electricity": {"entered": "5", "unit": "GJ"}}})
    assert not check.is_valid({"answers": {"moon_dust": {"entered": "5"}}})
    assert not check.is_valid({"answers": {"product_output": {"absent": "unknown"}}})  # nothing can be calculated without it


def test_a_field_says_its_words_units_and_limits() -> None:
    fields = answers_schema("TOLL", Depth.FULL, "zh-CN")["properties"]["answers"]["properties"]
    furnace = fields["furnace_electricity"]

    assert furnace["title"] == "石墨化炉用电"
    assert "此项用于计算碳足迹。" in furnace["description"]
    assert furnace["properties"]["unit"]["enum"] == [None, "万kWh", "kWh", "MWh", "GWh"]
    assert furnace["x-limits"] == [{"low": 4000.0, "high": 17500.0, "unit": "kWh/t", "per": "product_out"}]
    assert fields["green_electricity"]["x-at-most"] == "grid_electricity"
    assert fields["captive_electricity"]["x-required"] is False


def test_a_program_asks_for_the_schema_in_its_language(client: TestClient, sign_in: SignIn) -> None:
    path = "/api/v1/questionnaires/TOLL/first/schema"
    assert client.get(path).status_code == 401
    sign_in(Role.ENGINEER)

    english = client.get(path, headers={"accept-language": "en"})
    unknown = client.get("/api/v1/questionnaires/MOON/first/schema")

    assert english.json() == answers_schema("TOLL", Depth.FIRST, "en")
    assert unknown.status_code == 404


def test_the_command_prints_the_same() -> None:
    printed = CliRunner().invoke(command_line, ["questionnaire", "schema", "COKE", "--depth", "first", "--lang", "en"])
    wrong = CliRunner().invoke(command_line, ["questionnaire", "schema", "MOON"])

    assert json.loads(printed.output) == answers_schema("COKE", Depth.FIRST, "en")
    assert wrong.exit_code == 2
    assert "MOON is no supplier type" in wrong.output
