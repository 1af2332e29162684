"""Declared footprints of products of the model's default, or of a toll plant's answers."""

from datetime import date, datetime
from pathlib import Path

from sqlmodel import Session

from service.footprints.models import FootprintRecord
from service.footprints.operations import calculate
from service.product_footprints.models import ProductFootprint
from service.product_footprints.operations import release
from service.products.models import Product
from service.settings import Settings
from tests.builders import NOW, PERIOD, a_product
from tests.footprints.builders import CALCULATOR, RELEASER

SETTINGS = Settings(env="test", data_dir=Path("var"), secret_key="0" * 64, company_domain="anode.example")
EARLIER = (date(2024, 1, 1), date(2024, 12, 31))


def a_calculated(session: Session, product: Product, *, period: tuple[date, date] = PERIOD, at: datetime = NOW) -> FootprintRecord:
    """Return a record that nobody has released."""
    return calculate(session, product, period_start=period[0], period_end=period[1], by=CALCULATOR, at=at)


def a_declared(
    session: Session, product: Product | None = None, *, period: tuple[date, date] = PERIOD, at: datetime = NOW
) -> ProductFootprint:
    """Return the declared footprint of a record released by a second person."""
    record = a_calculated(session, product or a_product(session), period=period, at=at)
    return release(session, record, version=record.version, by=RELEASER, at=at, settings=SETTINGS)
