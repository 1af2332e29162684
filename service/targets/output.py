"""What the maker put out in a year: money at two prices, tonnes by product."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum
from typing import Final

from sqlmodel import Session, col, select

from service.products.models import Product
from service.targets.models import OutputValue, ProductOutput

BASE_YEAR: Final = 2021
"""Base of the plan's percentages, and of constant prices (carbon plan of October 2024)."""


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
    sources
        What the figures were taken from.

    """

    year: int
    current_price_10k_cny: float | None
    price_index: float | None
    anode_t: Mapping[uuid.UUID, float]
    plant_of: Mapping[uuid.UUID, uuid.UUID]
    sources: tuple[str, ...]
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
    """Return what was put out in a year; None where nothing of it is entered."""
    value = session.exec(select(OutputValue).where(OutputValue.year == year)).first()
    made = session.exec(
        select(ProductOutput, Product.plant_id)
        .join(Product, col(Product.id) == ProductOutput.product_id)
        .where(ProductOutput.year == year)
        .order_by(Product.grade, col(Product.id))
    ).all()
    if value is None and not made:
        return None
    rows = [one for one, _ in made]
    return Output(
        year=year,
        current_price_10k_cny=value.current_price_10k_cny if value else None,
        price_index=value.price_index if value else None,
        anode_t={one.product_id: one.amount_t for one in rows},
        plant_of={one.product_id: plant_id for one, plant_id in made},
        sources=tuple(dict.fromkeys(one.source for one in (*([value] if value else []), *rows))),
        is_sample=any(one.is_sample for one in rows) or bool(value and value.is_sample),
    )


def output_years(session: Session) -> Sequence[int]:
    """Return the years with an output value or tonnes of a product, the earliest first."""
    years = {*session.exec(select(OutputValue.year)).all(), *session.exec(select(ProductOutput.year)).all()}
    return sorted(years)
