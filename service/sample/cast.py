"""Who and what the sample company consists of: read from `data/company.toml`, made through the domains' own operations."""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sqlmodel import Session

from service.accounts.models import Organisation, OrganisationKind, Role, User
from service.accounts.operations import create_organisation, create_user
from service.certificates.customers import create_customer
from service.certificates.schemas import CustomerInput
from service.product_footprints.part_numbers import PartNumberInput, set_part_number
from service.products import operations as products
from service.products.description import ProductDescription, describe_product, read_quality
from service.products.models import Plant, Product
from service.products.rules import InputShare
from service.products.schemas import PlantInput, ProductFields, ProductionInput
from service.settings import Settings
from service.suppliers import operations as suppliers
from service.suppliers.models import Supplier
from service.suppliers.schemas import PurchaseInput, SupplierInput
from service.verification.operations import add_body
from service.verification.schemas import BodyInput

SYSTEM = "system"
PERIODS: Mapping[str, tuple[date, date]] = {
    "2024": (date(2024, 1, 1), date(2024, 12, 31)),
    "2025": (date(2025, 1, 1), date(2025, 12, 31)),
}

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cast:
    """The people, suppliers, customers and products of the sample company, by their key in the data file."""

    people: Mapping[str, User]
    suppliers: Mapping[str, Supplier]
    customers: Mapping[str, Organisation]
    products: Mapping[str, Product]

    def actor(self, key: str) -> str:
        """Return the actor of one of the people."""
        return f"user:{self.people[key].id}"


@lru_cache
def company() -> Row:
    """Return the data file."""
    return tomllib.loads((files("service.sample") / "data" / "company.toml").read_text(encoding="utf-8"))


def assemble(session: Session, *, settings: Settings, password: str, at: datetime) -> Cast:
    """Make the maker, its people, plants, suppliers, customers, products and purchases."""
    maker = create_organisation(
        session,
        kind=OrganisationKind.MAKER,
        name_zh=settings.company_name_zh,
        name_en=settings.company_name_en,
        is_sample=True,
        by=SYSTEM,
        at=at,
    )
    people = {row["key"]: _person(session, row, maker, password=password, at=at) for row in company()["people"]}
    engineer = f"user:{people['engineer'].id}"
    found = {row["key"]: add_supplier(session, row, people["procurement"], at=at) for row in company()["suppliers"]}
    people["supplier"] = _supplier_person(session, found["toll_nm"], password=password, at=at)
    for row in company()["purchases"]:
        add_purchases(session, row, found, by=engineer, at=at)
    people["verifier"] = _verifier(session, password=password, at=at)
    cast = Cast(
        people=people,
        suppliers=found,
        customers={row["key"]: _customer(session, row, at=at) for row in company()["customers"]},
        products=_products(session, found, by=engineer, at=at),
    )
    for row in company()["part_numbers"]:
        _part_number(session, cast, row, at=at)
    return cast


def _without(row: Row, *names: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in {"key", *names}}


def _person(session: Session, row: Row, maker: Organisation, *, password: str, at: datetime) -> User:
    roles = [Role(name) for name in row["roles"]]
    return create_user(
        session,
        organisation=maker,
        email=row["email"],
        name=row["name"],
        roles=roles,
        password=password,
        is_sample=True,
        by=SYSTEM,
        at=at,
    )


def add_supplier(session: Session, row: Row, owner: User, *, at: datetime) -> Supplier:
    """Make a supplier of a row."""
    fields = SupplierInput(**_without(row), owner_id=owner.id)
    return suppliers.create_supplier(session, fields, by=f"user:{owner.id}", at=at, is_sample=True)


def _supplier_person(session: Session, supplier: Supplier, *, password: str, at: datetime) -> User:
    organisation = session.get_one(Organisation, supplier.organisation_id)
    return create_user(
        session,
        organisation=organisation,
        email="supplier@sample.example",
        name="王工（样例）",
        roles=[Role.SUPPLIER],
        password=password,
        is_sample=True,
        by=SYSTEM,
        at=at,
    )


def _verifier(session: Session, *, password: str, at: datetime) -> User:
    row = company()["verifier"]
    body = BodyInput(name_zh=row["name_zh"], name_en=row["name_en"])
    return create_user(
        session,
        organisation=add_body(session, body, by=SYSTEM, at=at, is_sample=True),
        email=row["email"],
        name=row["person"],
        roles=[Role.VERIFIER],
        password=password,
        is_sample=True,
        by=SYSTEM,
        at=at,
    )


def _part_number(session: Session, cast: Cast, row: Row, *, at: datetime) -> None:
    product, customer = cast.products[row["product"]], cast.customers[row["customer"]]
    fields = PartNumberInput(product_id=product.id, customer_id=customer.id, part_no=row["part_no"])
    set_part_number(session, fields, by=cast.actor("sales"), at=at, is_sample=True)


def _customer(session: Session, row: Row, *, at: datetime) -> Organisation:
    return create_customer(session, CustomerInput(**_without(row)), by=SYSTEM, at=at, is_sample=True)


def add_purchases(session: Session, row: Row, found: Mapping[str, Supplier], *, by: str, at: datetime) -> None:
    """Record what was bought of a supplier, by period."""
    for period, amount_t in row["amount_t"].items():
        start, end = PERIODS[period]
        fields = PurchaseInput(
            supplier_id=found[row["supplier"]].id,
            flow=row["flow"],
            period_start=start,
            period_end=end,
            amount_t=amount_t,
            price_cny_per_t=row.get("price_cny_per_t", {}).get(period),
        )
        suppliers.record_purchase(session, fields, by=by, at=at, is_sample=True)


def _products(session: Session, found: Mapping[str, Supplier], *, by: str, at: datetime) -> Mapping[str, Product]:
    plants = {
        row["key"]: products.create_plant(session, PlantInput(**_without(row)), by=by, at=at, is_sample=True)
        for row in company()["plants"]
    }
    return {row["key"]: _product(session, row, plants, found, by=by, at=at) for row in company()["products"]}


def _product(
    session: Session, row: Row, plants: Mapping[str, Plant], found: Mapping[str, Supplier], *, by: str, at: datetime
) -> Product:
    own = _without(row, "plant", "output_t", "recipe", "inputs", "periods", "description", "quality")
    fields = ProductFields(plant_id=plants[row["plant"]].id, **own)
    product = products.create_product(session, fields, by=by, at=at, is_sample=True)
    quality = read_quality({f"quality_{key}": value for key, value in row["quality"].items()})
    describe_product(session, product, ProductDescription(**row["description"]), quality=quality, by=by, at=at)
    steps: Sequence[Callable[[], Product]] = (
        lambda: products.set_recipe(session, product.id, row["recipe"], version=product.version, by=by, at=at),
        lambda: products.set_inputs(session, product.id, _inputs(row, found), version=product.version, by=by, at=at),
    )
    for step in steps:
        product = step()
    for period, output_t in row["output_t"].items():
        start, end = PERIODS[period]
        production = ProductionInput(period_start=start, period_end=end, output_t=output_t)
        products.record_production(session, product.id, production, by=by, at=at, is_sample=True)
    return product


def _inputs(row: Row, found: Mapping[str, Supplier]) -> Sequence[InputShare]:
    return [InputShare(flow=one["flow"], supplier_id=found[one["supplier"]].id, share=one.get("share")) for one in row["inputs"]]
