import uuid

from fastapi import APIRouter

from service.accounts.access import Context, endpoint
from service.measures.effects import JointEffect, joint_effect
from service.measures.queries import get_measures
from service.measures.schemas import JointEffectOut, ProductEffectOut, SharedEffectOut, SolveInput
from service.measures.site_accounts import Line
from service.plan.policies import PLAN_READERS

router = APIRouter(prefix="/measures", tags=["measures"])


@router.post("/solve")
@endpoint(PLAN_READERS)
def solve(context: Context, wanted: SolveInput) -> JointEffectOut:
    """Lay measures over the model together: what they avoid in the year, and each one's part; the parts sum to the whole."""
    measures = get_measures(context.session, wanted.measure_ids)
    return _shown(joint_effect(context.session, measures, year=wanted.year))


def _shown(effect: JointEffect) -> JointEffectOut:
    return JointEffectOut(
        year=effect.year,
        avoided_t_co2=effect.avoided_t,
        sum_of_alone_t_co2={line: sum(one.alone_t[line] for one in effect.measures) for line in Line},
        measures=[
            SharedEffectOut(
                measure_id=one.measure.id,
                name_zh=one.measure.name_zh,
                name_en=one.measure.name_en,
                attributed_t_co2=one.attributed_t,
                alone_t_co2=one.alone_t,
            )
            for one in effect.measures
        ],
        products=[
            ProductEffectOut(
                product_id=one.id,
                grade=one.grade,
                amount_t=one.amount_t,
                before_kg_co2e_per_kg=one.before_kg,
                after_kg_co2e_per_kg=one.after_kg,
                attributed_kg_co2e_per_kg=dict[uuid.UUID, float](one.attributed_kg),
            )
            for one in effect.products
        ],
    )
