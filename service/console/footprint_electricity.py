"""The electricity views of a footprint beside each other: totals, stages, who uses which electricity, and by which rule."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page
from service.console import footprint_words as words
from service.console.footprint_tabs import FootprintHead, FootprintTab, footprint_head
from service.errors import N_
from service.footprints import queries
from service.footprints.disclosure import INSIDERS, may_see_inputs
from service.footprints.models import FootprintRecord
from service.i18n import Locale, translate
from service.suppliers.provinces import province_name
from service.web.charts import BarChart, Part, horizontal_bars

router = APIRouter()

_UNIT: Final = "kg CO₂e/kg"
_UNCONFIRMED: Final = frozenset({"eu_draft", "china_label"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteLine:
    """A user of electricity in one view; `supplier` None is the maker's plant."""

    step: str
    supplier: str | None
    province: str
    kwh_share: float
    kg_co2e_per_kwh: float
    contract_share: float
    direct_line_share: float
    is_captive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewLine:
    """The total under one electricity view; `sites` only for those who may see what went in.

    Attributes
    ----------
    difference_kg_co2e
        To the headline.
    factor_set
        Where the factor comes from; empty in records of earlier releases of the software.

    """

    key: str
    name: str
    meaning: str
    total_kg_co2e: float
    difference_kg_co2e: float
    by_stage_kg_co2e: Mapping[str, float]
    kg_co2e_per_kwh: float
    graphitization_kg_co2e_per_kwh: float
    is_headline: bool
    is_screening: bool
    is_unconfirmed: bool
    factor_set: str
    sites: Sequence[SiteLine]


@dataclass(frozen=True, slots=True, kw_only=True)
class ElectricityPage:
    """All views of a footprint; `stages` are (code, name)."""

    head: FootprintHead
    views: Sequence[ViewLine]
    chart: BarChart
    stages: Sequence[tuple[str, str]]
    electricity_kwh: float
    plant_id: uuid.UUID

    @property
    def users(self) -> list[tuple[SiteLine, list[float]]]:
        """Each user of electricity, with its factor under every view; the users are the same in all of them."""
        return [
            (sites[0], [site.kg_co2e_per_kwh for site in sites]) for sites in zip(*(view.sites for view in self.views), strict=True)
        ]

    @property
    def view_columns(self) -> list[tuple[str, str]]:
        """One column for each view, as the macro `table` takes them; the labels are translated already."""
        return [(bar.label, "number") for bar in self.chart.bars]


@router.get("/console/footprints/{footprint_id}/electricity")
@endpoint(INSIDERS)
def show_electricity(context: Context, footprint_id: uuid.UUID) -> Response:
    """Show a footprint under every electricity view."""
    head = footprint_head(context, footprint_id, FootprintTab.ELECTRICITY)
    page = electricity_page(context, queries.get_record(context.session, footprint_id), head)
    return render_page(context, "console/footprint_electricity.html", page)


def electricity_page(context: Context, record: FootprintRecord, head: FootprintHead) -> ElectricityPage:
    """Put all views of a footprint together."""
    views = view_lines(context, record)
    return ElectricityPage(
        head=head,
        views=views,
        chart=horizontal_bars(
            [Part(code="view", label=translate(context.locale, view.name), value=view.total_kg_co2e) for view in views], unit=_UNIT
        ),
        stages=[(code, words.stage_name(code, context.locale)) for code in record.result["by_stage"]],
        electricity_kwh=record.result["electricity_kwh"],
        plant_id=queries.plant_of(context.session, record.product_id),
    )


def view_lines(context: Context, record: FootprintRecord) -> list[ViewLine]:
    """Return the views of a record, the headline first."""
    names = supplier_names(context, record) if may_see_inputs(context.asking) else None
    return [_view_line(view, record, names, context.locale) for view in record.views]


def _view_line(view: Mapping[str, Any], record: FootprintRecord, names: Mapping[str, str] | None, locale: Locale) -> ViewLine:
    origin = view.get("factor_set") or {}
    return ViewLine(
        key=view["view"],
        name=words.VIEWS[view["view"]][0],
        meaning=words.VIEWS[view["view"]][1],
        total_kg_co2e=view["total_kg_co2e"],
        difference_kg_co2e=view["total_kg_co2e"] - record.total_kg_co2e_per_kg,
        by_stage_kg_co2e=view["by_stage"],
        kg_co2e_per_kwh=view["kg_co2e_per_kwh"],
        graphitization_kg_co2e_per_kwh=view["graphitization_kg_co2e_per_kwh"],
        is_headline=view["is_headline"],
        is_screening=view["is_screening"],
        is_unconfirmed=view["view"] in _UNCONFIRMED,
        factor_set=origin.get("name_zh" if locale == "zh-CN" else "name_en", ""),
        sites=() if names is None else [_site_line(site, names, locale) for site in view["sites"]],
    )


def _site_line(site: Mapping[str, Any], names: Mapping[str, str], locale: Locale) -> SiteLine:
    steps = {"": N_("Our plant"), "graphitization": N_("Toll graphitization"), "carbonization": N_("Toll carbonization")}
    return SiteLine(
        step=steps[str(site["step"]).partition("_")[0]],
        supplier=names.get(site["supplier_id"] or ""),
        province=province_name(site["province"], locale),
        kwh_share=site["kwh_share"],
        kg_co2e_per_kwh=site["kg_co2e_per_kwh"],
        contract_share=site["contract_share"],
        # Records of earlier releases know no direct lines: there was no way to evidence one.
        direct_line_share=site.get("direct_line_share", 0.0),
        is_captive=site["is_captive"],
    )


def supplier_names(context: Context, record: FootprintRecord) -> dict[str, str]:
    """Return the names of all suppliers in a record, by id as text."""
    ids = {part["supplier_id"] for one in record.provenance.values() for part in one["parts"] if part["supplier_id"]}
    found = queries.supplier_names(context.session, [uuid.UUID(one) for one in ids], locale=context.locale)
    return {str(supplier_id): name for supplier_id, name in found.items()}
