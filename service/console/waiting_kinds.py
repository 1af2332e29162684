"""What a kind of waiting work is, and how it is counted."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.sql.elements import ColumnElement
from sqlmodel import Session, col

from service.accounts.access import Principal
from service.accounts.models import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """For whom and when the counting is done; `today` is the day where the deployment is."""

    session: Session
    principal: Principal
    at: datetime
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many things wait, and since (or, for what ends, until) when the most urgent one."""

    count: int
    first: datetime | date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One kind of work that waits.

    Attributes
    ----------
    title, why, next_step
        Message ids.
    ends
        Whether `Counted.first` is a day on which something ends, rather than since when it waits.

    """

    title: str
    why: str
    next_step: str
    href: str
    roles: frozenset[Role]
    count: Callable[[Asked], Counted]
    ends: bool = False


def count(asked: Asked, key: Any, first: Any, *conditions: ColumnElement[bool]) -> Counted:  # noqa: ANN401 - mapped columns
    """Count rows, and find the first of them."""
    number, earliest = asked.session.execute(select(func.count(col(key)), func.min(col(first))).where(*conditions)).one()
    return Counted(count=number, first=earliest)
