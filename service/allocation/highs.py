"""A program solved by HiGHS: one search, one thread, one seed, so that the same question has the same answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

from service.allocation.program import Program

Vector = NDArray[np.float64]

OBJECTIVE_SIZE: Final = 1e5
"""What the largest possible objective is scaled to: HiGHS has absolute tolerances of about 1e-7."""
TIGHT: Final = 1e-9
"""Tolerance of rows, reduced costs and whole numbers, in shares of a demand: far below the least order that counts as one."""
SEED: Final = 1


class Outcome(StrEnum):
    """How a search ended."""

    BEST = "best"
    CUT_SHORT = "cut_short"
    IMPOSSIBLE = "impossible"
    NOTHING_YET = "nothing_yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Solution:
    """What a search found.

    Attributes
    ----------
    values
        By column; empty if nothing was found.
    objective, bound
        In the unit of the objective that was given: of `values`, and the least that any plan could reach.
    row_duals
        By row, the change of the objective per unit of the row's bound; zeros where there are whole numbers.

    """

    outcome: Outcome
    values: Vector
    objective: float = float("nan")
    bound: float = float("nan")
    row_duals: Vector


class Search:
    """One program in HiGHS, whose carbon cap and objective may be changed between solves."""

    def __init__(self, program: Program, *, is_relaxed: bool = False) -> None:
        self._program = program
        self._highs = highspy.Highs()
        for name, value in _OPTIONS.items():
            self._highs.setOptionValue(name, value)
        self._has_whole_numbers = bool(program.integer) and not is_relaxed
        self._highs.passModel(_as_lp(program, is_relaxed=is_relaxed))
        self._scale = 1.0

    def minimise(self, objective: Vector) -> None:
        """Take another objective, in any unit."""
        size = float(np.abs(objective).max(initial=0.0))
        self._scale = OBJECTIVE_SIZE / size if size > 0 else 1.0
        columns = np.arange(len(objective), dtype=np.int32)
        self._highs.changeColsCost(len(objective), columns, objective * self._scale)

    def cap_carbon(self, t_co2e: float) -> None:
        """Set the upper bound of everything's CO2e, in tonnes."""
        bound = t_co2e / self._program.carbon_unit_t
        self._highs.changeRowBounds(self._program.carbon_row, -np.inf, bound)

    def fix(self, values: Mapping[int, float]) -> None:
        """Fix columns at values."""
        for column, value in values.items():
            self._highs.changeColBounds(column, value, value)

    def begin_from(self, values: Vector) -> None:
        """Offer a plan to begin from; one that breaks a rule is passed over."""
        start = highspy.HighsSolution()
        start.col_value = values.tolist()
        self._highs.setSolution(start)

    def solve(self, *, gap: float = 0.0, time_limit_s: float = np.inf) -> Solution:
        """Solve with the objective, bounds and fixings as they are now."""
        self._highs.setOptionValue("mip_rel_gap", gap)
        self._highs.setOptionValue("time_limit", self._highs.getRunTime() + time_limit_s)
        self._highs.run()
        return self._solution()

    def reduced_costs(self) -> Vector:
        """Return what each column would add to the objective per unit, after a relaxed solve."""
        return np.array(self._highs.getSolution().col_dual) / self._scale

    def _solution(self) -> Solution:
        found = self._highs.getSolution()
        outcome = self._outcome(has_values=bool(found.value_valid))
        if outcome in {Outcome.IMPOSSIBLE, Outcome.NOTHING_YET}:
            return Solution(outcome=outcome, values=np.empty(0), row_duals=np.empty(0))
        objective = self._highs.getInfoValue("objective_function_value")[1]
        bound = self._highs.getInfoValue("mip_dual_bound")[1] if self._has_whole_numbers else objective
        duals = np.array(found.row_dual) if found.dual_valid else np.zeros(len(self._program.row_lower))
        return Solution(
            outcome=outcome,
            values=np.array(found.col_value),
            objective=objective / self._scale,
            bound=bound / self._scale,
            row_duals=duals / self._scale,
        )

    def _outcome(self, *, has_values: bool) -> Outcome:
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kOptimal:
            return Outcome.BEST
        if status in _IMPOSSIBLE:
            return Outcome.IMPOSSIBLE
        feasible = self._highs.getInfoValue("primal_solution_status")[1] == int(highspy.SolutionStatus.kSolutionStatusFeasible)
        return Outcome.CUT_SHORT if has_values and feasible else Outcome.NOTHING_YET


_OPTIONS: Final[Mapping[str, object]] = {
    "output_flag": False,
    "random_seed": SEED,
    "parallel": "off",
    "primal_feasibility_tolerance": TIGHT,
    "dual_feasibility_tolerance": TIGHT,
    "mip_feasibility_tolerance": TIGHT,
    "mip_abs_gap": 0.0,
    "mip_heuristic_run_feasibility_jump": False,  # measured: it finds nothing here that others don't
}
_IMPOSSIBLE: Final = (
    highspy.HighsModelStatus.kInfeasible,
    highspy.HighsModelStatus.kUnboundedOrInfeasible,  # every column is bounded by rows or costs something
)


def _as_lp(program: Program, *, is_relaxed: bool) -> highspy.HighsLp:
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(program.lower), len(program.row_lower)
    lp.col_cost_ = np.zeros(len(program.lower))
    lp.col_lower_, lp.col_upper_ = np.array(program.lower), np.array(program.upper)
    lp.row_lower_, lp.row_upper_ = np.array(program.row_lower), np.array(program.row_upper)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_ = np.array([*program.starts, len(program.index)], dtype=np.int32)
    lp.a_matrix_.index_ = np.array(program.index, dtype=np.int32)
    lp.a_matrix_.value_ = np.array(program.value)
    if program.integer and not is_relaxed:
        kinds = [highspy.HighsVarType.kContinuous] * lp.num_col_
        for column in program.integer:
            kinds[column] = highspy.HighsVarType.kInteger
        lp.integrality_ = kinds
    return lp
