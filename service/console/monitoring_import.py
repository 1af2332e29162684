"""The import of monthly figures from Excel or CSV, through the same check as the form."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any, Final

from fastapi import APIRouter

from service.accounts.access import Context
from service.console.monitoring_words import month_words
from service.console.table_imports import SheetImport, add_import
from service.errors import N_, FieldError, ServiceError
from service.monitoring import queries
from service.monitoring.closing import ClosedYearError, check_open
from service.monitoring.entering import EntryRefusedError, check_month, enter_month
from service.monitoring.models import Door
from service.monitoring.months import month_before, month_of
from service.monitoring.sheet import COLUMNS, MONTHS_OF_TEMPLATE, SheetEntry, entry_table, entry_workbook, recorded_entries
from service.plan.policies import PLAN_EDITORS
from service.suppliers.table_import import CellProblem, Change, Planned, Table, TablePlan, plan_table

router = APIRouter()

ENTRY_COLUMNS: Final = (
    (N_("Emission source"), "text"),
    (N_("Month"), "text"),
    (N_("Amount"), "number"),
    (N_("Unit"), "text"),
    (N_("Number of the bill or sheet"), "text"),
    (N_("Why the figure is right"), "text"),
)
ALL_TIME: Final = (date(2000, 1, 1), date(2100, 12, 1))


def _template(context: Context) -> bytes:
    known = queries.all_sources(context.session)
    last = month_before(month_of(context.today))
    start = last
    for _ in range(MONTHS_OF_TEMPLATE - 1):
        start = month_before(start)
    return entry_workbook(known, queries.current_entries(context.session, start=start, end=last), start=start, end=last)


def _plan(context: Context, answer: Mapping[str, Any]) -> TablePlan[SheetEntry]:
    return plan_entries(context, answer, entry_table(queries.find_sources(context.session)))


def plan_entries(context: Context, answer: Mapping[str, Any], table: Table[SheetEntry]) -> TablePlan[SheetEntry]:
    """Read a sheet of monthly figures, then check each site's month as a whole, as it would stand."""
    sources = queries.find_sources(context.session)
    entries = queries.current_entries(context.session, start=ALL_TIME[0], end=ALL_TIME[1])
    plan = plan_table(table, answer, present=recorded_entries(entries))
    filled = TablePlan(changes=[one for one in plan.changes if not one.fields.is_blank], problems=plan.problems)
    plants = {one.id: one.plant_id for one in sources}
    problems = [*plan.problems, *_without_amount(filled, table.sheet), *_problems_of_months(context, filled, plants, table.sheet)]
    return TablePlan(changes=() if problems else filled.changes, problems=problems)


def _without_amount(plan: TablePlan[SheetEntry], sheet: str) -> Iterator[CellProblem]:
    for change in plan.changes:
        if not change.fields.amount:
            yield _problem(sheet, change, "amount", FieldError(N_("This cell is empty; fill it in.")))


def _problems_of_months(
    context: Context, plan: TablePlan[SheetEntry], plants: Mapping[uuid.UUID, uuid.UUID], sheet: str
) -> Iterator[CellProblem]:
    def place(change: Change[SheetEntry]) -> tuple[uuid.UUID, date]:
        return plants[change.fields.source_id], change.fields.month

    for (plant_id, month), group in groupby(sorted(plan.changes, key=place), key=place):
        rows = {one.fields.source_id: one for one in group if one.kind != "same" and one.fields.amount}
        try:
            if rows:
                check_open(context.session, month)
                entries = [one.fields.entry() for one in rows.values()]
                check_month(context.session, plant_id, month, entries, today=context.today)
        except EntryRefusedError as error:
            yield from (_problem(sheet, rows[source], field, one) for (source, field), one in error.of_source.items())
        except ClosedYearError as error:
            yield from (_problem(sheet, one, "month", error) for one in rows.values())


def _problem(sheet: str, change: Change[SheetEntry], field: str, error: ServiceError) -> CellProblem:
    header = next((one.header for one in COLUMNS if one.key == field), "")
    value = getattr(change.fields, field, None)
    return CellProblem(sheet=sheet, row=change.row, column=header, cell="", value=str(value or ""), error=error)


def entry_cells(context: Context, rows: Sequence[SheetEntry]) -> Sequence[Sequence[str]]:
    """Return what a preview shows of rows."""
    sources = {one.id: one for one in queries.find_sources(context.session)}
    return [
        [
            sources[row.source_id].code,
            month_words(row.month),
            row.amount,
            row.unit or "",
            row.evidence_number or "",
            row.reason or "",
        ]
        for row in rows
    ]


def apply_entries(context: Context, rows: Sequence[Planned[SheetEntry]]) -> None:
    """Enter the rows month by month of each site, so that a site's month is checked as a whole."""
    plants = {one.id: one.plant_id for one in queries.find_sources(context.session)}

    def place(row: Planned[SheetEntry]) -> tuple[uuid.UUID, date]:
        return plants[row.fields.source_id], month_of(row.fields.month)

    for (plant_id, month), group in groupby(sorted(rows, key=place), key=place):
        entries = [row.fields.entry().model_copy(update={"version": row.version or 0}) for row in group]
        by, at = context.asking.actor, context.at
        enter_month(context.session, plant_id, month, entries, today=context.today, by=by, at=at, door=Door.WORKBOOK)


add_import(
    router,
    SheetImport(
        title=N_("Import from Excel"),
        list_title=N_("Monitoring"),
        path="/console/plan/monitoring",
        above=None,
        policy=PLAN_EDITORS,
        columns=ENTRY_COLUMNS,
        fields=SheetEntry,
        template=_template,
        plan=_plan,
        cells=entry_cells,
        apply=apply_entries,
        done=N_("%(count)s figures stored."),
    ),
)
