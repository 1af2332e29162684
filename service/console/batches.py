"""Pages on recalculating all products at once."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.console.footprints import last_year
from service.database import new_id
from service.errors import ServiceError
from service.footprints import operations, queries
from service.footprints.disclosure import CALCULATORS, INSIDERS, may_calculate
from service.footprints.models import FootprintBatch
from service.footprints.schemas import PeriodInput
from service.i18n import translate
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchesPage:
    """Starts a batch and lists the latest ones."""

    form: FormState
    batches: Sequence[FootprintBatch]
    product_count: int
    default_start: str
    default_end: str
    idempotency_key: str
    may_calculate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage:
    """The progress of one batch; `problems` are (product id, grade, message), and a message may name a supplier's figure."""

    batch: FootprintBatch
    started_by: str
    problems: Sequence[tuple[str, str, str]]
    refresh_s: int | None


@router.get("/console/footprints/batches")
@endpoint(INSIDERS)
def show_batches(context: Context) -> Response:
    """List batches, with the form that starts one."""
    return _show_list(context, FormState())


@router.post("/console/footprints/batches")
@endpoint(CALCULATORS)
def start_batch(context: Context) -> Response:
    """Start recalculating every product in use."""
    try:
        period = parse_form(PeriodInput, context.form)
        batch = operations.start_batch(
            context.session, period_start=period.period_start, period_end=period.period_end, by=context.asking.actor, at=context.at
        )
    except ServiceError as error:
        return _show_list(context, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/footprints/batches/{batch.id}")


@router.get("/console/footprints/batches/{batch_id:uuid}")
@endpoint(INSIDERS)
def show_batch(context: Context, batch_id: uuid.UUID) -> Response:
    """Show how far a batch is; the page asks again by itself until it is done."""
    batch = queries.get_batch(context.session, batch_id)
    page = BatchPage(
        batch=batch,
        started_by=names_of_actors(context.session, [batch.started_by]).get(batch.started_by, batch.started_by),
        problems=[
            (one["product_id"], one["grade"], translate(context.locale, one["template"], **one["values"])) for one in batch.problems
        ],
        refresh_s=None if batch.finished_at else 2,
    )
    return render_page(context, "console/footprint_batch.html", page)


def _show_list(context: Context, form: FormState, *, status: int = 200) -> Response:
    periods = queries.recorded_periods(context.session)
    start, end = periods[0] if periods else last_year(context.today)
    page = BatchesPage(
        form=form,
        batches=queries.find_batches(context.session),
        product_count=len(queries.active_product_ids(context.session)),
        default_start=start.isoformat(),
        default_end=end.isoformat(),
        idempotency_key=str(new_id()),
        may_calculate=may_calculate(context.asking),
    )
    return render_page(context, "console/footprint_batches.html", page, status=status)
