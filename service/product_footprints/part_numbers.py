"""What customers call our products: one number per customer and product.

A declared footprint names our own numbers only: it is one document for everybody, and no customer may read another's number in
it (docs/decisions/0024). Certificates, which are for one customer, print its number.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from pydantic import Field
from sqlmodel import Session, col, select

from service.accounts.models import Organisation, OrganisationKind
from service.audit.operations import record
from service.errors import N_, FieldError, InvalidInputError, NotFoundError
from service.product_footprints.models import CustomerPartNumber
from service.products.models import Product
from service.products.queries import get_product
from service.web.forms import FormInput


class PartNumberInput(FormInput):
    """A customer's number for a product."""

    product_id: uuid.UUID
    customer_id: uuid.UUID
    part_no: str = Field(min_length=1, max_length=80)


def set_part_number(
    session: Session, fields: PartNumberInput, *, by: str, at: datetime, is_sample: bool = False
) -> CustomerPartNumber:
    """Record what a customer calls a product; a later number takes the place of the earlier one."""
    product = get_product(session, fields.product_id)
    customer = session.get(Organisation, fields.customer_id)
    if customer is None or customer.kind is not OrganisationKind.CUSTOMER:
        raise InvalidInputError({"customer_id": FieldError(N_("This customer does not exist; pick one from the list."))})
    found = find_part_number(session, product_id=product.id, customer_id=customer.id)
    if found is None:
        found = CustomerPartNumber(product_id=product.id, customer_id=customer.id, part_no="", recorded_by=by, recorded_at=at)
    found.part_no, found.recorded_by, found.recorded_at = fields.part_no, by, at
    found.is_sample = is_sample
    session.add(found)
    record(session, "part_number_recorded", of=found, by=by, at=at, organisation_id=customer.id, grade=product.grade)
    return found


def delete_part_number(session: Session, part_number_id: uuid.UUID, *, by: str, at: datetime) -> None:
    """Forget a customer's number; certificates that print it keep it."""
    found = session.get(CustomerPartNumber, part_number_id)
    if found is None:
        raise NotFoundError
    record(session, "part_number_deleted", of=found, by=by, at=at, organisation_id=found.customer_id)
    session.delete(found)


def find_part_number(session: Session, *, product_id: uuid.UUID, customer_id: uuid.UUID) -> CustomerPartNumber | None:
    """Return what a customer calls a product."""
    wanted = (CustomerPartNumber.product_id == product_id, CustomerPartNumber.customer_id == customer_id)
    return session.exec(select(CustomerPartNumber).where(*wanted)).first()


def all_part_numbers(session: Session) -> Sequence[tuple[CustomerPartNumber, Product, Organisation]]:
    """Return every customer's number with product and customer, by grade and customer."""
    statement = (
        select(CustomerPartNumber, Product, Organisation)
        .join(Product, col(Product.id) == col(CustomerPartNumber.product_id))
        .join(Organisation, col(Organisation.id) == col(CustomerPartNumber.customer_id))
        .order_by(col(Product.grade), col(Organisation.name_en))
    )
    return session.exec(statement).all()
