"""Orders allocated at the size of a large purchaser, each checked with SciPy's solver on a formulation of its own."""

import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from service.allocation.answers import Answer, Status
from service.allocation.front import exact_front, lp_front
from service.allocation.lines import DemandLine, OfferLine, Rules
from service.allocation.problem import Problem
from service.allocation.solving import solve
from service.bench.report import Figure, Goal, Report

GAP: Final = 1e-3
SEEDS: Final = (0, 1, 2, 3, 4)
SHARES: Final = {"30 % of the pairs": 0.3, "all pairs": 1.0}
GOALS: Final = {
    "30 % of the pairs": Goal(floor=1.0, target=1.0, more_is_better=False),
    "all pairs": Goal(floor=3.0, target=3.0, more_is_better=False),
}
SHARE_CAPS: Final = ((85.0, 0.7), (75.0, 0.6), (60.0, 0.4), (0.0, 0.2))
"""Score from which a supplier may have so much of a material: A+, A, B and C."""
ROUNDS: Final = 3
"""The best counts: the plan is the same each time, and other work on the machine only takes away."""
LP_POINTS: Final = 21
EXACT_POINTS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What SciPy says of the same problem.

    Attributes
    ----------
    objective, bound
        Yuan that are minimised: of its plan, and the least that any plan could reach; None where it has none.

    """

    objective: float | None
    bound: float | None
    seconds: float

    def agrees_with(self, answer: Answer, *, gap: float) -> bool:
        """Tell whether an answer is no worse than SciPy's by more than the gap, and not better than possible."""
        if self.objective is None or self.bound is None or answer.cost is None:
            return (self.objective is None) == (answer.cost is None)
        ours = answer.cost + (answer.carbon_cost or 0.0) + (answer.defect_cost or 0.0)
        return ours <= self.objective * (1 + gap) * (1 + 1e-6) and ours >= self.bound * (1 - 1e-6)


def measure(*, suppliers: int = 200, materials: int = 20, seeds: Sequence[int] = SEEDS) -> Report:
    """Solve random problems, without and with a carbon cap; medians over the seeds."""
    figures: list[Figure] = []
    for name, share in SHARES.items():
        problems = [random_problem(seed=seed, suppliers=suppliers, materials=materials, share=share) for seed in seeds]
        figures += _measure_solves(name, problems)
        figures += _measure_fronts(name, problems[0])
    cases = f"{suppliers} suppliers x {materials} materials, gap {GAP:g}; medians of {len(seeds)} random problems, best of {ROUNDS}"
    note = (
        "errors: plans that SciPy's solver does not confirm within the gap; a capped problem may carry 20 % less CO2e than its "
        "cheapest plan"
    )
    return Report(figures=figures, notes=[cases, note])


def random_problem(*, seed: int, suppliers: int, materials: int, share: float) -> Problem:
    """Return a problem whose numbers are drawn and mean nothing.

    Parameters
    ----------
    share
        Of the pairs of supplier and material that are qualified, 0 to 1.

    Notes
    -----
    Cleaner suppliers ask more. Two to five suppliers of each material, minimum orders, fixed costs, share caps by score, and rules
    on mean defects and mean score.

    """
    draw = np.random.default_rng(seed)
    price, demand = np.exp(draw.uniform(np.log(800), np.log(30_000), materials)), np.exp(draw.uniform(5.3, 10.6, materials))
    carbon, dirt = draw.uniform(300, 9_000, materials), np.exp(draw.normal(0, 0.25, suppliers))
    score = np.clip(draw.normal(60, 14, suppliers), 20, 95)
    offers = [
        OfferLine(
            supplier=f"S{supplier:03}",
            material=f"M{material:02}",
            price_per_t=float(price[material] * dirt[supplier] ** -0.3 * np.exp(draw.normal(0, 0.12))),
            kg_co2e_per_t=float(carbon[material] * dirt[supplier] * np.exp(draw.normal(0, 0.2))),
            capacity_t=float(demand[material] * draw.uniform(0.1, 0.8)),
            moq_t=float(demand[material] * draw.uniform(0.02, 0.1)),
            fixed_cost=float(demand[material] * price[material] * draw.uniform(0.0005, 0.005)),
            max_share=next(cap for least, cap in SHARE_CAPS if score[supplier] >= least),
            defect_share=float(draw.beta(2, 120)),
            green_score=float(score[supplier]),
        )
        for material in range(materials)
        for supplier in range(suppliers)
        if draw.random() < share
    ]
    demands = [
        DemandLine(
            material=f"M{material:02}",
            demand_t=float(demand[material]),
            min_suppliers=2,
            max_suppliers=5,
            max_defect_share=0.02,
            min_green_score=58.0,
        )
        for material in range(materials)
    ]
    return Problem(offers=offers, demands=demands, rules=Rules(gap=GAP, carbon_price_per_t=100.0))


