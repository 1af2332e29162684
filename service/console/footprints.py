"""Pages on footprints: list, calculate, one record, release."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import STAFF, Context, endpoint
from service.accounts.pages import render_page, see_other
from service.console.choices import Options, page_links, read_filter
from service.console.footprint_pages import record_page, result_page
from service.console.footprint_tabs import FootprintTab, footprint_head
from service.database import new_id
from service.errors import N_, InvalidInputError, ServiceError
from service.footprints import operations, queries
from service.footprints.answering import published_results
from service.footprints.disclosure import CALCULATORS, RELEASERS, may_calculate, may_see_inputs
from service.footprints.guarding import GuardRefusedError
from service.footprints.models import FootprintStatus
from service.footprints.published import PublishedResult
from service.footprints.queries import RecordFilter, RecordRow
from service.footprints.schemas import CalculateInput, RecordListFilter, ReleaseInput
from service.i18n import translate
from service.product_footprints.operations import release
from service.products.queries import find_products, get_product
from service.suppliers.paging import Page
from service.web.formatting import format_date
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

STATUS_LABELS: Final = {
    FootprintStatus.CALCULATED: N_("Calculated"),
    FootprintStatus.RELEASED: N_("Released"),
    FootprintStatus.REPLACED: N_("Replaced"),
}
MOST_PRODUCTS: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class FootprintsPage:
    """The list with its filters.

    Attributes
    ----------
    published
        By record what those see who see results only; None for those who see all.

    """

    page: Page[RecordRow]
    published: Mapping[uuid.UUID, PublishedResult] | None
    filter: RecordListFilter
    form: FormState
    products: Options
    periods: Options
    statuses: Options
    previous_href: str | None
    next_href: str | None
    may_calculate: bool
    is_filtered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CalculatePage:
    """The form that asks for a footprint."""

    form: FormState
    products: Options
    periods: Sequence[tuple[date, date]]
    default_start: str
    default_end: str
    idempotency_key: str


@router.get("/console/footprints")
@endpoint(STAFF)
def show_footprints(context: Context) -> Response:
    """List footprints; filters stand in the address."""
    wanted, form = read_filter(RecordListFilter, context.request, context.locale)
    by = RecordFilter(product_id=wanted.product_id, period=wanted.dates, status=wanted.status, is_stale=wanted.stale)
    found = queries.find_records(context.session, by, after=wanted.after, before=wanted.before)
    previous, following = page_links(context.request, found)
    page = FootprintsPage(
        page=found,
        published=_published(context, found.rows),
        filter=wanted,
        form=form,
        products=product_options(context),
        periods=_period_options(context),
        statuses=[(status.value, translate(context.locale, label)) for status, label in STATUS_LABELS.items()],
        previous_href=previous,
        next_href=following,
        may_calculate=may_calculate(context.asking),
        is_filtered=by != RecordFilter(),
    )
    return render_page(context, "console/footprints.html", page)


@router.get("/console/footprints/new")
@endpoint(CALCULATORS)
def new_footprint(context: Context) -> Response:
    """Show the form; a product may come with the address."""
    return _show_form(context, FormState(values={"product_id": context.request.query_params.get("product_id", "")}))


@router.post("/console/footprints")
@endpoint(CALCULATORS)
def calculate_footprint(context: Context) -> Response:
    """Calculate a footprint, or find that nothing has changed since the last one."""
    try:
        wanted = parse_form(CalculateInput, context.form)
        record = operations.calculate(
            context.session,
            get_product(context.session, wanted.product_id),
            period_start=wanted.period_start,
            period_end=wanted.period_end,
            by=context.asking.actor,
            at=context.at,
        )
    except ServiceError as error:
        return _show_form(context, rejected(context.form, error, context.locale), status=error.status)
    is_new = record.calculated_at == context.at
    message = N_("Calculated.") if is_new else N_("Nothing has changed since %(number)s was calculated; here it is.")
    return see_other(
        context, f"/console/footprints/{record.id}", message, kind="success" if is_new else "info", number=record.number
    )


@router.get("/console/footprints/{record_id:uuid}")
@endpoint(STAFF)
def show_footprint(context: Context, record_id: uuid.UUID) -> Response:
    """Show one footprint; to those who may not see what went in, its rounded result."""
    record = queries.get_record(context.session, record_id)
    if not may_see_inputs(context.asking):
        return render_page(context, "console/footprint_result.html", result_page(context, record))
    head = footprint_head(context, record_id, FootprintTab.RESULT)
    return render_page(context, "console/footprint.html", record_page(context, record, head))


@router.post("/console/footprints/{record_id:uuid}/release")
@endpoint(RELEASERS)
def release_footprint(context: Context, record_id: uuid.UUID) -> Response:
    """Release a footprint that somebody else calculated; what stands in the way is said on its page."""
    record = queries.get_record(context.session, record_id)
    try:
        seen = parse_form(ReleaseInput, context.form)
        release(context.session, record, version=seen.version, by=context.asking.actor, at=context.at, settings=context.settings)
    except InvalidInputError:
        raise
    except GuardRefusedError as error:
        message = N_("%(number)s can't be released yet; what is open stands below.")
        return see_other(context, f"/console/footprints/{record_id}/methods", message, kind="error", number=error.values["number"])
    except ServiceError as error:
        return see_other(context, f"/console/footprints/{record_id}", error.template, kind="error", **error.values)
    return see_other(context, f"/console/footprints/{record_id}", N_("%(number)s is released."), number=record.number)


def product_options(context: Context) -> Options:
    """Return the products in use by grade, with their plant."""
    rows = find_products(context.session, limit=MOST_PRODUCTS).rows
    return [(str(row.id), f"{row.grade} · {row.name(context.locale)} · {row.plant_name(context.locale)}") for row in rows]


def last_year(today: date) -> tuple[date, date]:
    """Return the last whole calendar year."""
    return date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)


def _published(context: Context, rows: Sequence[RecordRow]) -> Mapping[uuid.UUID, PublishedResult] | None:
    if may_see_inputs(context.asking):
        return None
    return published_results(context.session, [row.id for row in rows], to=context.asking)


def _period_options(context: Context) -> Options:
    periods = queries.recorded_periods(context.session)
    return [(f"{start.isoformat()}..{end.isoformat()}", f"{format_date(start)} – {format_date(end)}") for start, end in periods]


def _show_form(context: Context, form: FormState, *, status: int = 200) -> Response:
    periods = queries.recorded_periods(context.session)
    start, end = periods[0] if periods else last_year(context.today)
    page = CalculatePage(
        form=form,
        products=product_options(context),
        periods=periods,
        default_start=start.isoformat(),
        default_end=end.isoformat(),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/footprint_form.html", page, status=status)
