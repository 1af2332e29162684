from typing import Any

from fastapi import APIRouter

from service.accounts.access import SIGNED_IN, Context, endpoint
from service.submissions.json_schema import answers_schema
from service.submissions.models import Depth
from service.suppliers.models import SupplierType

router = APIRouter(prefix="/questionnaires", tags=["questionnaires"])


@router.get("/{supplier_type}/{depth}/schema")
@endpoint(SIGNED_IN)
def show_schema(context: Context, supplier_type: SupplierType, depth: Depth) -> dict[str, Any]:
    """Return what a supplier of a type is asked as JSON Schema (draft 2020-12): the body that takes its answers."""
    return answers_schema(supplier_type, depth, context.locale)
