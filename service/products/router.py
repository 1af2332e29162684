import uuid
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from service.accounts.access import STAFF, Context, endpoint, roles
from service.accounts.models import Role
from service.products import operations, queries
from service.products.queries import ProductRow
from service.products.schemas import ProductDetailOut, ProductFields, ProductOut, ProductPage, ProductWithRecipe, ShareInput
from service.suppliers.router import created_response

router = APIRouter(prefix="/products", tags=["products"])

PAGE_MAX = 200
WRITERS = roles(Role.ENGINEER)
RECIPE_READERS = roles(Role.ENGINEER, Role.REVIEWER, Role.AUDITOR)
"""The amounts of a recipe are the maker's know-how; sales and procurement never see them."""

PageSize = Annotated[int, Query(ge=1, le=PAGE_MAX)]
Words = Annotated[str, Query(max_length=100)]


@router.get("")
@endpoint(STAFF)
def list_products(
    context: Context,
    *,
    q: Words | None = None,
    plant_id: uuid.UUID | None = None,
    inactive: bool = False,
    after: uuid.UUID | None = None,
    limit: PageSize = 50,
) -> ProductPage:
    """List products by grade, without their recipes."""
    page = queries.find_products(context.session, words=q, plant_id=plant_id, inactive=inactive, after=after, limit=limit)
    return ProductPage(
        items=[ProductOut.model_validate(_listed(row)) for row in page.rows],
        next_after=page.rows[-1].id if page.has_next else None,
    )


@router.get("/{product_id}")
@endpoint(RECIPE_READERS)
def get_product(context: Context, product_id: uuid.UUID) -> ProductDetailOut:
    """Return a product with its recipe and suppliers."""
    return _detail(context, product_id)


@router.post("", status_code=201, responses={201: {"model": ProductDetailOut}})
@endpoint(WRITERS)
def create_product(context: Context, product: ProductWithRecipe) -> Response:
    """Add a product, with its recipe and suppliers."""
    session, by, at = context.session, context.asking.actor, context.at
    fields = ProductFields(**product.model_dump(exclude={"recipe", "inputs"}))
    made = operations.create_product(session, fields, by=by, at=at)
    if product.recipe:
        operations.set_recipe(session, made.id, product.recipe, version=made.version, by=by, at=at)
    if product.inputs:
        shares = [item.as_share() for item in product.inputs]
        operations.set_inputs(session, made.id, shares, version=made.version, by=by, at=at)
    session.flush()  # the answer is read back from the database
    return created_response(_detail(context, made.id), location=f"/api/v1/products/{made.id}")


def _listed(row: ProductRow) -> dict[str, object]:
    return {name: getattr(row, name) for name in ProductOut.model_fields}


def _detail(context: Context, product_id: uuid.UUID) -> ProductDetailOut:
    product = queries.get_product(context.session, product_id)
    inputs = queries.inputs_of(context.session, product_id)
    return ProductDetailOut.model_validate(
        {
            **_listed(queries.get_product_row(context.session, product_id)),
            "furnace": product.furnace,
            "toll_share": product.toll_share,
            "recipe": product.recipe,
            "inputs": [ShareInput(flow=item.flow, supplier_id=item.supplier_id, share=item.share) for item in inputs],
            "created_at": product.created_at,
        }
    )
