from collections.abc import Sequence
from typing import Any

import pytest
from sqlmodel import Session

from service.accounts.models import Organisation
from service.campaigns import operations, queries
from service.campaigns.supplier_import import COLUMNS, ListPlan, plan_list
from service.suppliers.models import Supplier, SupplierType
from service.suppliers.queries import SupplierRow, all_active_suppliers
from tests import builders
from tests.campaigns.builders import BY, a_campaign
from tests.conftest import NOW

HEADERS = [column.header for column in COLUMNS]
NAMES = ("供应商 / Supplier", "英文名称 / English name", "类型 / Type", "邮箱 / E-mail")


def sheet(*rows: Sequence[Any], headers: Sequence[str] = NAMES) -> dict[str, Any]:
    """Return what a reader of cells says of a sheet."""
    cells = [
        {"row": row, "column": column, "value": value, "kind": "typed"}
        for row, values in enumerate([headers, *rows], start=1)
        for column, value in enumerate(values, start=1)
        if value is not None
    ]
    return {"sheets": [{"name": "名单", "is_hidden": False, "cells": cells}]}


@pytest.fixture
def known(session: Session) -> Sequence[SupplierRow]:
    supplier = builders.a_supplier(session)
    session.get_one(Organisation, supplier.organisation_id).registration_no = "91150100MA0N00001X"
    return all_active_suppliers(session)


def places(plan: ListPlan) -> list[tuple[str, str, str]]:
    return [(problem.sheet, problem.cell, problem.value) for problem in plan.problems]


@pytest.mark.parametrize("text", ["蒙炭代工", " mengtan  TOLL ", "91150100ma0n00001x", "Ｍｅｎｇｔａｎ Toll"])
def test_a_known_supplier_is_found_by_any_of_its_names(known: Sequence[SupplierRow], text: str) -> None:
    plan = plan_list(sheet([text]), suppliers=known)

    assert [(row.row, row.known) for row in plan.rows] == [(2, known[0])]


def test_an_unknown_supplier_with_type_and_english_name_is_added_with_the_campaigns_owner(
    session: Session, known: Sequence[SupplierRow]
) -> None:
    plan = plan_list(sheet(["新焦化", "New Coke", "coke", "Chen@Coke.example"], ["蒙炭代工"]), suppliers=known)
    campaign = a_campaign(session, suppliers=[])

    assert operations.import_members(session, campaign, [row.fields for row in plan.rows], by=BY, at=NOW) == 2

    added = next(row for row in queries.members_of(session, campaign.id) if row.name_zh == "新焦化")
    assert (added.supplier_type, added.contact_email) == (SupplierType.COKE, "chen@coke.example")
    assert session.get_one(Supplier, added.supplier_id).owner_id == campaign.owner_id


def test_every_problem_names_sheet_cell_value_and_fix_and_nothing_is_imported(known: Sequence[SupplierRow]) -> None:
    plan = plan_list(
        sheet(
            ["蒙炭代工"],
            ["没听说过"],
            ["新厂", "New", "baker", None],
            ["新厂二", "New 2", "TOLL", "no address"],
            [None, "Nameless", "TOLL", None],
            ["Mengtan Toll"],
        ),
        suppliers=known,
    )

    assert not plan.rows
    assert places(plan) == [
        ("名单", "B3", ""),
        ("名单", "C3", ""),
        ("名单", "C4", "baker"),
        ("名单", "D5", "no address"),
        ("名单", "A6", ""),
        ("名单", "A7", "Mengtan Toll"),
    ]
    texts = [str(problem.error) for problem in plan.problems]
    assert "fill in English name and type to add the supplier" in texts[0]
    assert "“Choices”" in texts[2]
    assert "not an e-mail address" in texts[3]
    assert texts[5] == "Row 2 is about the same; keep one of them."


def test_a_sheet_without_the_header_says_which_one_is_missing(known: Sequence[SupplierRow]) -> None:
    plan = plan_list(sheet(["蒙炭代工"], headers=["name"]), suppliers=known)

    assert "供应商 / Supplier" in str(plan.problems[0].error)


def test_columns_may_stand_in_any_order_and_the_templates_hints_are_passed_over(known: Sequence[SupplierRow]) -> None:
    hints = {column.key: column.hint for column in COLUMNS}
    rows = ([hints["contact_email"], hints["name_zh"]], [None, "蒙炭代工"])

    plan = plan_list(sheet(*rows, headers=["E-mail", "供应商"]), suppliers=known)

    assert [row.row for row in plan.rows] == [3]
