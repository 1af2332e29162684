"""What people may say of a supplier's certificates, records, exclusions and papers."""

import uuid
from datetime import date
from typing import Literal

from pydantic import Field, ValidationInfo, field_validator

from service.compliance.models import CertificateKind, Proof, RecordArea, VetoKind, Violation
from service.errors import N_
from service.web.forms import FieldErrorInValidator, FormInput

LONGEST_VALIDITY_YEARS = 10
SeenProof = Literal[Proof.DOCUMENT, Proof.METERED, Proof.VERIFIED]
"""What somebody of the maker has looked at; a mere claim is no certificate."""
Level = Literal["self_check", "desk_audit", "limited", "reasonable"]


class CertificateText(FormInput):
    """What stands on a certificate."""

    kind: CertificateKind
    number: str = Field(min_length=1, max_length=80)
    issuer: str = Field(min_length=1, max_length=200)
    issued_on: date
    valid_until: date

    @field_validator("valid_until")
    @classmethod
    def after_issue(cls, end: date, earlier: ValidationInfo) -> date:
        """Refuse an end before the beginning, and one so late that the year is mistyped."""
        issued = earlier.data.get("issued_on")
        if issued is not None and end <= issued:
            raise FieldErrorInValidator(
                N_("Valid until %(end)s, not after its issue on %(issued)s; check both dates."), end=end, issued=issued
            )
        if issued is not None and end.year - issued.year > LONGEST_VALIDITY_YEARS:
            raise FieldErrorInValidator(
                N_("Valid until %(end)s is more than %(years)s years after its issue on %(issued)s; check the year."),
                end=end,
                issued=issued,
                years=LONGEST_VALIDITY_YEARS,
            )
        return end


class CertificateInput(CertificateText):
    """A certificate that somebody of the maker has looked at."""

    level: Level | None = None
    covers_site: bool = False
    is_contract_only: bool = False
    proof: SeenProof
    evidence: str = Field(min_length=3, max_length=500)
    checked_on: date | None = None


class CertificateClaim(CertificateText):
    """A certificate that a supplier tells of; it counts once somebody of the maker has looked at it."""

    level: Level | None = None
    evidence: str = Field(min_length=3, max_length=500)


class ListedCertificate(CertificateInput):
    """A certificate in a sheet of many suppliers."""

    supplier_id: uuid.UUID


class RecordInput(FormInput):
    """A violation found in a public register."""

    area: RecordArea
    violation: Violation
    happened_on: date
    description: str = Field(min_length=3, max_length=1000)
    source: str = Field(min_length=3, max_length=500)


class RemedyInput(FormInput):
    """How a violation was put right."""

    remedied_on: date
    remedy: str = Field(min_length=3, max_length=1000)


class SearchInput(FormInput):
    """A look into public registers."""

    area: RecordArea
    searched_on: date
    source: str = Field(min_length=3, max_length=500)


class VetoInput(FormInput):
    """Why a supplier is excluded."""

    kind: VetoKind
    since: date
    reason: str = Field(min_length=3, max_length=1000)
    evidence: str = Field(min_length=3, max_length=500)


class ClearingInput(FormInput):
    """What shows that the reason of an exclusion is gone."""

    evidence: str = Field(min_length=3, max_length=1000)


class DeclarationInput(FormInput):
    """A level or a number that papers show for one indicator."""

    indicator: str = Field(min_length=2, max_length=4)
    level: str | None = Field(default=None, max_length=20)
    number: float | None = Field(default=None, ge=0)
    proof: Proof
    evidence: str = Field(min_length=3, max_length=500)
    period_end: date


class WithdrawalInput(FormInput):
    """Why something recorded no longer counts."""

    reason: str = Field(min_length=3, max_length=500)


class CertificateFilter(FormInput):
    """What the address of the list of certificates may hold."""

    supplier_id: uuid.UUID | None = None
    kind: CertificateKind | None = None
    state: Literal["valid", "expiring", "expired", "told"] | None = None
    mine: bool = False
