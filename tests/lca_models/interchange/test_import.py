"""Other people's inventories: what can be used is calculated, and what can't is named by sheet, row, column, value and fix."""

import io
import json
import math
import zipfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from lca_models import load_model
from lca_models.emissions import GwpSet
from lca_models.errors import ModelError
from lca_models.interchange import excel
from lca_models.interchange.as_brightway import as_database
from lca_models.interchange.model_import import calculate_import, model_tables, read_inventory, write_template
from lca_models.interchange.sheets import Sheet, read_csv, read_sheets
from lca_models.inventories import InventoryResult
from lca_models.model import shipped_tables
from service.cli import app
from service.suppliers import spreadsheet

MODEL = load_model()
Line = Sequence[str | float | None]
PROCESSES: list[Line] = [
    ("process", "flow", "direction", "amount", "unit"),
    ("milling", "powder", "reference", 1, "kg"),
    ("milling", "coke", "input", 1.25, "kg"),
    (),
    ("milling", "power", "input", 2.88, "MJ"),
]
FACTORS: list[Line] = [("flow", "ef", "unit"), ("coke", 0.6, "kgCO2e/kg"), ("power", 577.7, "gCO2e/kWh")]


def opened(content: bytes, *, file: str = "book.xlsx") -> tuple[Sheet, ...]:
    return read_sheets(spreadsheet.read_sheets(content)["sheets"], file=file)


def imported(sheets: Mapping[str, Sequence[Line]], *, product: str | None = None) -> InventoryResult:
    content = excel.write_sheets({name: list(lines) for name, lines in sheets.items()})
    return calculate_import(MODEL, read_inventory(opened(content), model=MODEL, factors={}), product=product)


def refused(sheets: Mapping[str, Sequence[Line]]) -> str:
    with pytest.raises(ModelError) as caught:
        imported(sheets)
    return str(caught.value)


def test_the_template_calculates_as_worked_by_hand() -> None:
    found = read_inventory(opened(write_template()), model=MODEL, factors={})
    result = calculate_import(MODEL, found)

    # Per t: 1.1 t milled coke of 1.25 kg coke and 0.8 kWh each kg, 12 MWh, 400 kg CO2.
    by_hand = 1100 * (1.25 * 0.6 + 0.8 * 0.5777) + 12_000 * 0.5777 + 400
    assert result.solution.total_kg_co2e == pytest.approx(by_hand, rel=1e-12)
    assert (found.layout, found.ignored_sheets, result.product, result.product_unit) == ("tables", ("notes",), "graphite", "t")


@pytest.mark.parametrize("given", [{}, {"furnace": "box"}, {"packing_coke_allocation": "economic", "toll_share": 0.4}])
@pytest.mark.parametrize(("view", "gwp"), [("national", GwpSet.AR6), ("market", GwpSet.AR4)])
def test_our_own_workbook_comes_back_with_its_score(given: dict[str, float | str], view: str, gwp: GwpSet) -> None:
    database = as_database(MODEL, given, electricity=view, gwp=gwp)

    found = read_inventory(opened(excel.write_inventory(database)), model=MODEL, factors={})

    assert found.layout == "brightway"
    assert calculate_import(MODEL, found).solution.total_kg_co2e == pytest.approx(database.total_kg_co2e, rel=1e-12)


def test_a_csv_may_rest_on_the_model_s_factors() -> None:
    text = "process,flow,direction,amount,unit\nmill,powder,reference,1,kg\nmill,electricity_cn_grid,input,2,kWh\n"
    sheets = (read_csv(b"\xef\xbb\xbf" + text.encode(), file="a.csv"),)

    with pytest.raises(ModelError, match="electricity_cn_grid in mill"):
        calculate_import(MODEL, read_inventory(sheets, model=MODEL, factors={}))
    found = read_inventory(sheets, model=MODEL, factors={}, with_model_factors=True)
    assert calculate_import(MODEL, found).solution.total_kg_co2e == pytest.approx(2 * 0.5777)


