import io
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from typer.testing import CliRunner, Result

from service.allocation.front import exact_front
from service.allocation.lines import BidMode, Rules, SupplierLine
from service.allocation.problem import Problem
from service.allocation.solving import solve
from service.allocation.workbook import AllocationWorkbookError, WorkbookProblem, read_workbook
from service.allocation.workbook_answers import solve_workbook
from service.allocation.workbook_writing import write_workbook
from service.bench.allocation import random_problem
from service.cli import app
from service.i18n import explain
from service.spreadsheets.cells import read_cells
from tests.allocation.problems import a_problem, an_offer_line
from tests.allocation.workbooks import a_workbook

NUMBERS = ("price_per_t", "kg_co2e_per_t", "capacity_t", "moq_t", "fixed_cost", "defect_share", "green_score")
"""What Excel keeps 15 digits of."""


def read(**parts: Any) -> WorkbookProblem:
    return read_workbook(read_cells(a_workbook(**parts)))


def mistakes(**parts: Any) -> list[str]:
    with pytest.raises(AllocationWorkbookError) as caught:
        read(**parts)
    return [str(point) for point in caught.value.points]


def run(tmp_path: Path, content: bytes, *arguments: str) -> Result:
    path = tmp_path / "orders.xlsx"
    path.write_bytes(content)
    return CliRunner().invoke(app, ["allocate", "--workbook", str(path), *arguments])


def test_the_command_prints_the_plan_as_json(tmp_path: Path) -> None:
    """80 t x 100 + 20 t x 150 yuan, 80 t x 2 + 20 t x 1 t CO2e; under 150 t, 30 t move from A to B at 50 yuan each."""
    result = run(tmp_path, a_workbook(rules=[["carbon_cap_t", 150], ["gap", 0], ["time_limit_s", 5]]), "--json", "--front", "3")
    answer = json.loads(result.stdout)

    assert result.exit_code == 0
    assert {key: answer[key] for key in ("status", "cost", "t_co2e", "gap", "shadow_price_per_t_co2e")} == pytest.approx(
        {"status": "optimal", "cost": 12_500.0, "t_co2e": 150.0, "gap": 0.0, "shadow_price_per_t_co2e": 50.0}
    )
    assert answer["allocations"] == [
        {"supplier": "A", "material": "coke", "t": pytest.approx(50.0)},
        {"supplier": "B", "material": "coke", "t": pytest.approx(50.0)},
    ]
    assert "blocking_rules" not in answer
    assert [(round(point["cost"]), round(point["t_co2e"])) for point in answer["front"]] == [
        (12_500, 150),
        (13_750, 125),
        (15_000, 100),
    ]


def test_without_json_people_can_read_it(tmp_path: Path) -> None:
    result = run(tmp_path, a_workbook(rules=[["carbon_cap_t", 150]]), "--front", "2")

    assert "optimal: 12,500.00 yuan, 150.000 t CO2e" in result.stdout
    assert "save 50.00 yuan" in result.stdout


def test_without_a_plan_the_answer_names_rule_and_cell(tmp_path: Path) -> None:
    result = run(tmp_path, a_workbook(offers=[["A", "coke", 100, 2000, 80]]), "--json")
    answer = json.loads(result.stdout)

    assert (result.exit_code, answer["status"], answer["cost"]) == (0, "infeasible", None)
    [blocking] = answer["blocking_rules"]
    assert {key: blocking[key] for key in ("rule", "supplier", "sheet", "row", "column", "value", "needed")} == {
        "rule": "capacity_t",
        "supplier": "A",
        "sheet": "offers",
        "row": 2,
        "column": "capacity_t",
        "value": 80.0,
        "needed": pytest.approx(100.0),
    }
    assert "row 2" in result.stderr


@pytest.mark.parametrize(
    ("parts", "rule", "cell"),
    [
        ({"rules": [["gap", 0], ["carbon_cap_t", 50]]}, "carbon_cap_t", ("rules", 3, "value")),
        ({"demands": [["coke", 100, 3]]}, "min_suppliers", ("demands", 2, "min_suppliers")),
        ({"demands": [["coke", 100], ["pitch", 5]]}, "offers", ("demands", 3, "demand_t")),
        (
            {"further": {"suppliers": [["supplier", "capacity_t"], ["B", 5]]}},
            "supplier_capacity_t",
            ("suppliers", 2, "capacity_t"),
        ),
    ],
)
def test_every_blocking_rule_leads_to_its_cell(parts: dict[str, Any], rule: str, cell: tuple[str, int, str]) -> None:
    found = solve_workbook(read(**parts), points=None).as_dict()["blocking_rules"]

    assert cell in [(one["sheet"], one["row"], one["column"]) for one in found if one["rule"] == rule]


