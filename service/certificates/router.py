import uuid
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from service.accounts.access import PUBLIC, Context, endpoint, roles
from service.accounts.limits import Limit
from service.accounts.models import Role
from service.certificates import operations, queries
from service.certificates.queries import CertificateFilter, CertificateRow
from service.certificates.rules import Standing
from service.certificates.schemas import (
    CertificateList,
    CertificateOut,
    IssueInput,
    SupersedeInput,
    VerificationOut,
    WithdrawInput,
)
from service.certificates.verification import verify
from service.errors import N_, NotFoundError
from service.footprints.queries import get_record
from service.suppliers.paging import Cursor

router = APIRouter(tags=["certificates"])

ISSUERS = roles(Role.SALES)
READERS = roles(Role.SALES, Role.ENGINEER, Role.REVIEWER, Role.AUDITOR, Role.ADMIN)
"""Not buyers: certificates of two periods, with the amounts they know, would tell a supplier's input (docs/decisions/0017)."""
WITHDRAWERS = roles(Role.SALES, Role.ENGINEER, Role.ADMIN)
VERIFY_LIMIT = Limit(name="verify", tries=120, per_s=60)
"""For what costs work: comparing a file, handing out the root."""
GUESS_LIMIT = Limit(name="verify-guess", tries=120, per_s=60, misses_only=True)
"""For people with a phone and programs alike; at this rate a guess at 160 bits never succeeds."""
PageSize = Annotated[int, Query(ge=1, le=200)]


@router.get("/certificates")
@endpoint(READERS)
def list_certificates(
    context: Context,
    standing: Standing | None = None,
    customer_id: uuid.UUID | None = None,
    after: uuid.UUID | None = None,
    limit: PageSize = 50,
) -> CertificateList:
    """List certificates, newest first."""
    wanted = CertificateFilter(standing=standing, customer_id=customer_id)
    today = context.today
    cursor = Cursor(place=(after,)) if after else None
    page = queries.find_certificates(context.session, wanted, today=today, cursor=cursor, limit=limit)
    items = [_output(context, row) for row in page.rows]
    return CertificateList(items=items, next_after=items[-1].id if page.has_next else None)


@router.post("/certificates")
@endpoint(ISSUERS)
def issue_certificate(context: Context, body: IssueInput) -> CertificateOut:
    """Issue a certificate; its document follows within seconds."""
    certificate = operations.issue(
        context.session,
        get_record(context.session, body.footprint_id),
        customer=queries.get_customer(context.session, body.customer_id),
        part_no=body.part_no,
        valid_until=body.valid_until,
        by=context.asking.actor,
        at=context.at,
        settings=context.settings,
    )
    return _output(context, queries.get_row(context.session, certificate.id))


@router.get("/certificates/{certificate_id}")
@endpoint(READERS)
def show_certificate(context: Context, certificate_id: uuid.UUID) -> CertificateOut:
    """Return one certificate."""
    return _output(context, queries.get_row(context.session, certificate_id))


@router.get("/certificates/{certificate_id}/pdf")
@endpoint(READERS)
def download_document(context: Context, certificate_id: uuid.UUID) -> Response:
    """Return the document as issued."""
    return pdf_response(context, certificate_id)


@router.post("/certificates/{certificate_id}/supersede")
@endpoint(ISSUERS)
def supersede_certificate(context: Context, certificate_id: uuid.UUID, body: SupersedeInput) -> CertificateOut:
    """Issue the next revision."""
    revision = operations.supersede(
        context.session,
        queries.get_certificate(context.session, certificate_id),
        get_record(context.session, body.footprint_id),
        part_no=body.part_no,
        valid_until=body.valid_until,
        version=body.version,
        by=context.asking.actor,
        at=context.at,
        settings=context.settings,
    )
    return _output(context, queries.get_row(context.session, revision.id))


@router.post("/certificates/{certificate_id}/withdraw")
@endpoint(WITHDRAWERS)
def withdraw_certificate(context: Context, certificate_id: uuid.UUID, body: WithdrawInput) -> CertificateOut:
    """Withdraw a certificate, with the reason its readers will see."""
    certificate = queries.get_certificate(context.session, certificate_id)
    operations.withdraw(
        context.session, certificate, reason=body.reason, version=body.version, by=context.asking.actor, at=context.at
    )
    return _output(context, queries.get_row(context.session, certificate_id))


@router.get("/verify/{public_id}")
@endpoint(PUBLIC, limited=(GUESS_LIMIT,))
def verify_certificate(context: Context, public_id: str) -> VerificationOut:
    """Return what anybody who holds a certificate may check."""
    today = context.today
    return verify(context.session, public_id, today=today, timezone=context.settings.timezone).facts


def pdf_response(context: Context, certificate_id: uuid.UUID) -> Response:
    """Return a certificate's bytes as a file to save; they are of one kind and made by us."""
    certificate = queries.get_certificate(context.session, certificate_id)
    if certificate.pdf is None:
        raise NotFoundError(N_("The document of %(number)s is not finished; try again in a moment."), number=certificate.number)
    headers = {
        "Content-Disposition": f'attachment; filename="{certificate.number}.pdf"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(certificate.pdf, media_type="application/pdf", headers=headers)


def _output(context: Context, row: CertificateRow) -> CertificateOut:
    today = context.today
    own = {name: getattr(row, name) for name in CertificateOut.model_fields if name not in {"standing", "verify_url"}}
    verify_url = f"{context.settings.base_url}/verify/{row.public_id}"
    return CertificateOut(**own, standing=row.standing(today), verify_url=verify_url)
