"""Headline figures of the lines of the plan whose work is counted: technologies, projects, courses, money, people."""

from collections.abc import Callable, Mapping
from datetime import date
from math import fsum
from typing import Final

from sqlmodel import col, select

from service.accounts.access import Context
from service.carbon_accounts.queries import behaviours, count_accounts
from service.carbon_accounts.rules import K_PEOPLE
from service.eco_design.queries import find_comparisons
from service.errors import N_
from service.governance.models import AssessmentStatus
from service.governance.queries import contracts, find_assessment, funding_years, overdue_actions, responsibilities, trainings
from service.i18n import translate
from service.material_flows.balances import recovered_share
from service.material_flows.queries import find_accounts, flows_of
from service.material_flows.recycled_queries import all_sources
from service.measures.queries import DECIDED, find_investments, find_technology, measures_of
from service.method_library.queries import find_methods
from service.monitoring.months import month_before, month_of
from service.premises.queries import intensities, trends
from service.project_gate.queries import WAITING, find_projects
from service.targets.assets import find_use
from service.targets.models import CarbonAsset
from service.web.formatting import format_number, format_percent

Headline = Callable[[Context], str | None]
_CNY_IN_10K: Final = 10_000


def _technologies(context: Context) -> str | None:
    found = find_technology(context.session)
    if not found:
        return None
    return translate(
        context.locale,
        N_("Technologies followed: %(count)s, the readiest at level %(trl)s of 9"),
        count=len(found),
        trl=found[0].trl,
    )


def _decided_measures(context: Context) -> str:
    count = len(measures_of(context.session, "task_02", statuses=DECIDED))
    return translate(context.locale, N_("Measures approved or running: %(count)s"), count=count)


def _methods(context: Context) -> str:
    count = len(find_methods(context.session, released_only=True))
    return translate(context.locale, N_("Versions of the method released: %(count)s"), count=count)


def _recovered(context: Context) -> str | None:
    """Return the share over all sites with an account that ends on the latest day."""
    accounts = find_accounts(context.session)
    last = max((one.period_end for one in accounts), default=None)
    flows = [flow for one in accounts if one.period_end == last for flow in flows_of(context.session, one.id)]
    share = recovered_share(flows)
    if share is None or last is None:
        return None
    text = N_("%(share)s of fines, rejects and scrap stay in use (account to %(day)s)")
    return translate(context.locale, text, share=format_percent(share, context.locale), day=last.isoformat())


def _recycled(context: Context) -> str:
    sources = all_sources(context.session)
    valid = sum(one.valid_until >= context.today for one in sources)
    text = N_("Recycled sources with a valid certificate: %(valid)s of %(count)s")
    return translate(context.locale, text, valid=valid, count=len(sources))


def _gate(context: Context) -> str:
    projects = find_projects(context.session)
    waiting = sum(one.status in WAITING for one in projects)
    text = N_("Projects: %(decided)s decided, %(waiting)s before the gate")
    return translate(context.locale, text, decided=len(projects) - waiting, waiting=waiting)


def _designs(context: Context) -> str:
    found = find_comparisons(context.session)
    chosen = sum(decision is not None for _, decision in found)
    return translate(context.locale, N_("Comparisons decided: %(chosen)s of %(count)s"), chosen=chosen, count=len(found))


def _investments(context: Context) -> str | None:
    found = find_investments(context.session)
    if not found:
        return None
    amount = format_number(fsum(one.capex_cny for one in found) / _CNY_IN_10K, context.locale)
    return translate(context.locale, N_("%(amount)s 10k CNY, investments: %(count)s"), amount=amount, count=len(found))


def _buildings(context: Context) -> str | None:
    """Return the intensity over the buildings that have all twelve months."""
    last = _last_month(context)
    known = [one for one in intensities(context.session, until=last) if one.kwh is not None]
    area = fsum(one.building.area_m2 for one in known)
    if not area:
        return None
    return translate(
        context.locale,
        N_("%(value)s kWh/m², buildings: %(count)s (twelve months to %(month)s)"),
        value=format_number(fsum(one.kwh or 0.0 for one in known) / area, context.locale),
        count=len(known),
        month=f"{last:%Y-%m}",
    )


