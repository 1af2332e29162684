"""What other systems send and get."""

import uuid
from datetime import date, datetime
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from service.certificates.models import CertificateStatus
from service.errors import N_
from service.product_footprints.schemas import DeclaredFootprintOut
from service.suppliers.schemas import FlowKey, PeriodInput
from service.web.forms import FieldErrorInValidator, FormInput

ROWS_MAX = 500


class PurchaseRowIn(PeriodInput):
    """What was bought of one material from one supplier in one period, by the ERP's names; 0 t says that nothing was."""

    supplier_id: uuid.UUID | None = None
    supplier_registration_no: str | None = Field(default=None, max_length=100, description="unified social credit code")
    flow: FlowKey
    amount_t: float = Field(ge=0, le=1e8, description="t")
    price_cny_per_t: float | None = Field(default=None, ge=0, le=1e9, description="yuan per t, without VAT")

    @model_validator(mode="after")
    def one_supplier(self) -> Self:
        """Refuse a row that names no supplier, or names it twice."""
        if (self.supplier_id is None) == (self.supplier_registration_no is None):
            raise FieldErrorInValidator(N_("Name the supplier by supplier_id or by supplier_registration_no, one of the two."))
        return self


class ProductionRowIn(PeriodInput):
    """How much of a product was made in one period, by the MES's names."""

    product_id: uuid.UUID | None = None
    grade: str | None = Field(default=None, max_length=60)
    output_t: float = Field(gt=0, le=1e7, description="t")

    @model_validator(mode="after")
    def one_product(self) -> Self:
        """Refuse a row that names no product, or names it twice."""
        if (self.product_id is None) == (self.grade is None):
            raise FieldErrorInValidator(N_("Name the product by product_id or by grade, one of the two."))
        return self


class RowsIn(FormInput):
    """One row or many; each is checked by itself, so that one bad row does not hold up the others."""

    rows: list[dict[str, Any]] = Field(min_length=1, max_length=ROWS_MAX)


class Out(BaseModel):
    """Base of what is answered."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class RowProblem(Out):
    """What is wrong with one field of a row; an empty field stands for the whole row."""

    field: str
    detail: str


class RowOut(Out):
    """What became of one row; `index` counts from zero in the order sent."""

    index: int
    status: Literal["recorded", "changed", "unchanged", "refused"]
    id: uuid.UUID | None
    problems: list[RowProblem]


class RowsOut(Out):
    """What became of all rows, in the order sent."""

    rows: list[RowOut]


class FootprintsOut(Out):
    """Declared footprints; `next_after` is the `after` of the next page."""

    items: list[DeclaredFootprintOut]
    next_after: uuid.UUID | None


class SystemCertificateOut(Out):
    """An issued certificate."""

    id: uuid.UUID
    number: str
    revision: int
    status: CertificateStatus
    customer_id: uuid.UUID
    customer_part_no: str | None
    product_footprint_id: uuid.UUID | None
    valid_from: date
    valid_until: date
    issued_at: datetime
    pdf_sha256: str | None
    verify_url: str


class CertificatesOut(Out):
    """Certificates, the newest first; `next_after` is the `after` of the next page."""

    items: list[SystemCertificateOut]
    next_after: uuid.UUID | None
