"""Nothing that people typed is ever run: not by a browser, not by the template engine, not by a spreadsheet."""

import html
import io

import openpyxl
import pytest
from sqlmodel import select

from service.certificates.models import Certificate
from service.certificates.rendering import certificate_html
from service.certificates.wording import document_of
from tests.security.browsing import Browser
from tests.security.canaries import CANARY, EVALUATED, MACHINE_TEXTS, UNESCAPED, unclassified_columns
from tests.security.crawling import Crawl, Visit

ESCAPED = (html.escape(CANARY).replace("&quot;", "&#34;"), html.escape(CANARY))


def test_every_text_column_is_known_to_be_typed_by_people_or_by_machines() -> None:
    assert MACHINE_TEXTS
    assert unclassified_columns() == set()


def test_the_crawl_meets_the_canary_on_many_pages_of_each_role(crawled: Crawl) -> None:
    met = [visit for visit in crawled.pages if "7*7" in visit.response.text]

    assert len(met) > 100
    assert {visit.actor.name for visit in met} >= {"admin", "engineer", "reviewer", "procurement", "sales", "auditor", "link A"}


def test_no_page_runs_what_somebody_typed(crawled: Crawl) -> None:
    run = [visit for visit in crawled.pages if UNESCAPED in visit.response.text]
    evaluated = [visit for visit in crawled.pages if EVALUATED in html.unescape(visit.response.text)]

    assert [str(visit) for visit in run + evaluated] == []


def test_no_workbook_calculates_what_somebody_typed(crawled: Crawl) -> None:
    workbooks = [visit for visit in crawled.visits if visit.path.partition("?")[0].endswith(".xlsx")]

    assert workbooks
    assert [(str(visit), cell) for visit in workbooks for cell in _formulas(visit)] == []


def _formulas(visit: Visit) -> list[str]:
    if visit.response.status_code != 200:
        return []
    book = openpyxl.load_workbook(io.BytesIO(visit.response.content))
    return [f"{sheet.title}!{cell.coordinate}" for sheet in book for row in sheet for cell in row if cell.data_type == "f"]


def test_no_file_is_shown_as_a_page_and_none_carries_a_typed_name_raw(crawled: Crawl) -> None:
    files = [visit for visit in crawled.visits if "content-disposition" in visit.response.headers]

    assert files
    for visit in files:
        disposition = visit.response.headers["content-disposition"]
        assert disposition.startswith("attachment"), str(visit)
        assert "<" not in disposition, str(visit)
        assert "default-src 'none'" in visit.response.headers["content-security-policy"] or ".xlsx" in visit.path, str(visit)


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_search_for_a_canary_shows_it_escaped(browser: Browser, locale: str) -> None:
    answer = browser.send(browser.world.actors["engineer"], "GET", "/console/search", locale=locale, params={"q": CANARY})

    assert answer.status_code == 200
    assert any(text in answer.text for text in ESCAPED)
    assert UNESCAPED not in answer.text


def test_no_certificate_runs_what_somebody_typed(browser: Browser) -> None:
    with browser.world.database.reading() as session:
        stored = session.exec(select(Certificate.snapshot, Certificate.evidence, Certificate.issued_at)).all()
    evidence = {"bundle": {}, "bundle_signature": {}, "log": {"note": "a/log\n", "index": 0, "size": 1, "root": "AA=="}}
    documents = [
        document_of(snapshot, {"exports": {}, **evidence, **(own or {})}, issued_at=at)
        for snapshot, own, at in stored
        if "7*7" in str(snapshot)
    ]

    assert documents
    for document in documents:
        page = certificate_html(document)
        assert any(text in page for text in ESCAPED)
        assert UNESCAPED not in page
        assert EVALUATED not in html.unescape(page)