def check_with_scipy(problem: Problem, *, at_most: float | None = None) -> Check:
    """Solve a problem in tonnes with `scipy.optimize.milp`; without the rules on suppliers as a whole."""
    from scipy.optimize import Bounds, LinearConstraint, milp  # noqa: PLC0415 - 0.4 s to import, and only needed here
    from scipy.sparse import csr_array  # noqa: PLC0415 - as milp

    demands = {demand.material: demand for demand in problem.demands}
    offers = [offer for offer in problem.offers if demands[offer.material].demand_t > 0 and not offer.is_vetoed]
    rows = list(_rows(problem, offers, demands, at_most))
    count = 2 * len(offers)
    matrix = csr_array(
        (
            [value for row in rows for value in row[0].values()],
            (
                [place for place, row in enumerate(rows) for _ in row[0]],
                [column for row in rows for column in row[0]],
            ),
        ),
        shape=(len(rows), count),
    )
    began = time.perf_counter()
    found = milp(
        _yuan(problem, offers),
        constraints=LinearConstraint(matrix, [row[1] for row in rows], [row[2] for row in rows]),
        integrality=np.repeat([0, 1], len(offers)),
        bounds=Bounds(0, np.repeat([np.inf, 1], len(offers))),
        options={"mip_rel_gap": problem.rules.gap, "time_limit": problem.rules.time_limit_s},
    )
    has_plan = found.x is not None
    return Check(
        objective=float(found.fun) if has_plan else None,
        bound=float(found.mip_dual_bound) if has_plan else None,
        seconds=time.perf_counter() - began,
    )


Row = tuple[dict[int, float], float, float]


def _yuan(problem: Problem, offers: Sequence[OfferLine]) -> NDArray[np.float64]:
    rules = problem.rules
    per_t = [
        offer.price_per_t
        + rules.carbon_price_per_t * offer.kg_co2e_per_t / 1000
        + rules.defect_cost_per_t * (offer.defect_share or 0.0)
        for offer in offers
    ]
    return np.array([*per_t, *(offer.fixed_cost for offer in offers)])


def _rows(problem: Problem, offers: Sequence[OfferLine], demands: dict[str, DemandLine], at_most: float | None) -> Iterator[Row]:
    """Yield coefficients by column, lower and upper bound; first the tonnes of all offers, then whether they get an order."""
    count = len(offers)
    by_material: dict[str, list[int]] = defaultdict(list)
    for place, offer in enumerate(offers):
        demand = demands[offer.material]
        most = min(offer.max_share * demand.demand_t, np.inf if offer.capacity_t is None else offer.capacity_t)
        least = max(offer.moq_t, problem.rules.min_order_share * demand.demand_t)
        yield {place: 1.0, count + place: -most}, -np.inf, 0.0
        yield {place: 1.0, count + place: -least}, 0.0, np.inf
        yield {place: 1.0}, offer.min_take_t, np.inf
        by_material[offer.material].append(place)
    for material, places in by_material.items():
        yield from _rows_of_material(demands[material], offers, places)
    caps = [cap for cap in (problem.rules.carbon_cap_t, at_most) if cap is not None]
    if caps:
        yield {place: offer.kg_co2e_per_t / 1000 for place, offer in enumerate(offers)}, 0.0, min(caps)


def _rows_of_material(demand: DemandLine, offers: Sequence[OfferLine], places: Sequence[int]) -> Iterator[Row]:
    count, t = len(offers), demand.demand_t
    yield dict.fromkeys(places, 1.0), t, t
    most = np.inf if demand.max_suppliers is None else demand.max_suppliers
    yield {count + place: 1.0 for place in places}, demand.min_suppliers, most
    if demand.max_defect_share is not None:
        yield {place: offers[place].defect_share or 0.0 for place in places}, 0.0, demand.max_defect_share * t
    if demand.min_green_score is not None:
        yield {place: offers[place].green_score or 0.0 for place in places}, demand.min_green_score * t, np.inf


def _measure_solves(name: str, problems: Sequence[Problem]) -> Iterator[Figure]:
    free, capped = [_best_of(solve, problem) for problem in problems], []
    wrong, theirs = [0, 0], []
    for problem, (answer, _) in zip(problems, free, strict=True):
        cap = 0.8 * (answer.t_co2e or 0.0)
        capped.append(_best_of(solve, problem, at_most=cap))
        for place, (found, limit) in enumerate(((answer, None), (capped[-1][0], cap))):
            check = check_with_scipy(problem, at_most=limit)
            theirs.append(check.seconds)
            wrong[place] += found.status is Status.UNDECIDED or not check.agrees_with(found, gap=GAP)
    goal = GOALS[name]
    yield _seconds(f"{name}: cheapest plan", [seconds for _, seconds in free], goal=goal, errors=wrong[0])
    yield _seconds(f"{name}: with a carbon cap", [seconds for _, seconds in capped], goal=goal, errors=wrong[1])
    yield Figure(name=f"{name}: slowest of these", value=max(seconds for _, seconds in (*free, *capped)), unit="s")
    yield _seconds(f"{name}: scipy.optimize.milp, both", theirs)


def _measure_fronts(name: str, problem: Problem) -> Iterator[Figure]:
    relaxed, relaxed_s = _timed(lp_front, problem, points=LP_POINTS)
    yield Figure(name=f"{name}: relaxed front, {len(relaxed)} points", value=relaxed_s, unit="s")
    exact, exact_s = _timed(exact_front, problem, points=EXACT_POINTS)
    yield Figure(name=f"{name}: exact front, {len(exact.points)} points", value=exact_s, unit="s")


def _best_of(work: Callable[..., Any], problem: Problem, **options: Any) -> tuple[Any, float]:  # noqa: ANN401 - as _timed
    return min((_timed(work, problem, **options) for _ in range(ROUNDS)), key=lambda run: run[1])


def _timed(work: Callable[..., Any], problem: Problem, **options: Any) -> tuple[Any, float]:  # noqa: ANN401 - whatever is measured
    began = time.perf_counter()
    found = work(replace(problem), **options)
    return found, time.perf_counter() - began


def _seconds(name: str, seconds: Sequence[float], *, goal: Goal | None = None, errors: int = 0) -> Figure:
    return Figure(name=name, value=statistics.median(seconds), unit="s", goal=goal, errors=errors)
