"""What is done on a year's inventory: worked, findings noted and settled, verified, closed, opened again; and its files."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, see_other
from service.company_inventory import operations, queries
from service.company_inventory.inventories import inventory_in, inventory_of
from service.company_inventory.report import make_report, render_report
from service.company_inventory.router import report_response
from service.company_inventory.schemas import (
    FindingInput,
    PreparationInput,
    ReopeningInput,
    ResolutionInput,
    VerificationInput,
    VersionInput,
)
from service.company_inventory.workbook import inventory_workbook
from service.console.company_inventory import show_inventory_page
from service.console.company_inventory_shown import INVENTORY
from service.console.exports import XLSX, attachment
from service.errors import N_
from service.pdf.bilingual import Bilingual
from service.plan.policies import PLAN_APPROVERS, PLAN_EDITORS, PLAN_READERS
from service.products.queries import all_plants
from service.web.forms import parse_form

router = APIRouter()

Year = Annotated[int, Path(ge=2000, le=2100)]
Number = Annotated[int, Query(ge=1, le=1000)]
_CHECKS: Final = frozenset({"checks"})


@router.post("/console/plan/inventory/{inventory_year}/prepare")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(show_inventory_page)
def prepare(context: Context, inventory_year: Year) -> Response:
    """Begin a year, or choose its set of factors."""
    fields = parse_form(PreparationInput, context.form)
    operations.prepare(
        context.session,
        inventory_year,
        fields.factor_set,
        version=fields.version,
        by=context.asking.actor,
        at=context.at,
    )
    return see_other(context, f"{INVENTORY}/{inventory_year}", N_("Saved."))


@router.post("/console/plan/inventory/{inventory_year}/findings")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(show_inventory_page)
def raise_finding(context: Context, inventory_year: Year) -> Response:
    """Note what the verification found."""
    fields = parse_form(FindingInput, context.form)
    operations.raise_finding(context.session, inventory_year, fields, by=context.asking.actor, at=context.at)
    return see_other(context, f"{INVENTORY}/{inventory_year}", N_("Finding noted."))


@router.post("/console/plan/inventory/{inventory_year}/findings/resolve")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(show_inventory_page)
def resolve_finding(context: Context, inventory_year: Year) -> Response:
    """Say what was done about a finding."""
    fields = parse_form(ResolutionInput, context.form)
    operations.resolve_finding(
        context.session, inventory_year, fields.finding_id, fields.resolution, by=context.asking.actor, at=context.at
    )
    return see_other(context, f"{INVENTORY}/{inventory_year}", N_("Finding settled."))


@router.post("/console/plan/inventory/{inventory_year}/verify")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(show_inventory_page)
def verify(context: Context, inventory_year: Year) -> Response:
    """Confirm that the year was checked."""
    fields = parse_form(VerificationInput, context.form, many=_CHECKS)
    operations.verify(
        context.session, inventory_year, fields.checks, version=fields.version, by=context.asking.actor, at=context.at
    )
    return see_other(context, f"{INVENTORY}/{inventory_year}", N_("The year is verified."))


@router.post("/console/plan/inventory/{inventory_year}/close")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(show_inventory_page)
def close(context: Context, inventory_year: Year) -> Response:
    """Keep the verified year for good."""
    fields = parse_form(VersionInput, context.form)
    operations.close(
        context.session,
        inventory_year,
        version=fields.version,
        settings=context.settings,
        by=context.asking.actor,
        at=context.at,
    )
    return see_other(context, f"{INVENTORY}/{inventory_year}", N_("The year is closed."))


@router.post("/console/plan/inventory/{inventory_year}/reopen")
@endpoint(PLAN_APPROVERS)
@refusals_shown_by(show_inventory_page)
def reopen(context: Context, inventory_year: Year) -> Response:
    """Open the closed year again, with a reason."""
    fields = parse_form(ReopeningInput, context.form)
    operations.reopen(context.session, inventory_year, fields, by=context.asking.actor, at=context.at)
    return see_other(context, f"{INVENTORY}/{inventory_year}", N_("The year is open again."))


# ---- Files ----


@router.get("/console/plan/inventory/{inventory_year}/report.pdf")
@endpoint(PLAN_READERS)
def download_report(
    context: Context, inventory_year: Year, *, lang: Literal["zh", "en"] = "zh", number: Number | None = None
) -> Response:
    """Return the verification report of a closing."""
    snapshot = queries.get_closing(context.session, inventory_year, number=number)
    content = render_report(make_report(snapshot), language=lang)
    return report_response(content, name=f"inventory-{inventory_year}-{snapshot.number}-{lang}.pdf")


@router.get("/console/plan/inventory/{inventory_year}/lines.xlsx")
@endpoint(PLAN_READERS)
def download_lines(context: Context, inventory_year: Year, *, number: Number | None = None) -> Response:
    """Return every line of a year, or of one of its closings, as a workbook."""
    sites = {str(one.id): Bilingual(zh=one.name_zh, en=one.name_en) for one in all_plants(context.session)}
    closed = queries.latest_snapshot(context.session, inventory_year)
    inventory = inventory_of(context.session, inventory_year, at=context.at)
    snapshot = closed if inventory.snapshot_id is not None else None
    if number is not None:
        snapshot = queries.get_closing(context.session, inventory_year, number=number)
        inventory = inventory_in(snapshot)
    entries = snapshot.content["entries"] if snapshot is not None else []
    content = inventory_workbook(inventory, sites=sites, entries=entries)
    return attachment(content, XLSX, f"inventory-{inventory_year}.xlsx")
