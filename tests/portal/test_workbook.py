"""The Excel door: download, fill in, upload, look at what changes, take it over."""

import io
import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from openpyxl import load_workbook
from sqlmodel import select
from starlette.testclient import TestClient

from service.spreadsheets.archive import find_problem
from service.submissions import operations, queries
from service.submissions.answers import Entry
from service.submissions.models import Answer, Door, Submission, WorkbookUpload
from service.submissions.workbook.layout import ANSWERS_SHEET, LETTERS
from service.submissions.workbook.uploads import MAX_BYTES
from tests.conftest import MovableClock
from tests.portal.visits import HIDDEN, Invited, enter, invite, send, words
from tests.spreadsheets.files import PARTS, a_sheet, zipped
from tests.submissions.builders import NOW, TOLL_ANSWERS
from tests.submissions.workbook.sheets import row_of, saved, write

MIB = 1024 * 1024
COLLEAGUE = "user:01a203f4-7690-76a4-86fd-00000000000a"


@pytest.fixture
def invited(app: FastAPI, client: TestClient) -> Invited:
    found = invite(app)
    enter(client, found)
    client.cookies.set("anodeprint_locale", "en")
    return found


def downloaded(client: TestClient, invited: Invited) -> Any:
    """Return the workbook of the request, opened."""
    response = client.get(f"{invited.home}/workbook/file")
    assert response.status_code == 200
    return load_workbook(io.BytesIO(response.content))


def upload(client: TestClient, invited: Invited, content: bytes, name: str = "filled in.xlsx") -> httpx.Response:
    form = dict(HIDDEN.findall(client.get(f"{invited.home}/workbook").text))
    return client.post(f"{invited.home}/workbook", data=form, files={"file": (name, content, "application/octet-stream")})


def compared(client: TestClient, invited: Invited, book: Any) -> str:
    """Upload a workbook and return the address of its comparison."""
    response = upload(client, invited, saved(book))
    assert response.status_code == 303, words(response)
    return str(response.headers["location"])


def take_over(client: TestClient, path: str, *fields: str, shown: Mapping[str, str] | None = None) -> httpx.Response:
    hidden = dict(HIDDEN.findall(client.get(path).text)) if shown is None else shown
    return client.post(f"{path}/apply", data={**hidden, "take": list(fields)})


def answers(app: FastAPI, invited: Invited) -> Mapping[str, Answer]:
    with app.state.database.reading() as session:
        found = queries.answers_of(session, invited.submission.id)
        session.expunge_all()
        return found


def type_on_the_page(app: FastAPI, invited: Invited, clock: MovableClock, **entries: Entry) -> None:
    """Let a colleague answer while the workbook is being filled in."""
    clock.move(timedelta(minutes=5))
    with app.state.database.writing() as session:
        submission = session.get_one(Submission, invited.submission.id)
        operations.save_draft(session, submission, entries, by=COLLEAGUE, at=clock())


def ticked(page: str) -> set[str]:
    return set(re.findall(r'name="take" type="checkbox" value="(\w+)" checked', page))


def test_a_filled_in_workbook_is_compared_then_taken_over_by_its_own_door(
    app: FastAPI, client: TestClient, invited: Invited
) -> None:
    book = downloaded(client, invited)
    for field, entry in TOLL_ANSWERS.items():
        write(book, field, entry.entered)
        if entry.unit:
            write(book, field, entry.unit, column="unit")

    path = compared(client, invited, book)
    page = client.get(path)
    assert answers(app, invited) == {}
    assert ticked(page.text) == set(TOLL_ANSWERS)

    response = take_over(client, path, *TOLL_ANSWERS)

    assert response.headers["location"] == invited.home
    stored = answers(app, invited)
    assert {one.door for one in stored.values()} == {Door.EXCEL}
    assert stored["furnace_electricity"].value == 9_120_000.0
    assert client.get(f"{invited.home}/check").status_code == 200


def test_only_what_was_chosen_is_taken_over(app: FastAPI, client: TestClient, invited: Invited) -> None:
    book = downloaded(client, invited)
    write(book, "charge_in", 1000)
    write(book, "product_out", 960)

    take_over(client, compared(client, invited, book), "charge_in")

    assert set(answers(app, invited)) == {"charge_in"}


