import uuid

from fastapi import APIRouter

from lca_models.errors import ModelError
from service.accounts.access import Context, endpoint
from service.footprints import queries
from service.footprints.disclosure import INSIDERS
from service.footprints.operations import ModelRefusedError
from service.footprints.uncertainty import DRAWS, compare_uncertainty, simulate_record
from service.footprints.uncertainty_schemas import (
    BasePoints,
    Draws,
    UncertainComparisonOut,
    UncertaintyOut,
    comparison_out,
    uncertainty_out,
)

router = APIRouter()


@router.get("/{footprint_id}/uncertainty")
@endpoint(INSIDERS)
def show_uncertainty(
    context: Context, footprint_id: uuid.UUID, *, draws: Draws = DRAWS, sobol: BasePoints = None
) -> UncertaintyOut:
    """Return how sure a footprint is: a distribution for each electricity view, and which parameters widen it."""
    record = queries.get_record(context.session, footprint_id)
    found = simulate_record(context.session, record, draws=draws)
    try:
        return uncertainty_out(record, found, sobol=sobol)
    except ModelError as error:
        raise ModelRefusedError(error.template, **error.values) from error


@router.get("/{footprint_id}/uncertainty/{other_id}")
@endpoint(INSIDERS)
def compare_uncertain_footprints(
    context: Context, footprint_id: uuid.UUID, other_id: uuid.UUID, *, draws: Draws = DRAWS
) -> UncertainComparisonOut:
    """Return how surely a footprint is lower than another one, with common draws of what both share."""
    first, second = (queries.get_record(context.session, one) for one in (footprint_id, other_id))
    found = compare_uncertainty(context.session, first, second, draws=draws)
    return comparison_out(first, second, found)
