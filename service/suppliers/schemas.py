import uuid
from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationInfo, model_validator
from pydantic.functional_validators import field_validator

from service.errors import N_
from service.suppliers.flows import FLOWS
from service.suppliers.models import SupplierType
from service.suppliers.provinces import provinces
from service.web.forms import FieldErrorInValidator, FormInput

LONGEST_PERIOD_DAYS = 366


def known_province(code: str) -> str:
    """Refuse a province that the model has no electricity factor for."""
    if code not in provinces():
        raise FieldErrorInValidator(
            N_("“%(code)s” is not a province known here; pick one from the list, for example CN-NM."), code=code
        )
    return code


def known_flow(key: str) -> str:
    """Refuse a flow that the model does not know."""
    if key not in FLOWS:
        raise FieldErrorInValidator(
            N_("“%(flow)s” is not a material known here; use one of: %(allowed)s."), flow=key, allowed=", ".join(FLOWS)
        )
    return key


def plausible_email(address: str) -> str:
    """Refuse what can't be an e-mail address; return it in lower case."""
    local, at, domain = address.rpartition("@")
    if not local or not at or "." not in domain.strip(".") or any(mark.isspace() or mark == "," for mark in address):
        raise FieldErrorInValidator(N_("“%(address)s” is not an e-mail address; write it like name@company.cn."), address=address)
    return address.lower()


ProvinceCode = Annotated[str, AfterValidator(known_province)]
FlowKey = Annotated[str, AfterValidator(known_flow)]
EmailAddress = Annotated[str, Field(max_length=254), AfterValidator(plausible_email)]


class SupplierInput(FormInput):
    """What a person may say of a supplier."""

    name_zh: str = Field(min_length=1, max_length=200)
    name_en: str = Field(min_length=1, max_length=200)
    registration_no: str | None = Field(default=None, max_length=40)
    supplier_type: SupplierType
    province_code: ProvinceCode | None = None
    city: str | None = Field(default=None, max_length=80)
    contact_name: str | None = Field(default=None, max_length=100)
    contact_email: EmailAddress | None = None
    contact_phone: str | None = Field(default=None, max_length=40)
    owner_id: uuid.UUID | None = None


class PeriodInput(FormInput):
    """A reporting period of at most a year; both days belong to it."""

    period_start: date
    period_end: date

    @field_validator("period_end")
    @classmethod
    def after_start(cls, end: date, earlier: ValidationInfo) -> date:
        """Refuse a period that ends before it starts or lasts longer than a year."""
        start = earlier.data.get("period_start")
        if start is not None and end <= start:
            raise FieldErrorInValidator(
                N_("The period ends on %(end)s, not after its start on %(start)s; choose a later end."),
                end=end,
                start=start,
            )
        if start is not None and (end - start).days + 1 > LONGEST_PERIOD_DAYS:
            raise FieldErrorInValidator(
                N_("%(start)s to %(end)s is %(days)s days; a period has at most %(limit)s."),
                start=start,
                end=end,
                days=(end - start).days + 1,
                limit=LONGEST_PERIOD_DAYS,
            )
        return end


class PurchaseInput(PeriodInput):
    """What was bought of one flow from one supplier in one period; 0 t says that nothing was."""

    supplier_id: uuid.UUID
    flow: FlowKey
    amount_t: float = Field(ge=0, le=1e8, description="t")
    price_cny_per_t: float | None = Field(default=None, ge=0, le=1e9, description="yuan per t, without VAT")


class SupplierFilter(FormInput):
    """What the address of the supplier list may hold."""

    q: str | None = Field(default=None, max_length=100)
    supplier_type: SupplierType | None = None
    province_code: ProvinceCode | None = None
    inactive: bool = False
    after: uuid.UUID | None = None
    before: uuid.UUID | None = None

    @model_validator(mode="after")
    def one_direction(self) -> Self:
        """Refuse to go both ways at once."""
        if self.after and self.before:
            raise FieldErrorInValidator(N_("Give either “after” or “before”, not both."))
        return self


class Out(BaseModel):
    """Base of what the API answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class SupplierOut(Out):
    """A supplier as the API shows it; contact details are for pages only."""

    id: uuid.UUID
    organisation_id: uuid.UUID
    name_zh: str
    name_en: str
    registration_no: str | None
    supplier_type: SupplierType
    province_code: str | None
    city: str | None
    is_active: bool
    is_sample: bool
    created_at: datetime
    version: int


class SupplierPage(Out):
    """Some suppliers; ask again with `after=next_after` until it is null."""

    items: list[SupplierOut]
    next_after: uuid.UUID | None


class PurchaseOut(Out):
    """A purchase as the API shows it."""

    id: uuid.UUID
    supplier_id: uuid.UUID
    flow: str
    period_start: date
    period_end: date
    amount_t: float
    price_cny_per_t: float | None
    is_sample: bool
    version: int


class PurchasePage(Out):
    """Some purchases, newest first; ask again with `after=next_after` until it is null."""

    items: list[PurchaseOut]
    next_after: uuid.UUID | None
