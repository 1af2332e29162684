"""The kilowatt-hour calculator for programs."""

from fastapi import APIRouter
from starlette.datastructures import FormData

from service.accounts.access import STAFF, Context, endpoint
from service.exports.energy import per_kwh
from service.exports.schemas import KwhInput, KwhOut
from service.web.forms import parse_form

router = APIRouter(tags=["exports"])

FORMULA = "footprint * grams / 1000 / (1 - loss / 100)"


@router.get("/kwh-footprint")
@endpoint(STAFF)
def calculate_per_kwh(context: Context) -> KwhOut:
    """Return kg CO2e per kWh from footprint and grams; where wanted with loss, interval, stages, cycles and years."""
    typed = parse_form(KwhInput, FormData([(name, value) for name, value in context.request.query_params.multi_items()]))
    found = per_kwh(typed.figures, typed.use)
    return KwhOut(
        bought_kg_per_kwh=found.bought_kg_per_kwh,
        per_kwh_of_capacity=dict(found.of_capacity),
        per_kwh_delivered=None if found.of_life is None else dict(found.of_life),
        formula=FORMULA,
    )
