from dataclasses import replace

import pytest

from service.spreadsheets.cells import column_name, read_cells
from service.submissions.answers import Entry
from service.submissions.models import Absence, Depth, EvidenceKind
from service.submissions.questionnaire import questions_for
from service.submissions.workbook.layout import ANSWERS_SHEET, COLUMNS, GUIDE_SHEET, LETTERS, LISTS_SHEET, META_SHEET
from service.submissions.workbook.writing import registry_hash, write_questionnaire
from service.suppliers.models import SupplierType
from tests.submissions.builders import TOLL_ANSWERS
from tests.submissions.workbook.sheets import a_book, contents, received, row_of


def test_every_question_has_a_row_with_its_words_in_both_languages() -> None:
    book = a_book({})
    page, row = book[ANSWERS_SHEET], row_of(book, "charge_in")
    fields = [cell.value for cell in page[LETTERS["field"]] if cell.value][1:]
    words = [page[f"{LETTERS[key]}{row}"].value.split("\n")[0] for key in ("label_zh", "label_en")]

    assert fields == [question.key for question in questions_for("TOLL", Depth.FIRST)]
    assert words == ["投料量 *", "Material received *"]


@pytest.mark.parametrize("depth", Depth)
@pytest.mark.parametrize("kind", SupplierType)
def test_every_supplier_type_has_its_workbook(kind: SupplierType, depth: Depth) -> None:
    content = write_questionnaire(replace(contents({}), supplier_type=kind, depth=depth))
    rows = read_cells(content)["sheets"][1]["cells"]

    asked = {question.key for question in questions_for(kind, depth)}
    assert {cell["value"] for cell in rows if column_name(cell["column"]) == LETTERS["field"]} >= asked


def test_only_the_cells_for_answers_are_unlocked_and_no_password_is_set() -> None:
    book = a_book(TOLL_ANSWERS)
    page = book[ANSWERS_SHEET]
    row = row_of(book, "grid_electricity")
    unlocked = {column.key for column in COLUMNS if not page[f"{LETTERS[column.key]}{row}"].protection.locked}

    assert page.protection.sheet
    assert page.protection.password is None
    assert unlocked == {"answer", "unit", "evidence", "absent", "note"}


def test_ids_and_lists_are_hidden_and_instructions_come_first() -> None:
    book = a_book({})

    assert book.sheetnames == [GUIDE_SHEET, ANSWERS_SHEET, LISTS_SHEET, META_SHEET]
    assert [book[name].sheet_state for name in book.sheetnames] == ["visible", "visible", "hidden", "hidden"]
    assert book[ANSWERS_SHEET].column_dimensions[LETTERS["field"]].hidden
    assert "账单" in book[GUIDE_SHEET]["A5"].value


def test_choices_and_units_are_offered_from_lists() -> None:
    book = a_book({})
    page = book[ANSWERS_SHEET]
    offered = {str(offer.sqref): offer.formula1 for offer in page.data_validations.dataValidation}
    cell = f"{LETTERS['answer']}{row_of(book, 'furnace_type')}"
    where = next(formula for cells, formula in offered.items() if cell in cells.split())
    words = [cell.value for (cell,) in book[LISTS_SHEET][where.split("!")[1]]]

    assert [word.partition(" / ")[2] for word in words] == [
        "Acheson crucible furnace",
        "Box furnace",
        "Inner-string furnace",
        "Continuous furnace",
    ]


def test_answers_so_far_stand_in_their_cells_and_mean_the_same_when_they_come_back() -> None:
    entries = {
        **TOLL_ANSWERS,
        "packing_coke_net": Entry(absent=Absence.UNKNOWN, note="Not weighed\nyet", unit="t"),
        "natural_gas": Entry(entered="about 5", unit="Nm3", evidence_kind=EvidenceKind.ESTIMATED),
    }

    back = received(a_book(entries))

    assert not back.problems
    assert back.entries["packing_coke_net"].absent is Absence.UNKNOWN
    assert back.entries["packing_coke_net"].note == "Not weighed\nyet"
    assert (back.entries["natural_gas"].entered, back.entries["natural_gas"].evidence_kind) == ("about 5", EvidenceKind.ESTIMATED)
    assert back.entries["furnace_type"].entered == "box"


def test_no_answer_becomes_a_formula() -> None:
    book = a_book({"grid_electricity": Entry(entered="=1+1", unit="kWh", note="=cmd|'/c calc'!A1")})
    page, row = book[ANSWERS_SHEET], row_of(book, "grid_electricity")

    assert [page[f"{LETTERS[key]}{row}"].data_type for key in ("answer", "note")] == ["s", "s"]
    assert received(book).entries["grid_electricity"].entered == "=1+1"


def test_the_registry_hash_tells_questionnaires_apart() -> None:
    hashes = {registry_hash(kind, depth) for kind in ("TOLL", "COKE") for depth in Depth}

    assert len(hashes) == 6
