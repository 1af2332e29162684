"""What customers call our products: the list, one more, one less."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint, roles
from service.accounts.models import Organisation, Role
from service.accounts.pages import render_page, see_other
from service.certificates.queries import find_customers
from service.console.choices import Options
from service.console.footprints import product_options
from service.database import new_id
from service.errors import N_, ServiceError
from service.i18n import Locale
from service.product_footprints.disclosure import READERS
from service.product_footprints.models import CustomerPartNumber
from service.product_footprints.part_numbers import PartNumberInput, all_part_numbers, delete_part_number, set_part_number
from service.products.models import Product
from service.web.forms import FormState, parse_form, rejected

router = APIRouter()

WRITERS = roles(Role.SALES, Role.ENGINEER)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartNumberLine:
    """One number with the product and the customer."""

    number: CustomerPartNumber
    product: Product
    customer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartNumbersPage:
    """The list, and the form for one more."""

    lines: Sequence[PartNumberLine]
    products: Options
    customers: Options
    form: FormState
    may_write: bool
    idempotency_key: str = field(default_factory=lambda: str(new_id()))


@router.get("/console/part-numbers")
@endpoint(READERS)
def show_part_numbers(context: Context) -> Response:
    """List all customers' numbers."""
    return _show(context, FormState())


@router.post("/console/part-numbers")
@endpoint(WRITERS)
def record_part_number(context: Context) -> Response:
    """Record a customer's number; a later one takes the earlier one's place."""
    try:
        fields = parse_form(PartNumberInput, context.form)
        set_part_number(context.session, fields, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show(context, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, "/console/part-numbers", N_("Saved."))


@router.post("/console/part-numbers/{part_number_id}/delete")
@endpoint(WRITERS)
def remove_part_number(context: Context, part_number_id: uuid.UUID) -> Response:
    """Forget a customer's number."""
    delete_part_number(context.session, part_number_id, by=context.asking.actor, at=context.at)
    return see_other(context, "/console/part-numbers", N_("Part number removed."))


def _show(context: Context, form: FormState, *, status: int = 200) -> Response:
    page = PartNumbersPage(
        lines=[
            PartNumberLine(number=number, product=product, customer=_name(customer, context.locale))
            for number, product, customer in all_part_numbers(context.session)
        ],
        products=product_options(context),
        customers=[(str(one.id), _name(one, context.locale)) for one in find_customers(context.session)],
        form=form,
        may_write=WRITERS.lets_in(context.principal),
    )
    return render_page(context, "console/part_numbers.html", page, status=status)


def _name(customer: Organisation, locale: Locale) -> str:
    return customer.name_zh if locale == "zh-CN" else customer.name_en
