"""The committee's view of the green supply chain: figures with their meaning, each leading to its list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.committee.supply_chain import SupplyChain, supply_chain
from service.console.choices import Options, read_filter
from service.console.engagement import YearQuery
from service.console.navigation import works_in
from service.errors import N_
from service.i18n import translate
from service.plan.policies import PLAN_READERS
from service.procurement.kpi_queries import purchase_years
from service.web.formatting import format_percent
from service.web.forms import FormState

router = APIRouter()

PAGE: Final = "/console/plan/supply-chain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kpi:
    """A figure with its meaning; `href` leads to its list, for those who may see it."""

    name: str
    value: str
    meaning: str
    href: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyChainPage:
    """The figures of a year; none before the first purchase."""

    years: Options
    form: FormState
    found: SupplyChain | None
    kpis: Sequence[Kpi]


@router.get(PAGE)
@endpoint(PLAN_READERS)
def show_supply_chain(context: Context) -> Response:
    """Show how green the supply chain is."""
    years = purchase_years(context.session)
    wanted, form = read_filter(YearQuery, context.request, context.locale)
    year = wanted.year if wanted.year in years else next(iter(years), None)
    today = context.today
    found = None if year is None else supply_chain(context.session, year, on=today)
    page = SupplyChainPage(
        years=[(str(one), str(one)) for one in years],
        form=form,
        found=found,
        kpis=[] if found is None else _kpis(context, found),
    )
    return render_page(context, "console/plan_supply_chain.html", page)


def _kpis(context: Context, found: SupplyChain) -> list[Kpi]:
    engaged = f"/console/engagement?year={found.year}"
    overall = found.engagement.overall
    closed = f"{found.actions_closed} / {found.actions}"
    rows = (
        (
            N_("Response"),
            found.engagement.response_rate,
            N_("Suppliers that answered, of those asked for figures of the year"),
            "/console/campaigns",
        ),
        (
            N_("Coverage by spend"),
            found.by_spend,
            N_("Part of the money spent with suppliers whose figures were accepted; where a price is recorded"),
            engaged,
        ),
        (
            N_("Coverage by tonnes"),
            found.by_tonnes,
            N_("Part of the tonnes bought from suppliers whose figures were accepted"),
            engaged,
        ),
        (
            N_("Coverage by emissions"),
            overall.accepted,
            N_("Part of purchased emissions, at benchmarks, from suppliers whose figures were accepted"),
            engaged,
        ),
        (
            N_("Suppliers with a target"),
            overall.target,
            N_("Part of purchased emissions from suppliers whose climate target has a number"),
            engaged,
        ),
        (
            N_("Primary data in our footprints"),
            found.primary_share,
            N_("Part of the declared footprints that rests on measured data, mean over products"),
            "/console/footprints",
        ),
        (
            N_("Corrective actions closed"),
            closed,
            N_("Put right and seen by a second person, of all that were opened"),
            "/console/corrective-actions",
        ),
    )
    return [
        Kpi(
            name=translate(context.locale, name),
            value=value if isinstance(value, str) else format_percent(value, context.locale),
            meaning=translate(context.locale, meaning),
            href=href if works_in(context, href.partition("?")[0]) else None,
        )
        for name, value, meaning, href in rows
    ]
