"""Who reads what suppliers typed: role by role, route by route, field by field."""

import io
import re
import zipfile
from collections.abc import Iterator

import openpyxl
import pytest
from sqlmodel import Session, select

from service.accounts.models import Role
from service.submissions.models import Answer, Depth, Submission
from service.submissions.questionnaire import questions_for
from tests.security.browsing import Browser
from tests.security.crawling import Crawl, Visit
from tests.security.world import SUPPLIER_A, Actor

INSIDERS = frozenset({Role.ENGINEER, Role.REVIEWER, Role.AUDITOR})
TYPED = ("answer", "earlier_answer", "field_comment", "finding", "evidence", "delegation", "workbook_upload", "upstream_request")
MARK = re.compile(rf"#(?:{'|'.join(TYPED)})\d+#")


def lacks_answers(actor: Actor) -> bool:
    """Whether somebody is of the maker and has none of the roles that read answers."""
    return actor.token is not None and not actor.is_outsider and not actor.roles & INSIDERS


def marks_in(visit: Visit) -> set[str]:
    return {mark for text in _texts(visit) for mark in MARK.findall(text)}


def _texts(visit: Visit) -> Iterator[str]:
    if ".xlsx" in visit.response.headers.get("content-disposition", ""):
        book = openpyxl.load_workbook(io.BytesIO(visit.response.content))
        yield from (str(cell.value) for sheet in book for row in sheet for cell in row)
    else:
        yield visit.response.text


def full_questionnaire(session: Session) -> Submission:
    """Return supplier A's questionnaire at full depth, in which every question has an answer."""
    wanted = (Submission.supplier_type == SUPPLIER_A, Submission.depth == Depth.FULL)
    return session.exec(select(Submission).where(*wanted)).one()


def marks_by_field(session: Session) -> dict[str, str]:
    answers = session.exec(select(Answer).where(Answer.submission_id == full_questionnaire(session).id)).all()
    return {one.field: "".join(MARK.findall(one.note or "")) for one in answers}


def test_no_page_or_file_shows_anybody_without_insight_what_a_supplier_typed(crawled: Crawl) -> None:
    visits = [visit for visit in crawled.visits if lacks_answers(visit.actor)]

    assert {role for visit in visits for role in visit.actor.roles} == {Role.ADMIN, Role.PROCUREMENT, Role.SALES, Role.COMMITTEE}
    assert len(visits) > 100
    assert [(str(visit), found) for visit in visits if (found := marks_in(visit))] == []


def test_insiders_meet_what_suppliers_typed(crawled: Crawl) -> None:
    """The marks are there to be found: each role that may read answers does."""
    met = {role for visit in crawled.visits if marks_in(visit) for role in visit.actor.roles & INSIDERS}

    assert met == INSIDERS


@pytest.mark.parametrize("role", sorted(INSIDERS))
def test_an_insider_reads_every_field_of_both_depths(browser: Browser, role: Role) -> None:
    with browser.world.database.reading() as session:
        submission_id, marks = full_questionnaire(session).id, marks_by_field(session)
    asked = {question.key for depth in Depth for question in questions_for(SUPPLIER_A, depth)}
    actor = browser.world.actors[role]

    page = browser.send(actor, "GET", f"/console/review/{submission_id}").text
    api = browser.send(actor, "GET", f"/api/v1/submissions/{submission_id}").text

    assert set(marks) == asked
    assert [field for field, mark in marks.items() if mark not in page] == []
    assert [field for field, mark in marks.items() if mark not in api] == []


@pytest.mark.parametrize("name", ["procurement", "sales", "admin", "supplier B", "link B"])
def test_nobody_else_reads_one_by_asking_for_it(browser: Browser, name: str) -> None:
    with browser.world.database.reading() as session:
        submission_id = full_questionnaire(session).id
    actor = browser.world.actors[name]
    paths = (
        f"/console/review/{submission_id}",
        f"/api/v1/submissions/{submission_id}",
        f"/portal/submissions/{submission_id}",
        f"/portal/submissions/{submission_id}/receipt",
        f"/portal/submissions/{submission_id}/workbook",
        f"/portal/submissions/{submission_id}/suppliers",
    )

    answers = {path: browser.send(actor, "GET", path) for path in paths}

    assert {path: answer.status_code for path, answer in answers.items() if answer.status_code not in {403, 404}} == {}
    assert not [path for path, answer in answers.items() if MARK.search(answer.text)]


def test_the_supplier_itself_takes_every_field_along(browser: Browser) -> None:
    with browser.world.database.reading() as session:
        marks = marks_by_field(session)

    content = browser.send(browser.world.actors["supplier A"], "GET", "/portal/export").content

    names = _members(content)
    assert [field for field, mark in marks.items() if mark not in names] == []


def _members(content: bytes) -> str:
    archive = zipfile.ZipFile(io.BytesIO(content))
    return " ".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist() if name.endswith(".json"))
