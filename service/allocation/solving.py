"""The cheapest plan that keeps every rule: a mixed-integer linear program, solved by HiGHS."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from service.allocation.answers import Allocation, Answer, Status
from service.allocation.highs import Outcome, Solution, Vector
from service.allocation.kernel_search import find_beginning, prepared
from service.allocation.lines import DEFAULT_MIN_ORDER_SHARE, DemandLine
from service.allocation.problem import Problem
from service.allocation.program import Aim, Program, aim_of, build_program

NOTHING: Final = 1e-8
"""Share of a demand below which an order is rounding of the solver."""
CRUMB: Final = 2 * DEFAULT_MIN_ORDER_SHARE
ROUNDING: Final = 1e-7
"""Relative; what the choice of suppliers without its whole numbers' tolerance may cost more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A plan in the columns of its program.

    Attributes
    ----------
    carbon_dual
        Yuan of the objective per t CO2e by which the cap is loosened: zero or negative.

    """

    program: Program
    values: Vector
    outcome: Outcome
    objective: float
    bound: float
    carbon_dual: float

    @property
    def cost(self) -> float:
        """Yuan paid."""
        return float(self.program.objective(Aim()) @ self.values)

    @property
    def t_co2e(self) -> float:
        """Of everything bought."""
        return float(self.program.objective(Aim(cost_weight=0.0, yuan_per_t_co2e=1.0)) @ self.values)

    @property
    def t_defective(self) -> float:
        """Tonnes that are expected to be defective."""
        return float(self.program.objective(Aim(cost_weight=0.0, yuan_per_defective_t=1.0)) @ self.values)

    @property
    def gap(self) -> float | None:
        """Distance from the bound, relative to the objective; never negative, None while there is no bound."""
        gap = max(0.0, self.objective - self.bound) / max(abs(self.objective), 1e-12)
        return gap if math.isfinite(gap) else None

    @property
    def allocations(self) -> tuple[Allocation, ...]:
        """Orders above zero."""
        return tuple(
            Allocation(supplier=pair.offer.supplier, material=pair.offer.material, t=_without_noise(float(share) * pair.t))
            for pair, share in zip(self.program.pairs, self.values, strict=False)
            if share > NOTHING
        )


def solve(problem: Problem, *, at_most: float | None = None) -> Answer:
    """Find the cheapest plan.

    Parameters
    ----------
    at_most
        t CO2e that may not be exceeded, besides `Rules.carbon_cap_t`.

    Notes
    -----
    Minimised are prices, fixed costs, `carbon_price_per_t` times CO2e and `defect_cost_per_t` times defective tonnes. The same
    problem has the same answer, unless the time limit ends the search.

    """
    program = build_program(problem)
    if materials_without_offers(problem, program):
        return Answer(status=Status.INFEASIBLE)
    cap = _lowest(problem.rules.carbon_cap_t, at_most)
    plan = find_plan(problem, program, aim=aim_of(problem.rules), at_most=cap)
    if isinstance(plan, Outcome):
        return Answer(status=Status.INFEASIBLE if plan is Outcome.IMPOSSIBLE else Status.UNDECIDED)
    return answer_from(plan, problem, has_cap=cap is not None)


def materials_without_offers(problem: Problem, program: Program) -> list[DemandLine]:
    """Return the demands that no usable offer serves."""
    served = {pair.offer.material for pair in program.pairs}
    return [demand for demand in problem.demands if demand.demand_t > 0 and demand.material not in served]


def find_plan(
    problem: Problem, program: Program, *, aim: Aim, at_most: float | None, begin_from: Vector | None = None
) -> Plan | Outcome:
    """Return the plan that is best for an aim, or how the search ended without one."""
    if not program.pairs:
        return Plan(program=program, values=np.empty(0), outcome=Outcome.BEST, objective=0.0, bound=0.0, carbon_dual=0.0)
    objective = program.objective(aim)
    rules = problem.rules
    beginning = find_beginning(program, objective, at_most=at_most, gap=rules.gap, time_limit_s=rules.time_limit_s)
    search = prepared(program, objective, at_most=at_most)
    for plan in (begin_from, beginning):
        if plan is not None and program.integer:
            search.begin_from(plan)
    found = search.solve(gap=rules.gap, time_limit_s=rules.time_limit_s)
    if found.outcome in {Outcome.IMPOSSIBLE, Outcome.NOTHING_YET}:
        return found.outcome
    return _plan(program, found, _sharpened(program, objective, found, at_most))


def answer_from(plan: Plan, problem: Problem, *, has_cap: bool) -> Answer:
    """Return a plan as an answer to a problem."""
    return Answer(
        status=Status.OPTIMAL if plan.outcome is Outcome.BEST else Status.FEASIBLE,
        cost=_without_noise(plan.cost),
        t_co2e=_without_noise(plan.t_co2e),
        gap=plan.gap,
        allocations=plan.allocations,
        shadow_price_per_t_co2e=_without_noise(max(0.0, -plan.carbon_dual)) if has_cap else None,
        carbon_cost=_without_noise(plan.t_co2e * problem.rules.carbon_price_per_t),
        defect_cost=_without_noise(plan.t_defective * problem.rules.defect_cost_per_t),
    )


def _without_noise(value: float) -> float:
    """Return a value to the twelve digits that the solver's tolerances leave meaning to."""
    return float(f"{value:.12g}")


def _sharpened(program: Program, objective: Vector, found: Solution, at_most: float | None) -> Solution:
    """Solve again with the choice of suppliers fixed.

    The search tolerates whole numbers that are off by a little, which would leave orders of a few kilograms. Without them the
    plan is exact, and its rows have duals.
    """
    if not program.integer:
        return found
    chosen = {column: float(np.round(found.values[column])) for column in program.integer}
    leaner = chosen | dict.fromkeys(_crumbs(program, found.values, chosen), 0.0)
    for choice, allowed in ((leaner, found.objective + abs(found.objective) * ROUNDING), (chosen, np.inf)):
        search = prepared(program, objective, at_most=at_most, is_relaxed=True)
        search.fix(choice)
        exact = search.solve()
        if exact.outcome is Outcome.BEST and exact.objective <= allowed:
            return exact
    return found


def _crumbs(program: Program, values: Vector, chosen: Mapping[int, float]) -> Iterator[int]:
    """Yield the orders that are as small as orders may be and that no rule asks for; within the gap, a search leaves some about."""
    spare: Counter[str] = Counter(program.pairs[place].offer.material for place, order in program.orders.items() if chosen[order])
    for place, order in program.orders.items():
        pair = program.pairs[place]
        is_crumb = values[place] < CRUMB and pair.offer.moq_t == 0 and pair.offer.min_take_t == 0
        if chosen[order] and is_crumb and spare[pair.offer.material] > pair.demand.min_suppliers:
            spare[pair.offer.material] -= 1
            yield order


def _plan(program: Program, found: Solution, exact: Solution) -> Plan:
    return Plan(
        program=program,
        values=exact.values,
        outcome=found.outcome,
        objective=exact.objective,
        bound=min(found.bound, exact.objective),
        carbon_dual=float(exact.row_duals[program.carbon_row]) / program.carbon_unit_t,
    )


def _lowest(*limits: float | None) -> float | None:
    known = [limit for limit in limits if limit is not None]
    return min(known) if known else None
