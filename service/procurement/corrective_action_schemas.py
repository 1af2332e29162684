"""What people may say of a corrective action."""

import uuid
from datetime import date
from typing import Literal

from pydantic import Field

from service.web.forms import FormInput


class ActionInput(FormInput):
    """What a supplier has to put right, who of the maker looks after it, and by when."""

    supplier_id: uuid.UUID
    score_id: uuid.UUID | None = None
    indicator: str | None = Field(default=None, max_length=4)
    finding: str = Field(min_length=3, max_length=1000)
    wanted: str = Field(min_length=3, max_length=1000)
    owner_id: uuid.UUID
    due: date


class DoneInput(FormInput):
    """What shows that it is done."""

    version: int
    evidence: str = Field(min_length=3, max_length=1000)


class NoteInput(FormInput):
    """Why it is closed, opened again or called off."""

    version: int
    note: str = Field(min_length=3, max_length=1000)


class ActionFilter(FormInput):
    """What the address of the list may hold."""

    status: Literal["open", "overdue", "done", "closed", "cancelled"] | None = None
    supplier_id: uuid.UUID | None = None
    mine: bool = False
