"""How a product is described to customers' systems: classes, texts, quality."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import render_page, see_other
from service.console.products import WRITERS
from service.errors import N_, InvalidInputError, ServiceError
from service.products.description import ProductDescription, describe_product, form_values, read_quality
from service.products.models import Product
from service.products.quality import PARAMETERS, QualityParameter
from service.products.queries import get_product
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class DescriptionPage:
    """The form."""

    product: Product
    parameters: Sequence[QualityParameter]
    form: FormState


@router.get("/console/products/{product_id}/description")
@endpoint(WRITERS)
def show_description(context: Context, product_id: uuid.UUID) -> Response:
    """Show the form with what is known."""
    product = get_product(context.session, product_id)
    return _show(context, product, FormState(values=form_values(product)))


@router.post("/console/products/{product_id}/description")
@endpoint(WRITERS)
def change_description(context: Context, product_id: uuid.UUID) -> Response:
    """Change how the product is described; declared footprints keep what they say."""
    product = get_product(context.session, product_id)
    try:
        fields, quality = _read(context.form)
        describe_product(context.session, product, fields, quality=quality, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show(context, product, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/products/{product_id}#description", N_("Saved."))


def _read(form: FormData) -> tuple[ProductDescription, Mapping[str, Any]]:
    """Read both halves of the form, with the problems of both."""
    own = FormData([(name, value) for name, value in form.multi_items() if not name.startswith("quality_")])
    problems: dict[str, ServiceError] = {}
    fields, quality = ProductDescription(), {}
    try:
        fields = parse_form(ProductDescription, own)
    except InvalidInputError as error:
        problems.update(error.fields)
    try:
        quality = read_quality({name: str(value) for name, value in form.items()})
    except InvalidInputError as error:
        problems.update(error.fields)
    if problems:
        raise InvalidInputError(problems)
    return fields, quality


def _show(context: Context, product: Product, form: FormState, *, status: int = 200) -> Response:
    page = DescriptionPage(product=product, parameters=PARAMETERS, form=form)
    return render_page(context, "console/product_description.html", page, status=status)
