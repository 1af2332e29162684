"""Every write on suppliers and purchases."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, select

from service.accounts.models import Organisation, OrganisationKind, User
from service.audit.operations import record
from service.errors import N_, ConflictError, FieldError, InvalidInputError, NotFoundError, StaleVersionError
from service.suppliers import queries
from service.suppliers.flows import FLOWS, flows_of_type
from service.suppliers.models import Purchase, Supplier
from service.suppliers.schemas import PurchaseInput, SupplierInput
from service.suppliers.table_import import Planned, apply_planned

ORGANISATION_FIELDS = ("name_zh", "name_en", "registration_no")
SUPPLIER_FIELDS = (
    "supplier_type",
    "province_code",
    "city",
    "contact_name",
    "contact_email",
    "contact_phone",
    "owner_id",
)


def create_supplier(session: Session, fields: SupplierInput, *, by: str, at: datetime, is_sample: bool = False) -> Supplier:
    """Add a supplier with its organisation."""
    _check_registration_no(session, fields.registration_no, besides=None)
    _check_owner(session, fields.owner_id)
    organisation = Organisation(
        kind=OrganisationKind.SUPPLIER,
        created_at=at,
        is_sample=is_sample,
        **{name: getattr(fields, name) for name in ORGANISATION_FIELDS},
    )
    session.add(organisation)
    session.flush()  # the supplier's row refers to it
    supplier = Supplier(
        organisation_id=organisation.id,
        created_at=at,
        is_sample=is_sample,
        **{name: getattr(fields, name) for name in SUPPLIER_FIELDS},
    )
    session.add(supplier)
    session.flush()  # purchases and requests of the same transaction refer to it
    record(session, "supplier_created", of=supplier, by=by, at=at, organisation_id=organisation.id)
    return supplier


def update_supplier(
    session: Session, supplier_id: uuid.UUID, fields: SupplierInput, *, version: int, by: str, at: datetime
) -> Supplier:
    """Change a supplier; refuse when somebody else did so since `version` was read."""
    supplier, organisation = _lock_supplier(session, supplier_id)
    if supplier.version != version:
        raise StaleVersionError
    _check_registration_no(session, fields.registration_no, besides=organisation.id)
    _check_owner(session, fields.owner_id)
    _check_type_change(session, supplier, fields)
    changed = [name for name in ORGANISATION_FIELDS if getattr(organisation, name) != getattr(fields, name)]
    changed += [name for name in SUPPLIER_FIELDS if getattr(supplier, name) != getattr(fields, name)]
    for name in ORGANISATION_FIELDS:
        setattr(organisation, name, getattr(fields, name))
    for name in SUPPLIER_FIELDS:
        setattr(supplier, name, getattr(fields, name))
    supplier.version += 1
    record(
        session,
        "supplier_changed",
        of=supplier,
        by=by,
        at=at,
        organisation_id=organisation.id,
        fields=", ".join(changed),
    )
    return supplier


def correct_contact_email(session: Session, supplier_id: uuid.UUID, email: str, *, by: str, at: datetime) -> None:
    """Replace the contact's address, after a mail came back."""
    supplier, organisation = _lock_supplier(session, supplier_id)
    supplier.contact_email = email
    supplier.version += 1
    session.flush()
    record(session, "supplier_changed", of=supplier, by=by, at=at, organisation_id=organisation.id, fields="contact_email")


def set_supplier_active(session: Session, supplier_id: uuid.UUID, *, active: bool, by: str, at: datetime) -> Supplier:
    """Deactivate a supplier, which also ends its people's access, or activate it again; its records stay."""
    supplier, organisation = _lock_supplier(session, supplier_id)
    if supplier.is_active is active:
        return supplier
    supplier.is_active = organisation.is_active = active
    supplier.version += 1
    action = "supplier_activated" if active else "supplier_deactivated"
    record(session, action, of=supplier, by=by, at=at, organisation_id=organisation.id)
    return supplier


def record_purchase(session: Session, fields: PurchaseInput, *, by: str, at: datetime, is_sample: bool = False) -> Purchase:
    """Enter a purchase; one per supplier, flow and period."""
    supplier = check_delivers(session, fields.supplier_id, fields.flow)
    _check_no_other(session, fields, besides=None)
    purchase = Purchase(**fields.model_dump(), created_at=at, is_sample=is_sample)
    session.add(purchase)
    record(
        session,
        "purchase_recorded",
        of=purchase,
        by=by,
        at=at,
        organisation_id=supplier.organisation_id,
        flow=fields.flow,
    )
    return purchase


