"""Every write on people's accounts: opening, entering, taking back, redeeming, closing.

What somebody does in their own account leaves no event with their name in the audit trail: the trail is kept for good,
and closing an account must leave nothing that leads to them. The ledger is its own trail.
"""

import secrets
import uuid
from collections.abc import Callable
from datetime import date, datetime
from typing import Final

from sqlalchemy import delete, update
from sqlmodel import Session, col

from service.audit.operations import record
from service.carbon_accounts import ledger
from service.carbon_accounts.models import (
    Behaviour,
    BehaviourEntry,
    CarbonAccount,
    Redemption,
    Reward,
    UnitBoardLine,
)
from service.carbon_accounts.queries import (
    board_lines,
    counted_before,
    find_account,
    get_behaviour,
    has_same_entry,
    is_active,
    unit_sums,
)
from service.carbon_accounts.rules import (
    BOARD_DELAY,
    ENTRY_WINDOW,
    avoided_kg,
    board_kg,
    counted_amount,
    month_of,
    next_month,
    points_for,
)
from service.carbon_accounts.schemas import EntryInput
from service.errors import N_, ConflictError, FieldError, InvalidInputError, NotFoundError
from service.plan.queries import find_units, get_unit

CONSENT_VERSION: Final = "1"
"""Of the words that people agree to; a change of their meaning gets a new one."""
ANYBODY: Final = "employee"
"""Actor of events about accounts: never a name."""
MARKS: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
NewCode = Callable[[int], str]


def random_code(length: int) -> str:
    """Return marks that are not mistaken for each other."""
    return "".join(secrets.choice(MARKS) for _ in range(length))


def open_account(
    session: Session,
    user_id: uuid.UUID,
    *,
    unit_id: uuid.UUID | None,
    at: datetime,
    new_code: NewCode = random_code,
    is_sample: bool = False,
) -> CarbonAccount:
    """Open an account for somebody who agreed to the words of `CONSENT_VERSION`."""
    if find_account(session, user_id) is not None:
        raise ConflictError(N_("You have an account already."))
    if unit_id is not None:
        _check_unit(session, unit_id)
    account = CarbonAccount(
        user_id=user_id,
        holder_id=uuid.uuid4(),  # of no relation to time or to the account's id
        pseudonym=f"LEAF-{new_code(6)}",
        unit_id=unit_id,
        consent_version=CONSENT_VERSION,
        consented_at=at,
        is_sample=is_sample,
    )
    session.add(account)
    session.flush()  # for the id that the event names
    record(session, "carbon_account_opened", of=account, by=ANYBODY, at=at, consent=CONSENT_VERSION)
    return account


def enter(session: Session, account: CarbonAccount, fields: EntryInput, *, on: date, at: datetime) -> BehaviourEntry:
    """Enter what somebody did; what lies beyond the caps counts for nothing and is kept.

    Parameters
    ----------
    on
        Today.

    Raises
    ------
    InvalidInputError
        If the behaviour does not count on the day, the day is no day of the last month, or the same was entered already.

    """
    behaviour = _behaviour(session, fields, on)
    if has_same_entry(session, account, behaviour, fields.day, fields.amount):
        message = N_("The same is entered for %(day)s already; if it happened twice, enter the sum.")
        raise InvalidInputError({"amount": FieldError(message, day=fields.day)})
    today, this_month = counted_before(session, account, behaviour, fields.day)
    counted = counted_amount(
        fields.amount,
        today=today,
        this_month=this_month,
        cap_per_day=behaviour.cap_per_day,
        cap_per_month=behaviour.cap_per_month,
    )
    avoided = avoided_kg(
        counted, baseline_kg_per_unit=behaviour.baseline_kg_per_unit, action_kg_per_unit=behaviour.action_kg_per_unit
    )
    points = points_for(avoided, points_per_kg=behaviour.points_per_kg)
    issued = ledger.issue(session, account.holder_id, points, on=on, is_sample=account.is_sample) if points else None
    entry = BehaviourEntry(
        account_id=account.id,
        behaviour_id=behaviour.id,
        day=fields.day,
        amount=fields.amount,
        counted=counted,
        avoided_kg_co2e=avoided,
        points=points,
        transaction_id=issued.id if issued else None,
        entered_at=at,
    )
    session.add(entry)
    return entry


def reverse_entry(session: Session, entry: BehaviourEntry, *, on: date, at: datetime) -> None:
    """Take an entry back: it stays, marked, and its points are booked back."""
    if entry.reversed_at is not None:
        raise ConflictError(N_("This was taken back already."))
    if entry.transaction_id is not None:
        ledger.reverse(session, entry.transaction_id, on=on)
    entry.reversed_at = at