def test_the_page_shows_old_and_new_and_folds_what_is_the_same(
    app: FastAPI, client: TestClient, invited: Invited, clock: MovableClock
) -> None:
    type_on_the_page(app, invited, clock, charge_in=TOLL_ANSWERS["charge_in"], product_out=TOLL_ANSWERS["product_out"])
    book = downloaded(client, invited)
    write(book, "charge_in", "1,000.0")
    write(book, "product_out", 950)

    shown = words(client.get(compared(client, invited, book)))

    assert "Now 960 t In the workbook 950 t Changed" in shown
    assert "1,000.0" not in shown


def test_a_cell_left_alone_does_not_undo_what_a_colleague_typed_meanwhile(
    app: FastAPI, client: TestClient, invited: Invited, clock: MovableClock
) -> None:
    type_on_the_page(app, invited, clock, charge_in=TOLL_ANSWERS["charge_in"])
    book = downloaded(client, invited)
    write(book, "product_out", 960)
    type_on_the_page(app, invited, clock, charge_in=Entry(entered="1010", unit="t"), natural_gas=Entry(entered="7", unit="Nm3"))

    path = compared(client, invited, book)
    page = client.get(path)

    assert ticked(page.text) == {"product_out"}
    assert "those answers stay" in words(page)
    take_over(client, path, "product_out", "charge_in", "natural_gas")
    assert answers(app, invited)["charge_in"].entered == "1010"


def test_a_conflict_is_shown_and_taken_over_only_if_somebody_says_so(
    app: FastAPI, client: TestClient, invited: Invited, clock: MovableClock
) -> None:
    type_on_the_page(app, invited, clock, charge_in=TOLL_ANSWERS["charge_in"])
    book = downloaded(client, invited)
    write(book, "charge_in", 1020)
    type_on_the_page(app, invited, clock, charge_in=Entry(entered="1010", unit="t"))

    path = compared(client, invited, book)
    page = client.get(path)

    assert "Now 1010 t In the workbook 1020 t Somebody answered this differently" in words(page)
    assert ticked(page.text) == set()
    take_over(client, path, "charge_in")
    assert answers(app, invited)["charge_in"].entered == "1020"


def test_an_answer_typed_while_the_comparison_was_on_the_screen_is_shown_before_it_is_replaced(
    app: FastAPI, client: TestClient, invited: Invited, clock: MovableClock
) -> None:
    book = downloaded(client, invited)
    write(book, "charge_in", 1020)
    path = compared(client, invited, book)
    shown = dict(HIDDEN.findall(client.get(path).text))
    type_on_the_page(app, invited, clock, charge_in=Entry(entered="1010", unit="t"))

    response = take_over(client, path, "charge_in", shown=shown)

    assert response.status_code == 409
    assert "please look again" in words(response)
    assert "Now 1010 t In the workbook 1020 t" in words(response)
    assert answers(app, invited)["charge_in"].entered == "1010"


def test_an_emptied_cell_deletes_nothing_unless_somebody_says_so(
    app: FastAPI, client: TestClient, invited: Invited, clock: MovableClock
) -> None:
    type_on_the_page(app, invited, clock, charge_in=TOLL_ANSWERS["charge_in"])
    book = downloaded(client, invited)
    write(book, "charge_in", None)
    path = compared(client, invited, book)

    assert ticked(client.get(path).text) == set()
    take_over(client, path)

    assert answers(app, invited)["charge_in"].entered == "1000"


def test_the_workbook_comes_back_with_comments_that_name_rule_value_and_fix(client: TestClient, invited: Invited) -> None:
    book = downloaded(client, invited)
    write(book, "charge_in", "about a thousand")
    write(book, "product_out", 960)
    write(book, "furnace_electricity", 9_120_000)
    write(book, "furnace_electricity", "MWh", column="unit")
    write(book, "furnace_type", "box")
    write(book, "grid_electricity", 5)
    write(book, "grid_electricity", None, column="unit")
    book[ANSWERS_SHEET].title = "我的表"
    path = compared(client, invited, book)

    back = load_workbook(io.BytesIO(client.get(f"{path}/file").content))
    page = back["我的表"]
    said = {
        field: page[f"{LETTERS['answer']}{row(back, field)}"].comment
        for field in ("charge_in", "product_out", "furnace_electricity", "grid_electricity")
    }

    assert page[f"{LETTERS['answer']}{row(back, 'charge_in')}"].value == "about a thousand"
    assert "“about a thousand” is not a number" in said["charge_in"].text
    assert said["product_out"] is None
    assert "9,120,000,000 kWh" in said["furnace_electricity"].text
    assert "unit is missing" in said["grid_electricity"].text


