"""Reading accounts, entries, rewards, challenges and boards. Nothing here tells of one person but their own account."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from service.carbon_accounts.models import (
    Behaviour,
    BehaviourEntry,
    CarbonAccount,
    Challenge,
    Redemption,
    Reward,
    UnitBoardLine,
)
from service.carbon_accounts.rules import goal_share, month_of, next_month
from service.errors import NotFoundError


def find_account(session: Session, user_id: uuid.UUID) -> CarbonAccount | None:
    """Return somebody's own account, if they opened one."""
    return session.exec(select(CarbonAccount).where(CarbonAccount.user_id == user_id)).first()


def get_account(session: Session, user_id: uuid.UUID) -> CarbonAccount:
    """Return somebody's own account."""
    account = find_account(session, user_id)
    if account is None:
        raise NotFoundError
    return account


def count_accounts(session: Session) -> int:
    """Return how many accounts there are."""
    return int(session.exec(select(func.count()).select_from(CarbonAccount)).one())


def entries_of(session: Session, account: CarbonAccount) -> Sequence[BehaviourEntry]:
    """Return an account's entries, the last day first."""
    query = select(BehaviourEntry).where(BehaviourEntry.account_id == account.id)
    return session.exec(query.order_by(col(BehaviourEntry.day).desc(), col(BehaviourEntry.id).desc())).all()


def get_entry(session: Session, account: CarbonAccount, entry_id: uuid.UUID) -> BehaviourEntry:
    """Return an entry of this account; somebody else's does not exist for it."""
    entry = session.get(BehaviourEntry, entry_id)
    if entry is None or entry.account_id != account.id:
        raise NotFoundError
    return entry


def counted_before(session: Session, account: CarbonAccount, behaviour: Behaviour, day: date) -> tuple[float, float]:
    """Return the units that count already on a day and in its month."""
    start, end = month_of(day), next_month(month_of(day))
    standing = (
        BehaviourEntry.account_id == account.id,
        BehaviourEntry.behaviour_id == behaviour.id,
        col(BehaviourEntry.reversed_at).is_(None),
        col(BehaviourEntry.day) >= start,
        col(BehaviourEntry.day) < end,
    )
    rows = session.exec(select(col(BehaviourEntry.day), col(BehaviourEntry.counted)).where(*standing)).all()
    return sum(counted for own, counted in rows if own == day), sum(counted for _, counted in rows)


def has_same_entry(session: Session, account: CarbonAccount, behaviour: Behaviour, day: date, amount: float) -> bool:
    """Tell whether the same was entered for the day already."""
    same = (
        BehaviourEntry.account_id == account.id,
        BehaviourEntry.behaviour_id == behaviour.id,
        BehaviourEntry.day == day,
        BehaviourEntry.amount == amount,
        col(BehaviourEntry.reversed_at).is_(None),
    )
    return session.exec(select(BehaviourEntry.id).where(*same)).first() is not None


def get_behaviour(session: Session, behaviour_id: uuid.UUID) -> Behaviour:
    """Return a behaviour."""
    behaviour = session.get(Behaviour, behaviour_id)
    if behaviour is None:
        raise NotFoundError
    return behaviour


def behaviours(session: Session, *, on: date | None = None) -> Sequence[Behaviour]:
    """Return behaviours by name; of a day only those that can be entered."""
    query = select(Behaviour).order_by(Behaviour.name_zh, col(Behaviour.id))
    found = session.exec(query).all()
    return [one for one in found if on is None or is_active(one, on)]


def is_active(behaviour: Behaviour, day: date) -> bool:
    """Tell whether a behaviour counts on a day."""
    is_open = behaviour.ended_at is None and behaviour.active_from <= day
    return is_open and (behaviour.active_until is None or day <= behaviour.active_until)


def rewards(session: Session) -> Sequence[Reward]:
    """Return rewards that have not ended, the cheapest first."""
    return session.exec(select(Reward).where(col(Reward.ended_at).is_(None)).order_by(col(Reward.points), col(Reward.id))).all()


def redemptions_of(session: Session, account: CarbonAccount) -> Sequence[Redemption]:
    """Return what an account has asked for, the last first."""
    query = select(Redemption).where(Redemption.account_id == account.id)
    return session.exec(query.order_by(col(Redemption.asked_at).desc(), col(Redemption.id))).all()


def get_redemption(session: Session, redemption_id: uuid.UUID) -> Redemption:
    """Return a redemption."""
    redemption = session.get(Redemption, redemption_id)
    if redemption is None:
        raise NotFoundError
    return redemption


def waiting_redemptions(session: Session) -> Sequence[tuple[Redemption, Reward]]:
    """Return what is to be handed over, by code: whoever fetches it shows the code, no name is needed."""
    waiting = (col(Redemption.handed_over_at).is_(None), col(Redemption.reversed_at).is_(None))
    return [(one, reward) for one, reward in session.exec(select(Redemption, Reward).join(Reward).where(*waiting))]


def challenges(session: Session) -> Sequence[Challenge]:
    """Return challenges that have not been ended, the latest first."""
    query = select(Challenge).where(col(Challenge.ended_at).is_(None))
    return session.exec(query.order_by(col(Challenge.end).desc(), col(Challenge.id))).all()


def challenge_progress(session: Session, challenge: Challenge) -> float | None:
    """Return how much of a goal is reached, 0 to 1 in steps; None while fewer than five people take part."""
    within = [col(BehaviourEntry.day) >= challenge.start, col(BehaviourEntry.day) <= challenge.end]
    if challenge.behaviour_id is not None:
        within.append(col(BehaviourEntry.behaviour_id) == challenge.behaviour_id)
    return goal_share(list(_sums(session, within).values()), challenge.goal_kg_co2e)


def unit_sums(session: Session, unit_id: uuid.UUID, month: date) -> Sequence[float]:
    """Return what each person of a unit avoided in a month, without saying who, for the board's rule of five."""
    members = select(CarbonAccount.id).where(CarbonAccount.unit_id == unit_id)
    within = [
        col(BehaviourEntry.day) >= month,
        col(BehaviourEntry.day) < next_month(month),
        col(BehaviourEntry.account_id).in_(members),
    ]
    return list(_sums(session, within).values())


def board_lines(session: Session) -> Sequence[UnitBoardLine]:
    """Return all published lines, the latest month first."""
    query = select(UnitBoardLine).order_by(col(UnitBoardLine.month).desc(), col(UnitBoardLine.avoided_kg_co2e).desc())
    return session.exec(query).all()


def _sums(session: Session, within: Sequence[ColumnElement[bool]]) -> Mapping[uuid.UUID, float]:
    query = (
        select(BehaviourEntry.account_id, func.sum(BehaviourEntry.avoided_kg_co2e))
        .where(col(BehaviourEntry.reversed_at).is_(None), *within)
        .group_by(col(BehaviourEntry.account_id))
    )
    return {account_id: float(total) for account_id, total in session.exec(query)}


def all_rewards(session: Session) -> Sequence[Reward]:
    """Return rewards with those that have ended."""
    return session.exec(select(Reward).order_by(col(Reward.points), col(Reward.id))).all()
