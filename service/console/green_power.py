"""What the sites' electricity is covered by: claims, what is left as residual mix, the duty, and certificates that run out soon."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console import green_power_words as words
from service.console.choices import Options, read_filter
from service.console.register_columns import plant_choices
from service.console.register_definition import Tabs
from service.errors import N_
from service.green_power.coverage import DutyCoverage, SiteCoverage, duty_coverage, expiring, site_coverages, unspent_kwh
from service.green_power.models import GreenCertificate, SupplyClaim
from service.green_power.queries import find_claims
from service.green_power.rules import valid_until
from service.i18n import Locale, translate
from service.plan.policies import PLAN_EDITORS, PLAN_READERS
from service.web.charts import BarChart, Part, stacked_bar
from service.web.forms import FormInput

router = APIRouter()

_KWH_PER_MWH = 1000.0


class LedgerFilter(FormInput):
    """What the address of the overview may hold."""

    year: int | None = Field(default=None, ge=2000, le=2100)
    plant_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageLine:
    """A site's year; no chart where what it used is not known."""

    name: str
    coverage: SiteCoverage
    duty: DutyCoverage
    unspent_kwh: float
    chart: BarChart | None
    is_sample: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimLine:
    """A claim in the list."""

    claim: SupplyClaim
    site: str
    technology: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GreenPowerPage:
    """The overview of the ledger."""

    tabs: Tabs
    year: int
    years: Options
    plant_id: str
    plants: Options
    sites: Sequence[CoverageLine]
    claims: Sequence[ClaimLine]
    expiring: Sequence[tuple[GreenCertificate, date]]
    may_write: bool


@router.get(words.HOME)
@endpoint(PLAN_READERS)
def show_green_power(context: Context) -> Response:
    """Show what each site's electricity of a year is covered by, its claims, and what runs out soon."""
    asked, _ = read_filter(LedgerFilter, context.request, context.locale)
    today = context.today
    year, plant_id = asked.year or today.year - 1, asked.plant_id
    coverages = [one for one in site_coverages(context.session, year=year) if plant_id in {None, one.plant.id}]
    names = dict(plant_choices(context))
    page = GreenPowerPage(
        tabs=words.green_power_tabs(context),
        year=year,
        years=[(str(one), str(one)) for one in range(today.year, today.year - 7, -1)],
        plant_id=str(plant_id or ""),
        plants=plant_choices(context),
        sites=[_line(context, one, names[str(one.plant.id)]) for one in coverages],
        claims=[claim_line(one, names, context.locale) for one in find_claims(context.session, plant_id=plant_id, year=year)],
        expiring=[(one, valid_until(one.generation_month)) for one in expiring(context.session, on=today)],
        may_write=PLAN_EDITORS.lets_in(context.principal),
    )
    return render_page(context, "console/green_power.html", page)


def claim_line(claim: SupplyClaim, names: dict[str, str], locale: Locale) -> ClaimLine:
    """Return a claim as a list shows it."""
    return ClaimLine(
        claim=claim,
        site=names.get(str(claim.plant_id), ""),
        technology=translate(locale, words.TECHNOLOGIES[claim.technology]),
        href=f"{words.CLAIMS}/{claim.id}",
    )


def _line(context: Context, coverage: SiteCoverage, name: str) -> CoverageLine:
    return CoverageLine(
        name=name,
        coverage=coverage,
        duty=duty_coverage(context.session, coverage),
        unspent_kwh=unspent_kwh(context.session, coverage.plant.id, year=coverage.year),
        chart=_chart(coverage, context.locale),
        is_sample=coverage.plant.is_sample,
    )


def _chart(coverage: SiteCoverage, locale: Locale) -> BarChart | None:
    """Return what covers a site's electricity, in MWh; nothing where what it used is not known."""
    if coverage.unclaimed_kwh is None:
        return None
    parts = (
        ("primary", N_("Lines and power plants of our own"), coverage.metered_kwh),
        ("secondary", N_("Cancelled certificates"), coverage.certificates_kwh),
        ("default", N_("Not claimed: residual mix"), coverage.unclaimed_kwh),
    )
    return stacked_bar(
        [Part(code=code, label=translate(locale, label), value=kwh / _KWH_PER_MWH) for code, label, kwh in parts], unit="MWh"
    )
