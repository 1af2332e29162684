"""Orders so small that they only keep the number of suppliers: allowed by the rules, hardly what anybody means by them."""

from collections.abc import Iterator
from typing import Final

from service.allocation.answers import Answer
from service.allocation.problem import Problem
from service.errors import N_, FieldError, ServiceError

TOKEN_SHARE: Final = 0.01
"""Of a material's demand. Own choice."""


def find_token_orders(problem: Problem, answer: Answer) -> Iterator[ServiceError]:
    """Yield a notice for each order below a hundredth of a demand that asks for several suppliers."""
    demands = {demand.material: demand for demand in problem.demands}
    for order in answer.allocations:
        demand = demands[order.material]
        if demand.min_suppliers > 1 and order.t < TOKEN_SHARE * demand.demand_t:
            yield FieldError(
                N_(
                    "“%(supplier)s” gets only %(t)s t of “%(material)s”: it counts as a supplier, but hardly is one. Set moq_t or "
                    "min_order_share to make it a real one."
                ),
                supplier=order.supplier,
                t=f"{order.t:.4g}",
                material=order.material,
            )
