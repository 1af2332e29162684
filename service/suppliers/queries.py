"""Every SELECT on suppliers and purchases; lists read columns, not objects."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func
from sqlalchemy import select as select_columns
from sqlmodel import Session, col, or_, select

from service.accounts.access import Principal, visible_to
from service.accounts.models import Organisation, OrganisationKind, User
from service.errors import N_, FieldError, InvalidInputError, NotFoundError
from service.i18n import Locale
from service.suppliers.models import Purchase, Supplier, SupplierType
from service.suppliers.paging import Cursor, Page, read_page


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplierRow:
    """A supplier with the names of its organisation."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    name_zh: str
    name_en: str
    registration_no: str | None
    supplier_type: SupplierType
    province_code: str | None
    city: str | None
    contact_name: str | None
    contact_email: str | None
    contact_phone: str | None
    owner_id: uuid.UUID | None
    owner_name: str | None
    is_active: bool
    is_sample: bool
    created_at: datetime
    version: int

    def name(self, locale: Locale) -> str:
        """Return the name in a language."""
        return self.name_zh if locale == "zh-CN" else self.name_en


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseRow:
    """A purchase with its supplier's names; amount in t, price in yuan per t without VAT."""

    id: uuid.UUID
    supplier_id: uuid.UUID
    supplier_name_zh: str
    supplier_name_en: str
    flow: str
    period_start: date
    period_end: date
    amount_t: float
    price_cny_per_t: float | None
    is_sample: bool
    version: int

    def supplier_name(self, locale: Locale) -> str:
        """Return the supplier's name in a language."""
        return self.supplier_name_zh if locale == "zh-CN" else self.supplier_name_en


SUPPLIER_COLUMNS: Mapping[str, Any] = {
    "id": Supplier.id,
    "organisation_id": Supplier.organisation_id,
    "name_zh": Organisation.name_zh,
    "name_en": Organisation.name_en,
    "registration_no": Organisation.registration_no,
    "supplier_type": Supplier.supplier_type,
    "province_code": Supplier.province_code,
    "city": Supplier.city,
    "contact_name": Supplier.contact_name,
    "contact_email": Supplier.contact_email,
    "contact_phone": Supplier.contact_phone,
    "owner_id": Supplier.owner_id,
    "owner_name": User.name,
    "is_active": Supplier.is_active,
    "is_sample": Supplier.is_sample,
    "created_at": Supplier.created_at,
    "version": Supplier.version,
}
PURCHASE_COLUMNS: Mapping[str, Any] = {
    "id": Purchase.id,
    "supplier_id": Purchase.supplier_id,
    "supplier_name_zh": Organisation.name_zh,
    "supplier_name_en": Organisation.name_en,
    "flow": Purchase.flow,
    "period_start": Purchase.period_start,
    "period_end": Purchase.period_end,
    "amount_t": Purchase.amount_t,
    "price_cny_per_t": Purchase.price_cny_per_t,
    "is_sample": Purchase.is_sample,
    "version": Purchase.version,
}


def get_supplier(session: Session, supplier_id: uuid.UUID, *, asking: Principal) -> SupplierRow:
    """Return a supplier that the principal may see."""
    statement = _suppliers().where(col(Supplier.id) == supplier_id, visible_to(asking, Supplier.organisation_id))
    found = session.execute(statement).mappings().first()
    if found is None:
        raise NotFoundError
    return SupplierRow(**found)


def get_row(session: Session, supplier_id: uuid.UUID) -> SupplierRow:
    """Return a supplier as lists show it, to those who may see one of its questionnaires."""
    found = session.execute(_suppliers().where(col(Supplier.id) == supplier_id)).mappings().first()
    if found is None:
        raise NotFoundError
    return SupplierRow(**found)


def get_active_supplier(session: Session, supplier_id: uuid.UUID) -> Supplier:
    """Return a supplier that may be asked; its choice in a form is at fault otherwise."""
    supplier = session.get(Supplier, supplier_id)
    if supplier is None or not supplier.is_active:
        raise InvalidInputError(
            {"supplier_id": FieldError(N_("This supplier does not exist or is switched off; pick one from the list."))}
        )
    return supplier


