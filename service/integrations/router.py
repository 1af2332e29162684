"""For ERP and MES: push purchases and production, pull declared footprints and certificates."""

import uuid
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.responses import Response

from service.accounts.access import reader_locale
from service.certificates.models import Certificate, CertificateStatus
from service.clock import day_at
from service.errors import NotFoundError
from service.integrations.access import PATH, SystemContext, system_endpoint
from service.integrations.activity import ActivityRowIn, take_activity
from service.integrations.reads import certificates_page
from service.integrations.rows import take_production, take_purchase, take_rows
from service.integrations.schemas import (
    CertificatesOut,
    FootprintsOut,
    ProductionRowIn,
    PurchaseRowIn,
    RowsIn,
    RowsOut,
    SystemCertificateOut,
)
from service.integrations.tokens import Scope
from service.product_footprints import queries as footprints
from service.product_footprints.documents import pact_document
from service.product_footprints.models import DeclaredStatus, ProductFootprint
from service.product_footprints.queries import DeclaredFilter
from service.product_footprints.schemas import DeclaredFootprintOut

router = APIRouter(prefix=PATH)

PAGE_MAX: Final = 200
PageSize = Annotated[int, Query(ge=1, le=PAGE_MAX)]


@router.post("/purchases")
@system_endpoint(Scope.WRITE_PURCHASES)
def push_purchases(context: SystemContext, body: RowsIn) -> RowsOut:
    """Record purchases; the same supplier, material and period again corrects what was sent before."""
    locale = reader_locale(context.request, None, context.settings)

    def take(row: PurchaseRowIn) -> tuple[str, uuid.UUID]:
        return take_purchase(context.session, row, by=context.actor, at=context.at)

    return RowsOut(rows=take_rows(context.session, body.rows, kind=PurchaseRowIn, take=take, locale=locale))


@router.post("/production")
@system_endpoint(Scope.WRITE_PRODUCTION)
def push_production(context: SystemContext, body: RowsIn) -> RowsOut:
    """Record what was made; the same product and period again corrects what was sent before."""
    locale = reader_locale(context.request, None, context.settings)

    def take(row: ProductionRowIn) -> tuple[str, uuid.UUID]:
        return take_production(context.session, row, by=context.actor, at=context.at)

    return RowsOut(rows=take_rows(context.session, body.rows, kind=ProductionRowIn, take=take, locale=locale))


@router.post("/activity")
@system_endpoint(Scope.WRITE_ACTIVITY)
def push_activity(context: SystemContext, body: RowsIn) -> RowsOut:
    """Enter what sources came to in a month; the same source and month again corrects what was sent before."""
    locale = reader_locale(context.request, None, context.settings)
    today = day_at(context.at, context.settings.timezone)

    def take(row: ActivityRowIn) -> tuple[str, uuid.UUID]:
        return take_activity(context.session, row, today=today, by=context.actor, at=context.at)

    return RowsOut(rows=take_rows(context.session, body.rows, kind=ActivityRowIn, take=take, locale=locale))


@router.get("/footprints")
@system_endpoint(Scope.READ_FOOTPRINTS)
def pull_footprints(
    context: SystemContext, *, status: DeclaredStatus | None = None, after: uuid.UUID | None = None, limit: PageSize = 50
) -> FootprintsOut:
    """List declared footprints, the latest first, each with its PACT document."""
    wanted = DeclaredFilter(product_id=None, status=status)
    found = footprints.find_declared(context.session, wanted, after=after, limit=limit)
    return FootprintsOut(items=[_declared(one) for one in found.rows], next_after=found.rows[-1].id if found.has_next else None)


@router.get("/footprints/{declared_id}")
@system_endpoint(Scope.READ_FOOTPRINTS)
def pull_footprint(context: SystemContext, declared_id: uuid.UUID) -> DeclaredFootprintOut:
    """Return one declared footprint."""
    return _declared(footprints.get_product_footprint(context.session, declared_id))


@router.get("/certificates")
@system_endpoint(Scope.READ_CERTIFICATES)
def pull_certificates(context: SystemContext, *, after: uuid.UUID | None = None, limit: PageSize = 50) -> CertificatesOut:
    """List issued certificates, the newest first."""
    found = certificates_page(context.session, after=after, limit=limit)
    return CertificatesOut(
        items=[_certificate(context, one) for one in found[:limit]],
        next_after=found[limit - 1].id if len(found) > limit else None,
    )


@router.get("/certificates/{certificate_id}/pdf")
@system_endpoint(Scope.READ_CERTIFICATES)
def pull_certificate_file(context: SystemContext, certificate_id: uuid.UUID) -> Response:
    """Return the signed file of a certificate."""
    certificate = context.session.get(Certificate, certificate_id)
    if certificate is None or certificate.pdf is None or certificate.status is CertificateStatus.RENDERING:
        raise NotFoundError
    headers = {
        "Content-Disposition": f'attachment; filename="{certificate.number}.pdf"',
        "Content-Security-Policy": "sandbox; default-src 'none'",
    }
    return Response(certificate.pdf, media_type="application/pdf", headers=headers)


def _declared(footprint: ProductFootprint) -> DeclaredFootprintOut:
    named = {name: getattr(footprint, name) for name in DeclaredFootprintOut.model_fields if name != "document"}
    return DeclaredFootprintOut(**named, document=pact_document(footprint))


def _certificate(context: SystemContext, certificate: Certificate) -> SystemCertificateOut:
    named = {name: getattr(certificate, name) for name in SystemCertificateOut.model_fields if name != "verify_url"}
    return SystemCertificateOut(**named, verify_url=f"{context.settings.base_url}/verify/{certificate.public_id}")
