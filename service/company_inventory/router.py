"""Inventories and their reports for programs of the maker; figures of open years say that they are not complete."""

import uuid
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.company_inventory.inventories import inventory_of, inventory_years
from service.company_inventory.inventory import Inventory
from service.company_inventory.lines import GAP_TEXTS
from service.company_inventory.queries import get_closing
from service.company_inventory.report import make_report, render_report
from service.i18n import Locale, translate
from service.plan.policies import PLAN_READERS

router = APIRouter(tags=["inventories"])

Year = Annotated[int, Path(ge=2000, le=2100)]
Number = Annotated[int, Query(ge=1, le=1000)]


class InventoryOut(BaseModel):
    """Totals of one year; `missing` says what they lack."""

    model_config = ConfigDict(extra="forbid")

    year: int
    status: str
    is_complete: bool
    is_sample: bool
    factor_set: str
    scope_1_t_co2: float
    scope_2_location_t_co2: float
    scope_2_market_t_co2: float
    scope_2_location_at_base_factors_t_co2: float
    scope_3_t_co2e: dict[str, float]
    toll_graphitisation_t_co2e: float | None
    energy_tce: float
    energy_equal_value_tce: float | None
    energy_fossil_tce: float
    energy_gj: float
    missing: list[str]
    snapshot_id: uuid.UUID | None
    sha256: str | None
    closing: int


@router.get("/inventories")
@endpoint(PLAN_READERS)
def list_inventories(context: Context) -> list[InventoryOut]:
    """Return the totals of every year, in order."""
    return [_out(inventory_of(context.session, year, at=context.at), context.locale) for year in inventory_years(context.session)]


@router.get("/inventories/{inventory_year}")
@endpoint(PLAN_READERS)
def get_inventory(context: Context, inventory_year: Year) -> InventoryOut:
    """Return the totals of one year."""
    return _out(inventory_of(context.session, inventory_year, at=context.at), context.locale)


@router.get("/reports/{inventory_year}.pdf")
@endpoint(PLAN_READERS)
def download_report(
    context: Context, inventory_year: Year, *, lang: Literal["zh", "en"] = "zh", number: Number | None = None
) -> Response:
    """Return the verification report of a closed year as PDF, of its last closing or of the one asked for."""
    snapshot = get_closing(context.session, inventory_year, number=number)
    content = render_report(make_report(snapshot), language=lang)
    return report_response(content, name=f"inventory-{inventory_year}-{snapshot.number}-{lang}.pdf")


def report_response(content: bytes, *, name: str) -> Response:
    """Return a PDF to be saved, which nothing runs as a page of ours."""
    headers = {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(content, media_type="application/pdf", headers=headers)


def _out(inventory: Inventory, locale: Locale) -> InventoryOut:
    return InventoryOut(
        year=inventory.year,
        status=inventory.status.value,
        is_complete=inventory.is_complete,
        is_sample=inventory.is_sample,
        factor_set=inventory.factor_set.value,
        scope_1_t_co2=inventory.scope_1_t_co2,
        scope_2_location_t_co2=inventory.scope_2_location_t_co2,
        scope_2_market_t_co2=inventory.scope_2_market_t_co2,
        scope_2_location_at_base_factors_t_co2=inventory.scope_2_location_at_base_factors_t_co2,
        scope_3_t_co2e={category.value: t_co2e for category, t_co2e in inventory.scope_3_t_co2e.items()},
        toll_graphitisation_t_co2e=inventory.toll_graphitisation_t_co2e,
        energy_tce=inventory.energy_tce,
        energy_equal_value_tce=inventory.energy_equal_value_tce,
        energy_fossil_tce=inventory.energy_fossil_tce,
        energy_gj=inventory.energy_gj,
        missing=[translate(locale, GAP_TEXTS[gap.kind], detail=gap.detail) for gap in inventory.missing],
        snapshot_id=inventory.snapshot_id,
        sha256=inventory.sha256,
        closing=inventory.number,
    )
