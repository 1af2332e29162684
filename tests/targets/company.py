"""A company of one plant with closed years, for tests that go through the database."""

from datetime import UTC, date, datetime

from sqlmodel import Session

from service.company_inventory import operations as inventories
from service.company_inventory.checks import CHECKS
from service.company_inventory.factors import FuelFactorSet
from service.products.models import Plant, Product
from service.products.queries import get_plant
from service.registers.operations import add_row
from service.settings import Settings
from service.targets.models import ActivityPlan, OutputValue
from service.targets.schemas import ActivityPlanInput, OutputValueInput
from tests import builders
from tests.monitoring.builders import a_source, an_entry

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
ENGINEER, REVIEWER, MEMBER = "user:engineer", "user:reviewer", "user:member"


def a_closed_year(
    session: Session, product: Product, settings: Settings, year: int, *, tonnes: float, kwh: float, gas_nm3: float
) -> None:
    """Enter a year of even months of a plant that buys electricity and burns gas, and close its inventory."""
    plant = get_plant(session, product.plant_id)
    for carrier, amount in (("electricity_purchased", kwh), ("natural_gas", gas_nm3)):
        _fill(session, plant, year, carrier, amount, product=None)
    _fill(session, plant, year, "anode_output", tonnes, product=product)
    inventories.prepare(session, year, FuelFactorSet.GB_T_32151_34, version=0, by=ENGINEER, at=NOW)
    session.flush()
    work = inventories.verify(session, year, list(CHECKS), version=1, by=REVIEWER, at=NOW)
    inventories.close(session, year, version=work.version, settings=settings, by=MEMBER, at=NOW)
    session.flush()


def _fill(session: Session, plant: Plant, year: int, carrier: str, amount: float, *, product: Product | None) -> None:
    source = a_source(
        session, plant, carrier, starts=date(year, 1, 1), ends=date(year, 12, 1), product_id=product.id if product else None
    )
    for month in range(1, 13):
        an_entry(session, source, date(year, month, 1), amount / 12)


def an_output_value(session: Session, year: int, value: float, index: float | None) -> OutputValue:
    fields = OutputValueInput(year=year, current_price_10k_cny=value, price_index=index, source="annual accounts")
    return add_row(session, OutputValue, fields, by=ENGINEER, at=NOW)


def a_plan(session: Session, product: Product, year: int, tonnes: tuple[float, float, float]) -> None:
    low, likely, high = tonnes
    fields = ActivityPlanInput(
        year=year, product_id=product.id, low_t=low, likely_t=likely, high_t=high, source="board, production plan"
    )
    add_row(session, ActivityPlan, fields, by=ENGINEER, at=NOW)
    session.flush()


def a_settled_company(session: Session, settings: Settings) -> Product:
    """Return the product of a company whose years 2021 and 2025 are closed.

    1,000 t and 1,500 t; per tonne 10,000 and 8,000 kWh, 50 and 45 Nm3 of gas. Selling prices halve: output is 5,000 and 3,750 times
    10,000 yuan, 3,750 / 0.5 = 7,500 at prices of 2021.
    """
    product = builders.a_product(session, plant=builders.a_plant(session, province_code="CN-NM"))
    a_closed_year(session, product, settings, 2021, tonnes=1_000, kwh=10_000_000, gas_nm3=50_000)
    a_closed_year(session, product, settings, 2025, tonnes=1_500, kwh=12_000_000, gas_nm3=67_500)
    an_output_value(session, 2021, 5_000, 1.0)
    an_output_value(session, 2025, 3_750, 0.5)
    session.flush()
    return product
