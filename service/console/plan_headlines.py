"""The headline figure of lines of the plan: what the line is about, in one number with its unit."""

from collections.abc import Mapping, Sequence
from typing import Final

from service.accounts.access import Context
from service.committee.supply_chain import supply_chain
from service.company_inventory.data_quality import quality_of
from service.company_inventory.inventories import inventory_of
from service.company_inventory.lines import Category
from service.company_inventory.queries import closed_years
from service.console.data_quality import GRADES_GOOD
from service.console.plan_work_headlines import WORK_HEADLINES, Headline
from service.errors import N_
from service.green_power.coverage import site_coverages
from service.i18n import translate
from service.procurement.kpi_queries import purchase_years
from service.publicity.models import PostKind
from service.publicity.queries import public_claims, published_posts
from service.targets.standing import Standing
from service.web.formatting import format_number, format_percent


def headline_figures(context: Context, stated: Sequence[Standing]) -> Mapping[str, str]:
    """Return headline figures by key of the line; a line of which none is known is absent.

    Parameters
    ----------
    stated
        CO2 as the plan words it, one for each target.

    """
    found = {one.target.item: _change(context, one) for one in stated}
    found |= {key: make(context) for key, make in _HEADLINES.items()}
    return {key: text for key, text in found.items() if text is not None}


def _change(context: Context, one: Standing) -> str | None:
    if one.change is None:
        return None
    change = f"{'+' if one.change > 0 else ''}{format_percent(one.change, context.locale)}"
    return translate(context.locale, N_("%(change)s since 2021 (%(year)s)"), change=change, year=one.year)


def _energy(context: Context) -> str | None:
    years = closed_years(context.session)
    if not years:
        return None
    value = inventory_of(context.session, max(years), at=context.at).energy_tce
    return f"{format_number(value, context.locale)} tce ({max(years)})"


def _emissions(context: Context) -> str | None:
    years = closed_years(context.session)
    if not years:
        return None
    value = inventory_of(context.session, max(years), at=context.at).scope_1_and_2_location_t_co2
    return f"{format_number(value, context.locale)} t CO₂ ({max(years)})"


def _known_origin(context: Context) -> str | None:
    years = closed_years(context.session)
    known = site_coverages(context.session, year=max(years)) if years else ()
    used = sum(one.consumed_kwh or 0.0 for one in known)
    if not used:
        return None
    share = sum(one.metered_kwh + one.certificates_kwh for one in known if one.consumed_kwh) / used
    text = N_("%(share)s of known origin (%(year)s)")
    return translate(context.locale, text, share=format_percent(share, context.locale), year=max(years))


def _covered(context: Context) -> str | None:
    years = purchase_years(context.session)
    if not years:
        return None
    found = supply_chain(context.session, years[0], on=context.today)
    share = found.engagement.overall.accepted
    if share is None:
        return None
    text = N_("%(share)s of purchased emissions with accepted figures (%(year)s)")
    return translate(context.locale, text, share=format_percent(share, context.locale), year=years[0])


def _articles(context: Context) -> str:
    count = sum(len(published_posts(context.session, kind)) for kind in PostKind)
    return translate(context.locale, N_("%(count)s articles and events public"), count=count)


def _claims(context: Context) -> str:
    count = len(public_claims(context.session, on=context.today))
    return translate(context.locale, N_("%(count)s claims with valid proof public"), count=count)


def _freight(context: Context) -> str | None:
    years = closed_years(context.session)
    value = inventory_of(context.session, max(years), at=context.at).scope_3_t_co2e.get(Category.FREIGHT) if years else None
    if value is None:
        return None
    text = N_("%(value)s t CO₂e of freight that we pay (%(year)s)")
    return translate(context.locale, text, value=format_number(value, context.locale), year=max(years))


def _well_known(context: Context) -> str | None:
    years = closed_years(context.session)
    if not years:
        return None
    inventory = inventory_of(context.session, max(years), at=context.at)
    quality = quality_of(context.session, inventory, on=context.today)
    good = [share for grade in GRADES_GOOD if (share := quality.share(grade)) is not None]
    if not good:
        return None
    text = N_("%(share)s of emissions of grade A or B (%(year)s)")
    return translate(context.locale, text, share=format_percent(sum(good), context.locale), year=max(years))


_HEADLINES: Final[Mapping[str, Headline]] = {
    **WORK_HEADLINES,
    "task_04": _energy,
    "task_05": _known_origin,
    "task_09": _covered,
    "task_11": _freight,
    "task_13": _emissions,
    "task_14": _well_known,
    "task_18": _articles,
    "task_20": _claims,
}
