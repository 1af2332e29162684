"""Pages on the company's inventory: all years, one year with every line, and two years side by side."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.accounts.queries import names_of_actors
from service.company_inventory import queries
from service.company_inventory.calculating import BASE_YEAR
from service.company_inventory.checks import CHECKS
from service.company_inventory.factors import FUEL_FACTOR_SETS
from service.company_inventory.inventories import inventory_in, inventory_of, inventory_years
from service.company_inventory.inventory import Inventory, InventoryStatus
from service.company_inventory.models import CompanyInventory
from service.company_inventory.restating import BaseYearCheck, check_base_year
from service.company_inventory.words import CATEGORIES, CAUSES
from service.console.choices import Options
from service.console.company_inventory_shown import (
    INVENTORY,
    ShownGap,
    ShownScope,
    Words,
    entries_behind,
    shown_gaps,
    shown_scopes,
)
from service.console.monitoring_words import entry_href, month_words
from service.errors import N_
from service.monitoring.queries import current_entries, file_counts, find_sources
from service.plan.policies import APPROVER_ROLES, EDITOR_ROLES, PLAN_READERS
from service.web.charts import BarChart, Part, horizontal_bars
from service.web.forms import FormState

router = APIRouter()

Year = Annotated[int, Path(ge=2000, le=2100)]
YearQuery = Annotated[int, Query(ge=2000, le=2100)]

_MOST_ENTRIES: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoriesPage:
    """All years, the newest first, and whether the base year must be restated."""

    years: Sequence[Inventory]
    latest: Inventory | None
    latest_href: str
    base_year: BaseYearCheck | None
    fixed_since: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFinding:
    """A finding of a verification."""

    id: str
    check: str
    text: str
    entry_href: str | None
    resolution: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClosing:
    """One closing of a year."""

    number: int
    closed_at: date
    closed_by: str
    total_t_co2: float
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRestatement:
    """One restatement, with what was said before."""

    cause: str
    reason: str
    former_t_co2: float
    restated_t_co2: float
    change: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryPage:
    """One year; of `figures` by month `with_file` have a file behind them."""

    inventory: Inventory
    work: CompanyInventory | None
    path: str
    factor_set: str
    chart: BarChart
    scopes: Sequence[ShownScope]
    figures: int
    with_file: int
    gaps: Sequence[ShownGap]
    by_site: Sequence[tuple[str, float, float]]
    scope_3: Sequence[tuple[str, float]]
    findings: Sequence[ShownFinding]
    unsettled: Options
    closings: Sequence[ShownClosing]
    restatements: Sequence[ShownRestatement]
    people: Sequence[tuple[str, str]]
    may_edit: bool
    may_approve: bool
    form: FormState
    factor_sets: Options
    checks: Options
    causes: Options
    entries: Options


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRow:
    """One figure of two years; `change` relative, None of a zero or where one is not known."""

    label: str
    unit: str
    first: float | None
    second: float | None
    change: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonPage:
    """Two years side by side."""

    years: Options
    form: FormState
    rows: Sequence[ComparisonRow]
    first: Inventory | None
    second: Inventory | None


@router.get("/console/plan/inventory")
@endpoint(PLAN_READERS)
def show_inventories(context: Context) -> Response:
    """List the years."""
    years = [inventory_of(context.session, year, at=context.at) for year in reversed(inventory_years(context.session))]
    closed = [one for one in years if one.status is InventoryStatus.CLOSED]
    latest = next(iter(closed or years), None)
    page = InventoriesPage(
        years=years,
        latest=latest,
        latest_href=f"{INVENTORY}/{latest.year}" if latest else "",
        base_year=check_base_year(context.session, threshold_percent=context.settings.restatement_percent),
        fixed_since=BASE_YEAR,
    )
    return render_page(context, "console/plan_inventories.html", page)


@router.get("/console/plan/inventory/comparison")
@endpoint(PLAN_READERS)
def compare_inventories(context: Context, *, first: YearQuery | None = None, second: YearQuery | None = None) -> Response:
    """Show two years side by side; without a choice the base year and the newest closed one."""
    years = inventory_years(context.session)
    closed = [year for year in years if year in queries.closed_years(context.session)] or years
    one = first or (closed[0] if closed else None)
    other = second or (closed[-1] if closed else None)
    left, right = (
        inventory_of(context.session, year, at=context.at) if year is not None and year in years else None for year in (one, other)
    )
    page = ComparisonPage(
        years=[(str(year), str(year)) for year in years],
        form=FormState(values={"first": str(one or ""), "second": str(other or "")}),
        rows=_compared(context, left, right) if left and right else [],
        first=left,
        second=right,
    )
    return render_page(context, "console/plan_inventory_comparison.html", page)


@router.get("/console/plan/inventory/{inventory_year}")
@endpoint(PLAN_READERS)
def show_inventory(context: Context, inventory_year: Year) -> Response:
    """Show one year: its totals, what is missing, every line with its papers, and what was done on it."""
    return show_inventory_page(context, FormState(), inventory_year)


def show_inventory_page(context: Context, form: FormState, inventory_year: int) -> Response:
    """Return the page of a year, with what was typed into one of its forms."""
    session, words, year = context.session, Words(context), inventory_year
    inventory = inventory_of(session, year, at=context.at)
    work = queries.find_work(session, year)
    findings = _findings(context, work, words)
    figures = entries_behind(inventory)
    files = file_counts(session, figures)
    page = InventoryPage(
        inventory=inventory,
        work=work,
        path=f"{INVENTORY}/{year}",
        factor_set=words.say(FUEL_FACTOR_SETS[inventory.factor_set]),
        chart=_chart(inventory, words),
        scopes=shown_scopes(context, inventory, words, files=files),
        figures=len(figures),
        with_file=len(files),
        gaps=shown_gaps(inventory.missing, words),
        by_site=[(name, *_site_totals(inventory, plant_id)) for plant_id, name in words.sites.items()],
        scope_3=[(words.say(CATEGORIES[key]), value) for key, value in inventory.scope_3_t_co2e.items()],
        findings=findings,
        unsettled=[(one.id, one.text) for one in findings if one.resolution is None],
        closings=_closings(context, year),
        restatements=_restatements(context, year, words),
        people=_people(context, work, words),
        may_edit=bool(context.asking.roles & EDITOR_ROLES),
        may_approve=bool(context.asking.roles & APPROVER_ROLES),
        form=form,
        factor_sets=[(key.value, words.say(text)) for key, text in FUEL_FACTOR_SETS.items()],
        checks=[(key, words.say(text)) for key, text in CHECKS.items()],
        causes=[(key.value, words.say(text)) for key, text in CAUSES.items()],
        entries=_entry_options(context, year),
    )
    return render_page(context, "console/plan_inventory.html", page, status=form.status)


def _chart(inventory: Inventory, words: Words) -> BarChart:
    parts = [
        Part(code="P1", label=words.say(N_("Fuels and process")), value=inventory.scope_1_t_co2),
        Part(code="P2", label=words.say(N_("Purchased electricity and heat")), value=inventory.scope_2_location_t_co2),
    ]
    toll = inventory.toll_graphitisation_t_co2e
    if toll is not None:
        parts.append(Part(code="P3", label=words.say(N_("Graphitization done by others")), value=toll))
    return horizontal_bars(parts, unit="t CO₂e")


def _site_totals(inventory: Inventory, plant_id: uuid.UUID) -> tuple[float, float]:
    first, second = inventory.emissions_of(plant_id).values()
    return first, second


def _findings(context: Context, work: CompanyInventory | None, words: Words) -> Sequence[ShownFinding]:
    if work is None:
        return []
    return [
        ShownFinding(
            id=str(one.id),
            check=words.say(CHECKS[one.check]),
            text=one.text,
            entry_href=entry_href(one.entry_id) if one.entry_id is not None else None,
            resolution=one.resolution,
        )
        for one in queries.findings_of(context.session, work.id)
    ]


def _closings(context: Context, year: int) -> Sequence[ShownClosing]:
    found = queries.snapshots_of(context.session, year)
    names = names_of_actors(context.session, [one.closed_by for one in found])
    return [
        ShownClosing(
            number=one.number,
            closed_at=one.closed_at,
            closed_by=names.get(one.closed_by, one.closed_by),
            total_t_co2=inventory_in(one).scope_1_and_2_location_t_co2,
            sha256=one.sha256,
        )
        for one in found
    ]


def _restatements(context: Context, year: int, words: Words) -> Sequence[ShownRestatement]:
    return [
        ShownRestatement(
            cause=words.say(CAUSES[one.cause]),
            reason=one.reason,
            former_t_co2=one.former_t_co2,
            restated_t_co2=one.restated_t_co2,
            change=one.change,
        )
        for one in queries.restatements(context.session, year)
    ]


def _people(context: Context, work: CompanyInventory | None, words: Words) -> Sequence[tuple[str, str]]:
    if work is None:
        return []
    who = {
        N_("Worked by"): work.prepared_by,
        N_("Verified by"): work.verified_by,
        N_("Opened again by"): work.reopened_by,
    }
    names = names_of_actors(context.session, [one for one in who.values() if one])
    return [(words.say(label), names.get(one, one)) for label, one in who.items() if one]


def _entry_options(context: Context, year: int) -> Options:
    """Return the entries that a finding may be about, by source and month."""
    names = {one.id: one.name_zh if context.locale == "zh-CN" else one.name_en for one in find_sources(context.session)}
    entries = current_entries(context.session, start=date(year, 1, 1), end=date(year, 12, 31))
    found = [(str(one.id), f"{names[one.source_id]} · {month_words(one.month)}") for one in entries]
    return sorted(found, key=lambda option: option[1])[:_MOST_ENTRIES]


def _compared(context: Context, first: Inventory, second: Inventory) -> Sequence[ComparisonRow]:
    words = Words(context)
    figures: Sequence[tuple[str, str, float | None, float | None]] = [
        (N_("Direct emissions (Scope 1)"), "t CO₂", first.scope_1_t_co2, second.scope_1_t_co2),
        (N_("Scope 2 by the grid of the province"), "t CO₂", first.scope_2_location_t_co2, second.scope_2_location_t_co2),
        (N_("Scope 2 by what is claimed"), "t CO₂", first.scope_2_market_t_co2, second.scope_2_market_t_co2),
        (
            N_("Scope 2 by location with the grid factors of 2021"),
            "t CO₂",
            first.scope_2_location_at_base_factors_t_co2,
            second.scope_2_location_at_base_factors_t_co2,
        ),
        (
            N_("Scope 1 and 2 by the grid of the province"),
            "t CO₂",
            first.scope_1_and_2_location_t_co2,
            second.scope_1_and_2_location_t_co2,
        ),
        (N_("Scope 1 and 2 by what is claimed"), "t CO₂", first.scope_1_and_2_market_t_co2, second.scope_1_and_2_market_t_co2),
        (
            N_("Graphitization done by others (category 1)"),
            "t CO₂e",
            first.toll_graphitisation_t_co2e,
            second.toll_graphitisation_t_co2e,
        ),
        (N_("Energy, calorific equivalent"), "tce", first.energy_tce, second.energy_tce),
        (N_("Energy, equal value"), "tce", first.energy_equal_value_tce, second.energy_equal_value_tce),
    ]
    return [
        ComparisonRow(label=words.say(label), unit=unit, first=one, second=other, change=_change(one, other))
        for label, unit, one, other in figures
    ]


def _change(first: float | None, second: float | None) -> float | None:
    return (second - first) / first if first and second is not None else None