def find_suppliers(
    session: Session,
    *,
    words: str | None = None,
    supplier_type: SupplierType | None = None,
    province_code: str | None = None,
    inactive: bool = False,
    after: uuid.UUID | None = None,
    before: uuid.UUID | None = None,
    limit: int = 50,
) -> Page[SupplierRow]:
    """Return suppliers by Chinese name, from one cursor on.

    Parameters
    ----------
    words
        Part of a name in either language, or of the registration number.
    inactive
        Whether those that are switched off are listed instead.
    after, before
        Id of the supplier that the page follows or precedes.

    """
    conditions = [col(Supplier.is_active) != inactive]
    if words:
        conditions.append(or_(*(col(part).icontains(words, autoescape=True) for part in _NAMES)))
    if supplier_type:
        conditions.append(col(Supplier.supplier_type) == supplier_type)
    if province_code:
        conditions.append(col(Supplier.province_code) == province_code)
    return read_page(
        session,
        _suppliers().where(*conditions),
        order=(col(Organisation.name_zh), col(Supplier.id)),
        make=SupplierRow,
        cursor=_cursor(_supplier_place(session, after), _supplier_place(session, before)),
        limit=limit,
    )


def all_active_suppliers(
    session: Session, *, types: Collection[SupplierType] | None = None, besides: Collection[uuid.UUID] = ()
) -> Sequence[SupplierRow]:
    """Return all active suppliers by name, for lists to choose from.

    Parameters
    ----------
    besides
        Ids of suppliers that are listed even if they are switched off, because they are chosen already.

    """
    is_listed = or_(col(Supplier.is_active), col(Supplier.id).in_(besides))
    statement = _suppliers().where(is_listed).order_by(Organisation.name_zh)
    if types is not None:
        statement = statement.where(col(Supplier.supplier_type).in_(types))
    return [SupplierRow(**row) for row in session.execute(statement).mappings()]


def names_of(session: Session, supplier_ids: Collection[uuid.UUID], locale: Locale | None = None) -> Mapping[uuid.UUID, str]:
    """Return suppliers' names in a language, or in both, for messages that anybody may read."""
    statement = (
        select(col(Supplier.id), col(Organisation.name_zh), col(Organisation.name_en))
        .join(Organisation, col(Supplier.organisation_id) == col(Organisation.id))
        .where(col(Supplier.id).in_(supplier_ids))
    )
    chosen = {"zh-CN": "{0}", "en": "{1}", None: "{0} ({1})"}[locale]
    return {supplier_id: chosen.format(chinese, english) for supplier_id, chinese, english in session.exec(statement)}


def find_owners(session: Session) -> Sequence[tuple[uuid.UUID, str]]:
    """Return id and name of the maker's active people, who may look after a supplier."""
    statement = (
        select(User.id, User.name)
        .join(Organisation, col(User.organisation_id) == col(Organisation.id))
        .where(Organisation.kind == OrganisationKind.MAKER, col(User.is_active))
        .order_by(User.name)
    )
    return [(row[0], row[1]) for row in session.exec(statement)]


def get_purchase(session: Session, purchase_id: uuid.UUID) -> PurchaseRow:
    """Return a purchase."""
    found = session.execute(_purchases().where(col(Purchase.id) == purchase_id)).mappings().first()
    if found is None:
        raise NotFoundError
    return PurchaseRow(**found)


def find_purchases(
    session: Session,
    *,
    supplier_id: uuid.UUID | None = None,
    flow: str | None = None,
    period: tuple[date, date] | None = None,
    after: uuid.UUID | None = None,
    before: uuid.UUID | None = None,
    limit: int = 50,
) -> Page[PurchaseRow]:
    """Return purchases in the order of entry, newest first, from one cursor on.

    Parameters
    ----------
    period
        First and last day; purchases whose own period lies inside are returned.

    """
    conditions = []
    if supplier_id:
        conditions.append(col(Purchase.supplier_id) == supplier_id)
    if flow:
        conditions.append(col(Purchase.flow) == flow)
    if period:
        conditions += [col(Purchase.period_start) >= period[0], col(Purchase.period_end) <= period[1]]
    return read_page(
        session,
        _purchases().where(*conditions),
        order=(col(Purchase.id),),
        make=PurchaseRow,
        cursor=_cursor((after,) if after else None, (before,) if before else None),
        limit=limit,
        descending=True,
    )


