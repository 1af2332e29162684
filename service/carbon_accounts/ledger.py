"""The points ledger: every movement is a transaction whose postings sum to zero; nothing is ever changed, only booked back."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func
from sqlmodel import Session, col, select

from service.carbon_accounts.models import LedgerAccount, PointsPosting, PointsTransaction, TransactionKind
from service.carbon_accounts.rules import expiring
from service.errors import N_, ConflictError

Side = tuple[LedgerAccount, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Movement:
    """One movement of a holder's points."""

    transaction_id: uuid.UUID
    kind: TransactionKind
    on: date
    points: int
    is_reversed: bool
    reverses_id: uuid.UUID | None


class UnbalancedError(ConflictError):
    """Postings that do not sum to zero."""

    code = "unbalanced-points"

    def __init__(self, total: int) -> None:
        super().__init__(N_("The two sides of a booking differ by %(total)s points; nothing was booked."), total=total)


def issue(session: Session, holder_id: uuid.UUID, points: int, *, on: date, is_sample: bool = False) -> PointsTransaction:
    """Give points."""
    sides = ((LedgerAccount.ISSUED, -points), (LedgerAccount.HELD, points))
    return book(session, TransactionKind.ISSUE, sides, holder_id=holder_id, on=on, is_sample=is_sample)


def redeem(session: Session, holder_id: uuid.UUID, points: int, *, on: date, is_sample: bool = False) -> PointsTransaction:
    """Take points for a reward.

    Raises
    ------
    ConflictError
        If the holder has fewer.

    """
    held = balance(session, holder_id)
    if held < points:
        raise ConflictError(N_("This takes %(points)s points and you have %(held)s."), points=points, held=held)
    sides = ((LedgerAccount.HELD, -points), (LedgerAccount.REDEEMED, points))
    return book(session, TransactionKind.REDEEM, sides, holder_id=holder_id, on=on, is_sample=is_sample)


def expire(session: Session, holder_id: uuid.UUID, *, on: date) -> PointsTransaction | None:
    """Let points expire that nobody redeemed in time; None where there are none."""
    standing = [one for one in movements(session, holder_id) if not one.is_reversed and one.reverses_id is None]
    issued = [(one.on, one.points) for one in standing if one.kind is TransactionKind.ISSUE]
    used = -sum(one.points for one in standing if one.kind is not TransactionKind.ISSUE)
    points = expiring(issued, used=used, on=on)
    if not points:
        return None
    sides = ((LedgerAccount.HELD, -points), (LedgerAccount.EXPIRED, points))
    return book(session, TransactionKind.EXPIRE, sides, holder_id=holder_id, on=on)


def forfeit(session: Session, holder_id: uuid.UUID, *, on: date) -> PointsTransaction | None:
    """Bring a holder to zero because the account is closed; None where there is nothing."""
    held = balance(session, holder_id)
    if not held:
        return None
    sides = ((LedgerAccount.HELD, -held), (LedgerAccount.EXPIRED, held))
    return book(session, TransactionKind.FORFEIT, sides, holder_id=holder_id, on=on)


def reverse(session: Session, transaction_id: uuid.UUID, *, on: date) -> PointsTransaction:
    """Book the opposite of a transaction, once.

    Raises
    ------
    ConflictError
        If it is reversed already, or is a reversal itself.

    """
    original = session.get_one(PointsTransaction, transaction_id)
    again = session.exec(select(PointsTransaction.id).where(PointsTransaction.reverses_id == transaction_id)).first()
    if again is not None or original.reverses_id is not None:
        raise ConflictError(N_("This was taken back already."))
    postings = session.exec(select(PointsPosting).where(PointsPosting.transaction_id == transaction_id)).all()
    holder = next((one.holder_id for one in postings if one.holder_id is not None), None)
    sides = [(one.account, -one.points) for one in postings]
    return book(
        session,
        TransactionKind.REVERSE,
        sides,
        holder_id=holder,
        on=on,
        reverses_id=transaction_id,
        is_sample=original.is_sample,
    )


def book(
    session: Session,
    kind: TransactionKind,
    sides: Sequence[Side],
    *,
    holder_id: uuid.UUID | None,
    on: date,
    reverses_id: uuid.UUID | None = None,
    is_sample: bool = False,
) -> PointsTransaction:
    """Book a transaction with its postings.

    Raises
    ------
    UnbalancedError
        If the postings do not sum to zero.

    """
    total = sum(points for _, points in sides)
    if total:
        raise UnbalancedError(total)
    transaction = PointsTransaction(kind=kind, on=on, reverses_id=reverses_id, is_sample=is_sample)
    session.add(transaction)
    session.flush()  # the postings refer to it
    for account, points in sides:
        holder = holder_id if account is LedgerAccount.HELD else None
        session.add(PointsPosting(transaction_id=transaction.id, account=account, holder_id=holder, points=points))
    session.flush()  # balances are asked of the database
    return transaction


def balance(session: Session, holder_id: uuid.UUID) -> int:
    """Return the points somebody holds; below zero where what was redeemed was taken back at its source."""
    asked = select(func.coalesce(func.sum(PointsPosting.points), 0)).where(PointsPosting.holder_id == holder_id)
    return int(session.exec(asked).one())


def totals(session: Session) -> Mapping[LedgerAccount, int]:
    """Return the sum of each account over everybody; together they are zero."""
    asked = select(PointsPosting.account, func.sum(PointsPosting.points)).group_by(col(PointsPosting.account))
    found = {LedgerAccount(account): int(points) for account, points in session.exec(asked)}
    return {account: found.get(account, 0) for account in LedgerAccount}


def movements(session: Session, holder_id: uuid.UUID) -> Sequence[Movement]:
    """Return what happened to somebody's points, the earliest first."""
    asked = (
        select(PointsTransaction, PointsPosting)
        .join(PointsPosting)
        .where(PointsPosting.holder_id == holder_id)
        .order_by(col(PointsTransaction.on), col(PointsTransaction.id))
    )
    rows = session.exec(asked).all()
    reversed_ids = {transaction.reverses_id for transaction, _ in rows if transaction.reverses_id}
    return [
        Movement(
            transaction_id=transaction.id,
            kind=transaction.kind,
            on=transaction.on,
            points=posting.points,
            is_reversed=transaction.id in reversed_ids,
            reverses_id=transaction.reverses_id,
        )
        for transaction, posting in rows
    ]
