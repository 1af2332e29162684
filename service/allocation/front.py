"""Cost against carbon: the cheapest plan for each amount of CO2e, exactly, or of the relaxed problem at once.

The front keeps every rule, a carbon cap too. Prices count as they are paid: neither the carbon price nor a preference of grades
moves a point, because the front is what shows what carbon costs.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from service.allocation.answers import Answer
from service.allocation.highs import Outcome, Search, Solution, Vector
from service.allocation.kernel_search import prepared
from service.allocation.problem import Problem
from service.allocation.program import Aim, Program, build_program
from service.allocation.solving import Plan, answer_from, find_plan, materials_without_offers

AUGMENTATION: Final = 1e-6
"""Weight of the other aim, over the range of both: of plans of one cost the cleaner one is taken (AUGMECON, Mavrotas 2009)."""
SAME: Final = 1e-9
"""Relative difference below which two points are one."""
FEWEST_POINTS: Final = 2

OnProgress = Callable[[float], None]
IsCancelled = Callable[[], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class RelaxedPoint:
    """One point of the front of the relaxed problem, in which orders may be split and fixed costs paid in part.

    No plan with this CO2e costs less; one that keeps minimum orders and numbers of suppliers may cost more.

    Attributes
    ----------
    shadow_price_per_t_co2e
        Yuan that one tonne less costs from here.

    """

    cost: float
    t_co2e: float
    shadow_price_per_t_co2e: float

    def as_dict(self) -> dict[str, Any]:
        """Return the point as JSON."""
        return {
            "cost": self.cost,
            "t_co2e": self.t_co2e,
            "shadow_price_per_t_co2e": self.shadow_price_per_t_co2e,
            "is_relaxed": True,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class ExactFront:
    """Plans of which none is both cheaper and cleaner than another, the cheapest first.

    Attributes
    ----------
    is_complete
        Whether every point asked for was solved: nobody cancelled, and no time limit ended a search without a plan.

    """

    points: Sequence[Answer]
    is_complete: bool


def lp_front(problem: Problem, *, points: int) -> list[RelaxedPoint]:
    """Return the relaxed front, the cheapest point first; empty if even the relaxed problem has no plan.

    One row's bound is changed between solves, which go on from the last basis.
    """
    program = build_program(problem)
    if materials_without_offers(problem, program) or not program.pairs:
        return []
    ends = _relaxed_ends(problem, program)
    if ends is None:
        return []
    cleanest, cheapest = ends
    cost, carbon = program.objective(Aim()), _carbon(program)
    search = prepared(program, cost, at_most=cheapest, is_relaxed=True)
    found = [_relaxed_point(search, program, cap, cost, carbon) for cap in _steps(cheapest, cleanest, points)]
    return [point for point in found if point is not None]


def exact_front(
    problem: Problem, *, points: int, on_progress: OnProgress | None = None, is_cancelled: IsCancelled | None = None
) -> ExactFront:
    """Return plans along the front by the epsilon-constraint method; each within `Rules.gap`, for at most `Rules.time_limit_s`.

    Parameters
    ----------
    points
        Caps that are solved, both ends included; two of them may have the same plan, and dominated ones are left out.
    on_progress
        Told the share done, 0 to 1, after each solve.
    is_cancelled
        Asked before each solve; what is solved by then is returned.

    """
    program = build_program(problem)
    if materials_without_offers(problem, program):
        return ExactFront(points=(), is_complete=True)
    walk = _Walk(problem=problem, program=program, total=max(points, FEWEST_POINTS), on_progress=on_progress)
    plans = list(walk.plans(is_cancelled or (lambda: False)))
    kept = undominated(plans)
    return ExactFront(points=[answer_from(plan, problem, has_cap=True) for plan in kept], is_complete=walk.is_complete)


def undominated(plans: Sequence[Plan]) -> list[Plan]:
    """Return the plans that no other is at least as good as in cost and CO2e, the cheapest first; of equal ones the first.

    Within a gap, the plan for a tighter cap may come out cheaper than the cheapest one.
    """
    kept: list[Plan] = []
    for plan in sorted(plans, key=lambda plan: (plan.cost, plan.t_co2e)):
        if not kept or plan.t_co2e < kept[-1].t_co2e - SAME * max(1.0, abs(kept[-1].t_co2e)):
            kept.append(plan)
    return kept


class _Walk:
    """The solves of one exact front, from the cleanest plan to the cheapest, each begun from the one before."""

    def __init__(self, *, problem: Problem, program: Program, total: int, on_progress: OnProgress | None) -> None:
        self._problem, self._program, self._total = problem, program, total
        self._on_progress = on_progress or (lambda _: None)
        self._cap = problem.rules.carbon_cap_t
        self._done = 0
        self.is_complete = False

    def plans(self, is_cancelled: IsCancelled) -> list[Plan]:
        """Solve one after the other; an end without a plan ends the walk."""
        if is_cancelled():
            return []
        cheapest = self._solve(_cheapest_first(self._program), self._cap)
        if not isinstance(cheapest, Plan):
            self.is_complete = cheapest is Outcome.IMPOSSIBLE
            return []
        if is_cancelled():
            return [cheapest]
        cleanest = self._solve(_cleanest_first(cheapest), self._cap, begin_from=cheapest.values)
        if not isinstance(cleanest, Plan):
            return [cheapest]
        return [cheapest, *self._between(cleanest, cheapest, is_cancelled)]

    def _between(self, cleanest: Plan, cheapest: Plan, is_cancelled: IsCancelled) -> list[Plan]:
        aim = _balanced(cleanest, cheapest)
        found: list[Plan] = []
        caps = _steps(cleanest.t_co2e, cheapest.t_co2e, self._total)
        # The cleanest plan is solved once more, for least cost within its CO2e; the cheapest one has that already.
        for cap in caps[:-1]:
            if is_cancelled():
                return found
            last = found[-1] if found else cleanest
            plan = self._solve(aim, cap * (1 + SAME), begin_from=last.values)
            if not isinstance(plan, Plan):
                return found
            found.append(plan)
        self.is_complete = True
        return found

    def _solve(self, aim: Aim, cap: float | None, *, begin_from: Vector | None = None) -> Plan | Outcome:
        plan = find_plan(self._problem, self._program, aim=aim, at_most=cap, begin_from=begin_from)
        self._done += 1
        self._on_progress(min(1.0, self._done / (self._total + 1)))
        return _with_dual_of_cost(plan, aim) if isinstance(plan, Plan) else plan


def _with_dual_of_cost(plan: Plan, aim: Aim) -> Plan:
    """Return a plan whose carbon dual is that of the cost alone: at a cap that binds, the other aim moves with it."""
    if plan.carbon_dual == 0:
        return plan
    return replace(plan, carbon_dual=plan.carbon_dual - aim.yuan_per_t_co2e)


def _cheapest_first(program: Program) -> Aim:
    """Return the aim of least cost, and the least CO2e between plans of that cost."""
    most_cost, most_t = float(np.abs(program.objective(Aim())).sum()), float(_carbon(program).sum())
    return Aim(yuan_per_t_co2e=AUGMENTATION * most_cost / most_t if most_t > 0 else 0.0)


def _cleanest_first(cheapest: Plan) -> Aim:
    """Return the aim of least CO2e, and the least cost between plans of that CO2e."""
    t_per_yuan = max(cheapest.t_co2e, 1e-9) / max(cheapest.cost, 1e-9)
    return Aim(cost_weight=AUGMENTATION * t_per_yuan, yuan_per_t_co2e=1.0)


def _balanced(cleanest: Plan, cheapest: Plan) -> Aim:
    span = cheapest.t_co2e - cleanest.t_co2e
    return Aim(yuan_per_t_co2e=AUGMENTATION * max(0.0, cleanest.cost - cheapest.cost) / span if span > 0 else 0.0)


def _carbon(program: Program) -> Vector:
    """Return t CO2e of one unit of each column."""
    return program.objective(Aim(cost_weight=0.0, yuan_per_t_co2e=1.0))


def _steps(begin: float, end: float, points: int) -> list[float]:
    return [float(cap) for cap in np.linspace(begin, end, max(points, FEWEST_POINTS))]


def _relaxed_ends(problem: Problem, program: Program) -> tuple[float, float] | None:
    """Return the least CO2e of the relaxed problem, and that of its cheapest plan."""
    found: list[float] = []
    carbon = _carbon(program)
    for objective in (carbon, program.objective(_cheapest_first(program))):
        solution = prepared(program, objective, at_most=problem.rules.carbon_cap_t, is_relaxed=True).solve()
        if solution.outcome is not Outcome.BEST:
            return None
        found.append(float(carbon @ solution.values))
    return found[0], found[1]


def _relaxed_point(search: Search, program: Program, cap: float, cost: Vector, carbon: Vector) -> RelaxedPoint | None:
    search.cap_carbon(cap * (1 + SAME))
    solution: Solution = search.solve()
    if solution.outcome is not Outcome.BEST:
        return None
    dual = float(solution.row_duals[program.carbon_row]) / program.carbon_unit_t
    return RelaxedPoint(
        cost=float(cost @ solution.values), t_co2e=float(carbon @ solution.values), shadow_price_per_t_co2e=max(0.0, -dual)
    )
