"""Whatever people do to the sheet, the same answers come out; what can't be known is said with its cell."""

import random
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from service.errors import FieldError
from service.submissions.answers import Entry
from service.submissions.canonical import canonical_answers
from service.submissions.models import Absence, Depth, EvidenceKind
from service.submissions.questionnaire import questions_for
from service.submissions.units import unit_label
from service.submissions.workbook.layout import ANSWERS_SHEET, COLUMNS, LETTERS, META_SHEET
from service.submissions.workbook.receiving import Received, receive
from tests.submissions.builders import TOLL_ANSWERS
from tests.submissions.workbook.sheets import REGISTRY, SUBMISSION, a_book, received, row_of, write

QUESTIONS = {question.key: question for question in questions_for("TOLL", Depth.FIRST)}
EXPECTED = canonical_answers(QUESTIONS, TOLL_ANSWERS)
WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")


def meaning(found: Received) -> Mapping[str, Any]:
    return canonical_answers(QUESTIONS, found.entries)


def messages(found: Received) -> list[str]:
    return [one.error.template for one in found.problems]


# ---- What people do to a sheet ----


def sort_rows(book: Workbook, seed: random.Random) -> None:
    page = book[ANSWERS_SHEET]
    first, last = 4, page.max_row
    rows = [[page.cell(row, column).value for column in range(1, len(COLUMNS) + 1)] for row in range(first, last + 1)]
    seed.shuffle(rows)
    for row, values in enumerate(rows, first):
        for column, value in enumerate(values, 1):
            page.cell(row, column).value = value


def move_columns(book: Workbook, seed: random.Random) -> None:
    page = book[ANSWERS_SHEET]
    order = seed.sample(range(1, len(COLUMNS) + 1), len(COLUMNS))
    for row in range(3, page.max_row + 1):
        values = [page.cell(row, column).value for column in range(1, len(COLUMNS) + 1)]
        for column, value in zip(order, values, strict=True):
            page.cell(row, column).value = value


def rename_sheets(book: Workbook, seed: random.Random) -> None:
    for page in book.worksheets:
        page.title = f"Tabelle {page.title} {seed.randrange(1000)}"[-31:]


def insert_rows_and_a_column(book: Workbook, seed: random.Random) -> None:
    page = book[ANSWERS_SHEET]
    for _ in range(3):
        page.insert_rows(seed.randrange(1, page.max_row))
    page.insert_cols(seed.randrange(1, 4))


def answer_cells(book: Workbook) -> list[Any]:
    """Return the cells below the header of the answers, wherever they are by now."""
    for page in book.worksheets:
        for row in page.iter_rows():
            for cell in row:
                if isinstance(cell.value, str) and cell.value.startswith("回答 / "):
                    below = range(cell.row + 1, page.max_row + 1)
                    return [page.cell(number, cell.column) for number in below]
    raise AssertionError


def numbers_as_text(book: Workbook, seed: random.Random) -> None:
    spellings = (
        lambda value: f"{value:,.1f}",
        lambda value: f"{value:g}" if value < 1e5 else str(int(value)),
        lambda value: f" {value:,.2f}　".translate(WIDE),
        lambda value: f"{value:,.0f}".replace(",", " "),
    )
    for cell in answer_cells(book):
        if isinstance(cell.value, int | float):
            cell.value = seed.choice(spellings)(cell.value)


def drop_hidden_columns(book: Workbook, _: random.Random) -> None:
    for page in book.worksheets:
        for cells in list(page.iter_cols(max_row=12)):
            if any(isinstance(cell.value, str) and "please do not change" in cell.value for cell in cells):
                for cell in page[get_column_letter(cells[0].column)]:
                    cell.value = None


def drop_the_hidden_sheets(book: Workbook, _: random.Random) -> None:
    for page in book.worksheets:
        if page.sheet_state == "hidden":
            book.remove(page)


MUTATIONS = (
    *(sort_rows, move_columns, insert_rows_and_a_column, numbers_as_text),
    *(drop_hidden_columns, drop_the_hidden_sheets, rename_sheets),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(MUTATIONS), max_size=5, unique=True), st.randoms(use_true_random=False))
def test_the_same_answers_come_out_whatever_is_done_to_the_sheet(mutations: list[Any], seed: random.Random) -> None:
    book = a_book(TOLL_ANSWERS)
    for mutation in sorted(mutations, key=MUTATIONS.index):
        mutation(book, seed)

    found = received(book)

    assert messages(found) == []
    assert meaning(found) == EXPECTED


