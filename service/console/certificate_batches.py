"""Pages on certificates of many products for one customer at once: choose, watch, take them all as a ZIP file."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.accounts.queries import names_of_actors
from service.certificates import batches, queries
from service.certificates.batches import BatchRow
from service.certificates.models import CertificateStatus
from service.certificates.router import ISSUERS, READERS
from service.console.certificates import customer_options, issuable
from service.console.choices import Options
from service.database import new_id
from service.errors import ServiceError
from service.footprints.queries import RecordRow
from service.i18n import translate
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()


class BatchInput(FormInput):
    """Which footprints, and for whom."""

    customer_id: uuid.UUID
    record_ids: list[uuid.UUID] = Field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchesPage:
    """The form with what can be chosen, and the latest batches with the customer's name."""

    form: FormState
    chosen: Sequence[str]
    footprints: Sequence[RecordRow]
    customers: Options
    rows: Sequence[tuple[BatchRow, str]]
    most: int
    may_issue: bool
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchPage:
    """One batch; `problems` are (record id, grade, message)."""

    row: BatchRow
    customer: str
    started_by: str
    certificates: Sequence[tuple[uuid.UUID, str, str, CertificateStatus]]
    problems: Sequence[tuple[str, str, str]]
    refresh_s: int | None


@router.get("/console/certificate-batches")
@endpoint(READERS)
def show_batches(context: Context) -> Response:
    """List batches, with the form that starts one."""
    return _show_list(context, FormState())


@router.post("/console/certificate-batches")
@endpoint(ISSUERS)
def start_batch(context: Context) -> Response:
    """Start issuing certificates of the chosen footprints."""
    try:
        wanted = parse_form(BatchInput, context.form, many=frozenset({"record_ids"}))
        customer = queries.get_customer(context.session, wanted.customer_id)
        batch = batches.start_batch(context.session, customer, wanted.record_ids, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_list(context, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/certificate-batches/{batch.id}")


@router.get("/console/certificate-batches/{certificate_batch_id}")
@endpoint(READERS)
def show_batch(context: Context, certificate_batch_id: uuid.UUID) -> Response:
    """Show how far a batch is; the page asks again by itself until it is done."""
    row = batches.get_batch_row(context.session, certificate_batch_id)
    page = BatchPage(
        row=row,
        customer=_name(context, row),
        started_by=names_of_actors(context.session, [row.batch.started_by]).get(row.batch.started_by, row.batch.started_by),
        certificates=batches.certificates_of(context.session, certificate_batch_id),
        problems=[
            (one["record_id"], one["grade"], translate(context.locale, one["template"], **one["values"]))
            for one in row.batch.problems
        ],
        refresh_s=None if row.is_done else 2,
    )
    return render_page(context, "console/certificate_batch.html", page)


@router.get("/console/certificate-batches/{certificate_batch_id}/zip")
@endpoint(READERS)
def download_batch(context: Context, certificate_batch_id: uuid.UUID) -> Response:
    """Hand out the documents of a batch as one file."""
    row = batches.get_batch_row(context.session, certificate_batch_id)
    headers = {
        "Content-Disposition": f'attachment; filename="certificates-{row.batch.started_at:%Y-%m-%d}.zip"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(batches.archive_of(context.session, row.batch.id), media_type="application/zip", headers=headers)


def _show_list(context: Context, form: FormState, *, status: int = 200) -> Response:
    page = BatchesPage(
        form=form,
        chosen=[str(one) for one in context.form.getlist("record_ids")] if form.errors else [],
        footprints=issuable(context, None),
        customers=customer_options(context),
        rows=[(row, _name(context, row)) for row in batches.find_batches(context.session)],
        most=batches.MOST,
        may_issue=context.asking.has(Role.SALES),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/certificate_batches.html", page, status=status)


def _name(context: Context, row: BatchRow) -> str:
    return row.customer.name_zh if context.locale == "zh-CN" else row.customer.name_en
