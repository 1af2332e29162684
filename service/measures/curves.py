"""The cost curve of the measures of the plan in a year: the pure curve, fed from one solve."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from sqlmodel import Session

from service.measures.activity import output_in
from service.measures.costs import money_of
from service.measures.effects import accounts_in, headline, share_in, solve_measures
from service.measures.models import MeasureStatus
from service.measures.queries import PlannedMeasure
from service.measures.site_accounts import Accounts, Line
from service.strategy.macc import CurveMeasure, Step, curve, ranked
from service.targets.catalogue import Scope

_FURTHER = (MeasureStatus.IDEA, MeasureStatus.ASSESSED, MeasureStatus.APPROVED, MeasureStatus.RUNNING, MeasureStatus.DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class CostCurve:
    """The curve of a year.

    Attributes
    ----------
    steps
        In the order of the curve; their keys are ids of measures.
    left_out
        Measures that exclude one of the curve, by id, with the one that stands in it.
    idle
        Measures that avoid nothing in the year: they have not begun, or their products are not made.

    """

    year: int
    scope: Scope
    steps: tuple[Step, ...]
    left_out: Mapping[uuid.UUID, uuid.UUID]
    idle: tuple[uuid.UUID, ...]


def cost_curve(session: Session, measures: Sequence[PlannedMeasure], *, year: int, rate: float) -> CostCurve:
    """Return the curve; of measures that exclude each other the one that is further on stands in it, then the cheaper one."""
    solved = solve_measures(session, measures)
    shares = [share_in(one, year=year, begins=None) for one in measures]
    accounts = accounts_in(session, solved, shares, year=year, amount_t=output_in(session, year).amount_t)
    joint = _Joint(accounts, measures, solved.scope)
    known = {
        one.id: _curve_measure(one, share / one.content.uptake_full, t_alone=joint((one.key,)), rate=rate)
        for one, share in zip(measures, shares, strict=True)
        if share > 0.0
    }
    left_out = _left_out([one for one in measures if one.id in known], known)
    wanted = [known[one.id] for one in measures if one.id in known and one.id not in left_out]
    return CostCurve(
        year=year,
        scope=solved.scope,
        steps=curve(ranked(wanted), joint),
        left_out=left_out,
        idle=tuple(one.id for one in measures if one.id not in known),
    )


def compatible(measures: Sequence[PlannedMeasure]) -> Sequence[PlannedMeasure]:
    """Return the measures without those that exclude one that is further on; of equals the first one stays."""
    kept: dict[str, PlannedMeasure] = {}
    for one in measures:
        group = one.content.exclusive_group or one.key
        if group not in kept or _FURTHER.index(one.status) > _FURTHER.index(kept[group].status):
            kept[group] = one
    return [one for one in measures if kept[one.content.exclusive_group or one.key] is one]


class _Joint:
    """What measures avoid together at the own sites, t CO2, by their keys."""

    def __init__(self, accounts: Accounts, measures: Sequence[PlannedMeasure], scope: Scope) -> None:
        self._accounts = accounts
        self._places = {one.key: place for place, one in enumerate(measures)}
        self._scope = scope
        self._before = self._emitted(())

    def __call__(self, keys: Sequence[str]) -> float:
        return self._before - self._emitted(keys)

    def _emitted(self, keys: Sequence[str]) -> float:
        made = np.zeros((1, len(self._places)), dtype=np.bool_)
        made[0, [self._places[key] for key in keys]] = True
        lines = self._accounts.lines(made)
        return headline({line: float(lines[line][0]) for line in Line}, self._scope)


def _curve_measure(measure: PlannedMeasure, reached: float, *, t_alone: float, rate: float) -> CurveMeasure:
    """Return a measure for the curve; a measure that has spread half way costs half of its yearly cost."""
    money = money_of(measure.content, rate=rate)
    return CurveMeasure(key=measure.key, yearly_cny=money.yearly_cny * reached, npv_cny=money.npv_cny, t_co2_alone=t_alone)


def _left_out(measures: Sequence[PlannedMeasure], known: Mapping[uuid.UUID, CurveMeasure]) -> Mapping[uuid.UUID, uuid.UUID]:
    order = {one.key: place for place, one in enumerate(ranked(list(known.values())))}
    groups: dict[str, list[PlannedMeasure]] = {}
    for one in measures:
        if one.content.exclusive_group:
            groups.setdefault(one.content.exclusive_group, []).append(one)
    found: dict[uuid.UUID, uuid.UUID] = {}
    for members in groups.values():
        kept = min(members, key=lambda one: (-_FURTHER.index(one.status), order[one.key]))
        found.update({one.id: kept.id for one in members if one is not kept})
    return found