@pytest.mark.parametrize("unit", QUESTIONS["grid_electricity"].units)
def test_a_unit_may_be_written_in_either_language_or_as_its_code(unit: str) -> None:
    for spelling in (unit, unit_label(unit, "zh-CN"), unit_label(unit, "en"), f" {unit_label(unit, 'en').upper()} "):
        rows = {5: ("grid_electricity", {"row": 5, "column": 3, "value": 5.0, "kind": "typed"}, spelling)}
        found = receive(sheet(rows), list(QUESTIONS.values()), submission_id=SUBMISSION, registry=REGISTRY)
        assert found.entries["grid_electricity"].unit == unit


@pytest.mark.parametrize(
    ("typed", "kwh"),
    [
        ("1235万度", 12_350_000.0),
        ("1,234.5 万", 12_345_000.0),
        ("１２３５ 万千瓦时", 12_350_000.0),
        ("12350 MWh", 12_350_000.0),
    ],
)
def test_a_unit_typed_behind_the_figure_counts_where_none_was_chosen(typed: str, kwh: float) -> None:
    book = a_book({})
    write(book, "grid_electricity", typed)

    assert meaning(received(book))["grid_electricity"] == {"value": kwh, "unit": "kWh"}


# ---- What is said about the reading ----


def test_missing_ids_and_a_missing_hidden_sheet_are_said() -> None:
    book = a_book(TOLL_ANSWERS)
    drop_hidden_columns(book, random.Random(0))
    drop_the_hidden_sheets(book, random.Random(0))

    remarks = [one.template for one in received(book).remarks]

    assert len(remarks) == 2
    assert "hidden sheet is missing" in remarks[0]
    assert "known by their words" in remarks[1]


def test_other_questions_than_today_are_said() -> None:
    book = a_book(TOLL_ANSWERS)
    cell = next(cell for cell in book[META_SHEET]["A"] if cell.value == "registry")
    book[META_SHEET][f"B{cell.row}"].value = "of another day"

    assert ["questions have changed" in one.template for one in received(book).remarks] == [True]


def test_a_result_of_a_formula_is_taken_and_said() -> None:
    cells = {"row": 5, "column": 3, "value": 960.0, "kind": "formula"}
    found = receive(sheet({5: ("product_out", cells, "t")}), list(QUESTIONS.values()), submission_id=SUBMISSION, registry=REGISTRY)

    assert found.entries["product_out"] == Entry(entered="960", unit="t")
    assert [one.values for one in found.remarks if "formulas" in one.template] == [{"count": 1, "cells": "C5"}]


@pytest.mark.parametrize(
    ("kind", "value", "word"),
    [("uncached", None, "no remembered result"), ("error", "#DIV/0!", "#DIV/0!"), ("date", "2025-01-02", "made a date")],
)
def test_a_cell_without_a_figure_is_said_with_its_address_and_way_out(kind: str, value: str | None, word: str) -> None:
    cells = {"row": 5, "column": 3, "value": value, "kind": kind}
    found = receive(sheet({5: ("product_out", cells, "t")}), list(QUESTIONS.values()), submission_id=SUBMISSION, registry=REGISTRY)

    (problem,) = found.problems
    assert (problem.sheet, problem.cell, problem.field) == ("S", "C5", "product_out")
    assert word in str(problem.error)
    assert "product_out" not in found.entries


def sheet(rows: Mapping[int, tuple[str, Mapping[str, Any], str]]) -> dict[str, Any]:
    """Return a sheet as the child process answers, with the headers in English."""
    headers = {"field": "Field (please do not change)", "answer": "Answer", "unit": "Unit"}
    places = {"field": 1, "answer": 3, "unit": 4}
    cells = [{"row": 1, "column": places[key], "value": text, "kind": "typed"} for key, text in headers.items()]
    for row, (field, answer, unit) in rows.items():
        cells += [
            {"row": row, "column": 1, "value": field, "kind": "typed"},
            {**answer},
            {"row": row, "column": 4, "value": unit, "kind": "typed"},
        ]
    return {"sheets": [{"name": "S", "is_hidden": False, "cells": cells}]}


def test_a_percentage_counts_as_it_is_shown_and_only_where_shares_are_asked() -> None:
    questions = questions_for("COKE", Depth.FULL)
    share = next(question for question in questions if question.units == ("%",))
    amount = next(question for question in questions if question.kind == "number" and "%" not in question.units)
    rows = {
        5: (share.key, {"row": 5, "column": 3, "value": "85%", "kind": "percent"}, "%"),
        6: (amount.key, {"row": 6, "column": 3, "value": "85%", "kind": "percent"}, amount.units[0]),
    }
    found = receive(sheet(rows), questions, submission_id=SUBMISSION, registry=REGISTRY)
    by_key = {question.key: question for question in questions}

    assert canonical_answers(by_key, found.entries)[share.key] == {"value": 85.0, "unit": "%"}
    assert "value" not in canonical_answers(by_key, found.entries)[amount.key]


