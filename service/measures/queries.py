"""Every SELECT on measures, prices, investments and runs of the plan."""

import uuid
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import and_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import Select, SelectOfScalar

from service.errors import NotFoundError
from service.measures.levers import Lever, levers
from service.measures.models import (
    CarbonPriceLadder,
    Investment,
    Measure,
    MeasureStatus,
    MeasureVersion,
    PlanRun,
    TechnologyProject,
)
from service.measures.schemas import MeasureContent

OPEN: Final = frozenset({MeasureStatus.IDEA, MeasureStatus.ASSESSED, MeasureStatus.APPROVED, MeasureStatus.RUNNING})
"""What still changes something: the newest footprints and inventories hold already what has been carried out."""
ALIVE: Final = OPEN | {MeasureStatus.DONE}
DECIDED: Final = frozenset({MeasureStatus.APPROVED, MeasureStatus.RUNNING})
"""What others may count on: somebody else than its author has approved it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMeasure:
    """A measure as it stands now.

    Attributes
    ----------
    version
        Of the text that holds; a run notes it.

    """

    id: uuid.UUID
    version: int
    status: MeasureStatus
    name_zh: str
    name_en: str
    reasoning: str
    evidence: str
    content: MeasureContent
    owner_unit_id: uuid.UUID | None
    owner_id: uuid.UUID | None
    written_by: str
    approved_by: str | None
    is_sample: bool

    @property
    def lever(self) -> Lever:
        """What it moves."""
        return levers()[self.content.lever]

    @property
    def key(self) -> str:
        """Key under which pure methods know it."""
        return str(self.id)

    def name(self, locale: str) -> str:
        """Return the name in a reader's language."""
        return self.name_zh if locale.startswith("zh") else self.name_en


def get_measure(session: Session, measure_id: uuid.UUID) -> PlannedMeasure:
    """Return a measure as it stands now."""
    found = session.exec(_current().where(Measure.id == measure_id)).first()
    if found is None:
        raise NotFoundError
    return _planned(*found)


def get_measures(session: Session, measure_ids: Collection[uuid.UUID]) -> Sequence[PlannedMeasure]:
    """Return measures by id, each once, in the order asked for; one that is not there is an error."""
    rows = session.exec(_current().where(col(Measure.id).in_(set(measure_ids)))).all()
    found = {measure.id: _planned(measure, said) for measure, said in rows}
    if found.keys() != set(measure_ids):
        raise NotFoundError
    return [found[measure_id] for measure_id in dict.fromkeys(measure_ids)]


def measures_of(
    session: Session, plan_item: str | None = None, *, statuses: Collection[MeasureStatus] = ALIVE
) -> Sequence[PlannedMeasure]:
    """Return measures by name, of all lines of the plan or of one; dropped ones are left out unless asked for."""
    statement = _current().where(col(Measure.status).in_(statuses)).order_by(col(MeasureVersion.name_en), col(Measure.id))
    found = [_planned(*row) for row in session.exec(statement).all()]
    return [one for one in found if plan_item is None or plan_item in one.content.plan_items]


def versions_of(session: Session, measure_id: uuid.UUID) -> Sequence[MeasureVersion]:
    """Return everything a measure ever said, the newest first."""
    statement = select(MeasureVersion).where(MeasureVersion.measure_id == measure_id)
    return session.exec(statement.order_by(col(MeasureVersion.version).desc())).all()


def current_ladder(session: Session) -> CarbonPriceLadder | None:
    """Return the internal carbon price that holds; None while nobody has set one."""
    return session.exec(_ladders().limit(1)).first()


def ladders(session: Session) -> Sequence[CarbonPriceLadder]:
    """Return every ladder that was ever set, the newest first."""
    return session.exec(_ladders()).all()


def find_investments(session: Session) -> Sequence[Investment]:
    """Return the investments that have not ended, by first year and name."""
    statement = select(Investment).where(col(Investment.ended_at).is_(None))
    return session.exec(statement.order_by(col(Investment.first_year), col(Investment.name_en), col(Investment.id))).all()


def find_technology(session: Session) -> Sequence[TechnologyProject]:
    """Return the technology projects that have not ended, the readiest first."""
    statement = select(TechnologyProject).where(col(TechnologyProject.ended_at).is_(None))
    return session.exec(
        statement.order_by(col(TechnologyProject.trl).desc(), col(TechnologyProject.name_en), col(TechnologyProject.id))
    ).all()


def get_run(session: Session, plan_run_id: uuid.UUID) -> PlanRun:
    """Return a run of the choose-and-time plan."""
    run = session.get(PlanRun, plan_run_id)
    if run is None:
        raise NotFoundError
    return run


def find_runs(session: Session, *, limit: int = 20) -> Sequence[PlanRun]:
    """Return the newest runs."""
    return session.exec(select(PlanRun).order_by(col(PlanRun.started_at).desc(), col(PlanRun.id)).limit(limit)).all()


def names_of(measures: Sequence[PlannedMeasure], locale: str) -> Mapping[uuid.UUID, str]:
    """Return the names of measures in a reader's language."""
    return {one.id: one.name(locale) for one in measures}


def _ladders() -> SelectOfScalar[CarbonPriceLadder]:
    return select(CarbonPriceLadder).order_by(col(CarbonPriceLadder.set_at).desc(), col(CarbonPriceLadder.id).desc())


def _current() -> Select[Measure, MeasureVersion]:
    return select(Measure, MeasureVersion).join(
        MeasureVersion,
        and_(col(MeasureVersion.measure_id) == Measure.id, col(MeasureVersion.version) == Measure.version),
    )


def _planned(measure: Measure, said: MeasureVersion) -> PlannedMeasure:
    return PlannedMeasure(
        id=measure.id,
        version=measure.version,
        status=measure.status,
        name_zh=said.name_zh,
        name_en=said.name_en,
        reasoning=said.reasoning,
        evidence=said.evidence,
        content=MeasureContent.model_validate(said.content),
        owner_unit_id=measure.owner_unit_id,
        owner_id=measure.owner_id,
        written_by=said.written_by,
        approved_by=measure.approved_by,
        is_sample=measure.is_sample,
    )
