"""Rows that others rest on: a table that refuses changes and deletion in the session, whoever opened it.

Triggers of the database, made by migrations, refuse what passes by the session.
"""

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from sqlalchemy import Connection, and_, event, inspect, select
from sqlalchemy import Row as StoredRow
from sqlalchemy.orm import Mapper
from sqlmodel import SQLModel

Row = TypeVar("Row", bound=SQLModel)


def never_open(stored: StoredRow[Any]) -> bool:
    """Tell that a row is kept from its first day on."""
    del stored
    return False


def keep_as_written(
    table: type[Row],
    *,
    refuse: Callable[[Row, str], Exception],
    changeable: Collection[str] = (),
    is_open: Callable[[StoredRow[Any]], bool] = never_open,
    deletable: bool = False,
) -> None:
    """Refuse changes and deletion of a table's rows.

    Parameters
    ----------
    refuse
        Makes the error from the row and the names of the fields that were to be changed, separated by commas; empty where the row
        was to be deleted.
    changeable
        Fields that may change all the same: a status, who closed it.
    is_open
        Whether a row may still be changed, judged by its columns as the database has them. What the session holds is no witness: an
        attribute that was never loaded forgets its value when it is set.
    deletable
        Only changes are refused.

    """

    def refuse_changes(mapper: Mapper[Row], connection: Connection, row: Row) -> None:
        changed = {one.key for one in inspect(row, raiseerr=True).attrs if one.history.has_changes()} - set(changeable)
        if changed and not is_open(_stored(mapper, connection, row)):
            raise refuse(row, ", ".join(sorted(changed)))

    def refuse_deletion(mapper: Mapper[Row], connection: Connection, row: Row) -> None:
        if not is_open(_stored(mapper, connection, row)):
            raise refuse(row, "")

    event.listen(table, "before_update", refuse_changes)
    if not deletable:
        event.listen(table, "before_delete", refuse_deletion)


def _stored(mapper: Mapper[Row], connection: Connection, row: Row) -> StoredRow[Any]:
    keys = zip(mapper.primary_key, mapper.primary_key_from_instance(row), strict=True)
    return connection.execute(select(mapper.local_table).where(and_(*(column == value for column, value in keys)))).one()
