"""Every write on customers: the organisations that certificates are issued to."""

from datetime import datetime

from sqlmodel import Session, select

from service.accounts.models import Organisation, OrganisationKind
from service.accounts.operations import create_organisation
from service.audit.operations import record
from service.certificates.schemas import CustomerInput
from service.errors import N_, FieldError, InvalidInputError

FIELDS = ("name_zh", "name_en", "registration_no")


def create_customer(session: Session, fields: CustomerInput, *, by: str, at: datetime, is_sample: bool = False) -> Organisation:
    """Add a customer."""
    _check_registration_no(session, fields, besides=None)
    return create_organisation(
        session,
        kind=OrganisationKind.CUSTOMER,
        name_zh=fields.name_zh,
        name_en=fields.name_en,
        registration_no=fields.registration_no,
        is_sample=is_sample,
        by=by,
        at=at,
    )


def change_customer(session: Session, customer: Organisation, fields: CustomerInput, *, by: str, at: datetime) -> None:
    """Correct a customer; certificates already issued keep the names they were issued with."""
    _check_registration_no(session, fields, besides=customer)
    changed = [name for name in FIELDS if getattr(customer, name) != getattr(fields, name)]
    for name in changed:
        setattr(customer, name, getattr(fields, name))
    if changed:
        names = ", ".join(changed)
        record(session, "customer_changed", of=customer, by=by, at=at, organisation_id=customer.id, fields=names)


def set_customer_active(session: Session, customer: Organisation, *, active: bool, by: str, at: datetime) -> None:
    """Take a customer out of the choice for new certificates, or back in; its certificates stay."""
    if customer.is_active is active:
        return
    customer.is_active = active
    action = "customer_activated" if active else "customer_deactivated"
    record(session, action, of=customer, by=by, at=at, organisation_id=customer.id)


def _check_registration_no(session: Session, fields: CustomerInput, *, besides: Organisation | None) -> None:
    if fields.registration_no is None:
        return
    same = session.exec(
        select(Organisation).where(
            Organisation.registration_no == fields.registration_no, Organisation.kind == OrganisationKind.CUSTOMER
        )
    ).first()
    if same is not None and same is not besides:
        message = N_("%(registration_no)s already belongs to the customer %(name)s; check it, or use that customer.")
        raise InvalidInputError({"registration_no": FieldError(message, registration_no=fields.registration_no, name=same.name_en)})
