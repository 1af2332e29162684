"""The committee's page: every target at one look, each number three clicks from its source, the same on paper and slides."""

import html
import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pptx import Presentation
from pypdf import PdfReader
from sqlmodel import select
from starlette.testclient import TestClient

from service.accounts.access import session_cookie
from service.accounts.models import LoginSession, User
from service.accounts.tokens import hash_token
from service.main import create_app
from service.plan.items import plan_items
from service.sample.loading import load_sample
from service.settings import Settings
from tests.databases import sqlite_copy

PAGE = "/console/plan"
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
CLICKS = 3
SOURCE = re.compile(r"^/console/plan/monitoring/entries/[^/]+$")
"""The page of one entry: who entered it, from which bill, and the bill's number."""
LINK = re.compile(r'<a\b[^>]*\bhref="([^"]+)"')
FIGURE = re.compile(r'<a href="([^"]+)" data-figure>([^<]+)</a>')
HERO = re.compile(r'class="hero-value"><strong>([^<]+)</strong>')


@pytest.fixture(scope="module")
def committee(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    """A member of the sample company's committee at the browser."""
    folder = tmp_path_factory.mktemp("committee")
    settings = Settings(env="test", data_dir=folder, secret_key="0" * 64, jobs_in_web_process=False)
    with sqlite_copy(sqlite_template, folder) as database:
        load_sample(database, settings, NOW)
        with database.writing() as session:
            person = session.exec(select(User).where(User.email == "committee@sample.example")).one()
            login = LoginSession(
                token_hash=hash_token("token"),
                user_id=person.id,
                organisation_id=person.organisation_id,
                created_at=NOW,
                last_seen_at=NOW,
            )
            session.add(login)
        app = create_app(settings, database=database, clock=lambda: NOW)
        headers = {"accept": "text/html", "accept-language": "en"}
        with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False, headers=headers) as client:
            client.cookies.set(session_cookie(settings), "token")
            yield client


def links(client: TestClient, path: str, seen: dict[str, list[str]]) -> list[str]:
    if path not in seen:
        answer = client.get(path)
        assert answer.status_code == 200, (path, answer.status_code)
        main = answer.text.partition("<main")[2]
        found = [html.unescape(one) for one in LINK.findall(main)]
        seen[path] = [
            one for one in dict.fromkeys(found) if one.startswith("/console/plan/") and not one.endswith((".pdf", ".xlsx", ".csv"))
        ]
    return seen[path]


def clicks_to_source(client: TestClient, start: str, seen: dict[str, list[str]]) -> int | None:
    """Return how many clicks lead from the committee's page over a figure's address to an entry; None for more than allowed."""
    reached = [start]
    for clicks in range(1, CLICKS + 1):
        if any(SOURCE.match(one) for one in reached):
            return clicks
        if clicks < CLICKS:
            reached = nearest([one for page in reached for one in links(client, page, seen)])
    return None


def nearest(found: list[str]) -> list[str]:
    """Return what leads on, entries alone where there is one: the crawl need not open every page of the plan."""
    entries = [one for one in found if SOURCE.match(one)]
    return entries[:1] or [one for one in dict.fromkeys(found) if "/inventory/" in one or "/changes" in one or "/energy" in one]


def test_each_number_opens_to_its_source_in_at_most_three_clicks(committee: TestClient) -> None:
    figures = {html.unescape(href) for href, _ in FIGURE.findall(committee.get(PAGE).text)}
    assert len(figures) >= 5
    seen: dict[str, list[str]] = {}
    too_far = [href for href in sorted(figures) if clicks_to_source(committee, href, seen) is None]
    assert too_far == []


def test_the_page_says_where_the_company_stands_what_moved_what_is_next_and_what_is_late(committee: TestClient) -> None:
    shown = committee.get(PAGE).text
    for question in (
        "Where do we stand on each target?",
        "What moved",
        "What did we emit and use?",
        "What comes next?",
        "What is late?",
    ):
        assert question in shown
    for year in (2025, 2030, 2040, 2060):
        assert f"/console/plan/targets/{year}" in shown
    assert "Sample data" in shown
    assert "provisional" in shown


def test_slides_show_the_same_numbers_as_the_page(committee: TestClient) -> None:
    page = committee.get(PAGE).text
    answer = committee.get(f"{PAGE}/board.pptx")
    assert answer.headers["content-disposition"].startswith("attachment")
    deck = Presentation(io.BytesIO(answer.content))
    texts = [text for slide in deck.slides for shape in slide.shapes for text in shape_texts(shape)]
    hero = html.unescape(HERO.search(page)[1])  # type: ignore[index] # there is one
    assert any(hero in text for text in texts)
    for _, figure in FIGURE.findall(page):
        assert html.unescape(figure) in texts
    assert all(slide.has_notes_slide and slide.notes_slide.notes_text_frame.text for slide in deck.slides)


