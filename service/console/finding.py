"""The searches behind the one search field: a few columns of each kind, by number or by name in either language."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col

from service.accounts.models import Organisation, OrganisationKind, User
from service.certificates.models import Certificate
from service.errors import N_
from service.footprints.models import FootprintRecord
from service.i18n import Locale
from service.products.models import Plant, Product
from service.submissions.models import Submission
from service.suppliers.models import Supplier

HITS_PER_KIND = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something found: its number or name, what tells it from others, and its page."""

    title: str
    note: str
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of things that can be found, for those who work in its area."""

    label: str
    area: str
    find: Callable[[Session, str, Locale], Sequence[Hit]]


def find_suppliers(session: Session, text: str, locale: Locale) -> Sequence[Hit]:
    """Find suppliers by name, registration number, town or contact."""
    columns = (Organisation.name_zh, Organisation.name_en, Organisation.registration_no, Supplier.city, Supplier.contact_name)
    statement = (
        _select(Supplier.id, _name(locale), Supplier.supplier_type)
        .join(Organisation, col(Supplier.organisation_id) == col(Organisation.id))
        .where(_contains(text, *columns))
    )
    return _hits(session, statement, "/console/suppliers/")


def find_requests(session: Session, text: str, locale: Locale) -> Sequence[Hit]:
    """Find questionnaires by number, receipt or supplier."""
    columns = (Submission.number, Submission.receipt_no, Organisation.name_zh, Organisation.name_en)
    statement = (
        _select(Submission.id, Submission.number, _name(locale), Submission.period_start, Submission.period_end)
        .join(Organisation, col(Submission.organisation_id) == col(Organisation.id))
        .where(_contains(text, *columns))
    )
    return _hits(session, statement, "/console/requests/")


def find_products(session: Session, text: str, locale: Locale) -> Sequence[Hit]:
    """Find products by grade, name or plant."""
    columns = (Product.grade, Product.name_zh, Product.name_en, Plant.name_zh, Plant.name_en)
    is_chinese = locale == "zh-CN"
    names = (Product.name_zh, Plant.name_zh) if is_chinese else (Product.name_en, Plant.name_en)
    statement = (
        _select(Product.id, Product.grade, *names)
        .join(Plant, col(Product.plant_id) == col(Plant.id))
        .where(_contains(text, *columns))
    )
    return _hits(session, statement, "/console/products/")


def find_footprints(session: Session, text: str, _locale: Locale) -> Sequence[Hit]:
    """Find footprints by number or grade."""
    statement = (
        _select(FootprintRecord.id, FootprintRecord.number, Product.grade, FootprintRecord.period_start, FootprintRecord.period_end)
        .join(Product, col(FootprintRecord.product_id) == col(Product.id))
        .where(_contains(text, FootprintRecord.number, Product.grade, Product.name_zh, Product.name_en))
    )
    return _hits(session, statement, "/console/footprints/")


def find_certificates(session: Session, text: str, locale: Locale) -> Sequence[Hit]:
    """Find certificates by number, customer or the customer's part number."""
    columns = (Certificate.number, Certificate.customer_part_no, Organisation.name_zh, Organisation.name_en)
    statement = (
        _select(Certificate.id, Certificate.number, _name(locale), Certificate.valid_until)
        .join(Organisation, col(Certificate.customer_id) == col(Organisation.id))
        .where(_contains(text, *columns))
    )
    return _hits(session, statement, "/console/certificates/")


def find_customers(session: Session, text: str, locale: Locale) -> Sequence[Hit]:
    """Find customers by name or registration number."""
    statement = _select(Organisation.id, _name(locale), Organisation.registration_no).where(
        col(Organisation.kind) == OrganisationKind.CUSTOMER,
        _contains(text, Organisation.name_zh, Organisation.name_en, Organisation.registration_no),
    )
    return _hits(session, statement, "/console/customers/")


def find_people(session: Session, text: str, _locale: Locale) -> Sequence[Hit]:
    """Find people by name or address."""
    statement = _select(User.id, User.name, User.email).where(_contains(text, User.name, User.email))
    return _hits(session, statement, "/console/people/")


KINDS = (
    Kind(label=N_("Suppliers"), area="/console/suppliers", find=find_suppliers),
    Kind(label=N_("Requests"), area="/console/requests", find=find_requests),
    Kind(label=N_("Products"), area="/console/products", find=find_products),
    Kind(label=N_("Footprints"), area="/console/footprints", find=find_footprints),
    Kind(label=N_("Certificates"), area="/console/certificates", find=find_certificates),
    Kind(label=N_("Customers"), area="/console/customers", find=find_customers),
    Kind(label=N_("People"), area="/console/people", find=find_people),
)


def _select(key: Any, *columns: Any) -> Select[*tuple[Any, ...]]:  # noqa: ANN401 - mapped columns
    return select(col(key), *(col(column) for column in columns)).order_by(col(key).desc()).limit(HITS_PER_KIND)


def _contains(text: str, *columns: Any) -> ColumnElement[bool]:  # noqa: ANN401 - mapped columns
    return or_(*(col(column).icontains(text, autoescape=True) for column in columns))


def _name(locale: Locale) -> Any:  # noqa: ANN401 - a mapped column
    return Organisation.name_zh if locale == "zh-CN" else Organisation.name_en


def _hits(session: Session, statement: Select[*tuple[Any, ...]], folder: str) -> Sequence[Hit]:
    return [_hit(folder, *row) for row in session.execute(statement)]


def _hit(folder: str, key: uuid.UUID, title: str, *notes: object) -> Hit:
    return Hit(title=title, note=" · ".join(str(note) for note in notes if note is not None), href=f"{folder}{key}")
