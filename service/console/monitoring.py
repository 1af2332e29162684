"""Months of the sites: what is entered, what is missing, and who answers for it."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console.monitoring_words import (
    entry_href,
    is_unassigned,
    monitoring_tabs,
    month_href,
    month_words,
    name_of,
    person_name,
    source_href,
)
from service.monitoring import queries
from service.monitoring.closing import is_closed
from service.monitoring.grades import grade_of
from service.monitoring.models import ActivityEntry, EmissionSource
from service.monitoring.months import month_before, month_of, months_between
from service.monitoring.queries import Sources
from service.monitoring.rules import counts_in
from service.plan.policies import EDITOR_ROLES, PLAN_READERS
from service.products.models import Plant
from service.products.queries import all_plants

router = APIRouter()

Year = Annotated[int, Query(ge=2000, le=2100)]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthCell:
    """One month of one source: `entered`, `odd`, `missing`, `ahead` (not over yet) or `off` (not counted)."""

    state: str
    grade: str
    href: str | None
    month: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """One source with its twelve months; `within` names the main meter's source that holds it."""

    name: str
    href: str
    responsible: str
    within: str
    cells: Sequence[MonthCell]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteTable:
    """One site's year."""

    name: str
    is_sample: bool
    lines: Sequence[SourceLine]
    months: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonitoringPage:
    """All sites' months of a year, and what has to be done first."""

    tabs: Sequence[tuple[str, str, bool]]
    year: int
    years: Sequence[tuple[int, bool]]
    sites: Sequence[SiteTable]
    entered: int
    expected: int
    missing: Sequence[tuple[str, str, str]]
    unassigned: Sequence[tuple[str, str]]
    is_closed: bool
    may_write: bool


@router.get("/console/plan/monitoring")
@endpoint(PLAN_READERS)
def show_monitoring(context: Context, *, year: Year | None = None) -> Response:
    """Show which months of a year are entered."""
    today = context.today
    year = year or month_before(month_of(today)).year
    known = queries.all_sources(context.session)
    entries = queries.current_entries(context.session, start=date(year, 1, 1), end=date(year, 12, 31))
    last = month_before(month_of(today))
    due = [(one, month) for month in months_between(date(year, 1, 1), date(year, 12, 1)) if month <= last for one in known.sources]
    due = [(one, month) for one, month in due if counts_in(one, month)]
    present = {(one.source_id, one.month) for one in entries}
    missing = [(one, month) for one, month in due if (one.id, month) not in present]
    page = MonitoringPage(
        tabs=monitoring_tabs(context),
        year=year,
        years=[(one, one == year) for one in _years(known, last)],
        sites=[_site_table(context, plant, known, entries, year=year, last=last) for plant in all_plants(context.session)],
        entered=len(due) - len(missing),
        expected=len(due),
        missing=[(name_of(one, context), month_words(month), month_href(one.plant_id, month)) for one, month in missing],
        unassigned=[(name_of(one, context), source_href(one)) for one in known.sources if is_unassigned(one)],
        is_closed=is_closed(context.session, date(year, 1, 1)),
        may_write=bool(context.asking.roles & EDITOR_ROLES),
    )
    return render_page(context, "console/plan_monitoring.html", page)


# ---- The year ----


def _years(known: Sources, last: date) -> Sequence[int]:
    first = min((one.starts.year for one in known.sources), default=last.year)
    return range(first, last.year + 1)


def _site_table(
    context: Context, plant: Plant, known: Sources, entries: Sequence[ActivityEntry], *, year: int, last: date
) -> SiteTable:
    months = months_between(date(year, 1, 1), date(year, 12, 1))
    sources = [one for one in known.sources if one.plant_id == plant.id and any(counts_in(one, month) for month in months)]
    found = {(one.source_id, one.month): one for one in entries}
    return SiteTable(
        name=plant.name_zh if context.locale == "zh-CN" else plant.name_en,
        is_sample=plant.is_sample,
        lines=[_source_line(context, one, known, months, found, last=last) for one in sources],
        months=[(str(month.month), month_href(plant.id, month) if month <= last else "") for month in months],
    )


def _source_line(
    context: Context,
    source: EmissionSource,
    known: Sources,
    months: Sequence[date],
    found: Mapping[tuple[uuid.UUID, date], ActivityEntry],
    *,
    last: date,
) -> SourceLine:
    main = next((main for month in months if (main := known.main_of(source, month))), None)
    return SourceLine(
        name=name_of(source, context),
        href=source_href(source),
        responsible=person_name(context, source),
        within=name_of(main, context) if main else "",
        cells=[_cell(source, known, month, found.get((source.id, month)), last=last) for month in months],
    )


def _cell(source: EmissionSource, known: Sources, month: date, entry: ActivityEntry | None, *, last: date) -> MonthCell:
    words = month_words(month)
    if entry is not None:
        grade = grade_of(entry, source, known.meter_of(source)).grade
        state = "odd" if entry.reason else "entered"
        return MonthCell(state=state, grade=grade.value, href=entry_href(entry.id), month=words)
    if not counts_in(source, month):
        return MonthCell(state="off", grade="", href=None, month=words)
    if month > last:
        return MonthCell(state="ahead", grade="", href=None, month=words)
    return MonthCell(state="missing", grade="", href=month_href(source.plant_id, month), month=words)
