"""The plan of least cost: measures and years chosen by the program, then checked by a joint solve.

The program adds up what each measure avoids alone. Together they may avoid less; then what is lacking is asked for on top and the
program chooses again, until the joint solve meets the targets or there is nothing left to add.
"""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from sqlmodel import Session

from service.measures.activity import output_in
from service.measures.costs import capex_by_age, money_of
from service.measures.effects import JointEffect, Solved, accounts_in, effect_in, headline, solve_measures
from service.measures.models import MeasureStatus
from service.measures.queries import PlannedMeasure
from service.measures.schemas import PlanQuestion
from service.measures.site_accounts import Line
from service.strategy.choosing import Choice, Ending, Option, Question, choose

ROUNDS: Final = 5
"""Of choosing again; measures of one product rarely interact by more than some percent."""
ENOUGH_T: Final = 0.01
_CHOSEN_FROM: Final = frozenset({MeasureStatus.ASSESSED, MeasureStatus.APPROVED, MeasureStatus.RUNNING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The chosen measures with their years, and what they avoid together in each target year.

    Attributes
    ----------
    choice
        What the program says, for the tonnes it was asked for in the last round.
    joint
        By target year, of the chosen measures alone.
    missing_t
        Required less jointly avoided, never below zero.

    """

    choice: Choice
    joint: Mapping[int, JointEffect]
    missing_t: Mapping[int, float]

    @property
    def ending(self) -> Ending:
        """What the joint solve says of the targets; a search that was cut short says so."""
        if self.choice.ending is Ending.CUT_SHORT:
            return Ending.CUT_SHORT
        return Ending.NOT_MET if any(t > ENOUGH_T for t in self.missing_t.values()) else Ending.MET


def find_plan(session: Session, measures: Sequence[PlannedMeasure], question: PlanQuestion) -> Plan:
    """Return the plan of least cost for a question; a target that can't be met leaves its gap in `missing_t`."""
    options = _options(session, solve_measures(session, measures), question)
    asked = dict(question.required_t)
    for _ in range(ROUNDS):
        plan = _chosen(session, measures, options, question, asked)
        if all(t <= ENOUGH_T for t in plan.missing_t.values()) or any(plan.choice.missing_t.values()):
            break
        asked = {year: t + plan.missing_t[year] for year, t in asked.items()}
    return plan


def as_answer(plan: Plan) -> dict[str, Any]:
    """Return a plan as a run keeps it."""
    return {
        "ending": plan.ending.value,
        "begins": dict(plan.choice.begins),
        "cost_cny": plan.choice.cost_cny,
        "spent_cny": {str(year): cny for year, cny in plan.choice.spent_cny.items()},
        "targets": [
            {
                "year": year,
                "avoided_t": effect.joint_t_co2,
                "sum_alone_t": effect.sum_alone_t_co2,
                "missing_t": plan.missing_t[year],
                "cny_per_t": plan.choice.cny_per_t[year],
                "by_measure_t": {str(one.measure.id): headline(one.attributed_t, effect.scope) for one in effect.measures},
            }
            for year, effect in plan.joint.items()
        ],
    }


def _chosen(
    session: Session,
    measures: Sequence[PlannedMeasure],
    options: Sequence[Option],
    question: PlanQuestion,
    asked: Mapping[int, float],
) -> Plan:
    choice = choose(
        Question(
            options=options,
            years=(question.first_year, question.last_year),
            required_t=asked,
            budget_cny=question.budget_cny,
            rate=question.rate,
        )
    )
    made = [one for one in measures if one.key in choice.begins]
    begins = {one.id: choice.begins[one.key] for one in made}
    solved = solve_measures(session, made)
    joint = {year: effect_in(session, solved, year=year, begins=begins) for year in sorted(question.required_t)}
    return Plan(
        choice=choice,
        joint=joint,
        missing_t={year: max(0.0, question.required_t[year] - effect.joint_t_co2) for year, effect in joint.items()},
    )


def _options(session: Session, solved: Solved, question: PlanQuestion) -> list[Option]:
    years = sorted(question.required_t)
    full = {year: _full_t(session, solved, year) for year in years}
    return [_option(one, {year: full[year][place] for year in years}, question) for place, one in enumerate(solved.measures)]


def _full_t(session: Session, solved: Solved, year: int) -> Sequence[float]:
    """Return what each measure would avoid alone in a year if it had spread everywhere, t CO2."""
    players = len(solved.measures)
    amounts = output_in(session, year).amount_t
    accounts = accounts_in(session, solved, [1.0] * players, year=year, amount_t=amounts)
    rows = np.vstack([np.zeros((1, players), dtype=np.bool_), np.eye(players, dtype=np.bool_)])
    lines = accounts.lines(rows)
    emitted = [headline({line: float(lines[line][row]) for line in Line}, solved.scope) for row in range(players + 1)]
    return [emitted[0] - one for one in emitted[1:]]


def _option(measure: PlannedMeasure, full_t: Mapping[int, float], question: PlanQuestion) -> Option:
    content = measure.content
    ages = max(content.uptake_years, *(year - content.begins + 1 for year in (*content.schedule, content.begins)))
    return Option(
        key=str(measure.id),
        earliest=max(content.earliest, question.first_year),
        capex_cny=capex_by_age(content),
        yearly_cny=money_of(content, rate=question.rate).yearly_cny,
        t_co2=[content.uptake.in_year(content.begins + age) for age in range(ages)],
        by_year=full_t,
        lifetime_years=content.lifetime_years,
        group=content.exclusive_group,
        begins=content.begins if measure.status is MeasureStatus.RUNNING else None,
    )


def candidates(measures: Sequence[PlannedMeasure]) -> Mapping[uuid.UUID, int]:
    """Return the measures that a run may choose from, with their versions: what is assessed and not carried out yet."""
    return {one.id: one.version for one in measures if one.status in _CHOSEN_FROM}
