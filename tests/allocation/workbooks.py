"""Workbooks as a purchaser would type them."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import openpyxl

OFFERS = [
    "supplier",
    "material",
    "price_per_t",
    "kg_co2e_per_t",
    "capacity_t",
    "moq_t",
    "fixed_cost",
    "max_share",
    "defect_share",
    "green_score",
]
DEMANDS = ["material", "demand_t", "min_suppliers", "max_suppliers", "max_defect_share", "min_green_score"]
RULES = ["key", "value"]

Rows = Sequence[Sequence[Any]]


def a_workbook(
    *,
    offers: Rows = (["A", "coke", 100, 2000, 80], ["B", "coke", 150, 1000]),
    demands: Rows = (["coke", 100],),
    rules: Rows = (),
    headers: Mapping[str, Sequence[str]] | None = None,
    further: Mapping[str, Rows] | None = None,
    percent: Sequence[str] = (),
) -> bytes:
    """Return an .xlsx file.

    Parameters
    ----------
    percent
        Cells of the offers that are formatted as percent, such as `H2`.

    """
    book = openpyxl.Workbook()
    book.remove(book.active)
    parts = {"offers": (OFFERS, offers), "demands": (DEMANDS, demands), "rules": (RULES, rules)}
    for name, (header, rows) in parts.items():
        _append(book, name, [(headers or {}).get(name, header), *rows])
    for name, rows in (further or {}).items():
        _append(book, name, rows)
    for cell in percent:
        book["offers"][cell].number_format = "0%"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def _append(book: openpyxl.Workbook, name: str, rows: Rows) -> None:
    sheet = book.create_sheet(name)
    for row in rows:
        sheet.append(list(row))
