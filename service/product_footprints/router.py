import uuid
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.footprints.answering import detail_json
from service.footprints.disclosure import RELEASERS
from service.footprints.queries import get_record
from service.footprints.schemas import FootprintDetailOut, ReleaseInput
from service.product_footprints import operations, queries
from service.product_footprints.disclosure import READERS
from service.product_footprints.documents import pact_document
from service.product_footprints.models import DeclaredStatus, ProductFootprint
from service.product_footprints.queries import DeclaredFilter
from service.product_footprints.schemas import DeclaredFootprintOut, DeclaredFootprintPage

router = APIRouter(tags=["product footprints"])

PAGE_MAX = 200
PageSize = Annotated[int, Query(ge=1, le=PAGE_MAX)]


@router.post("/footprints/{footprint_id}/release", response_model=FootprintDetailOut, tags=["footprints"])
@endpoint(RELEASERS)
def release_footprint(context: Context, footprint_id: uuid.UUID, body: ReleaseInput) -> Response:
    """Release a footprint that somebody else calculated, and declare it."""
    record = get_record(context.session, footprint_id)
    operations.release(
        context.session, record, version=body.version, by=context.asking.actor, at=context.at, settings=context.settings
    )
    return Response(detail_json(context.session, record.id, to=context.asking), media_type="application/json")


@router.get("/product-footprints")
@endpoint(READERS)
def list_product_footprints(
    context: Context,
    *,
    product_id: uuid.UUID | None = None,
    status: DeclaredStatus | None = None,
    after: uuid.UUID | None = None,
    limit: PageSize = 50,
) -> DeclaredFootprintPage:
    """List declared footprints with their documents, the latest first."""
    wanted = DeclaredFilter(product_id=product_id, status=status)
    found = queries.find_declared(context.session, wanted, after=after, limit=limit)
    items = [_out(one) for one in found.rows]
    return DeclaredFootprintPage(items=items, next_after=found.rows[-1].id if found.has_next else None)


@router.get("/product-footprints/{declared_id}")
@endpoint(READERS)
def show_product_footprint(context: Context, declared_id: uuid.UUID) -> DeclaredFootprintOut:
    """Return one declared footprint with its document."""
    return _out(queries.get_product_footprint(context.session, declared_id))


def _out(footprint: ProductFootprint) -> DeclaredFootprintOut:
    named = {name: getattr(footprint, name) for name in DeclaredFootprintOut.model_fields if name != "document"}
    return DeclaredFootprintOut(**named, document=pact_document(footprint))