def changed(lines: Sequence[Line], row: int, column: int, value: str | float | None) -> list[Line]:
    """Return the lines with one other cell; row and column as Excel counts, from 1."""
    found = [list(line) for line in lines]
    found[row - 1][column - 1] = value
    return [tuple(line) for line in found]


@pytest.mark.parametrize(
    ("row", "column", "value", "fragments"),
    [
        (3, 4, "1,25", ["book.xlsx [inputs], line 3, column amount", "“1,25” is not a finite number", "12.5"]),
        (5, 4, None, ["[inputs], line 5, column amount: the cell is empty"]),
        (5, 5, "kW", ["line 5", "“kW” is not known", "kWh"]),
        (3, 5, "kWh", ["milling / coke ([inputs], line 3)".replace("[", "book.xlsx ["), "does not convert exactly"]),
        (3, 3, "in", ["line 3, column direction", "“in” is not allowed", "input"]),
        (5, 2, "coke", ["line 5", "already has the flow “coke”", "line 3"]),
        (3, 3, "reference", ["“milling” has 2 reference products", "line 2", "line 3"]),
        (2, 4, 0, ["line 2, column amount", "must be above zero"]),
        (3, 2, "steam", ["steam in milling", "Add a process or a factor"]),
        (1, 5, "Unit", ["book.xlsx [inputs], line 1: the columns unit are missing"]),
    ],
)
def test_a_bad_cell_is_named(row: int, column: int, value: str | float | None, fragments: list[str]) -> None:
    message = refused({"inputs": changed(PROCESSES, row, column, value), "factors": FACTORS})

    for fragment in fragments:
        assert fragment in message


def test_the_sheets_they_come_from_calculate() -> None:
    # 2.88 MJ are 0.8 kWh, and 577.7 g are 0.5777 kg.
    result = imported({"inputs": PROCESSES, "factors": FACTORS})

    assert result.solution.total_kg_co2e == pytest.approx(1.25 * 0.6 + 0.8 * 0.5777)


def test_no_table_and_several_products_are_explained() -> None:
    two = [*PROCESSES[:3], ("sieving", "sieved", "reference", 1, "kg"), ("sieving", "coke", "input", 1, "kg")]

    assert "No sheet of book.xlsx [a] has the columns process, flow" in refused({"a": [("x", "y")]})
    assert "2 products are taken by no other process: powder, sieved" in refused({"inputs": two, "factors": FACTORS})
    assert imported({"inputs": two, "factors": FACTORS}, product="sieved").product == "sieved"


def activity(name: str, *exchanges: Line, facts: Sequence[Line] = (("unit", "kilogram"),)) -> list[Line]:
    header = ("name", "amount", "unit", "type", "input", "formula")
    return [("Activity", name), *facts, ("Exchanges",), header, *exchanges, ()]


def book(*blocks: Sequence[Line], parameters: Sequence[Line] = ()) -> dict[str, list[Line]]:
    head: list[Line] = [("Database", "theirs"), ()]
    if parameters:
        head.extend([("Database parameters",), ("name", "amount", "formula"), *parameters, ()])
    return {"inventory": [*head, *(line for block in blocks for line in block)]}


MILL = activity("mill", ("mill", 2, "kilogram", "production"), ("carbon dioxide (fossil)", 3, "kilogram", "biosphere"))


def test_a_brightway_workbook_with_names_units_and_formulas_calculates_as_worked_by_hand() -> None:
    kiln = activity(
        "kiln",
        ("kiln", 1, "kilogram", "production"),
        ("mill", 99, "kilogram", "technosphere", None, "feed/yield_"),
        ("CH4_fossil", 10, "gram", "biosphere"),
    )
    sheets = book(kiln, MILL, parameters=[("yield_", 0.8, None), ("feed", 7, "yield_*2")])

    # The formula counts, not the 99 beside it: 0.8 x 2 / 0.8 = 2 kg from the mill, 1.5 kg CO2 each; 10 g methane.
    assert imported(sheets).solution.total_kg_co2e == pytest.approx(2 * 1.5 + 0.010 * 29.8)


def test_an_activity_without_production_makes_one_unit_as_in_brightway() -> None:
    assert imported(book(activity("mill", ("CO2_fossil", 3, "kilogram", "biosphere")))).solution.total_kg_co2e == pytest.approx(3)