def shape_texts(shape: object) -> list[str]:
    if getattr(shape, "has_table", False):
        return [cell.text for row in shape.table.rows for cell in row.cells]  # type: ignore[attr-defined] # no types
    return [shape.text_frame.text] if getattr(shape, "has_text_frame", False) else []  # type: ignore[attr-defined] # no types


def test_slides_have_charts_that_can_be_edited(committee: TestClient) -> None:
    deck = Presentation(io.BytesIO(committee.get(f"{PAGE}/board.pptx").content))
    charts = [shape.chart for slide in deck.slides for shape in slide.shapes if shape.has_chart]
    assert len(charts) == 2
    paths, effects = charts
    assert list(paths.plots[0].categories) == ["2021", "2022", "2023", "2024", "2025"]
    assert [series.values[0] for series in paths.plots[0].series] == [1.0] * 4  # 2021 = 1 on every basis
    assert effects.part.chart_workbook.xlsx_part is not None


def test_paper_and_slides_come_in_both_languages(committee: TestClient) -> None:
    chinese = committee.get(f"{PAGE}/board.pptx", headers={"accept-language": "zh-CN"})
    titles = [slide.shapes.title.text for slide in Presentation(io.BytesIO(chinese.content)).slides]
    assert titles[0] == "双碳规划进展"
    paper = committee.get(f"{PAGE}/board.pdf")
    assert paper.content.startswith(b"%PDF")
    assert paper.headers["content-security-policy"].startswith("sandbox")


def test_paper_draws_the_charts_of_the_page_and_says_every_figure_of_it(committee: TestClient) -> None:
    page = committee.get(PAGE).text
    paper = PdfReader(io.BytesIO(committee.get(f"{PAGE}/board.pdf").content))
    texts = ["".join(one.extract_text().split()) for one in paper.pages]
    for title in html.unescape(page).split('class="chart-title"')[1:]:
        label = "".join(re.sub(r"<[^>]+>", " ", title.partition(">")[2].partition("</figcaption>")[0]).split())
        assert any(label in text for text in texts), label
    for _, figure in FIGURE.findall(page):
        assert any("".join(html.unescape(figure).split()) in text for text in texts), figure
    # The page's graphs are lines and bars, never pictures.
    assert all(not one.images for one in paper.pages)
    teal = "0.043137 0.431373 0.411765"
    assert sum(teal in one.get_contents().get_data().decode("latin-1") for one in paper.pages) >= 2  # type: ignore[union-attr] # a page has contents


def test_all_lines_of_the_plan_stand_on_one_page(committee: TestClient) -> None:
    shown = committee.get(f"{PAGE}/items").text
    assert shown.count('<th scope="row">') == 4 + 20 + 4


def headlines(client: TestClient) -> dict[str, str]:
    """Return the headline figure of each line of the plan by its key; a dash where none is known."""
    rows = client.get(f"{PAGE}/items").text.split('<th scope="row">')[1:]
    figures = [re.search(r'data-label="Headline figure"><span>(?:<a [^>]*>)?([^<]*)', row) for row in rows]
    return dict(zip(plan_items(), [html.unescape(found[1]) for found in figures if found], strict=True))


def test_each_line_of_the_plan_has_a_figure_with_what_it_counts_and_when(committee: TestClient) -> None:
    found = headlines(committee)
    assert [key for key, text in found.items() if not re.search(r"\d", text)] == []
    assert found["task_11"] == "4,560 t CO₂e of freight that we pay (2025)"  # category 4 of the closed year, 4,564.5 t
    assert found["safeguard_1"].startswith("Lines answered for: 27 of 28")  # the sample leaves one unanswered
    assert found["task_19"] == "7 accounts opened"  # five and more may be told


def test_each_line_of_the_plan_leads_to_a_page_that_works(committee: TestClient) -> None:
    paths = dict.fromkeys(item.path for item in plan_items().values())
    assert {path: status for path in paths if (status := committee.get(path).status_code) != 200} == {}


def test_everything_that_is_late_opens_for_the_committee(committee: TestClient) -> None:
    late = committee.get(PAGE).text.partition("What is late?")[2]
    paths = dict.fromkeys(html.unescape(one) for one in LINK.findall(late) if one.startswith("/console/plan/"))
    assert len(paths) >= 3
    assert {path: status for path in paths if (status := committee.get(path).status_code) != 200} == {}