def row(book: Any, field: str) -> int:
    book["我的表"].title = ANSWERS_SHEET
    try:
        return row_of(book, field)
    finally:
        book[ANSWERS_SHEET].title = "我的表"


def test_comments_follow_the_reader_s_language_and_do_not_pile_up(client: TestClient, invited: Invited) -> None:
    client.cookies.set("anodeprint_locale", "zh-CN")
    book = downloaded(client, invited)
    write(book, "charge_in", "约一千")
    commented = client.get(f"{compared(client, invited, book)}/file").content

    again = client.get(f"{compared(client, invited, load_workbook(io.BytesIO(commented)))}/file").content

    book = load_workbook(io.BytesIO(again))
    text = book[ANSWERS_SHEET][f"{LETTERS['answer']}{row_of(book, 'charge_in')}"].comment.text
    assert text.startswith("请更正：")
    assert text.count("约一千") == 1


HOSTILE: Mapping[str, bytes] = {
    "bomb.xlsx": zipped({**PARTS, "xl/media/image1.png": b"\0" * (50 * MIB)}),
    "20 MiB.xlsx": zipped({**PARTS, "xl/worksheets/sheet1.xml": a_sheet("<row/>" * (20 * MIB // 6))}),
    "macros.xlsx": zipped({**PARTS, "xl/vbaProject.bin": b"x"}),
    "links.xlsx": zipped({**PARTS, "xl/externalLinks/externalLink1.xml": "<x/>"}),
    "inner.xlsx": zipped({**PARTS, "xl/media/more.zip": b"PK"}),
    "entities.xlsx": zipped({**PARTS, "xl/worksheets/sheet1.xml": '<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'}),
    "path.xlsx": zipped({**PARTS, "../../etc/passwd": "x"}),
    "old.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512,
    "table.csv": b"field,answer\n",
    "large.xlsx": b"PK\x03\x04" + b"\0" * (5 * MIB),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_or_other_file_is_refused_before_anything_is_parsed(
    app: FastAPI, client: TestClient, invited: Invited, name: str
) -> None:
    response = upload(client, invited, HOSTILE[name], name)

    assert response.status_code == 422
    assert re.search(r"workbook|\.xlsx", words(response))
    assert len(HOSTILE[name]) > MAX_BYTES or find_problem(HOSTILE[name]) is not None  # no parser has seen it
    with app.state.database.reading() as session:
        assert session.exec(select(WorkbookUpload)).all() == []


def test_a_million_columns_are_read_as_the_few_cells_that_they_are(client: TestClient, invited: Invited) -> None:
    book = downloaded(client, invited)
    write(book, "charge_in", 1000)
    book[ANSWERS_SHEET]["XFD1048576"].value = "far away"

    assert "1000 t" in words(client.get(compared(client, invited, book)))


def test_a_workbook_of_another_request_is_refused_on_the_page(app: FastAPI, client: TestClient, invited: Invited) -> None:
    book = downloaded(client, invited)
    other = invite(app)
    client.cookies.clear()
    enter(client, other)

    response = upload(client, other, saved(book))

    assert response.status_code == 422


def test_answers_handed_in_take_no_workbook(app: FastAPI, client: TestClient, invited: Invited) -> None:
    book = downloaded(client, invited)
    path = compared(client, invited, book)
    with app.state.database.writing() as session:
        submission = session.get_one(Submission, invited.submission.id)
        operations.save_draft(session, submission, TOLL_ANSWERS, by=COLLEAGUE, at=NOW)
        operations.submit(session, submission, by=COLLEAGUE, at=NOW)

    token = {"csrf_token": send_token(client, invited)}

    assert client.get(f"{invited.home}/workbook").status_code == 409
    assert client.get(path).status_code == 409
    assert client.post(f"{path}/apply", data={**token, "take": ["charge_in"]}).status_code == 409
    files = {"file": ("a.xlsx", saved(book), "application/octet-stream")}
    assert client.post(f"{invited.home}/workbook", data=token, files=files).status_code == 409


def send_token(client: TestClient, invited: Invited) -> str:
    """Return a form token from a page that still has a form."""
    return dict(HIDDEN.findall(client.get(f"{invited.home}/decline").text))["csrf_token"]


def test_a_page_without_a_file_says_so(client: TestClient, invited: Invited) -> None:
    response = send(client, f"{invited.home}/workbook", {})

    assert response.status_code == 422
    assert "Please choose a file." in words(response)
