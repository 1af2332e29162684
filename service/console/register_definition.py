"""What a register is: a table, the form of one row, its columns, who may read and write, and its own rules where it has some."""

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from pydantic import BaseModel
from sqlalchemy import ColumnElement
from sqlmodel import Session, SQLModel

from service.accounts.access import Context, Policy
from service.console.register_columns import Column
from service.errors import N_
from service.registers.operations import add_row, change_row, end_row

Tabs = Sequence[tuple[str, str, bool]]


class AddRow(Protocol):
    """Adds a row."""

    def __call__(self, session: Session, fields: Any, /, *, by: str, at: datetime) -> object:  # noqa: ANN401 - each register's own form
        """Add a row; a problem is an `InvalidInputError` or `ConflictError`."""


class ChangeRow(Protocol):
    """Changes a row."""

    def __call__(
        self,
        session: Session,
        row_id: uuid.UUID,
        fields: Any,  # noqa: ANN401 - each register's own form
        /,
        *,
        version: int,
        by: str,
        at: datetime,
    ) -> object:
        """Change a row of the version that was read."""


class EndRow(Protocol):
    """Ends a row."""

    def __call__(self, session: Session, row_id: uuid.UUID, /, *, reason: str, version: int, by: str, at: datetime) -> object:
        """End a row of the version that was read, with a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How rows of a register end.

    Attributes
    ----------
    label
        Of the button.
    run
        None ends a `RegisterRow` as it is.

    """

    label: str = N_("End this")
    run: EndRow | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Register:
    """A light register, from which pages, workbook and files follow.

    Attributes
    ----------
    key
        `building`: name of the path parameter `{building_id}` and of the files.
    path
        Address of the list, without a stroke at its end.
    title, lead, empty, add_label
        Message ids: heading, what it is for, what to do while there is nothing, the button that adds one.
    table, fields
        The table and the type of the form; a field and its column have one name.
    columns
        In the order of list, form and files. Those of `fields` are typed.
    identity
        Fields by which a row of an uploaded workbook finds the row that it changes.
    sort
        Columns of the table, one with a minus downwards.
    add, change, ending
        Rules of the domain; without `add` and `change` the row is kept as it was typed, without `ending` none ends.
    check
        What an import asks of a row before its preview, in addition to the form's type; raises `InvalidInputError`.
    above
        Title and address of the page above.
    tabs
        Neighbours: text, address, whether it is this.
    only
        Conditions of the rows that belong here, for a table with rows of several registers.
    links
        More that leads on from a row: text and address.

    """

    key: str
    path: str
    title: str
    lead: str
    empty: str
    add_label: str
    table: type[SQLModel]
    fields: type[BaseModel]
    columns: tuple[Column, ...]
    identity: tuple[str, ...]
    sort: tuple[str, ...]
    readers: Policy
    writers: Policy
    add: AddRow | None = None
    change: ChangeRow | None = None
    ending: Ending | None = None
    check: Callable[[Session, Any], object] | None = None
    above: tuple[str, str] | None = None
    tabs: Callable[[Context], Tabs] | None = None
    only: Callable[[Context], Sequence[ColumnElement[bool]]] = lambda _context: ()
    links: Callable[[Context, Any], Sequence[tuple[str, str]]] = lambda _context, _row: ()

    @property
    def parameter(self) -> str:
        """Name of the path parameter that holds a row's id."""
        return f"{self.key}_id"

    @property
    def typed(self) -> tuple[Column, ...]:
        """Columns that are typed."""
        return tuple(column for column in self.columns if column.key in self.fields.model_fields)

    def may_write(self, context: Context) -> bool:
        """Tell whether whoever asks keeps this register."""
        return self.writers.lets_in(context.principal)

    def added(self, context: Context, fields: BaseModel) -> object:
        """Add a row as whoever asks."""
        by, at = context.asking.actor, context.at
        if self.add is not None:
            return self.add(context.session, fields, by=by, at=at)
        return add_row(context.session, self._plain(), fields, by=by, at=at)

    def changed(self, context: Context, row_id: uuid.UUID, fields: BaseModel, version: int) -> object:
        """Change a row as whoever asks."""
        by, at = context.asking.actor, context.at
        if self.change is not None:
            return self.change(context.session, row_id, fields, version=version, by=by, at=at)
        return change_row(context.session, self._plain(), row_id, fields, version=version, by=by, at=at)

    def ended(self, context: Context, row_id: uuid.UUID, reason: str, version: int) -> object:
        """End a row as whoever asks."""
        by, at = context.asking.actor, context.at
        if self.ending is not None and self.ending.run is not None:
            return self.ending.run(context.session, row_id, reason=reason, version=version, by=by, at=at)
        return end_row(context.session, self._plain(), row_id, reason=reason, version=version, by=by, at=at)

    def _plain(self) -> Any:  # noqa: ANN401 - the table of a register without rules of its own is a RegisterRow
        return self.table
