import re
import uuid
from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from service.errors import N_
from service.products.recipe import furnaces
from service.products.rules import InputShare
from service.suppliers.codes import is_cas_number
from service.suppliers.schemas import FlowKey, PeriodInput, ProvinceCode
from service.web.forms import FieldErrorInValidator, FormInput

GRAPHITE_CAS = "7782-42-5"
"""CAS registry number of graphite."""


def known_furnace(furnace: str) -> str:
    """Refuse a furnace that the model does not know."""
    if furnace not in furnaces():
        raise FieldErrorInValidator(
            N_("“%(furnace)s” is not a furnace of the model; use one of: %(allowed)s."),
            furnace=furnace,
            allowed=", ".join(furnaces()),
        )
    return furnace


def right_cas_number(cas: str) -> str:
    """Refuse what is no CAS registry number."""
    if not is_cas_number(cas):
        raise FieldErrorInValidator(
            N_("“%(cas)s” is not a CAS number, or its last digit does not fit the others; graphite is 7782-42-5."), cas=cas
        )
    return cas


def right_site_number(number: str) -> str:
    """Refuse what is no business partner number of a site."""
    if not SITE_NUMBER.fullmatch(number):
        raise FieldErrorInValidator(
            N_("“%(number)s” is not a BPNS: it begins with BPNS, and 12 capital letters and digits follow."), number=number
        )
    return number


SITE_NUMBER: Final = re.compile(r"BPNS[0-9A-Z]{12}")
SiteNumber = Annotated[str, Field(max_length=40), AfterValidator(right_site_number)]
Furnace = Annotated[str, AfterValidator(known_furnace)]
CasNumber = Annotated[str, Field(max_length=12), AfterValidator(right_cas_number)]
Name = Annotated[str, Field(min_length=1, max_length=200)]
Address = Annotated[str, Field(max_length=300)]


class PlantInput(FormInput):
    """What a person may say of a plant."""

    name_zh: Name
    name_en: Name
    address_zh: Address | None = None
    address_en: Address | None = None
    province_code: ProvinceCode
    bpns: SiteNumber | None = None


class ProductCore(FormInput):
    """What forms and the API have in common."""

    plant_id: uuid.UUID
    grade: str = Field(min_length=1, max_length=60)
    name_zh: Name
    name_en: Name
    cas: CasNumber = GRAPHITE_CAS
    furnace: Furnace


class ProductFields(ProductCore):
    """A product as the API takes it."""

    toll_share: float = Field(default=0.0, ge=0, le=1, description="share of graphitization done by toll plants, 0 to 1")


class ProductForm(ProductCore):
    """A product as the form takes it: people write shares in percent."""

    toll_percent: float = Field(default=0.0, ge=0, le=100)

    def as_input(self) -> ProductFields:
        """Return the same with the share as a number from 0 to 1."""
        return ProductFields(**self.model_dump(exclude={"toll_percent"}), toll_share=self.toll_percent / 100)


class ShareInput(FormInput):
    """One supplier of one flow; without `share` the period's purchases decide."""

    flow: FlowKey
    supplier_id: uuid.UUID
    share: float | None = Field(default=None, ge=0, le=1)

    def as_share(self) -> InputShare:
        """Return what the rules take."""
        return InputShare(flow=self.flow, supplier_id=self.supplier_id, share=self.share)


class ShareForm(FormInput):
    """One supplier of one flow as the form takes it, in percent."""

    flow: FlowKey
    supplier_id: uuid.UUID
    percent: float | None = Field(default=None, ge=0, le=100)

    def as_share(self) -> InputShare:
        """Return what the rules take, the share as a number from 0 to 1."""
        return InputShare(flow=self.flow, supplier_id=self.supplier_id, share=None if self.percent is None else self.percent / 100)


class ProductionInput(PeriodInput):
    """How much of a product was made in a period."""

    output_t: float = Field(gt=0, le=1e7, description="t")


class ProductWithRecipe(ProductFields):
    """A new product as the API takes it, with its recipe and suppliers."""

    recipe: Mapping[str, float | str] = Field(default_factory=dict)
    inputs: list[ShareInput] = Field(default_factory=list, max_length=200)


class Out(BaseModel):
    """Base of what the API answers."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class ProductOut(Out):
    """A product as every role of the maker may see it."""

    id: uuid.UUID
    grade: str
    name_zh: str
    name_en: str
    plant_id: uuid.UUID
    plant_name_zh: str
    plant_name_en: str
    cas: str
    is_active: bool
    is_sample: bool
    version: int


class ProductDetailOut(ProductOut):
    """A product with its recipe and suppliers, for engineers, reviewers and auditors only."""

    furnace: str
    toll_share: float
    recipe: Mapping[str, float | str]
    inputs: list[ShareInput]
    created_at: datetime


class ProductPage(Out):
    """Some products; ask again with `after=next_after` until it is null."""

    items: list[ProductOut]
    next_after: uuid.UUID | None


class ProductionOut(Out):
    """How much of a product was made in a period, t."""

    id: uuid.UUID
    product_id: uuid.UUID
    period_start: date
    period_end: date
    output_t: float