def test_a_wrong_workbook_ends_with_every_mistake_and_code_2(tmp_path: Path) -> None:
    offers = [["A", "coke", -5, 2000, 80], ["B", "coke", "cheap", 1000], ["C", "coke", 100, 900, 10, 20]]
    result = run(tmp_path, a_workbook(offers=offers, rules=[["carbon_cup_t", 5]]), "--json")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.count("orders.xlsx") == 4
    assert "Sheet “offers”, row 2, column “C (price_per_t)”, value “-5”: This can't be negative." in result.stderr
    assert "Sheet “offers”, row 3, column “C (price_per_t)”, value “cheap”: This is no number." in result.stderr
    assert "row 4, column “F (moq_t)”, value “20”: This is more than the capacity of 10 t." in result.stderr
    assert "Sheet “rules”, row 2, column “B (carbon_cup_t)”, value “5”: There is no such rule. Use: carbon_cap_t." in result.stderr


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ({"offers": [["A", "coke", "NaN", 1]]}, "row 2, column “C (price_per_t)”, value “NaN”: This is no number"),
        ({"offers": [["A", "coke", True, 1]]}, "value “True”: This is no number"),
        ({"offers": [["A", "coke", 1, 1], ["A", "coke", 2, 2]]}, "row 3, column “A (supplier)”, value “A, coke”: This stands"),
        ({"offers": [["A", "coke", 1]]}, "row 2, column “D (kg_co2e_per_t)”, value “”: This must be filled in"),
        ({"offers": [["A", "coke", 1, 1, 5, 1, 1, 40]]}, "column “H (max_share)”, value “40”: A share lies between 0 and 1"),
        ({"offers": [["A", "coke", 1, 1, 5, 1, 1, 1, 0, 101]]}, "value “101”: A score lies between 0 and 100"),
        ({"offers": [["A", "coke", "=1+1", 1]]}, "This formula has no stored result"),
        ({"demands": [["coke", 100, 3, 2]]}, "row 2, column “D (max_suppliers)”, value “2”: This is less than min_suppliers (3)"),
        ({"demands": [["coke", 100, 1.5]]}, "value “1.5”: This must be a whole number"),
        ({"demands": [["coke", 100], ["coke", 5]]}, "“demands”, row 3, column “A (material)”, value “coke”: This stands"),
        ({"demands": []}, "Nothing is demanded"),
        ({"demands": [["coke", 100, 1, 2, 0.02]]}, "column “I (defect_share)”, value “”: “coke” has a rule max_defect_share"),
        ({"rules": [["time_limit_s", 0]]}, "row 2, column “B (time_limit_s)”, value “0”: Give the search at least"),
        ({"rules": [["gap", 0.1], ["gap", 0.2]]}, "row 3, column “B (gap)”, value “0.2”: This rule stands twice"),
        ({"rules": [["bid_mode", "cheapest"]]}, "Write one of: carbon_price, grade_preference"),
        ({"rules": [["bid_mode", "grade_preference"], ["carbon_price_per_t", 5]]}, "“B (carbon_price_per_t)”, value “5”"),
        ({"further": {"suppliers": [["supplier", "capacity_t"], ["Alpah", 5]]}}, "value “Alpah”: No offer is of this supplier"),
        ({"further": {"suppliers": [["supplier", "is_new"], ["A", "maybe"]]}}, "value “maybe”: Write yes or no"),
        ({"further": {"offer": [["x"]]}}, "There is no sheet of this name: “offer”"),
        ({"further": {"报价": [["supplier"]]}}, "The sheet “报价” is there twice"),
        ({"headers": {"offers": ["supplier", "material", "price"]}}, "value “price”: There is no such column. Use: price_per_t"),
        ({"headers": {"demands": ["material"]}}, "column “demand_t”, value “”: This column is missing"),
        ({"headers": {"rules": ["key", "value", "value"]}}, "This column is there twice"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_cell_and_what_to_do(parts: dict[str, Any], expected: str) -> None:
    assert any(expected in text for text in mistakes(**parts)), mistakes(**parts)


def test_a_file_that_is_no_workbook_or_lacks_a_sheet_says_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    stream = io.BytesIO()
    book.save(stream)

    assert "This is not an Excel workbook" in run(tmp_path, b"supplier,material").stderr
    assert "The sheet “demands” is missing" in run(tmp_path, stream.getvalue()).stderr
    missing = CliRunner().invoke(app, ["allocate", "--workbook", str(tmp_path / "none.xlsx")])
    assert (missing.exit_code, "none.xlsx" in missing.stderr) == (2, True)


def test_mistakes_read_in_chinese() -> None:
    with pytest.raises(AllocationWorkbookError) as caught:
        read(offers=[["A", "coke", -5, 2000]])

    assert (
        explain("zh-CN", caught.value.points[0])
        == "工作表“offers”第 2 行，“C (price_per_t)”列，值“-5”：不能为负数。请填写零或正数。"
    )


def test_empty_cells_mean_no_rule() -> None:
    problem = read(rules=[["carbon_cap_t", None], ["carbon_price_per_t", None]]).problem

    [first, second], [demand] = problem.offers, problem.demands
    assert (first.capacity_t, second.capacity_t, second.moq_t, second.fixed_cost, second.max_share) == (80.0, None, 0.0, 0.0, 1.0)
    assert (second.defect_share, second.green_score) == (None, None)
    assert (demand.min_suppliers, demand.max_suppliers, demand.max_defect_share, demand.min_green_score) == (1, None, None, None)
    assert problem.rules == Rules()


def test_what_people_type_is_understood() -> None:
    """Percent cells and texts, thousands separators, full-width digits, numbers as names, blank lines and notes."""
    headers = {"offers": ["供应商", "物料 material", "price_per_t", "KG_CO2E_PER_T", "max_share", "备注"]}
    offers = [[1001, "coke", "1,250.5", "２０００", 0.4, "cheap"], [], ["B", "coke", 1, 1, "60%", None]]

    problem = read(offers=offers, headers=headers, percent=["E2"]).problem

    assert [(one.supplier, one.price_per_t, one.kg_co2e_per_t, one.max_share) for one in problem.offers] == [
        ("1001", 1250.5, 2000.0, 0.4),
        ("B", 1.0, 1.0, 0.6),
    ]


def test_offers_that_nothing_is_demanded_of_are_not_used_but_told(tmp_path: Path) -> None:
    offers = [["A", "coke", 100, 2000], ["B", "Coke", 1, 1]]

    assert "Nothing is demanded of “Coke”" in run(tmp_path, a_workbook(offers=offers)).stdout
    answer = json.loads(run(tmp_path, a_workbook(offers=offers), "--json").stdout)
    assert (answer["cost"], len(answer["notices"])) == (10_000.0, 1)


def test_a_second_source_in_name_only_is_pointed_out() -> None:
    """Nothing but the number of suppliers asks for B, which costs more: it gets a millionth of 100 t."""
    offers = [["A", "coke", 100, 2000], ["B", "coke", 150, 1000]]

    token = solve_workbook(read(offers=offers, demands=[["coke", 100, 2]]), points=None)
    real = solve_workbook(read(offers=offers, demands=[["coke", 100, 2]], rules=[["min_order_share", "5%"]]), points=None)

    assert [str(notice).startswith("“B” gets only 0.0001 t of “coke”") for notice in token.notices] == [True]
    assert list(real.notices) == []


def test_a_written_workbook_can_be_read_and_solved_again() -> None:
    drawn = random_problem(seed=5, suppliers=6, materials=2, share=1.0)
    problem = replace(
        drawn,
        offers=[replace(offer, **{name: round(getattr(offer, name), 6) for name in NUMBERS}) for offer in drawn.offers],
        demands=[replace(demand, demand_t=round(demand.demand_t, 6)) for demand in drawn.demands],
        rules=Rules(carbon_cap_t=1e9, min_order_share=0.01, max_new_suppliers=6),
        suppliers=(SupplierLine(supplier="S001", owner_group="G", is_new=True, capacity_t=1e9),),
    )
    answer, front = solve(problem), exact_front(problem, points=2)

    again = read_workbook(read_cells(write_workbook(problem, answer, front=front))).problem

    assert again.as_dict() == problem.as_dict()
    assert solve(again) == answer


def test_a_name_that_looks_like_a_formula_stays_a_name(tmp_path: Path) -> None:
    name = '=HYPERLINK("http://x.example","A")'
    problem: Problem = a_problem(an_offer_line(name, capacity_t=5.0), rules=Rules(bid_mode=BidMode.GRADE_PREFERENCE))
    output = tmp_path / "out.xlsx"

    assert run(tmp_path, write_workbook(problem, solve(problem)), "--output", str(output)).exit_code == 0

    for content in (write_workbook(problem, solve(problem)), output.read_bytes()):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            assert not any(b"<f>" in archive.read(part) for part in archive.namelist() if "worksheets" in part)
        assert read_workbook(read_cells(content)).problem.offers[0].supplier == name


def test_the_example_of_the_document_gives_the_answer_that_stands_there() -> None:
    document = (Path(__file__).parents[2] / "docs" / "allocation.md").read_text(encoding="utf-8")
    example = document.partition("### Example")[2].partition("### The answer")[0]
    tables = [
        [[cell.strip() or None for cell in line.strip("|").split("|")] for line in table.splitlines() if "---" not in line]
        for table in re.findall(r"(?:^\|.*\n)+", example, re.MULTILINE)
    ]
    names = ("offers", "demands", "rules")
    content = a_workbook(
        **{name: table[1:] for name, table in zip(names, tables, strict=True)},
        headers={name: [str(cell) for cell in table[0]] for name, table in zip(names, tables, strict=True)},
    )

    expected = json.loads(example.partition("```json")[2].partition("```")[0])
    assert solve_workbook(read_workbook(read_cells(content)), points=None).as_dict() == expected