def change_purchase(
    session: Session, purchase_id: uuid.UUID, fields: PurchaseInput, *, version: int, by: str, at: datetime
) -> Purchase:
    """Correct a purchase; refuse when somebody else did so since `version` was read."""
    purchase = _lock_purchase(session, purchase_id, version=version)
    supplier = check_delivers(session, fields.supplier_id, fields.flow)
    _check_no_other(session, fields, besides=purchase.id)
    for name, value in fields.model_dump().items():
        setattr(purchase, name, value)
    purchase.version += 1
    record(
        session,
        "purchase_changed",
        of=purchase,
        by=by,
        at=at,
        organisation_id=supplier.organisation_id,
        flow=fields.flow,
    )
    return purchase


def delete_purchase(session: Session, purchase_id: uuid.UUID, *, version: int, by: str, at: datetime) -> None:
    """Remove a purchase; refuse when somebody changed it since `version` was read."""
    purchase = _lock_purchase(session, purchase_id, version=version)
    record(session, "purchase_deleted", of=purchase, by=by, at=at, flow=purchase.flow, amount_t=purchase.amount_t)
    session.delete(purchase)


def import_purchases(session: Session, rows: Iterable[Planned[PurchaseInput]], *, by: str, at: datetime) -> None:
    """Record and change purchases as a preview showed; any error undoes all of it with the caller's transaction."""
    apply_planned(
        rows,
        add=lambda fields: record_purchase(session, fields, by=by, at=at),
        change=lambda one, fields, version: change_purchase(session, one, fields, version=version, by=by, at=at),
    )


def _lock_supplier(session: Session, supplier_id: uuid.UUID) -> tuple[Supplier, Organisation]:
    supplier = session.get(Supplier, supplier_id, with_for_update=True)
    organisation = session.get(Organisation, supplier.organisation_id) if supplier else None
    if supplier is None or organisation is None:
        raise NotFoundError
    return supplier, organisation


def _lock_purchase(session: Session, purchase_id: uuid.UUID, *, version: int) -> Purchase:
    purchase = session.get(Purchase, purchase_id, with_for_update=True)
    if purchase is None:
        raise NotFoundError
    if purchase.version != version:
        raise StaleVersionError
    return purchase


def _check_registration_no(session: Session, registration_no: str | None, *, besides: uuid.UUID | None) -> None:
    if registration_no is None:
        return
    same = session.exec(select(Organisation).where(Organisation.registration_no == registration_no)).first()
    if same is not None and same.id != besides:
        raise InvalidInputError(
            {
                "registration_no": FieldError(
                    N_("%(registration_no)s already belongs to %(name_zh)s (%(name_en)s); check it, or use that record."),
                    registration_no=registration_no,
                    name_zh=same.name_zh,
                    name_en=same.name_en,
                )
            }
        )


def _check_owner(session: Session, owner_id: uuid.UUID | None) -> None:
    owner = session.get(User, owner_id) if owner_id else None
    organisation = session.get(Organisation, owner.organisation_id) if owner else None
    if owner_id and (organisation is None or organisation.kind is not OrganisationKind.MAKER):
        raise InvalidInputError({"owner_id": FieldError(N_("This person is not of your company; pick one from the list."))})


def _check_type_change(session: Session, supplier: Supplier, fields: SupplierInput) -> None:
    delivered = queries.flows_bought_from(session, supplier.id)
    left_over = delivered - {flow.key for flow in flows_of_type(fields.supplier_type)}
    if fields.supplier_type is not supplier.supplier_type and left_over:
        raise InvalidInputError(
            {
                "supplier_type": FieldError(
                    N_(
                        "Purchases of %(flows)s are recorded for this supplier, which the new type does not deliver; "
                        "delete them first, or add a second supplier."
                    ),
                    flows=", ".join(sorted(left_over)),
                )
            }
        )


def check_delivers(session: Session, supplier_id: uuid.UUID, flow: str) -> Supplier:
    """Return the supplier; raise `InvalidInputError` if its type does not deliver the material."""
    supplier = session.get(Supplier, supplier_id)
    if supplier is None:
        raise InvalidInputError({"supplier_id": FieldError(N_("This supplier does not exist; pick one from the list."))})
    if supplier.supplier_type not in FLOWS[flow].supplier_types:
        allowed = ", ".join(one.key for one in flows_of_type(supplier.supplier_type)) or "–"
        message = N_("This supplier does not deliver this material; by its type it delivers: %(allowed)s.")
        raise InvalidInputError({"flow": FieldError(message, allowed=allowed)})
    return supplier


def _check_no_other(session: Session, fields: PurchaseInput, *, besides: uuid.UUID | None) -> None:
    overlapping = queries.find_overlapping_purchase(
        session,
        supplier_id=fields.supplier_id,
        flow=fields.flow,
        period_start=fields.period_start,
        period_end=fields.period_end,
        besides=besides,
    )
    if overlapping is not None:
        raise ConflictError(
            N_(
                "For this supplier and material, %(amount)s t from %(start)s to %(end)s are already recorded; "
                "the days overlap. Change that record, or choose other days."
            ),
            amount=f"{overlapping.amount_t:g}",
            start=overlapping.period_start,
            end=overlapping.period_end,
        )
