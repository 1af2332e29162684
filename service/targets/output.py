"""What the maker put out in a year: money at two prices, tonnes by product."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from math import fsum
from typing import Final

from sqlmodel import Session, col, select

from service.monitoring.queries import monthly_amounts
from service.products.models import Product
from service.targets.models import OutputValue

BASE_YEAR: Final = 2021
"""Base of the plan's percentages, and of constant prices (carbon plan of October 2024)."""
ANODE_OUTPUT: Final = "anode_output"
"""Carrier of monitoring."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """Output of one year; None where nobody has entered it.

    Attributes
    ----------
    current_price_10k_cny
        Output value at the prices of the year, 10 000 yuan.
    price_index
        Selling prices of the year, 2021 = 1.
    anode_t
        Tonnes by product.
    plant_of
        Plant by product.
    toll_share
        Share of graphitising that others do, by product.
    source
        What the output value was taken from.
    entry_ids
        Monthly entries of monitoring that the tonnes come from.

    """

    year: int
    current_price_10k_cny: float | None
    price_index: float | None
    anode_t: Mapping[uuid.UUID, float]
    plant_of: Mapping[uuid.UUID, uuid.UUID]
    toll_share: Mapping[uuid.UUID, float]
    source: str | None
    entry_ids: tuple[uuid.UUID, ...]
    is_sample: bool

    @property
    def constant_price_10k_cny(self) -> float | None:
        """Output value at prices of 2021: at current prices, divided by the price index."""
        if self.current_price_10k_cny is None or self.price_index is None:
            return None
        return self.current_price_10k_cny / self.price_index

    @property
    def total_t(self) -> float | None:
        """Tonnes of anode material of all products."""
        return fsum(self.anode_t.values()) if self.anode_t else None

    @property
    def by_plant_t(self) -> Mapping[uuid.UUID, float]:
        """Tonnes by plant."""
        plants = dict.fromkeys(self.plant_of[product] for product in self.anode_t)
        return {plant: fsum(t for product, t in self.anode_t.items() if self.plant_of[product] == plant) for plant in plants}


def output_of(session: Session, year: int) -> Output | None:
    """Return what was put out in a year; None where nothing of it is entered.

    Tonnes are those of monitoring, by the sources of output that name a product; money stands in the register of output values.
    """
    value = session.exec(select(OutputValue).where(OutputValue.year == year, col(OutputValue.ended_at).is_(None))).first()
    made = [
        one
        for one in monthly_amounts(session, start=date(year, 1, 1), end=date(year, 12, 31))
        if one.carrier == ANODE_OUTPUT and one.product_id is not None
    ]
    if value is None and not made:
        return None
    products = {one.product_id: one.plant_id for one in made if one.product_id is not None}
    return Output(
        year=year,
        current_price_10k_cny=value.current_price_10k_cny if value else None,
        price_index=value.price_index if value else None,
        anode_t={product: fsum(one.amount for one in made if one.product_id == product) for product in products},
        plant_of=products,
        toll_share=_toll_shares(session, products),
        source=value.source if value else None,
        entry_ids=tuple(one.entry_id for one in made),
        is_sample=any(one.is_sample for one in made) or bool(value and value.is_sample),
    )


def _toll_shares(session: Session, products: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, float]:
    found = session.exec(select(Product.id, Product.toll_share).where(col(Product.id).in_(list(products)))).all()
    return dict(found)