def test_a_figure_whose_unit_was_deleted_is_not_guessed() -> None:
    book = a_book(TOLL_ANSWERS)
    write(book, "grid_electricity", None, column="unit")

    (problem,) = received(book).problems

    assert (problem.field, "unit is missing" in problem.error.template) == ("grid_electricity", True)


def test_words_outside_the_lists_are_said_in_their_cell() -> None:
    book = a_book(TOLL_ANSWERS)
    write(book, "grid_electricity", "from hearsay", column="evidence")
    write(book, "packing_coke_net", "perhaps", column="absent")

    found = received(book)

    assert {(one.field, one.value) for one in found.problems} == {
        ("grid_electricity", "from hearsay"),
        ("packing_coke_net", "perhaps"),
    }


def test_source_reason_and_note_are_understood() -> None:
    book = a_book({})
    write(book, "packing_coke_net", "I do not know this", column="absent")
    write(book, "packing_coke_net", "Not weighed", column="note")
    write(book, "charge_in", "１,０００")
    write(book, "charge_in", "表计或称重", column="evidence")

    found = received(book)

    assert found.entries["packing_coke_net"].absent is Absence.UNKNOWN
    assert found.entries["packing_coke_net"].note == "Not weighed"
    assert found.entries["charge_in"] == Entry(entered="１,０００", unit="t", evidence_kind=EvidenceKind.METERED)


def test_two_different_answers_to_one_question_are_said_and_two_equal_ones_are_one() -> None:
    book = a_book(TOLL_ANSWERS)
    page, row, new = book[ANSWERS_SHEET], row_of(book, "charge_in"), book[ANSWERS_SHEET].max_row + 1
    for column in range(1, len(COLUMNS) + 1):
        page.cell(new, column).value = page.cell(row, column).value
    assert not received(book).problems

    page[f"{LETTERS['answer']}{new}"].value = 1001

    (problem,) = received(book).problems
    assert (problem.cell, problem.error.values["other"]) == (f"{LETTERS['answer']}{new}", f"{LETTERS['answer']}{row}")


def test_an_answer_beside_no_question_is_said_and_not_lost_in_silence() -> None:
    book = a_book(TOLL_ANSWERS)
    page = book[ANSWERS_SHEET]
    row = row_of(book, "charge_in")
    for key in ("field", "label_zh", "label_en"):
        page[f"{LETTERS[key]}{row}"].value = "something else"

    (problem,) = received(book).problems

    assert (problem.field, problem.cell, problem.value) == (None, f"{LETTERS['answer']}{row}", "1000")


def test_what_is_too_long_to_be_stored_is_said() -> None:
    book = a_book({})
    write(book, "charge_in", "1" * 201)
    write(book, "product_out", "n" * 1001, column="note")

    assert {one.field for one in received(book).problems} == {"charge_in", "product_out"}


def test_a_workbook_of_another_request_is_refused() -> None:
    book = a_book(TOLL_ANSWERS)
    cell = next(cell for cell in book[META_SHEET]["A"] if cell.value == "submission")
    book[META_SHEET][f"B{cell.row}"].value = "01a203f4-7690-76a4-86fd-000000000000"

    with pytest.raises(FieldError, match="belongs to another request"):
        received(book)


def test_a_workbook_without_the_headers_is_refused_with_what_to_do() -> None:
    book = a_book(TOLL_ANSWERS)
    book[ANSWERS_SHEET].delete_rows(3)

    with pytest.raises(FieldError, match="Download the workbook again"):
        received(book)


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "row": st.integers(1, 8),
                "column": st.integers(1, 5),
                "value": st.one_of(
                    st.sampled_from(["Answer", "回答", "Unit", "charge_in", "1"]),
                    st.text(max_size=5),
                    st.booleans(),
                    st.floats(0, 9),
                ),
                "kind": st.just("typed"),
            }
        ),
        max_size=20,
    )
)
def test_no_sheet_crashes_the_reading(cells: list[dict[str, Any]]) -> None:
    answer = {"sheets": [{"name": "S", "is_hidden": False, "cells": cells}]}
    try:
        found = receive(answer, list(QUESTIONS.values()), submission_id=SUBMISSION, registry=REGISTRY)
    except FieldError:
        return
    assert set(found.entries) <= set(QUESTIONS)
