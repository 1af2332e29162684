"""Everything the committee's page tells, read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session

from service.committee.late import Late, late_items
from service.company_inventory.inventories import inventory_of, inventory_years
from service.company_inventory.inventory import Inventory
from service.green_power.coverage import SiteCoverage, site_coverages
from service.measures.queries import PlannedMeasure, measures_of
from service.strategy.lmdi import DecompositionError
from service.targets.catalogue import Basis, Indicator
from service.targets.changes import Explanation, Question, explain
from service.targets.standing import Record, Standing, record_of, standings_of

SHOWN_YEARS = 3
"""Years of emissions on the page, the running one included; all of them are on the page of inventories."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The state of the plan at one moment.

    Attributes
    ----------
    moved
        Why the figure that the plan names changed between the last two closed years; None with fewer of them, or where output is
        missing.
    coming
        Measures that begin this year or later, or run, the next one first.
    coverages
        Electricity of known origin by site, of the last closed year.

    """

    at: datetime
    record: Record
    standings: Sequence[Standing]
    moved: Explanation | None
    inventories: Sequence[Inventory]
    coverages: Sequence[SiteCoverage]
    coming: Sequence[PlannedMeasure]
    late: Sequence[Late]

    @property
    def next_target(self) -> Standing | None:
        """CO2 as the plan words it, of the first target whose year is not over."""
        year = self.at.year
        ahead = [
            one
            for one in self.standings
            if one.target.year >= year and (one.indicator, one.basis, one.with_toll) == (Indicator.CO2, Basis.CURRENT_PRICE, False)
        ]
        return min(ahead, key=lambda one: one.target.year, default=None)

    @property
    def is_sample(self) -> bool:
        """Whether any of it is sample data."""
        parts = (self.standings, self.inventories, self.coming, self.late)
        return any(one.is_sample for part in parts for one in part)


def gather_board(session: Session, *, at: datetime, on: date) -> Board:
    """Read the state of the plan; `on` is the day at the maker's."""
    record = record_of(session, at=at)
    years = inventory_years(session)[-SHOWN_YEARS:]
    closed = record.years[-1].year if record.years else None
    begun = [one for one in measures_of(session) if one.content.begins >= on.year or one.status == "running"]
    return Board(
        at=at,
        record=record,
        standings=standings_of(record),
        moved=_moved(record),
        inventories=[inventory_of(session, year, at=at) for year in years],
        coverages=site_coverages(session, year=closed) if closed else (),
        coming=sorted(begun, key=lambda one: (one.content.begins, one.name_en)),
        late=late_items(session, on=on),
    )


def _moved(record: Record) -> Explanation | None:
    """Return what moved the newest year against the one before; None where their figures can't be taken apart."""
    try:
        return explain(record.years[-2:], Question.CURRENT_PRICE)
    except DecompositionError:
        return None
