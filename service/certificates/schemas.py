import uuid
from datetime import date, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from service.certificates.rules import Standing
from service.errors import N_
from service.pdf.fonts import missing_characters
from service.web.forms import FieldErrorInValidator, FormInput


def printable(text: str) -> str:
    """Refuse characters that the certificate's typeface can't draw: they would print as empty boxes."""
    if missing := missing_characters(text):
        raise FieldErrorInValidator(
            N_("The certificate's typeface has no sign for %(characters)s; write it differently."),
            characters=" ".join(f"“{one}” (U+{ord(one):04X})" for one in missing[:5]),
        )
    return text


PrintableText = Annotated[str, AfterValidator(printable)]


class CustomerInput(FormInput):
    """What a person may say of a customer."""

    name_zh: PrintableText = Field(min_length=1, max_length=200)
    name_en: PrintableText = Field(min_length=1, max_length=200)
    registration_no: PrintableText | None = Field(default=None, max_length=40)


class IssueInput(FormInput):
    """What sales chooses for a new certificate; without `valid_until` it holds as long as it may."""

    footprint_id: uuid.UUID
    customer_id: uuid.UUID
    part_no: PrintableText | None = Field(default=None, max_length=80)
    valid_until: date | None = None


class SupersedeInput(FormInput):
    """What sales chooses for a later revision; the customer stays."""

    footprint_id: uuid.UUID
    part_no: PrintableText | None = Field(default=None, max_length=80)
    valid_until: date | None = None
    version: int


class WithdrawInput(FormInput):
    """Why a certificate no longer holds, as its readers will see it."""

    reason: str = Field(min_length=5, max_length=500)
    version: int


class CertificateSearch(FormInput):
    """What the address of the certificate list may hold."""

    q: str | None = Field(default=None, max_length=100)
    standing: Standing | None = None
    customer_id: uuid.UUID | None = None
    footprint_id: uuid.UUID | None = None
    after: uuid.UUID | None = None
    before: uuid.UUID | None = None


class CertificateOut(BaseModel):
    """A certificate as programs of the maker see it."""

    id: uuid.UUID
    number: str
    revision: int
    public_id: str
    verify_url: str
    standing: Standing
    version: int
    footprint_id: uuid.UUID
    customer_id: uuid.UUID
    customer_name_zh: str
    customer_name_en: str
    grade: str
    part_no: str | None
    valid_from: date
    valid_until: date
    pdf_sha256: str | None
    snapshot_sha256: str
    issued_at: datetime


class CertificateList(BaseModel):
    """Some certificates, newest first; ask again with `after=next_after` until it is null."""

    items: list[CertificateOut]
    next_after: uuid.UUID | None


class VerificationOut(BaseModel):
    """What anybody who holds a certificate may check."""

    number: str
    revision: int
    standing: Standing
    issuer_zh: str
    issuer_en: str
    product_zh: str
    product_en: str
    grade: str
    valid_from: date
    valid_until: date
    withdrawn_on: date | None
    withdrawn_reason: str | None
    pdf_sha256: str
    snapshot_sha256: str
    signing_key_id: str
    successor_number: str | None
    successor_url: str | None
    is_sample: bool
