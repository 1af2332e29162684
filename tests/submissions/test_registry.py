"""Adding a field is one entry of the registry: form, schema, workbook, validator and mapping follow from it."""

import uuid
from collections.abc import Iterator
from pathlib import Path
from shutil import copytree

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from lca_models.model import load_model
from service.footprints.parameters import parameters_from
from service.products.models import Product
from service.submissions.answers import Entry, read_entry
from service.submissions.json_schema import answers_schema
from service.submissions.models import Depth
from service.submissions.questionnaire import find_question, using
from service.submissions.registry import Registry, RegistryError, load_registry
from tests.builders import NOW
from tests.footprints.builders import TOLL_ANSWERS, accepted
from tests.portal.visits import enter, invite
from tests.submissions.workbook.sheets import a_book, row_of

SHIPPED = Path(__file__).parents[2] / "service" / "submissions" / "data"
WATER = """
[[question]]
key = "cooling_water"
row = "Q070"
first = true
group = "furnace"
kind = "number"
units = ["t", "kg", "m3_water"]
unit = "t"
per = "product_out"
per_unit = "t/t"
limit_unit = "kg/t"
label = "Furnace type"
ask = "In which kind of furnace is our material graphitized?"
why = "water"
where = "water_bill"
example = ["1,900", "t"]
feeds = [
  { flow = "graphitised_powder", parameter = "graphitization_water_kg_per_kg", formula = "cooling_water / product_out" },
]
"""


def a_registry(folder: Path, entry: str) -> Registry:
    """Return the shipped registry with one more entry for toll graphitization."""
    copytree(SHIPPED, folder, dirs_exist_ok=True)
    with (folder / "toll.toml").open("a", encoding="utf-8") as file:
        file.write(entry)
    return load_registry(folder)


@pytest.fixture
def with_water(tmp_path: Path) -> Iterator[None]:
    with using(a_registry(tmp_path, WATER)):
        yield


@pytest.mark.usefixtures("with_water")
def test_one_entry_makes_a_field_of_the_form(app: FastAPI, client: TestClient) -> None:
    invited = invite(app)
    enter(client, invited)

    page = client.get(f"{invited.home}/furnace").text

    assert 'name="cooling_water"' in page
    assert 'name="cooling_water_unit"' in page


@pytest.mark.usefixtures("with_water")
def test_one_entry_makes_a_property_of_the_schema() -> None:
    fields = answers_schema("TOLL", Depth.FIRST, "en")["properties"]["answers"]["properties"]

    assert fields["cooling_water"]["properties"]["unit"]["enum"] == [None, "t", "kg", "m3_water"]
    assert fields["cooling_water"]["x-limits"] == [{"low": 0.005, "high": 0.3, "unit": "t/t", "per": "product_out"}]


@pytest.mark.usefixtures("with_water")
def test_one_entry_makes_a_row_of_the_workbook() -> None:
    book = a_book({})

    assert row_of(book, "cooling_water") > 0


@pytest.mark.usefixtures("with_water")
def test_one_entry_is_read_and_refused_by_its_units_and_limits() -> None:
    question = find_question("TOLL", "cooling_water")
    assert question

    assert read_entry(question, Entry(entered="1,900 立方米", unit="m3_water")).value == 1900
    assert "no unit for this" in str(read_entry(question, Entry(entered="1900", unit="GJ")).error)
    assert "below zero" in str(read_entry(question, Entry(entered="-1", unit="t")).error)
    assert (question.limits["t/t"].low, question.limits["t/t"].high) == (0.005, 0.3)  # 5 to 300 kg/t


@pytest.mark.usefixtures("with_water")
def test_one_entry_feeds_the_model() -> None:
    supplier = uuid.uuid4()
    product = Product(
        plant_id=uuid.uuid4(),
        grade="AG-1",
        name_zh="粉",
        name_en="Powder",
        furnace="acheson_crucible",
        toll_share=1.0,
        created_at=NOW,
    )
    answers = {supplier: accepted({**TOLL_ANSWERS, "cooling_water": 1900.0})}

    parameters, provenance = parameters_from(product, {"graphitised_powder": {supplier: 1.0}}, answers, load_model(), background={})

    assert parameters["graphitization_water_kg_per_kg"] == 2.0
    assert provenance["graphitization_water_kg_per_kg"].parts[0].formula == "cooling_water 1,900 t / product_out 950 t = 2 kg/kg"


def test_the_shipped_registry_is_in_use_again_afterwards(tmp_path: Path) -> None:
    with using(a_registry(tmp_path, WATER)):
        assert find_question("TOLL", "cooling_water")

    assert find_question("TOLL", "cooling_water") is None


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (('why = "water"', 'why = "moon"'), "names no text of why: moon"),
        (('row = "Q070"', 'row = "Q999"'), "names no row of the field list: Q999"),
        (("first = true", "frist = true"), "has unknown keys frist"),
        (('unit = "t"\n', 'unit = "GJ"\n'), "units that do not fit: GJ"),
        (('key = "cooling_water"', 'key = "charge_in"'), "asks twice for charge_in"),
        (("cooling_water / product_out", "cooling_water / moon"), "fields that it does not ask: moon"),
        (('ask = "In which kind of furnace is our material graphitized?"\n', ""), "lacks ask"),
    ],
)
def test_an_entry_that_cannot_be_a_field_says_what_is_wrong(tmp_path: Path, change: tuple[str, str], words: str) -> None:
    assert change[0] in WATER
    with pytest.raises(RegistryError, match=words):
        a_registry(tmp_path, WATER.replace(*change))
