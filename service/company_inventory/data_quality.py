"""How well an inventory is known: its tonnes by the grade of the figures behind them, and where better figures help most."""

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from service.company_inventory.inventory import Inventory
from service.company_inventory.lines import Line, Scope, View
from service.monitoring.grades import Fault, Grade, grade_of
from service.monitoring.models import ActivityEntry
from service.monitoring.queries import Sources, all_sources

STEPS = {grade: step for step, grade in enumerate(Grade)}
"""Below the best grade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GradedTonnes:
    """Emissions that rest on one entry.

    Attributes
    ----------
    t_co2
        Scope 1, and Scope 2 by location; each tonne once.

    """

    entry_id: uuid.UUID
    source_id: uuid.UUID
    grade: Grade
    faults: tuple[Fault, ...]
    t_co2: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Improvement:
    """A source whose figures could be better.

    Attributes
    ----------
    weight
        Tonnes times the steps that their grades lie below A; by it the list is ordered.
    grade
        The worst of its months.
    entry_id
        A month with that grade.

    """

    source_id: uuid.UUID
    t_co2: float
    grade: Grade
    faults: tuple[Fault, ...]
    weight: float
    entry_id: uuid.UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class InventoryQuality:
    """The tonnes of an inventory by grade.

    Attributes
    ----------
    ungraded_t_co2
        Emissions that rest on no entry.

    """

    by_grade_t_co2: Mapping[Grade, float]
    ungraded_t_co2: float
    improvements: Sequence[Improvement]

    @property
    def total_t_co2(self) -> float:
        """All of it."""
        return sum(self.by_grade_t_co2.values()) + self.ungraded_t_co2

    def share(self, grade: Grade) -> float | None:
        """Return the share of a grade; None without emissions."""
        return self.by_grade_t_co2[grade] / self.total_t_co2 if self.total_t_co2 else None


def quality_of(session: Session, inventory: Inventory, *, on: date) -> InventoryQuality:
    """Grade the tonnes of an inventory as of a day: papers that have run out since lower it."""
    lines = [one for one in inventory.lines if one.scope in {Scope.SCOPE_1, Scope.SCOPE_2} and one.view is not View.MARKET]
    found = {one.id: one for one in _entries(session, {entry_id for one in lines for entry_id in one.entry_ids})}
    known = all_sources(session)
    graded = [part for line in lines for part in _graded(line, found, known, on=on)]
    by_grade = {grade: sum(one.t_co2 for one in graded if one.grade is grade) for grade in Grade}
    return InventoryQuality(
        by_grade_t_co2=by_grade,
        ungraded_t_co2=sum(line.t_co2 for line in lines if not line.entry_ids),
        improvements=improvements_of(graded),
    )


def improvements_of(graded: Iterable[GradedTonnes]) -> Sequence[Improvement]:
    """Return sources with figures below A, those with the most tonnes times steps first."""
    by_source: dict[uuid.UUID, list[GradedTonnes]] = defaultdict(list)
    for one in graded:
        by_source[one.source_id].append(one)
    found = [_improvement(source_id, parts) for source_id, parts in by_source.items()]
    return sorted((one for one in found if one.weight > 0), key=lambda one: (-one.weight, str(one.source_id)))


def _improvement(source_id: uuid.UUID, parts: Sequence[GradedTonnes]) -> Improvement:
    worst = max(parts, key=lambda one: STEPS[one.grade])
    return Improvement(
        source_id=source_id,
        t_co2=sum(one.t_co2 for one in parts),
        grade=worst.grade,
        faults=tuple(dict.fromkeys(fault for one in parts for fault in one.faults)),
        weight=sum(abs(one.t_co2) * STEPS[one.grade] for one in parts),
        entry_id=worst.entry_id,
    )


def _graded(line: Line, found: Mapping[uuid.UUID, ActivityEntry], known: Sources, *, on: date) -> Iterator[GradedTonnes]:
    """Share a line's tonnes among its entries: by their amounts, and of a balance all of a month to its worst figure."""
    by_id = {one.id: one for one in known.sources}
    entries = [found[one] for one in line.entry_ids if one in found]
    total = sum(one.amount for one in entries)
    graded = {one.id: grade_of(one, by_id[one.source_id], known.meter_of(by_id[one.source_id]), on=on) for one in entries}
    for entry, amount in _holders(line, entries, {key: STEPS[one.grade] for key, one in graded.items()}):
        share = amount / total if total else 1 / len(entries)
        grade = graded[entry.id]
        yield GradedTonnes(
            entry_id=entry.id, source_id=entry.source_id, grade=grade.grade, faults=grade.faults, t_co2=line.t_co2 * share
        )


def _holders(line: Line, entries: Sequence[ActivityEntry], steps: Mapping[uuid.UUID, int]) -> Iterator[tuple[ActivityEntry, float]]:
    """Yield the entries that stand for a line's tonnes, each with the amount it stands for."""
    if not line.terms:
        yield from ((one, one.amount) for one in entries)
        return
    months: dict[date, list[ActivityEntry]] = defaultdict(list)
    for one in entries:
        months[one.month].append(one)
    for found in months.values():
        yield max(found, key=lambda one: (steps[one.id], one.amount)), sum(one.amount for one in found)


def _entries(session: Session, ids: set[uuid.UUID]) -> Sequence[ActivityEntry]:
    return session.exec(select(ActivityEntry).where(col(ActivityEntry.id).in_(ids))).all()
