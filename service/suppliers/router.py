import uuid
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from service.accounts.access import STAFF, Context, endpoint, roles
from service.accounts.models import Role
from service.suppliers import operations, queries
from service.suppliers.models import SupplierType
from service.suppliers.queries import PurchaseRow, SupplierRow
from service.suppliers.schemas import (
    FlowKey,
    ProvinceCode,
    PurchaseInput,
    PurchaseOut,
    PurchasePage,
    SupplierInput,
    SupplierOut,
    SupplierPage,
)

router = APIRouter()

PAGE_MAX = 200
WRITERS = roles(Role.ENGINEER, Role.PROCUREMENT)
PURCHASE_READERS = roles(Role.ENGINEER, Role.PROCUREMENT, Role.REVIEWER, Role.AUDITOR)

PageSize = Annotated[int, Query(ge=1, le=PAGE_MAX)]
Words = Annotated[str, Query(max_length=100)]


@router.get("/suppliers", tags=["suppliers"])
@endpoint(STAFF)
def list_suppliers(
    context: Context,
    *,
    q: Words | None = None,
    supplier_type: SupplierType | None = None,
    province_code: ProvinceCode | None = None,
    inactive: bool = False,
    after: uuid.UUID | None = None,
    limit: PageSize = 50,
) -> SupplierPage:
    """List suppliers by Chinese name."""
    page = queries.find_suppliers(
        context.session,
        words=q,
        supplier_type=supplier_type,
        province_code=province_code,
        inactive=inactive,
        after=after,
        limit=limit,
    )
    return SupplierPage(items=[_supplier(row) for row in page.rows], next_after=page.rows[-1].id if page.has_next else None)


@router.get("/suppliers/{supplier_id}", tags=["suppliers"])
@endpoint(STAFF)
def get_supplier(context: Context, supplier_id: uuid.UUID) -> SupplierOut:
    """Return a supplier."""
    return _supplier(queries.get_supplier(context.session, supplier_id, asking=context.asking))


@router.post("/suppliers", tags=["suppliers"], status_code=201, responses={201: {"model": SupplierOut}})
@endpoint(WRITERS)
def create_supplier(context: Context, supplier: SupplierInput) -> Response:
    """Add a supplier."""
    created = operations.create_supplier(context.session, supplier, by=context.asking.actor, at=context.at)
    row = queries.get_supplier(context.session, created.id, asking=context.asking)
    return created_response(_supplier(row), location=f"/api/v1/suppliers/{created.id}")


@router.get("/purchases", tags=["purchases"])
@endpoint(PURCHASE_READERS)
def list_purchases(
    context: Context,
    *,
    supplier_id: uuid.UUID | None = None,
    flow: FlowKey | None = None,
    after: uuid.UUID | None = None,
    limit: PageSize = 50,
) -> PurchasePage:
    """List purchases, newest first."""
    page = queries.find_purchases(context.session, supplier_id=supplier_id, flow=flow, after=after, limit=limit)
    return PurchasePage(items=[_purchase(row) for row in page.rows], next_after=page.rows[-1].id if page.has_next else None)


@router.get("/purchases/{purchase_id}", tags=["purchases"])
@endpoint(PURCHASE_READERS)
def get_purchase(context: Context, purchase_id: uuid.UUID) -> PurchaseOut:
    """Return a purchase."""
    return _purchase(queries.get_purchase(context.session, purchase_id))


@router.post("/purchases", tags=["purchases"], status_code=201, responses={201: {"model": PurchaseOut}})
@endpoint(WRITERS)
def create_purchase(context: Context, purchase: PurchaseInput) -> Response:
    """Record a purchase."""
    created = operations.record_purchase(context.session, purchase, by=context.asking.actor, at=context.at)
    context.session.flush()  # the answer is read back from the database
    row = queries.get_purchase(context.session, created.id)
    return created_response(_purchase(row), location=f"/api/v1/purchases/{created.id}")


def created_response(content: BaseModel, *, location: str) -> Response:
    """Answer 201 with what was made and where it is."""
    return Response(content.model_dump_json(), status_code=201, media_type="application/json", headers={"Location": location})


def _supplier(row: SupplierRow) -> SupplierOut:
    return SupplierOut.model_validate({name: getattr(row, name) for name in SupplierOut.model_fields})


def _purchase(row: PurchaseRow) -> PurchaseOut:
    return PurchaseOut.model_validate({name: getattr(row, name) for name in PurchaseOut.model_fields})