def all_purchases(session: Session) -> Sequence[PurchaseRow]:
    """Return every purchase, for checks across all of them."""
    return [PurchaseRow(**row) for row in session.execute(_purchases()).mappings()]


def purchase_periods(session: Session) -> Sequence[tuple[date, date]]:
    """Return the periods that purchases are recorded for, latest first."""
    statement = (
        select(col(Purchase.period_start), col(Purchase.period_end))
        .distinct()
        .order_by(col(Purchase.period_end).desc(), col(Purchase.period_start))
    )
    return [(row[0], row[1]) for row in session.exec(statement)]


def purchased_amounts(
    session: Session, supplier_ids: Collection[uuid.UUID], *, flow: str, period_start: date, period_end: date
) -> Mapping[uuid.UUID, float]:
    """Return t bought of a flow by supplier; only purchases whose own period lies inside the period count, others are absent."""
    statement = (
        select(col(Purchase.supplier_id), func.sum(Purchase.amount_t))
        .where(
            col(Purchase.supplier_id).in_(supplier_ids),
            Purchase.flow == flow,
            Purchase.period_start >= period_start,
            Purchase.period_end <= period_end,
        )
        .group_by(col(Purchase.supplier_id))
    )
    return {row[0]: row[1] for row in session.exec(statement)}


def find_overlapping_purchase(
    session: Session,
    *,
    supplier_id: uuid.UUID,
    flow: str,
    period_start: date,
    period_end: date,
    besides: uuid.UUID | None = None,
) -> Purchase | None:
    """Return a purchase of the same supplier and flow that shares a day with the period."""
    statement = select(Purchase).where(
        Purchase.supplier_id == supplier_id,
        Purchase.flow == flow,
        Purchase.period_start <= period_end,
        Purchase.period_end >= period_start,
    )
    if besides is not None:
        statement = statement.where(Purchase.id != besides)
    return session.exec(statement).first()


def flows_bought_from(session: Session, supplier_id: uuid.UUID) -> frozenset[str]:
    """Return the flows that purchases name for a supplier."""
    return frozenset(session.exec(select(Purchase.flow).where(Purchase.supplier_id == supplier_id).distinct()))


_NAMES = (Organisation.name_zh, Organisation.name_en, Organisation.registration_no)


def _suppliers() -> Select[Any]:
    columns: list[Any] = [column.label(name) for name, column in SUPPLIER_COLUMNS.items()]
    return (
        select_columns(*columns)
        .select_from(Supplier)
        .join(Organisation, col(Supplier.organisation_id) == col(Organisation.id))
        .join(User, col(Supplier.owner_id) == col(User.id), isouter=True)
    )


def _purchases() -> Select[Any]:
    columns: list[Any] = [column.label(name) for name, column in PURCHASE_COLUMNS.items()]
    return (
        select_columns(*columns)
        .select_from(Purchase)
        .join(Supplier, col(Purchase.supplier_id) == col(Supplier.id))
        .join(Organisation, col(Supplier.organisation_id) == col(Organisation.id))
    )


def _cursor(after: tuple[Any, ...] | None, before: tuple[Any, ...] | None) -> Cursor | None:
    if before is not None:
        return Cursor(place=before, backwards=True)
    return Cursor(place=after) if after is not None else None


def _supplier_place(session: Session, supplier_id: uuid.UUID | None) -> tuple[Any, ...] | None:
    if supplier_id is None:
        return None
    statement = (
        select(Organisation.name_zh, Supplier.id)
        .join(Supplier, col(Supplier.organisation_id) == col(Organisation.id))
        .where(Supplier.id == supplier_id)
    )
    found = session.exec(statement).first()
    if found is None:
        raise NotFoundError
    return tuple(found)
