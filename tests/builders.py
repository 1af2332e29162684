"""Rows with plausible defaults; a test names only what it is about."""

import itertools
import uuid
from collections.abc import Iterable
from datetime import UTC, date, datetime

from sqlmodel import Session, select

from service.accounts.models import Organisation, OrganisationKind, Role, User
from service.products.models import Plant, Product
from service.submissions.models import Submission, SubmissionStatus
from service.suppliers.models import Supplier, SupplierType

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
PERIOD = (date(2025, 1, 1), date(2025, 12, 31))
_numbers = itertools.count(1)


def a_maker(session: Session) -> Organisation:
    """Return the maker, made at the first call."""
    maker = session.exec(select(Organisation).where(Organisation.kind == OrganisationKind.MAKER)).first()
    return maker or an_organisation(session, kind=OrganisationKind.MAKER, name_zh="样例负极", name_en="Sample Anode")


def an_organisation(
    session: Session,
    *,
    kind: OrganisationKind = OrganisationKind.CUSTOMER,
    name_zh: str = "某公司",
    name_en: str = "Some Company",
) -> Organisation:
    """Return a new organisation."""
    organisation = Organisation(kind=kind, name_zh=name_zh, name_en=name_en, created_at=NOW)
    session.add(organisation)
    session.flush()
    return organisation


def a_user(
    session: Session,
    *,
    roles: Iterable[Role] = (Role.ENGINEER,),
    organisation: Organisation | None = None,
    name: str = "Li Wei",
) -> User:
    """Return a new person of the maker, or of the organisation given."""
    organisation = organisation or a_maker(session)
    user = User(
        organisation_id=organisation.id,
        email=f"person{next(_numbers)}@sample.example",
        name=name,
        roles=[str(role) for role in roles],
        created_at=NOW,
    )
    session.add(user)
    session.flush()
    return user


def a_supplier(
    session: Session,
    *,
    supplier_type: SupplierType = SupplierType.TOLL,
    province_code: str = "CN-NM",
    name_zh: str = "蒙炭代工",
    name_en: str = "Mengtan Toll",
) -> Supplier:
    """Return a new supplier with its organisation."""
    organisation = an_organisation(session, kind=OrganisationKind.SUPPLIER, name_zh=name_zh, name_en=name_en)
    supplier = Supplier(
        organisation_id=organisation.id,
        supplier_type=supplier_type,
        province_code=province_code,
        contact_name="王工",
        contact_email=f"contact{next(_numbers)}@supplier.example",
        created_at=NOW,
    )
    session.add(supplier)
    session.flush()
    return supplier


def a_submission(
    session: Session,
    *,
    supplier: Supplier | None = None,
    status: SubmissionStatus = SubmissionStatus.IN_PROGRESS,
    period: tuple[date, date] = PERIOD,
) -> Submission:
    """Return a new questionnaire of a supplier, in the status given."""
    supplier = supplier or a_supplier(session)
    submission = Submission(
        number=f"S-2026-{next(_numbers):04}",
        organisation_id=supplier.organisation_id,
        supplier_id=supplier.id,
        supplier_type=supplier.supplier_type,
        period_start=period[0],
        period_end=period[1],
        deadline=date(2026, 12, 31),
        status=status,
        created_by=f"user:{uuid.uuid4()}",
        created_at=NOW,
    )
    session.add(submission)
    session.flush()
    return submission


def a_plant(session: Session, *, province_code: str = "CN-GD") -> Plant:
    """Return a new plant of the maker."""
    plant = Plant(name_zh="广东工厂", name_en="Guangdong plant", province_code=province_code, created_at=NOW)
    session.add(plant)
    session.flush()
    return plant


def a_product(session: Session, *, plant: Plant | None = None, grade: str | None = None, toll_share: float = 0.0) -> Product:
    """Return a new product at a plant."""
    plant = plant or a_plant(session)
    product = Product(
        plant_id=plant.id,
        grade=grade or f"AG-{next(_numbers)}",
        name_zh="人造石墨负极粉",
        name_en="Synthetic graphite anode powder",
        furnace="acheson_crucible",
        toll_share=toll_share,
        created_at=NOW,
    )
    session.add(product)
    session.flush()
    return product