def _office(context: Context) -> str | None:
    last = _last_month(context)
    found = trends(context.session)
    if not found:
        return None
    pairs = [(one.total(until=last), one.total(until=last.replace(year=last.year - 1))) for one in found]
    fallen = sum(now is not None and before is not None and now < before for now, before in pairs)
    text = N_("Indicators lower than a year before: %(fallen)s of %(count)s (twelve months to %(month)s)")
    return translate(context.locale, text, fallen=fallen, count=len(found), month=f"{last:%Y-%m}")


def _behaviours(context: Context) -> str:
    count = len(behaviours(context.session, on=context.today))
    return translate(context.locale, N_("Behaviours that earn points: %(count)s"), count=count)


def _accounts(context: Context) -> str | None:
    """Return how many there are, but not of so few that they could be known."""
    count = count_accounts(context.session)
    return translate(context.locale, N_("%(count)s accounts opened"), count=count) if count >= K_PEOPLE else None


def _answered(context: Context) -> str:
    lines = responsibilities(context.session)
    return translate(
        context.locale,
        N_("Lines answered for: %(answered)s of %(count)s; actions overdue: %(overdue)s"),
        answered=sum(not one.is_missing for one in lines),
        count=len(lines),
        overdue=len(overdue_actions(context.session, on=context.today)),
    )


def _assessed(context: Context) -> str | None:
    found = contracts(context.session)
    if not found:
        return None
    year = found[0].year
    signed = [find_assessment(context.session, one.id) for one in found if one.year == year]
    approved = sum(one is not None and one.status is AssessmentStatus.APPROVED for one in signed)
    text = N_("Contracts assessed and approved: %(approved)s of %(count)s (%(year)s)")
    return translate(context.locale, text, approved=approved, count=len(signed), year=year)


def _spent(context: Context) -> str | None:
    """Return what was spent of what was planned in the last year with all accounts closed."""
    by_year: dict[int, list[tuple[float, float | None]]] = {}
    for one in funding_years(context.session):
        by_year.setdefault(one.year, []).append((one.planned_cny, one.spent_cny))
    closed = {
        year: (fsum(plan for plan, _ in rows), fsum(spent or 0.0 for _, spent in rows))
        for year, rows in by_year.items()
        if all(spent is not None for _, spent in rows)
    }
    year = max((year for year, (plan, _) in closed.items() if plan), default=None)
    if year is None:
        return None
    planned, spent = closed[year]
    return translate(
        context.locale,
        N_("%(share)s of the money planned is spent (%(year)s); courses held: %(courses)s"),
        share=format_percent(spent / planned, context.locale),
        year=year,
        courses=len(trainings(context.session)),
    )


def _assets(context: Context) -> str:
    assets = context.session.exec(select(CarbonAsset.id).where(col(CarbonAsset.ended_at).is_(None))).all()
    used = sum(find_use(context.session, one) is not None for one in assets)
    return translate(context.locale, N_("Carbon assets: %(count)s, of them used: %(used)s"), count=len(assets), used=used)


def _last_month(context: Context) -> date:
    return month_before(month_of(context.today))


WORK_HEADLINES: Final[Mapping[str, Headline]] = {
    "task_01": _technologies,
    "task_02": _decided_measures,
    "task_03": _methods,
    "task_06": _recovered,
    "task_07": _recycled,
    "task_08": _gate,
    "task_10": _designs,
    "task_12": _investments,
    "task_15": _buildings,
    "task_16": _office,
    "task_17": _behaviours,
    "task_19": _accounts,
    "safeguard_1": _answered,
    "safeguard_2": _assessed,
    "safeguard_3": _spent,
    "safeguard_4": _assets,
}
