"""Reports by GB/T 24067 and ISO 14067: what they say, to whom, on paper and in a workbook."""

import io
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pikepdf
import pytest
from openpyxl import load_workbook
from sqlmodel import Session

from service.database import Database
from service.product_footprints.models import ProductFootprint
from service.product_footprints.operations import declare_again
from service.reports.content import Audience, Chapter, ReportDocument, ReportKind
from service.reports.making import make_report
from service.reports.rendering import render_report, report_html
from service.reports.workbook import write_report
from tests.builders import a_plant, a_product, a_supplier
from tests.exports.test_exports import STATEMENT
from tests.footprints.builders import RELEASER, a_toll_product, an_accepted_submission
from tests.product_footprints.builders import SETTINGS, a_declared

AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def some_declared(session: Session, *, statement: Mapping[str, Any] | None = None) -> ProductFootprint:
    """Return a declared footprint that one toll plant's answers make up for the most part."""
    product = a_product(session, plant=a_plant(session), grade="AG-300")
    product.quality = {"d50": {"value": "15.2", "unit": "µm"}}
    supplier = a_supplier(session, name_en="Secret Toll Ltd.")
    an_accepted_submission(session, supplier)
    a_toll_product(session, product, supplier)
    declared = a_declared(session, product)
    if statement is None:
        return declared
    return declare_again(session, declared, statement=statement, reason="verified", by=RELEASER, at=AT, settings=SETTINGS)


def _report(
    database: Database, kind: ReportKind, audience: Audience, *, statement: Mapping[str, Any] | None = None
) -> ReportDocument:
    with database.writing() as session:
        declared = some_declared(session, statement=statement)
        return make_report(session, declared, kind=kind, audience=audience, settings=SETTINGS, at=AT)


@pytest.fixture(scope="module")
def kept() -> list[ReportDocument]:
    """Return the report that has been made once; nobody changes it."""
    return []


@pytest.fixture
def report(kept: list[ReportDocument], request: pytest.FixtureRequest) -> ReportDocument:
    if not kept:
        kept.append(_report(request.getfixturevalue("sqlite_database"), ReportKind.GB_T_24067, Audience.CUSTOMER))
    return kept[0]


def chapter_of(report: ReportDocument, title: str) -> Chapter:
    return next(one for one in report.chapters if one.title.en == title)


def test_the_chinese_frame_is_complete_and_in_order(report: ReportDocument) -> None:
    assert [one.title.zh for one in report.chapters] == [
        *("企业", "产品与声明单位", "量化目的与读者", "系统边界", "数据、来源与质量", "取舍准则", "分配与废物", "用电"),
        *("按投入类别的清单", "影响评价", "结果", "不确定性", "结论与局限", "核查与声明"),
    ]


def test_tables_sum_to_the_printed_total(report: ReportDocument) -> None:
    chapters = (chapter_of(report, "Results"), chapter_of(report, "Inventory by kind of input"))
    sums = [table for chapter in chapters for table in chapter.tables if table.ends_with_sum]

    for table in sums[1:]:  # stages and blocks; the lines have positions inside other ones
        values = [Decimal(row[1].zh) for row in table.rows]
        assert sum(values[:-1]) == values[-1] == Decimal(report.total)
    lines = {row[0].en: row[1].zh for row in sums[0].rows}
    added = [lines[name] for name in ("Fossil emissions and removals, net", "Biogenic emissions", "Direct land-use change")]
    assert sum(Decimal(one) for one in added if one != "–") == Decimal(report.total)


def test_an_edition_for_customers_holds_published_figures_alone(report: ReportDocument) -> None:
    text = report_html(report)

    assert "Secret Toll" not in text
    assert not re.search(r"P3_graphitisation|13\.3\b", text)
    assert "Not third-party verified" in text
    assert "未经第三方核查" in text


def test_the_verifier_gets_every_flow_and_the_interval(sqlite_database: Database) -> None:
    report = _report(sqlite_database, ReportKind.ISO_14067, Audience.VERIFIER)
    breakdown = chapter_of(report, "Inventory by kind of input").tables[-1]

    assert sum(Decimal(row[2].zh) for row in breakdown.rows) == pytest.approx(Decimal(report.total), abs=Decimal("0.06"))
    assert any(row[0].zh.startswith("P3_graphitisation") for row in breakdown.rows)
    assert "P5 to P95" in chapter_of(report, "Uncertainty").paragraphs[-1].en
    assert report.chapters[0].title.en == "Results"
    assert "核查版" in report_html(report)


def test_a_statement_stands_word_by_word(sqlite_database: Database) -> None:
    report = _report(sqlite_database, ReportKind.ISO_14067, Audience.CUSTOMER, statement=STATEMENT)
    words = [one.en for one in chapter_of(report, "Verification and declaration").paragraphs]

    assert words[0] == "Verified by Some Verifier Ltd. (limited assurance), ISO 14064-3:2019, completed on 2026-05-31."
    assert words[1] == "Nothing came to our attention."
    assert report.assurance.en == words[0]
    assert "Not third-party verified" not in report_html(report)


def test_the_document_is_archivable_reproducible_and_carries_the_footprint(report: ReportDocument) -> None:
    content = render_report(report)

    assert render_report(report) == content
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert list(pdf.attachments) == ["pact.json"]
        assert pdf.attachments["pact.json"].get_file().read_bytes() == report.pact
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("3", "B")
        assert len(pdf.pages) >= 3


def test_the_workbook_says_the_same_and_holds_no_formula(report: ReportDocument) -> None:
    sheet = load_workbook(io.BytesIO(write_report(report))).worksheets[0]
    rows = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]

    assert rows[0] == ["产品碳足迹报告", "Product carbon footprint report"]
    assert ["11. 结果", "Results"] in rows
    assert [report.unit, float(report.total)] in rows
    assert ["合计", "Total", float(report.total), "100 %"] in rows
    assert all(cell.data_type != "f" for cell in cells)


def test_a_text_that_begins_like_a_formula_stays_text(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        declared = some_declared(session)
        settings = SETTINGS.model_copy(update={"company_name_zh": "=1+1", "company_name_en": "=1+1"})
        report = make_report(session, declared, kind=ReportKind.GB_T_24067, audience=Audience.CUSTOMER, settings=settings, at=AT)
    cells = [cell for row in load_workbook(io.BytesIO(write_report(report))).worksheets[0].iter_rows() for cell in row]

    assert [cell.data_type for cell in cells if cell.value == "=1+1"] == ["s"]
