"""Reading committee, responsibilities, actions, resources and assessments."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from service.accounts.models import User
from service.errors import NotFoundError
from service.governance.models import (
    ActionStatus,
    Assessment,
    FundingItem,
    FundingYear,
    Kpi,
    KpiContract,
    PlanAction,
    Responsibility,
    Training,
)
from service.plan.items import plan_items
from service.plan.models import OrgUnit

UNFINISHED = (ActionStatus.OPEN, ActionStatus.DOING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerable:
    """A line of the plan with who answers for it; without a unit it is missing."""

    item: str
    row_id: uuid.UUID | None
    unit: OrgUnit | None
    person: str
    deputy: str
    is_sample: bool

    @property
    def is_missing(self) -> bool:
        """Whether nobody answers for the line: no unit, or one that no longer works."""
        return self.unit is None or not self.unit.is_active


def responsibilities(session: Session) -> Sequence[Answerable]:
    """Return every line of the plan, in its order, with who answers for it; the missing ones too."""
    query = select(Responsibility, OrgUnit).join(OrgUnit).where(col(Responsibility.ended_at).is_(None))
    found = {row.item: (row, unit) for row, unit in session.exec(query)}
    people = _names(session)
    return [_answerable(key, found.get(key), people) for key in plan_items()]


def find_responsibility(session: Session, item: str) -> Responsibility | None:
    """Return who answers for a line of the plan."""
    query = select(Responsibility).where(Responsibility.item == item, col(Responsibility.ended_at).is_(None))
    return session.exec(query).first()


def actions(session: Session) -> Sequence[PlanAction]:
    """Return all actions that have not been ended, those due first at the front."""
    query = select(PlanAction).where(col(PlanAction.ended_at).is_(None))
    return session.exec(query.order_by(col(PlanAction.due), col(PlanAction.id))).all()


def overdue_actions(session: Session, *, on: date) -> Sequence[PlanAction]:
    """Return actions that are neither done nor dropped and were due before a day, the latest first."""
    return [one for one in actions(session) if one.status in UNFINISHED and one.due < on]


def funding_of(session: Session, item_id: uuid.UUID) -> FundingItem:
    """Return an item of the funding register."""
    item = session.get(FundingItem, item_id)
    if item is None:
        raise NotFoundError
    return item


def funding_items(session: Session) -> Sequence[FundingItem]:
    """Return all money of the plan by name."""
    return session.exec(select(FundingItem).where(col(FundingItem.ended_at).is_(None)).order_by(FundingItem.name)).all()


def funding_years(session: Session) -> Sequence[FundingYear]:
    """Return all years of all items, in their order."""
    query = select(FundingYear).where(col(FundingYear.ended_at).is_(None))
    return session.exec(query.order_by(col(FundingYear.year), col(FundingYear.id))).all()


def funding_years_of(session: Session, item_id: uuid.UUID) -> Sequence[FundingYear]:
    """Return the years of an item."""
    return [one for one in funding_years(session) if one.funding_item_id == item_id]


def trainings(session: Session) -> Sequence[Training]:
    """Return all courses, the last first."""
    query = select(Training).where(col(Training.ended_at).is_(None))
    return session.exec(query.order_by(col(Training.held_on).desc(), col(Training.id))).all()


def contracts(session: Session) -> Sequence[KpiContract]:
    """Return all contracts, the last year first."""
    return session.exec(select(KpiContract).order_by(col(KpiContract.year).desc(), col(KpiContract.id))).all()


def get_contract(session: Session, contract_id: uuid.UUID) -> KpiContract:
    """Return a contract."""
    contract = session.get(KpiContract, contract_id)
    if contract is None:
        raise NotFoundError
    return contract


def kpis_of(session: Session, contract_id: uuid.UUID) -> Sequence[Kpi]:
    """Return the indicators of a contract in the order they were added."""
    return session.exec(select(Kpi).where(Kpi.contract_id == contract_id).order_by(col(Kpi.id))).all()


def find_assessment(session: Session, contract_id: uuid.UUID) -> Assessment | None:
    """Return the assessment of a contract's year, if there is one."""
    return session.exec(select(Assessment).where(Assessment.contract_id == contract_id)).first()


def _names(session: Session) -> Mapping[uuid.UUID, str]:
    asked = session.exec(select(Responsibility.person_id, Responsibility.deputy_id)).all()
    ids = {one for pair in asked for one in pair if one is not None}
    return {user.id: user.name for user in session.exec(select(User).where(col(User.id).in_(ids)))}


def _answerable(key: str, found: tuple[Responsibility, OrgUnit] | None, people: Mapping[uuid.UUID, str]) -> Answerable:
    if found is None:
        return Answerable(item=key, row_id=None, unit=None, person="", deputy="", is_sample=False)
    row, unit = found
    return Answerable(
        item=key,
        row_id=row.id,
        unit=unit,
        person=people.get(row.person_id, ""),
        deputy=people.get(row.deputy_id, "") if row.deputy_id else "",
        is_sample=row.is_sample,
    )
