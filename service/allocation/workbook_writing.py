"""Question and answer of an allocation as an Excel workbook, which can be read and solved again; text is never a formula."""

import io
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any, Final

from service.allocation.answers import Answer
from service.allocation.explaining import BlockingRule
from service.allocation.front import ExactFront
from service.allocation.problem import Problem
from service.allocation.workbook_layout import RULES, SHEETS, Column, sheet_title

Value = str | float | None
Sheet = Any  # openpyxl's write-only sheet and cell have stubs that lack half of what they do

ALLOCATIONS: Final = ("物料 material", "供应商 supplier", "数量（吨） t")
SUMMARY: Final = ("项目 item", "值 value")
FRONT: Final = ("成本（元） cost", "碳排放（吨二氧化碳当量） t_co2e", "每再减一吨的成本（元） shadow_price_per_t_co2e")
BLOCKING: Final = (
    "出路 way_out",
    "规则 rule",
    "物料 material",
    "供应商 supplier",
    "现值 limit",
    "需要 needed",
    "说明 message",
)


def write_workbook(
    problem: Problem, answer: Answer, *, front: ExactFront | None = None, blocking: Sequence[BlockingRule] = ()
) -> bytes:
    """Return an .xlsx file: the answer first, then what was asked."""
    from openpyxl import Workbook  # noqa: PLC0415 - takes 0.8 s to import, which start-up must not wait for

    book = Workbook(write_only=True)
    _append(book, "summary", SUMMARY, _summary(answer))
    _append(book, "allocations", ALLOCATIONS, [(one.material, one.supplier, one.t) for one in answer.allocations])
    if front is not None:
        _append(book, "front", FRONT, [(one.cost, one.t_co2e, one.shadow_price_per_t_co2e) for one in front.points])
    if blocking:
        _append(book, "blocking_rules", BLOCKING, [_blocking_row(one) for one in blocking])
    lines: Mapping[str, Sequence[Any]] = {"offers": problem.offers, "demands": problem.demands, "suppliers": problem.suppliers}
    for key, part in lines.items():
        columns = SHEETS[key]
        _append(book, key, [column.header for column in columns], [_row(asdict(line), columns) for line in part])
    _append(book, "rules", [column.header for column in SHEETS["rules"]], _rules(problem))
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _summary(answer: Answer) -> list[tuple[Value, ...]]:
    return [
        ("状态 status", str(answer.status)),
        ("成本（元，不含碳价） cost", answer.cost),
        ("碳排放（吨二氧化碳当量） t_co2e", answer.t_co2e),
        ("与最优解的差距 gap", answer.gap),
        ("上限放宽一吨可节省（元） shadow_price_per_t_co2e", answer.shadow_price_per_t_co2e),
        ("碳成本（元） carbon_cost", answer.carbon_cost),
        ("不良品成本（元） defect_cost", answer.defect_cost),
    ]


def _rules(problem: Problem) -> Iterator[tuple[Value, ...]]:
    given = asdict(problem.rules)
    for column in RULES:
        yield (column.header, _written(given[column.key]))


def _blocking_row(blocking: BlockingRule) -> tuple[Value, ...]:
    return (
        float(blocking.way_out),
        str(blocking.rule),
        blocking.material or None,
        blocking.supplier or None,
        blocking.limit,
        blocking.needed,
        str(blocking.problem),
    )


def _row(line: dict[str, Any], columns: Sequence[Column]) -> tuple[Value, ...]:
    return tuple(_written(line[column.key]) for column in columns)


def _written(value: object) -> Value:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, StrEnum | str):
        return str(value) or None
    return value if value is None or isinstance(value, float) else float(str(value))


def _append(book: Any, key: str, header: Sequence[str], rows: Sequence[Sequence[Value]] | Iterator[Sequence[Value]]) -> None:  # noqa: ANN401 - as Sheet
    page: Sheet = book.create_sheet(sheet_title(key))
    page.freeze_panes = "A2"
    for place in range(len(header)):
        page.column_dimensions[chr(ord("A") + place)].width = 24
    page.append([_text(page, text, bold=True) for text in header])
    for row in rows:
        page.append([_text(page, value) if isinstance(value, str) else value for value in row])


def _text(page: Sheet, text: str, *, bold: bool = False) -> Any:  # noqa: ANN401 - as Sheet
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 - as in write_workbook
    from openpyxl.styles import Font  # noqa: PLC0415 - as in write_workbook

    cell = WriteOnlyCell(page, value="".join(mark for mark in text if unicodedata.category(mark) not in {"Cc", "Cs"}))
    cell.data_type = "s"  # openpyxl would make a formula of a text that starts with "="
    cell.font = Font(bold=bold)
    return cell
