"""Problems for tests; each names only what it is about."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import Any

import numpy as np
from hypothesis import strategies as st

from service.allocation.answers import Answer
from service.allocation.problem import DemandLine, OfferLine, Problem, Rules

COKE = "needle coke"


def an_offer_line(supplier: str, price: float = 100.0, kg: float = 1000.0, **fields: Any) -> OfferLine:
    return OfferLine(supplier=supplier, price_per_t=price, kg_co2e_per_t=kg, **{"material": COKE, **fields})


def a_problem(*offers: OfferLine, demand: float = 100.0, rules: Rules | None = None, **demanded: Any) -> Problem:
    """Return a problem of one material."""
    return Problem(offers=offers, demands=(DemandLine(material=COKE, demand_t=demand, **demanded),), rules=rules or Rules(gap=0.0))


def tonnes(answer: Answer) -> dict[str, float]:
    """Return tonnes by supplier, rounded to kilograms."""
    return {one.supplier: round(one.t, 3) for one in answer.allocations}


@st.composite
def small_problems(draw: st.DrawFn) -> Problem:
    """Draw one material, up to three offers, and any of the rules."""
    offers = [
        an_offer_line(
            name,
            float(draw(st.integers(50, 150))),
            float(draw(st.integers(0, 30)) * 100),
            capacity_t=draw(st.none() | st.integers(10, 120).map(float)),
            fixed_cost=float(draw(st.sampled_from((0, 0, 500, 2000)))),
            max_share=draw(st.sampled_from((1.0, 0.6, 0.4))),
            defect_share=draw(st.integers(0, 5)) / 100,
            green_score=float(draw(st.integers(20, 95))),
        )
        for name in draw(st.sampled_from(("A", "AB", "ABC", "ABC")))
    ]
    offers = [_with_moq(offer, draw(st.sampled_from((0.0, 0.0, 10.0, 40.0)))) for offer in offers]
    return a_problem(
        *offers,
        min_suppliers=draw(st.sampled_from((1, 1, 2))),
        max_suppliers=draw(st.sampled_from((None, 2, 3))),
        max_defect_share=draw(st.sampled_from((None, None, 0.03))),
        min_green_score=draw(st.sampled_from((None, None, 50.0))),
        rules=Rules(
            gap=0.0,
            carbon_cap_t=draw(st.none() | st.integers(20, 250).map(float)),
            carbon_price_per_t=float(draw(st.sampled_from((0, 0, 50)))),
        ),
    )


def _with_moq(offer: OfferLine, moq: float) -> OfferLine:
    return replace(offer, moq_t=min(moq, offer.capacity_t if offer.capacity_t is not None else moq))


def cheapest_by_enumeration(problem: Problem) -> float | None:
    """Return the least objective of one material with few offers, None if there is no plan.

    Goes through every set of suppliers and every corner of what each allows: n tonnages are fixed by the demand and n - 1 limits.
    """
    [demand], rules = problem.demands, problem.rules
    best: float | None = None
    for chosen in product((False, True), repeat=len(problem.offers)):
        offers = [offer for offer, is_chosen in zip(problem.offers, chosen, strict=True) if is_chosen]
        most = demand.max_suppliers if demand.max_suppliers is not None else len(offers)
        if not offers or not demand.min_suppliers <= len(offers) <= most:
            continue
        yuan_per_t = np.array([offer.price_per_t + rules.carbon_price_per_t * offer.kg_co2e_per_t / 1000 for offer in offers])
        fixed = sum(offer.fixed_cost for offer in offers)
        for corner in _corners(offers, demand, rules):
            total = float(yuan_per_t @ corner) + fixed
            best = total if best is None else min(best, total)
    return best


def _corners(offers: Sequence[OfferLine], demand: DemandLine, rules: Rules) -> list[np.ndarray[Any, Any]]:
    limits, bounds = _limits(offers, demand, rules)
    corners = []
    for tight in combinations(range(len(limits)), len(offers) - 1):
        system = np.vstack([np.ones(len(offers)), limits[list(tight)]])
        if abs(np.linalg.det(system)) < 1e-12:
            continue
        corner = np.linalg.solve(system, [demand.demand_t, *bounds[list(tight)]])
        if (limits @ corner <= bounds + 1e-7).all():
            corners.append(corner)
    return corners


def _limits(offers: Sequence[OfferLine], demand: DemandLine, rules: Rules) -> tuple[Any, Any]:
    """Return rows and bounds of everything that tonnes may be at most."""
    rows: list[list[float]] = []
    bounds: list[float] = []
    for place, offer in enumerate(offers):
        unit = [float(place == other) for other in range(len(offers))]
        most = min(offer.max_share * demand.demand_t, np.inf if offer.capacity_t is None else offer.capacity_t)
        rows += [unit, [-one for one in unit]]
        bounds += [most, -max(offer.moq_t, rules.min_order_share * demand.demand_t)]
    if demand.max_defect_share is not None:
        rows.append([offer.defect_share or 0.0 for offer in offers])
        bounds.append(demand.max_defect_share * demand.demand_t)
    if demand.min_green_score is not None:
        rows.append([-(offer.green_score or 0.0) for offer in offers])
        bounds.append(-demand.min_green_score * demand.demand_t)
    if rules.carbon_cap_t is not None:
        rows.append([offer.kg_co2e_per_t / 1000 for offer in offers])
        bounds.append(rules.carbon_cap_t)
    return np.array(rows), np.array(bounds)
