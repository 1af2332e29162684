"""Task 17: awareness and points."""

from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlmodel import Session, select

from service.carbon_accounts import ledger
from service.carbon_accounts.ledger import UnbalancedError, balance, book, movements, totals
from service.carbon_accounts.models import (
    CarbonAccount,
    ImmutableLedgerError,
    LedgerAccount,
    PointsPosting,
    PointsTransaction,
    Reward,
    TransactionKind,
)
from service.carbon_accounts.operations import ask_for_reward, hand_over, reverse_entry, take_back_redemption
from service.database import Database
from service.errors import ConflictError, InvalidInputError
from tests.builders import NOW
from tests.carbon_accounts.builders import TODAY, a_behaviour, a_reward, an_account, an_entry


def test_points_ledger_sums(session: Session) -> None:
    account, behaviour, reward = an_account(session), a_behaviour(session), a_reward(session)
    first = an_entry(session, account, behaviour, 20.0)  # 20 km x 0.1515 x 10 = 30.3: 30 points
    an_entry(session, account, behaviour, 10.0, day=TODAY - timedelta(days=1))  # 15.15: 15 points
    ask_for_reward(session, account, reward, on=TODAY, at=NOW)  # 20 points
    reverse_entry(session, first, on=TODAY, at=NOW)

    assert balance(session, account.holder_id) == 30 + 15 - 20 - 30
    assert sum(one.points for one in movements(session, account.holder_id)) == balance(session, account.holder_id)
    sums = totals(session)
    assert sums == {
        LedgerAccount.ISSUED: -15,
        LedgerAccount.HELD: -5,
        LedgerAccount.REDEEMED: 20,
        LedgerAccount.EXPIRED: 0,
    }
    assert sum(sums.values()) == 0


def test_every_booking_has_two_equal_sides(session: Session) -> None:
    account = an_account(session)
    sides = ((LedgerAccount.ISSUED, -10), (LedgerAccount.HELD, 11))

    with pytest.raises(UnbalancedError):
        book(session, TransactionKind.ISSUE, sides, holder_id=account.holder_id, on=TODAY)
    assert session.exec(select(PointsTransaction)).all() == []


def test_entry_cannot_be_edited(database: Database) -> None:
    with database.writing() as session:
        an_entry(session, an_account(session), a_behaviour(session))

    with pytest.raises(ImmutableLedgerError), database.writing() as session:
        session.exec(select(PointsPosting)).first().points = 1000  # type: ignore[union-attr] # there is one
    with pytest.raises(ImmutableLedgerError), database.writing() as session:
        session.delete(session.exec(select(PointsPosting)).first())
    with pytest.raises(ImmutableLedgerError), database.writing() as session:
        session.exec(select(PointsTransaction)).first().on = TODAY + timedelta(days=1)  # type: ignore[union-attr] # there is one


def test_only_reversed_and_once(session: Session) -> None:
    account = an_account(session)
    entry = an_entry(session, account, a_behaviour(session))

    reverse_entry(session, entry, on=TODAY, at=NOW)

    assert balance(session, account.holder_id) == 0
    assert [one.points for one in movements(session, account.holder_id)] == [30, -30]
    with pytest.raises(ConflictError):
        reverse_entry(session, entry, on=TODAY, at=NOW)
    assert entry.transaction_id is not None
    with pytest.raises(ConflictError):
        ledger.reverse(session, entry.transaction_id, on=TODAY)


def test_limits_of_day_and_month_hold_over_several_entries(session: Session) -> None:
    account, behaviour = an_account(session), a_behaviour(session)

    counted = [an_entry(session, account, behaviour, amount).counted for amount in (30.0, 25.0, 5.0)]

    assert counted == [30.0, 10.0, 0.0]


def test_the_same_entry_twice_is_refused_and_so_is_tomorrow(session: Session) -> None:
    account, behaviour = an_account(session), a_behaviour(session)
    an_entry(session, account, behaviour)

    with pytest.raises(InvalidInputError):
        an_entry(session, account, behaviour)
    with pytest.raises(InvalidInputError):
        an_entry(session, account, behaviour, day=TODAY + timedelta(days=1))
    with pytest.raises(InvalidInputError):
        an_entry(session, account, behaviour, day=TODAY - timedelta(days=32))


def test_a_reward_takes_points_that_are_there_and_stock_that_is_left(session: Session) -> None:
    rich, poor = an_account(session), an_account(session)
    behaviour, reward = a_behaviour(session), a_reward(session, points=20, stock=1)
    an_entry(session, rich, behaviour)

    with pytest.raises(ConflictError, match="20 points and you have 0"):
        ask_for_reward(session, poor, reward, on=TODAY, at=NOW)
    session.exec(update(Reward).values(stock=1))  # a refused request rolls its stock back; here both share one transaction
    redemption = ask_for_reward(session, rich, reward, on=TODAY, at=NOW)
    with pytest.raises(ConflictError, match="None of these is left"):
        ask_for_reward(session, rich, reward, on=TODAY, at=NOW)
    hand_over(session, redemption, by="user:1", at=NOW)
    with pytest.raises(ConflictError):
        take_back_redemption(session, redemption, by="user:1", on=TODAY, at=NOW)


def test_points_expire_a_year_after_they_were_earned_and_only_what_is_left_of_them(session: Session) -> None:
    account, behaviour = an_account(session), a_behaviour(session)
    reward = a_reward(session, points=20)
    an_entry(session, account, behaviour)  # 30 points
    ask_for_reward(session, account, reward, on=TODAY, at=NOW)

    early = ledger.expire(session, account.holder_id, on=TODAY + timedelta(days=364))
    ledger.expire(session, account.holder_id, on=TODAY + timedelta(days=365))
    again = ledger.expire(session, account.holder_id, on=TODAY + timedelta(days=366))

    assert (early, again) == (None, None)
    assert balance(session, account.holder_id) == 0
    assert totals(session)[LedgerAccount.EXPIRED] == 10


def test_a_reward_that_is_not_fetched_gives_points_and_stock_back(session: Session) -> None:
    account, behaviour, reward = an_account(session), a_behaviour(session), a_reward(session)
    an_entry(session, account, behaviour)
    redemption = ask_for_reward(session, account, reward, on=TODAY, at=NOW)

    take_back_redemption(session, redemption, by="user:1", on=TODAY, at=NOW)
    session.refresh(reward)

    assert balance(session, account.holder_id) == 30
    assert reward.stock == 1
    assert session.exec(select(CarbonAccount)).one() == account
