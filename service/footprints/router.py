import uuid
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from lca_models.explanations import Explanations
from lca_models.explanations.comparison import Grouping
from service.accounts.access import STAFF, Context, endpoint
from service.footprints import methods_router, operations, queries, uncertainty_router
from service.footprints.answering import detail_json, listed
from service.footprints.disclosure import CALCULATORS, INSIDERS
from service.footprints.explaining import compare, default_of, explanations_of, side_of, tornado_of
from service.footprints.models import FootprintRecord, FootprintStatus
from service.footprints.queries import RecordFilter
from service.footprints.rechecking import recheck
from service.footprints.schemas import (
    BranchOut,
    CalculateInput,
    ComparisonOut,
    ExplanationsOut,
    FootprintDetailOut,
    FootprintPage,
    LinkOut,
    NodeOut,
    RecheckOut,
    SwingOut,
)
from service.products.queries import get_product

router = APIRouter(prefix="/footprints", tags=["footprints"])
router.include_router(uncertainty_router.router)
router.include_router(methods_router.router)

PAGE_MAX = 200
PageSize = Annotated[int, Query(ge=1, le=PAGE_MAX)]


@router.get("")
@endpoint(STAFF)
def list_footprints(
    context: Context,
    *,
    product_id: uuid.UUID | None = None,
    status: FootprintStatus | None = None,
    stale: bool | None = None,
    after: uuid.UUID | None = None,
    limit: PageSize = 50,
) -> FootprintPage:
    """List footprints, the latest calculation first."""
    wanted = RecordFilter(product_id=product_id, status=status, is_stale=stale)
    found = queries.find_records(context.session, wanted, after=after, limit=limit)
    items = listed(context.session, found.rows, to=context.asking)
    return FootprintPage(items=items, next_after=found.rows[-1].id if found.has_next else None)


@router.get("/{footprint_id}", response_model=FootprintDetailOut)
@endpoint(STAFF)
def show_footprint(context: Context, footprint_id: uuid.UUID) -> Response:
    """Return a footprint; what went in only to those who may see it."""
    return _detail(context, footprint_id)


@router.post("", response_model=FootprintDetailOut)
@endpoint(CALCULATORS)
def calculate_footprint(context: Context, body: CalculateInput) -> Response:
    """Calculate a footprint; the same inputs give the record that is there already."""
    product = get_product(context.session, body.product_id)
    record = operations.calculate(
        context.session,
        product,
        period_start=body.period_start,
        period_end=body.period_end,
        by=context.asking.actor,
        at=context.at,
    )
    return _detail(context, record.id)


@router.post("/{footprint_id}/recheck")
@endpoint(INSIDERS)
def recheck_footprint(context: Context, footprint_id: uuid.UUID) -> RecheckOut:
    """Calculate a footprint again on its own model version and let Brightway replay it; nothing stored changes."""
    record = queries.get_record(context.session, footprint_id)
    found = recheck(context.session, record, by=context.asking.actor, at=context.at)
    return RecheckOut(number=record.number, **{name: getattr(found, name) for name in RecheckOut.model_fields if name != "number"})


@router.get("/{footprint_id}/explanations")
@endpoint(INSIDERS)
def explain_footprint(context: Context, footprint_id: uuid.UUID) -> ExplanationsOut:
    """Return where a footprint comes from and what each parameter could change in it."""
    record = queries.get_record(context.session, footprint_id)
    side = side_of(context.session, record)
    found, tornado = explanations_of(side, record), tornado_of(side)
    groupings = {name.removesuffix("_kg_co2e"): getattr(found, name) for name in Explanations.__slots__ if name.startswith("by_")}
    return ExplanationsOut(
        number=record.number,
        total_kg_co2e=found.total_kg_co2e,
        **groupings,
        nodes=[NodeOut.model_validate(asdict(one)) for one in found.flows.nodes],
        links=[LinkOut.model_validate(asdict(one)) for one in found.flows.links],
        multipliers=found.flows.multipliers,
        tree=BranchOut.model_validate(asdict(found.tree)),
        swings=[SwingOut.model_validate(asdict(one)) for one in tornado.swings],
        fixed_parameters=list(tornado.fixed),
    )


@router.get("/{footprint_id}/comparison")
@endpoint(INSIDERS)
def compare_footprint_with_default(
    context: Context, footprint_id: uuid.UUID, *, grouping: Grouping = Grouping.GROUP
) -> ComparisonOut:
    """Return what makes the difference from the model's default to this footprint."""
    return _comparison(context, None, footprint_id, grouping)


@router.get("/{footprint_id}/comparison/{other_id}")
@endpoint(INSIDERS)
def compare_footprints(
    context: Context, footprint_id: uuid.UUID, other_id: uuid.UUID, *, grouping: Grouping = Grouping.GROUP
) -> ComparisonOut:
    """Return what makes the difference from another footprint to this one."""
    return _comparison(context, queries.get_record(context.session, other_id), footprint_id, grouping)


def _comparison(context: Context, before: FootprintRecord | None, footprint_id: uuid.UUID, grouping: Grouping) -> ComparisonOut:
    after = queries.get_record(context.session, footprint_id)
    side = side_of(context.session, after)
    found = compare(side_of(context.session, before) if before else default_of(side), side, grouping=grouping)
    return ComparisonOut.model_validate({**asdict(found), "before": before.number if before else None, "after": after.number})


def _detail(context: Context, record_id: uuid.UUID) -> Response:
    return Response(detail_json(context.session, record_id, to=context.asking), media_type="application/json")
