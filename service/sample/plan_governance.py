"""The sample company's governance, resources and carbon accounts, read from `data/plan_governance.toml`."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from sqlmodel import Session

from service.carbon_accounts import operations as accounts
from service.carbon_accounts.models import Behaviour, CarbonAccount, Challenge, Reward
from service.carbon_accounts.rules import month_of
from service.carbon_accounts.schemas import BehaviourInput, ChallengeInput, EntryInput, RewardInput
from service.clock import day_at
from service.governance import assessing, schemas
from service.governance.models import (
    CommitteeDecision,
    CommitteeMember,
    CommitteeRole,
    FundingItem,
    FundingYear,
    PlanAction,
    Responsibility,
    Training,
)
from service.governance.queries import kpis_of
from service.measures.queries import measures_of
from service.plan.models import OrgUnit
from service.plan.queries import find_units
from service.registers.operations import add_row
from service.sample.cast import Cast
from service.settings import Settings

Row = Mapping[str, Any]

ASSESSED: Final = "能源环保部"
FUNDED: Final = "箱体炉保温与送电曲线优化（样例）"
"""Measure that the loan pays."""
YEAR: Final = 2025
"""Of the contract: the last year that is closed."""
MEMBERS: Final = ("committee", "engineer", "reviewer", "auditor", "employee", "procurement", "sales")


@lru_cache
def governance() -> Row:
    """Return the data file."""
    return tomllib.loads((files("service.sample") / "data" / "plan_governance.toml").read_text(encoding="utf-8"))


def load_governance(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    """Give lines of the plan to departments, keep actions, courses and money, and assess one department."""
    today, units = day_at(at, settings.timezone), find_units(session)
    _committee(session, cast, units[0], today, at)
    _responsibilities(session, cast, units, today, at)
    _actions(session, cast, units, today, at)
    _decisions(session, cast, today, at)
    _resources(session, cast, today, at)
    _assessment(session, cast, next((one for one in units if one.name_zh == ASSESSED), units[0]), at)


def load_people(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    """Open carbon accounts for the sample people, with entries of the last weeks and the board of a month that is over."""
    today, units = day_at(at, settings.timezone), find_units(session)
    behaviours, rewards = _catalogue(session, cast, today, at)
    opened = [accounts.open_account(session, cast.people[key].id, unit_id=units[0].id, at=at, is_sample=True) for key in MEMBERS]
    for place, account in enumerate(opened):
        _habits(session, account, behaviours, today, at, km=6.0 + place)
    accounts.ask_for_reward(session, opened[0], rewards[0], on=today, at=at)
    accounts.publish_board(session, month_of(month_of(today) - timedelta(days=1)), on=today, at=at)


def _committee(session: Session, cast: Cast, unit: OrgUnit, today: date, at: datetime) -> None:
    for key, place in (
        ("committee", CommitteeRole.CHAIR),
        ("reviewer", CommitteeRole.SECRETARY),
        ("engineer", CommitteeRole.MEMBER),
    ):
        fields = schemas.CommitteeMemberInput(
            user_id=cast.people[key].id, place=place, unit_id=unit.id, term_start=today - timedelta(days=400)
        )
        add_row(session, CommitteeMember, fields, by=cast.actor("engineer"), at=at, is_sample=True)


def _responsibilities(session: Session, cast: Cast, units: Sequence[OrgUnit], today: date, at: datetime) -> None:
    by_name = {one.name_zh: one.id for one in units}
    for place, (key, unit) in enumerate(governance()["answering"].items()):
        fields = schemas.ResponsibilityInput(
            item=key,
            unit_id=by_name[unit],
            person_id=cast.people["engineer" if place % 2 else "committee"].id,
            deputy_id=cast.people["reviewer"].id,
            since=today - timedelta(days=380),
        )
        add_row(session, Responsibility, fields, by=cast.actor("engineer"), at=at, is_sample=True)


def _actions(session: Session, cast: Cast, units: Sequence[OrgUnit], today: date, at: datetime) -> None:
    by_name, answering = {one.name_zh: one.id for one in units}, governance()["answering"]
    for row in governance()["actions"]:
        said = {key: value for key, value in row.items() if key != "days"}
        fields = schemas.PlanActionInput(
            **said,
            unit_id=by_name[answering[row["item"]]],
            person_id=cast.people["engineer"].id,
            due=today + timedelta(days=row["days"]),
        )
        add_row(session, PlanAction, fields, by=cast.actor("engineer"), at=at, is_sample=True)


def _decisions(session: Session, cast: Cast, today: date, at: datetime) -> None:
    for row in governance()["decisions"]:
        said = {key: value for key, value in row.items() if key != "days"}
        fields = schemas.CommitteeDecisionInput(**said, held_on=today + timedelta(days=row["days"]))
        add_row(session, CommitteeDecision, fields, by=cast.actor("engineer"), at=at, is_sample=True)


def _resources(session: Session, cast: Cast, today: date, at: datetime) -> None:
    by = cast.actor("engineer")
    for row in governance()["trainings"]:
        said = {key: value for key, value in row.items() if key != "days"}
        course = schemas.TrainingInput(**said, held_on=today + timedelta(days=row["days"]))
        add_row(session, Training, course, by=by, at=at, is_sample=True)
    paid = next((one for one in measures_of(session) if one.name_zh == FUNDED), None)
    for place, row in enumerate(governance()["funding"]):
        said = {key: value for key, value in row.items() if key not in {"years", "open_years"}}
        measure_id = paid.id if paid and place == 0 else None
        item = add_row(session, FundingItem, schemas.FundingItemInput(**said, measure_id=measure_id), by=by, at=at, is_sample=True)
        for year, planned, spent in row["years"]:
            is_open = year in row["open_years"]
            fields = schemas.FundingYearInput(
                funding_item_id=item.id,
                year=year,
                planned_cny=planned,
                spent_cny=None if is_open else spent,
                evidence=None if is_open else "决算表（样例）",
            )
            add_row(session, FundingYear, fields, by=by, at=at, is_sample=True)


def _assessment(session: Session, cast: Cast, unit: OrgUnit, at: datetime) -> None:
    """Assess a department of a closed year, from contract to approval; each step by another person."""
    engineer, reviewer, committee = (cast.actor(key) for key in ("engineer", "reviewer", "committee"))
    fields = schemas.ContractInput(unit_id=unit.id, year=YEAR, head_id=cast.people["reviewer"].id)
    contract = assessing.draw_up(session, fields, by=engineer, at=at, is_sample=True)
    for row in governance()["kpis"]:
        kpi = schemas.KpiInput(**{key: value for key, value in row.items() if key not in {"value", "evidence"}})
        assessing.add_kpi(session, contract.id, kpi, by=engineer, at=at)
    assessing.sign_for_unit(session, contract.id, version=contract.version, by=reviewer, at=at)
    assessing.sign_for_committee(session, contract.id, version=contract.version, by=committee, at=at)
    told = {row["name"]: row for row in governance()["kpis"] if "value" in row}
    typed = {
        kpi.id: assessing.Typed(value=told[kpi.name]["value"], evidence=told[kpi.name]["evidence"])
        for kpi in assessing.manual_kpis(kpis_of(session, contract.id))
    }
    done = assessing.assess(session, contract.id, comment="按期完成主要改造。（样例）", typed=typed, by=reviewer, at=at)
    assessing.approve(session, contract.id, review="数据与快照一致。（样例）", version=done.version, by=committee, at=at)


def _catalogue(session: Session, cast: Cast, today: date, at: datetime) -> tuple[Sequence[Behaviour], Sequence[Reward]]:
    by = cast.actor("engineer")
    behaviours = [
        add_row(
            session,
            Behaviour,
            BehaviourInput(**row, active_from=today - timedelta(days=365), points_per_kg=10.0),
            by=by,
            at=at,
            is_sample=True,
        )
        for row in governance()["behaviours"]
    ]
    rewards = [add_row(session, Reward, RewardInput(**row), by=by, at=at, is_sample=True) for row in governance()["rewards"]]
    for row in governance()["challenges"]:
        said = {key: value for key, value in row.items() if key not in {"start_days", "end_days"}}
        fields = ChallengeInput(
            **said, start=today + timedelta(days=row["start_days"]), end=today + timedelta(days=row["end_days"])
        )
        add_row(session, Challenge, fields, by=by, at=at, is_sample=True)
    return behaviours, rewards


def _habits(
    session: Session, account: CarbonAccount, behaviours: Sequence[Behaviour], today: date, at: datetime, *, km: float
) -> None:
    """Enter some days of the last month; the first of them lie in the month before, so that its board has something."""
    for days in range(0, 31, 5):
        day = today - timedelta(days=days)
        fields = EntryInput(behaviour_id=behaviours[0].id, day=day, amount=km)
        accounts.enter(session, account, fields, on=today, at=at)