KILN = ("kiln", 1, "kilogram", "production")


@pytest.mark.parametrize(
    ("sheets", "fragments"),
    [
        (
            book(activity("kiln", KILN, ("mil", 1, "kilogram", "technosphere")), MILL),
            ["line 8, column name", "0 activities", "“mil”"],
        ),
        (book(activity("kiln", KILN, ("mill", 1, "unit", "technosphere")), MILL), ["line 8", "0 activities", "unit “piece”"]),
        (
            book(activity("kiln", KILN, ("mill", 1, "kilogram", "technosphere", "theirs::x")), MILL),
            ["line 8, column input", "“theirs::x”"],
        ),
        (
            book(activity("kiln", ("mill", 1, "kilogram", "production", "theirs::mill")), MILL),
            ["line 7, column input", "another activity"],
        ),
        (book(activity("kiln", KILN, KILN)), ["[inventory], line 3: “kiln” has 2 production exchanges", "line 7", "line 8"]),
        (book(activity("kiln", ("kiln", 0, "kilogram", "production"))), ["line 7, column amount", "“kiln” is 0", "above zero"]),
        (book(activity("kiln", ("kiln", "x", "kilogram", "production"))), ["line 7, column amount", "“x” is not a finite number"]),
        (book(activity("kiln", ("kiln", 1, "kilogram", "substitution"))), ["line 7, column type", "“substitution” is not allowed"]),
        (
            book(activity("kiln", KILN, ("mill", 1, "kilogram", "technosphere", None, "heat*2")), MILL),
            ["line 8, column formula", "“heat”"],
        ),
        (
            book(activity("kiln", KILN, ("mill", 1, "kilogram", "technosphere", None, "__import__('os')")), MILL),
            ["line 8, column formula", "not allowed in the formula"],
        ),
        (
            book(activity("kiln", ("kiln", 1, None, "production", None, "a")), parameters=[("a", 1, "b"), ("b", 1, "a")]),
            ["line 5, column formula", "a -> b -> a", "Give one a number"],
        ),
        (book(MILL, MILL), ["[inventory], line 10: “mill” has the same code as “mill”", "line 3"]),
        (book(activity("kiln", facts=())), ["line 3: “kiln” has no unit"]),
        (book([("Activity",)]), ["line 3: the activity has no name"]),
        ({"a": [("Database", "x")], "b": [("Database", "y")]}, ["book.xlsx [b], line 1: a second section “Database”"]),
        ({"a": [("Database",)]}, ["book.xlsx [a], line 1: the database has no name"]),
        (book(), ["There is no activity in book.xlsx [inventory]"]),
        (book(activity("kiln", KILN, ("dragon breath", 1, "kilogram", "biosphere"))), ["dragon breath in kiln", "not known"]),
    ],
)
def test_a_bad_brightway_workbook_is_refused_by_place(sheets: Mapping[str, Sequence[Line]], fragments: list[str]) -> None:
    message = refused(sheets)

    for fragment in fragments:
        assert fragment in message, message


def test_an_endless_chain_of_parameters_is_an_error_and_a_long_one_is_not() -> None:
    def chain(steps: int) -> dict[str, list[Line]]:
        links = [(f"p{number}", 1, f"p{number + 1}*1") for number in range(steps)]
        rows = [*links, (f"p{steps}", 3, None)]
        return book(activity("kiln", KILN, ("CO2_fossil", 1, "kilogram", "biosphere", None, "p0")), parameters=rows)

    assert imported(chain(40)).solution.total_kg_co2e == 3
    assert "line 55, column formula: parameters are made of each other over more than 50 steps" in refused(chain(1500))


@pytest.mark.parametrize("amount", [1e308, 1e-320, -1e308])
def test_amounts_beyond_what_a_computer_counts_are_refused_in_words(amount: float) -> None:
    lines = changed(changed(PROCESSES, 3, 4, amount), 3, 5, "kt")

    with suppress(ModelError):
        assert math.isfinite(imported({"inputs": lines, "factors": FACTORS}).solution.total_kg_co2e)


