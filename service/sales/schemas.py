"""What sales may choose."""

import uuid
from datetime import date
from typing import Annotated

from pydantic import Field

from service.certificates.schemas import PrintableText
from service.sales.rules import LONGEST_DAYS
from service.web.forms import FormInput


class IssueForInput(FormInput):
    """A certificate of one product for one customer."""

    customer_id: uuid.UUID
    part_no: PrintableText | None = Field(default=None, max_length=80)
    valid_until: date | None = None


class LinkInput(FormInput):
    """For how many days a link opens."""

    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)]


class SheetInput(FormInput):
    """Whose workbook it is, and what people call it."""

    customer_id: uuid.UUID
    name: str = Field(min_length=1, max_length=120)


class VersionInput(FormInput):
    """The state that somebody saw."""

    version: int
