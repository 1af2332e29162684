"""Which measures, and when each: the plan of least cost that avoids enough in every target year, as a mixed-integer program.

Each column is a measure begun in a year. Rows: one begin for each measure, one measure of each group that excludes each other,
what must be avoided in each target year, what may be spent in each year. Where the targets can't be met, the program first comes as
close as measures and money allow, in tonnes over all target years, and then does that at least cost: the gap left is an answer, not
an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

import highspy
import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

GAP_TOLERANCE: Final = 1e-6
"""Of the tonnes that are missing: what may be lost to rounding between the two solves."""
TIME_LIMIT_S: Final = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A measure that may be begun.

    Attributes
    ----------
    earliest
        First year in which it may begin: readiness.
    capex_cny
        Spent in the year of the begin and in those that follow.
    yearly_cny
        Equivalent annual cost in each year in which it works, the investment as an annuity; so a late begin is not cheap because
        the years after the last one are not looked at.
    t_co2
        Avoided in the first, second... year of work; the last value holds on.
    by_year
        What the tonnes of a calendar year are multiplied by, because more is made or the grid is cleaner; 1 without an entry.
    lifetime_years
        Years in which it works.
    group
        Of measures that exclude each other; empty without one.
    begins
        The only year in which it begins, for what is decided already; None for free choice.

    """

    key: str
    earliest: int
    capex_cny: Sequence[float]
    yearly_cny: float
    t_co2: Sequence[float]
    lifetime_years: int
    group: str = ""
    begins: int | None = None
    by_year: Mapping[int, float] = field(default_factory=dict)

    def avoided_t(self, *, begin: int, year: int) -> float:
        """Return what it avoids in a year if begun in another."""
        age = year - begin
        if not 0 <= age < self.lifetime_years:
            return 0.0
        return self.t_co2[min(age, len(self.t_co2) - 1)] * self.by_year.get(year, 1.0)

    def spent_cny(self, *, begin: int, year: int) -> float:
        """Return what is invested in a year if begun in another."""
        age = year - begin
        return self.capex_cny[age] if 0 <= age < len(self.capex_cny) else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked.

    Attributes
    ----------
    years
        First and last year in which measures may begin and costs count.
    required_t
        To be avoided in each target year, t CO2.
    budget_cny
        What may be invested in a year; a year without an entry has no limit.
    rate
        At which costs are discounted to the first year.

    """

    options: Sequence[Option]
    years: tuple[int, int]
    required_t: Mapping[int, float]
    budget_cny: Mapping[int, float] = field(default_factory=dict)
    rate: float


class Ending(StrEnum):
    """How the search ended."""

    MET = "met"
    NOT_MET = "not_met"
    CUT_SHORT = "cut_short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """The plan of least cost.

    Attributes
    ----------
    begins
        Year of each measure that is chosen.
    cost_cny
        Present value in the first year of all yearly costs.
    missing_t
        What is still lacking in each target year; zero where it is met.
    cny_per_t
        What one tonne more in a target year would cost, in money of that year: the dual of the relaxed program. Zero where
        the target does not bind.

    """

    ending: Ending
    begins: Mapping[str, int]
    cost_cny: float
    missing_t: Mapping[int, float]
    cny_per_t: Mapping[int, float]
    spent_cny: Mapping[int, float]


def choose(question: Question, *, time_limit_s: float = TIME_LIMIT_S) -> Choice:
    """Return the plan: as near to every target as can be, and that at least cost."""
    program = _Program(question)
    nearest, is_whole = program.solve(program.gap_objective, time_limit_s=time_limit_s)
    most = float(program.missing(nearest).sum()) * (1.0 + GAP_TOLERANCE) + GAP_TOLERANCE
    best, is_best = program.solve(program.cost_objective, missing_at_most=most, start=nearest, time_limit_s=time_limit_s)
    missing = {year: _clean(t) for year, t in zip(program.targets, program.missing(best) * program.t_size, strict=True)}
    begins = {option.key: year for column, (option, year) in enumerate(program.columns) if best[column] > _HALF}
    return Choice(
        ending=_ending(missing, is_proven=is_whole and is_best),
        begins=begins,
        cost_cny=float(program.cost_objective[: len(program.columns)] @ best[: len(program.columns)]) * program.cny_size,
        missing_t=missing,
        cny_per_t=program.marginal_prices(most),
        spent_cny={year: spent(question.options, begins, year=year) for year in program.years},
    )


def spent(options: Sequence[Option], begins: Mapping[str, int], *, year: int) -> float:
    """Return what a plan invests in a year."""
    return sum(one.spent_cny(begin=begins[one.key], year=year) for one in options if one.key in begins)


def _ending(missing: Mapping[int, float], *, is_proven: bool) -> Ending:
    if any(missing.values()):
        return Ending.NOT_MET if is_proven else Ending.CUT_SHORT
    return Ending.MET if is_proven else Ending.CUT_SHORT


def _clean(t: float) -> float:
    return float(t) if t > _LEAST_T else 0.0


_HALF: Final = 0.5
_LEAST_T: Final = 1e-2
"""Ten kilograms: less is rounding."""


class _Program:
    """Arrays of a question. Tonnes and yuan are scaled to their largest, because HiGHS has absolute tolerances."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.years = range(question.years[0], question.years[1] + 1)
        self.targets = sorted(question.required_t)
        self.columns = [(option, year) for option in question.options for year in self._begins(option)]
        costs = [self._cost(option, begin) for option, begin in self.columns]
        self.cny_size = max((abs(cost) for cost in costs), default=1.0) or 1.0
        self.t_size = max((abs(t) for t in question.required_t.values()), default=1.0) or 1.0
        slack = np.zeros(len(self.targets))
        self.cost_objective: Vector = np.concatenate([np.array(costs, dtype=np.float64) / self.cny_size, slack])
        self.gap_objective: Vector = np.concatenate([np.zeros(len(costs)), slack + 1.0])
        self.rows, self.lower, self.upper = self._rows()

    def _begins(self, option: Option) -> range:
        if option.begins is not None:
            return range(option.begins, option.begins + 1)
        return range(max(option.earliest, self.years.start), self.years.stop)

    def _cost(self, option: Option, begin: int) -> float:
        works = range(max(begin, self.years.start), min(begin + option.lifetime_years, self.years.stop))
        return sum(option.yearly_cny * self._discount(year) for year in works)

    def _discount(self, year: int) -> float:
        return float((1.0 + self.question.rate) ** (self.years.start - year))

    def missing(self, values: Vector) -> Vector:
        """Return the slack of each target, scaled."""
        return values[len(self.columns) :]

    def _rows(self) -> tuple[Vector, Vector, Vector]:
        made = [*self._target_rows(), *self._single_rows(), *self._budget_rows(), (self.gap_objective, -np.inf, np.inf)]
        width = len(self.columns) + len(self.targets)
        matrix = np.array([row for row, _, _ in made], dtype=np.float64).reshape(len(made), width)
        return matrix, np.array([low for _, low, _ in made]), np.array([high for _, _, high in made])

    def _target_rows(self) -> list[tuple[Vector, float, float]]:
        made = []
        for place, target in enumerate(self.targets):
            slack = np.eye(len(self.targets))[place]
            avoided = [option.avoided_t(begin=begin, year=target) / self.t_size for option, begin in self.columns]
            made.append((np.concatenate([avoided, slack]), self.question.required_t[target] / self.t_size, np.inf))
        return made

    def _single_rows(self) -> list[tuple[Vector, float, float]]:
        decided = {option.key for option in self.question.options if option.begins is not None}
        keys = {option.key: [option.key] for option in self.question.options}
        for option in self.question.options:
            if option.group:
                keys.setdefault(f"group:{option.group}", []).append(option.key)
        rows = []
        for name, members in keys.items():
            count = len(decided.intersection(members))
            least = -np.inf if name.startswith("group:") else float(count)
            rows.append((self._marks(members), least, max(1.0, float(count))))
        return rows

    def _marks(self, keys: Sequence[str]) -> Vector:
        return np.array([*(float(option.key in keys) for option, _ in self.columns), *([0.0] * len(self.targets))])

    def _budget_rows(self) -> list[tuple[Vector, float, float]]:
        made = []
        for year, given in self.question.budget_cny.items():
            budget = max(0.0, given - self._decided_cny(year))
            spent_here = [
                0.0 if option.begins is not None else option.spent_cny(begin=begin, year=year) for option, begin in self.columns
            ]
            size = max([budget, *spent_here]) or 1.0
            made.append((np.array([*spent_here, *([0.0] * len(self.targets))]) / size, -np.inf, budget / size))
        return made

    def _decided_cny(self, year: int) -> float:
        """Return what is spent already: a limit can only hold back what is still free."""
        return sum(one.spent_cny(begin=one.begins, year=year) for one in self.question.options if one.begins is not None)

    def solve(
        self, objective: Vector, *, missing_at_most: float | None = None, start: Vector | None = None, time_limit_s: float
    ) -> tuple[Vector, bool]:
        """Return the best values by column, and whether that they are the best is proven."""
        highs = self._highs(objective, missing_at_most, is_relaxed=False)
        highs.setOptionValue("time_limit", time_limit_s)
        if start is not None:
            offered = highspy.HighsSolution()
            offered.col_value = start.tolist()
            highs.setSolution(offered)
        highs.run()
        values = np.array(highs.getSolution().col_value)
        return values, highs.getModelStatus() == highspy.HighsModelStatus.kOptimal

    def marginal_prices(self, missing_at_most: float) -> dict[int, float]:
        """Return yuan per further tonne in each target year, in money of that year, from the relaxed program."""
        highs = self._highs(self.cost_objective, missing_at_most, is_relaxed=True)
        highs.run()
        duals = np.array(highs.getSolution().row_dual)[: len(self.targets)] * self.cny_size / self.t_size
        return {year: max(0.0, float(dual)) / self._discount(year) for year, dual in zip(self.targets, duals, strict=True)}

    def _highs(self, objective: Vector, missing_at_most: float | None, *, is_relaxed: bool) -> highspy.Highs:
        highs = highspy.Highs()
        for name, value in _OPTIONS.items():
            highs.setOptionValue(name, value)
        highs.passModel(self._as_lp(objective, missing_at_most, is_relaxed=is_relaxed))
        return highs

    def _as_lp(self, objective: Vector, missing_at_most: float | None, *, is_relaxed: bool) -> highspy.HighsLp:
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = len(objective), len(self.rows)
        lp.col_cost_ = objective
        lp.col_lower_ = np.zeros(len(objective))
        lp.col_upper_ = np.concatenate([np.ones(len(self.columns)), np.full(len(self.targets), np.inf)])
        missing = np.inf if missing_at_most is None else missing_at_most
        lp.row_lower_, lp.row_upper_ = self.lower, np.append(self.upper[:-1], missing)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        lp.a_matrix_.start_ = np.arange(len(self.rows) + 1, dtype=np.int32) * len(objective)
        lp.a_matrix_.index_ = np.tile(np.arange(len(objective), dtype=np.int32), len(self.rows))
        lp.a_matrix_.value_ = self.rows.ravel()
        if not is_relaxed:
            whole = [highspy.HighsVarType.kInteger] * len(self.columns)
            lp.integrality_ = [*whole, *([highspy.HighsVarType.kContinuous] * len(self.targets))]
        return lp


_OPTIONS: Final[Mapping[str, object]] = {
    "output_flag": False,
    "random_seed": 1,
    "parallel": "off",
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-9,
    "primal_feasibility_tolerance": 1e-9,
    "mip_feasibility_tolerance": 1e-9,
}