CELLS = st.one_of(
    st.none(), st.booleans(), st.floats(), st.text(max_size=8), st.sampled_from(["Database", "Activity", "Exchanges", "Parameters"])
)
HEADERS = st.sampled_from(
    [("process", "flow", "direction", "amount", "unit"), ("Database", "x"), ("Activity", "y"), ("name", "type")]
)


@given(st.lists(st.one_of(HEADERS, st.lists(CELLS, max_size=6)), max_size=12))
def test_whatever_the_cells_hold_the_answer_is_a_result_or_an_error_in_words(rows: list[list[str | float | bool | None]]) -> None:
    sheets = read_sheets([{"name": "a", "rows": rows, "cut": False}], file="x.xlsx")

    with suppress(ModelError):
        calculate_import(MODEL, read_inventory(sheets, model=MODEL, factors={}))


def test_too_many_rows_are_an_error_and_not_cut_off() -> None:
    rows = [("process", "flow", "direction", "amount", "unit"), *(("p", f"f{n}", "input", 1, "kg") for n in range(2500))]

    with pytest.raises(ModelError, match=r"the sheet “a” has more than 2000 rows"):
        opened(excel.write_sheets({"a": rows}))


def test_only_sheets_called_like_tables_of_the_model_become_its_tables() -> None:
    sheets = opened(excel.write_sheets({"carbon_contents": [("a",)], "other": [("b",)]}))

    assert model_tables(sheets, shipped_tables()) == {"carbon_contents.csv": b"a\n"}
    with pytest.raises(ModelError, match=r"other. Call it one of: .*unit_processes"):
        model_tables(sheets[1:], shipped_tables())


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["model", *arguments])


def test_the_command_line_goes_round(tmp_path: Path) -> None:
    exported = run("export", str(tmp_path / "m.xlsx"), "--format", "excel", "--set", "furnace=box", "--json")
    found = run("import", str(tmp_path / "m.xlsx"), "--json")

    assert exported.exit_code == found.exit_code == 0, exported.output + found.output
    facts, result = json.loads(exported.stdout), json.loads(found.stdout)
    assert facts["files"] == [str(tmp_path / "m.xlsx"), str(tmp_path / "m-method.xlsx")]
    assert result["total_kg_co2e"] == pytest.approx(facts["total_kg_co2e"], rel=1e-12)
    assert result["layout"] == "brightway"
    assert result["processes"][0] == "P5_finishing_packaging"


def test_the_command_line_writes_and_reads_the_template(tmp_path: Path) -> None:
    assert run("import", str(tmp_path / "t.xlsx"), "--template").exit_code == 0

    found = run("import", str(tmp_path / "t.xlsx"))
    assert found.exit_code == 0
    assert "2 processes read; sheet notes left out" in found.stdout
    assert "8665.7760 kg CO2e per t graphite" in found.stdout


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"no workbook", "not an Excel workbook"),
        ("a.xlsx", zipfile.ZipFile, "macros"),
        ("a.csv", "过程".encode("gbk"), "no CSV in UTF-8"),
        ("a.csv", b'a,"b', "no CSV in UTF-8"),
        ("a.ods", b"", "only .xlsx and .csv"),
    ],
)
def test_files_that_are_hostile_or_something_else_are_refused(name: str, content: object, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content if isinstance(content, bytes) else with_macros())

    found = run("import", str(tmp_path / name))

    assert (found.exit_code, found.stdout) == (2, "")
    assert f"anodeprint: {name}" in found.stderr
    assert message in found.stderr


def with_macros() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/vbaProject.bin", "x")
    return stream.getvalue()


def test_unknown_formats_and_factor_sets_are_refused(tmp_path: Path) -> None:
    assert "use one of excel, brightway, openlca" in run("export", str(tmp_path / "x"), "--format", "simapro").stderr
    assert "use one of AR6, AR5, AR4" in run("export", str(tmp_path / "x"), "--format", "excel", "--gwp", "AR7").stderr
    assert "can't be written" in run("export", str(tmp_path / "no" / "x.xlsx"), "--format", "excel").stderr
