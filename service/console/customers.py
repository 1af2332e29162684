"""Pages on customers: the organisations that certificates are issued to."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import STAFF, Context, endpoint, roles
from service.accounts.models import Organisation, Role
from service.accounts.pages import render_page, see_other
from service.certificates import customers, queries
from service.certificates.schemas import CustomerInput
from service.database import new_id
from service.errors import N_, ServiceError
from service.web.forms import FormInput, FormState, parse_form, rejected

router = APIRouter()

WRITERS = roles(Role.SALES, Role.ADMIN)


class ActiveForm(FormInput):
    """The button that switches a customer off or on."""

    active: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersPage:
    """The list."""

    customers: Sequence[Organisation]
    words: str
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerPage:
    """The form, for a new customer if `customer` is None."""

    customer: Organisation | None
    form: FormState
    idempotency_key: str
    may_issue: bool


@router.get("/console/customers")
@endpoint(STAFF)
def show_customers(context: Context, q: str = "") -> Response:
    """List customers by name."""
    page = CustomersPage(
        customers=queries.find_customers(context.session, words=q.strip()[:100]),
        words=q.strip()[:100],
        may_write=context.asking.has(Role.SALES, Role.ADMIN),
    )
    return render_page(context, "console/customers.html", page)


@router.get("/console/customers/new")
@endpoint(WRITERS)
def new_customer(context: Context) -> Response:
    """Show an empty form."""
    return _show_form(context, None, FormState())


@router.post("/console/customers")
@endpoint(WRITERS)
def create_customer(context: Context) -> Response:
    """Add a customer."""
    try:
        fields = parse_form(CustomerInput, context.form)
        customer = customers.create_customer(context.session, fields, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_form(context, None, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/customers/{customer.id}", N_("Customer added."))


@router.get("/console/customers/{customer_id}")
@endpoint(WRITERS)
def edit_customer(context: Context, customer_id: uuid.UUID) -> Response:
    """Show the form with what is known."""
    customer = queries.get_customer(context.session, customer_id)
    values = {name: str(value) for name in customers.FIELDS if (value := getattr(customer, name)) is not None}
    return _show_form(context, customer, FormState(values=values))


@router.post("/console/customers/{customer_id}")
@endpoint(WRITERS)
def change_customer(context: Context, customer_id: uuid.UUID) -> Response:
    """Correct a customer."""
    customer = queries.get_customer(context.session, customer_id)
    try:
        fields = parse_form(CustomerInput, context.form)
        customers.change_customer(context.session, customer, fields, by=context.asking.actor, at=context.at)
    except ServiceError as error:
        return _show_form(context, customer, rejected(context.form, error, context.locale), status=error.status)
    return see_other(context, f"/console/customers/{customer_id}", N_("Saved."))


@router.post("/console/customers/{customer_id}/active")
@endpoint(WRITERS)
def switch_customer(context: Context, customer_id: uuid.UUID) -> Response:
    """Take a customer out of the choice for new certificates, or back in."""
    customer = queries.get_customer(context.session, customer_id)
    wanted = parse_form(ActiveForm, context.form)
    customers.set_customer_active(context.session, customer, active=wanted.active, by=context.asking.actor, at=context.at)
    return see_other(context, f"/console/customers/{customer_id}", N_("Saved."))


def _show_form(context: Context, customer: Organisation | None, form: FormState, *, status: int = 200) -> Response:
    page = CustomerPage(customer=customer, form=form, idempotency_key=str(new_id()), may_issue=context.asking.has(Role.SALES))
    return render_page(context, "console/customer_form.html", page, status=status)
