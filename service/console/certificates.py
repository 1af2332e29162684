"""Pages on certificates: list, issue, one certificate, its document, the next revision, withdrawal."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.models import Role
from service.accounts.pages import render_page, see_other
from service.accounts.queries import name_of_actor
from service.certificates import operations, queries
from service.certificates.models import Certificate, CertificateStatus
from service.certificates.queries import CertificateFilter, CertificateRow
from service.certificates.router import ISSUERS, READERS, WITHDRAWERS, pdf_response
from service.certificates.rules import Standing
from service.certificates.schemas import CertificateSearch, IssueInput, SupersedeInput, WithdrawInput
from service.clock import day_at
from service.console.choices import Options, page_links, read_filter
from service.database import new_id
from service.errors import N_, NotFoundError, ServiceError
from service.footprints import queries as footprints
from service.footprints.models import FootprintStatus
from service.footprints.queries import RecordFilter, RecordRow
from service.product_footprints.models import DeclaredStatus, ProductFootprint
from service.product_footprints.part_numbers import find_part_number
from service.suppliers.paging import Cursor, Page
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

PAGE_SIZE = 50
CHOICES = 200
STANDINGS: Sequence[tuple[Standing, str]] = (
    (Standing.VALID, N_("Valid")),
    (Standing.EXPIRING, N_("Expires within 60 days")),
    (Standing.EXPIRED, N_("Expired")),
    (Standing.SUPERSEDED, N_("Superseded")),
    (Standing.WITHDRAWN, N_("Withdrawn")),
    (Standing.RENDERING, N_("Being made")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatesPage:
    """The list; `rows` are (certificate, standing today)."""

    rows: Sequence[tuple[CertificateRow, Standing]]
    page: Page[CertificateRow]
    filter: CertificateSearch
    form: FormState
    standings: Sequence[tuple[Standing, str]]
    previous_href: str | None
    next_href: str | None
    may_issue: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePage:
    """The form for a new certificate, or for a revision of `replaced`."""

    replaced: CertificateRow | None
    footprints: Sequence[RecordRow]
    customers: Options
    form: FormState
    version: int
    idempotency_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificatePage:
    """One certificate.

    Attributes
    ----------
    is_outdated
        Its footprint has been replaced or rests on replaced data; a revision is due.
    has_failed
        Its document could not be made and nobody tries any more.
    files_address
        Of its footprint's files for this customer; empty for early certificates.

    """

    row: CertificateRow
    standing: Standing
    verify_url: str
    result: str
    unit: str
    issued_by: str
    withdrawn_on: date | None
    withdrawn_reason: str | None
    withdrawn_by: str | None
    unsigned_sha256: str | None
    signing_key_id: str | None
    predecessor: Certificate | None
    successor: Certificate | None
    is_outdated: bool
    has_failed: bool
    files_address: str
    may_issue: bool
    may_withdraw: bool
    form: FormState


@router.get("/console/certificates")
@endpoint(READERS)
def show_certificates(context: Context) -> Response:
    """List certificates, newest first; filters stand in the address."""
    wanted, form = read_filter(CertificateSearch, context.request, context.locale)
    today = context.today
    place = wanted.after or wanted.before
    found = queries.find_certificates(
        context.session,
        CertificateFilter(
            standing=wanted.standing,
            customer_id=wanted.customer_id,
            footprint_id=wanted.footprint_id,
            words=wanted.q or "",
        ),
        today=today,
        cursor=Cursor(place=(place,), backwards=wanted.before is not None) if place else None,
        limit=PAGE_SIZE,
    )
    previous_href, next_href = page_links(context.request, found)
    page = CertificatesPage(
        rows=[(row, row.standing(today)) for row in found.rows],
        page=found,
        filter=wanted,
        form=form,
        standings=STANDINGS,
        previous_href=previous_href,
        next_href=next_href,
        may_issue=context.asking.has(Role.SALES),
    )
    return render_page(context, "console/certificates.html", page)


@router.get("/console/certificates/new")
@endpoint(ISSUERS)
def new_certificate(context: Context, footprint_id: str = "", customer_id: str = "") -> Response:
    """Show the form; an address may choose footprint and customer beforehand."""
    part_no = _recorded_part_no(context, footprint_id, customer_id)
    return _show_form(context, FormState(values={"footprint_id": footprint_id, "customer_id": customer_id, "part_no": part_no}))


@router.post("/console/certificates")
@endpoint(ISSUERS)
def issue_certificate(context: Context) -> Response:
    """Issue a certificate."""
    try:
        wanted = parse_form(IssueInput, context.form)
        certificate = operations.issue(
            context.session,
            footprints.get_record(context.session, wanted.footprint_id),
            customer=queries.get_customer(context.session, wanted.customer_id),
            part_no=wanted.part_no,
            valid_until=wanted.valid_until,
            by=context.asking.actor,
            at=context.at,
            settings=context.settings,
        )
    except ServiceError as error:
        return _show_form(context, rejected(context.form, error, context.locale), status=error.status)
    return _issued(context, certificate)


@router.get("/console/certificates/{certificate_id}")
@endpoint(READERS)
def show_certificate(context: Context, certificate_id: uuid.UUID) -> Response:
    """Show one certificate; while its document is being made the page looks again by itself."""
    return _show(context, certificate_id, FormState())


@router.get("/console/certificates/{certificate_id}/pdf")
@endpoint(READERS)
def download_document(context: Context, certificate_id: uuid.UUID) -> Response:
    """Hand the document out as issued."""
    return pdf_response(context, certificate_id)


@router.get("/console/certificates/{certificate_id}/revise")
@endpoint(ISSUERS)
def new_revision(context: Context, certificate_id: uuid.UUID) -> Response:
    """Show the form for the next revision."""
    row = queries.get_row(context.session, certificate_id)
    return _show_form(context, FormState(values={"part_no": row.part_no or ""}), replaced=row)


@router.post("/console/certificates/{certificate_id}/revise")
@endpoint(ISSUERS)
def issue_revision(context: Context, certificate_id: uuid.UUID) -> Response:
    """Issue the next revision, which replaces this one once its document exists."""
    row = queries.get_row(context.session, certificate_id)
    try:
        wanted = parse_form(SupersedeInput, context.form)
        revision = operations.supersede(
            context.session,
            queries.get_certificate(context.session, certificate_id),
            footprints.get_record(context.session, wanted.footprint_id),
            part_no=wanted.part_no,
            valid_until=wanted.valid_until,
            version=wanted.version,
            by=context.asking.actor,
            at=context.at,
            settings=context.settings,
        )
    except ServiceError as error:
        return _show_form(context, rejected(context.form, error, context.locale), replaced=row, status=error.status)
    return _issued(context, revision)


@router.post("/console/certificates/{certificate_id}/withdraw")
@endpoint(WITHDRAWERS)
def withdraw_certificate(context: Context, certificate_id: uuid.UUID) -> Response:
    """Withdraw a certificate."""
    certificate = queries.get_certificate(context.session, certificate_id)
    try:
        wanted = parse_form(WithdrawInput, context.form)
        operations.withdraw(
            context.session,
            certificate,
            reason=wanted.reason,
            version=wanted.version,
            by=context.asking.actor,
            at=context.at,
        )
    except ServiceError as error:
        return _show(context, certificate_id, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/certificates/{certificate_id}", N_("%(number)s is withdrawn."), number=certificate.number)


@router.post("/console/certificates/{certificate_id}/render")
@endpoint(ISSUERS)
def render_again(context: Context, certificate_id: uuid.UUID) -> Response:
    """Try once more to make the document."""
    operations.render_again(context.session, queries.get_certificate(context.session, certificate_id), at=context.at)
    return see_other(context, f"/console/certificates/{certificate_id}", N_("The document is being made again."), kind="info")


def _recorded_part_no(context: Context, footprint_id: str, customer_id: str) -> str:
    """Return what the customer calls the product, as far as both are chosen and it is recorded."""
    try:
        record, customer = footprints.get_record(context.session, uuid.UUID(footprint_id)), uuid.UUID(customer_id)
    except (ValueError, NotFoundError):
        return ""
    number = find_part_number(context.session, product_id=record.product_id, customer_id=customer)
    return number.part_no if number else ""


def _issued(context: Context, certificate: Certificate) -> Response:
    message = N_("%(number)s is issued; its document will be ready in a few seconds.")
    return see_other(context, f"/console/certificates/{certificate.id}", message, number=certificate.number)


def _show_form(context: Context, form: FormState, *, replaced: CertificateRow | None = None, status: int = 200) -> Response:
    page = IssuePage(
        replaced=replaced,
        footprints=issuable(context, replaced),
        customers=customer_options(context),
        form=form,
        version=replaced.version if replaced else 0,
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/certificate_form.html", page, status=status)


def issuable(context: Context, replaced: CertificateRow | None) -> Sequence[RecordRow]:
    """Return the released footprints on present data; for a revision, of the same product."""
    product_id = footprints.get_row(context.session, replaced.footprint_id).product_id if replaced else None
    wanted = RecordFilter(product_id=product_id, status=FootprintStatus.RELEASED, is_stale=False)
    return footprints.find_records(context.session, wanted, limit=CHOICES).rows


def customer_options(context: Context) -> Options:
    """Return the customers that certificates are issued to."""
    customers = queries.find_customers(context.session)
    names = {"zh-CN": lambda one: one.name_zh, "en": lambda one: one.name_en}
    return [(str(one.id), names[context.locale](one)) for one in customers if one.is_active]


def _show(context: Context, certificate_id: uuid.UUID, form: FormState, *, status: int = 200) -> Response:
    session, asking = context.session, context.asking
    row = queries.get_row(session, certificate_id)
    certificate = queries.get_certificate(session, certificate_id)
    footprint = footprints.get_row(session, row.footprint_id)
    withdrawn = certificate.withdrawn_at
    may_end = row.status in {CertificateStatus.VALID, CertificateStatus.RENDERING}
    page = CertificatePage(
        row=row,
        standing=row.standing(context.today),
        verify_url=certificate.snapshot["certificate"]["verify_url"],
        result=certificate.snapshot["result"]["total"],
        unit="kg CO₂e/kg",
        issued_by=name_of_actor(session, certificate.issued_by),
        withdrawn_on=None if withdrawn is None else day_at(withdrawn, context.settings.timezone),
        withdrawn_reason=certificate.withdrawn_reason,
        withdrawn_by=name_of_actor(session, certificate.withdrawn_by) if certificate.withdrawn_by else None,
        unsigned_sha256=certificate.unsigned_pdf_sha256,
        signing_key_id=certificate.signing_key_id,
        predecessor=session.get(Certificate, certificate.supersedes_id) if certificate.supersedes_id else None,
        successor=queries.find_successor(session, certificate_id),
        is_outdated=footprint.is_stale or footprint.status is not FootprintStatus.RELEASED or _is_deprecated(session, certificate),
        has_failed=row.status is CertificateStatus.RENDERING
        and queries.has_failed(queries.find_job(session, certificate_id, task=operations.RENDER)),
        files_address=_files_address(certificate),
        may_issue=asking.has(Role.SALES),
        may_withdraw=asking.has(Role.SALES, Role.ENGINEER, Role.ADMIN) and may_end,
        form=form,
    )
    return render_page(context, "console/certificate.html", page, status=status)


def _is_deprecated(session: Session, certificate: Certificate) -> bool:
    """Tell whether the declared footprint behind a certificate is no longer in use; early certificates have none."""
    declared = session.get(ProductFootprint, certificate.product_footprint_id) if certificate.product_footprint_id else None
    return declared is not None and declared.status is DeclaredStatus.DEPRECATED


def _files_address(certificate: Certificate) -> str:
    if certificate.product_footprint_id is None:
        return ""
    return f"/console/declared-footprints/{certificate.product_footprint_id}/exports?customer={certificate.customer_id}"
