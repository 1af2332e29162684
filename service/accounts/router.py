from fastapi import APIRouter

from service.accounts.access import SIGNED_IN, Context, endpoint
from service.accounts.schemas import Me

router = APIRouter(tags=["accounts"])


@router.get("/me")
@endpoint(SIGNED_IN)
def show_me(context: Context) -> Me:
    """Tell a program whom its session belongs to."""
    asking = context.asking
    return Me(
        user_id=asking.user_id,
        name=asking.name,
        roles=sorted(asking.roles),
        organisation_id=asking.organisation_id,
        organisation_kind=asking.organisation_kind,
        organisation_name_zh=asking.organisation_name_zh,
        organisation_name_en=asking.organisation_name_en,
        locale=context.locale,
    )
