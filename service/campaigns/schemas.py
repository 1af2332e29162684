import uuid
from datetime import date
from typing import Literal

from pydantic import Field

from service.campaigns.models import DigestRhythm
from service.submissions.models import Depth
from service.suppliers.models import SupplierType
from service.suppliers.schemas import EmailAddress, PeriodInput
from service.web.forms import FormInput


class CampaignInput(PeriodInput):
    """What a campaign asks and who looks after it."""

    name: str = Field(min_length=1, max_length=120)
    depth: Literal[Depth.FIRST, Depth.FULL]
    deadline: date
    owner_id: uuid.UUID
    digest: DigestRhythm


class NoticeInput(FormInput):
    """The letter that announces the request, in both languages."""

    notice_zh: str = Field(min_length=1, max_length=5000)
    notice_en: str = Field(min_length=1, max_length=5000)


class MembersInput(FormInput):
    """Suppliers chosen from the list."""

    supplier_ids: list[uuid.UUID] = Field(default_factory=list, max_length=2000)


class DeadlineInput(FormInput):
    """More time for everybody who has not handed in."""

    deadline: date


class ListedSupplier(FormInput):
    """One row of an imported list: a supplier known here, or one to be added with what the row says."""

    supplier_id: uuid.UUID | None = None
    name_zh: str = Field(min_length=1, max_length=200)
    name_en: str | None = Field(default=None, max_length=200)
    registration_no: str | None = Field(default=None, max_length=40)
    supplier_type: SupplierType | None = None
    contact_name: str | None = Field(default=None, max_length=100)
    contact_email: EmailAddress | None = None
    contact_phone: str | None = Field(default=None, max_length=40)


class ListedSuppliers(FormInput):
    """A confirmed import."""

    rows: list[ListedSupplier] = Field(min_length=1, max_length=2000)
