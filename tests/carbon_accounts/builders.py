"""Behaviours, accounts and rewards with defaults."""

from datetime import date

from sqlmodel import Session

from service.accounts.models import Role, User
from service.carbon_accounts.models import Behaviour, BehaviourEntry, CarbonAccount, Confidence, Reward
from service.carbon_accounts.operations import enter, open_account
from service.carbon_accounts.schemas import BehaviourInput, EntryInput, RewardInput
from service.plan.models import OrgUnit
from service.registers.operations import add_row
from tests import builders
from tests.builders import NOW

TODAY = date(2026, 11, 22)


def a_behaviour(session: Session, name: str = "骑车上下班", **changes: object) -> Behaviour:
    values = {
        "name_zh": name,
        "name_en": "Cycling to work",
        "unit": "km",
        "baseline_kg_per_unit": 0.1515,
        "action_kg_per_unit": 0.0,
        "source": "7 L/100 km x 0.74 kg/L x 2.925 t CO2/t",
        "confidence": Confidence.UNVERIFIED,
        "active_from": date(2025, 1, 1),
        "cap_per_day": 40.0,
        "cap_per_month": 600.0,
        "points_per_kg": 10.0,
    }
    return add_row(session, Behaviour, BehaviourInput.model_validate(values | changes), by="user:1", at=NOW)


def an_account(session: Session, unit: OrgUnit | None = None, *, user: User | None = None) -> CarbonAccount:
    person = user or builders.a_user(session, roles=(Role.EMPLOYEE,))
    return open_account(session, person.id, unit_id=unit.id if unit else None, at=NOW)


def an_entry(
    session: Session, account: CarbonAccount, behaviour: Behaviour, amount: float = 20.0, *, day: date = TODAY, on: date = TODAY
) -> BehaviourEntry:
    return enter(session, account, EntryInput(behaviour_id=behaviour.id, day=day, amount=amount), on=on, at=NOW)


def a_reward(session: Session, points: int = 20, stock: int = 1) -> Reward:
    fields = RewardInput(name_zh="保温杯", name_en="Flask", points=points, stock=stock)
    return add_row(session, Reward, fields, by="user:1", at=NOW)