def ask_for_reward(
    session: Session, account: CarbonAccount, reward: Reward, *, on: date, at: datetime, new_code: NewCode = random_code
) -> Redemption:
    """Give points for a reward that is left."""
    if reward.ended_at is not None or (reward.available_until is not None and reward.available_until < on):
        raise ConflictError(N_("This reward is no longer offered."))
    taken = session.exec(update(Reward).where(col(Reward.id) == reward.id, col(Reward.stock) > 0).values(stock=Reward.stock - 1))
    if not taken.rowcount:
        raise ConflictError(N_("None of these is left; choose another reward."))
    transaction = ledger.redeem(session, account.holder_id, reward.points, on=on, is_sample=account.is_sample)
    redemption = Redemption(
        account_id=account.id,
        reward_id=reward.id,
        points=reward.points,
        transaction_id=transaction.id,
        code=new_code(8),
        asked_at=at,
    )
    session.add(redemption)
    session.flush()  # for the id that pages name
    return redemption


def hand_over(session: Session, redemption: Redemption, *, by: str, at: datetime) -> None:
    """Note that a reward was fetched by somebody who showed its code."""
    _check_waiting(redemption)
    redemption.handed_over_at = at
    record(session, "reward_handed_over", of=redemption, by=by, at=at)


def take_back_redemption(session: Session, redemption: Redemption, *, by: str, on: date, at: datetime) -> None:
    """Give the points back for a reward that was not fetched."""
    _check_waiting(redemption)
    redemption.reversed_at = at
    ledger.reverse(session, redemption.transaction_id, on=on)
    session.exec(update(Reward).where(col(Reward.id) == redemption.reward_id).values(stock=Reward.stock + 1))
    record(session, "redemption_taken_back", of=redemption, by=by, at=at)


def close_account(session: Session, account: CarbonAccount, *, on: date, at: datetime) -> None:
    """Delete an account and all that is its owner's; the ledger keeps its sums under a number that is nobody's any more."""
    ledger.forfeit(session, account.holder_id, on=on)
    session.flush()  # what was entered in this transaction is deleted too
    session.exec(delete(BehaviourEntry).where(col(BehaviourEntry.account_id) == account.id))
    session.exec(delete(Redemption).where(col(Redemption.account_id) == account.id))
    record(session, "carbon_account_closed", of=account, by=ANYBODY, at=at)
    session.delete(account)
    session.flush()  # rows of the account are gone before anything else asks for it


def publish_board(session: Session, month: date, *, on: date, at: datetime) -> int:
    """Publish what departments avoided in a month, once and late; those with fewer than five people have no line.

    Returns how many lines were published; none before the month has been over for `BOARD_DELAY`.
    """
    first = month_of(month)
    if on < next_month(first) + BOARD_DELAY:
        return 0
    published = {line.unit_id for line in board_lines(session) if line.month == first}
    count = 0
    for unit in find_units(session, active_only=False):
        kg = board_kg(unit_sums(session, unit.id, first))
        if kg is not None and unit.id not in published:
            line = UnitBoardLine(unit_id=unit.id, month=first, avoided_kg_co2e=kg, published_at=at, is_sample=unit.is_sample)
            session.add(line)
            count += 1
    session.flush()  # a month that somebody else publishes at the same time is an error here
    return count


def _behaviour(session: Session, fields: EntryInput, on: date) -> Behaviour:
    try:
        behaviour = get_behaviour(session, fields.behaviour_id)
    except NotFoundError as error:
        raise _refused("behaviour_id", N_("This is not on the list; choose from the list.")) from error
    if fields.day > on or on - fields.day > ENTRY_WINDOW:
        message = N_("%(day)s is not a day of the last %(days)s days.")
        raise InvalidInputError({"day": FieldError(message, day=fields.day, days=ENTRY_WINDOW.days)})
    if not is_active(behaviour, fields.day):
        raise _refused("behaviour_id", N_("This does not count on that day; choose from the list."))
    return behaviour


def _check_unit(session: Session, unit_id: uuid.UUID) -> None:
    try:
        get_unit(session, unit_id)
    except NotFoundError as error:
        raise _refused("unit_id", N_("This department is not on the list; choose from the list.")) from error


def _refused(field: str, message: str) -> InvalidInputError:
    return InvalidInputError({field: FieldError(message)})


def _check_waiting(redemption: Redemption) -> None:
    if redemption.handed_over_at is not None or redemption.reversed_at is not None:
        raise ConflictError(N_("This reward was handed over or taken back already."))
